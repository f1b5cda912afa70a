"""One person: how to reach them, where they work, when they are away, and what may be done about it."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hilo.parties.days import local_day
from hilo.parties.models import Invitation, Membership, Person
from hilo.parties.permissions import may
from hilo.parties.queries.people import absence_of, memberships_on
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.people.fetching import leads, person_at
from hilo.web.people.holding_words import held_by


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    one, actor, now = person_at(request, pk), actor_of(request), now_of(request)
    today = local_day(now, one.zone)
    manages = may(actor, "people.manage")
    shows_held = leads(actor, one, request)
    facts = {
        "one": one,
        "is_me": one == actor.person,
        "places": _places(one),
        "managed": one.managements.filter(ends_on__isnull=True).select_related("delegation"),
        "away": absence_of(one, today),
        "absences": one.absences.filter(last_day__gte=today, cancelled_at__isnull=True)
        .select_related("substitute")
        .order_by("first_day"),
        "may_manage": manages and one.is_active,
        "may_plan": one.is_active and (one == actor.person or _may_plan(request, one)),
        "shows_held": shows_held,
        "held": held_by(one) if shows_held and one.is_active else [],
        "invitation": _last_invitation(one) if manages else None,
        "has_joined": one.has_usable_password(),
        "second_factor_on": manages and one.is_active and has_second_factor(one),
        "open_sessions": one.open_sessions.count() if manages and one.is_active else 0,
        "is_tied": manages and one.is_active and is_tied(one),
        "now": now,
        "today": today,
    }
    return render(request, "web_people/person.html", facts)


def _places(one: Person) -> list[Membership]:
    """Those that run first, then what was, the latest before."""
    rows = one.memberships.select_related("area", "delegation")
    return list(rows.order_by(F("ends_on").desc(nulls_first=True), "-is_primary", "-starts_on", "pk"))


def _may_plan(request: HttpRequest, one: Person) -> bool:
    actor = actor_of(request)
    today = local_day(now_of(request), one.zone)
    own = memberships_on(today).filter(person=one, delegation__in=actor.delegation_ids).exists()
    return may(actor, "people.absence_of_other", own=own)


def _last_invitation(one: Person) -> Invitation | None:
    return one.invitations.order_by("-created_at", "-pk").first()


def has_second_factor(one: Person) -> bool:
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user=one).exists())


def is_tied(one: Person) -> bool:
    from allauth.socialaccount.models import SocialAccount

    return bool(SocialAccount.objects.filter(user=one).exists())
