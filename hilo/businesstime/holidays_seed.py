"""Holidays to start a calendar from: always shown with their provenance, always editable afterwards.

Source: the ``holidays`` package, which for Spain follows the yearly resolution in the BOE as far as it has
been published and computes later years from the rules. Town holidays are not in it; they come as ``local``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

import holidays

from hilo.businesstime.calendar import SpecialDay

# Last year whose official calendar the package carries. BOE-A-2025-21667 is the resolution for 2026.
OFFICIAL_UNTIL = {"ES": 2026}

OFFICIAL, COMPUTED, LOCAL = "official", "computed", "local"


def special_days(
    country: str,
    subdivision: str | None,
    years: Iterable[int],
    local: Iterable[SpecialDay] = (),
    *,
    language: str = "es",
) -> tuple[SpecialDay, ...]:
    """Full-day holidays of a country and region (ISO 3166: "ES", "AR"), by date; ``local`` wins on its dates.

    ``provenance`` begins with ``official`` or ``computed`` (years after OFFICIAL_UNTIL, and every year of a
    country not listed there: nobody has checked it), then package, version and region, after semicolons.
    Names come in ``language`` where the package has it, otherwise as the country writes them.
    Raises ValueError for an unknown country or region. The Canary Islands lack each island's own day.
    """
    found = _from_package(country, subdivision, sorted(set(years)), language)
    region = f"{country}-{subdivision}" if subdivision else country
    days = {
        day: SpecialDay(day, (), name, _provenance(country, region, day.year)) for day, name in found.items()
    }
    days.update((day.date, day) for day in local)
    return tuple(days[day] for day in sorted(days))


def local_holiday(day: date, name: str) -> SpecialDay:
    """A town's holiday (in Spain at most two a year)."""
    return SpecialDay(day, (), name, LOCAL)


def _from_package(country: str, subdivision: str | None, years: list[int], language: str) -> dict[date, str]:
    if not years:
        return {}
    try:
        return dict(holidays.country_holidays(country, subdiv=subdivision, years=years, language=language))
    except NotImplementedError as unknown:
        raise ValueError(f"No holidays are known for {country} {subdivision or ''}".strip()) from unknown


def _provenance(country: str, region: str, year: int) -> str:
    kind = OFFICIAL if year <= OFFICIAL_UNTIL.get(country, 0) else COMPUTED
    return f"{kind}; holidays {version('holidays')}; {region}"
