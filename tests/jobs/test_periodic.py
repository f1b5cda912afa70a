"""Slots: when they fall, that each fires once, and what happens after a night without workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django_tasks_db.models import DBTaskResult

from hilo.jobs import PeriodicJob, periodic
from hilo.jobs.models import Slot
from hilo.jobs.registry import PERIODIC_JOBS
from hilo.jobs.schedule import Daily, Every
from hilo.jobs.slots import SlotPlanner, fire
from hilo.jobs.worker import run_worker

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RAN: list[datetime] = []


def note_slot(slot: datetime) -> None:
    RAN.append(slot)


@periodic(name="tests.latest", every=MINUTE)
def note_latest(slot: datetime) -> None:
    note_slot(slot)


@periodic(name="tests.each", every=MINUTE, catch_up="each")
def note_each(slot: datetime) -> None:
    note_slot(slot)


LATEST, EACH = PERIODIC_JOBS.pop("tests.latest"), PERIODIC_JOBS.pop("tests.each")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[PeriodicJob], SlotPlanner]]:
    """Make one job the only registered one."""
    RAN.clear()

    def keep(job: PeriodicJob) -> SlotPlanner:
        monkeypatch.setattr("hilo.jobs.slots.PERIODIC_JOBS", {job.slot_name: job})
        return SlotPlanner()

    yield keep


def waiting_slots() -> list[str]:
    return sorted(row.args_kwargs["args"][0] for row in DBTaskResult.objects.filter(status="READY"))


def at(minutes: int) -> datetime:
    return NOW + minutes * MINUTE


def slot(minutes: int) -> datetime:
    return at(minutes).replace(second=0)


@pytest.mark.django_db
def test_a_job_first_seen_now_starts_with_its_next_slot(only: Callable[..., SlotPlanner]) -> None:
    planner = only(LATEST)

    assert planner.plan(at(0)) == 0
    assert planner.plan(at(0) + timedelta(seconds=29)) == 0
    assert planner.plan(at(1)) == 1
    assert waiting_slots() == [slot(1).isoformat()]


@pytest.mark.django_db
def test_two_planners_fire_a_slot_once(only: Callable[..., SlotPlanner]) -> None:
    first, second = only(LATEST), SlotPlanner()
    for planner in (first, second):
        planner.plan(at(0))

    assert [first.plan(at(1)), second.plan(at(1)), first.plan(at(1))] == [1, 0, 0]
    assert not fire(LATEST, slot(1))
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_the_job_receives_its_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hilo.jobs.slots.PERIODIC_JOBS", {})
    RAN.clear()
    fire(LATEST, slot(1))
    assert DBTaskResult.objects.get().pk == Slot.objects.get().task
    run_worker(burst=True)

    assert [slot(1)] == RAN


@pytest.mark.django_db
def test_after_a_night_only_the_newest_missed_slot_runs(only: Callable[..., SlotPlanner]) -> None:
    only(LATEST).plan(at(0))

    assert SlotPlanner().plan(at(600)) == 1
    assert waiting_slots() == [slot(600).isoformat()]


@pytest.mark.django_db
def test_after_a_night_a_job_that_asks_for_each_slot_gets_them_all_in_order(
    only: Callable[..., SlotPlanner],
) -> None:
    only(EACH).plan(at(0))
    planner = SlotPlanner()

    assert [planner.plan(at(250)) for _ in range(4)] == [100, 100, 50, 0]
    assert waiting_slots() == [slot(minutes).isoformat() for minutes in range(1, 251)]


@pytest.mark.django_db
def test_slots_do_not_pile_up_while_no_worker_has_time(only: Callable[..., SlotPlanner]) -> None:
    planner = only(LATEST)
    for minutes in range(5):
        planner.plan(at(minutes))
    assert waiting_slots() == [slot(4).isoformat()]

    DBTaskResult.objects.update(status="RUNNING", worker_ids=["busy"])
    planner.plan(at(5))
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 1, "a started slot was withdrawn"


@pytest.mark.django_db
@pytest.mark.parametrize("job", [LATEST, EACH])
def test_a_clock_that_jumps_ahead_and_back_fires_no_slot_twice_and_does_not_silence_the_job(
    only: Callable[..., SlotPlanner], job: PeriodicJob
) -> None:
    planner = only(job)
    for minutes in (0, 1, 2, 62, 3, 4, 61, 62, 5, 6, *range(7, 70)):
        planner.plan(at(minutes))
        SlotPlanner().plan(at(minutes))

    fired = list(Slot.objects.exclude(task=None).values_list("moment", flat=True))
    assert len(fired) == len(set(fired))
    assert {slot(n) for n in (*range(1, 7), *range(63, 70))} <= set(fired)
    assert DBTaskResult.objects.count() <= len(fired)


# When slots fall


def test_slots_are_counted_from_1970_whenever_the_worker_started() -> None:
    schedule = Every(timedelta(minutes=15))
    assert schedule.newest_slot(NOW) == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert schedule.newest_slot(NOW - MINUTE) == datetime(2026, 11, 21, 8, 45, tzinfo=UTC)


def test_a_daily_job_keeps_its_local_hour_over_both_clock_changes() -> None:
    seven = Daily(time(7), MADRID)
    spring = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert [moment.hour for moment in seven.slots_after(spring, until=spring + timedelta(days=2))] == [5, 5]
    autumn = datetime(2026, 10, 23, 12, tzinfo=UTC)
    assert [moment.hour for moment in seven.slots_after(autumn, until=autumn + timedelta(days=3))] == [
        5,
        6,
        6,
    ]


@pytest.mark.parametrize("at", [time(2, 30), time(2), time(3), time(0), time(23, 59)])
@pytest.mark.parametrize("night", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_a_daily_job_falls_once_on_every_local_day_also_in_the_odd_nights(at: time, night: datetime) -> None:
    schedule = Daily(at, MADRID)
    quarter_hours = [night + timedelta(minutes=15) * n for n in range(-4 * 48, 4 * 48)]
    seen = sorted({schedule.newest_slot(moment) for moment in quarter_hours})

    assert seen[1:] == list(schedule.slots_after(seen[0], until=quarter_hours[-1]))
    days = [moment.astimezone(MADRID).date() for moment in seen]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert all(moment <= quarter_hours[-1] for moment in seen)


# Declaring


def test_two_periodic_jobs_may_not_share_a_name() -> None:
    declare = periodic(name="tests.twice", every=HOUR)
    declare(note_slot)
    try:
        with pytest.raises(ImproperlyConfigured, match=r"tests\.twice"):
            declare(note_slot)
    finally:
        del PERIODIC_JOBS["tests.twice"]


def test_a_periodic_job_has_either_a_period_or_an_hour() -> None:
    with pytest.raises(ImproperlyConfigured):
        periodic(name="x")
    with pytest.raises(ImproperlyConfigured):
        periodic(name="x", every=HOUR, daily_at=time(7))
