"""A case is opened, weighed, contained, looked into by several areas, linked with what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Area, Contact, Customer, Delegation, Person
from hilo.parties.notice_words import register_notice
from hilo.parties.permissions import require
from hilo.parties.queries.customers import survivor_of
from hilo.parties.queries.people import hold_active
from hilo.parties.texts import one_of
from hilo.quality.access import leads_case, require_lead, require_on_case
from hilo.quality.commands import strands
from hilo.quality.commands.escalations import raise_second_failure
from hilo.quality.commands.running import refuse_another_age, start_clocks
from hilo.quality.commands.stages import (
    CLOSED,
    OPEN,
    about,
    hold,
    hold_thread,
    one_of_theirs,
    reach,
    sealed,
    tell,
)
from hilo.quality.commands.touching import (
    join_failure,
    leave_failure,
    link_case,
    touch,
    touch_thread,
    unlink_case,
)
from hilo.quality.events.cases import (
    CaseAssessed,
    CaseContained,
    CaseCustomerLearned,
    CaseInvestigating,
    CaseOpened,
    CaseSeverityChanged,
    CaseStrandAdded,
    CaseTakenOver,
)
from hilo.quality.finding import index_case
from hilo.quality.models import Case, Stage
from hilo.quality.news import tighten_news
from hilo.quality.policy import policy_in_force, severity_of
from hilo.quality.triggers import trigger_of, triggered
from hilo.work.access import require_on
from hilo.work.commands.conversation import said_moment
from hilo.work.commands.step_runs import plan_steps
from hilo.work.commands.templates import published_version
from hilo.work.commands.threads import open_thread
from hilo.work.models import StepRun, TemplateVersion, Thread, WorkItem
from hilo.work.numbering import next_code
from hilo.work.settling import settle
from hilo.work.sides import in_force, require_in_force, takes_part, works_at
from hilo.work.texts import line, no_longer_here, prose

__all__ = [
    "add_strand",
    "assess_case",
    "begin_investigation",
    "change_severity",
    "contain_case",
    "customer_learned",
    "join_failure",
    "leave_failure",
    "link_case",
    "open_case",
    "take_over_case",
    "touch_thread",
    "unlink_case",
]

_WHO_TOLD_US = gettext_lazy("Say who at the customer told us.")
register_notice("case_given", gettext_lazy("You lead a new case."), "alert-triangle", daily=True)
register_notice("case_taken", gettext_lazy("A colleague leads this case now."), "user", daily=True)


# Opening --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Home:
    """Where a case lives, and what its strands follow when the thread was opened for it."""

    thread: Thread
    version: TemplateVersion | None = None


@command
def open_case(
    *,
    thread: Thread | None = None,
    customer: Customer | None = None,
    kind: str,
    title: str,
    text: str = "",
    remedy: str = "",
    contact: Contact | None = None,
    found_by_us: bool = False,
    customer_knows: bool = True,
    impact: str,
    urgency: str,
    received_at: datetime | None = None,
    owner: Person | None = None,
    also_on: Iterable[Thread] = (),
    by: Actor,
    now: datetime,
) -> Case:
    """Receive a case, on its thread or, from a customer without a fitting one, on a new complaint thread.

    Its clocks run from ``received_at``, however late it is written down. A near miss is ours alone: nobody
    outside knows. ``owner`` answers for the repair; left out, it is whoever opens it.
    """
    one_of(kind, list(Case.Kind.values), field="kind")
    words = line(title, field="title", most=200, missing=_("Say in a few words what happens."))
    known = customer_knows and kind != Case.Kind.NEAR_MISS
    received = said_moment(received_at, now)
    refuse_another_age(received, now=now)
    policy = policy_in_force()
    severity = severity_of(policy, impact, urgency)
    leader = _leader(owner, by, thread, customer)
    home = _home(thread, customer, words, leader, by=by, now=now)
    area, delegation = _desk_of(leader, home.thread, now)
    item = WorkItem.objects.create(kind=WorkItem.Kind.CASE, thread=home.thread, template_version=home.version)
    case = Case.objects.create(
        code=f"R-{next_code(now.year, 'case')}",
        kind=kind,
        title=words,
        text=prose(text, field="text"),
        thread=home.thread,
        work_item=item,
        delegation=delegation,
        area=area,
        owner=leader,
        author=by.person,
        contact=one_of_theirs(home.thread, contact, missing=str(_WHO_TOLD_US)) if known else None,
        remedy=prose(remedy, field="remedy", most=5000) if known else "",
        customer_knows=known,
        found_by_us=found_by_us or not known,
        impact=impact,
        urgency=urgency,
        severity=severity,
        policy=policy,
        received_at=received,
    )
    for other in also_on:
        touch(case, other, by)
    reach(case, Stage.RECEIVED, at=received, by=by)
    _record_opened(case, by=by, now=now)
    _begin_strands(case, home, by=by, now=now)
    start_clocks(case, now=now)
    tighten_news(case, by=by, now=now)
    _after_the_customer_noticed(case, by=by, now=now)
    if by.person is None or leader.pk != by.person.pk:
        tell(leader, case, "case_given", "opened", interrupts=True, now=now)
    index_case(case)
    settle(home.thread, now=now)
    return case


def _leader(owner: Person | None, by: Actor, thread: Thread | None, customer: Customer | None) -> Person:
    if owner is None and by.person is None:
        owner = thread.owner if thread else customer.keeper if customer else None
    leader = owner or by.one
    hold_active(leader, refused=no_longer_here(leader), field="owner")
    return leader


def _home(
    thread: Thread | None, customer: Customer | None, title: str, leader: Person, *, by: Actor, now: datetime
) -> _Home:
    if thread is None and customer is None:
        raise RuleViolation(_("Say which customer it is about, or which thread."), field="customer")
    if thread is None:
        assert customer is not None
        return _complaint_thread(survivor_of(customer), title, leader, by=by, now=now)
    require_on(by, "case.open", thread)
    home = hold_thread(thread.pk)
    if home.is_confidential and not _reads(leader, home):
        raise RuleViolation(
            _("Only the people named on this thread can lead it. Choose one of them."), field="owner"
        )
    return _Home(thread=home)


def _reads(person: Person, thread: Thread) -> bool:
    return thread.owner_id == person.pk or thread.readers.filter(person=person).exists()


def _complaint_thread(customer: Customer, title: str, leader: Person, *, by: Actor, now: datetime) -> _Home:
    require(by, "case.open", own=customer.delegation_id in by.delegation_ids)
    version = published_version(Thread.Kind.COMPLAINT)
    thread = open_thread(
        customer=customer,
        title=title,
        kind=Thread.Kind.COMPLAINT,
        owner=leader,
        template_version=version,
        plans_steps=False,
        by=by,
        now=now,
    )
    return _Home(thread=hold_thread(thread.pk), version=version)


def _desk_of(leader: Person, thread: Thread, now: datetime) -> tuple[Area, Delegation]:
    """Whose hours the clocks follow: the leader's area, where they work; at the thread's site if they do."""
    today = leader.memberships.filter(in_force(now.date())).select_related("area", "delegation")
    desks = sorted(today, key=lambda each: (not each.is_primary, each.delegation_id != thread.delegation_id))
    if not desks:
        raise RuleViolation(
            _("%(name)s belongs to no area now. Choose somebody who does.") % {"name": leader.name},
            field="owner",
        )
    return desks[0].area, desks[0].delegation


def _record_opened(case: Case, *, by: Actor, now: datetime) -> None:
    contact = case.contact
    record(
        CaseOpened(
            **about(case, *([Related("contact", contact.pk, "reported")] if contact else [])),
            code=case.code,
            case_kind=case.kind,
            title=seal(case.title),
            text=sealed(case.text, contact),
            remedy=sealed(case.remedy, contact),
            contact=contact.pk if contact else None,
            owner=case.owner_id,
            impact=case.impact,
            urgency=case.urgency,
            severity=case.severity,
            policy=case.policy.number,
            found_by_us=case.found_by_us,
            customer_knows=case.customer_knows,
        ),
        by=by,
        now=now,
        occurred_at=case.received_at,
    )


def _begin_strands(case: Case, home: _Home, *, by: Actor, now: datetime) -> None:
    """The complaint process on a thread of its own; on any other thread one strand, the leader's."""
    if home.version is None or not home.version.steps.exists():
        strands.begin_own(case, since=case.received_at, by=by, now=now)
        return
    plan_steps(
        case.work_item, home.version, answerable=case.owner, delegation=case.delegation, by=by, now=now
    )


