"""Praise and pain of the week: what there was to be glad and to be sorry about, and what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.quality.access import cases_visible_to
from hilo.quality.analysing import analyses_visible_to
from hilo.quality.models import Case, CorrectiveAction, Escalation, Praise
from hilo.quality.queries.stuck import Stuck, stuck_topics
from hilo.work.access import threads_visible_to
from hilo.work.models import Promise


@dataclass(frozen=True, slots=True)
class Week:
    """From ``starts`` until before ``ends``; stuck topics and due actions are those of ``now``.

    ``opened``: what failed; that a customer asked something is no pain.
    """

    starts: datetime
    ends: datetime
    praise: list[Praise]
    opened: list[Case]
    escalated: list[Escalation]
    reopened: list[Case]
    broken: list[Promise]
    stuck: list[Stuck]
    due: list[CorrectiveAction]
    to_judge: list[CorrectiveAction]

    @property
    def pains(self) -> int:
        return len(self.opened) + len(self.escalated) + len(self.reopened) + len(self.broken)


def week_of(actor: Actor, *, starts: datetime, ends: datetime, now: datetime) -> Week:
    """What the actor may see of it; a constant number of queries."""
    threads, cases = threads_visible_to(actor), cases_visible_to(actor).select_related("thread__customer")
    within = {"gte": starts, "lt": ends}
    praise = Praise.objects.filter(thread__in=threads, **_in("said_at", within))
    actions = CorrectiveAction.objects.filter(analysis__in=analyses_visible_to(actor))
    actions = actions.select_related("owner", "checker", "area", "analysis")
    return Week(
        starts=starts,
        ends=ends,
        praise=list(
            praise.select_related("thread__customer", "contact")
            .prefetch_related("praised__person")
            .order_by("-said_at", "-pk")
        ),
        opened=list(
            cases.filter(kind__in=Case.FAILURES, **_in("received_at", within)).order_by("received_at", "pk")
        ),
        escalated=list(
            Escalation.objects.filter(thread__in=threads, **_in("at", within))
            .select_related("thread__customer", "contact", "case")
            .order_by("at", "pk")
        ),
        reopened=list(cases.filter(pk__in=reopened_between(starts, ends)).order_by("received_at", "pk")),
        broken=list(
            Promise.objects.filter(thread__in=threads, **_in("broken_at", within))
            .select_related("thread__customer", "contact")
            .order_by("broken_at", "pk")
        ),
        stuck=stuck_topics(actor, now=now),
        due=list(actions.filter(state=CorrectiveAction.State.OPEN, due_at__lt=ends).order_by("due_at", "pk")),
        to_judge=list(actions.filter(state=CorrectiveAction.State.TO_JUDGE).order_by("to_judge_at", "pk")),
    )


def _in(column: str, within: dict[str, datetime]) -> dict[str, datetime]:
    return {f"{column}__{bound}": moment for bound, moment in within.items()}


def reopened_between(starts: datetime, ends: datetime) -> set[int]:
    """Cases reopened in that time: when stands in the ledger alone."""
    rows = LedgerEvent.objects.filter(Q(kind="case.reopened"), occurred_at__gte=starts, occurred_at__lt=ends)
    return set(rows.values_list("subject_id", flat=True))
