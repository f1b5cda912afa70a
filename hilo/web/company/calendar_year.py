"""One year of a calendar as a page shows it: twelve months, what differs from the week, how much it is."""

from __future__ import annotations

import calendar as wall_calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hilo.businesstime import CalendarRules, Season, SpecialDay
from hilo.web.base import saying
from hilo.web.company.calendar_words import said_day_and_month, said_hours, said_provenance

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Day:
    number: int
    css: str
    title: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weeks: list[list[Day | None]]


@dataclass(frozen=True, slots=True)
class Special:
    day: date
    said: str
    name: str
    hours: str
    provenance: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """``index`` is the season's place in the rules; the first is the whole year's."""

    index: int
    name: str
    span: str
    days: list[tuple[str, str]]


def lang() -> str:
    return saying.language(get_language())


def months_of(rules: CalendarRules, year: int, today: date) -> list[Month]:
    special = {day.date: day for day in rules.days}
    return [
        Month(
            saying.LONG_MONTHS[lang()][month - 1],
            [
                [
                    _day(rules, special, date(year, month, number), today) if number else None
                    for number in week
                ]
                for week in wall_calendar.Calendar().monthdayscalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _day(rules: CalendarRules, special: dict[date, SpecialDay], day: date, today: date) -> Day:
    found = special.get(day)
    kinds = {
        "is-holiday": found is not None and not found.windows,
        "is-half": found is not None and bool(found.windows),
        "is-closed": found is None and not rules.windows_on(day),
        "is-season": _is_seasonal(rules, day),
        "is-today": day == today,
    }
    title = said_hours(rules.windows_on(day)) or _("closed")
    return Day(
        day.day,
        " ".join(name for name, holds in kinds.items() if holds),
        f"{found.name}: {title}" if found else title,
        found is not None,
    )


def _is_seasonal(rules: CalendarRules, day: date) -> bool:
    return any(season.covers(day.month, day.day) for season in rules.seasons[1:])


def specials_of(rules: CalendarRules, year: int) -> list[Special]:
    return [
        Special(
            day.date,
            saying.said_long_date(day.date, lang()),
            day.name,
            said_hours(day.windows) or _("closed"),
            said_provenance(day.provenance),
        )
        for day in sorted(rules.days, key=lambda each: each.date)
        if day.date.year == year
    ]


def timetables_of(rules: CalendarRules) -> list[Timetable]:
    return [_timetable(index, season) for index, season in enumerate(rules.seasons)]


def _timetable(index: int, season: Season) -> Timetable:
    span = _("from %(first)s to %(last)s") % {
        "first": said_day_and_month(season.first),
        "last": said_day_and_month(season.last),
    }
    whole = _("the whole year") if index == 0 else span
    return Timetable(index, season.name or _("Ordinary timetable"), whole, list(_week_in_words(season)))


def _week_in_words(season: Season) -> Iterator[tuple[str, str]]:
    """Monday to Friday together when they are alike, as people say it."""
    names = [name.capitalize() for name in saying.WEEKDAYS[lang()]]
    start = 0
    for place in range(1, 8):
        if place == 7 or season.week[place] != season.week[start]:
            label = _span_of_days(names, start, place - 1)
            yield label, said_hours(season.week[start]) or _("closed")
            start = place


def _span_of_days(names: list[str], first: int, last: int) -> str:
    if first == last:
        return names[first]
    days = {"first": names[first], "last": names[last].lower() if lang() == "es" else names[last]}
    joint = _("%(first)s and %(last)s") if last == first + 1 else _("%(first)s to %(last)s")
    return joint % days


def total_of(rules: CalendarRules, year: int) -> str:
    days, minutes = 0, 0
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        windows = rules.windows_on(date.fromordinal(ordinal))
        days += bool(windows)
        minutes += sum(window.end - window.start for window in windows)
    said = ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
    return _("%(days)s and %(hours)s hours of work in %(year)s") % {
        "days": said,
        "hours": saying.said_number(minutes // 60, lang()),
        "year": year,
    }
