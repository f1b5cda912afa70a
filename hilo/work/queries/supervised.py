"""Lo que superviso: what I own and others have in their hands. Delegating never releases (SPEC 2.2)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from hilo.parties.actor import Actor
from hilo.work.access import threads_visible_to, visible_to
from hilo.work.models import StepRun, Thread

_AWAY = (StepRun.State.RUNNING, StepRun.State.OFFERED)


def threads_supervised(actor: Actor) -> QuerySet[Thread]:
    """The actor's open threads where others have a step or are asked to take one, the earliest due first."""
    owned = threads_visible_to(actor).filter(owner=actor.person, state=Thread.State.OPEN)
    elsewhere = _elsewhere(actor).filter(thread=OuterRef("pk"))
    return owned.filter(Exists(elsewhere)).order_by("next_due", "pk")


def steps_away(actor: Actor) -> QuerySet[StepRun]:
    """Those steps, of all of these threads."""
    owned = Q(thread__owner=actor.person, thread__state=Thread.State.OPEN)
    return _elsewhere(actor).filter(visible_to(actor, "thread__"), owned)


def _elsewhere(actor: Actor) -> QuerySet[StepRun]:
    return StepRun.objects.filter(state__in=_AWAY).exclude(holder=actor.person)
