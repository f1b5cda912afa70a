"""Who acts, through which door, with which roles: one kind of actor for every command."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Value

from hilo.ledger.record import Author, AuthorKind
from hilo.parties.days import local_day
from hilo.parties.models import Absence, DelegationManagement, Membership, Person
from hilo.parties.modules import is_on
from hilo.prepared import Prepared


class Role(StrEnum):
    PERSON = "person"
    AREA_HEAD = "area_head"
    DELEGATION_MANAGER = "delegation_manager"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"  # jobs and importers: no permission table, the rules of commands only


@dataclass(frozen=True, slots=True)
class Actor:
    """``person`` is None for the system and for imports. Areas and delegations are those of today."""

    kind: AuthorKind
    door: str
    person: Person | None = None
    roles: frozenset[Role] = frozenset()
    area_ids: frozenset[int] = frozenset()
    headed_area_ids: frozenset[int] = frozenset()
    delegation_ids: frozenset[int] = frozenset()
    managed_delegation_ids: frozenset[int] = frozenset()
    area_id: int | None = None  # of the primary membership
    delegation_id: int | None = None
    sees_money: bool = False
    covers_ids: frozenset[int] = field(default_factory=frozenset)  # absent people this one substitutes today

    @property
    def author(self) -> Author:
        return Author(
            kind=self.kind,
            id=self.person.pk if self.person else None,
            door=self.door,
            area_id=self.area_id,
            delegation_id=self.delegation_id,
        )

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles

    @property
    def one(self) -> Person:
        """The person acting; a programming error when it is the system."""
        if self.person is None:
            raise TypeError("this command needs a person, not the system")
        return self.person

    def acts_for(self, person_id: int | None) -> bool:
        """Whether the actor is that person or covers their absence today."""
        return self.person is not None and (person_id == self.person.pk or person_id in self.covers_ids)

    # What a ``Prepared`` query needs: without ids two colleagues ask for the same things.

    @property
    def shape(self) -> Hashable:
        missing = tuple(one is None for one in self.ids)
        return (self.kind, self.door, self.roles, self.sees_money, missing)

    @property
    def ids(self) -> tuple[int | frozenset[int] | None, ...]:
        return (
            self.person.pk if self.person else None,
            self.area_id,
            self.delegation_id,
            *(getattr(self, name) for name in _SETS),
        )

    def with_ids(self, ids: Sequence[Any]) -> Actor:
        """Somebody of the same rights, of whom nothing but ids is known."""
        person_id, area_id, delegation_id, *sets = ids
        return replace(
            self,
            person=None if person_id is None else Person(pk=person_id),
            area_id=area_id,
            delegation_id=delegation_id,
            **dict(zip(_SETS, sets, strict=True)),
        )


_SETS = ("area_ids", "headed_area_ids", "delegation_ids", "managed_delegation_ids", "covers_ids")


def system(door: str = "job") -> Actor:
    return Actor(kind=AuthorKind.SYSTEM, door=door, roles=frozenset({Role.SYSTEM}), sees_money=True)


def importer(door: str = "import", *, person: Person | None = None) -> Actor:
    """An import acts with the system's rights; the person who started it is named beside it."""
    return Actor(
        kind=AuthorKind.IMPORT, door=door, person=person, roles=frozenset({Role.SYSTEM}), sees_money=True
    )


def actor_for(person: Person, *, now: datetime, door: str) -> Actor:
    """Read who ``person`` is today: one query. Somebody who left has no role at all."""
    if not person.is_active:
        return Actor(kind=AuthorKind.PERSON, door=door, person=person)
    today = local_day(now, person.zone)
    held = sorted(_Held(*row) for row in _held_by(person=person.pk, today=today))
    memberships = [each for each in held if each.what == _MEMBERSHIP]
    managed = frozenset(each.delegation_id for each in held if each.what == _MANAGEMENT)
    headed = frozenset(each.area_id for each in memberships if each.is_head)
    primary = next((each for each in memberships if each.is_primary), memberships[0] if memberships else None)
    return Actor(
        kind=AuthorKind.PERSON,
        door=door,
        person=person,
        roles=_roles(person, bool(memberships), bool(headed), bool(managed)),
        area_ids=frozenset(each.area_id for each in memberships),
        headed_area_ids=headed,
        delegation_ids=frozenset(each.delegation_id for each in memberships) | managed,
        managed_delegation_ids=managed,
        area_id=primary.area_id if primary else None,
        delegation_id=primary.delegation_id if primary else None,
        # While the module rests nobody sees an amount: every screen, list and file asks this one fact.
        sees_money=is_on("money")
        and bool(
            person.is_director
            or person.is_auditor
            or headed
            or managed
            or any(each.sees_money for each in memberships)
        ),
        covers_ids=frozenset(each.person_id for each in held if each.what == _COVER),
    )


_MEMBERSHIP, _MANAGEMENT, _COVER = range(3)


class _Held(NamedTuple):
    """One thing somebody is today; what it does not have is zero or False."""

    what: int
    pk: int
    area_id: int
    delegation_id: int
    person_id: int  # who is absent
    is_primary: bool
    is_head: bool
    sees_money: bool


@Prepared
def _held_by(*, person: int, today: date) -> QuerySet[Any, Any]:
    zero, no = Value(0), Value(False)
    areas = _in_force(Membership.objects.filter(person=person), today)
    delegations = _in_force(DelegationManagement.objects.filter(person=person), today)
    covers = Absence.objects.filter(
        substitute=person, first_day__lte=today, last_day__gte=today, cancelled_at__isnull=True
    )
    return areas.values_list(
        *(Value(_MEMBERSHIP), "pk", "area_id", "delegation_id", zero),
        *("is_primary", "is_head", "area__sees_money"),
    ).union(
        delegations.values_list(Value(_MANAGEMENT), "pk", zero, "delegation_id", zero, no, no, no),
        covers.values_list(Value(_COVER), "pk", zero, zero, "person_id", no, no, no),
        all=True,
    )


def _in_force[M: (Membership, DelegationManagement)](rows: QuerySet[M], today: object) -> QuerySet[M]:
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today)


def _roles(person: Person, member: bool, heads: bool, manages: bool) -> frozenset[Role]:
    held = {
        Role.PERSON: member,
        Role.AREA_HEAD: heads,
        Role.DELEGATION_MANAGER: manages,
        Role.DIRECTOR: person.is_director,
        Role.ADMINISTRATOR: person.is_administrator,
        Role.AUDITOR: person.is_auditor,
    }
    return frozenset(role for role, holds in held.items() if holds)
