"""Who works where, who leads, who stands in for whom, on a given day."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from hilo.errors import RuleViolation
from hilo.parties.actor import Actor
from hilo.parties.models import Absence, Area, Delegation, DelegationManagement, Membership, Person
from hilo.parties.permissions import may
from hilo.prepared import Prepared


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """Everybody who is or was here; nobody for who has left."""
    return Person.objects.all() if may(actor, "people.see") else Person.objects.none()


def memberships_on(on: date) -> QuerySet[Membership]:
    """Memberships in force that day, of people who have not left."""
    return Membership.objects.filter(_in_force(on), person__is_active=True)


def people_of(area: Area, delegation: Delegation | None, on: date) -> QuerySet[Person]:
    """The active people of an area that day; at every delegation when ``delegation`` is None."""
    there = memberships_on(on).filter(area=area, person=OuterRef("pk"))
    if delegation is not None:
        there = there.filter(delegation=delegation)
    return Person.objects.filter(Exists(there))


def head_of(area: Area, delegation: Delegation, on: date) -> Person | None:
    """Who leads the area at that delegation; of several, who has led it longest."""
    led = memberships_on(on).filter(area=area, delegation=delegation, is_head=True)
    first = led.select_related("person").order_by("starts_on", "pk").first()
    return first.person if first else None


def manager_of(delegation: Delegation, on: date) -> Person | None:
    managed = DelegationManagement.objects.filter(
        _in_force(on), delegation=delegation, person__is_active=True
    )
    first = managed.select_related("person").order_by("starts_on", "pk").first()
    return first.person if first else None


def directors() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True, is_director=True).order_by("pk")


def primary_membership(person: Person) -> Membership | None:
    """The open primary one, or else the one that ended last."""
    rows = person.memberships.select_related("area", "delegation")
    return (
        rows.filter(is_primary=True, ends_on__isnull=True).first()
        or rows.order_by("-ends_on", "-is_primary", "-pk").first()
    )


def absence_of(person: Person, on: date) -> Absence | None:
    return (
        person.absences.filter(first_day__lte=on, last_day__gte=on, cancelled_at__isnull=True)
        .select_related("substitute")
        .first()
    )


def is_absent(person: Person, on: date) -> bool:
    return absence_of(person, on) is not None


def substitute_of(person: Person, on: date) -> Person | None:
    absence = absence_of(person, on)
    return absence.substitute if absence else None


def caretaker_for(leaver: Person, on: date) -> Person | None:
    """Who keeps what a leaver held: their area head there, else the delegation's manager, else a director."""
    membership = primary_membership(leaver)
    candidates = (
        (head_of(membership.area, membership.delegation, on), manager_of(membership.delegation, on))
        if membership
        else ()
    )
    others = [person for person in candidates if person is not None and person != leaver]
    return others[0] if others else directors().exclude(pk=leaver.pk).first()


def hold_active(person: Person, *, refused: str | Promise, field: str | None = None) -> None:
    """Refuse somebody who has left, and keep them from leaving before this transaction ends.

    Whatever gives a person something to hold asks this first: on PostgreSQL a departure that runs at the
    same time waits here, and then finds the new thing too.
    """
    found = _held(person=person.pk)
    if not any(is_active for (is_active,) in found):
        raise RuleViolation(refused, field=field)


_held = Prepared(
    lambda *, person: (
        Person.objects.select_for_update(no_key=True).filter(pk=person).values_list("is_active").order_by()
    )
)


def _in_force(on: date) -> Q:
    return (Q(ends_on__isnull=True) | Q(ends_on__gte=on)) & Q(starts_on__lte=on)
