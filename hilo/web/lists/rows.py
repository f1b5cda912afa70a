"""Threads as rows: each with its line, its turn, its next step and what is the matter; a query for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hilo.parties.actor import Actor
from hilo.parties.models import Customer
from hilo.web.base.markup import address
from hilo.web.base.strand import Line
from hilo.web.base.words import PersonChip, Status, Turn
from hilo.web.lines import lines_shown
from hilo.web.lists.standing import (
    customer_shown,
    next_step_said,
    owner_chip,
    rest_shown,
    short_name,
    signs_of,
    turn_shown,
)
from hilo.work.models import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """``rest`` stands where the turn would, while nobody's action is awaited."""

    thread: Thread
    url: str
    customer: Customer
    line: Line
    turn: Turn | None
    rest: Status | None
    step: str
    owner: PersonChip
    owner_short: str
    signs: tuple[Status, ...]

    @property
    def picked(self) -> str:
        """The thread as this page shows it, for what is done to several: a newer version is refused."""
        return f"{self.thread.pk}.{self.thread.version}"

    @property
    def more_signs(self) -> list[str]:
        return [sign.label for sign in self.signs[1:]]


def rows_of(threads: Sequence[Thread], actor: Actor, *, now: datetime) -> list[ThreadRow]:
    """For threads of ``with_row_facts``; the lines of all of them come in one query."""
    lines = lines_shown(threads, now=now)
    return [_row(thread, lines[thread.pk], actor, now) for thread in threads]


def _row(thread: Thread, line: Line, actor: Actor, now: datetime) -> ThreadRow:
    return ThreadRow(
        thread=thread,
        url=address("web:thread", thread.code),
        customer=customer_shown(thread),
        line=line,
        turn=turn_shown(thread, actor, now),
        rest=rest_shown(thread),
        step=next_step_said(thread),
        owner=owner_chip(thread, actor),
        owner_short=short_name(thread.owner.name),
        signs=tuple(_signs(thread)),
    )


def _signs(thread: Thread) -> list[Status]:
    """The annotations are those of ``work.queries.thread_list.with_row_facts``."""
    contradiction, unprepared = (getattr(thread, name) for name in ("has_contradiction", "has_unprepared"))
    return list(signs_of(thread, has_contradiction=contradiction, has_unprepared=unprepared))
