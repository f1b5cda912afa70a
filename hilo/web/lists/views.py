"""*Hilos*: how many are open, which fray, and the list by consequence."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.permissions import may
from hilo.web.base.saying import language, said_money, said_number
from hilo.web.doing.asking import actor_of, is_htmx, now_of
from hilo.web.lists.asked import Asked, asked_of
from hilo.web.lists.cells import table_of
from hilo.web.lists.columns import Column, columns_for
from hilo.web.lists.forms import Chip
from hilo.web.lists.rows import rows_of
from hilo.work.queries.thread_list import (
    COUNTED_TO,
    ListOrder,
    ListView,
    MoneyBehind,
    counts_of_views,
    money_behind,
)

ROWS_PER_PAGE = 50
LAST_PAGE = 200  # further down nobody reads: filters find it


@dataclass(frozen=True, slots=True)
class Choice:
    """A view or an order one may switch to: where it leads, and whether it is the one that shows."""

    url: str
    label: str
    is_current: bool
    count: int = 0
    said: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in the list the page stands; ``total`` is said up to the cap."""

    first: int
    last: int
    total: str
    earlier: str
    later: str


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    actor, now = asked.actor, asked.now
    number = min(asked.page, LAST_PAGE)
    threads, has_more = asked.listing.page(number, ROWS_PER_PAGE)
    if number > 1 and not threads:
        number = 1
        threads, has_more = asked.listing.page(number, ROWS_PER_PAGE)
    counts = counts_of_views(actor, now=now, also=asked.listing.rows())
    rows = rows_of(threads, actor, now=now)
    facts = {
        **frame_of(asked, counts),
        "order": asked.order.value,
        "orders": _orders(asked),
        "shown": asked.columns,
        "heads": [_head(asked, column) for column in columns_for(actor) if column.key in asked.columns],
        "columns": [(column, column.key in asked.columns) for column in columns_for(actor)],
        "rows": rows,
        "drawn_rows": table_of(asked).rows(rows),
        "pages": _pages(asked, number, len(threads), counts[None], has_more),
        "matching": counts[None],
        "matching_said": said_count(counts[None]),
        "sees_money": actor.sees_money and "money" in asked.columns,
        "may_act": may(actor, "thread.work"),
    }
    return render(request, "web_lists/threads.html", facts)


def frame_of(asked: Asked, counts: dict[ListView | None, int]) -> dict[str, object]:
    """What stands above the table and above the board alike."""
    of_views = {view.value: counts[view] for view in ListView}
    is_large = counts[ListView.OPEN] > COUNTED_TO
    behind = None if is_large else said_money_behind(money_behind(asked.actor, now=asked.now))
    return {
        "now": asked.now,
        "view": asked.view.value,
        "counts": of_views,
        "open_said": said_count(counts[ListView.OPEN]),
        "frayed_said": said_count(counts[ListView.FRAYED]),
        "behind": behind,
        "behind_later": is_large and asked.actor.sees_money,
        "views": _views(asked, counts),
        "saved_views": _saved_views(asked),
        "current": asked.current,
        "query": asked.url_query(),
        "kept": {name: value for name, value in asked.kept().items() if name != "cols"},
        "narrowing": asked.narrowing,
        "narrowed": bool(asked.narrowing.chips()),
        "chips": [(chip, _without(asked, chip)) for chip in asked.narrowing.chips()],
        "ignored": asked.ignored(),
        "may_open": may(asked.actor, "thread.open"),
        "is_empty_company": not any(of_views.values()),
        "ignores_owner": asked.view is ListView.ARCHIVED and asked.narrowed.owner_id is not None,
    }


@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """The fields that narrow the list: fetched when somebody opens them, or a page of their own."""
    asked = asked_of(request)
    facts = {"narrowing": asked.narrowing, "view": asked.view.value, "order": asked.order.value}
    facts |= {"cols": asked.given.get("cols", ""), "query": asked.url_query()}
    template = "web_lists/_filter_form.html" if is_htmx(request) else "web_lists/filters.html"
    return render(request, template, facts)


