"""The person, area or delegation an address names; what is not there is a plain 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from hilo.parties.actor import Actor
from hilo.parties.days import local_day
from hilo.parties.models import Absence, Area, Delegation, DelegationManagement, Membership, Person
from hilo.parties.queries.company import areas_visible_to, delegations_visible_to
from hilo.parties.queries.people import memberships_on, people_visible_to
from hilo.web.doing.asking import actor_of, now_of

LARGEST_ID = 2**63 - 1


def person_at(request: HttpRequest, pk: int) -> Person:
    return _found(people_visible_to(actor_of(request)).filter(pk=min(pk, LARGEST_ID)).first())


def area_at(request: HttpRequest, pk: int) -> Area:
    return _found(areas_visible_to(actor_of(request)).filter(pk=min(pk, LARGEST_ID)).first())


def delegation_at(request: HttpRequest, pk: int) -> Delegation:
    return _found(delegations_visible_to(actor_of(request)).filter(pk=min(pk, LARGEST_ID)).first())


def membership_at(request: HttpRequest, pk: int) -> Membership:
    rows = Membership.objects.filter(person__in=people_visible_to(actor_of(request)))
    return _found(rows.select_related("person", "area", "delegation").filter(pk=min(pk, LARGEST_ID)).first())


def management_at(request: HttpRequest, pk: int) -> DelegationManagement:
    rows = DelegationManagement.objects.filter(person__in=people_visible_to(actor_of(request)))
    return _found(rows.select_related("person", "delegation").filter(pk=min(pk, LARGEST_ID)).first())


def absence_at(request: HttpRequest, pk: int) -> Absence:
    rows = Absence.objects.filter(person__in=people_visible_to(actor_of(request)))
    return _found(rows.select_related("person", "substitute").filter(pk=min(pk, LARGEST_ID)).first())


def _found[R: (Person, Area, Delegation, Membership, DelegationManagement, Absence)](row: R | None) -> R:
    if row is None:
        raise Http404
    return row


def url_of(person: Person) -> str:
    return reverse("web:person", args=[person.pk])


def leads(actor: Actor, person: Person, request: HttpRequest) -> bool:
    """Whether the actor may see what the person holds: their head, the delegation's manager, a director.

    It is what they hold now, never how they did (SPEC 14.1).
    """
    if actor.person is None or actor.person.is_director or actor.person == person:
        return True
    today = local_day(now_of(request), person.zone)
    places = memberships_on(today).filter(person=person)
    headed = places.filter(area__in=actor.headed_area_ids, delegation__in=actor.delegation_ids)
    return headed.exists() or places.filter(delegation__in=actor.managed_delegation_ids).exists()
