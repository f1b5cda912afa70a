"""Everything that stands on a thread's page beside its story: two queries, whatever hangs on it.

Rows come with what the page names already attached (``step.area``, ``promise.contact``,
``document.shown_versions``); nothing here is fetched row by row. A package above has its own rows read in the
same query with ``@beside(name)`` and finds them in ``page.beside[name]``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hilo.businesstime import WorkingTime
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor, Role
from hilo.parties.models import (
    Area,
    AreaCalendar,
    CompanyPolicy,
    Contact,
    Customer,
    Delegation,
    Membership,
    Person,
)
from hilo.parties.permissions import may
from hilo.parties.queries.calendars import clock_of_version, close_of, day_of
from hilo.prepared import Prepared
from hilo.work.access import threads_visible_to
from hilo.work.models import (
    AffectedGroup,
    Ask,
    ClosingQuestion,
    Contradiction,
    Deliverable,
    Document,
    DocumentApproval,
    DocumentVersion,
    Handoff,
    LooseEnd,
    Order,
    OwnershipTransfer,
    Promise,
    Requirement,
    StepRun,
    Thread,
    ThreadReader,
    Visit,
)
from hilo.work.queries.thread_line import LineFacts, OfThread, calendars_in_force
from hilo.work.queries.together import Part

MOST_SETTLED = 12  # settled promises and deliverables that the page still shows
_OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)

type _Beside = Callable[[Thread, Actor], Part]

BESIDE: dict[str, _Beside] = {}


def beside(name: str) -> Callable[[_Beside], _Beside]:
    """Register rows of a package above: built like ``_parts``, of a thread and an actor who are only ids."""
    if name in BESIDE:
        raise LookupError(f"{name} stands beside a thread already")

    def register(build: _Beside) -> _Beside:
        BESIDE[name] = build
        return build

    return register


@dataclass(slots=True)
class ThreadPage:
    thread: Thread
    line: LineFacts
    policy: CompanyPolicy
    now: datetime
    steps: list[StepRun] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)  # of steps that are not over, every attempt
    promises: list[Promise] = field(default_factory=list)
    deliverables: list[Deliverable] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    loose_ends: list[LooseEnd] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    groups: list[AffectedGroup] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)  # each with ``shown_versions``, newest first
    contacts: list[Contact] = field(default_factory=list)
    related: list[Thread] = field(default_factory=list)
    readers: list[ThreadReader] = field(default_factory=list)
    questions: list[ClosingQuestion] = field(default_factory=list)
    transfer: OwnershipTransfer | None = None
    visit: Visit | None = None
    people: dict[int, Person] = field(default_factory=dict)  # each with ``post``: their primary membership
    owner_clock: WorkingTime | None = None
    areas: list[Area] = field(default_factory=list)  # in force
    me: Person | None = None
    is_own: bool = False
    has_charge: bool = False
    may_work: bool = False
    beside: dict[str, list[Any]] = field(default_factory=dict)  # rows of packages above, by their name

    @property
    def next_news(self) -> datetime | None:
        """What a message is prefilled with: policy by priority, in the owner's working days."""
        return self.news_after(self.now)

    def news_after(self, said_at: datetime) -> datetime | None:
        if self.owner_clock is None:
            return None
        urgent = self.thread.priority == Thread.Priority.URGENT
        days = self.policy.urgent_news_working_days if urgent else self.policy.news_working_days
        clock = self.owner_clock
        return close_of(clock, clock.add_working_days(day_of(clock, said_at), days))

    @property
    def delivery_promise(self) -> Promise | None:
        """The earliest open promise, or else the broken one nobody has answered for."""
        owed = [each for each in self.promises if is_owed(each)]
        return min(owed, key=lambda each: (each.state != Promise.State.OPEN, each.due_at), default=None)

    @property
    def team(self) -> list[Person]:
        """Who owns it, then who has or is offered a step of it."""
        ids = [self.thread.owner_id]
        ids += [
            step.holder_id for step in self.steps if step.holder_id and step.state != StepRun.State.SKIPPED
        ]
        ids += [each.to_person_id for each in self.handoffs if each.to_person_id and each.state == "offered"]
        return [self.people[pk] for pk in dict.fromkeys(ids) if pk in self.people]

    @property
    def team_and_me(self) -> list[Person]:
        mine = [self.me] if self.me is not None and self.me not in self.team else []
        return [*mine, *self.team]

    @property
    def steps_to_offer(self) -> list[StepRun]:
        """Steps whose turn has come and that nobody has been offered yet: drafts, and what came back."""
        last: dict[int, Handoff] = {}
        for handoff in sorted(self.handoffs, key=lambda each: each.attempt):
            last[handoff.step_run_id] = handoff
        waiting = ("draft", "returned", "withdrawn")
        unbegun = (StepRun.State.PLANNED, StepRun.State.OFFERED)
        return [
            step
            for step in self.steps
            if step.state in unbegun and step.pk in last and last[step.pk].state in waiting
        ]

    def handoff_of(self, step: StepRun) -> Handoff | None:
        """The latest attempt of a step that is not over."""
        attempts = [each for each in self.handoffs if each.step_run_id == step.pk]
        return max(attempts, key=lambda each: each.attempt, default=None)

    @property
    def hanging(self) -> int:
        """As many as ``gate.what_hangs`` lists (a test holds the two together), from the rows at hand."""
        return (
            sum(step.state not in _OVER for step in self.steps)
            + sum(is_owed(promise) for promise in self.promises)
            + sum(each.state in ("planned", "delivered", "refused") for each in self.deliverables)
            + len(self.orders)
            + len(self.asks)
            + len(self.loose_ends)
            + (self.transfer is not None)
            + (not self.questions)
        )


