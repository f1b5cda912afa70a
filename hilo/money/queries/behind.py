"""The money behind customers, threads and cases, for those who see money (SPEC 8.1).

Everything is counted from invoice lines, so that what is on two threads is counted once on each side: a line
stands on the thread of its order, else on its invoice's. What an invoice is still owed is shared among its
lines by their amounts. An amount in another currency is worth what it was on the day of its invoice.

``year``: invoiced in the twelve months up to today (lines, so without taxes that only the total has).
``open``: invoiced and not paid. ``at_risk``: of the open, what is past due or stands on a line that an open
case is about. Lines on somebody else's confidential thread are in no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hilo.money.models import Invoice, InvoiceLine
from hilo.money.queries.rates import Rates
from hilo.parties.actor import Actor
from hilo.parties.days import local_day
from hilo.parties.models import Customer
from hilo.parties.permissions import may
from hilo.parties.queries.company import policy
from hilo.prepared import Prepared
from hilo.quality.models import Case, CaseLink, CaseThread
from hilo.work.access import threads_visible_to
from hilo.work.queries.customer_standing import with_aliases
from hilo.work.queries.together import as_amount, as_day

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBehind:
    """In ``currency``, the company's reporting one. Amounts in ``unknown_rates`` are in no figure."""

    at_risk: Decimal
    year: Decimal
    open: Decimal
    currency: str
    unknown_rates: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.at_risk or self.year or self.open or self.unknown_rates)


def money_behind_customers(ids: Iterable[int], actor: Actor, now: datetime) -> dict[int, MoneyBehind]:
    """By id: of the customer that stands for each today, with all that was merged into it.

    Empty for whom money is not shown to.
    """
    if not actor.sees_money or not may(actor, "customer.see"):
        return {}
    survivors = _survivors(ids)
    family = with_aliases(set(survivors.values()))
    lines = _lines(actor).filter(invoice__customer__in=family)
    book = Book(today_of(actor, now))
    for customer_id in set(family.values()):
        book.open_page(customer_id)
    for sold in _sold(lines, "invoice__customer", book.today):
        book.sold(family[sold.key], sold)
    for owed in _owed(lines):
        book.owed(family[owed.customer_id], owed)
    found = book.settled()
    return {pk: found[survivor] for pk, survivor in survivors.items()}


def _survivors(ids: Iterable[int]) -> dict[int, int]:
    """A query for each link of the longest chain of merges; one when nothing was merged."""
    standing = {pk: pk for pk in ids}
    while True:
        rows = Customer.objects.filter(pk__in=set(standing.values()), merged_into__isnull=False)
        into = dict(rows.values_list("pk", "merged_into"))
        if not into:
            return standing
        standing = {pk: into.get(now, now) or now for pk, now in standing.items()}


def _invoices_of(*, threads: Collection[int]) -> QuerySet[Any, Any]:
    """Looked up from both sides: of ``on_thread``, which is reckoned, no database keeps an index."""
    whole = Invoice.objects.filter(thread__in=threads).order_by().values_list("pk", flat=True)
    lines = InvoiceLine.objects.filter(order_line__order__thread__in=threads).order_by()
    return whole.union(lines.values_list("invoice_id", flat=True))


_invoices_on = Prepared(_invoices_of)


def invoices_on(threads: Iterable[int]) -> set[int]:
    """Ids of the invoices with a line on one of the threads; others may be among them."""
    return set(_invoices_on(threads=set(threads)))


def money_behind_threads(ids: Iterable[int], actor: Actor, now: datetime) -> dict[int, MoneyBehind]:
    """By id, of the threads that the actor may see."""
    if not actor.sees_money:
        return {}
    visible = set(threads_visible_to(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))
    lines = _lines(actor).filter(on_thread__in=visible, invoice__in=invoices_on(visible))
    book = Book(today_of(actor, now))
    for thread_id in visible:
        book.open_page(thread_id)
    for sold in _sold(lines, "on_thread", book.today):
        book.sold(sold.key, sold)
    for owed in _owed(lines):
        if owed.thread_id is not None:
            book.owed(owed.thread_id, owed)
    return book.settled()


