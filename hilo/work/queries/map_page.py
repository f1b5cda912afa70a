"""The map of a thread: its line, the plan of each of its works, promises, reviews, the reserve and its log.

Four queries, whatever the thread has: all rows in one, then the hours of the areas that work on it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import CompanyPolicy, Contact, Delegation, Person
from hilo.parties.permissions import may
from hilo.parties.queries.calendars import clocks_of_places, close_of, day_of
from hilo.work.models import (
    Handoff,
    Order,
    PlanMove,
    Promise,
    ReserveUse,
    ReviewMoment,
    Span,
    Step,
    StepRun,
    StepRunLink,
    Thread,
    WorkItem,
)
from hilo.work.planned import Foresight, Plan, foresee, keeps_promises, plan_of
from hilo.work.planning import Edge
from hilo.work.queries.thread_line import LineFacts, OfThread
from hilo.work.queries.thread_page import contacts_of
from hilo.work.sides import heads

MOST_USES = 50  # of the reserve's log
MOST_MOVES = 10


@dataclass(slots=True)
class MapPage:
    """Everything attached: ``run.area``, ``run.holder``, ``promise.contact``, ``use.used_by``."""

    thread: Thread
    line: LineFacts
    now: datetime
    items: list[WorkItem] = field(default_factory=list)  # the thread's own first; each with ``plan``
    plans: dict[int, Plan] = field(default_factory=dict)  # by work item
    promises: list[Promise] = field(default_factory=list)  # open and broken, the earliest first
    reviews: list[ReviewMoment] = field(default_factory=list)  # planned ones, and those held
    uses: list[ReserveUse] = field(default_factory=list)  # newest first
    moves: list[PlanMove] = field(default_factory=list)  # newest first, undone ones too
    contacts: list[Contact] = field(default_factory=list)
    movable: set[int] = field(default_factory=set)  # step runs whose date this actor may move
    policy: CompanyPolicy | None = None
    may_work: bool = False

    @property
    def next_news(self) -> datetime | None:
        """What a message is prefilled with: policy by priority, in the working days of the delegation."""
        clock = self.line.clock
        if clock is None or self.policy is None:
            return None
        urgent = self.thread.priority == Thread.Priority.URGENT
        days = self.policy.urgent_news_working_days if urgent else self.policy.news_working_days
        return close_of(clock, clock.add_working_days(day_of(clock, self.now), days))

    @property
    def reserve_used(self) -> int:
        return self.line.reserve_used

    @property
    def reserve_left(self) -> int | None:
        """Minutes; None where the plan has none."""
        if not self.thread.reserve_minutes:
            return None
        return self.thread.reserve_minutes - self.reserve_used

    @property
    def runs(self) -> list[StepRun]:
        return [run for item in self.items for run in self.plans[item.pk].runs.values()]

    def spans_of(self, run: StepRun) -> list[Span]:
        return [span for span in self.line.spans if span.step_run_id == run.pk]

    def plan_with(self, run: StepRun) -> Plan:
        return self.plans[run.work_item_id]

    def foresee(self, run: StepRun, *, edge: Edge, to: datetime) -> Foresight:
        """The dry run over the rows at hand; the command reads its own."""
        item = next(each for each in self.items if each.pk == run.work_item_id)
        own = [one for one in self.promises if one.order_id == item.order_id]
        return foresee(
            self.plan_with(run),
            run,
            edge=edge,
            to=to,
            promises=[one for one in own if one.state == Promise.State.OPEN] if keeps_promises(item) else [],
            reviews=[one for one in self.reviews if one.state == ReviewMoment.State.PLANNED],
            reserve_left=self.reserve_left if keeps_promises(item) else None,
            now=self.now,
        )


def map_page(thread: Thread, actor: Actor, *, now: datetime) -> MapPage:
    line, rows = _rows_of(thread, now=now)
    page = MapPage(thread, line, now)
    _attach(page, rows)
    _plan(page, rows)
    _allow(page, actor, rows["drafts"])
    return page


def _parts(thread: Thread) -> dict[str, QuerySet[Any, Any]]:
    pk = thread.pk
    items = WorkItem.objects.filter(thread=pk)
    uses = ReserveUse.objects.filter(thread=pk)
    moves = PlanMove.objects.filter(thread=pk)
    reviews = ReviewMoment.objects.filter(thread=pk).exclude(state=ReviewMoment.State.CANCELLED)
    people = (
        Q(pk=thread.owner_id)
        | Q(pk__in=StepRun.objects.filter(thread=pk, holder__isnull=False).values("holder"))
        | Q(pk__in=uses.values("used_by"))
        | Q(pk__in=moves.values("moved_by"))
    )
    return {
        "policy": CompanyPolicy.objects.all(),
        "items": items,
        "orders": Order.objects.filter(thread=pk),
        "links": StepRunLink.objects.filter(after__thread=pk),
        "steps": Step.objects.filter(runs__in=StepRun.objects.filter(thread=pk)).distinct(),
        "sites": Delegation.objects.filter(
            pk__in=StepRun.objects.filter(thread=pk).values("delegation")
        ).only("name", "zone"),
        "people": Person.objects.filter(people).only("name"),
        "contacts": contacts_of(thread),
        "promised_to": Contact.objects.filter(
            pk__in=Promise.objects.filter(thread=pk, state__in=["open", "broken"]).values("contact")
        ),
        "reviews": reviews,
        "uses": uses.filter(pk__in=uses.order_by("-used_at", "-pk").values("pk")[:MOST_USES]),
        "moves": moves.filter(pk__in=moves.order_by("-pk").values("pk")[:MOST_MOVES]),
        "drafts": Handoff.objects.filter(thread=pk, state=Handoff.State.DRAFT).only("step_run", "giver"),
    }


_rows_of = OfThread(_parts)


def _attach(page: MapPage, rows: dict[str, list[Any]]) -> None:
    people = {person.pk: person for person in rows["people"]}
    sites = {site.pk: site for site in rows["sites"]}
    steps = {step.pk: step for step in rows["steps"]}
    told = {contact.pk: contact for contact in rows["promised_to"]}
    page.policy = rows["policy"][0]
    page.thread.owner = people[page.thread.owner_id]
    for run in page.line.steps:
        run.thread, run.delegation = page.thread, sites[run.delegation_id]
        run.step = steps.get(run.step_id) if run.step_id else None
        run.holder = people.get(run.holder_id) if run.holder_id else None
    page.promises = sorted(page.line.promises, key=lambda one: (one.due_at, one.pk))
    for promise in page.promises:
        promise.contact = told[promise.contact_id]
    page.reviews = sorted(rows["reviews"], key=lambda one: (one.starts_at, one.pk))
    page.uses = sorted(rows["uses"], key=lambda one: (one.used_at, one.pk), reverse=True)
    for use in page.uses:
        use.used_by = people[use.used_by_id]
    page.moves = sorted(rows["moves"], key=lambda one: one.pk, reverse=True)
    for moved in page.moves:
        moved.moved_by = people[moved.moved_by_id]
    page.contacts = sorted(rows["contacts"], key=lambda one: one.name)


def _plan(page: MapPage, rows: dict[str, list[Any]]) -> None:
    orders = {order.pk: order for order in rows["orders"]}
    links = [(link.before_id, link.after_id) for link in rows["links"]]
    clocks = clocks_of_places((run.area_id, run.delegation_id) for run in page.line.steps)
    runs: defaultdict[int, list[StepRun]] = defaultdict(list)
    for run in page.line.steps:
        runs[run.work_item_id].append(run)
    for item in sorted(rows["items"], key=lambda one: (one.kind != WorkItem.Kind.THREAD, one.pk)):
        if item.order_id:
            item.order = orders[item.order_id]
        page.plans[item.pk] = plan_of(runs[item.pk], links, clocks)
        for run in runs[item.pk]:
            run.work_item = item
        page.items.append(item)


def _allow(page: MapPage, actor: Actor, drafts: list[Handoff]) -> None:
    """The same answers as the commands give, from the rows at hand; they ask again."""
    thread = page.thread
    givers = {draft.step_run_id: draft.giver_id for draft in drafts}
    own = thread.delegation_id in actor.delegation_ids or actor.acts_for(thread.owner_id)
    own = own or any(
        run.delegation_id in actor.delegation_ids or actor.acts_for(run.holder_id) for run in page.runs
    )
    page.may_work = thread.is_open and may(actor, "thread.work", own=own)
    if not page.may_work or thread.state != Thread.State.OPEN:
        return
    for run in page.runs:
        if run.state == StepRun.State.PLANNED:
            theirs = actor.acts_for(thread.owner_id) or actor.acts_for(givers.get(run.pk))
        else:
            theirs = run.state == StepRun.State.RUNNING and actor.acts_for(run.holder_id)
        movable = run.state in (StepRun.State.PLANNED, StepRun.State.RUNNING)
        if movable and (theirs or heads(actor, run.area_id, run.delegation_id)):
            page.movable.add(run.pk)
