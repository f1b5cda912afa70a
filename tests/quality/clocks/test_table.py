"""Five hundred cases worked out on paper, against the arithmetic (docs/clocks.md says how they were made)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from hilo.quality.clocks import (
    MINUTE,
    Clock,
    Frozen,
    LegalClock,
    NewsClock,
    Pause,
    Standing,
    TargetClock,
    Told,
    frozen,
    news_in_force,
    standing,
    standing_of_stopped,
)
from tests.quality.clocks.paper import MICROSECOND, Happening, Row, hours, table

pytestmark = pytest.mark.any_database

AT_LEAST = {
    "split shift": 50,
    "holidays": 50,
    "clock change": 50,
    "pause": 40,
    "pause overlapping": 20,
    "pause expired": 15,
    "stopped": 15,
    "reopening": 25,
    "severity": 30,
    "calendar changed": 30,
    "thanks": 12,
    "acknowledgement": 8,
    "news": 40,
    "news by policy": 8,
    "legal": 35,
    "long story": 35,
}


@dataclass
class Story:
    """What is known of a row's case so far: happenings come in the order of time, none after ``row.at``."""

    row: Row
    calendar: str
    begun: datetime
    target: int
    pauses: list[Pause] = field(default_factory=list)
    tellings: list[Told] = field(default_factory=list)
    kept: Frozen | None = None

    def clock(self) -> Clock:
        if self.row.clock == "news":
            told = news_in_force(self.tellings, by=self.row.at)
            assert told is not None
            return NewsClock(started_at=told.at, due=told.next_news_at, hours=hours(self.calendar))
        if self.row.clock == "legal":
            return LegalClock(
                started_at=self.begun,
                days=self.target,
                in_working_days="working" in self.row.target,
                hours=hours(self.calendar),
            )
        return TargetClock(
            started_at=self.begun,
            target=timedelta(minutes=self.target),
            hours=hours(self.calendar),
            pauses=tuple(self.pauses) if self.row.clock == "response" else (),
        )

    def goes_on(self, next_one: Happening) -> None:
        match next_one.what:
            case "pause":
                assert next_one.until is not None
                resumed = next_one.resumed  # not known before it happens
                known = resumed if resumed and resumed <= self.row.at else None
                self.pauses.append(Pause(next_one.at, next_one.until, known))
            case "severity":
                self.target = next_one.target
            case "calendar":
                self.calendar = next_one.calendar
            case "stop":
                self.kept = self.kept or frozen(self.clock(), stopped_at=next_one.at)
            case "reopen":
                self.begun, self.kept = next_one.at, None
            case "told":
                assert next_one.until is not None
                self.tellings.append(Told(next_one.at, next_one.until))
            case other:
                assert other == "thanks"  # what the customer says is no fact of any clock


def shown(row: Row) -> Standing:
    story = Story(row, row.calendar, row.start, row.amount if row.target else 0)
    for happening in sorted(row.happenings, key=lambda each: each.at):
        if happening.at <= row.at:
            story.goes_on(happening)
    return standing_of_stopped(story.kept) if story.kept else standing(story.clock(), now=row.at)


@pytest.mark.parametrize("row", table(), ids=str)
def test_the_clock_shows_what_was_worked_out_on_paper(row: Row) -> None:
    found = shown(row)
    left = (found.left + MICROSECOND) // MINUTE  # the last instant of a day is a microsecond short of it
    assert (found.state, found.due, found.used) == (row.state, row.due, row.used * MINUTE), row.reasoning
    if row.left is None:
        assert found.was_late is row.late, row.reasoning
    else:
        assert left == row.left and row.late is None, row.reasoning


def test_the_table_has_at_least_five_hundred_rows_of_every_kind_each_with_its_reasoning() -> None:
    rows = table()
    assert len(rows) >= 500
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    counted = Counter(row.kind for row in rows)
    assert counted.keys() == AT_LEAST.keys()
    assert {kind: counted[kind] for kind in AT_LEAST if counted[kind] < AT_LEAST[kind]} == {}
    assert all(len(row.reasoning) > 60 for row in rows)
    again = {(row.clock, row.calendar, row.start, row.target, row.at, str(row.happenings)) for row in rows}
    assert len(again) == len(rows), "the same case twice"
