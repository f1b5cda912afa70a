"""*Casos*: how many are open, whom we owe news, and the list by what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Customer, Delegation
from hilo.parties.permissions import may
from hilo.parties.queries.company import delegations_visible_to
from hilo.quality.models import Case
from hilo.quality.queries.case_list import (
    CaseFacts,
    CaseListing,
    CaseOrder,
    CaseTally,
    CaseView,
    NarrowedCases,
    cases_listed,
    closed_cases,
    open_cases,
    page_of,
)
from hilo.web.base.hours import said_at, said_length, said_on
from hilo.web.base.words import Status
from hilo.web.cases.money import Behind, Purse, purse_of
from hilo.web.cases.stuck import StuckRow, stuck_rows
from hilo.web.cases.words import (
    CaseTurn,
    ResponseSaid,
    kind_said,
    kinds_said,
    response_shown,
    severity_shown,
    turn_of,
)
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.lists.forms import customers_meant
from hilo.web.lists.standing import customer_shown
from hilo.web.lists.views import Choice
from hilo.web.my_day.grouping import Group, end_of_today, group_of

ROWS_PER_PAGE = 50
MOST_STUCK = 6


class NarrowingCases(forms.Form):
    """Every field optional and forgiving: an address somebody mistyped still shows a list."""

    kind = forms.ChoiceField(choices=Case.Kind.choices, required=False)
    customer = forms.CharField(label=gettext_lazy("Customer"), required=False, max_length=200)
    delegation = forms.ModelChoiceField(
        Delegation.objects.none(), label=gettext_lazy("Delegation"), required=False
    )
    area = forms.ModelChoiceField(Area.objects.none(), label=gettext_lazy("Area"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only those I answer for"), required=False)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        self.actor = actor
        rows = (("delegation", delegations_visible_to(actor)), ("area", Area.objects.filter(ended_on=None)))
        for name, choices in rows:
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.empty_label = choices, _("Any")

    def narrowed(self) -> NarrowedCases:
        self.is_valid()
        given = self.cleaned_data
        named = given.get("customer", "").strip()
        me = self.actor.person
        return NarrowedCases(
            kind=given.get("kind", ""),
            delegation_id=getattr(given.get("delegation"), "pk", None),
            area_id=getattr(given.get("area"), "pk", None),
            customer_ids=customers_meant(self.actor, named) if named else (),
            owner_id=me.pk if me and given.get("mine") else None,
        )

    @property
    def used(self) -> int:
        return sum(bool(self.cleaned_data.get(name)) for name in ("customer", "delegation", "area", "mine"))


@dataclass(frozen=True, slots=True)
class CaseRow:
    facts: CaseFacts
    url: str
    kind: str
    customer: Customer
    severity: Status
    response: ResponseSaid
    turn: CaseTurn
    group: str
    news_note: str
    money: Behind | None

    @property
    def case(self) -> Case:
        return self.facts.case

    @property
    def is_late(self) -> bool:
        return self.group == Group.LATE


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    figure: str
    note: str
    icon: str
    is_late: bool = False
    url: str = ""


def case_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    narrowing = NarrowingCases(request.GET, actor=actor)
    narrowed = narrowing.narrowed()
    order = chosen_order(request.GET.get("order"), actor)
    is_closed = request.GET.get("view") == CaseView.CLOSED
    rows_open = open_cases(actor)
    purse = purse_of(rows_open, actor, now)
    listing = cases_listed(
        rows_open,
        narrowed=narrowed,
        order=order,
        money=purse.weights,
        now=now,
        end_of_today=end_of_today(now),
    )
    page = _closed_page(request, actor, narrowed) if is_closed else _open_page(request, listing)
    rows = _rows(page, listing, purse, actor, now)
    stuck = [] if is_closed else stuck_rows(actor, purse, now)
    facts = {
        "now": now,
        "tally": listing.tally,
        "headline": headline(listing.tally),
        "tiles": [*_tiles(listing.tally, now), *_money_tiles(purse), _stuck_tile(stuck)],
        "stuck": stuck[:MOST_STUCK],
        "more_stuck": max(len(stuck) - MOST_STUCK, 0),
        "kinds": _kinds(request.GET, listing, narrowed.kind),
        "orders": _orders(request.GET, order, actor),
        "narrowing": narrowing,
        "order": order.value,
        "page": page,
        "groups": _grouped(rows, by_news=order is CaseOrder.NEWS and not is_closed),
        "is_closed": is_closed,
        "export_url": f"{reverse('web:cases_export')}{_with(request.GET)}",
        "is_narrowed": bool(narrowed.kind or narrowing.used),
        "sees_money": actor.sees_money,
        "may_open": may(actor, "case.open"),
        "may_work": may(actor, "case.work"),
        "first_late": next((row.case.pk for row in rows if row.is_late), None),
    }
    return render(request, "web_cases/cases.html", facts)


def chosen_order(given: str | None, actor: Actor) -> CaseOrder:
    found = next((each for each in CaseOrder if each.value == given), CaseOrder.NEWS)
    return CaseOrder.NEWS if found is CaseOrder.MONEY and not actor.sees_money else found


def _open_page(request: HttpRequest, listing: CaseListing) -> Page[int]:
    return Paginator(listing.ordered, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def _closed_page(request: HttpRequest, actor: Actor, narrowed: NarrowedCases) -> Page[int]:
    ids = closed_cases(actor, narrowed).values_list("pk", flat=True)
    return Paginator(ids, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def _rows(page: Page[int], listing: CaseListing, purse: Purse, actor: Actor, now: datetime) -> list[CaseRow]:
    ids = list(page.object_list)
    known = listing.clocks if all(pk in listing.clocks for pk in ids) else None
    facts = page_of(ids, known, now=now)
    return [_row(each, purse.of(each.case), actor, now) for each in facts]


def _row(facts: CaseFacts, money: Behind | None, actor: Actor, now: datetime) -> CaseRow:
    case = facts.case
    return CaseRow(
        facts=facts,
        url=reverse("web:case", args=[case.code]),
        kind=kind_said(case),
        customer=customer_shown(case.thread),
        severity=severity_shown(case.severity),
        response=response_shown(facts.clocks, now),
        turn=turn_of(facts, actor, now),
        group=group_of(facts.news_at, now) if facts.news_at else Group.LATER,
        news_note=_news_note(facts.news_at, now),
        money=money,
    )


def _news_note(news_at: datetime | None, now: datetime) -> str:
    """How far off it is, where the hour matters: today, and while it is late."""
    if news_at is None:
        return _("nobody outside knows of it")
    if news_at < now:
        return _("%(time)s ago") % {"time": said_length((now - news_at).total_seconds())}
    if group_of(news_at, now) is Group.TODAY:
        return _("%(time)s left") % {"time": said_length((news_at - now).total_seconds())}
    return ""


def headline(tally: CaseTally) -> str:
    """14 casos abiertos; 2 clientes ya deberían saber de nosotros."""
    if not tally.open:
        return _("No open cases")
    count = ngettext("%(n)d open case", "%(n)d open cases", tally.open) % {"n": tally.open}
    if not tally.late:
        return _("%(count)s, and every customer knows when they hear from us") % {"count": count}
    late = ngettext(
        "in %(n)d the customer should have heard from us already",
        "in %(n)d the customers should have heard from us already",
        tally.late,
    )
    return f"{count}; {late % {'n': tally.late}}"


def _tiles(tally: CaseTally, now: datetime) -> list[Tile]:
    oldest, first = tally.oldest_late, tally.first_today
    return [
        Tile(
            _("News overdue"),
            str(tally.late),
            _("the oldest, since %(day)s") % {"day": _of_day(oldest, now)}
            if oldest
            else _("nobody waits in silence"),
            "bell",
            is_late=bool(tally.late),
        ),
        Tile(
            _("News for today"),
            str(tally.today),
            _("the first, %(when)s") % {"when": said_at(first, now)} if first else _("none is left today"),
            "bell",
        ),
        Tile(
            _("Response at risk"),
            str(tally.at_risk),
            _("two working days left, or fewer"),
            "hourglass",
            url=f"?order={CaseOrder.RESPONSE.value}",
        ),
    ]


def _money_tiles(purse: Purse) -> list[Tile]:
    if not purse.total:
        return []
    note = purse.at_risk_said or _("in the threads these cases hang on")
    return [Tile(_("Money behind"), purse.total, note, "receipt-euro", url=f"?order={CaseOrder.MONEY.value}")]


def _stuck_tile(stuck: Sequence[StuckRow]) -> Tile:
    oldest = stuck[0].topic.working_days if stuck else 0
    note = ngettext("the oldest, %(n)d working day still", "the oldest, %(n)d working days still", oldest)
    said = note % {"n": oldest} if stuck else _("everything moves")
    return Tile(_("Stuck"), str(len(stuck)), said, "anchor", url="#stuck" if stuck else "")


def _of_day(moment: datetime, now: datetime) -> str:
    """de ayer, del jueves: the day without its article in front."""
    return said_on(moment, now).removeprefix("on ")


def _kinds(query: QueryDict, listing: CaseListing, current: str) -> list[Choice]:
    """Only the kinds there are, the most frequent first."""
    everything = sum(listing.by_kind.values())
    chips = [Choice(_with(query, kind=""), _("All"), not current, everything)]
    for kind, count in sorted(listing.by_kind.items(), key=lambda each: (-each[1], each[0])):
        chips.append(Choice(_with(query, kind=kind), kinds_said(kind), kind == current, count))
    return chips


@dataclass(frozen=True, slots=True)
class OrderChoice:
    url: str
    label: str
    icon: str
    is_current: bool


def _orders(query: QueryDict, current: CaseOrder, actor: Actor) -> list[OrderChoice]:
    labels = {
        CaseOrder.NEWS: (_("Next news"), "bell"),
        CaseOrder.RESPONSE: (_("Response"), "hourglass"),
        CaseOrder.SEVERITY: (_("Severity"), "alert-triangle"),
    }
    if actor.sees_money:
        labels[CaseOrder.MONEY] = (_("Money"), "receipt-euro")
    return [
        OrderChoice(_with(query, order=order.value), label, icon, order is current)
        for order, (label, icon) in labels.items()
    ]


def _with(query: QueryDict, **changed: str) -> str:
    """The address with these parameters, from its first page again."""
    copy = query.copy()
    copy.pop("page", None)
    for name, value in changed.items():
        copy[name] = value
    return f"?{copy.urlencode()}"


def _grouped(rows: Sequence[CaseRow], *, by_news: bool) -> list[tuple[str, str, list[CaseRow]]]:
    """Under headings only where the order is that of the headings."""
    if not by_news:
        return [("", "", list(rows))] if rows else []
    labels: dict[Group, Any] = {
        Group.LATE: _("Overdue: tell them now, even if only that we are still on it"),
        Group.TODAY: _("Today"),
        Group.WEEK: _("This week"),
        Group.LATER: _("Later"),
    }
    grouped = ((each, [row for row in rows if row.group == each]) for each in Group)
    return [(each.value, labels[each], found) for each, found in grouped if found]