def money_behind_cases(ids: Iterable[int], actor: Actor, now: datetime) -> dict[int, MoneyBehind]:
    """By id. What a case is about are the lines it links, or failing these those of its threads; ``year`` is
    its customer's, who may be lost over it."""
    if not actor.sees_money:
        return {}
    visible = Case.objects.filter(pk__in=list(ids), thread__in=threads_visible_to(actor))
    customer_of = dict(visible.values_list("pk", "thread__customer"))
    years = money_behind_customers(set(customer_of.values()), actor, now)
    scopes = _scopes(customer_of)
    book = Book(today_of(actor, now))
    for case_id in customer_of:
        book.open_page(case_id)
    for owed in _owed(_lines(actor).filter(_within(scopes.values()))):
        for case_id, scope in scopes.items():
            if scope.holds(owed):
                book.owed(case_id, owed)
    return {
        case_id: _with_year(found, years[customer_of[case_id]]) for case_id, found in book.settled().items()
    }


def _with_year(found: MoneyBehind, of_customer: MoneyBehind) -> MoneyBehind:
    unknown = {*found.unknown_rates, *of_customer.unknown_rates}
    return MoneyBehind(
        at_risk=found.at_risk,
        year=of_customer.year,
        open=found.open,
        currency=found.currency,
        unknown_rates=tuple(sorted(unknown)),
    )


# What is asked of the database ----------------------------------------------------------------------------


class Sold(NamedTuple):
    key: int
    currency: str
    day: date
    amount: Decimal


class Owed(NamedTuple):
    """A line of an unpaid invoice; ``share`` is its part of what is still owed."""

    line_id: int
    invoice_id: int
    order_line_id: int | None
    order_id: int | None
    customer_id: int
    thread_id: int | None
    currency: str
    day: date
    due_on: date | None
    share: Decimal
    is_disputed: bool

    @property
    def things(self) -> set[tuple[str, int | None]]:
        return {
            ("invoice_line", self.line_id),
            ("invoice", self.invoice_id),
            ("order_line", self.order_line_id),
            ("order", self.order_id),
        }


def lines_on_threads() -> QuerySet[Any]:
    return InvoiceLine.objects.annotate(on_thread=Coalesce("order_line__order__thread", "invoice__thread"))


def _lines(actor: Actor) -> QuerySet[Any]:
    seen = Q(on_thread__isnull=True) | Q(on_thread__in=threads_visible_to(actor).values("pk"))
    return counted(lines_on_threads()).filter(seen).order_by()


def counted(lines: QuerySet[Any]) -> QuerySet[Any]:
    return lines.exclude(invoice__state=Invoice.State.CANCELLED)


def _sold(lines: QuerySet[Any], key: str, today: date) -> Iterator[Sold]:
    sums = sums_by_day(lines, key, after=year_before(today), until=today)
    return (Sold(*row) for row in sums.values_list(key, *SUMS))


SUMS = {"invoice__currency": None, "invoice__issued_on": as_day, "amount__sum": as_amount}
"""The columns of ``sums_by_day`` after its key: what ``Sold`` is made of."""


def sums_by_day(lines: QuerySet[Any], key: str, *, after: date, until: date) -> QuerySet[Any]:
    year = lines.filter(invoice__issued_on__gt=after, invoice__issued_on__lte=until)
    rows: QuerySet[Any] = year.values(key, "invoice__currency", "invoice__issued_on").annotate(Sum("amount"))
    return rows


def _owed(lines: QuerySet[Any]) -> Iterator[Owed]:
    return map(owed_line, unpaid(lines).values_list(*UNPAID))


UNPAID = {
    **dict.fromkeys(("pk", "invoice_id", "order_line_id", "order_line__order_id")),
    **dict.fromkeys(("invoice__customer_id", "on_thread", "invoice__currency")),
    **dict.fromkeys(("invoice__issued_on", "invoice__due_on"), as_day),
    **dict.fromkeys(("amount", "invoice__total", "invoice__paid", "all_lines"), as_amount),
    "line_count": None,
    "disputed": bool,
}
"""The columns of ``unpaid`` in the order in which ``owed_line`` takes them."""


def unpaid(lines: QuerySet[Any]) -> QuerySet[Any]:
    whole = InvoiceLine.objects.filter(invoice=OuterRef("invoice")).order_by().values("invoice")
    owed = lines.filter(invoice__state=Invoice.State.ISSUED).exclude(invoice__total=F("invoice__paid"))
    rows: QuerySet[Any] = owed.annotate(
        all_lines=Subquery(whole.annotate(sum=Sum("amount")).values("sum")),
        line_count=Subquery(whole.annotate(count=Count("pk")).values("count")),
        disputed=is_disputed(),
    )
    return rows


