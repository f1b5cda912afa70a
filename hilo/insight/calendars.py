"""A company's hours as a small YAML file, so that waiting can be told in working time.

zone: Europe/Madrid
hours: ["09:00-14:00", "16:00-19:00"]    # Monday to Friday
saturday: ["09:00-13:00"]                # any day may have its own
holidays: ES-AR                          # country, or country and region
closed: [2026-12-24, 2026-12-31]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from hilo.businesstime import CalendarRules, InvalidCalendar, Season, SpecialDay, Window
from hilo.businesstime.holidays_seed import special_days
from hilo.insight.raw import Unreadable
from hilo.insight.speaking import _

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KNOWN = frozenset({"zone", "hours", "holidays", "closed", *_WEEK})


def read_calendar(file: Path, years: Iterable[int]) -> CalendarRules:
    """``years`` are those of the log: holidays are looked up for them. Raises ``Unreadable``."""
    said = _read(file)
    try:
        return CalendarRules(
            zone=str(said.get("zone", "Europe/Madrid")),
            seasons=(Season.whole_year("", tuple(_windows(said, day) for day in _WEEK)),),
            days=_special(said, years),
        )
    except (InvalidCalendar, ValueError, TypeError) as problem:
        raise Unreadable(
            _("%(file)s is no calendar we understand (%(why)s).", file=file.name, why=str(problem))
        ) from None


def _read(file: Path) -> Mapping[str, object]:
    import yaml

    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except OSError:
        raise Unreadable(_("%(file)s cannot be opened: check the name.", file=str(file))) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Unreadable(_("%(file)s is not YAML in UTF-8.", file=file.name)) from None
    if not isinstance(said, dict) or not ({"hours", *_WEEK} & set(said)):
        raise Unreadable(
            _('%(file)s gives no hours: write a line such as hours: ["09:00-14:00"].', file=file.name)
        )
    if strange := sorted(str(key) for key in said if key not in _KNOWN):
        raise Unreadable(
            _("%(file)s has a line «%(key)s» that means nothing here.", file=file.name, key=strange[0])
        )
    return said


def _windows(said: Mapping[str, object], day: str) -> tuple[Window, ...]:
    usual = said.get("hours", []) if _WEEK.index(day) < 5 else []
    texts = said.get(day, usual)
    if not isinstance(texts, list):
        raise TypeError(f"{day}: {texts}")
    return tuple(Window.parse(str(text)) for text in texts)


def _special(said: Mapping[str, object], years: Iterable[int]) -> tuple[SpecialDay, ...]:
    closed = said.get("closed", [])
    if not isinstance(closed, list) or not all(isinstance(day, date) for day in closed):
        raise TypeError(f"closed: {closed}")
    own = [SpecialDay(day, (), "", "local") for day in closed]
    country, _dash, region = str(said.get("holidays", "")).partition("-")
    return special_days(country, region or None, years, own) if country else tuple(own)
