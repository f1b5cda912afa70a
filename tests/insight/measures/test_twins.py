"""Each measure agrees with its twin on whatever small log can be thought of."""

from __future__ import annotations

from dataclasses import astuple, replace
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.insight import measures
from hilo.insight.log import Codes
from hilo.insight.results import Group, Handovers, Lateness
from tests.insight.measures import twins
from tests.insight.measures.logs import Row, log_of
from tests.insight.measures.strategies import many_cases, midnights, rows, times

ZONES = st.sampled_from(["UTC", "Europe/Madrid", "America/Santiago"])
any_rows = rows() | rows(with_starts=True)


@given(any_rows)
def test_durations(events: list[Row]) -> None:
    assert measures.durations(log_of(events)) == twins.durations(events)


@given(any_rows, st.integers(1, 5))
def test_variants(events: list[Row], most: int) -> None:
    assert measures.variants(log_of(events), most) == twins.variants(events, most)


@given(any_rows)
def test_directly_follows(events: list[Row]) -> None:
    assert measures.directly_follows(log_of(events)) == twins.directly_follows(events)


@given(any_rows)
def test_starts_and_ends(events: list[Row]) -> None:
    log = log_of(events)
    assert list(measures.starts(log).items()) == list(twins.starts(events).items())
    assert list(measures.ends(log).items()) == list(twins.ends(events).items())


@given(any_rows)
def test_rework(events: list[Row]) -> None:
    assert measures.rework(log_of(events)) == twins.rework(events)


@given(any_rows)
def test_handovers(events: list[Row]) -> None:
    log = log_of(events)
    area = log.area or Codes(log.activity.codes * 0 - 1, ())
    found: Handovers = measures.handovers(log, area)
    assert found == twins.handovers(events, lambda row: row.area)


@given(any_rows)
def test_activity_times(events: list[Row]) -> None:
    assert measures.activity_times(log_of(events)) == twins.activity_times(events)


@given(any_rows)
def test_area_times(events: list[Row]) -> None:
    log = log_of(events)
    found = measures.area_times(log, log.area) if log.area else ()
    assert found == twins.area_times(events)


@given(any_rows | many_cases(), ZONES)
def test_queue(events: list[Row], zone: str) -> None:
    assert measures.queue(log_of(events, zone)) == twins.queue(events, zone)


@given(rows(dues=st.none() | times) | rows(dues=st.none() | midnights) | many_cases(), ZONES)
def test_lateness(events: list[Row], zone: str) -> None:
    found, wanted = measures.lateness(log_of(events, zone)), twins.lateness(events, zone)
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        assert found.interval == pytest.approx(wanted.interval, abs=1e-12)
        assert _without_interval(found) == _without_interval(wanted)


def _without_interval(found: Lateness) -> Lateness:
    return replace(found, interval=(0, 0))


@given(rows() | many_cases())
def test_groups(events: list[Row]) -> None:
    log = log_of(events)
    found = measures.groups(log, log.site) if log.site else ()
    wanted = twins.groups(events, lambda row: row.site)
    assert [_exact(group) for group in found] == [_exact(group) for group in wanted]
    assert [_rounded(group) for group in found] == [pytest.approx(_rounded(group)) for group in wanted]


def _exact(group: Group) -> Group:
    return replace(group, effect=None, q=None)


def _rounded(group: Group) -> tuple[float | None, float | None]:
    return group.effect, group.q


# By name: in the package "variants" is the measure, not its module.
VARIANTS = import_module("hilo.insight.measures.variants")


@given(any_rows)
def test_sequences_that_share_a_hash_are_told_apart(events: list[Row]) -> None:
    log = log_of(events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VARIANTS, "_weights", _all_alike)
        assert measures.variants(log, 3) == twins.variants(events, 3)


def _all_alike(activities: int, positions: int) -> tuple[object, object]:
    return np.zeros(activities, np.uint64), np.zeros(positions, np.uint64)


@pytest.mark.parametrize("most", [1, 7, 50])
def test_many_variants_of_one_case_are_shown_in_the_order_of_their_names(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(VARIANTS, "FEW", 1)
    events = [
        Row(f"{case}", f"step {(case * 7919 >> (3 * place)) % 8}", place)
        for case in range(600)
        for place in range(3 + case % 9)
    ]
    assert measures.variants(log_of(events), most) == twins.variants(events, most)


def test_more_kinds_of_activity_than_a_table_of_pairs_could_hold() -> None:
    events = [Row(f"{place // 3}", f"step {place * 17 % 997}", place) for place in range(2_400)]
    log = log_of(events)
    assert measures.directly_follows(log) == twins.directly_follows(events)
    assert measures.rework(log) == twins.rework(events)


def test_times_from_the_year_1_to_9999_do_not_overflow() -> None:
    first, last = -62_135_596_800_000_000, 253_402_300_799_000_000
    moments = (first, 0, last)
    events = [Row(f"{place % 40}", f"step {place % 7}", moments[place % 3]) for place in range(200)]
    log = log_of(events)
    found, wanted = astuple(measures.durations(log)), astuple(twins.durations(events))
    assert found == pytest.approx(wanted, rel=1e-14)
    for mine, other in zip(measures.directly_follows(log), twins.directly_follows(events), strict=True):
        assert replace(mine, mean_h=0) == replace(other, mean_h=0)
        assert mine.mean_h == pytest.approx(other.mean_h, rel=1e-14)
    assert len(measures.queue(log).starts) == 9_999
