"""*Hilos*: how many are open, which fray, and the list by consequence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.web.base.saying import said_money
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.lists.forms import Chip, Narrowing
from hilo.web.lists.rows import rows_of
from hilo.work.models import Thread
from hilo.work.queries.thread_list import (
    ListOrder,
    ListView,
    MoneyBehind,
    Narrowed,
    counts_of_views,
    money_behind,
    threads_listed,
)

ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A view or an order one may switch to: where it leads, and whether it is the one that shows."""

    url: str
    label: str
    is_current: bool
    count: int = 0


def thread_list(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    view = _chosen(ListView, request.GET.get("view"), ListView.OPEN)
    order = _chosen(ListOrder, request.GET.get("order"), ListOrder.CONSEQUENCE)
    narrowing = Narrowing(request.GET, actor=actor)
    narrowed = narrowing.narrowed()
    counts = counts_of_views(actor, now=now)
    page = _page(request, actor, view=view, narrowed=narrowed, order=order, now=now)
    facts = {
        "now": now,
        "view": view.value,
        "order": order.value,
        "counts": {each.value: counts[each] for each in ListView},
        "behind": _said_money(money_behind(actor, now=now)),
        "views": _views(request.GET, counts, view),
        "orders": _orders(request.GET, order, actor),
        "narrowing": narrowing,
        "chips": [(chip, _without(request.GET, chip)) for chip in narrowing.chips()],
        "page": page,
        "rows": rows_of(list(page.object_list), actor, now=now),
        "sees_money": actor.sees_money,
        "may_open": may(actor, "thread.open"),
        "is_empty_company": not any(counts.values()),
        "ignores_owner": view is ListView.ARCHIVED and narrowed.owner_id is not None,
    }
    return render(request, "web_lists/threads.html", facts)


def _page(
    request: HttpRequest, actor: Actor, *, view: ListView, narrowed: Narrowed, order: ListOrder, now: datetime
) -> Page[Thread]:
    threads = threads_listed(actor, view=view, narrowed=narrowed, order=order, now=now)
    return Paginator(threads, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def _chosen[E: (ListView, ListOrder)](kind: type[E], given: str | None, default: E) -> E:
    return next((each for each in kind if each.value == given), default)


def _views(query: QueryDict, counts: dict[ListView, int], current: ListView) -> list[Choice]:
    labels = {
        ListView.OPEN: _("All open"),
        ListView.MINE: _("Mine"),
        ListView.MY_TURN: _("My turn"),
        ListView.FRAYED: _("Fraying"),
        ListView.SILENT: _("Without news"),
        ListView.PAUSED: _("Paused ones"),
        ListView.ARCHIVED: _("Archived ones"),
    }
    return [
        Choice(_with(query, view=view.value), label, view is current, counts[view])
        for view, label in labels.items()
    ]


def _orders(query: QueryDict, current: ListOrder, actor: Actor) -> list[Choice]:
    labels = {
        ListOrder.CONSEQUENCE: _("By consequence"),
        ListOrder.DUE: _("By next due date"),
        ListOrder.AGE: _("Oldest first"),
    }
    if actor.sees_money:
        labels[ListOrder.AMOUNT] = _("By money")
    return [
        Choice(_with(query, order=order.value), label, order is current) for order, label in labels.items()
    ]


def _with(query: QueryDict, **changed: str) -> str:
    """The address with these parameters, from its first page again."""
    copy = query.copy()
    copy.pop("page", None)
    for name, value in changed.items():
        copy[name] = value
    return f"?{copy.urlencode()}"


def _without(query: QueryDict, chip: Chip) -> str:
    copy = query.copy()
    copy.pop("page", None)
    copy.pop(chip.parameter, None)
    return f"?{copy.urlencode()}"


@dataclass(frozen=True, slots=True)
class SaidMoney:
    open: str
    frayed: str


def _said_money(behind: list[MoneyBehind]) -> SaidMoney | None:
    """Each currency by itself: amounts of two currencies are never added up."""
    if not behind:
        return None
    language = get_language() or "es"
    all_open = " + ".join(said_money(each.open, each.currency, language) for each in behind)
    frayed = [said_money(each.frayed, each.currency, language) for each in behind if each.frayed]
    return SaidMoney(all_open, " + ".join(frayed))
