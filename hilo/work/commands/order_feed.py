"""What another system goes on telling of an order: other lines, and what of it was delivered when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record
from hilo.parties.actor import Actor
from hilo.work.access import require_on
from hilo.work.commands.conversation import said_moment
from hilo.work.commands.deliverables import deliver_together
from hilo.work.commands.orders import LineText, create_line, delivery_date, place_of_order, plan_delivery
from hilo.work.commands.step_runs import end_delivered
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.contradictions import look_for_contradictions
from hilo.work.events.deliveries import DeliverableRedated, OrderChanged
from hilo.work.events.place import place_of
from hilo.work.models import Deliverable, Order, OrderLine
from hilo.work.settling import settle
from hilo.work.sides import open_to_work
from hilo.work.texts import line

_AWAITED = (Deliverable.State.PLANNED, Deliverable.State.REFUSED)
_HAS_IT = (Deliverable.State.DELIVERED, Deliverable.State.ACCEPTED, Deliverable.State.TACIT)


@command(may_do_nothing=True)
def revise_order(
    order: Order,
    *,
    text: str | None = None,
    customer_reference: str | None = None,
    lines: Iterable[LineText] = (),
    by: Actor,
    now: datetime,
) -> None:
    """Change what differs and add the lines that are new, by position; a line left out stays as it is."""
    thread = order.thread
    require_on(by, "thread.work", thread)
    order.refresh_from_db()
    if order.state == Order.State.CANCELLED:
        raise RuleViolation(_("This order was cancelled. Place a new one."))
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    fields = _change_words(order, {"text": text, "customer_reference": customer_reference})
    changed = _change_lines(order, list(lines), by=by, now=now)
    if fields or changed:
        record(OrderChanged(**place_of_order(order), fields=fields, lines=changed), by=by, now=now)
        look_for_contradictions(thread, by=by, now=now)
        settle(thread, now=now)


def _change_words(order: Order, given: Mapping[str, str | None]) -> tuple[str, ...]:
    most = {"text": 300, "customer_reference": 80}
    said = {name: line(text, field=name, most=most[name]) for name, text in given.items() if text}
    wanted: dict[str, Any] = {name: text for name, text in said.items() if text != getattr(order, name)}
    if wanted:
        move(order, only_if={}, refused="", **wanted)
    return tuple(sorted(wanted))


def _change_lines(order: Order, given: list[LineText], *, by: Actor, now: datetime) -> tuple[int, ...]:
    here = {each.position: each for each in order.lines.all()}
    runs = order.work_item.step_runs.select_related("step").exclude(state="skipped")
    changed = []
    for each in given:
        row = here.get(each.position or 0)
        if row is None:
            row = create_line(order, each, max(here, default=0) + 1)
            here[row.position] = row
            plan_delivery(order, row, delivery_date(runs), by=by, now=now)
            changed.append(row.position)
        elif _change_line(row, each):
            changed.append(row.position)
    return tuple(changed)


def _change_line(row: OrderLine, given: LineText) -> bool:
    wanted = {
        "text": line(given.text, field="lines"),
        "quantity": given.quantity,
        "unit": given.unit,
        "amount": given.amount,
        "currency": given.currency or row.currency,
    }
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    OrderLine.objects.filter(pk=row.pk).update(**different) if different else None
    return bool(different)


@command(may_do_nothing=True)
def note_delivery(order: Order, *, delivered: Mapping[int, datetime], by: Actor, now: datetime) -> None:
    """What the customer has by now: the moment of each line, by its id.

    What was awaited is delivered and told to the customer, together by day; of what they have already, only
    a wrong moment is put right. With the last line the delivering step ends (``end_delivered``).
    """
    thread = open_to_work(order.thread_id)
    require_on(by, "thread.work", thread)
    things = list(order.deliverables.filter(order_line__in=delivered).select_related("order", "thread"))
    together: dict[datetime, list[Deliverable]] = defaultdict(list)
    for each in things:
        moment = said_moment(delivered[each.order_line_id or 0], now)
        if each.state in _AWAITED:
            together[moment].append(each)
        elif each.state in _HAS_IT and each.delivered_at != moment:
            _redate(each, moment, by=by, now=now)
    for moment in sorted(together):
        deliver_together(together[moment], delivered_at=moment, by=by, now=now)
    if together and not order.deliverables.filter(state__in=_AWAITED).exists():
        last = order.deliverables.filter(state__in=_HAS_IT).order_by("-delivered_at").first()
        end_delivered(order.work_item, at=(last.delivered_at if last else None) or now, by=by, now=now)
    settle(thread, now=now)


def _redate(deliverable: Deliverable, moment: datetime, *, by: Actor, now: datetime) -> None:
    old = deliverable.delivered_at
    assert old is not None  # the customer has it
    Deliverable.objects.filter(pk=deliverable.pk).update(delivered_at=moment, version=F("version") + 1)
    place = place_of(
        "deliverable",
        deliverable.pk,
        deliverable.thread,
        related=(Related("order", deliverable.order_id, "of"),) if deliverable.order_id else (),
    )
    record(DeliverableRedated(**place, old=old, new=moment), by=by, now=now)
