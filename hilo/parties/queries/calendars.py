"""Whose hours count: the working time of an area at a delegation, of a delegation, of a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, F, OuterRef

from hilo.businesstime import CalendarRules, NoWorkingTime, WorkingTime, working_time
from hilo.parties.models import AreaCalendar, CalendarVersion, Delegation, Membership
from hilo.unchanged import Remembered

_remembered: ContextVar[dict[tuple[int | None, int], WorkingTime] | None] = ContextVar(
    "clocks while no calendar changes", default=None
)


_MAIN_FIRST = (F("ends_on").desc(nulls_first=True), "-is_primary", "-starts_on")  # of memberships


@contextmanager
def while_no_calendar_changes() -> Iterator[None]:
    """Look up each clock once: for work that asks for them again and again and changes none."""
    known = _remembered.get()
    token = _remembered.set({} if known is None else known)
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
    return clock_of_version(CalendarVersion.objects.filter(calendar=calendar_id).order_by("-number")[0])


def clock_of_version(version: CalendarVersion) -> WorkingTime:
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
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE_THERE, [area_id, delegation_id, delegation_id])
        pk, rules = cursor.fetchone()
    return _compiled(pk, rules)


# The rules as they are stored: to tell two versions apart they need not be read.
_IN_FORCE_THERE = """
SELECT id, CAST(rules AS text) FROM parties_calendarversion
WHERE calendar_id = COALESCE(
    (SELECT calendar_id FROM parties_areacalendar WHERE area_id = %s AND delegation_id = %s),
    (SELECT calendar_id FROM parties_delegation WHERE id = %s)
)
ORDER BY number DESC LIMIT 1
"""


def clock_of_person(person_id: int) -> WorkingTime:
    """The hours of the person's primary membership; somebody without one keeps those of any delegation."""
    place = next(iter(_main_places(person=person_id)), None) if person_id else None
    if place is None:
        return clock_of_calendar(Delegation.objects.order_by("pk")[0].calendar_id)
    return clock_of(*place)


_main_places = Remembered(
    lambda *, person: (
        Membership.objects.filter(person=person)
        .order_by(*_MAIN_FIRST)
        .values_list("area_id", "delegation_id")[:1]
    )
)


type Place = tuple[int | None, int]  # an area (or none in particular) at a delegation


def clocks_of_places(places: Iterable[Place]) -> dict[Place, WorkingTime]:
    """``clock_of`` for many, in three queries."""
    wanted = set(places)
    sites = {site for _area, site in wanted}
    own: dict[Place, int] = {
        (row.area_id, row.delegation_id): row.calendar_id
        for row in AreaCalendar.objects.filter(delegation__in=sites)
    }
    general = dict(Delegation.objects.filter(pk__in=sites).values_list("pk", "calendar_id"))
    calendar = {place: own.get(place, general[place[1]]) for place in wanted}
    newest = _newest_versions(set(calendar.values()))
    return {place: newest[found] for place, found in calendar.items()}


def _newest_versions(calendar_ids: set[int]) -> dict[int, WorkingTime]:
    later = CalendarVersion.objects.filter(calendar=OuterRef("calendar"), number__gt=OuterRef("number"))
    versions = CalendarVersion.objects.filter(~Exists(later), calendar__in=calendar_ids)
    return {version.calendar_id: clock_of_version(version) for version in versions}


def clocks_of_people(person_ids: Iterable[int]) -> dict[int, WorkingTime]:
    """``clock_of_person`` for many, in five queries."""
    wanted = set(person_ids)
    place: dict[int, Place] = {}
    for row in Membership.objects.filter(person__in=wanted).order_by(*_MAIN_FIRST):
        place.setdefault(row.person_id, (row.area_id, row.delegation_id))
    anywhere = Delegation.objects.order_by("pk").values_list("pk", flat=True)[0]
    clocks = clocks_of_places([*place.values(), (None, anywhere)])
    return {person: clocks[place.get(person, (None, anywhere))] for person in wanted}


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
