"""The hours of many places and people for one answer: one query, made when the first of them is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from hilo.businesstime import WorkingTime
from hilo.parties.models import AreaCalendar, CalendarVersion, Delegation, Membership
from hilo.parties.queries.calendars import Place, clock_of_person, clock_of_version
from hilo.work.queries.thread_line import calendars_in_force
from hilo.work.queries.together import Together

_IN_FORCE = date.max


def hours_parts(*, people: Any) -> list[QuerySet[Any, Any]]:
    """What ``Hours`` needs, for callers that fetch more in the same query; ``people``: ids, or a query."""
    return [
        AreaCalendar.objects.all(),
        Delegation.objects.only("calendar"),
        calendars_in_force(),
        Membership.objects.filter(person__in=people),
    ]


_rows = Together(hours_parts)


class Hours:
    """What ``clock_of`` and ``clock_of_person`` answer, for any place and for ``people``."""

    def __init__(self, people: Collection[int], rows: Sequence[list[Any]] | None = None) -> None:
        """``rows``: those of ``hours_parts``, where they are at hand already."""
        self._people, self._at_hand = people, rows

    def __getitem__(self, place: Place) -> WorkingTime:
        calendar = self._own.get(place) or self._general[place[1]]
        return clock_of_version(self._versions[calendar])

    def of(self, area_id: int | None, delegation_id: int) -> WorkingTime:
        return self[area_id, delegation_id]

    def of_person(self, person_id: int) -> WorkingTime:
        """Of somebody else than was said at first they are looked up."""
        if person_id not in self._people:
            return clock_of_person(person_id)
        return self[self._places.get(person_id) or (None, min(self._general))]

    def of_places(self, places: Iterable[Place]) -> dict[Place, WorkingTime]:
        return {place: self[place] for place in places}

    def of_people(self, person_ids: Iterable[int]) -> dict[int, WorkingTime]:
        return {person_id: self.of_person(person_id) for person_id in person_ids}

    # What was read -------------------------------------------------------------------------------------

    @cached_property
    def _found(
        self,
    ) -> tuple[list[AreaCalendar], list[Delegation], list[CalendarVersion], list[Membership]]:
        own, general, versions, memberships = self._at_hand or _rows(people=self._people)
        return own, general, versions, memberships

    @cached_property
    def _own(self) -> dict[Place, int]:
        return {(row.area_id, row.delegation_id): row.calendar_id for row in self._found[0]}

    @cached_property
    def _general(self) -> dict[int, int]:
        return {row.pk: row.calendar_id for row in self._found[1]}

    @cached_property
    def _versions(self) -> dict[int, CalendarVersion]:
        return {row.calendar_id: row for row in self._found[2]}

    @cached_property
    def _places(self) -> dict[int, Place]:
        """Of each person's main membership, as ``clock_of_person`` chooses it."""
        main = sorted(
            self._found[3], key=lambda row: (row.ends_on or _IN_FORCE, row.is_primary, row.starts_on)
        )
        return {row.person_id: (row.area_id, row.delegation_id) for row in main}
