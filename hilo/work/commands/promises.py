"""Promises to the customer: made, kept, broken by the clock, answered, renegotiated, released (SPEC 5.1)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, Sealed, record, seal
from hilo.parties.actor import Actor, system
from hilo.parties.models import Area, Contact, Delegation, Person
from hilo.parties.queries.calendars import clock_of
from hilo.parties.queries.people import hold_active
from hilo.work.access import require_on
from hilo.work.commands.conversation import customers_people, said_moment
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.contradictions import look_for_contradictions
from hilo.work.events.place import Place, place_of
from hilo.work.events.promises import (
    PromiseAnswered,
    PromiseBroken,
    PromiseKept,
    PromiseKeptLate,
    PromiseMade,
    PromiseReleased,
    PromiseRenegotiated,
)
from hilo.work.models import Deliverable, Order, Promise, StepRun, Thread, Update
from hilo.work.settling import settle
from hilo.work.texts import line, no_longer_here

_NOT_OPEN = gettext_lazy("This promise is no longer open. Look at what became of it.")
_OPEN: dict[str, object] = {"state": Promise.State.OPEN}
_BROKEN: dict[str, object] = {"state": Promise.State.BROKEN}


@command
def make_promise(
    thread: Thread,
    *,
    text: str,
    due: datetime | date,
    contact: Contact,
    where: str,
    criterion: str = "",
    deliverable: Deliverable | None = None,
    order: Order | None = None,
    area: Area | None = None,
    said_at: datetime | None = None,
    promised_by: Person | None = None,
    by: Actor,
    now: datetime,
) -> Promise:
    """Note what somebody told the customer they will get, and when; a colleague may write it down for them.

    A date without an hour lasts to the end of that day in the delivering delegation's zone. A promise told
    yesterday may already be past due: it is noted all the same, and the clock breaks it.
    """
    require_on(by, "thread.work", thread)
    promiser = promised_by or by.one
    hold_active(promiser, refused=no_longer_here(promiser))
    _refuse_before_joint_look(thread)
    customers_people(thread, [contact])
    moment = said_moment(said_at, now)
    due_at, day_only = _due(thread.delegation, due, area)
    if due_at <= moment:
        raise RuleViolation(_("That date was past when it was promised. Check the date."), field="due")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    promise = Promise.objects.create(
        thread=thread,
        order=order,
        deliverable=deliverable,
        text=line(text, field="text", missing=_("Write what the customer will get.")),
        criterion=line(criterion, field="criterion"),
        due_at=due_at,
        due_is_day=day_only,
        first_due_at=due_at,
        promised_by=promiser,
        area_id=area.pk if area else _area_of(by),
        delegation=thread.delegation,
        contact=contact,
        where=where,
        said_at=moment,
    )
    _record_made(promise, by=by, now=now)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
    return promise


def _area_of(by: Actor) -> int:
    if by.area_id is None:
        raise RuleViolation(_("Say which area will deliver it."), field="area")
    return by.area_id


def _refuse_before_joint_look(thread: Thread) -> None:
    """First of its kind: all affected areas look at it together BEFORE anything is promised (SPEC 3.4)."""
    waiting = StepRun.objects.filter(
        thread=thread, step__is_joint_look=True, state__in=["planned", "offered", "running"]
    ).first()
    if waiting is not None:
        raise RuleViolation(
            _("Nothing like this was delivered before: «%(step)s» comes first, then the promise.")
            % {"step": waiting.name},
            field="text",
        )


def _due(delegation: Delegation, due: datetime | date, area: Area | None) -> tuple[datetime, bool]:
    """The due moment in UTC, and whether only a day was said."""
    if isinstance(due, datetime):
        return due, False
    clock = clock_of(area.pk if area else None, delegation.pk)
    if clock.rules.zone == delegation.zone:
        return clock.end_of_day(due), True
    last = datetime.combine(due, datetime.max.time(), ZoneInfo(delegation.zone))
    return last, True


def _record_made(promise: Promise, *, by: Actor, now: datetime) -> None:
    related = [Related("contact", promise.contact_id, "promised")]
    if promise.deliverable_id:
        related.append(Related("deliverable", promise.deliverable_id, "of"))
    record(
        PromiseMade(
            **_place(promise, *related),
            text=seal(promise.text),
            criterion=seal(promise.criterion) if promise.criterion else None,
            due=promise.due_at,
            day_only=promise.due_is_day,
            first_due=promise.first_due_at,
            contact=promise.contact_id,
            where=promise.where,
            deliverable=promise.deliverable_id,
        ),
        by=by,
        now=now,
        occurred_at=promise.said_at,
    )


def _place(promise: Promise, *related: Related) -> Place:
    return place_of(
        "promise",
        promise.pk,
        promise.thread,
        area_id=promise.area_id,
        delegation_id=promise.delegation_id,
        related=related,
    )


@command
def keep_promise(
    promise: Promise,
    *,
    evidence: str = "",
    kept_at: datetime | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """The customer has what was promised. What the clock broke already is kept late, whoever says otherwise.

    ``kept_at`` is when it truly happened; a promise kept in time but noted after the due moment is kept. One
    kept too late before the clock came round is broken here first: it was broken, and the history says so.
    """
    thread = promise.thread
    require_on(by, "thread.work", thread)
    moment = said_moment(kept_at, now)
    proof = line(evidence, field="evidence")
    promise.refresh_from_db(from_queryset=Promise.objects.select_for_update())  # the clock may be breaking it
    late = promise.state == Promise.State.BROKEN or moment > promise.due_at
    if late and promise.state == Promise.State.OPEN:
        _break(promise, seen=seen, now=now)
        seen = None
    move(
        promise,
        only_if=_BROKEN if late else _OPEN,
        refused=_NOT_OPEN,
        seen=seen,
        state=Promise.State.KEPT_LATE if late else Promise.State.KEPT,
        settled_at=moment,
        evidence=proof,
    )
    event = PromiseKeptLate if late else PromiseKept
    record(
        event(**_place(promise), evidence=_sealed(proof)),
        by=by,
        now=now,
        occurred_at=moment,
    )
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)


def _sealed(text: str) -> Sealed | None:
    return seal(text) if text else None


@command
def break_promise(promise: Promise, *, by: Actor, now: datetime) -> None:
    """The due moment has passed: broken, once, by the job (nobody can do it by hand, nor prevent it)."""
    if not by.is_system:
        raise RuleViolation(_("A promise is broken by the clock alone."))
    if promise.due_at >= now:
        raise RuleViolation(_("This promise is not due yet."))
    _break(promise, now=now)
    settle(promise.thread, now=now)


def _break(promise: Promise, *, seen: int | None = None, now: datetime) -> None:
    """Whoever comes first, the job or the person who keeps it too late: it is the clock that breaks it."""
    move(
        promise,
        only_if={**_OPEN, "due_at__lt": now},
        refused=_NOT_OPEN,
        seen=seen,
        state=Promise.State.BROKEN,
        broken_at=promise.due_at,
    )
    record(
        PromiseBroken(**_place(promise), due=promise.due_at),
        by=system(),
        now=now,
        occurred_at=promise.due_at,
    )


@command
def answer_broken_promise(
    promise: Promise, *, update: Update, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """The customer was told about the broken promise, in ``update``."""
    require_on(by, "thread.work", promise.thread)
    if update.thread_id != promise.thread_id or not update.contacts.filter(pk=promise.contact_id).exists():
        raise RuleViolation(
            _("Tell %(name)s, to whom it was promised.") % {"name": promise.contact}, field="contacts"
        )
    if promise.broken_at and update.said_at < promise.broken_at:
        raise RuleViolation(_("That message is older than the broken promise."), field="update")
    move(
        promise,
        only_if={"state__in": [Promise.State.BROKEN, Promise.State.KEPT_LATE], "answered_at": None},
        refused=_("This promise is not waiting for an answer."),
        seen=seen,
        answered_at=update.said_at,
    )
    record(
        PromiseAnswered(**_place(promise), update=update.pk),
        by=by,
        now=now,
        occurred_at=update.said_at,
    )
    settle(promise.thread, now=now)


@command
def renegotiate_promise(
    promise: Promise,
    *,
    due: datetime | date,
    contact: Contact,
    where: str,
    evidence: str,
    text: str = "",
    agreed_at: datetime | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> Promise:
    """Agree another date with the customer before the old one is due; the successor keeps the first date."""
    thread = promise.thread
    require_on(by, "thread.work", thread)
    hold_active(by.one, refused=no_longer_here(by.one))
    customers_people(thread, [contact])
    moment = said_moment(agreed_at, now)
    proof = line(evidence, field="evidence", missing=_("Say how the customer agreed: in which call or mail."))
    if moment >= promise.due_at:
        raise RuleViolation(
            _("It was already due then: tell the customer what happened, and promise anew."), field="due"
        )
    due_at, day_only = _due(thread.delegation, due, promise.area)
    if due_at <= now:
        raise RuleViolation(_("The new date must be in the future."), field="due")
    if due_at == promise.due_at:
        raise RuleViolation(_("That is the date it has already."), field="due")
    move(
        promise,
        only_if=_OPEN,
        refused=_NOT_OPEN,
        seen=seen,
        state=Promise.State.RENEGOTIATED,
        settled_at=moment,
        evidence=proof,
    )
    successor = Promise.objects.create(
        thread=thread,
        order=promise.order,
        deliverable=promise.deliverable,
        text=line(text, field="text") or promise.text,
        criterion=promise.criterion,
        due_at=due_at,
        due_is_day=day_only,
        first_due_at=promise.first_due_at,
        promised_by=by.one,
        area=promise.area,
        delegation=promise.delegation,
        contact=contact,
        where=where,
        said_at=moment,
        predecessor=promise,
    )
    record(
        PromiseRenegotiated(
            **_place(promise, Related("promise", successor.pk, "successor")),
            successor=successor.pk,
            old_due=promise.due_at,
            new_due=due_at,
            contact=contact.pk,
            evidence=seal(proof, about=Ref("contact", contact.pk)),
        ),
        by=by,
        now=now,
        occurred_at=moment,
    )
    _record_made(successor, by=by, now=now)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
    return successor


@command
def release_promise(
    promise: Promise, *, contact: Contact, evidence: str, seen: int | None = None, by: Actor, now: datetime
) -> None:
    """The customer no longer wants it; only they can release us, so it says who and how."""
    thread = promise.thread
    require_on(by, "thread.work", thread)
    customers_people(thread, [contact])
    proof = line(evidence, field="evidence", missing=_("Say how the customer released us from it."))
    move(
        promise,
        only_if={"state__in": [Promise.State.OPEN, Promise.State.BROKEN]},
        refused=_NOT_OPEN,
        seen=seen,
        state=Promise.State.RELEASED,
        settled_at=now,
        evidence=proof,
    )
    record(
        PromiseReleased(
            **_place(promise),
            contact=contact.pk,
            evidence=seal(proof, about=Ref("contact", contact.pk)),
        ),
        by=by,
        now=now,
    )
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