def _after_the_customer_noticed(case: Case, *, by: Actor, now: datetime) -> None:
    if not case.customer_knows or case.kind not in Case.FAILURES:
        return
    raise_second_failure(case, by=by, now=now)
    trigger = trigger_of(case)
    if trigger is not None:
        triggered(case, trigger, now)


# Weighing and looking into it -----------------------------------------------------------------------------


@command
def assess_case(
    case: Case, *, impact: str, urgency: str, containment: str = "", seen: int, by: Actor, now: datetime
) -> None:
    """How serious, how urgent, and what is done meanwhile; the customer knows by then that we have it."""
    require_lead(by, case)
    thread = hold(case)
    meanwhile = line(containment, field="containment", most=500) or case.containment
    severity = severity_of(case.policy, impact, urgency)
    if case.stage == Stage.RECEIVED and case.customer_knows:
        raise RuleViolation(_("Tell the customer first that we have it: that takes a minute."))
    move(
        case,
        only_if={"stage__in": [Stage.RECEIVED, Stage.ACKNOWLEDGED]},
        refused=_("This case was assessed already. If it turned out otherwise, change its severity."),
        seen=seen,
        stage=Stage.ASSESSED,
        impact=impact,
        urgency=urgency,
        severity=severity,
        containment=meanwhile,
    )
    reach(case, Stage.ASSESSED, at=now, by=by)
    record(
        CaseAssessed(
            **about(case), impact=impact, urgency=urgency, severity=severity, containment=sealed(meanwhile)
        ),
        by=by,
        now=now,
    )
    tighten_news(case, by=by, now=now)
    settle(thread, now=now)


