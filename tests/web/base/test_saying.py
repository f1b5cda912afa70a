"""Moments and money as people say them, in both languages and at the seams of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from hilo.web.base import saying

MADRID = ZoneInfo("Europe/Madrid")
CANARIES = ZoneInfo("Atlantic/Canary")
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=MADRID)  # a Tuesday


def madrid(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MADRID, fold=fold)


@pytest.mark.parametrize(
    ("moment", "es", "en"),
    [
        (madrid(11, 24, 13), "vence hoy 13:00", "due today 13:00"),
        (madrid(11, 24, 9, 40), "vence hoy 09:40", "due today 09:40"),
        (madrid(11, 24, 9, 39), "venció hace 1 min", "was due 1 min ago"),
        (madrid(11, 24, 8, 41), "venció hace 59 min", "was due 59 min ago"),
        (madrid(11, 24, 8, 40), "venció hoy 08:40", "was due today 08:40"),
        (madrid(11, 23, 12), "venció ayer 12:00", "was due yesterday 12:00"),
        (madrid(11, 20, 12), "venció el viernes 20", "was due on Friday 20"),
        (madrid(11, 1, 12), "venció el 1 nov", "was due on 1 Nov"),
        (madrid(12, 31, 12, year=2025), "venció el 31 dic 2025", "was due on 31 Dec 2025"),
        (madrid(11, 25, 12), "mañana 12:00", "tomorrow 12:00"),
        (madrid(11, 26, 18), "jueves 26", "Thursday 26"),
        (madrid(11, 30, 23, 59), "lunes 30", "Monday 30"),
        (madrid(12, 1), "1 dic", "1 Dec"),
        (madrid(1, 4, year=2027), "4 ene 2027", "4 Jan 2027"),
    ],
)
def test_a_deadline_is_said_as_people_say_it(moment: datetime, es: str, en: str) -> None:
    assert saying.said_due(moment, NOW, MADRID, "es") == es
    assert saying.said_due(moment, NOW, MADRID, "en") == en


def test_a_whole_day_deadline_names_no_time() -> None:
    assert saying.said_due(madrid(11, 24, 23, 59), NOW, MADRID, "es", whole_day=True) == "vence hoy"
    assert saying.said_due(madrid(11, 23, 23, 59), NOW, MADRID, "es", whole_day=True) == "venció ayer"
    assert saying.said_due(madrid(11, 25, 23, 59), NOW, MADRID, "es", whole_day=True) == "mañana"


@pytest.mark.parametrize(
    ("moment", "es"),
    [
        (madrid(11, 24, 8, 52), "hoy 08:52"),
        (madrid(11, 24, 0, 0), "hoy 00:00"),
        (madrid(11, 23, 23, 59), "ayer 23:59"),
        (madrid(11, 19, 16, 20), "jueves 19, 16:20"),
        (madrid(11, 18, 16, 20), "miércoles 18, 16:20"),
        (madrid(11, 17, 16, 20), "17 nov"),
        (madrid(11, 25, 0, 0), "mañana 00:00"),
    ],
)
def test_a_moment_belongs_to_the_day_it_begins(moment: datetime, es: str) -> None:
    assert saying.said_moment(moment, NOW, MADRID, "es") == es


def test_today_is_the_day_of_whoever_looks() -> None:
    """23:30 in the Canaries is already tomorrow in Madrid."""
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=CANARIES)
    now = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    assert saying.said_due(moment, now, CANARIES, "es") == "vence hoy 23:30"
    assert saying.said_due(moment, now, MADRID, "es") == "mañana 00:30"


def test_both_nights_of_the_clock_change_count_as_one_night() -> None:
    autumn = madrid(10, 24, 23, 30)
    assert saying.said_moment(madrid(10, 25, 23, 0), autumn, MADRID, "es") == "mañana 23:00"
    assert saying.said_moment(madrid(10, 26, 0, 0), autumn, MADRID, "es") == "lunes 26, 00:00"
    spring = madrid(3, 28, 23, 30)
    assert saying.said_moment(madrid(3, 29, 0, 30), spring, MADRID, "es") == "mañana 00:30"
    assert saying.said_moment(madrid(3, 30, 0, 0), spring, MADRID, "es") == "lunes 30, 00:00"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first, second = madrid(10, 25, 2, 30), madrid(10, 25, 2, 30, fold=1)
    assert saying.exact(first, MADRID, "es") == "domingo 25 oct 2026, 02:30 (+0200)"
    assert saying.exact(second, MADRID, "es") == "domingo 25 oct 2026, 02:30 (+0100)"
    assert saying.exact(NOW, MADRID, "es") == "martes 24 nov 2026, 09:40"
    assert saying.exact(NOW, MADRID, "en") == "Tuesday 24 Nov 2026, 09:40"


def test_the_year_is_said_only_when_it_is_another() -> None:
    last_night = madrid(12, 31, 23, 0)
    assert saying.said_day(madrid(1, 1, year=2027), last_night, MADRID, "es") == "mañana"
    assert saying.said_day(madrid(1, 20, year=2027), last_night, MADRID, "es") == "20 ene 2027"
    assert saying.said_day(madrid(1, 3, year=2027), last_night, MADRID, "es") == "domingo 3"


@pytest.mark.parametrize(
    ("back", "es", "en"),
    [
        (timedelta(0), "ahora mismo", "just now"),
        (timedelta(seconds=59), "ahora mismo", "just now"),
        (timedelta(seconds=60), "hace 1 min", "1 min ago"),
        (timedelta(minutes=59, seconds=59), "hace 59 min", "59 min ago"),
        (timedelta(hours=1), "hace 1 h", "1 h ago"),
        (timedelta(hours=23, minutes=59), "hace 23 h", "23 h ago"),
        (timedelta(days=1), "hace 1 día", "1 day ago"),
        (timedelta(days=3, hours=23), "hace 3 días", "3 days ago"),
        (timedelta(days=59), "hace 59 días", "59 days ago"),
        (timedelta(days=61), "hace 2 meses", "2 months ago"),
        (timedelta(days=364), "hace 11 meses", "11 months ago"),
        (timedelta(days=365), "hace 1 año", "1 year ago"),
        (timedelta(days=800), "hace 2 años", "2 years ago"),
        (-timedelta(days=2), "en 2 días", "in 2 days"),
    ],
)
def test_how_long_ago_takes_the_largest_unit_that_fits(back: timedelta, es: str, en: str) -> None:
    assert saying.said_ago(NOW - back, NOW, "es") == es
    assert saying.said_ago(NOW - back, NOW, "en") == en


@pytest.mark.parametrize(
    ("amount", "currency", "es", "en"),
    [
        (412000, "EUR", "412.000\N{NO-BREAK SPACE}€", "€412,000"),
        (Decimal("1284.5"), "EUR", "1.284,50\N{NO-BREAK SPACE}€", "€1,284.50"),
        (Decimal("0"), "EUR", "0\N{NO-BREAK SPACE}€", "€0"),
        (Decimal("-300"), "EUR", "-300\N{NO-BREAK SPACE}€", "-€300"),
        (Decimal("0.005"), "EUR", "0,00\N{NO-BREAK SPACE}€", "€0.00"),
        (1900000, "MXN", "1.900.000\N{NO-BREAK SPACE}MXN", "MXN\N{NO-BREAK SPACE}1,900,000"),
    ],
)
def test_money_is_written_as_each_language_writes_it(
    amount: Decimal, currency: str, es: str, en: str
) -> None:
    assert saying.said_money(amount, currency, "es") == es
    assert saying.said_money(amount, currency, "en") == en


def test_numbers_keep_the_house_style() -> None:
    assert saying.said_number(63229, "es") == "63.229"
    assert saying.said_number(Decimal("30.5"), "es", places=1) == "30,5"
    assert saying.said_number(Decimal("30.5"), "en", places=1) == "30.5"


def test_any_language_but_english_is_answered_in_spanish() -> None:
    assert saying.said_date(date(2026, 11, 25), date(2026, 11, 24), "es-mx") == "mañana"
    assert saying.said_date(date(2026, 11, 25), date(2026, 11, 24), "en-gb") == "tomorrow"


def test_the_head_of_a_page_says_the_whole_date() -> None:
    assert saying.said_long_date(date(2026, 11, 24), "es") == "Martes, 24 de noviembre"
    assert saying.said_long_date(date(2026, 11, 24), "en") == "Tuesday 24 November"
