"""2,000 random cases against a minute-by-minute twin that imports nothing of the product."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hilo.businesstime import CalendarRules, WorkingTime, from_micros, to_micros
from tests.businesstime import brute_force
from tests.businesstime.brute_force import MINUTE, WatchedStretch, nights_the_clocks_change
from tests.businesstime.random_calendars import DAYS_WATCHED, HOURS, ZONES, Trial, random_trial

TRIALS = 100
CASES_PER_TRIAL = 20
MICROSECOND = timedelta.resolution
NOTHING = timedelta(0)


@dataclass(frozen=True)
class Case:
    """Two moments, the business time between them and some part of it, and where adding these leads."""

    first: datetime
    last: datetime
    length: timedelta
    part: timedelta
    by_then: datetime
    since_then: datetime
    part_later: datetime
    part_earlier: datetime


@pytest.mark.parametrize("number", range(TRIALS))
def test_twenty_random_intervals_agree_to_the_microsecond(number: int) -> None:
    time = calculated(number)
    for case in cases(number):
        assert time.between(case.first, case.last) == case.length
        assert time.between(case.last, case.first) == -case.length
        assert time.add(case.first, case.length) == case.by_then, case
        assert time.subtract(case.last, case.length) == case.since_then, case
        assert time.add(case.first, case.part) == case.part_later, case
        assert time.subtract(case.last, case.part) == case.part_earlier, case


@pytest.mark.parametrize("number", range(TRIALS))
def test_arrays_agree_with_the_same_intervals(number: int) -> None:
    time, few = calculated(number), cases(number)
    firsts = np.array([to_micros(case.first) for case in few])
    lasts = np.array([to_micros(case.last) for case in few])
    lengths = np.array([case.length // MICROSECOND for case in few])
    parts = np.array([case.part // MICROSECOND for case in few])

    assert time.between_many(np.array([firsts, lasts]), np.array([lasts, firsts])).tolist() == [
        lengths.tolist(),
        (-lengths).tolist(),
    ]
    later, earlier = time.add_many(np.array([firsts, lasts]), np.array([parts, -parts]))
    assert [from_micros(at) for at in later] == [case.part_later for case in few]
    assert [from_micros(at) for at in earlier] == [case.part_earlier for case in few]


@pytest.mark.parametrize("number", range(TRIALS))
def test_openings_and_closes_agree(number: int) -> None:
    time, watched, chance = calculated(number), by_the_minute(number), Random(number)
    for edge, next_edge in pairwise(watched.edges()):
        opens_here = watched.is_open(edge)
        within = edge + (next_edge - edge) * chance.random()
        assert time.is_open(edge) is time.is_open(within) is opens_here
        assert time.is_open(next_edge) is not opens_here
        assert time.next_open(within) == (within if opens_here else next_edge)
        if not opens_here:
            assert time.previous_close(edge) == time.previous_close(within) == edge
            assert time.previous_close(next_edge) == edge


@pytest.mark.parametrize("number", range(0, TRIALS, 4))
def test_ends_of_days_agree(number: int) -> None:
    time, watched = calculated(number), by_the_minute(number)
    for day in range(2, DAYS_WATCHED - 2):
        date = (watched.first + timedelta(days=day)).date()
        assert time.end_of_day(date) == watched.end_of_day(date), date


def test_the_cases_cover_every_zone_all_hours_and_both_nights() -> None:
    trials = [random_trial(number) for number in range(TRIALS)]
    assert sum(len(cases(number)) for number in range(TRIALS)) == 2_000
    assert {trial.zone for trial in trials} == set(ZONES)
    assert {trial.hours for trial in trials} == set(HOURS)
    jumps = Counter(jump > NOTHING for trial in trials for jump in jumps_of_the_clock(trial))
    assert min(jumps[True], jumps[False]) >= 15
    special = Counter(bool(day["windows"]) for trial in trials for day in trial.calendar["days"])
    assert min(special[True], special[False]) >= 50


def test_the_twin_imports_nothing_of_the_product() -> None:
    for module in ("brute_force.py", "random_calendars.py"):
        tree = ast.parse((Path(brute_force.__file__).parent / module).read_text(encoding="utf-8"))
        imported = [
            name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        ]
        imported += [node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert "datetime" in imported
        assert [name for name in imported if name.startswith(("hilo", "."))] == []


@cache
def by_the_minute(number: int) -> WatchedStretch:
    trial = random_trial(number)
    return WatchedStretch(trial.calendar, trial.first, DAYS_WATCHED)


def calculated(number: int) -> WorkingTime:
    return WorkingTime(CalendarRules.from_dict(random_trial(number).calendar))


@cache
def cases(number: int) -> list[Case]:
    watched, chance = by_the_minute(number), Random(number)
    edges = watched.edges()
    return [random_case(chance, watched, edges) for _ in range(CASES_PER_TRIAL)]


def random_case(chance: Random, watched: WatchedStretch, edges: list[datetime]) -> Case:
    first, last = sorted((moment(chance, watched, edges), moment(chance, watched, edges)))
    length = watched.between(first, last)
    part = length * chance.random()
    return Case(
        first,
        last,
        length,
        part,
        by_then=watched.add(first, length),
        since_then=watched.subtract(last, length),
        part_later=watched.add(first, part),
        part_earlier=watched.subtract(last, part),
    )


def moment(chance: Random, watched: WatchedStretch, edges: list[datetime]) -> datetime:
    """Half of the moments are openings and closes, half any microsecond."""
    if edges and chance.random() < 0.5:
        return chance.choice(edges)
    return watched.first + MINUTE * (len(watched.open) - 1) * chance.random()


def jumps_of_the_clock(trial: Trial) -> list[timedelta]:
    """By how much the wall clock jumped on each night of the stretch on which it did."""
    zone, end = ZoneInfo(trial.zone), trial.first + timedelta(days=DAYS_WATCHED)
    return [
        offset_at(zone, noon) - offset_at(zone, noon - timedelta(days=1))
        for noon in nights_the_clocks_change(trial.zone, trial.first.year)
        if trial.first < noon < end
    ]


def offset_at(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or NOTHING
