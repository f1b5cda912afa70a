"""Whose hours count: the working time of an area at a delegation, of a delegation, of a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import F

from hilo.businesstime import CalendarRules, NoWorkingTime, WorkingTime, working_time
from hilo.parties.models import AreaCalendar, CalendarVersion, Delegation, Membership

_remembered: ContextVar[dict[tuple[int | None, int], WorkingTime] | None] = ContextVar(
    "clocks while no calendar changes", default=None
)


@contextmanager
def while_no_calendar_changes() -> Iterator[None]:
    """Look up each clock once: for long work that asks for them thousands of times and changes none."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


@lru_cache(maxsize=256)
def _compiled(version_id: int, rules: str) -> WorkingTime:
    """Versions never change, so one compiled clock serves every request; the rules guard a reused id."""
    return working_time(CalendarRules.from_dict(json.loads(rules)))


def clock_of_calendar(calendar_id: int) -> WorkingTime:
    """The clock of the version in force. Closed moments are stored, so an edit never moves them."""
    version = CalendarVersion.objects.filter(calendar=calendar_id).order_by("-number")[0]
    return _compiled(version.pk, json.dumps(version.rules, sort_keys=True))


def clock_of(area_id: int | None, delegation_id: int) -> WorkingTime:
    """The area's own hours at that delegation, or else the delegation's."""
    remembered = _remembered.get()
    if remembered is None:
        return _look_up(area_id, delegation_id)
    if (area_id, delegation_id) not in remembered:
        remembered[area_id, delegation_id] = _look_up(area_id, delegation_id)
    return remembered[area_id, delegation_id]


def _look_up(area_id: int | None, delegation_id: int) -> WorkingTime:
    own = AreaCalendar.objects.filter(area=area_id, delegation=delegation_id).first() if area_id else None
    if own is not None:
        return clock_of_calendar(own.calendar_id)
    return clock_of_calendar(Delegation.objects.only("calendar_id").get(pk=delegation_id).calendar_id)


def clock_of_person(person_id: int) -> WorkingTime:
    """The hours of the person's primary membership; somebody without one keeps those of any delegation."""
    membership = (
        Membership.objects.filter(person=person_id)
        .order_by(F("ends_on").desc(nulls_first=True), "-is_primary", "-starts_on")
        .first()
        if person_id
        else None
    )
    if membership is None:
        return clock_of_calendar(Delegation.objects.order_by("pk")[0].calendar_id)
    return clock_of(membership.area_id, membership.delegation_id)


def day_of(clock: WorkingTime, moment: datetime) -> date:
    """The local date of ``moment`` where that clock hangs."""
    return moment.astimezone(ZoneInfo(clock.rules.zone)).date()


def close_of(clock: WorkingTime, day: date) -> datetime:
    """The last end of business of a working day; the end of the day where nobody ever closes."""
    try:
        return clock.previous_close(clock.end_of_day(day))
    except NoWorkingTime:
        return clock.end_of_day(day)


def end_of_next_working_day(clock: WorkingTime, moment: datetime) -> datetime:
    """The end of business of the first working day after the day of ``moment``."""
    return close_of(clock, clock.next_working_day(day_of(clock, moment)))
