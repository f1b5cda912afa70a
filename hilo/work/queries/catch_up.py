"""The story so far on one page: promised, decided, warned, what hangs, what changed since one last looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.work.gate import Hang, what_hangs
from hilo.work.models import Contradiction, LooseEnd, Note, Promise, Requirement, Thread, Visit

MOST_DECISIONS, MOST_CHANGES = 12, 50


@dataclass(frozen=True, slots=True)
class CatchUp:
    """``since`` is None for who has never looked: then all of it is new."""

    since: datetime | None
    promised: list[Promise]
    decided: list[Note]
    asked_for: list[Requirement]
    warned: list[Contradiction]
    broken: list[Promise]
    doubts: list[LooseEnd]
    hanging: list[Hang]
    changes: int

    @property
    def is_calm(self) -> bool:
        return not (self.warned or self.broken or self.doubts)


def catch_up(thread: Thread, actor: Actor, *, kinds: frozenset[str], now: datetime) -> CatchUp:
    since = last_look(thread, actor)
    promises = thread.promises.select_related("contact", "promised_by").order_by("due_at")
    return CatchUp(
        since=since,
        promised=list(promises.filter(state__in=["open", "kept", "kept_late"])),
        decided=list(
            thread.notes.filter(kind=Note.Kind.DECISION)
            .select_related("author")
            .order_by("-happened_at")[:MOST_DECISIONS]
        ),
        asked_for=list(thread.requirements.filter(withdrawn_at__isnull=True).select_related("contact")),
        warned=list(thread.contradictions.filter(settled_at__isnull=True)),
        broken=list(promises.filter(state="broken", answered_at__isnull=True)),
        doubts=list(thread.loose_ends.filter(settled_at__isnull=True).select_related("owner")),
        hanging=[hang for hang in what_hangs(thread, now=now) if not hang.excused],
        changes=changes_since(thread, since, kinds).count(),
    )


def last_look(thread: Thread, actor: Actor) -> datetime | None:
    visit = Visit.objects.filter(thread=thread, person=actor.person).first()
    return visit.seen_until if visit else None


def changes_since(thread: Thread, since: datetime | None, kinds: frozenset[str]) -> QuerySet[LedgerEvent]:
    """By when it was written down: what happened last week and was noted today is new today."""
    rows = LedgerEvent.objects.filter(thread_id=thread.pk, kind__in=kinds)
    return rows.filter(recorded_at__gt=since) if since else rows
