"""Handoffs to answer and given, the package that goes with one, and the measures of each pair of areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Contact
from hilo.work.access import threads_visible_to
from hilo.work.commands.plan import Clocks
from hilo.work.models import (
    Document,
    DocumentVersion,
    Handoff,
    HandoffItem,
    LooseEnd,
    Promise,
    Requirement,
    StepRun,
)
from hilo.work.sources_of_handoffs import handoffs_for, handoffs_of_giver, to_be_prepared

_BESIDE = (
    "thread__customer",
    "step_run__step",
    "giver",
    "to_person",
    "from_area",
    "to_area",
    "from_delegation",
    "to_delegation",
)


def handoffs_visible_to(actor: Actor) -> QuerySet[Handoff]:
    return Handoff.objects.filter(thread__in=threads_visible_to(actor))


def handoffs_to_answer(actor: Actor, *, now: datetime) -> QuerySet[Handoff]:
    """What waits for the actor's areas, for them or for whom they cover; the first to run out first."""
    return _with_items(handoffs_for(actor, today=now.date())).order_by("respond_by", "pk")


def handoffs_given(actor: Actor) -> QuerySet[Handoff]:
    """What the actor still answers for: to prepare, waiting for an answer, with conditions to confirm."""
    given = handoffs_of_giver(actor)
    waiting = Q(state__in=[Handoff.State.OFFERED, Handoff.State.CONDITIONAL])
    mine = given.filter(waiting | Q(pk__in=to_be_prepared(given).values("pk")))
    return _with_items(mine).order_by("created_at", "pk")


