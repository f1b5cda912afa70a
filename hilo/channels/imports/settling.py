"""Dates and amounts whose meaning one cell cannot tell: 03/04/2026, 1.234. The whole column decides.

A first pass gathers evidence in constant memory; a column that contradicts itself or decides nothing is
refused with a sentence that shows why and how to say it. Nothing is guessed from the language.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hilo.channels.imports.cleaning import Unfit, fold
from hilo.channels.imports.refused import Unreadable


class DayOrder(StrEnum):
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class DecimalMark(StrEnum):
    COMMA = "comma"
    POINT = "point"


@dataclass(slots=True)
class Evidence[Answer]:
    """First example found of each answer, and of a cell that could be either."""

    examples: dict[Answer, tuple[int, str]]
    undecided: tuple[int, str] | None = None

    def settle(self) -> Answer | None:
        """None when nothing in the column depends on the answer."""
        return next(iter(self.examples), None)


_NUMERIC = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})(?:[t ,]+(.*))?")
_NAMED = re.compile(r"(\d{1,2})[\s/.-]+(?:de\s+)?([a-z]{3,10})\.?,?[\s/.-]+(?:de\s+)?(\d{2,4})(?:[ ,]+(.*))?")
_NAMED_US = re.compile(r"([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[ ,]+(.*))?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_TIME = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(am|pm|a\.m\.|p\.m\.)?\s*(z|utc|[+-]\d\d:?\d\d)?"
)
_MONTHS = {
    name[:3]: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), start=1)
}
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # outside is a typing error, such as the year 0206
_CENTURY_TURNS = 70  # 69 is 2069, 70 is 1970: as POSIX has it


class DayColumn:
    """Gathers whether a column writes the day or the month first."""

    def __init__(self, file: str, column: str, said: DayOrder | None = None) -> None:
        self.file, self.column, self.said = file, column, said
        self.evidence: Evidence[DayOrder] = Evidence({})

    def see(self, number: int, text: str) -> None:
        found = _NUMERIC.fullmatch(fold(text.strip()))
        if self.said or not found or len(found[1]) > 2:
            return
        first, second = int(found[1]), int(found[3])
        if first > 12 or found[2] == ".":  # nobody who writes points puts the month first
            self.evidence.examples.setdefault(DayOrder.DAY_FIRST, (number, text))
        elif second > 12:
            self.evidence.examples.setdefault(DayOrder.MONTH_FIRST, (number, text))
        elif first != second and self.evidence.undecided is None:
            self.evidence.undecided = (number, text)

    def found(self) -> set[DayOrder]:
        return set(self.evidence.examples)

    def is_open(self) -> bool:
        """Nothing in it decides, and some cell needs a decision."""
        return not self.said and not self.evidence.examples and self.evidence.undecided is not None

    def settled(self, beside: set[DayOrder] | None = None) -> DayOrder:
        """``beside``: what the other date columns of the file show; one program wrote them all alike."""
        if self.said:
            return self.said
        if self.is_open() and beside and len(beside) == 1:
            return next(iter(beside))
        if len(self.evidence.examples) > 1:
            day, month = (self.evidence.examples[order] for order in DayOrder)
            raise Unreadable(
                _(
                    "In %(file)s the column “%(column)s” writes the day first in row %(row)s (%(text)s) and"
                    " the month first in row %(other_row)s (%(other_text)s). Write all dates one way:"
                    " 2026-12-31 is always understood."
                )
                % {
                    "file": self.file,
                    "column": self.column,
                    "row": day[0],
                    "text": day[1],
                    "other_row": month[0],
                    "other_text": month[1],
                }
            )
        if not self.evidence.examples and self.evidence.undecided:
            raise Unreadable(
                _(
                    "In %(file)s nothing in the column “%(column)s” tells days from months: row %(row)s says"
                    " %(text)s. Say which comes first, with --dates day-first or --dates month-first."
                )
                % {
                    "file": self.file,
                    "column": self.column,
                    "row": self.evidence.undecided[0],
                    "text": self.evidence.undecided[1],
                }
            )
        return self.evidence.settle() or DayOrder.DAY_FIRST


def moment(text: str, order: DayOrder, zone: ZoneInfo) -> dt.datetime:
    """Aware and UTC. A bare day is its midnight in ``zone``; so is a time without a zone of its own."""
    day, rest = _day_and_rest(text, order)
    time, offset = _time(rest, text)
    return dt.datetime.combine(day, time, tzinfo=offset or zone).astimezone(dt.UTC)


def day(text: str, order: DayOrder) -> dt.date:
    return _day_and_rest(text, order)[0]


def _day_and_rest(text: str, order: DayOrder) -> tuple[dt.date, str]:
    try:
        found, rest = _parsed_day(fold(text.strip()), order)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise ValueError
    except (ValueError, KeyError):
        raise Unfit(_("“%(text)s” is no date: write it as 2026-12-31.") % {"text": text}) from None
    return found, rest or ""


def _parsed_day(said: str, order: DayOrder) -> tuple[dt.date, str | None]:
    if found := _NUMERIC.fullmatch(said):
        return _numeric_day(found, order), found[5]
    if found := _COMPACT.fullmatch(said):
        return dt.date(int(found[1]), int(found[2]), int(found[3])), None
    if found := _NAMED.fullmatch(said):
        return dt.date(_year(found[3]), _MONTHS[found[2][:3]], int(found[1])), found[4]
    if found := _NAMED_US.fullmatch(said):
        return dt.date(int(found[3]), _MONTHS[found[1][:3]], int(found[2])), found[4]
    raise ValueError


def _numeric_day(found: re.Match[str], order: DayOrder) -> dt.date:
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return dt.date(first, second, third)
    if len(found[4]) not in (2, 4) or len(found[1]) == 3:
        raise ValueError
    if order is DayOrder.MONTH_FIRST:
        first, second = second, first
    return dt.date(_year(found[4]), second, first)


def _year(digits: str) -> int:
    if len(digits) == 3:
        raise ValueError
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= _CENTURY_TURNS else 2000)


def _time(rest: str, text: str) -> tuple[dt.time, dt.tzinfo | None]:
    if not rest:
        return dt.time(0), None
    found = _TIME.fullmatch(rest.strip())
    try:
        if not found:
            raise ValueError
        hour = int(found[1])
        if found[4]:
            hour = hour % 12 + (12 if found[4].startswith("p") else 0)
        return dt.time(hour, int(found[2]), int(found[3] or 0)), _offset(found[5])
    except ValueError:
        raise Unfit(_("“%(text)s” is no time: write it as 2026-12-31 16:30.") % {"text": text}) from None


def _offset(said: str | None) -> dt.tzinfo | None:
    if said is None:
        return None
    if said in ("z", "utc"):
        return dt.UTC
    digits = said[1:].replace(":", "")
    away = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-away if said[0] == "-" else away)


# --- amounts -----------------------------------------------------------------------------------------

_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "us$": "USD"}
_CURRENCY = re.compile(
    r"EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|MXN|ARS|COP|CLP|PEN|BRL|CAD|AUD|CNY|INR|MAD|TRY"
    r"|US\$|[€$£¥]",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?e[+-]?\d{1,2}", re.IGNORECASE)
_MARKS = {".": DecimalMark.POINT, ",": DecimalMark.COMMA}
_OTHER = {".": ",", ",": "."}
_MOST_DIGITS = 12


class AmountColumn:
    """Gathers whether a column writes decimals behind a comma or a point."""

    def __init__(self, file: str, column: str, said: DecimalMark | None = None) -> None:
        self.file, self.column, self.said = file, column, said
        self.evidence: Evidence[DecimalMark] = Evidence({})

    def see(self, number: int, text: str) -> None:
        bare = _bare(text)[0]
        if self.said or not _AMOUNT.fullmatch(bare):
            return
        mark = _decimal_mark(bare)
        if mark:
            self.evidence.examples.setdefault(_MARKS[mark], (number, text))
        elif mark is None and self.evidence.undecided is None:
            self.evidence.undecided = (number, text)

    def settled(self) -> DecimalMark:
        if self.said:
            return self.said
        if len(self.evidence.examples) > 1:
            comma, point = (self.evidence.examples[mark] for mark in DecimalMark)
            raise Unreadable(
                _(
                    "In %(file)s the column “%(column)s” writes decimals with a comma in row %(row)s"
                    " (%(text)s) and with a point in row %(other_row)s (%(other_text)s)."
                    " Write all amounts one way."
                )
                % {
                    "file": self.file,
                    "column": self.column,
                    "row": comma[0],
                    "text": comma[1],
                    "other_row": point[0],
                    "other_text": point[1],
                }
            )
        if not self.evidence.examples and self.evidence.undecided:
            raise Unreadable(
                _(
                    "In %(file)s nothing in the column “%(column)s” tells thousands from decimals:"
                    " row %(row)s says %(text)s. Say it with --decimals comma or --decimals point."
                )
                % {
                    "file": self.file,
                    "column": self.column,
                    "row": self.evidence.undecided[0],
                    "text": self.evidence.undecided[1],
                }
            )
        return self.evidence.settle() or DecimalMark.POINT


def _decimal_mark(bare: str) -> str | None:
    """The mark this amount proves to be the decimal one; "" when it has none; None when either could be."""
    marks = [letter for letter in bare if letter in _MARKS]
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return _OTHER[last]  # 1.234.567: a mark that repeats parts thousands
    before, after = bare.lstrip("+-").split(last)
    if len(after) != 3 or len(before) > 3 or before in ("", "0"):
        return last
    return None


def amount(text: str, mark: DecimalMark) -> tuple[Decimal, str]:
    """The amount and the currency written with it ("" when none is)."""
    bare, currency, is_negative = _bare(text)
    point = "." if mark is DecimalMark.POINT else ","
    if _SCIENTIFIC.fullmatch(bare):
        value = Decimal(bare)
    elif _AMOUNT.fullmatch(bare) and _is_grouped(bare, point):
        value = Decimal(bare.replace(_OTHER[point], "").replace(point, "."))
    else:
        raise Unfit(_("“%(text)s” is no amount: write it in digits.") % {"text": text})
    if value.copy_abs() >= Decimal(10) ** _MOST_DIGITS:
        raise Unfit(_("“%(text)s” is too large an amount: check it.") % {"text": text})
    return (-value if is_negative else value), currency


def _is_grouped(bare: str, point: str) -> bool:
    """Thousands stand in threes and before the decimals: 1.2.3 and 12,34,56 are typing errors."""
    whole, _point, decimals = bare.lstrip("+-").partition(point)
    first, *groups = whole.split(_OTHER[point])
    sound = all(len(group) == 3 for group in groups) and (not groups or 1 <= len(first) <= 3)
    return sound and (not decimals or decimals.isdigit()) and bool(whole or decimals)


def _bare(text: str) -> tuple[str, str, bool]:
    """Digits and marks; the currency; whether brackets or a minus behind say it is negative."""
    said = re.sub(r"[\s'’]", "", text)
    currency = ""
    if not _SCIENTIFIC.fullmatch(said) and (found := _CURRENCY.search(said)):
        currency = _SYMBOLS.get(found[0].lower(), found[0].upper())
        said = said[: found.start()] + said[found.end() :]
    is_negative = (said.startswith("(") and said.endswith(")")) or said.endswith("-")
    return (said.strip("()").removesuffix("-") if is_negative else said), currency, is_negative
