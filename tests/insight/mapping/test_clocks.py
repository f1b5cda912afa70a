from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.insight.encoding.clocks import from_wall, plausible
from hilo.insight.log import NO_TIME

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
ZONES = ["Europe/Madrid", "Atlantic/Canary", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


def micros(wall: datetime) -> int:
    return (wall - EPOCH) // timedelta(microseconds=1)


def slow_instant(wall: datetime, zone: str) -> int:
    """By zoneinfo: fold 0 is the first pass of a repeated hour, and the old offset in a skipped one."""
    return micros(wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC).replace(tzinfo=None))


def is_odd(wall: datetime, zone: str) -> tuple[bool, bool]:
    first = wall.replace(tzinfo=ZoneInfo(zone), fold=0).utcoffset()
    second = wall.replace(tzinfo=ZoneInfo(zone), fold=1).utcoffset()
    assert first is not None and second is not None
    return first > second, first < second


moments = st.lists(
    st.datetimes(datetime(1985, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001
    | st.builds(
        lambda year, month, day, minutes: (
            datetime(year, month, day) + timedelta(minutes=minutes)  # noqa: DTZ001
        ),
        st.integers(1990, 2030),
        st.sampled_from([3, 4, 10, 11]),
        st.integers(1, 30),
        st.integers(0, 300),
    ),
    min_size=1,
    max_size=20,
)


@given(moments, st.sampled_from(ZONES))
def test_wall_times_become_the_instants_that_zoneinfo_says(walls: list[datetime], zone: str) -> None:
    found = from_wall(np.array([micros(wall) for wall in walls]), zone)
    assert found.at.tolist() == [slow_instant(wall, zone) for wall in walls]
    assert list(zip(found.repeated.tolist(), found.skipped.tolist(), strict=True)) == [
        is_odd(wall, zone) for wall in walls
    ]


def test_no_time_stays_none() -> None:
    assert from_wall(np.array([NO_TIME, 0]), "Europe/Madrid").at.tolist() == [NO_TIME, -3_600_000_000]


def years(*walls: datetime) -> list[bool]:
    rest = [datetime(2024, 5, 1) + timedelta(hours=hour) for hour in range(20)]  # noqa: DTZ001
    return plausible(np.array([micros(wall) for wall in (*walls, *rest)]))[: len(walls)].tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_years_of_no_business_are_not_plausible(year: int) -> None:
    assert years(datetime(year, 6, 1)) == [False]  # noqa: DTZ001


def test_stand_ins_for_no_date_are_none() -> None:
    walls = [datetime(1970, 1, 1), datetime(1900, 1, 1), datetime(1969, 12, 31, 23), datetime(1970, 1, 3)]  # noqa: DTZ001
    assert years(*walls) == [False, False, False, True]


def test_a_log_of_the_sixties_has_no_stand_ins() -> None:
    old = np.array([micros(datetime(1969, 12, 31)) + hour * 3_600_000_000 for hour in range(100)])  # noqa: DTZ001
    assert plausible(old).all()
