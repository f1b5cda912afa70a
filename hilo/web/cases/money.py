"""The money behind cases, in figures a row can show; nothing at all for whom money is not shown to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.money.models import Invoice, InvoiceLine
from hilo.money.queries.behind import MoneyBehind, money_behind_cases, money_behind_threads
from hilo.parties.actor import Actor
from hilo.quality.models import Case
from hilo.quality.queries.case_page import CasePage
from hilo.web.base.saying import said_money


@dataclass(frozen=True, slots=True)
class Behind:
    """What a row shows: invoiced and unpaid, or else what the thread is worth."""

    amount: Decimal
    currency: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Purse:
    """``total`` and ``at_risk_said`` count each thread once, however many cases hang on it."""

    by_case: Mapping[int, MoneyBehind] = field(default_factory=dict)
    weights: Mapping[int, Decimal] = field(default_factory=dict)
    total: str = ""
    at_risk_said: str = ""
    is_shown: bool = False

    def of(self, case: Case) -> Behind | None:
        if not self.is_shown:
            return None
        behind, thread = self.by_case.get(case.pk), case.thread
        if behind is not None and behind.open:
            note = _said_at_risk(behind)
            return Behind(behind.open, behind.currency, note)
        return Behind(thread.amount, thread.currency) if thread.amount is not None else None


def purse_of(cases: Sequence[Case], actor: Actor, now: datetime) -> Purse:
    if not actor.sees_money:
        return Purse()
    by_case = money_behind_cases([case.pk for case in cases], actor, now)
    threads = {case.thread_id: case.thread for case in cases}
    by_thread = money_behind_threads(threads, actor, now)
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for pk, thread in threads.items():
        behind = by_thread.get(pk)
        if behind is not None and behind.open:
            sums[behind.currency] += behind.open
        elif thread.amount is not None:
            sums[thread.currency] += thread.amount
    at_risk = sum((each.at_risk for each in by_thread.values()), Decimal(0))
    currency = next((each.currency for each in by_thread.values()), "EUR")
    weights = {case.pk: _weight(case, by_case.get(case.pk)) for case in cases}
    total = " + ".join(_said(amount, unit) for unit, amount in sums.items() if amount)
    risk = _("%(money)s at risk") % {"money": _said(at_risk, currency)} if at_risk else ""
    return Purse(by_case, weights, total, risk, is_shown=True)


def _weight(case: Case, behind: MoneyBehind | None) -> Decimal:
    if behind is not None and behind.open:
        return behind.open
    return case.thread.amount or Decimal(0)


def _said_at_risk(behind: MoneyBehind) -> str:
    if not behind.at_risk:
        return ""
    if behind.at_risk == behind.open:
        return _("at risk")
    return _("%(money)s at risk") % {"money": _said(behind.at_risk, behind.currency)}


def _said(amount: Decimal, currency: str) -> str:
    return said_money(amount, currency, get_language() or "es")


# ---- of one case ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownInvoice:
    """``about``: the lines that this case is about; empty when it is merely unpaid on the same thread."""

    number: str
    total: Decimal
    left: Decimal
    currency: str
    due_on: date | None
    is_late: bool
    about: tuple[str, ...]


def money_of(case: Case, actor: Actor, now: datetime) -> MoneyBehind | None:
    found = money_behind_cases([case.pk], actor, now).get(case.pk)
    return None if found is None or found.is_nothing else found


def invoices_of(page: CasePage, actor: Actor) -> list[ShownInvoice]:
    """Those whose lines the case is about, else what is unpaid on its thread; three at most."""
    if not actor.sees_money:
        return []
    linked = [one.link.object_id for one in page.links if one.link.type == "invoice_line"]
    about = list(InvoiceLine.objects.filter(pk__in=linked).select_related("invoice")) if linked else []
    invoices = list({line.invoice_id: line.invoice for line in about}.values())
    if not invoices:
        unpaid = Invoice.objects.filter(thread=page.case.thread_id, state=Invoice.State.ISSUED)
        invoices = list(unpaid.order_by("due_on", "pk")[:3])
    today = timezone.localtime(page.now).date()
    return [_invoice(each, about, today) for each in invoices[:3]]


def _invoice(invoice: Invoice, about: Sequence[InvoiceLine], today: date) -> ShownInvoice:
    left = invoice.total - invoice.paid
    late = left > 0 and invoice.due_on is not None and invoice.due_on < today
    lines = tuple(line.text for line in about if line.invoice_id == invoice.pk)
    return ShownInvoice(invoice.number, invoice.total, left, invoice.currency, invoice.due_on, late, lines)