@require_safe
def money_later(request: HttpRequest) -> HttpResponse:
    """The sum over very many threads, which the page does not wait for."""
    behind = said_money_behind(money_behind(actor_of(request), now=now_of(request)))
    return render(request, "web_lists/_behind.html", {"behind": behind})


def said_count(number: int) -> str:
    """1.000+ when nobody counted further."""
    lang = language(get_language())
    return f"{said_number(COUNTED_TO, lang)}+" if number > COUNTED_TO else said_number(number, lang)


def _views(asked: Asked, counts: dict[ListView | None, int]) -> list[Choice]:
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
        Choice(
            f"?{asked.url_query(view=view.value)}",
            label,
            asked.current is None and view is asked.view,
            counts[view],
            said_count(counts[view]),
        )
        for view, label in labels.items()
    ]


def _saved_views(asked: Asked) -> list[Choice]:
    return [
        Choice(f"?v={view.pk}", view.name, view == asked.current, is_own=view.owner_id == asked.actor.one.pk)
        for view in asked.saved
    ]


def _orders(asked: Asked) -> list[Choice]:
    labels = {
        ListOrder.CONSEQUENCE: _("By consequence"),
        ListOrder.DUE: _("By next due date"),
        ListOrder.NEWS: _("By next news"),
        ListOrder.AGE: _("Oldest first"),
        ListOrder.YOUNGEST: _("Youngest first"),
        ListOrder.CODE: _("By number"),
    }
    if asked.actor.sees_money:
        labels[ListOrder.AMOUNT] = _("By money")
    return [
        Choice(f"?{asked.url_query(order=order.value)}", label, order is asked.order)
        for order, label in labels.items()
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: where a click leads that sorts by it, and how it is sorted now."""

    column: Column
    label: str
    url: str
    sorted: str  # "ascending", "descending" or ""


_DESCENDING = {ListOrder.AMOUNT, ListOrder.CODE, ListOrder.YOUNGEST}


def _head(asked: Asked, column: Column) -> Head:
    label, order = str(column.label), column.order
    if column.key == "news" and asked.view is ListView.ARCHIVED:
        label, order = _("Archived on"), ""
    is_sorted = asked.order.value == order or (column.key == "age" and asked.order is ListOrder.YOUNGEST)
    if column.key == "age" and asked.order is ListOrder.AGE:
        order = ListOrder.YOUNGEST.value
    how = ("descending" if asked.order in _DESCENDING else "ascending") if is_sorted else ""
    return Head(column, label, f"?{asked.url_query(order=order)}" if order else "", how)


def _pages(asked: Asked, number: int, rows: int, total: int, has_more: bool) -> Pages | None:
    if number == 1 and not has_more:
        return None
    first = (number - 1) * ROWS_PER_PAGE + 1

    def url(page: int) -> str:
        return f"?{asked.url_query()}&page={page}"

    return Pages(
        first=first,
        last=first + rows - 1,
        total=said_count(total),
        earlier=url(number - 1) if number > 1 else "",
        later=url(number + 1) if has_more and number < LAST_PAGE else "",
    )


def _without(asked: Asked, chip: Chip) -> str:
    gone = {chip.parameter: ""}
    if chip.parameter == "process":
        gone["step"] = ""
    return f"?{asked.url_query(**gone)}"


@dataclass(frozen=True, slots=True)
class SaidMoney:
    open: str
    frayed: str


def said_money_behind(behind: list[MoneyBehind]) -> SaidMoney | None:
    """Each currency by itself: amounts of two currencies are never added up."""
    if not behind:
        return None
    language = get_language() or "es"
    all_open = " + ".join(said_money(each.open, each.currency, language) for each in behind)
    frayed = [said_money(each.frayed, each.currency, language) for each in behind if each.frayed]
    return SaidMoney(all_open, " + ".join(frayed))
