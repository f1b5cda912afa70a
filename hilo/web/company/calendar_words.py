"""A calendar in words, and what is wrong with one in a sentence of the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from hilo.businesstime import MonthDay, SpecialDay, Window
from hilo.businesstime.calendar import InvalidCalendar
from hilo.businesstime.holidays_seed import COMPUTED, OFFICIAL
from hilo.errors import RuleViolation

HAND = "local"  # what the holidays package does not know: the town's own, or the company's

_SENTENCES: dict[str, Callable[[], str]] = {
    "window-text": lambda: _("Write hours like 09:00-14:00, 16:00-19:00. “%(text)s” is not one."),
    "window-order": lambda: _("%(window)s must end after it begins. If it ends the next day, add +1."),
    "window-range": lambda: _("%(window)s must begin on its day and last at most 24 hours."),
    "overlap": lambda: _("%(before)s and %(after)s overlap. Make one end before the other begins."),
    "week-length": lambda: _("A week has seven days, Monday first."),
    "month-day": lambda: _("Write a day and a month that exist, like 15/06."),
    "season-gap": lambda: _("No timetable covers %(day)s. The one for the whole year must stay."),
    "day-twice": lambda: _("%(date)s is there already. Remove it first, or write another date."),
    "date": lambda: _("Write a date that exists."),
    "zone": lambda: _("Nobody knows that time zone. Use one like Europe/Madrid."),
    "shape": lambda: _("That is no calendar. Fill the fields in again."),
}  # fmt: skip


def said_fault(fault: InvalidCalendar) -> str:
    return _SENTENCES.get(fault.code, _SENTENCES["shape"])() % fault.facts


def refused(fault: InvalidCalendar, field: str | None = None) -> RuleViolation:
    return RuleViolation(said_fault(fault), field=field)


def hours_in(text: str, *, field: str) -> tuple[Window, ...]:
    """``09:00-14:00, 16:00-19:00``, in order; nothing written is closed."""
    pieces = [piece.strip() for piece in re.split(r"[,;\n]", text) if piece.strip()]
    try:
        windows = tuple(sorted(Window.parse(piece) for piece in pieces))
        SpecialDay(date(2000, 1, 1), windows, "", "")  # refuses what overlaps
    except InvalidCalendar as fault:
        raise refused(fault, field) from None
    return windows


def said_hours(windows: tuple[Window, ...]) -> str:
    return ", ".join(str(window) for window in windows)


def day_and_month(text: str, *, field: str) -> MonthDay:
    """``15/06`` as it is written here; the calendar keeps month and day."""
    match = re.fullmatch(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*", text, re.ASCII)
    try:
        if match is None:
            raise InvalidCalendar("month-day", "", text=text)
        found = MonthDay(int(match[2]), int(match[1]))
        date(2000, *found)
    except (InvalidCalendar, ValueError):
        raise RuleViolation(_SENTENCES["month-day"](), field=field) from None
    return found


def said_day_and_month(day: MonthDay) -> str:
    return f"{day.day:02}/{day.month:02}"


def said_provenance(provenance: str) -> str:
    kind, _rest, region = provenance.partition(";")[0], "", provenance.rpartition(";")[2].strip()
    if kind == OFFICIAL:
        return _("official, %(region)s") % {"region": region}
    if kind == COMPUTED:
        return _("computed for %(region)s; nobody has published it yet") % {"region": region}
    return _("your own")
