"""The case, analysis, why or action an address names. What is not there, or not for them, is a plain 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from hilo.parties.actor import Actor
from hilo.parties.permissions import may, require
from hilo.quality.access import cases_visible_to, is_own_case
from hilo.quality.analysing import analyses_visible_to, cases_of
from hilo.quality.models import Analysis, Case, CorrectiveAction, Why
from hilo.web.doing.asking import actor_of
from hilo.web.doing.routes import action_of
from hilo.work.access import is_own

LARGEST_ID = 2**63 - 1
BESIDE = ("thread__customer", "thread__owner", "owner", "area", "contact")


def case_asked(request: HttpRequest, code: str) -> Case:
    """Another delegation's is there to read alone."""
    actor, action = actor_of(request), action_of(request)
    found = cases_visible_to(actor).select_related(*BESIDE).filter(code=code).first()
    if found is None:
        raise Http404
    if not may(actor, action, own=False):
        require(actor, action, own=is_own_case(actor, found))
    return found


def analysis_asked(request: HttpRequest, pk: int) -> Analysis:
    found = analyses_visible_to(actor_of(request)).select_related("cause", "owner")
    return _here(request, found.filter(pk=min(pk, LARGEST_ID)).first())


def _here(request: HttpRequest, analysis: Analysis | None) -> Analysis:
    if analysis is None:
        raise Http404
    actor, action = actor_of(request), action_of(request)
    if not may(actor, action, own=False):
        require(actor, action, own=works_on(actor, analysis))
    return analysis


def works_on(actor: Actor, analysis: Analysis) -> bool:
    """One of its threads is theirs to act on, or they lead it."""
    return actor.acts_for(analysis.owner_id) or any(is_own(actor, case.thread) for case in cases_of(analysis))


def why_asked(request: HttpRequest, pk: int) -> Why:
    found = Why.objects.filter(removed_at__isnull=True, pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    found.analysis = analysis_asked(request, found.analysis_id)
    return found


def actions_visible_to(actor: Actor) -> QuerySet[CorrectiveAction]:
    rows = CorrectiveAction.objects.filter(analysis__in=analyses_visible_to(actor))
    return rows.select_related("analysis__cause", "owner", "checker", "area")


def action_asked(request: HttpRequest, pk: int) -> CorrectiveAction:
    """Whoever does or checks it may act on it wherever it belongs."""
    actor = actor_of(request)
    found = actions_visible_to(actor).filter(pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    if not _named_on(actor, found):
        _here(request, found.analysis)
    return found


def _named_on(actor: Actor, action: CorrectiveAction) -> bool:
    return actor.acts_for(action.owner_id) or actor.acts_for(action.checker_id)


def cause_url(analysis: Analysis, anchor: str = "") -> str:
    """Its page stands under the first of its cases."""
    return reverse("web:cause", args=[cases_of(analysis)[0].code]) + anchor


def action_url(action: CorrectiveAction) -> str:
    return reverse("web:action", args=[action.pk])
