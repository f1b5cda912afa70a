"""Everything that stands on a case's page: its areas at work, its line, its story, what was promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from hilo.ledger.models import EventObject, LedgerEvent, Place
from hilo.ledger.reading import open_texts
from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.parties.permissions import may
from hilo.quality.access import cases_visible_to, is_own_case, leads_case
from hilo.quality.clocks import TargetClock
from hilo.quality.models import (
    AnalysedCase,
    Case,
    CaseLink,
    CaseStage,
    CaseUpdate,
    ClockPause,
    ClockRun,
    Escalation,
    PolicyRule,
)
from hilo.quality.policy import rule_of
from hilo.quality.queries.case_list import CaseFacts, page_of
from hilo.quality.queries.clocks import running_clock
from hilo.work.access import threads_visible_to
from hilo.work.models import (
    Deliverable,
    Handoff,
    Order,
    OrderLine,
    Promise,
    Requirement,
    Span,
    Thread,
    Update,
)
from hilo.work.queries.thread_line import LineFacts, lines_of
from hilo.work.queries.thread_page import contacts_of
from hilo.work.queries.timeline import PER_PAGE, StoryPage, names_in

# What a case may be about, by the name its link uses, and what to call one of them.
LINKABLE: dict[str, tuple[type[Any], str]] = {
    "promise": (Promise, "text"),
    "handoff": (Handoff, "step_run"),
    "requirement": (Requirement, "text"),
    "deliverable": (Deliverable, "name"),
    "order": (Order, "text"),
    "order_line": (OrderLine, "text"),
}


@dataclass(slots=True)
class LinkedThing:
    """``row`` is None for what lives in a package above this one: its name is asked for there."""

    link: CaseLink
    row: Any = None

    @property
    def label(self) -> str:
        if self.row is None:
            return ""
        return str(getattr(self.row, LINKABLE[self.link.type][1]))


@dataclass(slots=True)
class CasePage:
    case: Case
    facts: CaseFacts
    now: datetime
    line: LineFacts
    spans: dict[int, list[Span]]  # by strand, the oldest first
    rule: PolicyRule
    stages: list[CaseStage] = field(default_factory=list)
    pauses: list[ClockPause] = field(default_factory=list)
    run: ClockRun | None = None  # of the response, the latest
    contacts: list[Contact] = field(default_factory=list)
    updates: list[CaseUpdate] = field(default_factory=list)  # the newest first
    escalations: list[Escalation] = field(default_factory=list)
    recovery: list[Promise] = field(default_factory=list)
    links: list[LinkedThing] = field(default_factory=list)
    also_on: list[Thread] = field(default_factory=list)
    others_of_failure: list[Case] = field(default_factory=list)
    analysis_id: int | None = None
    response_clock: TargetClock | None = None
    may_work: bool = False
    leads: bool = False

    @property
    def last_told(self) -> Update | None:
        return self.updates[0].update if self.updates else None

    @property
    def open_recovery(self) -> list[Promise]:
        """The earliest first; a broken one that nobody answered for is owed still."""
        owed = [one for one in self.recovery if one.state in ("open", "broken") and one.answered_at is None]
        return sorted(owed, key=lambda one: one.due_at)


def case_for(actor: Actor, code: str) -> Case | None:
    return cases_visible_to(actor).filter(code=code).select_related("thread__customer", "owner").first()


def case_page(case: Case, actor: Actor, *, now: datetime) -> CasePage:
    facts = page_of([case.pk], now=now)[0]
    case = facts.case
    line = lines_of([case.thread], now=now, whole=True)[case.thread_id]
    page = CasePage(case, facts, now, line, _spans(line, facts), rule_of(case))
    page.stages = list(case.stages.order_by("run", "reached_at", "pk"))
    page.pauses = list(case.clock_pauses.select_related("author"))
    page.run = case.clock_runs.filter(clock=ClockRun.Clock.RESPONSE).order_by("-run").first()
    page.contacts = sorted(contacts_of(case.thread), key=lambda one: (one != case.contact, one.name))
    page.updates = list(
        case.updates.select_related("update__said_by").order_by("-update__said_at", "-pk")[:20]
    )
    page.escalations = list(case.escalations.select_related("owner", "contact").order_by("at"))
    _attach_links(page)
    _attach_neighbours(page, actor)
    page.response_clock = _response_clock(page)
    page.may_work = may(actor, "case.work", own=is_own_case(actor, case))
    page.leads = page.may_work and leads_case(actor, case)
    return page


def _spans(line: LineFacts, facts: CaseFacts) -> dict[int, list[Span]]:
    """The thread's spans that are this case's: each area's own, apart."""
    found: dict[int, list[Span]] = {strand.run.pk: [] for strand in facts.strands}
    for span in line.spans:
        if span.step_run_id in found:
            found[span.step_run_id].append(span)
    return found


