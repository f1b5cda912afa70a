"""Time laid out from left to right: where a moment stands, and which days are written under it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from hilo.web.base import saying
from hilo.web.base.strand_map import LETTER

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Straight from ``start`` at ``left`` to ``end`` at ``right``; what lies outside stands at its edge."""

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, moment: datetime) -> float:
        whole = (self.end - self.start).total_seconds() or 1.0
        part = (moment - self.start).total_seconds() / whole
        return round(self.left + (self.right - self.left) * min(max(part, 0.0), 1.0), 1)

    def shows(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end

    @property
    def days(self) -> float:
        return (self.end - self.start).total_seconds() / DAY

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    text: str


type Kept = tuple[float, float]  # from, to


def ticks(axis: TimeAxis, now: datetime, tz: tzinfo, lang: str, *, kept: Kept | None = None) -> list[Tick]:
    """As many days, Mondays, months or years as there is room to read.

    ``kept``: where another word stands under the axis; a day that would meet it has its line and no text.
    """
    today = now.astimezone(tz).date()
    found: list[Tick] = []
    free_from = axis.left - 20
    for day in _marks(axis, tz):
        x = axis.x(datetime(day.year, day.month, day.day, tzinfo=tz))
        text = _said(day, today, lang)
        ends = x + 4 + len(text) * LETTER
        if x >= free_from and ends <= axis.right + 8:
            meets = kept is not None and x < kept[1] and ends > kept[0]
            found.append(Tick(x, "" if meets else text))
            free_from = ends + 12
    return found


def _marks(axis: TimeAxis, tz: tzinfo) -> Iterator[date]:
    first, last = axis.start.astimezone(tz).date(), axis.end.astimezone(tz).date()
    room = max(axis.width / 62, 2)
    day = first + timedelta(days=1)
    while day <= last:
        if _is_mark(day, axis.days / room):
            yield day
        day += timedelta(days=1)


def _is_mark(day: date, days_apart: float) -> bool:
    """``days_apart`` is how far two marks must be from each other to be read."""
    if days_apart <= 1:
        return True
    if days_apart <= 7:
        return day.weekday() == 0
    if days_apart <= 30:
        return day.day == 1
    if days_apart <= 92:
        return day.day == 1 and day.month % 3 == 1
    return day.day == 1 and day.month == 1


def _said(day: date, today: date, lang: str) -> str:
    if day.day == 1 and day.month == 1:
        return str(day.year)
    said = saying.said_short_date(day, today, lang)
    return said.removeprefix("1 ") if day.day == 1 else said
