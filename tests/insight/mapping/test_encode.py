from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from hilo.insight.encoding import encode
from hilo.insight.log import NO_TIME, Codes, EventLog
from hilo.insight.mapping import guess
from hilo.insight.raw import RawTable, ReadFile, Unreadable
from hilo.insight.speaking import speak
from tests.insight.mapping.support import day, orders, raw_of, taken

ROLES = taken(case="case", activity="activity", time="time")


def log_of(columns: Mapping[str, Sequence[object]], zone: str | None = "UTC", **roles: str) -> EventLog:
    return encode(raw_of(columns), ROLES | taken(**roles), zone=zone)


def small(**more: Sequence[object]) -> dict[str, Sequence[object]]:
    return {
        "case": ["B", "A", "B", "A"],
        "activity": ["x", "x", "y", "z"],
        "time": [day(1), day(0), day(0), day(5)],
        **more,
    }


def names(codes: Codes | None) -> list[str | None]:
    assert codes is not None
    return [codes.names[code] if code >= 0 else None for code in codes.codes]


def moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, UTC).replace(tzinfo=None)


def notes(log: EventLog) -> str:
    return "\n".join(speak(note, "en") for note in log.notes)


# Order -----------------------------------------------------------------------------------------------------


def test_events_stand_by_case_of_first_appearance_then_time() -> None:
    log = log_of(small())
    assert log.case_names == ["B", "A"]
    assert names(log.activity) == ["y", "x", "x", "z"]
    assert [moment(int(time)) for time in log.time] == [day(0), day(1), day(0), day(5)]
    assert log.row.tolist() == [2, 0, 1, 3]
    assert log.first.tolist() == [0, 2, 4]
    assert (log.cases, len(log)) == (2, 4)


def test_equal_times_keep_the_order_of_the_file() -> None:
    rows = 3000
    log = log_of(
        {
            "case": [f"C{place % 7}" for place in range(rows)],
            "activity": ["x"] * rows,
            "time": [day(place % 3) for place in range(rows)],
        }
    )
    order = sorted(range(rows), key=lambda place: (place % 7, place % 3, place))
    assert log.row.tolist() == order


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_rows_encodes_as_a_slow_twin_does(seed: int) -> None:
    chance = np.random.default_rng(seed)
    case = [f"C{code}" for code in chance.integers(0, 30, 400)]
    hours = chance.integers(0, 50, 400)
    log = log_of(
        {"case": case, "activity": [f"a{h % 5}" for h in hours], "time": [day(0, int(h)) for h in hours]}
    )
    first_seen = list(dict.fromkeys(case))
    slow = sorted(range(400), key=lambda row: (first_seen.index(case[row]), hours[row], row))
    assert log.row.tolist() == slow
    assert [log.case_names[code] for code in log.case] == [case[row] for row in slow]


# Labels ----------------------------------------------------------------------------------------------------


def test_na_is_a_case_id_and_a_number_is_one_too() -> None:
    assert log_of(small(case=["NA", "?", "NA", "?"])).case_names == ["NA", "?"]
    assert log_of(small(case=[7, 8, 7, 8])).case_names == ["7", "8"]
    assert log_of(small(case=[7.0, 8.0, 7.0, 8.0])).case_names == ["7", "8"]


def test_spaces_around_names_and_stand_ins_for_nothing_are_no_names() -> None:
    log = log_of(small(team=[" Taller", "Taller ", "?", ""]), area="team")
    assert names(log.area) == [None, "Taller", "Taller", None]
    assert log_of(small(team=["UNKNOWN", "-", "NA", "x"]), area="team").area.names == [
        "UNKNOWN",
        "-",
        "NA",
        "x",
    ]  # type: ignore[union-attr]


def test_a_missing_column_is_none() -> None:
    log = log_of(small())
    assert (log.person, log.area, log.site, log.customer, log.due, log.amount, log.start) == (None,) * 7


