"""Calendars nobody would think of, as plain descriptions, and the days around which they are tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from tests.businesstime.brute_force import nights_the_clocks_change

ZONES = [
    "Europe/Madrid",
    "Atlantic/Canary",
    "America/Mexico_City",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour forward and back
    "America/Santiago",  # the clocks change at midnight
    "Asia/Beirut",  # likewise: some days have no 00:00
    "America/Havana",  # likewise: some days have 00:30 twice
    "Africa/Casablanca",  # back and forth around Ramadan
    "Pacific/Chatham",  # 12:45 ahead, changes at 02:45
    "UTC",
]
DAYS_WATCHED = 8
ANCHORS = ["clocks forward", "clocks back", "new year", "any day"]
HOURS = ["office", "split", "nights", "24x7", "odd"]


@dataclass(frozen=True)
class Trial:
    """A calendar and the UTC midnight from which it is watched for DAYS_WATCHED days."""

    calendar: dict[str, Any]
    first: datetime
    zone: str
    anchor: str
    hours: str


@cache
def random_trial(number: int) -> Trial:
    """Zones, anchors and kinds of hours take turns, so that few seeds see them all; the rest is chance."""
    chance = Random(number)
    zone, hours = ZONES[number % len(ZONES)], HOURS[number % len(HOURS)]
    anchor, noon = _anchor(chance, zone, ANCHORS[(number // len(ZONES)) % len(ANCHORS)])
    first = noon.replace(hour=0) - timedelta(days=chance.randint(3, 5))
    calendar = {
        "zone": zone,
        "seasons": _seasons(chance, hours, noon),
        "days": _special_days(chance, hours, first),
    }
    return Trial(calendar, first, zone, anchor, hours)


def _anchor(chance: Random, zone: str, wanted: str) -> tuple[str, datetime]:
    year = chance.randint(2009, 2035)
    changes = nights_the_clocks_change(zone, year)
    if wanted == "clocks forward" and changes:
        return wanted, changes[0] if zone[0] in "EA" and "Santiago" not in zone else changes[-1]
    if wanted == "clocks back" and changes:
        return wanted, changes[-1] if zone[0] in "EA" and "Santiago" not in zone else changes[0]
    if wanted == "new year":
        return wanted, datetime(year, 1, 1, 12, tzinfo=UTC)
    return "any day", datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=chance.randrange(365))


def _seasons(chance: Random, hours: str, noon: datetime) -> list[dict[str, Any]]:
    seasons = [{"name": "base", "first": "01-01", "last": "12-31", "week": _week(chance, hours)}]
    if chance.random() < 0.6:  # changes during the days watched; in December it wraps over New Year
        last = noon + timedelta(days=chance.randint(0, 120))
        week = _week(chance, chance.choice(HOURS))
        seasons.append({"name": "other", "first": f"{noon:%m-%d}", "last": f"{last:%m-%d}", "week": week})
    return seasons


def _week(chance: Random, hours: str) -> list[list[str]]:
    night_ends = chance.randint(1, 480) if hours == "nights" else 0
    days_open = 7 if hours == "24x7" else chance.randint(3, 7)
    return [_day(chance, hours, night_ends) if weekday < days_open else [] for weekday in range(7)]


def _day(chance: Random, hours: str, night_ends: int = 0) -> list[str]:
    match hours:
        case "office":
            return ["09:00-18:00"]
        case "split":
            return ["09:00-14:00", "16:00-19:30"]
        case "24x7":
            return ["00:00-24:00"]
        case "nights":
            night = f"{_clock(chance.randint(1200, 1439))}-{_clock(night_ends)}+1"
            return [*_odd_windows(chance, 1, night_ends, 1200), night]
        case _:
            return _odd_windows(chance, chance.randint(1, 4), 0, 1440)


def _odd_windows(chance: Random, count: int, earliest: int, latest: int) -> list[str]:
    edges = sorted(chance.sample(range(earliest, latest + 1), 2 * count))
    return [f"{_clock(start)}-{_clock(end)}" for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _special_days(chance: Random, hours: str, first: datetime) -> list[dict[str, Any]]:
    numbers = chance.sample(range(DAYS_WATCHED), chance.randint(0, 5))
    return [
        {
            "date": (first + timedelta(days=number)).date().isoformat(),
            "windows": chance.choice([[], [], ["08:00-14:00"], _odd_windows(chance, 2, 0, 1440)]),
            "name": "fiesta",
            "provenance": "local",
        }
        for number in numbers
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
