"""Being away: one's own absences for everybody, those of others for who may plan them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.errors import Stale
from hilo.parties.actor import Actor
from hilo.parties.commands.absences import cancel_absence, plan_absence
from hilo.parties.days import local_day
from hilo.parties.models import Absence, Person
from hilo.parties.permissions import may
from hilo.parties.queries.people import memberships_on, people_visible_to
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, done, run_command
from hilo.web.people.fetching import absence_at
from hilo.web.people.forms import PlanAbsence


def absences(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    today = local_day(now, actor.one.zone)
    people = people_to_plan_for(actor, today)
    if request.method != "POST":
        start = {"person": _asked(request, people, actor.one)}
        return _shown(request, PlanAbsence(initial=start, actor=actor, people=people), people, today, OK)
    form = PlanAbsence(request.POST, actor=actor, people=people)
    attempt = run_command(form, lambda given: _plan(request, given))
    if isinstance(attempt.result, Absence):
        said = _("Planned. %(name)s stands in, and sees what needs an answer.")
        names = {"name": attempt.result.substitute.name}
        return done(request, reverse("web:absences"), said % names)
    return _shown(request, form, people, today, attempt.status)


def _plan(request: HttpRequest, given: dict[str, Any]) -> Absence:
    return plan_absence(**given, by=actor_of(request), now=now_of(request))


def people_to_plan_for(actor: Actor, today: date) -> QuerySet[Person]:
    """Oneself; heads and managers plan for their delegations, whoever may everywhere for all."""
    everybody = people_visible_to(actor).filter(is_active=True)
    if may(actor, "people.absence_of_other", own=False):
        return everybody
    if not may(actor, "people.absence_of_other", own=True):
        return everybody.filter(pk=actor.one.pk)
    there = memberships_on(today).filter(delegation__in=actor.delegation_ids).values("person")
    return everybody.filter(Q(pk__in=there) | Q(pk=actor.one.pk))


def _asked(request: HttpRequest, people: QuerySet[Person], me: Person) -> int:
    text = request.GET.get("person", "")
    known = text.isascii() and text.isdecimal() and len(text) < 19 and people.filter(pk=int(text)).exists()
    return int(text) if known else me.pk


def _shown(
    request: HttpRequest, form: PlanAbsence, people: QuerySet[Person], today: date, status: int
) -> HttpResponse:
    me = actor_of(request).one
    open_ones = Absence.objects.filter(cancelled_at__isnull=True, last_day__gte=today)
    rows = open_ones.select_related("person", "substitute").order_by("first_day", "pk")
    facts = {
        "form": form,
        "mine": rows.filter(person=me),
        "covered": rows.filter(substitute=me),
        "others": rows.filter(person__in=people).exclude(person=me),
        "plans_for_others": people.exclude(pk=me.pk).exists(),
        "today": today,
    }
    return render(request, "web_people/absences.html", facts, status=status)


@require_POST
def absence_cancelled(request: HttpRequest, pk: int) -> HttpResponse:
    absence = absence_at(request, pk)
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        raise Stale(_("Somebody changed this meanwhile. Look at it again."))
    cancel_absence(absence, seen=int(seen), by=actor_of(request), now=now_of(request))
    said = _("Cancelled: %(name)s is here in those days.") % {"name": absence.person.name}
    return done(request, reverse("web:absences"), said)