def test_amounts_and_due_dates_follow_their_rows() -> None:
    log = log_of(
        small(price=[1, None, 3, 4], by=[day(9), None, day(9), datetime(9999, 12, 31)]),  # noqa: DTZ001
        amount="price",
        due="by",
    )
    assert log.amount is not None and log.due is not None
    assert log.amount.tolist()[:2] == [3.0, 1.0]
    assert np.isnan(log.amount[2])
    assert [int(due) == NO_TIME for due in log.due] == [False, False, True, True]


# What is left out ------------------------------------------------------------------------------------------


def test_rows_without_a_case_an_activity_or_a_time_are_left_out_and_counted_with_their_place() -> None:
    log = log_of(
        {
            "case": ["A", None, "A", " ", "C", "A"],
            "activity": ["x", "x", None, "x", "y", "z"],
            "time": [day(0), day(1), day(2), day(3), None, day(4)],
        }
    )
    assert log.row.tolist() == [0, 5]
    assert log.case_names == ["A"]
    assert "2 rows are left out because “case” is empty: the first is row 3 of log.csv." in notes(log)
    assert "1 row is left out because “activity” is empty: row 4 of log.csv." in notes(log)
    assert "1 row is left out because “time” is empty: row 6 of log.csv." in notes(log)


def test_impossible_dates_are_left_out_and_counted_apart_from_empty_ones() -> None:
    times = [day(0), datetime(1, 1, 1), datetime(9999, 12, 31), day(1)]  # noqa: DTZ001
    log = log_of(small(time=times))
    assert len(log) == 2
    assert "2 dates of “time” cannot be" in notes(log)
    assert "row 3 of log.csv" in notes(log)
    assert "empty" not in notes(log)


def test_the_place_of_a_row_is_that_in_its_own_file() -> None:
    raw = raw_of(small(case=["A", "A", "B", None]))
    raw = RawTable(raw.data, (ReadFile("one.csv", "csv", 2), ReadFile("two.xes", "xes", 2, first=2)))
    assert "row 2 of two.xes" in notes(encode(raw, ROLES, zone="UTC"))


def test_nothing_usable_and_one_moment_for_all_are_refused_in_a_sentence() -> None:
    with pytest.raises(Unreadable, match=r"No row of log\.csv has a case"):
        log_of(small(case=[None, None, "A", "B"], activity=["x", "y", None, None]))
    with pytest.raises(Unreadable, match=r"All 4 rows of log\.csv have the same time"):
        log_of(small(time=[day(0)] * 4))


# Zones -----------------------------------------------------------------------------------------------------


def test_times_with_a_zone_are_instants_and_nothing_is_said() -> None:
    log = encode(raw_of(small(), zone="UTC"), ROLES)
    assert moment(int(log.time[0])) == day(0)
    assert notes(log) == ""


@pytest.mark.parametrize(
    ("headings", "zone", "hour"), [("Pedido Tarea Fecha", "Europe/Madrid", 8), ("order task when", "UTC", 9)]
)
def test_times_without_a_zone_are_madrid_s_where_the_columns_are_spanish(
    headings: str, zone: str, hour: int
) -> None:
    case, activity, time = headings.split()
    raw = raw_of({case: ["A", "B"], activity: ["x", "y"], time: [day(0), day(1)]})
    log = encode(raw, taken(case=case, activity=activity, time=time))
    assert log.zone == zone
    assert moment(int(log.time[0])) == day(0, hour)
    assert notes(log) == f"The times say no zone: they are taken as those of {zone}."


def test_the_repeated_and_the_skipped_hour_are_counted() -> None:
    times = [
        datetime(2024, 10, 27, 2, 30),  # noqa: DTZ001
        datetime(2024, 3, 31, 2, 30),  # noqa: DTZ001
        datetime(2024, 3, 31, 2, 40),  # noqa: DTZ001
        day(1),
    ]
    said = notes(log_of(small(time=times), zone="Europe/Madrid"))
    assert "1 event falls in the hour that the clock shows twice" in said
    assert "2 events stand at a time of a spring night" in said
    calm = notes(log_of(small(), zone="Europe/Madrid"))
    assert "twice" not in calm
    assert "spring night" not in calm


