"""Reads what was worked out on paper: ``calendars.toml`` and ``table.tsv``."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hilo.businesstime import CalendarRules, MonthDay, Season, SpecialDay, Window, WorkingTime, working_time

HERE = Path(__file__).parent
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Happening:
    """``what`` is pause, severity, stop, reopen, calendar, thanks or told."""

    what: str
    at: datetime
    until: datetime | None = None  # of a pause; of something told, the date of the next news
    resumed: datetime | None = None
    target: int = 0
    calendar: str = ""


@dataclass(frozen=True)
class Row:
    number: int
    kind: str
    clock: str
    calendar: str
    start: datetime
    target: str
    at: datetime
    state: str
    due: datetime
    used: int
    left: int | None  # None: it has stopped
    late: bool | None  # None: it has not stopped
    reworked: bool
    reasoning: str
    happenings: list[Happening] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.number:03} {self.kind}"

    @property
    def amount(self) -> int:
        return int(self.target.split()[0])


@cache
def table() -> list[Row]:
    with (HERE / "table.tsv").open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _row(line: dict[str, str]) -> Row:
    return Row(
        number=int(line["row"]),
        kind=line["kind"],
        clock=line["clock"],
        calendar=line["calendar"],
        start=moment(line["start"]),
        target=line["target"],
        at=moment(line["at"]),
        state=line["state"],
        due=moment(line["due"]),
        used=int(line["used"]),
        left=int(line["left"]) if line["left"] else None,
        late=line["late"] == "yes" if line["late"] else None,
        reworked=bool(line["reworked"]),
        reasoning=line["reasoning"],
        happenings=[_happening(text) for text in line["happens"].split(" | ") if text],
    )


def moment(text: str) -> datetime:
    """``2026-12-08 24:00+01:00`` is the last instant of that day."""
    if " 24:00" not in text:
        return datetime.fromisoformat(text)
    return datetime.fromisoformat(text.replace(" 24:00", " 00:00")) + timedelta(days=1) - MICROSECOND


def _happening(text: str) -> Happening:
    words = text.split()
    facts = dict(zip(words[3::3], zip(words[4::3], words[5::3], strict=False), strict=False))
    found = Happening(what=words[0], at=moment(f"{words[1]} {words[2]}"))
    if found.what == "severity":
        return Happening(found.what, found.at, target=int(words[4]))
    if found.what == "calendar":
        return Happening(found.what, found.at, calendar=words[4])
    moments = {name: moment(" ".join(pair)) for name, pair in facts.items()}
    return Happening(
        found.what, found.at, until=moments.get("until", moments.get("next")), resumed=moments.get("resumed")
    )


@cache
def _calendars() -> dict[str, Any]:
    return tomllib.loads((HERE / "calendars.toml").read_text(encoding="utf-8"))


@cache
def rules(name: str) -> CalendarRules:
    told = _calendars()[name]
    seasons = [_season(told, "year", MonthDay(1, 1), MonthDay(12, 31), told["weekdays"])]
    if "summer" in told:
        summer = told["summer"]
        first, last = MonthDay.parse(summer["first"]), MonthDay.parse(summer["last"])
        seasons.append(_season(told, "summer", first, last, summer["weekdays"]))
    closed = [_special(day, [], why) for day, why in told.get("closed", {}).items()]
    short = [_special(day, hours, "short day") for day, hours in told.get("short", {}).items()]
    return CalendarRules(told["zone"], tuple(seasons), (*closed, *short))


def hours(name: str) -> WorkingTime:
    return working_time(rules(name))


def _season(told: dict[str, Any], name: str, first: MonthDay, last: MonthDay, weekdays: list[str]) -> Season:
    week = [weekdays] * 5 + [told["saturday"], told["sunday"]]
    return Season(name, first, last, tuple(_windows(day) for day in week))


def _special(day: str, hours: list[str], name: str) -> SpecialDay:
    return SpecialDay(date.fromisoformat(day), _windows(hours), name, "table")


def _windows(texts: list[str]) -> tuple[Window, ...]:
    return tuple(Window.parse(text) for text in texts)
