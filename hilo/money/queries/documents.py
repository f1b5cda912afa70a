"""The invoices behind a customer or a thread, with their lines: those still owed first, then the latest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from hilo.money.models import Invoice
from hilo.money.queries.behind import is_disputed, lines_on_threads, today_of
from hilo.parties.actor import Actor
from hilo.work.access import threads_visible_to
from hilo.work.queries.together import as_amount

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


def documents_of_customers(customer_ids: Collection[int], actor: Actor, now: datetime) -> Documents:
    return _documents(_lines(actor).filter(invoice__customer__in=customer_ids), actor, now)


def _lines(actor: Actor) -> QuerySet[Any]:
    """None for whom money is not shown to; none of somebody else's confidential thread."""
    lines = lines_on_threads()
    if not actor.sees_money:
        return lines.none()
    seen = Q(on_thread__isnull=True) | Q(on_thread__in=threads_visible_to(actor).values("pk"))
    return lines.filter(seen)


def _documents(lines: QuerySet[Any], actor: Actor, now: datetime) -> Documents:
    invoices = Invoice.objects.filter(pk__in=lines.order_by().values("invoice"))
    shown = list(owed_first(invoices)[:MOST])
    count = invoices.aggregate(n=Count("pk"))["n"] if len(shown) == MOST else len(shown)
    rows = billed(lines.filter(invoice__in=shown)).values_list(*BILLED) if shown else ()
    return told(shown, rows, count=count, today=today_of(actor, now))


def owed_first(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    rank = Case(When(state=Invoice.State.ISSUED, then=0), default=1, output_field=IntegerField())
    return invoices.order_by(rank, "-issued_on", "-pk")


def in_order(invoices: Iterable[Invoice]) -> list[Invoice]:
    """The same for rows at hand."""
    return sorted(
        invoices,
        key=lambda one: (one.state != Invoice.State.ISSUED, -one.issued_on.toordinal(), -one.pk),
    )


BILLED = {
    **dict.fromkeys(("invoice_id", "position", "text")),
    "amount": as_amount,
    "order_line__order__number": None,
    "disputed": bool,
}
"""The columns of ``billed`` that ``told`` takes."""


def billed(lines: QuerySet[Any]) -> QuerySet[Any]:
    rows: QuerySet[Any] = lines.annotate(disputed=is_disputed())
    return rows


def told(
    invoices: Sequence[Invoice], lines: Iterable[tuple[Any, ...]], *, count: int, today: date
) -> Documents:
    theirs: defaultdict[int, list[Billed]] = defaultdict(list)
    for invoice_id, _position, text, amount, order, disputed in sorted(lines, key=itemgetter(0, 1)):
        theirs[invoice_id].append(Billed(text, amount, order or "", disputed))
    found = tuple(_document(each, tuple(theirs[each.pk]), today) for each in invoices)
    return Documents(found, count - len(found))


def _document(invoice: Invoice, lines: tuple[Billed, ...], today: date) -> Document:
    left = invoice.total - invoice.paid if invoice.state == Invoice.State.ISSUED else Decimal(0)
    is_late = left > 0 and invoice.due_on is not None and invoice.due_on < today
    return Document(invoice, left, is_late, lines)
