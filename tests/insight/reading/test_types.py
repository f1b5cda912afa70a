"""The type of a column is settled over the whole of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.insight.reading import read
from hilo.insight.reading.moments import State, read_moments
from tests.insight.reading.files import column, remarks, table_of, written

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001

SPELLINGS = [
    ("2020-01-02", "2020-01-02 00:00:00"),
    ("2020-01-02T03:04:05", "2020-01-02 03:04:05"),
    ("2020-01-02 03:04:05.123456", "2020-01-02 03:04:05.123456"),
    ("2020-01-02 03:04:05,5", "2020-01-02 03:04:05.500000"),
    ("2020/01/02 3:04", "2020-01-02 03:04:00"),
    ("20200102", "2020-01-02 00:00:00"),
    ("31/12/2012", "2012-12-31 00:00:00"),
    ("31.12.2012 9:05", "2012-12-31 09:05:00"),
    ("31-12-2012 09:05:06", "2012-12-31 09:05:06"),
    ("31/12/12", "2012-12-31 00:00:00"),
    ("31/12/2012 03:04 PM", "2012-12-31 15:04:00"),
    ("31/12/2012 12:04 a. m.", "2012-12-31 00:04:00"),
    ("2-Jun-06", "2006-06-02 00:00:00"),
    ("2-jun-06", "2006-06-02 00:00:00"),
    ("2 de junio de 2006", "2006-06-02 00:00:00"),
    ("lunes, 2 de junio de 2006 a las 14:30", "2006-06-02 14:30:00"),
    ("5 sept. 2020", "2020-09-05 00:00:00"),
    ("Jun 2, 2006 2:05:07 AM", "2006-06-02 02:05:07"),
    ("2020-01-02 14.30.05", "2020-01-02 14:30:05"),
]

ZONED = [
    ("2020-01-02T03:04:05Z", "2020-01-02 03:04:05"),
    ("2020-01-02T03:04:05+02:00", "2020-01-02 01:04:05"),
    ("2020-01-02 03:04:05 -0530", "2020-01-02 08:34:05"),
    ("2020-01-02T03:04:05.25+01", "2020-01-02 02:04:05.250000"),
    ("2020-01-02 03:04:05 UTC", "2020-01-02 03:04:05"),
    ("Fri Jun  2 14:00:00 CEST 2006", "2006-06-02 12:00:00"),
]

NOT_MOMENTS = [
    "2020-02-30", "2020-13-01", "31/12", "12:30", "1.2.3", "192.168.1.1", "2020-01-02 25:00", "abc", "-", "7",
    "2020-01-02T03:04:05 XYZ", "99/99/9999", "0/0/2020",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPELLINGS)
def test_a_moment_is_read_however_it_is_spelled(text: str, expected: str) -> None:
    read = read_moments(pa.array([text]), compact=True)
    assert read.state[0] == State.NAIVE
    assert str(EPOCH + timedelta(microseconds=int(read.micros[0]))) == expected


@pytest.mark.parametrize(("text", "expected"), ZONED)
def test_a_moment_with_its_zone_is_turned_to_utc(text: str, expected: str) -> None:
    read = read_moments(pa.array([text]))
    assert read.state[0] == State.ZONED
    assert str(EPOCH + timedelta(microseconds=int(read.micros[0]))) == expected


@pytest.mark.parametrize("text", NOT_MOMENTS)
def test_what_is_no_moment_is_not_read(text: str) -> None:
    assert read_moments(pa.array([text])).state[0] == State.UNREAD


@given(st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)), min_size=1))  # noqa: DTZ001
def test_every_moment_python_writes_is_read_back(moments: list[datetime]) -> None:
    for spelled in (datetime.isoformat, lambda m: m.strftime("%d/%m/%Y %H:%M:%S.%f")):
        # isoformat leaves out a fraction of zero: shapes differ within one column
        found = read_moments(pa.array([spelled(moment) for moment in moments]))
        assert found.micros.tolist() == [(moment - EPOCH) // timedelta(microseconds=1) for moment in moments]


@given(st.lists(st.text(max_size=30).filter(bool), min_size=1))
def test_any_text_at_all_is_looked_at_without_falling_over(texts: list[str]) -> None:
    assert len(read_moments(pa.array(texts)).micros) == len(texts)


def test_one_day_after_the_12th_tells_day_from_month(tmp_path: Path) -> None:
    days = column(tmp_path, "fecha", ["01/02/2024", "03/04/2024", "13/02/2024"])
    months = column(tmp_path, "fecha", ["01/02/2024", "03/04/2024", "02/13/2024"])
    assert days.data["fecha"][0].as_py() == datetime(2024, 2, 1)  # noqa: DTZ001
    assert months.data["fecha"][0].as_py() == datetime(2024, 1, 2)  # noqa: DTZ001
    assert days.remarks == ()


def test_days_below_13_only_are_taken_for_day_before_month_and_said(tmp_path: Path) -> None:
    table = column(tmp_path, "fecha", ["01/02/2024", "03/04/2024"])
    assert table.data["fecha"][0].as_py() == datetime(2024, 2, 1)  # noqa: DTZ001
    assert remarks(table) == [
        "In “fecha” nothing tells day from month (no day is after the 12th); it was read as day/month."
    ]


def test_a_column_that_does_not_tell_follows_one_that_does(tmp_path: Path) -> None:
    table = table_of(tmp_path, "case,start,end\n1,01/02/2024,01/02/2024\n1,03/04/2024,12/31/2024\n")
    assert table.data["start"][1].as_py() == datetime(2024, 3, 4)  # noqa: DTZ001
    assert "“start” was read as month/day, like “end”." in remarks(table)


def test_few_values_that_are_no_times_are_blanked_and_counted(tmp_path: Path) -> None:
    values = [f"2024-01-{day:02d}" for day in range(1, 31)] * 2
    values[41] = "pendiente"
    table = column(tmp_path, "fecha", values)
    assert table.data["fecha"].type == pa.timestamp("us")
    assert table.data["fecha"].null_count == 1
    assert remarks(table) == [
        "1 value of “fecha” is no time and was left blank: “pendiente” (log.csv, row 43)."
    ]


def test_a_column_with_many_other_words_stays_text(tmp_path: Path) -> None:
    table = column(tmp_path, "fecha", ["2024-01-02"] * 9 + ["pendiente"])
    assert table.data["fecha"].type == pa.string()


def test_words_for_missing_do_not_make_a_column_of_times_text(tmp_path: Path) -> None:
    table = column(tmp_path, "fecha", ["2024-01-02", "NULL", "NULL", "2024-01-03"])
    assert table.data["fecha"].null_count == 2
    assert table.remarks == ()


def test_years_nobody_means_are_blanked_and_counted(tmp_path: Path) -> None:
    values = ["2024-01-02"] * 5 + ["0001-01-01", "9999-12-31"]
    table = column(tmp_path, "fecha", values)
    assert table.data["fecha"].null_count == 2
    assert remarks(table) == [
        "2 values of “fecha” lie in years nobody means and were left blank, as “0001-01-01” (log.csv, row 7)."
    ]


def test_offsets_make_a_column_utc(tmp_path: Path) -> None:
    table = column(tmp_path, "t", ["2024-01-02T10:00:00+01:00", "2024-07-02T10:00:00+02:00"])
    assert table.data["t"].to_pylist() == [
        datetime(2024, 1, 2, 9, tzinfo=UTC),
        datetime(2024, 7, 2, 8, tzinfo=UTC),
    ]
    assert table.remarks == ()


def test_times_without_a_zone_among_others_with_one_are_said(tmp_path: Path) -> None:
    table = column(tmp_path, "t", ["2024-01-02T10:00:00+01:00", "2024-07-02T10:00:00"])
    assert table.data["t"][1].as_py() == datetime(2024, 7, 2, 10, tzinfo=UTC)
    assert remarks(table) == ["1 time in “t” (50.0 %) says no zone and the others do; it was read as UTC."]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("timestamp", "1704187800", pa.timestamp("us", "UTC")),
        ("created_at", "1704187800000", pa.timestamp("us", "UTC")),
        ("fecha", "20240102", pa.timestamp("us")),
        ("order", "1704187800", pa.int64()),
        ("number", "20240102", pa.int64()),
        ("date", "45293", pa.int64()),
    ],
)
def test_a_number_is_a_time_only_where_the_title_says_so(
    tmp_path: Path, name: str, value: str, kind: pa.DataType
) -> None:
    assert column(tmp_path, name, [value, value]).data[name].type == kind


def test_seconds_and_milliseconds_since_1970_are_the_same_moment(tmp_path: Path) -> None:
    seconds = column(tmp_path, "timestamp", ["1704187800"]).data["timestamp"][0].as_py()
    millis = column(tmp_path, "timestamp", ["1704187800000"]).data["timestamp"][0].as_py()
    assert seconds == millis == datetime(2024, 1, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("separator", "values", "expected"),
    [
        (",", ["1", "-2", ""], [1, -2, None]),
        (",", ["1.5", "2", "-0.25"], [1.5, 2.0, -0.25]),
        (",", ["1e-05", "2.5"], [1e-05, 2.5]),
        (",", ["1,234.5", "7"], [1234.5, 7.0]),
        (";", ["1234,5", "7"], [1234.5, 7.0]),
        (";", ["1.234,50", "12,00"], [1234.5, 12.0]),
        (";", ["1.234.567", "1.000"], [1234567.0, 1000.0]),
        (";", ["12.50", "1.5"], [12.5, 1.5]),
        (";", ["1.234,50 €", "12,00 €"], [1234.5, 12.0]),
        (",", ["1.5", "NA"], [1.5, None]),
        (",", ["true", "False"], [True, False]),
        (";", ["verdadero", "falso"], [True, False]),
    ],
)
def test_figures_are_read_as_the_whole_column_writes_them(
    tmp_path: Path, separator: str, values: list[str], expected: list[object]
) -> None:
    assert column(tmp_path, "x", values, separator=separator).data["x"].to_pylist() == expected


@pytest.mark.parametrize(
    "values",
    [
        ["007", "123"],
        ["1", "2", "NA"],
        ["12E5", "13E5"],
        ["+34600123123", "34"],
        ["912 345 678"],
        ["1234567890123456789012"],
        ["1", "2", "x"],
        ["nan", "inf"],
        ["yes", "no"],
    ],
)
def test_codes_stay_text(tmp_path: Path, values: list[str]) -> None:
    assert column(tmp_path, "x", values).data["x"].to_pylist() == values


def test_a_guess_between_point_and_thousands_is_said(tmp_path: Path) -> None:
    table = column(tmp_path, "importe", ["1.234", "5.678"], separator=";")
    assert table.data["importe"].to_pylist() == [1234.0, 5678.0]
    assert remarks(table) == ["In “importe” a point was taken for thousands: 1.234 is a thousand and more."]


def test_where_a_value_stands_counts_rows_left_out_before_it_and_the_file(tmp_path: Path) -> None:
    good = [f"1,2024-01-{day:02d}" for day in range(1, 31)]
    first = written(tmp_path, "\n".join(["case,fecha", *good, ""]), "a.csv")
    second = written(tmp_path, "\n".join(["case,fecha", "1,2,3", *good, "1,luego", ""]), "b.csv")
    assert "“luego” (b.csv, row 33)" in remarks(read([first, second]))[-1]
