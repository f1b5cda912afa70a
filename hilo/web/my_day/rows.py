"""The rows of Mi día, put into groups and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from hilo.parties.actor import Actor
from hilo.web.base.templatetags.hilo import SOON
from hilo.web.my_day.consequence import weight
from hilo.web.my_day.grouping import Edges, Group
from hilo.web.my_day.places import place_of
from hilo.web.my_day.words import Asked, Said, said_of
from hilo.work.owed import Owed, OwedTo, owed_by
from hilo.work.queries.owed_details import details_of
from hilo.work.queries.pressing import Pressing

TODAYS = (Group.LATE, Group.TODAY)


@dataclass(frozen=True)
class Row:
    asked: Asked
    group: Group
    is_soon: bool

    @property
    def owed(self) -> Owed:
        return self.asked.owed

    @cached_property
    def said(self) -> Said:
        """Put in words when it is shown: of a very long day only the first are."""
        return said_of(self.asked)

    @property
    def is_late(self) -> bool:
        return self.group is Group.LATE

    @property
    def place(self) -> str:
        """Where the thing stands with all that belongs to it; the button leads to the deed alone."""
        return place_of(self.owed.thread, self.owed.type, self.owed.id)


@dataclass(frozen=True, slots=True)
class Day:
    """All rows in order. ``only`` narrows what is shown to whom it is owed; the counts stay whole."""

    rows: Sequence[Row]
    only: OwedTo | None = None

    def of(self, group: Group) -> list[Row]:
        return [row for row in self.rows if row.group is group and self.only in (None, row.owed.to)]

    @property
    def todays(self) -> list[Row]:
        return [row for row in self.rows if row.group in TODAYS]

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def counts(self) -> Counter[OwedTo]:
        return Counter(row.owed.to for row in self.todays)

    @property
    def first(self) -> Row | None:
        """The one with the primary button: what weighs most of what is shown."""
        return next((row for group in Group for row in self.of(group)), None)

    @property
    def first_offer(self) -> Row | None:
        """What the key a accepts while no row is chosen."""
        return next((row for group in Group for row in self.of(group) if row.said.accepts), None)

    @property
    def next_up(self) -> Row | None:
        """On an empty day: what comes first after today."""
        ahead = [row for row in self.rows if row.group not in TODAYS]
        return min(ahead, key=lambda row: row.owed.due, default=None)

    @property
    def pressing(self) -> Pressing:
        """The badge's numbers, counted from what the page shows."""
        answers = sum(row.owed.kind in ("answer_handoff", "start_colleague_offer") for row in self.rows)
        return Pressing(due=len(self.todays), late=self.late, handoffs=answers)


def day_of(actor: Actor, *, now: datetime, only: OwedTo | None = None) -> Day:
    owed = owed_by(actor, now=now)
    details = details_of(owed)
    edges = Edges.at(now)
    rows = [_row(Asked(each, details, now), edges) for each in owed]
    return Day(ordered(rows, sees_money=actor.sees_money, now=now), only)


def _row(asked: Asked, edges: Edges) -> Row:
    due, now = asked.owed.due, asked.now
    return Row(asked, edges.group_of(due), is_soon=now <= due <= now + SOON)


def ordered(rows: Iterable[Row], *, sees_money: bool, now: datetime) -> list[Row]:
    return sorted(
        rows,
        key=lambda row: weight(
            kind=row.owed.kind,
            to=row.owed.to,
            is_late=row.owed.due < now,
            money=row.owed.thread.amount if sees_money else None,
            due=row.owed.due,
        ),
    )
