"""Business time the slow, obvious way: look at the clock on the wall once a minute.

Knows nothing of the product: it reads the plain description of a calendar (the JSON it is stored as) itself.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
A_MINUTE = 60_000_000


def minutes_of_window(text: str) -> tuple[int, int]:
    opening, closing = text.removesuffix("+1").split("-")
    end = minutes_of_clock(closing) + (1440 if text.endswith("+1") else 0)
    return minutes_of_clock(opening), end


def minutes_of_clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def windows_beginning_on(calendar: dict[str, Any], day: date) -> list[tuple[int, int]]:
    for special in calendar["days"]:
        if special["date"] == day.isoformat():
            return [minutes_of_window(text) for text in special["windows"]]
    week: list[list[str]] = [[]] * 7
    for season in calendar["seasons"]:
        if season_includes(season["first"], season["last"], f"{day.month:02}-{day.day:02}"):
            week = season["week"]
    return [minutes_of_window(text) for text in week[day.weekday()]]


def season_includes(first: str, last: str, day: str) -> bool:
    if first <= last:
        return first <= day <= last
    return day >= first or day <= last


class WatchedStretch:
    """Some days of one calendar, watched minute by minute from ``first`` (UTC, a whole minute).

    Inside, time is counted in microseconds since ``first``.
    """

    def __init__(self, calendar: dict[str, Any], first: datetime, days: int) -> None:
        self.first = first
        self.calendar = calendar
        self.zone = ZoneInfo(calendar["zone"])
        self._hours: dict[date, list[tuple[int, int]]] = {}
        self.open = bytearray(self._shows_open(first + MINUTE * number) for number in range(days * 1440))

    def _shows_open(self, at: datetime) -> bool:
        wall = at.astimezone(self.zone)
        shown = wall.hour * 60 + wall.minute
        for start, end in self._hours_shown_on(wall.date()):  # noqa: SIM110 (twice as fast as any())
            if start <= shown < end:
                return True
        return False

    def _hours_shown_on(self, day: date) -> list[tuple[int, int]]:
        """The day's windows and those of the day before, which began 1440 minutes earlier."""
        if day not in self._hours:
            today = windows_beginning_on(self.calendar, day)
            yesterday = windows_beginning_on(self.calendar, day - timedelta(days=1))
            self._hours[day] = today + [(start - 1440, end - 1440) for start, end in yesterday]
        return self._hours[day]

    def _count(self, at: datetime) -> int:
        return (at - self.first) // timedelta.resolution

    def _moment(self, count: int) -> datetime:
        return self.first + timedelta.resolution * count

    def is_open(self, at: datetime) -> bool:
        return bool(self.open[self._count(at) // A_MINUTE])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """All minutes from the first to the last, less what of these two lies outside."""
        if end < start:
            return -self.between(end, start)
        first, before = divmod(self._count(start), A_MINUTE)
        last, within = divmod(self._count(end), A_MINUTE)
        total = self.open[first:last].count(True) * A_MINUTE
        total += self.open[last] * within - self.open[first] * before
        return timedelta.resolution * total

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The earliest moment by which ``duration`` has passed; walks forward a minute at a time."""
        at, missing = self._count(start), duration // timedelta.resolution
        while missing:
            next_minute = at - at % A_MINUTE + A_MINUTE
            if self.open[at // A_MINUTE]:
                step = min(missing, next_minute - at)
                missing -= step
                at += step
            else:
                at = next_minute
        return self._moment(at)

    def subtract(self, end: datetime, duration: timedelta) -> datetime:
        """The latest moment from which ``duration`` passes until ``end``; walks back a minute at a time."""
        at, missing = self._count(end), duration // timedelta.resolution
        while missing:
            minute = (at - 1) // A_MINUTE
            if self.open[minute]:
                step = min(missing, at - minute * A_MINUTE)
                missing -= step
                at -= step
            else:
                at = minute * A_MINUTE
        return self._moment(at)

    def edges(self) -> list[datetime]:
        """Every opening and close seen."""
        return [
            self.first + MINUTE * number
            for number in range(1, len(self.open))
            if self.open[number - 1] != self.open[number]
        ]

    def end_of_day(self, day: date) -> datetime:
        """Just before the minute after the last one whose wall clock shows ``day``."""
        noon = self._count(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) // A_MINUTE
        shown = [
            number
            for number in range(noon - 1440, noon + 2 * 1440)
            if (self.first + MINUTE * number).astimezone(self.zone).date() == day
        ]
        return self.first + MINUTE * (shown[-1] + 1) - timedelta.resolution


def nights_the_clocks_change(zone: str, year: int) -> list[datetime]:
    """Noon UTC of each day before which the zone's offset became another one within a day."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(366)]
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in noons]
    return [noons[number] for number in range(1, 366) if offsets[number] != offsets[number - 1]]
