"""The customer goes to management, or a second failure goes to the directors by itself (SPEC 7.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor, Role, actor_for
from hilo.parties.commands.notices import notify
from hilo.parties.models import Area, Contact, Person
from hilo.parties.notice_words import register_notice
from hilo.parties.queries.people import directors, hold_active
from hilo.quality.commands.stages import hold_thread, one_of_theirs
from hilo.quality.events.escalations import EscalationNoted, EscalationRaised
from hilo.quality.models import Analysis, Case, CaseLink, CaseThread, Escalation
from hilo.quality.triggers import triggered
from hilo.work.access import require_on, threads_visible_to
from hilo.work.commands.conversation import said_moment
from hilo.work.commands.promises import make_promise
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.place import place_of
from hilo.work.models import Promise, Thread
from hilo.work.settling import settle
from hilo.work.texts import line, no_longer_here

_LEADING = {Role.AREA_HEAD, Role.DELEGATION_MANAGER, Role.DIRECTOR}
register_notice("escalation", gettext_lazy("A customer turned to management."), "hand-stop", daily=True)
register_notice(
    "case_second_failure", gettext_lazy("The second failure on one thread: it comes to you."), "hand-stop"
)


@command
def note_escalation(
    thread: Thread,
    *,
    case: Case | None = None,
    contact: Contact,
    owner: Person,
    text: str,
    at: datetime | None = None,
    promises: Sequence[tuple[str, datetime | date]] = (),
    by: Actor,
    now: datetime,
) -> Escalation:
    """Write down that the customer went over somebody's head: who, to whom of ours, and what was promised.

    ``owner`` is the manager who took it; what they promised there is theirs to keep, like every promise.
    """
    require_on(by, "case.work", thread)
    home = hold_thread(thread.pk)
    words = line(text, field="text", most=500, missing=_("Write what the customer said."))
    moment = said_moment(at, now)
    theirs = one_of_theirs(home, contact, missing=_("Say who at the customer turned to us."))
    manager = _manager(owner, now)
    _refuse_case_of_elsewhere(case, home)
    move(home, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    escalation = Escalation.objects.create(
        thread=home,
        case=case,
        why=Escalation.Why.CUSTOMER,
        owner=owner,
        author=by.person,
        contact=theirs,
        text=words,
        at=moment,
    )
    made = [_promised(home, each, theirs, owner, manager, moment, by=by, now=now) for each in promises]
    if case is not None:
        CaseLink.objects.bulk_create(
            CaseLink(case=case, type="promise", object_id=each.pk, qualifier=CaseLink.As.RECOVERY)
            for each in made
        )
    _record_noted(escalation, made, by=by, now=now)
    _tell_who_must_know(escalation, by, now)
    if case is not None:
        triggered(case, Analysis.Trigger.ESCALATION, now)
    settle(home, now=now)
    return escalation


def _manager(owner: Person, now: datetime) -> Actor:
    hold_active(owner, refused=no_longer_here(owner), field="owner")
    manager = actor_for(owner, now=now, door="web")
    if not manager.roles & _LEADING:
        raise RuleViolation(
            _("%(name)s leads no area. An escalation goes to an area head, a manager or a director.")
            % {"name": owner.name},
            field="owner",
        )
    return manager


def _refuse_case_of_elsewhere(case: Case | None, thread: Thread) -> None:
    if case is None or case.thread_id == thread.pk:
        return
    if not CaseThread.objects.filter(case=case, thread=thread).exists():
        raise RuleViolation(_("That case is about another thread. Choose one of this thread."), field="case")


def _promised(
    thread: Thread,
    what: tuple[str, datetime | date],
    contact: Contact,
    owner: Person,
    manager: Actor,
    moment: datetime,
    *,
    by: Actor,
    now: datetime,
) -> Promise:
    text, due = what
    return make_promise(
        thread,
        text=text,
        due=due,
        contact=contact,
        where=Promise.Where.CALL,
        area=Area.objects.get(pk=manager.area_id) if manager.area_id else None,
        said_at=moment,
        promised_by=owner,
        by=by,
        now=now,
    )


def _record_noted(escalation: Escalation, made: list[Promise], *, by: Actor, now: datetime) -> None:
    contact, owner = escalation.contact, escalation.owner
    assert contact is not None and owner is not None
    related = [
        Related("contact", contact.pk, "turned_to_us"),
        Related("person", owner.pk, "took_it"),
        *(Related("promise", each.pk, "recovery") for each in made),
        *([Related("case", escalation.case_id, "about")] if escalation.case_id else []),
    ]
    record(
        EscalationNoted(
            **place_of("escalation", escalation.pk, escalation.thread, related=tuple(related)),
            contact=contact.pk,
            owner=owner.pk,
            text=seal(escalation.text, about=Ref("contact", contact.pk)),
            case=escalation.case_id,
            promises=tuple(each.pk for each in made),
        ),
        by=by,
        now=now,
        occurred_at=escalation.at,
    )


def _tell_who_must_know(escalation: Escalation, by: Actor, now: datetime) -> None:
    case = escalation.case
    people = {each.pk: each for each in (escalation.owner, escalation.thread.owner) if each}
    if case is not None:
        people[case.owner_id] = case.owner
    for pk, person in people.items():
        if by.person is None or pk != by.person.pk:
            _tell(person, escalation, "escalation", interrupts=True, now=now)


def _tell(person: Person, escalation: Escalation, kind: str, *, interrupts: bool, now: datetime) -> None:
    notify(
        person,
        key=f"{kind}:{escalation.pk}",
        kind=kind,
        thread_id=escalation.thread_id,
        subject=Ref("case", escalation.case_id) if escalation.case_id else Ref("escalation", escalation.pk),
        interrupts=interrupts,
        now=now,
    )


# The second failure ---------------------------------------------------------------------------------------


def raise_second_failure(case: Case, *, by: Actor, now: datetime) -> Escalation | None:
    """Tell the directors, once per case, that this customer met a failure on this thread before.

    Part of a command. Recovery works after one failure, not after two (DOMAIN 4).
    """
    earlier = _failure_before(case)
    if earlier is None or case.escalations.filter(why=Escalation.Why.SECOND_FAILURE).exists():
        return None
    escalation = Escalation.objects.create(
        thread=case.thread, case=case, why=Escalation.Why.SECOND_FAILURE, at=now
    )
    told = [each for each in directors() if _may_read(each, case.thread, now)]
    record(
        EscalationRaised(
            **place_of(
                "escalation",
                escalation.pk,
                case.thread,
                area_id=case.area_id,
                delegation_id=case.delegation_id,
                related=(Related("case", case.pk, "second"), Related("case", earlier.pk, "earlier")),
            ),
            case=case.pk,
            earlier=earlier.pk,
            directors=tuple(each.pk for each in told),
        ),
        by=by,
        now=now,
    )
    for director in told:
        _tell(director, escalation, "case_second_failure", interrupts=True, now=now)
    return escalation


def _failure_before(case: Case) -> Case | None:
    """The latest one the customer knew of, on a thread of this case and within the policy's days."""
    threads = [case.thread_id, *case.also_on.values_list("thread_id", flat=True)]
    since = case.received_at - timedelta(days=case.policy.second_failure_days)
    here = Q(thread__in=threads) | Q(also_on__thread__in=threads)
    known = Case.objects.filter(here, kind__in=Case.FAILURES, customer_knows=True)
    before = known.filter(received_at__gte=since).exclude(pk=case.pk).filter(pk__lt=case.pk)
    return before.order_by("-received_at", "-pk").first()


def _may_read(person: Person, thread: Thread, now: datetime) -> bool:
    if not thread.is_confidential:
        return True
    return threads_visible_to(actor_for(person, now=now, door="job")).filter(pk=thread.pk).exists()