@command
def change_severity(
    case: Case, *, impact: str, urgency: str, reason: str, seen: int, by: Actor, now: datetime
) -> None:
    """It is worse, or better, than it looked: the clocks keep their start and take the new target."""
    require_lead(by, case)
    thread = hold(case)
    why = line(reason, field="reason", missing=_("Say why it is more serious, or less."))
    severity = severity_of(case.policy, impact, urgency)
    if (impact, urgency) == (case.impact, case.urgency):
        raise RuleViolation(_("That is the severity it has already."), field="impact")
    old = case.severity
    move(case, only_if=OPEN, refused=CLOSED, seen=seen, impact=impact, urgency=urgency, severity=severity)
    record(
        CaseSeverityChanged(
            **about(case),
            impact=impact,
            urgency=urgency,
            old_severity=old,
            severity=severity,
            reason=seal(why),
        ),
        by=by,
        now=now,
    )
    tighten_news(case, by=by, now=now)
    settle(thread, now=now)


@command
def contain_case(case: Case, *, text: str, seen: int, by: Actor, now: datetime) -> None:
    """What protects the customer meanwhile, before anybody knows the cause (8D: D3)."""
    require_on_case(by, "case.work", case)
    thread = hold(case)
    words = line(text, field="text", most=500, missing=_("Say what is done meanwhile."))
    move(case, only_if=OPEN, refused=CLOSED, seen=seen, containment=words)
    record(CaseContained(**about(case), text=seal(words)), by=by, now=now)
    settle(thread, now=now)


@command
def begin_investigation(case: Case, *, seen: int, by: Actor, now: datetime) -> None:
    """From now on it is being looked into."""
    require_lead(by, case)
    thread = hold(case)
    move(
        case,
        only_if={"stage": Stage.ASSESSED},
        refused=_("Assess the case first; if it is past that, it is being looked into or answered already."),
        seen=seen,
        stage=Stage.INVESTIGATING,
    )
    reach(case, Stage.INVESTIGATING, at=now, by=by)
    record(CaseInvestigating(**about(case)), by=by, now=now)
    settle(thread, now=now)


