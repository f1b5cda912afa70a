"""What a calendar is, what is refused, and that its stored form comes back equal."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.businesstime import (
    ALWAYS,
    CalendarRules,
    InvalidCalendar,
    MonthDay,
    Season,
    SpecialDay,
    Window,
    always_open,
    weekly,
)
from tests.businesstime.random_calendars import random_trial

NINE_TO_TWO, FOUR_TO_SEVEN = Window(540, 840), Window(960, 1140)
SPLIT = (NINE_TO_TWO, FOUR_TO_SEVEN)
SPLIT_WEEK = (SPLIT,) * 5 + ((), ())
MORNINGS = ((Window(480, 900),),) * 5 + ((), ())
WINTER = Season.whole_year("Horario general", SPLIT_WEEK)
SUMMER = Season("Horario de verano", MonthDay(6, 15), MonthDay(9, 15), MORNINGS)


def stored(**changes: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(weekly("Europe/Madrid", ["09:00-14:00"]).to_dict()))
    return data | changes


def a_season(**changes: object) -> dict[str, Any]:
    season: dict[str, Any] = stored()["seasons"][0]
    return season | changes


def a_day(**changes: object) -> dict[str, Any]:
    return {
        "date": "2026-12-24",
        "windows": ["09:00-13:00"],
        "name": "Nochebuena",
        "provenance": "local",
    } | changes


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("09:00-14:00", Window(540, 840)),
        ("9:00 – 14:00", Window(540, 840)),
        ("16:00-24:00", Window(960, 1440)),
        ("00:00-24:00", Window(0, 1440)),
        ("22:00-06:00+1", Window(1320, 1800)),
        ("12:00-12:00+1", Window(720, 2160)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, window: Window) -> None:
    assert Window.parse(text) == window
    assert Window.parse(str(window)) == window


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("14:00-09:00", "window-order"),
        ("09:00-09:00", "window-order"),
        ("24:00-06:00+1", "window-range"),
        ("08:00-09:00+1", "window-range"),
        ("09:00-24:01", "window-text"),
        ("09:60-10:00", "window-text"),
        ("09:00", "window-text"),
        ("٠٩:٠٠-١٤:٠٠", "window-text"),
        ("", "window-text"),
    ],
)
def test_hours_that_cannot_be_are_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidCalendar) as refusal:
        Window.parse(text)
    assert refusal.value.code == code


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_every_window_is_read_back_from_its_text(start: int, length: int) -> None:
    window = Window(start, start + length)
    assert Window.parse(str(window)) == window


def test_a_later_season_takes_its_days_from_an_earlier_one_both_ends_included() -> None:
    rules = CalendarRules("Europe/Madrid", (WINTER, SUMMER))
    hours = {day: rules.windows_on(date(2026, *day)) for day in [(6, 12), (6, 15), (9, 15), (9, 16)]}
    assert hours == {(6, 12): SPLIT, (6, 15): MORNINGS[0], (9, 15): MORNINGS[0], (9, 16): SPLIT}


def test_a_season_may_wrap_over_new_year() -> None:
    southern = Season("Verano austral", MonthDay(12, 15), MonthDay(2, 29), MORNINGS)
    rules = CalendarRules("America/Santiago", (WINTER, southern))
    assert rules.windows_on(date(2026, 12, 15)) == MORNINGS[0]
    assert rules.windows_on(date(2028, 2, 29)) == MORNINGS[0]
    assert rules.windows_on(date(2028, 3, 1)) == SPLIT
    assert rules.windows_on(date(2027, 2, 26)) == MORNINGS[0]
    assert rules.windows_on(date(2026, 12, 14)) == SPLIT


def test_two_seasons_that_share_the_year_need_no_whole_year_one() -> None:
    rest = Season("Invierno", MonthDay(9, 16), MonthDay(6, 14), SPLIT_WEEK)
    rules = CalendarRules("Europe/Madrid", (SUMMER, rest))
    assert rules.windows_on(date(2026, 6, 12)) == SPLIT


def test_a_special_day_replaces_the_week() -> None:
    holiday = SpecialDay(date(2026, 10, 12), (), "Fiesta Nacional", "official")
    half_day = SpecialDay(date(2026, 12, 24), (NINE_TO_TWO,), "Nochebuena", "local")
    stocktaking = SpecialDay(date(2026, 10, 17), (FOUR_TO_SEVEN,), "Inventario", "local")
    rules = CalendarRules("Europe/Madrid", (WINTER,), (holiday, half_day, stocktaking))
    assert rules.windows_on(date(2026, 10, 12)) == ()
    assert rules.windows_on(date(2026, 12, 24)) == (NINE_TO_TWO,)
    assert rules.windows_on(date(2026, 10, 17)) == (FOUR_TO_SEVEN,)
    assert [rules.is_working_day(date(2026, 10, day)) for day in (12, 13, 17, 18)] == [
        False,
        True,
        True,
        False,
    ]


def test_overlapping_windows_are_refused_by_name() -> None:
    with pytest.raises(InvalidCalendar, match="16:00-19:00 and 18:00-20:00") as refusal:
        weekly("Europe/Madrid", ["16:00-19:00", "18:00-20:00"])
    assert refusal.value.code == "overlap"


def test_touching_windows_do_not_overlap() -> None:
    assert weekly("Europe/Madrid", ["14:00-18:00", "09:00-14:00"]).is_working_day(date(2026, 3, 2))


def test_a_night_shift_may_not_run_into_the_next_days_hours() -> None:
    with pytest.raises(InvalidCalendar) as refusal:
        weekly("Europe/Madrid", ["05:00-14:00", "22:00-06:00+1"])
    assert refusal.value.code == "overlap"


def test_sundays_night_shift_may_not_run_into_mondays_hours() -> None:
    night, early = (Window.parse("22:00-06:00+1"),), (Window.parse("05:00-06:00"),)
    with pytest.raises(InvalidCalendar) as refusal:
        Season.whole_year("Turnos", (early, (), (), (), (), (), night))
    assert refusal.value.code == "overlap"


@pytest.mark.parametrize(
    "zone",
    ["", "Europe", "Europe/Zaragoza", "../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "Madrid\ud800"],
)
def test_a_zone_that_is_not_one_is_refused(zone: str) -> None:
    with pytest.raises(InvalidCalendar) as refusal:
        weekly(zone, ["09:00-14:00"])
    assert refusal.value.code == "zone"


def test_a_day_of_the_year_without_a_season_is_refused_by_name() -> None:
    rest = Season("Invierno", MonthDay(9, 17), MonthDay(6, 14), SPLIT_WEEK)
    with pytest.raises(InvalidCalendar, match="09-16") as refusal:
        CalendarRules("Europe/Madrid", (SUMMER, rest))
    assert refusal.value.code == "season-gap"


def test_a_date_described_twice_is_refused() -> None:
    day = SpecialDay(date(2026, 10, 12), (), "Fiesta Nacional", "official")
    with pytest.raises(InvalidCalendar) as refusal:
        weekly("Europe/Madrid", ["09:00-14:00"], special=[day, day])
    assert refusal.value.code == "day-twice"


def test_a_special_day_with_a_time_is_refused() -> None:
    with pytest.raises(InvalidCalendar):
        SpecialDay(datetime(2026, 10, 12, tzinfo=UTC), (), "Fiesta Nacional", "official")


@pytest.mark.parametrize("number", range(0, 100, 7))
def test_what_was_stored_as_json_comes_back_equal(number: int) -> None:
    rules = CalendarRules.from_dict(random_trial(number).calendar)
    again = CalendarRules.from_dict(json.loads(json.dumps(rules.to_dict())))
    assert again == rules
    assert hash(again) == hash(rules)
    assert rules.to_dict() == random_trial(number).calendar


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "shape"),
        (stored(zone=None), "shape"),
        (stored(seasons={}), "shape"),
        (stored(seasons=["verano"]), "shape"),
        (stored(seasons=[]), "season-gap"),
        (stored(holidays=[]), "shape"),
        (stored(seasons=[a_season(week=[["09:00-14:00"]] * 6)]), "week-length"),
        (stored(seasons=[a_season(week=["09:00-14:00"] * 7)]), "shape"),
        (stored(seasons=[a_season(week=[[540, 840]] * 7)]), "shape"),
        (stored(seasons=[a_season(first="02-30")]), "month-day"),
        (stored(seasons=[a_season(first="15 de junio")]), "month-day"),
        (stored(seasons=[a_season(colour="red")]), "shape"),
        (stored(days=[a_day(date="24/12/2026")]), "date"),
        (stored(days=[a_day(windows=None)]), "shape"),
        (stored(days=[a_day(name=7)]), "shape"),
        (stored(days=[a_day(windows=["09:00-13:00", "12:00-14:00"])]), "overlap"),
    ],
)
def test_a_description_that_is_not_a_calendar_is_refused_with_its_reason(
    data: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidCalendar) as refusal:
        CalendarRules.from_dict(data)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def test_open_always_has_no_closed_day() -> None:
    assert ALWAYS.zone == "UTC"
    assert always_open("Europe/Madrid").windows_on(date(2026, 12, 25)) == (Window(0, 1440),)
    assert not ALWAYS.never_opens
    assert weekly("UTC", []).never_opens
