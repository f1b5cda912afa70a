from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.channels.imports import settling
from hilo.channels.imports.cleaning import Unfit
from hilo.channels.imports.refused import Unreadable
from hilo.channels.imports.settling import AmountColumn, DayColumn, DayOrder, DecimalMark

pytestmark = pytest.mark.any_database
MADRID = ZoneInfo("Europe/Madrid")
DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST
COMMA, POINT = DecimalMark.COMMA, DecimalMark.POINT


def days(*cells: str, said: DayOrder | None = None) -> DayOrder:
    column = DayColumn("hilos.csv", "Fecha", said)
    for number, cell in enumerate(cells, start=2):
        column.see(number, cell)
    return column.settled()


def amounts(*cells: str, said: DecimalMark | None = None) -> DecimalMark:
    column = AmountColumn("hilos.csv", "Importe", said)
    for number, cell in enumerate(cells, start=2):
        column.see(number, cell)
    return column.settled()


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2026", "25/04/2026"], DAY),
        (["03/04/2026", "04/25/2026"], MONTH),
        (["3.4.2026"], DAY),
        (["2026-03-04", "2026-12-31T10:00:00Z"], DAY),
        (["05/05/2026"], DAY),
        (["1/2/26", "13/2/26"], DAY),
        ([], DAY),
    ],
)
def test_one_date_settles_how_the_whole_column_is_read(cells: list[str], order: DayOrder) -> None:
    assert days(*cells) is order


def test_a_column_of_dates_that_decides_nothing_asks() -> None:
    with pytest.raises(Unreadable, match=r"row 2 says 03/04/2026.*--dates day-first"):
        days("03/04/2026", "05/06/2026")
    assert days("03/04/2026", said=MONTH) is MONTH


def test_a_column_of_dates_that_contradicts_itself_shows_both_rows() -> None:
    with pytest.raises(Unreadable, match=r"row 2 \(25/12/2026\) and the month first in row 3 \(12/25/2026\)"):
        days("25/12/2026", "12/25/2026")


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("03/04/2026", DAY, dt.date(2026, 4, 3)),
        ("03/04/2026", MONTH, dt.date(2026, 3, 4)),
        ("2026-04-03", MONTH, dt.date(2026, 4, 3)),
        ("20260403", DAY, dt.date(2026, 4, 3)),
        ("3-4-26", DAY, dt.date(2026, 4, 3)),
        ("3/4/70", DAY, dt.date(1970, 4, 3)),
        ("3 de abril de 2026", DAY, dt.date(2026, 4, 3)),
        ("3-abr-26", MONTH, dt.date(2026, 4, 3)),
        ("Apr 3, 2026", DAY, dt.date(2026, 4, 3)),
        ("03/04/2026 16:30", DAY, dt.date(2026, 4, 3)),
    ],
)
def test_dates_are_read_as_they_are_written(cell: str, order: DayOrder, day: dt.date) -> None:
    assert settling.day(cell, order) == day


@pytest.mark.parametrize(
    "cell", ["31/02/2026", "ayer", "2026-13-01", "1/1/026", "0206-01-01", "12", "3 foo 2026"]
)
def test_what_is_no_date_is_refused_with_the_way_to_write_it(cell: str) -> None:
    with pytest.raises(Unfit, match="2026-12-31"):
        settling.day(cell, DAY)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2006-06-15T20:47:07.000Z", dt.datetime(2006, 6, 15, 20, 47, 7, tzinfo=dt.UTC)),
        ("2026-07-01 10:00:00", dt.datetime(2026, 7, 1, 8, 0, tzinfo=dt.UTC)),
        ("2026-01-01", dt.datetime(2025, 12, 31, 23, 0, tzinfo=dt.UTC)),
        ("1/7/2026 4:05 p.m.", dt.datetime(2026, 7, 1, 14, 5, tzinfo=dt.UTC)),
        ("2026-07-01T10:00:00+0530", dt.datetime(2026, 7, 1, 4, 30, tzinfo=dt.UTC)),
    ],
)
def test_moments_are_aware_and_utc(cell: str, moment: dt.datetime) -> None:
    assert settling.moment(cell, DAY, MADRID) == moment


def test_a_time_that_no_clock_shows_is_refused() -> None:
    with pytest.raises(Unfit, match="is no time"):
        settling.moment("2026-07-01 25:00", DAY, MADRID)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234", "1.234,50"], COMMA),
        (["1,234", "1,234.50"], POINT),
        (["1.234", "10,5"], COMMA),
        (["500000.0"], POINT),
        (["1.234.567"], COMMA),
        (["12345,678"], COMMA),
        (["0.125"], POINT),
        (["6.0E7"], POINT),
        (["100", "2000 €"], POINT),
    ],
)
def test_one_amount_settles_how_the_whole_column_is_read(cells: list[str], mark: DecimalMark) -> None:
    assert amounts(*cells) is mark


def test_a_column_of_amounts_that_decides_nothing_asks() -> None:
    with pytest.raises(Unreadable, match=r"row 2 says 1\.234\. Say it with --decimals comma"):
        amounts("1.234", "5.678")
    assert amounts("1.234", said=COMMA) is COMMA


def test_a_column_of_amounts_that_contradicts_itself_shows_both_rows() -> None:
    with pytest.raises(Unreadable, match=r"row 3 \(10,5\) and with a point in row 2 \(10\.5\)"):
        amounts("10.5", "10,5")


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("1.234,50 €", COMMA, (Decimal("1234.50"), "EUR")),
        ("$1,234.50", POINT, (Decimal("1234.50"), "USD")),
        ("USD 1 234", POINT, (Decimal("1234"), "USD")),
        ("1'234.50 CHF", POINT, (Decimal("1234.50"), "CHF")),
        ("(1.234,50)", COMMA, (Decimal("-1234.50"), "")),
        ("1.234-", COMMA, (Decimal("-1234"), "")),
        ("8.48E10", POINT, (Decimal("84800000000"), "")),
        (",5", COMMA, (Decimal("0.5"), "")),
        ("500000.0", POINT, (Decimal("500000.0"), "")),
    ],
)
def test_amounts_are_read_to_the_cent_with_their_currency(
    cell: str, mark: DecimalMark, value: tuple[Decimal, str]
) -> None:
    assert settling.amount(cell, mark) == value


@pytest.mark.parametrize(
    "cell", ["1.2.3", "12,34,56", "mucho", "NaN", "Infinity", "1e999", "=1+1", "1234.567,1", "--5"]
)
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(Unfit, match="is no amount"):
        settling.amount(cell, COMMA)


def test_an_amount_no_column_can_hold_is_refused() -> None:
    with pytest.raises(Unfit, match="too large"):
        settling.amount("1" + "0" * 12, POINT)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([COMMA, POINT]))
def test_every_amount_written_with_thousands_is_read_back(value: Decimal, mark: DecimalMark) -> None:
    written = f"{value:,.2f}"
    if mark is COMMA:
        written = written.translate(str.maketrans(",.", ".,"))
    assert amounts(written) is mark
    assert settling.amount(written, mark)[0] == value


@given(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)), st.sampled_from(["/", "-"]))
def test_every_date_is_read_back_in_the_order_it_was_written(day: dt.date, mark: str) -> None:
    assert settling.day(day.strftime(f"%d{mark}%m{mark}%Y"), DAY) == day
    assert settling.day(day.strftime(f"%m{mark}%d{mark}%y"), MONTH) == day
    assert settling.day(day.isoformat(), MONTH) == day
