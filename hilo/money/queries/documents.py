"""The invoices behind a thread or a customer, with their lines: those still owed first, then the latest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from hilo.money.models import Invoice, InvoiceLine
from hilo.money.queries.behind import invoices_on
from hilo.parties.actor import Actor
from hilo.parties.days import local_day
from hilo.quality.models import CaseLink
from hilo.work.access import threads_visible_to

MOST = 8


@dataclass(frozen=True, slots=True)
class Billed:
    """One line. ``is_disputed``: an open case is about it."""

    text: str
    amount: Decimal
    order: str
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Document:
    invoice: Invoice
    left: Decimal
    is_late: bool
    lines: tuple[Billed, ...]

    @property
    def is_disputed(self) -> bool:
        return any(line.is_disputed for line in self.lines)


@dataclass(frozen=True, slots=True)
class Documents:
    """``more``: how many there are besides those shown."""

    shown: tuple[Document, ...] = ()
    more: int = 0


def documents_of_thread(thread_id: int, actor: Actor, now: datetime) -> Documents:
    """Those with a line on the thread, by their orders or as a whole."""
    invoices = invoices_on([thread_id]) if actor.sees_money else set()
    if not invoices:
        return Documents()
    return _documents(_lines(actor).filter(on_thread=thread_id, invoice__in=invoices), actor, now)


def documents_of_customers(customer_ids: Collection[int], actor: Actor, now: datetime) -> Documents:
    return _documents(_lines(actor).filter(invoice__customer__in=customer_ids), actor, now)


def _lines(actor: Actor) -> QuerySet[Any]:
    """None for whom money is not shown to; none of somebody else's confidential thread."""
    if not actor.sees_money:
        return InvoiceLine.objects.none().annotate(on_thread=Value(0, output_field=IntegerField()))
    lines = InvoiceLine.objects.annotate(on_thread=Coalesce("order_line__order__thread", "invoice__thread"))
    seen = Q(on_thread__isnull=True) | Q(on_thread__in=threads_visible_to(actor).values("pk"))
    return lines.filter(seen)


def _documents(lines: QuerySet[Any], actor: Actor, now: datetime) -> Documents:
    invoices = Invoice.objects.filter(pk__in=lines.order_by().values("invoice"))
    owed_first = Case(When(state=Invoice.State.ISSUED, then=0), default=1, output_field=IntegerField())
    shown = list(invoices.order_by(owed_first, "-issued_on", "-pk")[:MOST])
    count = invoices.aggregate(n=Count("pk"))["n"] if len(shown) == MOST else len(shown)
    theirs = _by_invoice(lines.filter(invoice__in=shown)) if shown else {}
    today = local_day(now, actor.person.zone if actor.person else "UTC")
    found = tuple(_document(each, theirs.get(each.pk, ()), today) for each in shown)
    return Documents(found, count - len(found))


def _document(invoice: Invoice, lines: tuple[Billed, ...], today: date) -> Document:
    left = invoice.total - invoice.paid if invoice.state == Invoice.State.ISSUED else Decimal(0)
    is_late = left > 0 and invoice.due_on is not None and invoice.due_on < today
    return Document(invoice, left, is_late, lines)


def _by_invoice(lines: QuerySet[Any]) -> dict[int, tuple[Billed, ...]]:
    rows = list(lines.select_related("order_line__order").order_by("invoice", "position"))
    disputed = _disputed(rows)
    found: dict[int, tuple[Billed, ...]] = {}
    for row in rows:
        order = row.order_line.order.number if row.order_line else ""
        billed = Billed(row.text, row.amount, order, row.pk in disputed)
        found[row.invoice_id] = (*found.get(row.invoice_id, ()), billed)
    return found


def _disputed(rows: list[InvoiceLine]) -> set[int]:
    about: dict[tuple[str, int], set[int]] = {}
    for row in rows:
        things = {"invoice_line": row.pk, "invoice": row.invoice_id}
        if row.order_line is not None:
            things |= {"order_line": row.order_line.pk, "order": row.order_line.order_id}
        for kind, number in things.items():
            about.setdefault((kind, number), set()).add(row.pk)
    links = CaseLink.objects.filter(
        type__in=["invoice_line", "invoice", "order_line", "order"],
        object_id__in={number for _kind, number in about},
        qualifier=CaseLink.As.ABOUT,
    )
    named = links.exclude(case__stage="closed").values_list("type", "object_id")
    return {pk for pair in named for pk in about.get(pair, ())}
