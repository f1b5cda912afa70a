"""The list as it is narrowed, as a file: what the person may see, and money only for who sees money."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.web.exports import Field
from hilo.web.lists.asked import Asked, asked_of
from hilo.web.lists.files import ListFile, Part
from hilo.web.lists.standing import step_said
from hilo.web.lists.views import said_count
from hilo.work.models import Thread, TurnOf
from hilo.work.queries.exported import ExportedThread, exported
from hilo.work.queries.thread_list import ListView, counted


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    count = counted({"rows": asked.listing.rows()})["rows"]
    heading = ngettext("One thread as a file", "%(shown)s threads as a file", count)
    return _file(asked).page(request, heading % {"shown": said_count(count)}, chips=asked.narrowing.chips())


@require_safe
def csv_file(request: HttpRequest) -> StreamingHttpResponse:
    return _file(asked_of(request)).as_csv()


@require_safe
def excel_file(request: HttpRequest) -> FileResponse:
    return _file(asked_of(request)).as_excel()


def _file(asked: Asked) -> ListFile[ExportedThread]:
    return ListFile(
        name=_("threads"),
        title=_("Threads"),
        on=asked.now.date(),
        address="web:threads",
        query=asked.url_query(),
        parts=_parts(asked),
        rows=lambda: exported(asked.listing),
    )


def _parts(asked: Asked) -> list[Part[ExportedThread]]:
    """In the archive nobody's name stands: a list by person is their work of today, never their past."""
    is_past = asked.view is ListView.ARCHIVED
    archived: list[Part[ExportedThread]] = [Part(Field(_("Archived on")), lambda one: one.archived_at)]
    return [
        *_what(),
        *([] if is_past else _who()),
        Part(Field(_("Opened on")), lambda one: one.opened_at),
        *(archived if is_past else []),
        *_money(asked.actor),
    ]


def _what() -> list[Part[ExportedThread]]:
    kinds, priorities, states = (
        {value: str(label) for value, label in choices}
        for choices in (Thread.Kind.choices, Thread.Priority.choices, Thread.State.choices)
    )
    return [
        Part(Field(_("Number"), 13), lambda one: one.code),
        Part(Field(_("Thread"), 40), lambda one: one.title),
        Part(Field(_("Customer"), 32), lambda one: one.customer),
        Part(Field(_("Delegation")), lambda one: one.delegation),
        Part(Field(_("Kind"), 24), lambda one: kinds.get(one.kind, one.kind)),
        Part(Field(_("Priority"), 10), lambda one: priorities.get(one.priority, one.priority)),
        Part(Field(_("State"), 10), lambda one: states.get(one.state, one.state)),
    ]


def _who() -> list[Part[ExportedThread]]:
    return [
        Part(Field(_("Who answers for it"), 26), lambda one: one.owner),
        Part(Field(_("Turn of"), 24), turn_said),
        Part(Field(_("Next step"), 40), lambda one: step_said(one.next_kind, one.next_label)),
        Part(Field(_("By when")), lambda one: one.next_due),
        Part(Field(_("Next news")), lambda one: one.next_news_at),
    ]


def _money(actor: Actor) -> list[Part[ExportedThread]]:
    if not actor.sees_money:
        return []
    return [
        Part(Field(_("Amount"), 14), lambda one: one.amount),
        Part(Field(_("Currency"), 9), lambda one: one.currency if one.amount is not None else None),
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
