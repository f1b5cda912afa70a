"""Orders of the ERP ride on their customer's supply thread of the year, which opens by itself (SPEC 2.3)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.channels.erp.customers import customer_called
from hilo.channels.erp.deliveries import look_at_deliveries
from hilo.channels.erp.grouping import Group
from hilo.channels.erp.references import NOTHING, Mark, claim, keep, short
from hilo.channels.erp.rows import OrderRow
from hilo.channels.erp.terms import NotYet, Terms
from hilo.errors import RuleViolation
from hilo.parties.models import Customer
from hilo.parties.queries.customers import customer_family_ids
from hilo.work.commands.archiving import reopen_thread
from hilo.work.commands.order_feed import revise_order
from hilo.work.commands.orders import LineText, cancel_order, place_order
from hilo.work.commands.threads import open_thread
from hilo.work.models import Order, Thread

MOST_TEXT = 300


def order_mark(group: Group[OrderRow]) -> Mark:
    return Mark(short(group.digest), group.changed_at)


def take_order(group: Group[OrderRow], terms: Terms) -> bool:
    """False when it is from before Hilo followed, or was cancelled before it came: nothing is made of it."""
    ref, mark = claim(terms, "order", group.key), order_mark(group)
    if ref.object_id != NOTHING:
        if not mark.changes_nothing(Mark.read(ref.row_digest)):
            order = Order.objects.select_related("thread__customer", "work_item").get(pk=ref.object_id)
            _follow(order, group, terms)
            keep(ref, order.pk, mark, terms.now)
        return True
    head = group.rows[0]
    if terms.is_before(head.ordered_at) or all(row.cancelled for row in group.rows):
        keep(ref, NOTHING, mark, terms.now)
        return False
    order = _placed(group, terms)
    _name_lines(order, group, terms)
    keep(ref, order.pk, mark, terms.now)
    look_at_deliveries(order, terms)
    return True


def _placed(group: Group[OrderRow], terms: Terms) -> Order:
    head = group.rows[0]
    thread = _supply_thread(customer_called(head.customer, terms), head.ordered_at, terms)
    return place_order(
        thread,
        text=_text(group),
        lines=_lines(group, terms),
        customer_reference=head.reference,
        number=group.key,
        placed_at=head.ordered_at,
        by=terms.by,
        now=terms.now,
    )


def _lines(group: Group[OrderRow], terms: Terms) -> list[LineText]:
    return [
        LineText(
            text=row.text,
            quantity=row.quantity,
            unit=row.unit,
            amount=row.amount,
            currency=row.currency or terms.mapping.currency,
            position=row.line,
        )
        for row in sorted(group.rows, key=lambda row: row.line)
    ]


def _text(group: Group[OrderRow]) -> str:
    """In one line: its first one, and how many more."""
    rows = sorted(group.rows, key=lambda row: row.line)
    more = len(rows) - 1
    first = rows[0].text[: MOST_TEXT - 20]
    return _("%(line)s and %(count)s more") % {"line": first, "count": more} if more else first


def _name_lines(order: Order, group: Group[OrderRow], terms: Terms) -> None:
    """So that deliveries and invoices find them by the ERP's number."""
    ids = dict(order.lines.values_list("position", "pk"))
    for row in group.rows:
        ref = claim(terms, "order_line", line_id(group.key, row.line))
        if ref.object_id != ids[row.line]:
            keep(ref, ids[row.line], Mark(""), terms.now)


def line_id(order: str, line: int) -> str:
    return f"{order}#{line}"


def _follow(order: Order, group: Group[OrderRow], terms: Terms) -> None:
    if customer_called(group.rows[0].customer, terms).pk not in customer_family_ids(order.thread.customer):
        raise RuleViolation(
            _("This order was another customer's: cancel it in the ERP and place a new one."),
            field="customer",
        )
    if order.state == Order.State.CANCELLED:
        return
    revise_order(
        order,
        text=_text(group) if len(group.rows) >= order.lines.count() else None,
        customer_reference=group.rows[0].reference,
        lines=_lines(group, terms),
        by=terms.by,
        now=terms.now,
    )
    _name_lines(order, group, terms)
    _cancel_if_said(order, group, terms)
    look_at_deliveries(order, terms)


def _cancel_if_said(order: Order, group: Group[OrderRow], terms: Terms) -> None:
    if all(row.cancelled for row in group.rows) and order.state == Order.State.OPEN:
        why = _("The ERP says that it was cancelled.")
        cancel_order(order, reason=why, seen=order.version, by=terms.by, now=terms.now)


def _supply_thread(customer: Customer, ordered_at: datetime, terms: Terms) -> Thread:
    """Of the year of the order. One in the archive is taken out again; one that is paused makes it wait."""
    year = ordered_at.astimezone(terms.mapping.zone).year
    of_year = Thread.objects.filter(
        customer__in=customer_family_ids(customer), kind=Thread.Kind.SUPPLY, year=year
    )
    thread = of_year.order_by("archived_at", "pk").first()
    if thread is None:
        return open_thread(
            customer=customer,
            title=_("Supply %(year)s") % {"year": year},
            kind=Thread.Kind.SUPPLY,
            owner=customer.keeper,
            year=year,
            by=terms.by,
            now=terms.now,
        )
    if thread.state == Thread.State.PAUSED:
        raise NotYet("thread", str(thread.pk))
    if thread.state == Thread.State.ARCHIVED:
        reason = _("The ERP brought another order of that year.")
        reopen_thread(thread, reason=reason, seen=thread.version, by=terms.by, now=terms.now)
    return thread