def is_owed(promise: Promise) -> bool:
    return promise.state == "open" or (promise.state == "broken" and promise.answered_at is None)


def thread_for(actor: Actor, code: str, *, story_kinds: Collection[str] = ()) -> Thread | None:
    """The thread with its people and places, if the actor may see it; ``entries`` counts its story."""
    found = _thread_with_code(actor=actor, code=code, story_kinds=tuple(sorted(story_kinds)))
    return next(iter(found), None)


def _by_code(*, actor: Actor, code: str, story_kinds: tuple[str, ...]) -> QuerySet[Thread]:
    rows = threads_visible_to(actor).select_related(
        "customer__merged_into", "delegation", "owner", "turn_area", "turn_person", "turn_contact"
    )
    if story_kinds:
        counted = (
            LedgerEvent.objects.filter(thread_id=OuterRef("pk"), kind__in=story_kinds)
            .order_by()
            .values("thread_id")
            .annotate(n=Count("id"))
            .values("n")
        )
        rows = rows.annotate(entries=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
    return rows.filter(code=code)


_thread_with_code = Prepared(_by_code)


def thread_page(thread: Thread, actor: Actor, *, now: datetime) -> ThreadPage:
    line, rows = _rows_of(thread, now=now, actor=actor)
    page = ThreadPage(thread, line, rows["policy"][0], now)
    _attach_people(page, rows)
    page.me = actor.person
    page.areas = sorted((area for area in line.areas if area.ended_on is None), key=lambda area: area.name)
    _fill(page, rows, areas={area.pk: area for area in line.areas})
    page.owner_clock = _owner_clock(page, rows)
    page.beside = {name: rows[name] for name in BESIDE}
    _allow(page, actor)
    return page


def _parts(thread: Thread, *, actor: Actor) -> dict[str, Part]:
    pk = thread.pk
    documents = Document.objects.filter(thread=pk)
    versions = DocumentVersion.objects.filter(document__thread=pk)
    people = _people_of(thread)
    posts = Membership.objects.filter(person__in=people.values("pk"), is_primary=True, ends_on__isnull=True)
    owner = Membership.objects.filter(person=thread.owner_id)
    area_calendars = AreaCalendar.objects.filter(area__in=owner.values("area"))
    sites = Delegation.objects.filter(pk__in=posts.values("delegation"))
    of_owner = Q(calendar__in=area_calendars.values("calendar")) | Q(
        calendar__in=Delegation.objects.filter(pk__in=owner.values("delegation")).values("calendar")
    )
    return {
        "policy": CompanyPolicy.objects.all(),
        "people": people.only("name", "position", "phone", "email", "is_active"),
        "posts": posts,
        "sites": sites.only("name", "calendar"),
        "area_calendars": area_calendars,
        "calendars": calendars_in_force().filter(of_owner),
        "handoffs": Handoff.objects.filter(thread=pk).exclude(step_run__state__in=_OVER),
        "promises": _unsettled_and_some(Promise.objects.filter(thread=pk), ("open", "broken")),
        "deliverables": _unsettled_and_some(
            Deliverable.objects.filter(thread=pk), ("planned", "delivered", "refused")
        ),
        "orders": Order.objects.filter(thread=pk, state="open"),
        "asks": Ask.objects.filter(thread=pk, state__in=Ask.UNSETTLED),
        "loose_ends": LooseEnd.objects.filter(thread=pk, settled_at__isnull=True),
        "contradictions": Contradiction.objects.filter(thread=pk, settled_at__isnull=True),
        "requirements": Requirement.objects.filter(thread=pk, withdrawn_at__isnull=True),
        "groups": AffectedGroup.objects.filter(thread=pk),
        "documents": documents,
        "versions": versions,
        "approvals": DocumentApproval.objects.filter(version__document__thread=pk),
        "contacts": contacts_of(thread),
        "related": _related(thread, actor).only("code", "title", "state"),
        "readers": ThreadReader.objects.filter(thread=pk),
        "questions": ClosingQuestion.objects.filter(thread=pk),
        "transfers": OwnershipTransfer.objects.filter(thread=pk, state="offered"),
        "visits": Visit.objects.filter(thread=pk, person=actor.person),
        **{name: build(thread, actor) for name, build in BESIDE.items()},
    }


_rows_of = OfThread(_parts)


def _unsettled_and_some(rows: QuerySet[Any], unsettled: tuple[str, ...]) -> QuerySet[Any]:
    settled = rows.exclude(state__in=unsettled).order_by("-pk").values("pk")[:MOST_SETTLED]
    return rows.filter(Q(state__in=unsettled) | Q(pk__in=settled))


def contacts_of(thread: Thread) -> QuerySet[Contact]:
    """Who is there at the customer today, its survivor's people and those of what merged into it included."""
    ids = [each for each in (thread.customer_id, thread.customer.merged_into_id) if each]
    family = Customer.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    return Contact.objects.filter(customer__in=family, left_at__isnull=True, erased_at__isnull=True)


def _related(thread: Thread, actor: Actor) -> QuerySet[Thread]:
    return threads_visible_to(actor).filter(
        Q(pk__in=thread.relations.values("other")) | Q(pk__in=thread.related_from.values("thread"))
    )


def _people_of(thread: Thread) -> QuerySet[Person]:
    """Whoever the page names: owner, holders, givers, promisers, who has a loose end or a request."""
    pk = thread.pk
    named = Q(pk=thread.owner_id)
    for model, columns in (
        (StepRun, ("holder",)),
        (Handoff, ("giver", "to_person")),
        (Promise, ("promised_by",)),
        (LooseEnd, ("owner", "pinned_by")),
        (Ask, ("asker", "taker")),
        (OwnershipTransfer, ("to_person", "from_person")),
        (ThreadReader, ("person",)),
    ):
        for column in columns:
            rows: QuerySet[Any, Any] = model._default_manager.filter(thread=pk)
            named |= Q(pk__in=rows.filter(**{f"{column}__isnull": False}).values(column))
    return Person.objects.filter(named)


def _attach_people(page: ThreadPage, rows: dict[str, list[Any]]) -> None:
    page.people = {person.pk: person for person in rows["people"]}
    sites = {site.pk: site for site in rows["sites"]}
    for post in rows["posts"]:
        post.delegation = sites[post.delegation_id]
        setattr(page.people[post.person_id], "post", post)  # noqa: B010
    page.thread.owner = page.people[page.thread.owner_id]


def _fill(page: ThreadPage, rows: dict[str, list[Any]], *, areas: dict[int, Any]) -> None:
    contacts = {contact.pk: contact for contact in rows["contacts"]}
    page.steps = page.line.steps
    for name in (
        *("handoffs", "promises", "deliverables", "orders", "asks", "loose_ends", "contradictions"),
        *("requirements", "groups", "related", "readers", "questions"),
    ):
        setattr(page, name, rows[name])
    for post in rows["posts"]:
        post.area = areas[post.area_id]
    for step in page.steps:
        _point(step, {"holder": page.people})
    for row in (*page.handoffs, *page.asks):
        _point(row, {"from_area": areas, "to_area": areas, "giver": page.people, "to_person": page.people})
        _point(row, {"asker": page.people, "taker": page.people})
    for row in (*page.promises, *page.requirements, *page.deliverables, *page.loose_ends):
        _point(row, {"contact": contacts, "promised_by": page.people, "accepted_by": contacts})
        _point(row, {"owner": page.people})
    page.contacts = sorted(contacts.values(), key=lambda contact: (_role_rank(contact), contact.name))
    page.transfer = next(iter(rows["transfers"]), None)
    if page.transfer is not None:
        _point(page.transfer, {"to_person": page.people, "from_person": page.people})
    page.visit = next(iter(rows["visits"]), None)
    page.promises.sort(key=lambda promise: (not is_owed(promise), promise.due_at))
    page.loose_ends.sort(key=lambda each: each.due_at)
    page.asks.sort(key=lambda each: each.due_at)
    page.documents = _documents(rows, contacts)


def _role_rank(contact: Contact) -> int:
    return list(Contact.Role.values).index(contact.role)


def _point(row: Any, columns: dict[str, dict[int, Any]]) -> None:
    """Put the row a foreign key points to in its place, where it is at hand."""
    for name, known in columns.items():
        pk = getattr(row, f"{name}_id", None)
        if pk in known:
            setattr(row, name, known[pk])


def _documents(rows: dict[str, list[Any]], contacts: dict[int, Contact]) -> list[Document]:
    approvals = {approval.version_id: approval for approval in rows["approvals"]}
    versions: defaultdict[int, list[DocumentVersion]] = defaultdict(list)
    for version in sorted(rows["versions"], key=lambda version: -version.number):
        approval = approvals.get(version.pk)
        if approval is not None:
            _point(approval, {"contact": contacts})
        setattr(version, "shown_approval", approval)  # noqa: B010
        versions[version.document_id].append(version)
    for document in rows["documents"]:
        document.shown_versions = versions[document.pk]
    return rows["documents"]


def _owner_clock(page: ThreadPage, rows: dict[str, list[Any]]) -> WorkingTime | None:
    """As ``clock_of_person``: the hours of their area there, or else of their delegation."""
    post: Membership | None = getattr(page.thread.owner, "post", None)
    if post is None:
        return page.line.clock
    own = [
        each.calendar_id
        for each in rows["area_calendars"]
        if (each.area_id, each.delegation_id) == (post.area_id, post.delegation_id)
    ]
    wanted = own[0] if own else post.delegation.calendar_id
    found = [each for each in rows["calendars"] if each.calendar_id == wanted]
    return clock_of_version(found[0]) if found else page.line.clock


# ---- what the actor may do here -------------------------------------------------------------------------


def _allow(page: ThreadPage, actor: Actor) -> None:
    """The same answers as ``access.is_own`` and ``relations.has_charge``, from the rows at hand.

    They only decide which buttons show: the command asks again.
    """
    page.is_own = _is_own(page, actor)
    page.has_charge = _has_charge(page, actor)
    page.may_work = page.thread.is_open and may(actor, "thread.work", own=page.is_own)


def _is_own(page: ThreadPage, actor: Actor) -> bool:
    people = {actor.person.pk, *actor.covers_ids} if actor.person else set()
    here = actor.delegation_ids
    return (
        page.thread.delegation_id in here
        or page.thread.owner_id in people
        or any(step.delegation_id in here or step.holder_id in people for step in page.steps)
        or any(each.to_delegation_id in here or each.to_person_id in people for each in page.handoffs)
        or (page.transfer is not None and page.transfer.to_person_id in people)
    )


def _has_charge(page: ThreadPage, actor: Actor) -> bool:
    thread = page.thread
    if Role.DIRECTOR in actor.roles or actor.acts_for(thread.owner_id):
        return True
    post: Membership | None = getattr(thread.owner, "post", None)
    leads = post is not None and post.area_id in actor.headed_area_ids
    return thread.delegation_id in actor.managed_delegation_ids or leads
