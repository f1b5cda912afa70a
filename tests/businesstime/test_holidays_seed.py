"""Holidays to start from: which days, and how sure we are of them."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version

import pytest

from hilo.businesstime import SpecialDay, Window, weekly, working_time
from hilo.businesstime.holidays_seed import local_holiday, special_days

SOURCE = f"holidays {version('holidays')}; ES-AR"


def test_zaragoza_has_the_regions_twelve_days_and_its_own_two() -> None:
    town = [local_holiday(date(2026, 1, 29), "San Valero"), local_holiday(date(2026, 3, 5), "Cincomarzada")]
    days = special_days("ES", "AR", [2026], town)
    assert [f"{day.date:%m-%d}" for day in days] == [
        "01-01", "01-06", "01-29", "03-05", "04-02", "04-03", "04-23",
        "05-01", "08-15", "10-12", "11-02", "12-07", "12-08", "12-25",
    ]  # fmt: skip
    assert all(day.windows == () for day in days)
    assert {day.provenance for day in days} == {f"official; {SOURCE}", "local"}
    assert days[0].name == "Año Nuevo"


def test_years_without_an_official_calendar_say_that_they_are_computed() -> None:
    days = special_days("ES", "AR", [2026, 2027])
    assert {(day.date.year, day.provenance) for day in days} == {
        (2026, f"official; {SOURCE}"),
        (2027, f"computed; {SOURCE}"),
    }


def test_a_country_nobody_checked_is_computed() -> None:
    days = special_days("MX", None, [2026])
    assert days
    assert all(day.provenance.startswith("computed; ") for day in days)


def test_a_local_half_day_wins_over_the_package() -> None:
    half = SpecialDay(date(2026, 12, 8), (Window(540, 840),), "Media jornada", "local")
    days = {day.date: day for day in special_days("ES", "AR", [2026], [half])}
    assert days[half.date] == half


def test_two_delegations_have_each_their_own_region() -> None:
    catalonia, aragon = ({day.date for day in special_days("ES", code, [2026])} for code in ("CT", "AR"))
    assert date(2026, 9, 11) in catalonia - aragon
    assert date(2026, 4, 23) in aragon - catalonia


def test_a_seeded_calendar_steps_over_its_holidays() -> None:
    rules = weekly("Europe/Madrid", ["09:00-14:00"], special=special_days("ES", "AR", [2026]))
    assert working_time(rules).next_working_day(date(2026, 4, 1)) == date(2026, 4, 6)


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("ES", "ZZ"), ("", None)])
def test_an_unknown_place_is_refused(country: str, subdivision: str | None) -> None:
    with pytest.raises(ValueError, match="No holidays are known"):
        special_days(country, subdivision, [2026])


def test_no_years_give_only_the_local_days() -> None:
    own = local_holiday(date(2026, 3, 5), "Cincomarzada")
    assert special_days("ES", "AR", [], [own]) == (own,)
