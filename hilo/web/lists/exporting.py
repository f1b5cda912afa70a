"""The list as it is narrowed, as a file: what the person may see, and money only for who sees money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.web.exports import Cell, Field, Row, csv_response, excel_response
from hilo.web.lists.asked import Asked, asked_of
from hilo.web.lists.standing import step_said
from hilo.web.lists.views import said_count
from hilo.work.models import Thread, TurnOf
from hilo.work.queries.exported import ExportedThread, exported
from hilo.work.queries.thread_list import ListView, counted


@dataclass(frozen=True, slots=True)
class _Part:
    field: Field
    value: Callable[[ExportedThread], Cell]


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """What would be in the file, before it is made."""
    asked = asked_of(request)
    count = counted({"rows": asked.listing.rows()})["rows"]
    facts = {"query": asked.url_query(), "count": count, "count_said": said_count(count)}
    facts |= {"chips": asked.narrowing.chips(), "fields": [part.field.label for part in _parts(asked)]}
    return render(request, "web_lists/export.html", facts)


@require_safe
def csv_file(request: HttpRequest) -> StreamingHttpResponse:
    asked = asked_of(request)
    parts = _parts(asked)
    return csv_response(f"{_name(asked.now)}.csv", [part.field for part in parts], _rows(asked, parts))


@require_safe
def excel_file(request: HttpRequest) -> FileResponse:
    asked = asked_of(request)
    parts = _parts(asked)
    return excel_response(
        f"{_name(asked.now)}.xlsx",
        _("Threads"),
        [part.field for part in parts],
        _rows(asked, parts),
        more=_("There are more rows than Excel can hold: take the CSV file, or narrow the list."),
    )


def _name(now: datetime) -> str:
    return f"{_('threads')}-{now:%Y-%m-%d}"


def _rows(asked: Asked, parts: list[_Part]) -> Iterator[Row]:
    for thread in exported(asked.listing):
        yield [part.value(thread) for part in parts]


def _parts(asked: Asked) -> list[_Part]:
    """In the archive nobody's name stands: a list by person is their work of today, never their past."""
    is_past = asked.view is ListView.ARCHIVED
    return [
        *_what(),
        *([] if is_past else _who()),
        _Part(Field(_("Opened on")), lambda one: one.opened_at),
        *([_Part(Field(_("Archived on")), lambda one: one.archived_at)] if is_past else []),
        *_money(asked.actor),
    ]


def _what() -> list[_Part]:
    kinds, priorities, states = (
        {value: str(label) for value, label in choices}
        for choices in (Thread.Kind.choices, Thread.Priority.choices, Thread.State.choices)
    )
    return [
        _Part(Field(_("Number"), 13), lambda one: one.code),
        _Part(Field(_("Thread"), 40), lambda one: one.title),
        _Part(Field(_("Customer"), 32), lambda one: one.customer),
        _Part(Field(_("Delegation")), lambda one: one.delegation),
        _Part(Field(_("Kind"), 24), lambda one: kinds.get(one.kind, one.kind)),
        _Part(Field(_("Priority"), 10), lambda one: priorities.get(one.priority, one.priority)),
        _Part(Field(_("State"), 10), lambda one: states.get(one.state, one.state)),
    ]


def _who() -> list[_Part]:
    return [
        _Part(Field(_("Who answers for it"), 26), lambda one: one.owner),
        _Part(Field(_("Turn of"), 24), turn_said),
        _Part(Field(_("Next step"), 40), lambda one: step_said(one.next_kind, one.next_label)),
        _Part(Field(_("By when")), lambda one: one.next_due),
        _Part(Field(_("Next news")), lambda one: one.next_news_at),
    ]


def _money(actor: Actor) -> list[_Part]:
    if not actor.sees_money:
        return []
    return [
        _Part(Field(_("Amount"), 14), lambda one: one.amount),
        _Part(Field(_("Currency"), 9), lambda one: one.currency if one.amount is not None else None),
    ]


def turn_said(one: ExportedThread) -> str:
    match one.turn_of:
        case TurnOf.CUSTOMER:
            named = one.turn_contact
            return _("Customer: %(name)s") % {"name": named} if named else _("Customer")
        case TurnOf.SUPPLIER:
            return _("Supplier")
        case TurnOf.AREA:
            return one.turn_area or one.turn_person or one.owner
        case _:
            return ""