def owed_line(row: tuple[Any, ...]) -> Owed:
    *place, amount, total, paid, all_lines, count, disputed = row
    part = amount / all_lines if all_lines else Decimal(1) / count
    return Owed._make((*place, (total - paid) * part, disputed))


_LINKED = {
    "invoice_line": "pk",
    "invoice": "invoice",
    "order_line": "order_line",
    "order": "order_line__order",
}
"""What a case may be about that has lines, with the column of a line that names it."""


def is_disputed() -> Q:
    """Of lines: an open case is about them, their invoice, or what was ordered."""
    found = Q()
    for kind, column in _LINKED.items():
        found |= Q(Exists(_open_links(kind, column)))
    return found


def _open_links(kind: str, column: str) -> QuerySet[CaseLink]:
    about = CaseLink.objects.filter(type=kind, object_id=OuterRef(column), qualifier=CaseLink.As.ABOUT)
    return about.exclude(case__stage="closed")


def year_before(today: date) -> date:
    """29 February began at the 28th."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - 1, day=day)


def today_of(actor: Actor, now: datetime) -> date:
    return local_day(now, actor.person.zone if actor.person else "UTC")


# What a case is about -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Scope:
    linked: set[tuple[str, int]] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)

    def holds(self, owed: Owed) -> bool:
        if self.linked:
            return not self.linked.isdisjoint(owed.things)
        return owed.thread_id in self.threads


def _scopes(case_ids: Collection[int]) -> dict[int, _Scope]:
    scopes: dict[int, _Scope] = {pk: _Scope() for pk in case_ids}
    links = CaseLink.objects.filter(case__in=scopes, type__in=_LINKED, qualifier=CaseLink.As.ABOUT)
    for case_id, kind, number in links.values_list("case", "type", "object_id"):
        scopes[case_id].linked.add((kind, number))
    own = Case.objects.filter(pk__in=scopes).values_list("pk", "thread")
    touched = CaseThread.objects.filter(case__in=scopes).values_list("case", "thread")
    for case_id, thread_id in own.union(touched):
        scopes[case_id].threads.add(thread_id)
    return scopes


def _within(scopes: Collection[_Scope]) -> Q:
    threads = {thread for scope in scopes if not scope.linked for thread in scope.threads}
    found = Q(on_thread__in=threads)
    for kind, column in _LINKED.items():
        ids = {number for scope in scopes for other, number in scope.linked if other == kind}
        found |= Q(**{f"{column}__in": ids})
    return found


# Adding up ------------------------------------------------------------------------------------------------


class _Amount(NamedTuple):
    currency: str
    day: date
    value: Decimal


class Book:
    """Amounts gathered as they are; converted once it is known which rates are needed."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._pages: dict[int, dict[str, list[_Amount]]] = {}

    def open_page(self, key: int) -> None:
        self._pages[key] = defaultdict(list)

    def sold(self, key: int, sold: Sold) -> None:
        self._pages[key]["year"].append(_Amount(sold.currency, sold.day, sold.amount))

    def owed(self, key: int, owed: Owed) -> None:
        amount = _Amount(owed.currency, owed.day, owed.share)
        page = self._pages[key]
        page["open"].append(amount)
        is_late = owed.due_on is not None and owed.due_on < self.today
        if owed.share > 0 and (is_late or owed.is_disputed):
            page["at_risk"].append(amount)

    def settled(self, rates: Rates | None = None) -> dict[int, MoneyBehind]:
        """``rates``: where those of its currencies are at hand."""
        rates = rates or Rates.of(policy().currency, self._currencies())
        return {key: _converted(page, rates) for key, page in self._pages.items()}

    def _currencies(self) -> set[str]:
        return {each.currency for page in self._pages.values() for kind in page.values() for each in kind}


def _converted(page: dict[str, list[_Amount]], rates: Rates) -> MoneyBehind:
    unknown: set[str] = set()

    def total(kind: str) -> Decimal:
        found = Decimal(0)
        for each in page[kind]:
            rate = rates.on(each.currency, each.day)
            if rate is None:
                unknown.add(each.currency)
            else:
                found += each.value * rate
        return found.quantize(_CENT, ROUND_HALF_EVEN)

    at_risk, year, still_open = total("at_risk"), total("year"), total("open")
    return MoneyBehind(
        at_risk=at_risk,
        year=year,
        open=still_open,
        currency=rates.reporting,
        unknown_rates=tuple(sorted(unknown)),
    )
