"""Working calendars as plain immutable values: what a work centre's clock on the wall must show to be open.

Everything here is local wall-clock time of one IANA zone, in whole minutes; arithmetic.py turns it into UTC.
Source: SPEC 13, DOMAIN 3 (split shifts, half days, summer timetable, holidays per work centre).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

MINUTES_PER_DAY = 1440
LEAP_YEAR = 2000
WINDOW_TEXT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})(\+1)?", re.ASCII)


class InvalidCalendar(ValueError):
    """The description is not a calendar. ``str()`` is an English sentence.

    ``code`` is stable and ``facts`` holds what the sentence names, so that a screen can say it
    in any language.
    """

    def __init__(self, code: str, sentence: str, **facts: object) -> None:
        super().__init__(sentence % facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from ``start`` until just before ``end``: minutes after local midnight of the day it begins on.

    ``end`` is 1440 for 24:00 and more than that when the shift goes on into the next day (22:00 to 06:00 is
    ``Window(1320, 1800)``). Such a shift belongs to the day it begins on. At most 24 hours long.
    Raises InvalidCalendar (``window-order``, ``window-range``).
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MINUTES_PER_DAY or self.end > self.start + MINUTES_PER_DAY:
            raise InvalidCalendar(
                "window-range",
                "The hours %(window)s must begin on their day and last at most 24 hours.",
                window=self,
            )
        if self.end <= self.start:
            raise InvalidCalendar(
                "window-order",
                "The window %(window)s must end after it begins; write +1 after an end on the next day.",
                window=self,
            )

    def __str__(self) -> str:
        next_day = self.end > MINUTES_PER_DAY
        return f"{_clock(self.start)}-{_clock(self.end - MINUTES_PER_DAY * next_day)}{'+1' * next_day}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``09:00-14:00``, ``16:00-24:00`` or, ending on the next day, ``22:00-06:00+1``.

        The mark is needed so that ``14:00-09:00`` is refused as the slip it is. Raises InvalidCalendar.
        """
        match = WINDOW_TEXT.fullmatch(text.strip())
        if match is None:
            raise InvalidCalendar("window-text", "Write hours like 09:00-14:00, not %(text)r.", text=text)
        start = _minutes(match[1], match[2], text)
        return cls(start, _minutes(match[3], match[4], text) + MINUTES_PER_DAY * bool(match[5]))


type Windows = tuple[Window, ...]
type Week = tuple[Windows, ...]


