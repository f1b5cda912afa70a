"""The money on one thread, for its page: the invoices, their lines and the figures, in one query.

Whether there is any the page knows already: the ids come with all else that hangs on the thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from hilo.money.models import Invoice, InvoiceLine, Rate
from hilo.money.queries.behind import (
    SUMS,
    UNPAID,
    Book,
    MoneyBehind,
    Sold,
    counted,
    lines_on_threads,
    owed_line,
    sums_by_day,
    today_of,
    unpaid,
    year_before,
)
from hilo.money.queries.documents import BILLED, MOST, Documents, billed, in_order, owed_first, told
from hilo.money.queries.rates import Rates
from hilo.parties.actor import Actor
from hilo.work.models import Thread
from hilo.work.queries.thread_page import ThreadPage, beside
from hilo.work.queries.together import Columns, Part, Together


@dataclass(frozen=True, slots=True)
class MoneyOnThread:
    behind: MoneyBehind
    documents: Documents


@beside("invoices of it")
def _as_a_whole(thread: Thread, actor: Actor) -> Part:
    return _ids(Invoice.objects.filter(thread=thread.pk), actor)


@beside("invoices of its orders")
def _by_their_lines(thread: Thread, actor: Actor) -> Part:
    lines = InvoiceLine.objects.filter(order_line__order__thread=thread.pk)
    return _ids(Invoice.objects.filter(pk__in=lines.values("invoice")), actor)


def _ids(invoices: QuerySet[Invoice], actor: Actor) -> Part:
    return Columns(invoices if actor.sees_money else invoices.none(), {"pk": None})


def money_on_thread(page: ThreadPage, actor: Actor) -> MoneyOnThread | None:
    """None where nothing was ever invoiced, and for whom money is not shown to."""
    invoices = {pk for name in ("invoices of it", "invoices of its orders") for (pk,) in page.beside[name]}
    if not invoices:
        return None
    today, currency = today_of(actor, page.now), page.policy.currency
    found = _rows(
        thread=page.thread.pk,
        invoices=invoices,
        today=today,
        year_ago=year_before(today),
        reporting=currency,
    )
    billed_on, shown, lines, sums, owed, rates = found
    if not billed_on:
        return None
    documents = told(in_order(shown), lines, count=len(billed_on), today=today)
    return MoneyOnThread(_behind(page.thread.pk, sums, owed, Rates(currency, rates), today), documents)


def _behind(thread_id: int, sums: list[Any], owed: list[Any], rates: Rates, today: date) -> MoneyBehind:
    book = Book(today)
    book.open_page(thread_id)
    for row in sums:
        book.sold(thread_id, Sold(*row))
    for row in owed:
        book.owed(thread_id, owed_line(row))
    return book.settled(rates)[thread_id]


def _parts(*, thread: int, invoices: set[int], today: date, year_ago: date, reporting: str) -> list[Part]:
    lines = lines_on_threads().filter(on_thread=thread, invoice__in=invoices).order_by()
    billed_on = Invoice.objects.filter(pk__in=lines.values("invoice"))
    shown = owed_first(billed_on).values("pk")[:MOST]
    foreign = Invoice.objects.filter(pk__in=invoices).exclude(currency=reporting)
    sums = sums_by_day(counted(lines), "on_thread", after=year_ago, until=today)
    return [
        Columns(billed_on, {"pk": None}),
        Invoice.objects.filter(pk__in=shown),
        Columns(billed(lines.filter(invoice__in=shown)), BILLED),
        Columns(sums, {"on_thread": None, **SUMS}),
        Columns(unpaid(counted(lines)), UNPAID),
        Rate.objects.filter(currency__in=foreign.values("currency")),
    ]


_rows = Together(_parts)