def test_an_unknown_zone_is_refused_with_a_known_one() -> None:
    with pytest.raises(Unreadable, match=r"no time zone “Europa/Madrid”\. Did you mean Europe/Madrid"):
        log_of(small(), zone="Europa/Madrid")


# Starts ----------------------------------------------------------------------------------------------------


def test_starts_follow_their_events_and_impossible_ones_are_dropped() -> None:
    begin = [day(0), day(0, 8), day(0, 10), None]
    log = log_of(small(begin=begin), start="begin")
    assert log.start is not None
    assert [None if start == NO_TIME else moment(int(start)) for start in log.start] == [
        None,
        day(0),
        day(0, 8),
        None,
    ]
    assert "1 event starts after it ends" in notes(log)


def test_work_without_an_end_counts_at_its_start() -> None:
    log = log_of(
        small(time=[day(1), day(0), None, day(5)], begin=[day(1), day(0), day(0, 7), day(4)]), start="begin"
    )
    assert len(log) == 4
    assert moment(int(log.time[0])) == day(0, 7)
    assert "1 event has a start and no end" in notes(log)


# Segments --------------------------------------------------------------------------------------------------


def segments(**columns: Sequence[object]) -> list[str]:
    rows = 60
    base = {
        "case": [f"C{place // 3}" for place in range(rows)],
        "activity": [f"a{place % 3}" for place in range(rows)],
        "time": [day(place) for place in range(rows)],
    }
    return list(log_of({**base, **columns}).segments)


def by_case(*values: object) -> list[object]:
    return [values[place // 3 % len(values)] for place in range(60)]


def test_segments_are_columns_of_few_values_that_stay_within_a_case() -> None:
    assert segments(
        product=by_case("P1", "P2"), priority=by_case(1, 2, 3), urgent=by_case(True, False, False, True)
    ) == [
        "product",
        "priority",
        "urgent",
    ]


def test_no_segments_are_columns_that_change_that_say_one_thing_or_many_or_the_same_again() -> None:
    assert (
        segments(
            changing=[f"v{place % 2}" for place in range(60)],
            one=["x"] * 60,
            free=[f"text {place}" for place in range(60)],
            price=by_case(1.5, 2.5),
        )
        == []
    )
    assert segments(product=by_case("P1", "P2"), family=by_case("F1", "F2")) == ["product"]


def test_a_variant_and_a_person_are_no_segments() -> None:
    assert segments(Variant=by_case("V1", "V2"), responsible=by_case("Ana", "Jon", "Eva")) == []


# Size ------------------------------------------------------------------------------------------------------


def test_three_hundred_thousand_activities_are_only_names() -> None:
    rows = 300_000
    table = pa.table(
        {
            "case": pa.array(np.arange(rows) // 5),
            "activity": pa.array([f"Paso {place}" for place in range(rows)]),
            "time": pa.array(np.arange(rows) * 60_000_000).cast(pa.timestamp("us", "UTC")),
        }
    )
    raw = RawTable(table, (ReadFile("many.csv", "csv", rows),))
    log = encode(raw, guess(raw).columns)
    assert (len(log), log.cases, len(log.activity.names)) == (rows, rows // 5, rows)


def test_a_guessed_log_is_encoded_with_all_its_columns() -> None:
    names = {
        "case": "Pedido",
        "activity": "Tarea",
        "time": "Fecha",
        "start": "Inicio",
        "person": "Técnico",
        "area": "Departamento",
        "site": "Delegación",
        "customer": "Cliente",
        "due": "Vencimiento",
        "amount": "Importe",
        "priority": "Prioridad",
    }
    found = guess(orders(names))
    log = encode(found.raw, found.columns)
    assert log.cases == 60
    known = (log.person, log.area, log.site, log.customer, log.due, log.amount, log.start)
    assert all(column is not None for column in known)
    assert list(log.segments) == ["Prioridad"]
    assert log.zone == "Europe/Madrid"
