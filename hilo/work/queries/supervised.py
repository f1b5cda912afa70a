"""Lo que superviso: what I own and others have in their hands. Delegating never releases (SPEC 2.2)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from hilo.parties.actor import Actor
from hilo.work.access import threads_visible_to
from hilo.work.models import StepRun, Thread

_AWAY = (StepRun.State.RUNNING, StepRun.State.OFFERED)


def threads_supervised(actor: Actor) -> QuerySet[Thread]:
    """The actor's open threads where others have a step or are asked to take one, the earliest due first.

    Each with ``away``: those steps, with their holder and area.
    """
    elsewhere = StepRun.objects.filter(state__in=_AWAY).exclude(holder=actor.person)
    owned = threads_visible_to(actor).filter(owner=actor.person, state=Thread.State.OPEN)
    return (
        owned.filter(Exists(elsewhere.filter(thread=OuterRef("pk"))))
        .select_related("customer")
        .prefetch_related(
            Prefetch("step_runs", elsewhere.select_related("holder", "area", "delegation"), to_attr="away")
        )
        .order_by("next_due", "pk")
    )
