"""Who acts, through which door, with which roles: one kind of actor for every command."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from hilo.ledger.record import Author, AuthorKind
from hilo.parties.days import local_day
from hilo.parties.models import DelegationManagement, Membership, Person
from hilo.parties.modules import is_on


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


def system(door: str = "job") -> Actor:
    return Actor(kind=AuthorKind.SYSTEM, door=door, roles=frozenset({Role.SYSTEM}), sees_money=True)


def importer(door: str = "import", *, person: Person | None = None) -> Actor:
    """An import acts with the system's rights; the person who started it is named beside it."""
    return Actor(
        kind=AuthorKind.IMPORT, door=door, person=person, roles=frozenset({Role.SYSTEM}), sees_money=True
    )


def actor_for(person: Person, *, now: datetime, door: str) -> Actor:
    """Read who ``person`` is today: at most three queries. Somebody who left has no role at all."""
    if not person.is_active:
        return Actor(kind=AuthorKind.PERSON, door=door, person=person)
    today = local_day(now, person.zone)
    memberships = list(_in_force(Membership.objects.filter(person=person), today).select_related("area"))
    managed = frozenset(
        _in_force(DelegationManagement.objects.filter(person=person), today).values_list(
            "delegation_id", flat=True
        )
    )
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
            or any(each.area.sees_money for each in memberships)
        ),
        covers_ids=frozenset(
            person.substitutions.filter(
                first_day__lte=today, last_day__gte=today, cancelled_at__isnull=True
            ).values_list("person_id", flat=True)
        ),
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
