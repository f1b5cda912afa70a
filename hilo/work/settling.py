"""The next step and the turn of a thread, derived after every change (SPEC 2.1, 2.2).

Each noun registers what it makes somebody owe; the earliest due one is the thread's next step. When nothing
is owed, the next step is "decide the next step", the owner's, at the end of their next working day.

Every command ends here and most nouns have nothing open on a thread: one query asks which have, and only
those are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import IntegerField, QuerySet, Value

from hilo.parties.queries.calendars import clock_of_person, end_of_next_working_day
from hilo.prepared import Prepared
from hilo.rows import change_row, read_again
from hilo.work.models import Thread, TurnOf


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Something awaited on a thread: by when, of whom. ``label`` is the thing's own text."""

    due: datetime
    kind: str  # "do_step", "answer_handoff", "keep_promise", ...
    type: str
    id: int
    label: str
    turn: TurnOf = TurnOf.AREA
    area_id: int | None = None
    person_id: int | None = None
    contact_id: int | None = None
    waits: bool = False  # at a border: offered and not accepted


type RowsOf = Callable[[Thread], QuerySet[Any]]
type StepsOf = Callable[[Thread, Iterable[Any], datetime], Iterable[NextStep]]

NEXT_STEPS: list[tuple[RowsOf, StepsOf]] = []


def next_steps[F: StepsOf](rows: RowsOf) -> Callable[[F], F]:
    """Register a source of next steps: ``rows`` are those on a thread for which somebody owes something."""

    def register(source: F) -> F:
        NEXT_STEPS.append((rows, source))
        _question.cache_clear()
        return source

    return register


def settle(thread: Thread, *, now: datetime) -> None:
    """Write the derived columns; the last thing every command does on the thread it changed.

    The row is locked, and read again, before the sources are read: on PostgreSQL a command that waits here
    then sees what the other one committed, so the later one never writes an older answer.
    """
    read_again(thread, locked=True)
    if thread.state == Thread.State.ARCHIVED:
        return
    derived = _columns(_paused(thread) or _earliest(thread, now) or _decide(thread, now))
    different = {name: value for name, value in derived.items() if getattr(thread, name) != value}
    if different:
        change_row(thread, different, only_if={})


def _columns(found: NextStep) -> dict[str, Any]:
    """As they are read back."""
    return {
        "next_kind": found.kind,
        "next_type": found.type,
        "next_id": found.id,
        "next_label": found.label[:300],
        "next_due": found.due.astimezone(UTC),
        "turn_of": found.turn.value,
        "turn_area_id": found.area_id,
        "turn_person_id": found.person_id,
        "turn_contact_id": found.contact_id,
        "turn_waits": found.waits,
    }


def _paused(thread: Thread) -> NextStep | None:
    """Pausing and waking change the state and the pause together, so the state says whether to look."""
    if thread.state != Thread.State.PAUSED:
        return None
    pause = thread.pauses.filter(woken_at__isnull=True).first()
    if pause is None:
        return None
    return NextStep(
        due=pause.until,
        kind="wake",
        type="pause",
        id=pause.pk,
        label=pause.reason,
        turn=TurnOf.NOBODY,
    )


def _earliest(thread: Thread, now: datetime) -> NextStep | None:
    sources = [NEXT_STEPS[place] for place in _places_with_rows(thread)]
    awaited = [step for rows, source in sources for step in source(thread, _rows_on(thread, rows), now)]
    return min(awaited, key=lambda step: (step.due, step.type, step.id), default=None)


def _places_with_rows(thread: Thread) -> list[int]:
    sql, params = _question()
    with connection.cursor() as cursor:
        cursor.execute(sql, [thread.pk if value == _SOME_THREAD else value for value in params])
        return sorted(place for (place,) in cursor.fetchall())


def _rows_on(thread: Thread, rows: RowsOf) -> list[Any]:
    found: list[Any] = _read(rows)(thread=thread.pk)
    for row in found:
        row.thread = thread
    return found


@cache
def _read(rows: RowsOf) -> Prepared:
    return Prepared(lambda *, thread: rows(Thread(pk=thread)))


_SOME_THREAD = -(2**53)  # stands for the thread's number in the question, which is put together once


@cache
def _question() -> tuple[str, list[str | int]]:
    """Which sources have rows on a thread: one UNION of their places."""
    parts = [_place_if_rows(place, rows) for place, (rows, _source) in enumerate(NEXT_STEPS)]
    sql, params = parts[0].union(*parts[1:]).query.sql_with_params()
    return sql, list(params)


def _place_if_rows(place: int, rows: RowsOf) -> QuerySet[Any, Any]:
    found = rows(Thread(pk=_SOME_THREAD)).select_related(None).order_by()
    return found.values_list(Value(place, output_field=IntegerField()))


def decide_by(thread: Thread, now: datetime) -> datetime:
    """The end of the owner's next working day."""
    return end_of_next_working_day(clock_of_person(thread.owner_id), now)


def _decide(thread: Thread, now: datetime) -> NextStep:
    return NextStep(
        due=decide_by(thread, now),
        kind="decide",
        type="thread",
        id=thread.pk,
        label="",
        person_id=thread.owner_id,
    )
