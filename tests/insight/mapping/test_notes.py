from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from hilo.insight.encoding import encode
from hilo.insight.mapping import guess
from hilo.insight.notes import notes_of
from hilo.insight.raw import RawTable, ReadFile
from hilo.insight.speaking import _, speak
from tests.insight.mapping.support import day, orders, raw_of, taken
from tests.simulation.company import simulate

SIMULATED = {"case": "Pedido", "activity": "Paso", "time": "Fin"}
COLUMNS = ("case", "activity", "time", "start", "person", "area", "site", "customer", "due")


def said(raw: RawTable) -> str:
    roles = taken(**{name: name for name in COLUMNS if name in raw.data.column_names})
    log = encode(raw, roles, zone="UTC")
    return "\n".join(speak(note, "en") for note in notes_of(raw, log, roles))


def said_of(columns: Mapping[str, Sequence[object]]) -> str:
    return said(raw_of(columns))


def test_a_complete_and_ordinary_log_has_nothing_to_be_said_of() -> None:
    names = {name: name for name in (*COLUMNS, "priority")}
    assert said(orders(names, cases=150)) == "The times say no zone: they are taken as those of UTC."


def test_what_was_done_to_read_and_encode_it_stands_among_the_notes() -> None:
    raw = orders({name: name for name in COLUMNS})
    assert "read as Latin-1" in said(replace(raw, remarks=(_("read as Latin-1"),)))


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ("area", "nothing can be said about what happens between areas"),
        ("person", "nothing can be said about how often work changes hands"),
        ("start", "waiting and working cannot be told apart"),
        ("customer", "customers cannot be compared"),
        ("site", "delegations cannot be compared"),
        ("due", "what was late cannot be told"),
    ],
)
def test_a_missing_column_is_said_with_what_it_costs(lacking: str, sentence: str) -> None:
    names = {name: name for name in COLUMNS if name != lacking}
    assert sentence in said(orders(names, cases=150))


# How the cases were chosen ---------------------------------------------------------------------------------

CASES = 4000


def simulated(starts: NDArray[np.float64], days: NDArray[np.float64], keep: NDArray[np.bool_]) -> RawTable:
    """Cases of two events, by the days of their starts and what they last."""
    starts, days = starts[keep], days[keep]
    times = np.concatenate([starts, starts + days])
    case = np.tile(np.arange(len(starts)), 2)
    return raw_of(
        {
            "case": [f"C{one}" for one in case],
            "activity": ["open"] * len(starts) + ["close"] * len(starts),
            "time": [day(float(time)) for time in times],
        }
    )