@command
def add_strand(
    case: Case,
    *,
    area: Area,
    delegation: Delegation,
    name: str,
    target_minutes: int,
    by: Actor,
    now: datetime,
) -> StepRun:
    """Another area works on it too, with its own holder and its own time; the case waits for it."""
    require_on_case(by, "case.work", case)
    thread = hold(case)
    if not leads_case(by, case) and not takes_part(by, case.work_item, now=now):
        raise NotAllowed(
            _("Only who leads the case and the areas at work on it can do this. Ask %(owner)s.")
            % {"owner": case.owner.name}
        )
    words = line(name, field="name", most=120, missing=_("Say in a few words what is to be done."))
    require_in_force(area, now=now)
    if target_minutes <= 0:
        raise RuleViolation(_("Say how much working time it should take."), field="target_minutes")
    _refuse_strand_elsewhere(case)
    move(case, only_if=OPEN, refused=CLOSED)
    strand = strands.begin_other(
        case, name=words, area=area, delegation=delegation, minutes=target_minutes, by=by, now=now
    )
    record(
        CaseStrandAdded(
            **about(case, Related("step_run", strand.pk, "strand")),
            step_run=strand.pk,
            area=area.pk,
            delegation=delegation.pk,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return strand


def _refuse_strand_elsewhere(case: Case) -> None:
    if case.same_failure_as is not None:
        raise RuleViolation(
            _("The areas work on this failure in %(code)s: add it there.")
            % {"code": case.same_failure_as.code}
        )


@command
def take_over_case(case: Case, *, seen: int, by: Actor, now: datetime) -> None:
    """A colleague of its area, its head, the manager there or a director leads it from now on."""
    require_on_case(by, "case.work", case)
    thread = hold(case)
    hold_active(by.one, refused=no_longer_here(by.one))
    colleague = works_at([by.one.pk], case.area_id, case.delegation_id, now=now)
    if not colleague and not leads_case(by, case):
        raise NotAllowed(
            _("Only people of %(area)s there, the manager or a director can take it over.")
            % {"area": case.area.name}
        )
    old = case.owner
    if old.pk == by.one.pk:
        raise RuleViolation(_("You lead this case already."))
    move(case, only_if={**OPEN, "owner": old}, refused=CLOSED, seen=seen, owner=by.one)
    strands.pass_own(case, old=old, new=by.one, by=by, now=now)
    record(
        CaseTakenOver(**about(case), old_owner=old.pk, new_owner=by.one.pk, why="colleague"),
        by=by,
        now=now,
    )
    tell(old, case, "case_taken", str(case.version), interrupts=False, now=now)
    settle(thread, now=now)


@command
def customer_learned(
    case: Case, *, contact: Contact, at: datetime, seen: int, by: Actor, now: datetime
) -> None:
    """What was ours alone is known outside since ``at``: a near miss is an incident now, the clocks begin."""
    require_on_case(by, "case.work", case)
    thread = hold(case)
    moment = said_moment(at, now)
    told_by = one_of_theirs(thread, contact, missing=str(_WHO_TOLD_US))
    kind = Case.Kind.INCIDENT if case.kind == Case.Kind.NEAR_MISS else case.kind
    move(
        case,
        only_if={**OPEN, "customer_knows": False},
        refused=_("The customer knows of it already, or the case is closed."),
        seen=seen,
        customer_knows=True,
        contact=told_by,
        kind=kind,
    )
    record(
        CaseCustomerLearned(
            **about(case, Related("contact", told_by.pk, "learned")), contact=told_by.pk, case_kind=kind
        ),
        by=by,
        now=now,
        occurred_at=moment,
    )
    start_clocks(case, now=now, since=moment)
    tighten_news(case, by=by, now=now)
    _after_the_customer_noticed(case, by=by, now=now)
    settle(thread, now=now)
