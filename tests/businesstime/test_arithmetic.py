"""Conventions at the edges of shifts, both nights of the clocks, dates, arrays, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilo.businesstime import (
    ALWAYS,
    CalendarRules,
    NoWorkingTime,
    OutsideYears,
    SpecialDay,
    Window,
    WorkingTime,
    always_open,
    from_micros,
    to_micros,
    weekly,
    working_time,
)
from tests.businesstime.random_calendars import random_trial

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MADRID = ZoneInfo("Europe/Madrid")
SPLIT = WorkingTime(weekly("Europe/Madrid", ["09:00-14:00", "16:00-19:00"]))
NIGHTS = WorkingTime(weekly("Europe/Madrid", ["22:00-06:00+1"]))
NEVER = WorkingTime(weekly("Europe/Madrid", []))
FOUR_TO_TEN = (Window(240, 600),)
FRIDAY, SATURDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 9)


def madrid(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), MADRID).astimezone(UTC)


def closed_on(*days: date) -> WorkingTime:
    special = [SpecialDay(day, (), "Fiesta", "local") for day in days]
    return WorkingTime(weekly("Europe/Madrid", ["09:00-14:00", "16:00-19:00"], special=special))


class TestEdgesOfShifts:
    def test_the_rest_of_a_shift_ends_at_its_close_not_at_the_next_opening(self) -> None:
        assert SPLIT.add(madrid(FRIDAY, "11:00"), 3 * HOUR) == madrid(FRIDAY, "14:00")
        assert SPLIT.add(madrid(FRIDAY, "17:00"), 2 * HOUR) == madrid(FRIDAY, "19:00")

    def test_a_microsecond_more_falls_after_the_next_opening(self) -> None:
        later = SPLIT.add(madrid(FRIDAY, "17:00"), 2 * HOUR + timedelta.resolution)
        assert later == madrid(MONDAY, "09:00") + timedelta.resolution

    def test_nothing_added_changes_nothing_even_outside_hours(self) -> None:
        assert SPLIT.add(madrid(SATURDAY, "12:00"), timedelta(0)) == madrid(SATURDAY, "12:00")
        assert NEVER.add(madrid(SATURDAY, "12:00"), timedelta(0)) == madrid(SATURDAY, "12:00")

    def test_time_added_outside_hours_runs_from_the_next_opening(self) -> None:
        assert SPLIT.add(madrid(FRIDAY, "15:00"), HOUR) == madrid(FRIDAY, "17:00")
        assert SPLIT.add(madrid(SATURDAY, "12:00"), HOUR) == madrid(MONDAY, "10:00")

    def test_subtracting_is_the_mirror_of_adding(self) -> None:
        assert SPLIT.subtract(madrid(MONDAY, "12:00"), 3 * HOUR) == madrid(MONDAY, "09:00")
        assert SPLIT.subtract(madrid(MONDAY, "08:00"), HOUR) == madrid(FRIDAY, "18:00")
        assert SPLIT.add(madrid(MONDAY, "08:00"), -HOUR) == madrid(FRIDAY, "18:00")

    def test_between_is_signed(self) -> None:
        assert SPLIT.between(madrid(FRIDAY, "13:00"), madrid(MONDAY, "09:30")) == 4 * HOUR + 30 * MINUTE
        assert SPLIT.between(madrid(MONDAY, "09:30"), madrid(FRIDAY, "13:00")) == -4 * HOUR - 30 * MINUTE

    def test_open_from_the_opening_until_just_before_the_close(self) -> None:
        instants = ["08:59", "09:00", "13:59", "14:00", "16:00", "19:00"]
        assert [SPLIT.is_open(madrid(FRIDAY, clock)) for clock in instants] == [
            False,
            True,
            True,
            False,
            True,
            False,
        ]

    def test_next_open_is_now_when_open(self) -> None:
        assert SPLIT.next_open(madrid(FRIDAY, "13:59")) == madrid(FRIDAY, "13:59")
        assert SPLIT.next_open(madrid(FRIDAY, "14:00")) == madrid(FRIDAY, "16:00")
        assert SPLIT.next_open(madrid(FRIDAY, "19:00")) == madrid(MONDAY, "09:00")

    def test_previous_close_is_the_end_of_a_shift_also_while_open(self) -> None:
        assert SPLIT.previous_close(madrid(FRIDAY, "14:00")) == madrid(FRIDAY, "14:00")
        assert SPLIT.previous_close(madrid(FRIDAY, "17:00")) == madrid(FRIDAY, "14:00")
        assert SPLIT.previous_close(madrid(MONDAY, "09:30")) == madrid(FRIDAY, "19:00")

    def test_the_last_minute_before_midnight_counts(self) -> None:
        late = WorkingTime(weekly("Europe/Madrid", ["16:00-24:00"]))
        assert late.between(madrid(FRIDAY, "16:00"), madrid(SATURDAY, "12:00")) == 8 * HOUR
        assert late.is_open(madrid(FRIDAY, "23:59"))
        assert not late.is_open(madrid(SATURDAY, "00:00"))


class TestNightShifts:
    def test_a_shift_goes_on_into_the_next_day(self) -> None:
        assert NIGHTS.is_open(madrid(SATURDAY, "05:59"))
        assert not NIGHTS.is_open(madrid(SATURDAY, "06:00"))
        assert NIGHTS.between(madrid(FRIDAY, "12:00"), madrid(MONDAY, "12:00")) == 8 * HOUR

    def test_it_ends_into_a_holiday_but_does_not_begin_on_one(self) -> None:
        holiday = SpecialDay(FRIDAY, (), "Fiesta", "local")
        time = WorkingTime(weekly("Europe/Madrid", ["22:00-06:00+1"], special=[holiday]))
        assert time.is_open(madrid(FRIDAY, "05:00"))
        assert not time.is_open(madrid(FRIDAY, "22:00"))
        assert not time.is_open(madrid(SATURDAY, "05:00"))

    def test_a_shift_that_meets_a_special_days_hours_counts_once(self) -> None:
        stocktaking = SpecialDay(SATURDAY, FOUR_TO_TEN, "Inventario", "local")
        time = WorkingTime(weekly("Europe/Madrid", ["22:00-06:00+1"], special=[stocktaking]))
        assert time.between(madrid(FRIDAY, "22:00"), madrid(SATURDAY, "22:00")) == 12 * HOUR


class TestClockChanges:
    SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
    SMALL_HOURS = WorkingTime(weekly("Europe/Madrid", ["00:00-08:00"], days=7))
    DAY = timedelta(days=1)

    @pytest.mark.parametrize(
        ("night", "hours"), [(SPRING, 7), (AUTUMN, 9), (SPRING - DAY, 8), (AUTUMN + DAY, 8)]
    )
    def test_a_shift_over_the_change_lasts_what_it_really_lasts(self, night: date, hours: int) -> None:
        noons = madrid(night - self.DAY, "12:00"), madrid(night, "12:00")
        assert self.SMALL_HOURS.between(*noons) == hours * HOUR
        assert self.SMALL_HOURS.add(madrid(night, "00:00"), hours * HOUR) == madrid(night, "08:00")

    def test_an_hour_the_wall_skips_is_no_time_and_one_it_shows_twice_counts_twice(self) -> None:
        time = WorkingTime(weekly("Europe/Madrid", ["02:00-03:00"], days=7))
        assert time.between(madrid(self.SPRING, "00:00"), madrid(self.SPRING, "12:00")) == timedelta(0)
        assert time.between(madrid(self.AUTUMN, "00:00"), madrid(self.AUTUMN, "12:00")) == 2 * HOUR

    def test_open_always_is_real_time(self) -> None:
        time = WorkingTime(always_open("Europe/Madrid"))
        start, end = datetime(2025, 12, 31, 7, tzinfo=UTC), datetime(2027, 1, 1, 3, 5, tzinfo=UTC)
        assert time.between(start, end) == end - start
        assert time.add(start, timedelta(days=500, microseconds=1)) == start + timedelta(
            days=500, microseconds=1
        )

    @pytest.mark.parametrize(
        ("zone", "day", "last"),
        [
            ("Europe/Madrid", date(2026, 7, 1), datetime(2026, 7, 1, 22, tzinfo=UTC)),
            ("Europe/Madrid", date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
            ("Atlantic/Canary", date(2026, 7, 1), datetime(2026, 7, 1, 23, tzinfo=UTC)),
            ("America/Mexico_City", date(2026, 12, 31), datetime(2027, 1, 1, 6, tzinfo=UTC)),
            ("Pacific/Kiritimati", date(2026, 1, 1), datetime(2026, 1, 1, 10, tzinfo=UTC)),
            ("America/Havana", date(2026, 3, 7), datetime(2026, 3, 8, 5, tzinfo=UTC)),
            ("America/St_Johns", date(2010, 11, 6), datetime(2010, 11, 7, 3, 30, tzinfo=UTC)),
            ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ],
        ids=str,
    )
    def test_a_day_ends_with_its_last_microsecond(self, zone: str, day: date, last: datetime) -> None:
        assert WorkingTime(always_open(zone)).end_of_day(day) == last - timedelta.resolution


class TestWorkingDays:
    EASTER = closed_on(date(2026, 4, 2), date(2026, 4, 3))

    def test_the_day_itself_is_not_counted(self) -> None:
        assert SPLIT.next_working_day(FRIDAY) == MONDAY
        assert SPLIT.next_working_day(SATURDAY) == MONDAY
        assert self.EASTER.next_working_day(date(2026, 4, 1)) == date(2026, 4, 6)

    def test_fifteen_working_days_step_over_holidays(self) -> None:
        assert self.EASTER.add_working_days(date(2026, 3, 25), 15) == date(2026, 4, 17)
        assert self.EASTER.working_days_between(date(2026, 3, 25), date(2026, 4, 17)) == 15

    def test_none_gives_the_day_itself_and_fewer_go_back(self) -> None:
        assert SPLIT.add_working_days(SATURDAY, 0) == SATURDAY
        assert SPLIT.add_working_days(MONDAY, -1) == FRIDAY
        assert SPLIT.working_days_between(MONDAY, FRIDAY) == -1

    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 300))
    def test_counting_undoes_adding(self, day: date, count: int) -> None:
        assert self.EASTER.working_days_between(day, self.EASTER.add_working_days(day, count)) == count


class TestNeverOpen:
    AT = datetime(2026, 3, 6, 12, tzinfo=UTC)

    def test_every_question_that_needs_open_time_is_refused(self) -> None:
        for ask in (NEVER.next_open, NEVER.previous_close):
            with pytest.raises(NoWorkingTime, match="never open"):
                ask(self.AT)
        for duration in (HOUR, -HOUR, timedelta.max, timedelta.min):
            with pytest.raises(NoWorkingTime):
                NEVER.add(self.AT, duration)
        for count in (1, -1):
            with pytest.raises(NoWorkingTime, match="never open"):
                NEVER.add_working_days(FRIDAY, count)

    def test_the_others_are_answered(self) -> None:
        assert NEVER.between(self.AT, self.AT + 1000 * HOUR) == timedelta(0)
        assert not NEVER.is_open(self.AT)

    def test_a_single_open_day_is_found_and_used_up(self) -> None:
        only = SpecialDay(date(2040, 5, 5), FOUR_TO_TEN, "Feria", "local")
        time = WorkingTime(weekly("UTC", [], special=[only]))
        assert time.next_open(self.AT) == datetime(2040, 5, 5, 4, tzinfo=UTC)
        assert time.add(self.AT, 6 * HOUR) == datetime(2040, 5, 5, 10, tzinfo=UTC)
        assert time.next_working_day(FRIDAY) == date(2040, 5, 5)
        with pytest.raises(NoWorkingTime, match="not open long enough"):
            time.add(self.AT, 6 * HOUR + timedelta.resolution)
        with pytest.raises(NoWorkingTime, match="not open long enough"):
            time.add_working_days(FRIDAY, 2)

    def test_open_always_has_no_previous_close(self) -> None:
        with pytest.raises(NoWorkingTime):
            WorkingTime(ALWAYS).previous_close(self.AT)


class TestWhatIsRefused:
    def test_naive_moments(self) -> None:
        naive = datetime(2026, 3, 6, 12)  # noqa: DTZ001 (meant)
        with pytest.raises(ValueError, match="time zone"):
            SPLIT.between(naive, naive)

    @pytest.mark.parametrize("year", [202, 1899, 2200, 9999])
    def test_years_nobody_means(self, year: int) -> None:
        with pytest.raises(OutsideYears):
            SPLIT.is_open(datetime(year, 3, 6, 12, tzinfo=UTC))
        with pytest.raises(OutsideYears):
            SPLIT.end_of_day(date(year, 3, 6))
        with pytest.raises(OutsideYears):
            SPLIT.next_working_day(date(year, 3, 6))
        with pytest.raises(OutsideYears):
            SPLIT.working_days_between(date(2026, 3, 6), date(year, 3, 6))

    @pytest.mark.parametrize("values", [np.array([1.5]), np.array(["2026"]), np.array([True])])
    def test_arrays_of_anything_but_integers(self, values: np.ndarray) -> None:
        with pytest.raises(TypeError, match="int64"):
            SPLIT.between_many(values, values)

    def test_shapes_that_do_not_fit(self) -> None:
        with pytest.raises(ValueError, match="broadcast"):
            SPLIT.between_many(np.zeros(2, dtype=np.int64), np.zeros(3, dtype=np.int64))

    def test_a_missing_time_in_an_array(self) -> None:
        nothing = np.array(["NaT"], dtype="datetime64[us]").astype(np.int64)
        with pytest.raises(OutsideYears):
            SPLIT.between_many(nothing, nothing)

    def test_durations_at_the_edge_of_int64(self) -> None:
        for extreme in (np.iinfo(np.int64).max, np.iinfo(np.int64).min):
            with pytest.raises(NoWorkingTime):
                SPLIT.add_many(to_micros(madrid(FRIDAY, "12:00")), extreme)


class TestArrays:
    def test_many_opened_and_one_now_broadcast(self) -> None:
        opened = np.array([[to_micros(madrid(FRIDAY, "10:00"))], [to_micros(madrid(FRIDAY, "18:00"))]])
        now = to_micros(madrid(MONDAY, "09:30"))
        assert (SPLIT.between_many(opened, now) / 3_600_000_000).tolist() == [[7.5], [1.5]]

    def test_each_its_own_sign_and_nothing(self) -> None:
        noon = to_micros(madrid(FRIDAY, "12:00"))
        durations = np.array([3, 0, -4, 2]) * 3_600_000_000
        expected = ["17:00", "12:00", None, "14:00"]
        moved = [from_micros(at) for at in SPLIT.add_many(noon, durations)]
        thursday = madrid(date(2026, 3, 5), "18:00")
        assert moved == [madrid(FRIDAY, clock) if clock else thursday for clock in expected]

    def test_none_give_none(self) -> None:
        none = np.zeros(0, dtype=np.int64)
        assert SPLIT.between_many(none, none).shape == (0,)
        assert SPLIT.add_many(none, none).shape == (0,)

    def test_datetime64_converts_as_documented(self) -> None:
        at = np.array(["2026-03-06T11:00", "2026-03-06T12:30"], dtype="datetime64[s]")
        micros = at.astype("datetime64[us]").astype(np.int64)
        assert SPLIT.between_many(micros[0], micros[1]) == 90 * 60 * 1_000_000

    def test_the_callers_arrays_stay_as_they_were(self) -> None:
        starts = np.array([to_micros(madrid(FRIDAY, "12:00"))])
        before = starts.copy()
        SPLIT.add_many(starts, np.array([0]))[0] = 7
        SPLIT.add_many(starts, np.array([1]))
        assert starts.tolist() == before.tolist()


class TestCompiling:
    def test_the_order_of_questions_does_not_matter(self) -> None:
        rules = random_trial(2).calendar
        instants = [datetime(year, 3, 1, tzinfo=UTC) for year in (2026, 2005, 2031, 2026, 2028)]
        grown = WorkingTime(CalendarRules.from_dict(rules))
        for at in instants:
            fresh = WorkingTime(CalendarRules.from_dict(rules), at.date(), at.date())
            assert grown.add(at, 5000 * HOUR) == fresh.add(at, 5000 * HOUR)
            assert grown.subtract(at, 5000 * HOUR) == fresh.subtract(at, 5000 * HOUR)

    def test_equal_calendars_share_what_is_compiled(self) -> None:
        assert working_time(always_open("Europe/Madrid")) is working_time(always_open("Europe/Madrid"))
        assert working_time(always_open("Europe/Madrid")) is not working_time(always_open("Europe/Rome"))


CALENDARS = st.integers(0, 23).map(
    lambda number: working_time(CalendarRules.from_dict(random_trial(number).calendar))
)
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DURATIONS = st.timedeltas(timedelta(microseconds=1), timedelta(days=200))


class TestLaws:
    @given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
    def test_between_adds_up_and_turns_round(
        self, time: WorkingTime, one: datetime, two: datetime, three: datetime
    ) -> None:
        assert time.between(one, two) + time.between(two, three) == time.between(one, three)
        assert time.between(one, two) == -time.between(two, one)
        assert abs(time.between(one, two)) <= abs(two - one)

    @given(CALENDARS, MOMENTS, DURATIONS)
    def test_exactly_what_was_added_lies_between_and_no_moment_earlier_would_do(
        self, time: WorkingTime, start: datetime, duration: timedelta
    ) -> None:
        end = time.add(start, duration)
        assert time.between(start, end) == duration
        assert time.between(start, end - timedelta.resolution) == duration - timedelta.resolution

    @given(CALENDARS, MOMENTS, DURATIONS)
    def test_exactly_what_was_subtracted_lies_between_and_no_moment_later_would_do(
        self, time: WorkingTime, end: datetime, duration: timedelta
    ) -> None:
        start = time.subtract(end, duration)
        assert time.between(start, end) == duration
        assert time.between(start + timedelta.resolution, end) == duration - timedelta.resolution

    @given(CALENDARS, MOMENTS, DURATIONS, DURATIONS)
    def test_adding_in_two_steps_is_adding_once(
        self, time: WorkingTime, start: datetime, one: timedelta, two: timedelta
    ) -> None:
        assert time.add(time.add(start, one), two) == time.add(start, one + two)

    @given(CALENDARS, MOMENTS)
    def test_no_time_passes_until_the_next_opening(self, time: WorkingTime, at: datetime) -> None:
        opening = time.next_open(at)
        assert time.between(at, opening) == timedelta(0)
        assert time.is_open(opening)
        assert (opening == at) == time.is_open(at)