def flow(seed: int, first: float, last: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    chance = np.random.default_rng(seed)
    return chance.uniform(first, last, CASES), chance.lognormal(1.5, 1, CASES)


@pytest.mark.parametrize("seed", range(4))
def test_cases_picked_by_their_end_are_noticed(seed: int) -> None:
    starts, days = flow(seed, -150, 60)
    ends = starts + days
    assert "collected by end date" in said(simulated(starts, days, (ends >= 30) & (ends < 60)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by_end", [True, False])
def test_orders_of_a_simulated_company_are_told_apart_by_how_they_were_picked(
    seed: int, by_end: bool
) -> None:
    rows = simulate(seed, 1000, collected_by_end=by_end).rows
    raw = raw_of({name: rows[key].tolist() for name, key in SIMULATED.items()})
    assert ("collected by end date" in said(raw)) == by_end


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", ["by start", "finished ones", "growing", "slow at first"])
def test_cases_picked_otherwise_are_not_said_to_be_picked_by_their_end(seed: int, way: str) -> None:
    starts, days = flow(seed, 0, 365)
    if way == "growing":
        starts = np.sqrt(starts / 365) * 365
    if way == "slow at first":
        days = np.where(starts < 60, 4 * days, days)
    keep = starts + days < 365 if way == "finished ones" else starts >= 0
    assert "collected by end date" not in said(simulated(starts, days, keep))


def open_and_closed(open_at: Sequence[float]) -> str:
    """Sixty cases that end with "close", and some that are open since the given days."""
    rows = [
        (f"C{case}", step, day(case, hour))
        for case in range(60)
        for hour, step in enumerate(("a", "b", "close"))
    ]
    rows += [
        (f"O{number}", step, day(at, hour))
        for number, at in enumerate(open_at)
        for hour, step in enumerate("ab")
    ]
    case, activity, time = zip(*rows, strict=True)
    return said_of({"case": case, "activity": activity, "time": time})


def test_cases_that_were_still_open_are_counted() -> None:
    text = open_and_closed([59, 59, 59, 59.01])
    assert "4 cases were still open when the log was taken" in text
    assert "Finished cases end with close." in text


def test_cases_abandoned_long_ago_and_finished_ones_are_not_still_open() -> None:
    assert "still open" not in open_and_closed([1, 2, 3, 4])
    assert "still open" not in open_and_closed([])


def with_statuses(delivered: int) -> str:
    rows = [
        (f"C{case}", step, day(case, hour)) for case in range(100) for hour, step in enumerate(("a", "b"))
    ]
    case, activity, time = zip(*rows, strict=True)
    status = ["delivered" if int(one[1:]) % 100 < delivered else "cancelled" for one in case]
    return said_of({"case": case, "activity": activity, "time": time, "Order status": status})


def test_many_old_cases_without_the_usual_status_make_rates_worthless() -> None:
    assert "39 % of the cases that had time enough to end have another Order status" in with_statuses(60)
    assert "had time enough" not in with_statuses(95)


# Times -----------------------------------------------------------------------------------------------------


def timed(times: Sequence[datetime], zone: str | None = None) -> str:
    rows = len(times)
    case = [f"C{place // 4}" for place in range(rows)]
    raw = raw_of(
        {"case": case, "activity": [f"a{place % 4}" for place in range(rows)], "time": times}, zone=zone
    )
    return said(raw)


def test_equal_times_within_a_case_are_counted_and_between_cases_not() -> None:
    assert "1 event (12.5 %) has the same time as the one before it" in timed(
        [day(0), day(0), day(1), day(2), day(3), day(4), day(5), day(6)]
    )
    assert "same time" not in timed([day(place % 4) for place in range(8)])


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_days_without_an_hour_are_noticed(zone: str | None) -> None:
    whole = [day(place, 0) for place in range(40)]
    assert "100 % of the events have a day and no hour" in timed(whole, zone)
    assert "no hour" not in timed([day(place, place / 7) for place in range(40)], zone)


def test_days_of_another_zone_are_days_too() -> None:
    summer = [day(place, 22) for place in range(40)]
    assert "no hour" in timed(summer, "UTC"), "midnight in Madrid in summer"


def months(missing: set[int]) -> str:
    rows = [day(0) + timedelta(days=place / 4) for place in range(1400)]
    return timed([time for time in rows if time.month not in missing or time.year != 2024])


def test_a_month_without_events_is_named() -> None:
    assert "a month without a single event in the midst of the log: 2024-07" in months({7})
    assert "2 months without a single event" in months({7, 9})
    assert "single event" not in months(set())


# Rows that stand twice -------------------------------------------------------------------------------------


def doubled(note: Sequence[str]) -> str:
    times = [day(0), day(0), day(0), day(1), day(0), day(0)]
    case = ["A", "A", "A", "A", "B", "B"]
    return said_of({"case": case, "activity": ["x", "x", "x", "y", "x", "z"], "time": times, "note": note})


def test_rows_equal_in_every_column_are_counted() -> None:
    assert "2 rows repeat another in every column" in doubled(["n", "n", "n", "n", "n", "n"])
    assert "1 row repeats another in every column" in doubled(["n", "n", "m", "n", "n", "n"])
    assert "every column" not in doubled(["1", "2", "3", "4", "5", "6"])


def copies(shift_hours: float, *, second: int = 1) -> str:
    one = [
        (f"C{case}", f"a{step}", day(case, step * 2 + case % 7 / 7))
        for case in range(30)
        for step in range(3)
    ]
    other = [(case, activity, time + timedelta(hours=shift_hours)) for case, activity, time in one]
    rows = one + (other if second else [(f"D{case}", activity, time) for case, activity, time in other])
    case, activity, time = zip(*rows, strict=True)
    raw = raw_of({"case": case, "activity": activity, "time": time})
    half = len(one)
    files = (ReadFile("a.csv", "csv", half), ReadFile("b.xes", "xes", half, first=half))
    return said(replace(raw, files=files))


def test_two_files_of_one_log_are_noticed_with_the_distance_of_their_clocks() -> None:
    assert "a.csv and b.xes are copies of one log whose clocks differ by 2 h" in copies(2)
    assert "a.csv and b.xes tell the same events" in copies(0)


def test_two_files_of_different_cases_or_at_no_even_distance_are_no_copies() -> None:
    assert "a.csv" not in copies(2, second=0)
    assert "a.csv" not in copies(1.77)


# Columns ---------------------------------------------------------------------------------------------------


def with_column(name: str, values: Sequence[object]) -> str:
    rows = range(80)
    return said_of(
        {
            "case": [f"C{place // 4}" for place in rows],
            "activity": [f"a{place % 4}" for place in rows],
            "time": [day(place, place % 5) for place in rows],
            name: values,
        }
    )


@pytest.mark.parametrize(
    "name", ["Resolución", "Resultado final", "close_code", "case:enddate", "Satisfacción"]
)
def test_an_outcome_that_stands_on_every_event_was_filled_in_backwards(name: str) -> None:
    text = with_column(name, [f"v{place // 4 % 3}" for place in range(80)])
    assert f"“{name}” stands on every event of a case though it can be known only late" in text


def test_an_outcome_that_comes_at_the_end_and_a_product_that_stays_are_as_they_should_be() -> None:
    assert "backwards" not in with_column(
        "Resolución", ["ok" if place % 4 == 3 else None for place in range(80)]
    )
    assert "backwards" not in with_column("Producto", [f"v{place // 4 % 3}" for place in range(80)])


def test_areas_that_never_change_within_a_case_have_no_borders() -> None:
    assert "no borders between areas" in with_column("area", [f"v{place // 4 % 3}" for place in range(80)])
    assert "no borders between areas" not in with_column("area", [f"v{place % 3}" for place in range(80)])


def handed(person: Sequence[str]) -> str:
    rows = range(80)
    return said_of(
        {
            "case": [f"C{place // 4}" for place in rows],
            "activity": [f"a{place % 4}" for place in rows],
            "time": [day(place) for place in rows],
            "area": [f"v{place % 2}" for place in rows],
            "person": person,
        }
    )


def test_areas_that_change_while_the_person_stays_are_said_to() -> None:
    assert "In 100 % of the changes of area the same person stands on both events" in handed(["Ana"] * 80)
    assert "same person" not in handed([f"p{place % 2}" for place in range(80)])


def test_a_customer_for_each_case_cannot_be_compared() -> None:
    assert "a customer of its own" in with_column("customer", [f"k{place // 4}" for place in range(80)])
    assert "a customer of its own" not in with_column(
        "customer", [f"k{place // 4 % 5}" for place in range(80)]
    )


def test_notes_speak_spanish() -> None:
    names = {"case": "Pedido", "activity": "Tarea", "time": "Fecha"}
    found = guess(orders(names))
    log = encode(found.raw, found.columns)
    spoken = [speak(note, "es") for note in notes_of(found.raw, log, found.columns)]
    assert "Ninguna columna dice el área: no se puede decir nada de lo que pasa entre áreas." in spoken