def _with_items(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    return handoffs.select_related(*_BESIDE).prefetch_related("items")


# The package ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Package:
    """Everything the receiver needs to judge an offer, on one page (SPEC 4.2)."""

    handoff: Handoff
    items: list[HandoffItem]
    attempts: list[Handoff]  # earlier ones, the last first
    promises: list[Promise]
    requirements: list[Requirement]
    documents: list[Document]  # each with ``shown_versions``, the newest first, and its approval
    risks: list[LooseEnd]
    contacts: list[Contact]
    next_steps: list[StepRun]  # who waits for this step

    @property
    def deadline(self) -> datetime:
        return self.handoff.proposed_due

    @property
    def missing(self) -> list[HandoffItem]:
        return [item for item in self.items if item.state != HandoffItem.State.COMPLETE]


def handoff_package(handoff: Handoff) -> Package:
    """Prefilled from the thread: nobody types what it already knows. A constant number of queries."""
    thread = handoff.thread
    versions = DocumentVersion.objects.select_related("approval__contact").order_by("-number")
    return Package(
        handoff=handoff,
        items=list(handoff.items.select_related("document_version__document")),
        attempts=list(
            Handoff.objects.filter(step_run=handoff.step_run_id, attempt__lt=handoff.attempt)
            .select_related("answered_by", "giver")
            .prefetch_related("items")
            .order_by("-attempt")
        ),
        promises=list(
            thread.promises.filter(state__in=[Promise.State.OPEN, Promise.State.BROKEN])
            .select_related("promised_by", "contact")
            .order_by("due_at")
        ),
        requirements=list(thread.requirements.filter(withdrawn_at__isnull=True).select_related("contact")),
        documents=list(
            thread.documents.prefetch_related(Prefetch("versions", versions, to_attr="shown_versions"))
        ),
        risks=list(thread.loose_ends.filter(settled_at__isnull=True).select_related("owner")),
        contacts=list(thread.customer.contacts.filter(left_at__isnull=True, erased_at__isnull=True)),
        next_steps=list(
            StepRun.objects.filter(links_before__before=handoff.step_run_id).select_related("area")
        ),
    )


# Measures per pair of areas -------------------------------------------------------------------------------


@dataclass(slots=True)
class BorderFigures:
    """How work passes from one area to another; about the two areas together, never about a person.

    Source: DOMAIN 1. ``offered`` counts the steps offered for the first time in the period and
    ``first_time_right`` those of them accepted at once with nothing marked missing. ``responses`` are the
    times to the first answer of every attempt, in the receiving area's business time. ``came_back`` counts
    work that left the one area, was accepted in the other and came straight back; ``time_lost`` is the
    business time it spent there.
    """

    from_area: Area
    to_area: Area
    offered: int = 0
    first_time_right: int = 0
    returned: int = 0
    waiting: int = 0
    came_back: int = 0
    time_lost: timedelta = timedelta()
    responses: list[timedelta] = field(default_factory=list)

    @property
    def median_response(self) -> timedelta | None:
        """None without answers; of an even number, the mean of the two in the middle."""
        ordered = sorted(self.responses)
        if not ordered:
            return None
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def border_figures(
    actor: Actor, *, since: datetime, until: datetime, delegation_id: int | None = None
) -> list[BorderFigures]:
    """Per ordered pair of areas, from offers made in [since, until); confidential threads only if visible.

    ``delegation_id`` narrows to offers received there. Six queries at most, and two per area's hours.
    """
    offers = _offers_between(actor, since, until, delegation_id)
    figures: dict[tuple[int, int], BorderFigures] = {}
    clocks = Clocks()
    for handoff in offers:
        key = (handoff.from_area_id, handoff.to_area_id)
        pair = figures.setdefault(key, BorderFigures(handoff.from_area, handoff.to_area))
        _count(pair, handoff, clocks)
    _count_what_came_back(figures, offers, clocks)
    return sorted(figures.values(), key=lambda each: (each.from_area.name, each.to_area.name))


def _offers_between(
    actor: Actor, since: datetime, until: datetime, delegation_id: int | None
) -> list[Handoff]:
    marked = HandoffItem.objects.filter(handoff=OuterRef("pk"), marked_missing_at__isnull=False)
    offered_before = Handoff.objects.filter(
        step_run=OuterRef("step_run"), attempt=OuterRef("attempt") - 1, offered_at__isnull=False
    ).exclude(state=Handoff.State.ACCEPTED)
    between = handoffs_visible_to(actor).filter(
        is_within_area=False, offered_at__gte=since, offered_at__lt=until
    )
    if delegation_id is not None:
        between = between.filter(to_delegation=delegation_id)
    beside = between.select_related("from_area", "to_area", "step_run").annotate(
        had_gap=Exists(marked), is_again=Exists(offered_before)
    )
    return list(beside.order_by("offered_at", "pk"))


def _count(pair: BorderFigures, handoff: Handoff, clocks: Clocks) -> None:
    accepted = handoff.state == Handoff.State.ACCEPTED
    first = not handoff.is_again  # type: ignore[attr-defined]
    pair.offered += first
    pair.first_time_right += first and accepted and not handoff.had_gap  # type: ignore[attr-defined]
    pair.returned += handoff.state == Handoff.State.RETURNED
    pair.waiting += handoff.state in (Handoff.State.OFFERED, Handoff.State.CONDITIONAL)
    if handoff.answered_at is not None and handoff.offered_at is not None:
        clock = clocks.of(handoff.to_area_id, handoff.to_delegation_id)
        pair.responses.append(clock.between(handoff.offered_at, handoff.answered_at))


def _count_what_came_back(
    figures: dict[tuple[int, int], BorderFigures], offers: Iterable[Handoff], clocks: Clocks
) -> None:
    """A to B accepted, and the next acceptance of the same piece of work is B to A."""
    accepted = defaultdict(list)
    for handoff in offers:
        if handoff.state == Handoff.State.ACCEPTED and handoff.answered_at is not None:
            accepted[handoff.step_run.work_item_id].append(handoff)
    for chain in accepted.values():
        for there, back in pairwise(sorted(chain, key=lambda each: (each.answered_at, each.pk))):
            if (there.from_area_id, there.to_area_id) == (back.to_area_id, back.from_area_id):
                pair = figures[there.from_area_id, there.to_area_id]
                pair.came_back += 1
                clock = clocks.of(there.to_area_id, there.to_delegation_id)
                assert there.answered_at is not None and back.answered_at is not None
                pair.time_lost += clock.between(there.answered_at, back.answered_at)