def _response_clock(page: CasePage) -> TargetClock | None:
    if page.run is None or page.run.stopped_at is not None:
        return None
    clock = running_clock(page.run)
    return clock if isinstance(clock, TargetClock) else None


def _attach_links(page: CasePage) -> None:
    links = list(page.case.links.order_by("pk"))
    wanted: dict[str, set[int]] = {}
    for link in links:
        wanted.setdefault(link.type, set()).add(link.object_id)
    rows = {
        (kind, row.pk): row for kind, ids in wanted.items() if kind in LINKABLE for row in _linked(kind, ids)
    }
    page.links = [LinkedThing(link, rows.get((link.type, link.object_id))) for link in links]
    is_recovery = {
        link.object_id for link in links if link.type == "promise" and link.qualifier == "recovery"
    }
    page.recovery = [row for (kind, pk), row in rows.items() if kind == "promise" and pk in is_recovery]


def _linked(kind: str, ids: set[int]) -> QuerySet[Any]:
    rows: QuerySet[Any] = LINKABLE[kind][0]._default_manager.filter(pk__in=ids)
    if kind == "promise":
        return rows.select_related("promised_by", "contact")
    return rows.select_related("step_run") if kind == "handoff" else rows


def _attach_neighbours(page: CasePage, actor: Actor) -> None:
    """Threads and cases beside this one, as far as the reader may see them."""
    touched = page.case.also_on.values("thread")
    page.also_on = list(threads_visible_to(actor).filter(pk__in=touched).order_by("code"))
    main = page.case.same_failure_as_id or page.case.pk
    of_failure = Q(same_failure_as=main) | Q(pk=main)
    others = cases_visible_to(actor).filter(of_failure).exclude(pk=page.case.pk)
    page.others_of_failure = list(others.select_related("thread__customer").order_by("code"))
    page.analysis_id = (
        AnalysedCase.objects.filter(case=page.case.pk).values_list("analysis_id", flat=True).first()
    )


# ---- its story ------------------------------------------------------------------------------------------


def story_of_case(
    case: Case,
    *,
    kinds: Collection[str],
    before: Place | None = None,
    area_id: int | None = None,
    limit: int = PER_PAGE,
) -> StoryPage:
    """What happened with the case itself, its areas and its messages, and what was noted on the thread
    meanwhile; not the rest of what the thread lives through."""
    events = LedgerEvent.objects.filter(_is_of(case), kind__in=kinds)
    if area_id is not None:
        events = events.filter(Q(area_id=area_id) | Q(chain__in=_chains_of_area(case, area_id)))
    if before is not None:
        same_moment = Q(occurred_at=before.occurred_at, id__lt=before.id)
        events = events.filter(Q(occurred_at__lt=before.occurred_at) | same_moment)
    found = list(events.order_by("-occurred_at", "-id")[: limit + 1])
    shown = found[:limit]
    older = shown[-1].place if len(found) > limit else None
    return StoryPage(shown, open_texts(shown), names_in(shown), older)


def _is_of(case: Case) -> Q:
    named = EventObject.objects.filter(type="case", object_id=case.pk)
    runs = list(case.work_item.step_runs.values_list("pk", flat=True))
    handoffs = Handoff.objects.filter(step_run__in=runs).values_list("pk", flat=True)
    promises = case.links.filter(type="promise").values_list("object_id", flat=True)
    updates = case.updates.values_list("update_id", flat=True)
    escalations = case.escalations.values_list("pk", flat=True)
    chains = [
        f"case:{case.pk}",
        *_chains("step_run", runs),
        *_chains("handoff", handoffs),
        *_chains("promise", promises),
        *_chains("update", updates),
        *_chains("escalation", escalations),
    ]
    until = {"occurred_at__lte": case.closed_at} if case.closed_at else {}
    noted = Q(thread_id=case.thread_id, kind="note.written", occurred_at__gte=case.received_at, **until)
    return Q(chain__in=chains) | Q(pk__in=named.values("event_id")) | noted


def _chains_of_area(case: Case, area_id: int) -> list[str]:
    """Also what it was only offered: the offer itself is an event of who gave it."""
    runs = list(case.work_item.step_runs.filter(area=area_id).values_list("pk", flat=True))
    handoffs = Handoff.objects.filter(step_run__in=runs).values_list("pk", flat=True)
    return [*_chains("step_run", runs), *_chains("handoff", handoffs)]


def _chains(kind: str, ids: Iterable[int]) -> list[str]:
    return [f"{kind}:{pk}" for pk in ids]
