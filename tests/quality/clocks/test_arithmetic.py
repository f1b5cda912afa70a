"""What holds for any start, target and pauses, in any of the calendars of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hilo.quality.clocks import (
    NOTHING,
    ClockState,
    LegalClock,
    NewsClock,
    Pause,
    TargetClock,
    Told,
    climbs_at,
    frozen,
    news_in_force,
    standing,
    standing_of_stopped,
)
from tests.quality.clocks.paper import hours

pytestmark = pytest.mark.any_database
JANUARY = datetime(2026, 1, 5, tzinfo=UTC)
MADRID = hours("zaragoza")

calendars = st.sampled_from(["zaragoza", "las_palmas", "night_shift", "gate", "zaragoza_changed"])
moments = st.integers(0, 350 * 24 * 60).map(lambda minute: JANUARY + timedelta(minutes=minute))
lengths = st.integers(1, 20 * 24 * 60).map(lambda minute: timedelta(minutes=minute))
targets = st.integers(1, 5000).map(lambda minute: timedelta(minutes=minute))


@st.composite
def clocks(draw: st.DrawFn) -> TargetClock:
    start = draw(moments)
    pauses = []
    for begins in draw(st.lists(lengths, max_size=4)):
        until = start + begins + draw(lengths)
        resumed = draw(st.none() | lengths)
        pauses.append(Pause(start + begins, until, start + begins + resumed if resumed else None))
    name = draw(calendars)
    return TargetClock(started_at=start, target=draw(targets), hours=hours(name), pauses=tuple(pauses))


@given(clocks(), moments)
def test_used_and_left_make_the_target_until_it_is_late_and_beyond(clock: TargetClock, at: datetime) -> None:
    assert clock.used_by(at) + clock.left_at(at) == clock.target
    assert clock.used_by(clock.due) == clock.target


@given(clocks(), moments, lengths)
def test_used_never_falls_and_never_runs_faster_than_time(
    clock: TargetClock, at: datetime, later: timedelta
) -> None:
    assert NOTHING <= clock.used_by(at + later) - clock.used_by(at) <= later


@given(clocks(), lengths)
def test_a_minute_before_the_due_moment_something_is_left_and_a_minute_after_it_is_late(
    clock: TargetClock, later: timedelta
) -> None:
    assert clock.left_at(clock.due - timedelta(minutes=1)) > NOTHING
    assert standing(clock, now=clock.due).state != ClockState.LATE
    assert standing(clock, now=clock.due + later).state == ClockState.LATE


@given(clocks(), st.data())
def test_no_pause_brings_the_due_moment_forward_and_a_longer_one_never_does(
    clock: TargetClock, data: st.DataObject
) -> None:
    assert clock.due >= replace(clock, pauses=()).due
    assume(clock.pauses)
    which = data.draw(st.integers(0, len(clock.pauses) - 1))
    pause = clock.pauses[which]
    longer = Pause(pause.paused_at, pause.ended_at + data.draw(lengths))
    pauses = (*clock.pauses[:which], longer, *clock.pauses[which + 1 :])
    assert replace(clock, pauses=pauses).due >= clock.due


@given(clocks())
def test_the_order_in_which_pauses_are_read_and_reading_one_twice_change_nothing(clock: TargetClock) -> None:
    again = replace(clock, pauses=(*reversed(clock.pauses), *clock.pauses))
    assert again.due == clock.due


@given(clocks(), lengths)
def test_a_pause_ends_at_its_hour_however_late_the_job_writes_it(clock: TargetClock, late: timedelta) -> None:
    unwritten = replace(clock, pauses=tuple(replace(pause, resumed_at=None) for pause in clock.pauses))
    written = replace(
        clock, pauses=tuple(replace(pause, resumed_at=pause.until + late) for pause in clock.pauses)
    )
    assert written.due == unwritten.due


@given(clocks(), lengths, calendars)
def test_what_stopped_stays_as_it_was_whatever_becomes_of_the_calendar(
    clock: TargetClock, until: timedelta, other: str
) -> None:
    stopped_at = clock.started_at + until
    kept = frozen(clock, stopped_at=stopped_at)
    shown = standing_of_stopped(kept)
    assert shown.due == clock.stopped_by(stopped_at).due
    assert shown.was_late is (shown.due < stopped_at)
    assert standing_of_stopped(frozen(clock, stopped_at=stopped_at)) == shown
    moved = replace(clock, hours=hours(other))
    assert standing_of_stopped(kept) == shown  # nothing of ``moved`` is asked
    assert frozen(moved, stopped_at=stopped_at).used_minutes <= until // timedelta(minutes=1)


@given(clocks(), lengths)
def test_an_answer_in_time_was_given_with_something_left_or_at_the_very_end(
    clock: TargetClock, until: timedelta
) -> None:
    kept = frozen(clock, stopped_at=clock.started_at + until)
    used = timedelta(minutes=kept.used_minutes)
    assert kept.was_late or used <= clock.target


@given(clocks(), st.integers(0, 600), st.integers(0, 600))
def test_lateness_climbs_in_order(clock: TargetClock, head: int, more: int) -> None:
    moments_ = [climbs_at(clock, timedelta(minutes=minutes)) for minutes in (0, head, head + more)]
    assert moments_ == sorted(moments_) and moments_[0] == clock.due


@given(moments, st.integers(1, 60), st.booleans(), calendars)
def test_a_legal_deadline_never_ends_on_the_day_of_receipt_and_more_days_never_end_sooner(
    start: datetime, days: int, working: bool, name: str
) -> None:
    clock = LegalClock(started_at=start, days=days, in_working_days=working, hours=hours(name))
    longer = replace(clock, days=days + 1)
    assert start < clock.due < longer.due
    assert not clock.is_paused_at(start)


@given(st.lists(st.tuples(moments, lengths), min_size=1, max_size=6), moments)
def test_the_last_thing_told_sets_the_date_for_news(
    said: list[tuple[datetime, timedelta]], at: datetime
) -> None:
    tellings = [Told(moment, moment + wait) for moment, wait in said]
    found = news_in_force(tellings, by=at)
    so_far = [told for told in tellings if told.at <= at]
    assert (found is None) is (not so_far)
    assert found is None or found.at == max(told.at for told in so_far)


def test_a_news_date_beyond_all_calendars_is_shown_all_the_same() -> None:
    clock = NewsClock(started_at=JANUARY, due=datetime(9999, 1, 1, tzinfo=UTC), hours=MADRID)
    assert standing(clock, now=JANUARY).state == ClockState.RUNNING
    assert clock.left_at(JANUARY) > timedelta(days=365 * 7000)


def test_a_pause_that_came_before_the_run_is_of_another_run() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    earlier = Pause(start - timedelta(hours=1), start + timedelta(days=3))
    clock = TargetClock(started_at=start, target=timedelta(hours=1), hours=MADRID, pauses=(earlier,))
    assert clock.due == start + timedelta(hours=1)
    assert not clock.is_paused_at(start + timedelta(minutes=5))


@given(clocks(), moments)
def test_a_standing_says_what_its_clock_says(clock: TargetClock, now: datetime) -> None:
    legal = LegalClock(started_at=clock.started_at, days=9, in_working_days=True, hours=clock.hours)
    news = NewsClock(started_at=clock.started_at, due=clock.due, hours=MADRID)
    for each in (clock, legal, news):
        stands = standing(each, now=now)
        assert (stands.due, stands.used, stands.left) == (each.due, each.used_by(now), each.left_at(now))