class MonthDay(NamedTuple):
    """A day of any year. 29 February is allowed and is simply absent in common years."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``06-15``. Raises InvalidCalendar (``month-day``)."""
        match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text, re.ASCII)
        if match is None:
            raise InvalidCalendar("month-day", "%(text)r is not a month and day like 06-15.", text=text)
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Season:
    """A timetable for part of every year, both ends included; ``first`` after ``last`` wraps over New Year.

    ``week`` has seven entries, Monday first, each with any number of windows (none: closed).
    Raises InvalidCalendar (``week-length``, ``month-day``, ``overlap``).
    """

    name: str
    first: MonthDay
    last: MonthDay
    week: Week

    def __post_init__(self) -> None:
        for month_day in (self.first, self.last):
            _refuse_impossible(month_day)
        if len(self.week) != 7:
            raise InvalidCalendar(
                "week-length", "Season %(season)r must have seven days, Monday first.", season=self.name
            )
        _refuse_overlaps_in_week(self.name, self.week)

    @classmethod
    def whole_year(cls, name: str, week: Week) -> Self:
        """The timetable of every day that no later season of the calendar takes over."""
        return cls(name, MonthDay(1, 1), MonthDay(12, 31), week)

    def covers(self, month: int, day: int) -> bool:
        """Say whether the season includes this day of the year."""
        if self.first <= self.last:
            return self.first <= (month, day) <= self.last
        return (month, day) >= self.first or (month, day) <= self.last


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One date whose ``windows`` replace the week's: none for a holiday, some for a half or an extra day.

    ``provenance`` says in free text who says so (``official; ...``, ``computed; ...``, ``local``).
    A night shift that began the day before still runs to its end; one that would begin on a holiday does not.
    """

    date: date
    windows: Windows
    name: str
    provenance: str

    def __post_init__(self) -> None:
        if isinstance(self.date, datetime):
            raise InvalidCalendar("date", "A special day has no time of day: %(date)s.", date=self.date)
        _refuse_overlaps(str(self.date), self.windows)


@dataclass(frozen=True)
class CalendarRules:
    """All that decides when a work centre is open. Hashable: equal rules share compiled arithmetic.

    Where seasons overlap the LATER in the tuple wins, so that a summer timetable follows a whole-year one.
    Raises InvalidCalendar (``zone``, ``season-gap``, ``day-twice``).
    """

    zone: str
    seasons: tuple[Season, ...]
    days: tuple[SpecialDay, ...] = ()

    def __post_init__(self) -> None:
        _refuse_unknown_zone(self.zone)
        self._refuse_days_without_season()
        self._refuse_repeated_dates()

    def windows_on(self, day: date) -> Windows:
        """The windows that BEGIN on this local date (a night shift of the day before is not among them)."""
        special = self._special.get(day)
        if special is not None:
            return special.windows
        return self._season_of_day[day.month, day.day].week[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """A date on which at least one shift begins; half days count, the tail of a night shift does not."""
        return bool(self.windows_on(day))

    @cached_property
    def never_opens(self) -> bool:
        """True when no timetable and no special day has a single window."""
        return not any(any(season.week) for season in self.seasons) and not any(
            day.windows for day in self.days
        )

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values; ``from_dict`` of it gives an equal calendar."""
        return {
            "zone": self.zone,
            "seasons": [_season_to_dict(season) for season in self.seasons],
            "days": [_day_to_dict(day) for day in self.days],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what ``to_dict`` wrote; missing, unknown or ill-typed entries raise InvalidCalendar."""
        _refuse_other_keys(data, {"zone", "seasons", "days"}, "calendar")
        return cls(
            zone=_text(data, "zone"),
            seasons=tuple(_season_from_dict(_mapping(item, "season")) for item in _list(data, "seasons")),
            days=tuple(_day_from_dict(_mapping(item, "day")) for item in _list(data, "days")),
        )

    @cached_property
    def _special(self) -> dict[date, SpecialDay]:
        return {day.date: day for day in self.days}

    @cached_property
    def _season_of_day(self) -> dict[tuple[int, int], Season]:
        return {
            month_day: season
            for month_day in _days_of_leap_year()
            if (season := self._last_season_covering(*month_day)) is not None
        }

    def _last_season_covering(self, month: int, day: int) -> Season | None:
        return next((season for season in reversed(self.seasons) if season.covers(month, day)), None)

    def _refuse_days_without_season(self) -> None:
        for month_day in _days_of_leap_year():
            if month_day not in self._season_of_day:
                raise InvalidCalendar(
                    "season-gap", "No season covers %(day)s (month-day).", day=MonthDay(*month_day)
                )

    def _refuse_repeated_dates(self) -> None:
        for before, after in pairwise(sorted(day.date for day in self.days)):
            if before == after:
                raise InvalidCalendar("day-twice", "%(date)s is described twice.", date=before)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(hours: str, minutes: str, text: str) -> int:
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > MINUTES_PER_DAY:
        raise InvalidCalendar("window-text", "Hours run from 00:00 to 24:00; %(text)r does not.", text=text)
    return total


def _days_of_leap_year() -> list[tuple[int, int]]:
    first = date(LEAP_YEAR, 1, 1).toordinal()
    days = (date.fromordinal(first + number) for number in range(366))
    return [(day.month, day.day) for day in days]


def _refuse_impossible(month_day: MonthDay) -> None:
    try:
        date(LEAP_YEAR, *month_day)
    except ValueError:
        raise InvalidCalendar(
            "month-day", "%(day)s is not a day of the year.", day=MonthDay(*month_day)
        ) from None


def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (
        KeyError,
        ValueError,
        OSError,
        TypeError,
    ):  # a directory, a path, empty
        raise InvalidCalendar(
            "zone", "%(zone)r is not a time zone; use one like Europe/Madrid.", zone=zone
        ) from None


def _refuse_overlaps(where: str, windows: Windows) -> None:
    for before, after in pairwise(sorted(windows)):
        if after.start < before.end:
            raise InvalidCalendar(
                "overlap",
                "The windows %(before)s and %(after)s of %(where)s overlap.",
                before=before,
                after=after,
                where=where,
            )


def _refuse_overlaps_in_week(season: str, week: Week) -> None:
    """Each day with the tail of the night shift before it, Sunday's falling on Monday."""
    for weekday, windows in enumerate(week):
        night = tuple(_tail(window) for window in week[weekday - 1] if window.end > MINUTES_PER_DAY)
        _refuse_overlaps(f"{season!r}, day {weekday + 1}", night + windows)


def _tail(window: Window) -> Window:
    return Window(0, window.end - MINUTES_PER_DAY)


def _season_to_dict(season: Season) -> dict[str, object]:
    return {
        "name": season.name,
        "first": str(season.first),
        "last": str(season.last),
        "week": [[str(window) for window in windows] for windows in season.week],
    }


def _day_to_dict(day: SpecialDay) -> dict[str, object]:
    return {
        "date": day.date.isoformat(),
        "windows": [str(window) for window in day.windows],
        "name": day.name,
        "provenance": day.provenance,
    }


def _season_from_dict(data: Mapping[str, object]) -> Season:
    _refuse_other_keys(data, {"name", "first", "last", "week"}, "season")
    return Season(
        name=_text(data, "name"),
        first=MonthDay.parse(_text(data, "first")),
        last=MonthDay.parse(_text(data, "last")),
        week=tuple(_windows(day) for day in _list(data, "week")),
    )


def _day_from_dict(data: Mapping[str, object]) -> SpecialDay:
    _refuse_other_keys(data, {"date", "windows", "name", "provenance"}, "day")
    return SpecialDay(
        date=_date(_text(data, "date")),
        windows=_windows(data.get("windows")),
        name=_text(data, "name"),
        provenance=_text(data, "provenance"),
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidCalendar("date", "%(date)r is not a date like 2026-12-24.", date=text) from None


def _windows(value: object) -> Windows:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise InvalidCalendar("shape", "Hours must be a list of texts like 09:00-14:00.")
    return tuple(Window.parse(text) for text in value)


def _text(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise InvalidCalendar("shape", "%(key)r must be a text.", key=key)
    return value


def _list(data: Mapping[str, object], key: str) -> list[object]:
    value = data.get(key)
    if not isinstance(value, list | tuple):
        raise InvalidCalendar("shape", "%(key)r must be a list.", key=key)
    return list(value)


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise InvalidCalendar("shape", "Each %(what)s must be an object.", what=what)
    return value


def _refuse_other_keys(data: Mapping[str, object], known: set[str], what: str) -> None:
    unknown = sorted(str(key) for key in data.keys() - known)
    if unknown:
        raise InvalidCalendar("shape", "Unknown entries in the %(what)s: %(keys)s.", what=what, keys=unknown)


def weekly(
    zone: str, windows: Iterable[str], *, days: int = 5, special: Iterable[SpecialDay] = ()
) -> CalendarRules:
    """The same hours on ``days`` days from Monday, all year: ``weekly("Europe/Madrid", ["09:00-14:00"])``."""
    open_day = tuple(Window.parse(text) for text in windows)
    week = tuple(open_day if weekday < days else () for weekday in range(7))
    return CalendarRules(zone, (Season.whole_year("", week),), tuple(special))


def always_open(zone: str = "UTC") -> CalendarRules:
    """24 x 7: business time is real time. The zone still decides where days end."""
    return weekly(zone, ["00:00-24:00"], days=7)


ALWAYS = always_open()
