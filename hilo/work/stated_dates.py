"""Dates that a message in Spanish or English states: "el viernes 12", "15 de diciembre", "on 3 March"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero january ene jan",
            "febrero february feb",
            "marzo march mar",
            "abril april abr apr",
            "mayo may",
            "junio june jun",
            "julio july jul",
            "agosto august ago aug",
            "septiembre setiembre september sep sept",
            "octubre october oct",
            "noviembre november nov",
            "diciembre december dic dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("lunes monday", "martes tuesday", "miercoles wednesday", "jueves thursday", "viernes friday",
         "sabado saturday", "domingo sunday")
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(_WEEKDAYS)
_WORDS = re.compile(
    rf"""\b(?:
        (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?(?P<month>{_MONTH})\b(?:\s+(?:de\s+|del\s+)?(?P<year>\d{{4}}))?
      | (?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}}))?
      | (?:{_WEEKDAY})\s+(?:dia\s+|the\s+)?(?P<day3>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.,]\d|\s*(?:h|€|eur))
      | el\s+(?:dia\s+)?(?P<day4>\d{{1,2}})\b(?![:.,/]\d|\s*(?:h|horas|€|eur|%|de\s))
      | (?P<day5>\d{{1,2}})[/-](?P<month5>\d{{1,2}})(?:[/-](?P<year5>\d{{4}}))?
    )""",
    re.VERBOSE,
)
_ABOUT_DELIVERY = re.compile(
    r"entreg|recib|llega|sali|sale|envi|mont|instal|prueba|arranque|puesta en marcha|plazo|fecha|"
    r"deliver|ship|arriv|install|receive|send|test|start-up|deadline|date"
)


@dataclass(frozen=True, slots=True)
class StatedDate:
    day: date
    sentence: str


def stated_dates(text: str, *, said_on: date) -> list[StatedDate]:
    """The days that sentences about delivering something state; a day without month is the next such day."""
    found = []
    for sentence in re.split(r"(?<=[.!?;])\s+|\n+", text):
        plain = _plain(sentence)
        if _ABOUT_DELIVERY.search(plain):
            found += [StatedDate(day, sentence.strip()) for day in _days_in(plain, said_on)]
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _days_in(plain: str, said_on: date) -> Iterator[date]:
    for match in _WORDS.finditer(plain):
        part = match.groupdict()
        day = int(next(part[name] for name in ("day", "day2", "day3", "day4", "day5") if part[name]))
        month = _MONTHS.get(part["month"] or part["month2"] or "") or int(part["month5"] or 0)
        year = int(part["year"] or part["year2"] or part["year5"] or 0)
        resolved = _resolve(day, month, year, said_on)
        if resolved is not None:
            yield resolved


def _resolve(day: int, month: int, year: int, said_on: date) -> date | None:
    """The next such day from ``said_on``; None for what is no date (31 February)."""
    if month and year:
        return _date(year, month, day)
    if month:
        this_year = _date(said_on.year, month, day)
        recent = this_year is not None and this_year >= said_on - timedelta(days=60)
        return this_year if recent else _date(said_on.year + 1, month, day)
    for ahead in range(62):
        candidate = said_on + timedelta(days=ahead)
        if candidate.day == day:
            return candidate
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
