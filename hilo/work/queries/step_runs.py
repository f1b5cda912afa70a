"""The steps of a thread as its page and its plan show them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from hilo.work.commands.plan import OVER
from hilo.work.models import Span, StepRun, StepRunLink, Thread


def step_runs_of(thread: Thread) -> QuerySet[StepRun]:
    """In the order of the plan, each with its area, holder, spans and what it waits for; five queries."""
    return (
        StepRun.objects.filter(thread=thread)
        .select_related("step", "area", "delegation", "holder", "work_item__order")
        .prefetch_related(
            Prefetch("spans", Span.objects.order_by("opened_at", "pk")),
            Prefetch("links_before", StepRunLink.objects.select_related("before__area")),
            Prefetch("links_after", StepRunLink.objects.select_related("after__area")),
        )
    )


def joint_looks_to_finish(thread: Thread) -> QuerySet[StepRun]:
    """While any of these is left, nothing may be promised (SPEC 3.4)."""
    return StepRun.objects.filter(thread=thread, step__is_joint_look=True).exclude(state__in=OVER)
