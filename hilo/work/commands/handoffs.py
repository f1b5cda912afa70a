"""Handoffs: nobody gets a mess dumped on them, and until it is accepted the giver answers for it (SPEC 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.work.access import require_on
from hilo.work.commands import passing, spans
from hilo.work.commands.passing import (
    OPEN_OFFER,
    UNBEGUN,
    Giver,
    about_handoff,
    about_step,
    record_offered,
    require_member,
    response_clock,
)
from hilo.work.commands.plan import is_ready
from hilo.work.events.handoffs import (
    HandoffAccepted,
    HandoffConditionsConfirmed,
    HandoffConditionsProposed,
    HandoffItemFilled,
    HandoffItemMarkedMissing,
    HandoffReturned,
)
from hilo.work.events.steps import StepPassed
from hilo.work.models import DocumentVersion, Handoff, HandoffItem, Span, StepRun, Thread, Weight
from hilo.work.settling import settle
from hilo.work.sides import (
    answers_for,
    gives,
    in_force_or_successor,
    is_present,
    open_to_work,
    receives,
    require_side,
)
from hilo.work.texts import line

_OFFERED: dict[str, object] = {"state": Handoff.State.OFFERED}
_ANSWERED = gettext_lazy("Somebody has already answered this handoff. Look at what became of it.")
_NOT_CONDITIONAL = gettext_lazy("There are no conditions to confirm. Look at where the handoff stands.")
_RUNNING: dict[str, object] = {"state": StepRun.State.RUNNING}


# The giver ------------------------------------------------------------------------------------------------


@command
def prepare_handoff(step_run: StepRun, *, by: Actor, now: datetime) -> Handoff:
    """A new attempt after a return or a withdrawal; what was complete is carried over."""
    thread = open_to_work(step_run.thread_id)
    require_on(by, "handoff.give", thread)
    step_run.refresh_from_db()
    last = step_run.handoffs.select_related("giver").order_by("-attempt").first()
    require_side(
        gives(by, last) if last else answers_for(by, step_run),
        _("Only who gave it, who covers them or the head of their area prepares it again."),
    )
    if step_run.state not in UNBEGUN or not is_ready(step_run):
        raise RuleViolation(_("This step cannot be handed over now: the steps before it come first."))
    if step_run.handoffs.filter(**OPEN_OFFER).exists():
        raise RuleViolation(_("This step already has an open handoff. Go on with that one."))
    handoff = passing.prepare(step_run, _giver_again(step_run, last, by, now), by=by, now=now)
    settle(thread, now=now)
    return handoff


def _giver_again(step_run: StepRun, last: Handoff | None, by: Actor, now: datetime) -> Giver:
    """Who gave it before goes on giving it; who prepares it for somebody who left gives it themselves."""
    if last is None:
        return Giver(by.one, by.area_id or step_run.area_id, by.delegation_id or step_run.delegation_id)
    person = last.giver if last.giver.is_active else by.one
    return Giver(person, in_force_or_successor(last.from_area, now=now).pk, last.from_delegation_id)


@command
def fill_item(
    item: HandoffItem,
    *,
    state: str,
    explanation: str = "",
    document_version: DocumentVersion | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Complete what the receiver needs, or say why it is missing."""
    handoff = item.handoff
    _require_draft_of(handoff, by)
    why = line(explanation, field="explanation")
    _refuse_odd_item(handoff, state, why, document_version)
    HandoffItem.objects.filter(pk=item.pk).update(
        state=state, explanation=why, document_version=document_version
    )
    item.refresh_from_db()
    record(_filled(item), by=by, now=now)
    settle(handoff.thread, now=now)


def _filled(item: HandoffItem) -> HandoffItemFilled:
    return HandoffItemFilled(
        **about_handoff(item.handoff),
        key=item.key,
        state=item.state,
        explanation=seal(item.explanation) if item.explanation else None,
        document_version=item.document_version_id,
    )


def _refuse_odd_item(handoff: Handoff, state: str, why: str, version: DocumentVersion | None) -> None:
    if state not in HandoffItem.State.values:
        raise RuleViolation(_("Choose one of the options."), field="state")
    if state == HandoffItem.State.EXPLAINED and not why:
        raise RuleViolation(_("Say why it is missing and when it will come."), field="explanation")
    if version is not None and version.document.thread_id != handoff.thread_id:
        raise RuleViolation(_("Choose a document of this thread."), field="document_version")


@command
def add_item(handoff: Handoff, text: str, *, by: Actor, now: datetime) -> HandoffItem:
    """One more thing that the giver hands over or knows to be missing."""
    _require_draft_of(handoff, by)
    item = _new_item(handoff, text)
    record(_filled(item), by=by, now=now)
    settle(handoff.thread, now=now)
    return item


def _new_item(handoff: Handoff, text: str, *, prevents_start: bool = False) -> HandoffItem:
    wording = line(text, field="text", most=200, missing=_("Say in a few words what is needed."))
    position = (handoff.items.aggregate(last=Max("position"))["last"] or 0) + 1
    return HandoffItem.objects.create(
        handoff=handoff,
        key=f"added-{position}",  # events carry the key, so it must say nothing of the text (SPEC 1.3)
        text=wording,
        position=position,
        prevents_start=prevents_start,
    )


def _require_draft_of(handoff: Handoff, by: Actor) -> None:
    thread = open_to_work(handoff.thread_id)
    require_on(by, "handoff.give", thread)
    _require_giver(handoff, by)
    handoff.refresh_from_db()
    if handoff.state != Handoff.State.DRAFT:
        raise RuleViolation(passing.NOT_A_DRAFT)


def _require_giver(handoff: Handoff, by: Actor) -> None:
    require_side(
        gives(by, handoff),
        _("%(giver)s gives this handoff: only they, who covers them or their area head can do this.")
        % {"giver": handoff.giver.name},
    )


@command
def offer_handoff(
    handoff: Handoff,
    *,
    ask: str,
    proposed_due: datetime,
    to_person: Person | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Offer it to the receiving area; until somebody there accepts it, the giver answers for it."""
    thread = open_to_work(handoff.thread_id)
    require_on(by, "handoff.give", thread)
    _require_giver(handoff, by)
    needs_ask = handoff.weight == Weight.FULL
    missing = _("Say what you ask the other area for.") if needs_ask else ""
    wording = line(ask, field="ask", most=500, missing=missing)
    passing.offer(handoff, ask=wording, due=proposed_due, to_person=to_person, seen=seen, by=by, now=now)
    settle(thread, now=now)


@command
def withdraw_handoff(handoff: Handoff, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """The giver takes it back before it is accepted."""
    thread = open_to_work(handoff.thread_id)
    require_on(by, "handoff.give", thread)
    _require_giver(handoff, by)
    why = line(reason, field="reason", missing=_("Say why you take it back."))
    passing.withdraw(handoff, reason=why, seen=seen, by=by, now=now)
    settle(thread, now=now)


@command
def confirm_conditions(handoff: Handoff, *, seen: int, by: Actor, now: datetime) -> None:
    """The giver agrees: the step begins with the receiver's conditions, nobody accepts it again."""
    thread = open_to_work(handoff.thread_id)
    require_on(by, "handoff.give", thread)
    _require_giver(handoff, by)
    move(
        handoff,
        only_if={"state": Handoff.State.CONDITIONAL},
        refused=_NOT_CONDITIONAL,
        seen=seen,
        state=Handoff.State.ACCEPTED,
    )
    due = handoff.accepted_due or handoff.proposed_due
    _refuse_past(due, now)
    holder = _holder_after_conditions(handoff, now)
    record(HandoffConditionsConfirmed(**about_handoff(handoff), holder=holder.pk, due=due), by=by, now=now)
    passing.start(handoff.step_run, holder=holder, due=due, by=by, now=now)
    settle(thread, now=now)


def _holder_after_conditions(handoff: Handoff, now: datetime) -> Person:
    """The person named or who answered, whichever is still there; the area's people may offer it on."""
    for person in (handoff.to_person, handoff.answered_by):
        if person is not None and is_present(person, now=now):
            return person
    if handoff.answered_by is None or not handoff.answered_by.is_active:
        raise RuleViolation(
            _("Who proposed these conditions no longer works here. Withdraw and offer again.")
        )
    return handoff.answered_by


# The receiver ---------------------------------------------------------------------------------------------


@command
def accept_handoff(
    handoff: Handoff,
    *,
    read_back: str = "",
    holder: Person | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Take it on with the proposed date. Full weight: say in a line what will be done by when.

    The holder is the person named when present, else who accepts. A colleague chosen as ``holder`` is
    offered it within the area: until they start on it, it is with who accepted.
    """
    thread = _require_receiver(handoff, by, now)
    if handoff.is_within_area:
        _start_on_colleagues_offer(handoff, seen, by, now)
        settle(thread, now=now)
        return
    restated = _read_back(handoff, read_back)
    colleague = _colleague(handoff, holder, by, now)
    _refuse_past(handoff.proposed_due, now)
    move(
        handoff,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=Handoff.State.ACCEPTED,
        answered_at=now,
        answered_by=by.one,
        read_back=restated,
        accepted_due=handoff.proposed_due,
    )
    chosen = _default_holder(handoff, holder, by, now)
    _record_accepted(handoff, chosen, by=by, now=now)
    passing.start(handoff.step_run, holder=chosen, due=handoff.proposed_due, by=by, now=now)
    if colleague is not None:
        _offer_within(handoff.step_run, colleague, "", by, now)
    settle(thread, now=now)


def _default_holder(handoff: Handoff, holder: Person | None, by: Actor, now: datetime) -> Person:
    named = handoff.to_person
    if holder is None and named is not None and is_present(named, now=now):
        return named
    return by.one


def _colleague(handoff: Handoff, holder: Person | None, by: Actor, now: datetime) -> Person | None:
    if holder is None or holder.pk == by.one.pk:
        return None
    require_member(holder, handoff.to_area, handoff.to_delegation_id, field="holder", now=now)
    return holder


def _record_accepted(handoff: Handoff, holder: Person, *, by: Actor, now: datetime) -> None:
    record(
        HandoffAccepted(
            **about_handoff(handoff, receiver=True),
            holder=holder.pk,
            due=handoff.accepted_due or handoff.proposed_due,
            read_back=seal(handoff.read_back) if handoff.read_back else None,
            first_time=_is_first_time(handoff),
        ),
        by=by,
        now=now,
    )


def _is_first_time(handoff: Handoff) -> bool:
    """The offer before it, if there was one, had been accepted too."""
    before = handoff.step_run.handoffs.filter(attempt=handoff.attempt - 1, offered_at__isnull=False)
    return not before.exclude(state=Handoff.State.ACCEPTED).exists()


def _start_on_colleagues_offer(handoff: Handoff, seen: int, by: Actor, now: datetime) -> None:
    step_run, giver = handoff.step_run, handoff.giver
    move(
        handoff,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=Handoff.State.ACCEPTED,
        answered_at=now,
        answered_by=by.one,
        accepted_due=step_run.due_at,
    )
    move(step_run, only_if=_RUNNING, refused=gettext_lazy("This step is over already."), holder=by.one)
    _record_accepted(handoff, by.one, by=by, now=now)
    record(
        StepPassed(**about_step(step_run), old_holder=giver.pk, new_holder=by.one.pk, why="colleague"),
        by=by,
        now=now,
    )


@command
def accept_with_conditions(
    handoff: Handoff,
    *,
    due: datetime | None = None,
    hours: Decimal | None = None,
    conditions: str,
    read_back: str = "",
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Yes, but by another date or with more hours; the giver confirms or takes it back."""
    thread = _require_receiver(handoff, by, now)
    if handoff.is_within_area:
        raise RuleViolation(_("Between colleagues there are no conditions: start on it, or return it."))
    wording = line(conditions, field="conditions", most=500, missing=_("Say which conditions, and why."))
    restated = _read_back(handoff, read_back)
    wanted = due or handoff.proposed_due
    _refuse_empty_conditions(handoff, wanted, hours)
    _refuse_past(wanted, now)
    remind_at, respond_by = response_clock(handoff, of_giver=True, now=now)
    move(
        handoff,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=Handoff.State.CONDITIONAL,
        answered_at=now,
        answered_by=by.one,
        read_back=restated,
        accepted_due=wanted,
        conditions=wording,
        condition_hours=hours,
        remind_at=remind_at,
        respond_by=respond_by,
        reminded_at=None,
    )
    record(
        HandoffConditionsProposed(
            **about_handoff(handoff, receiver=True),
            due=wanted,
            hours=hours,
            conditions=seal(wording),
            read_back=seal(restated) if restated else None,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


def _refuse_empty_conditions(handoff: Handoff, due: datetime, hours: Decimal | None) -> None:
    if hours is not None and not 0 < hours < 100_000:
        raise RuleViolation(_("Give the hours as a number greater than zero."), field="hours")
    if due == handoff.proposed_due and hours is None:
        raise RuleViolation(
            _("Nothing changes: propose another date or other hours, or accept it as it is."), field="due"
        )


@command
def return_handoff(
    handoff: Handoff,
    *,
    reason: str,
    comment: str,
    blocking_items: Iterable[HandoffItem] = (),
    missing_texts: Sequence[str] = (),
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Back to the giver, who answers for it all the while, with a reason they can act on."""
    thread = _require_receiver(handoff, by, now)
    if reason not in Handoff.Reason.values:
        raise RuleViolation(_("Choose why you return it."), field="reason")
    why = line(comment, field="comment", most=500, missing=_("Say in a sentence what you need instead."))
    blocking = [item.pk for item in blocking_items]
    named = bool(blocking or [text for text in missing_texts if text.strip()])
    if reason == Handoff.Reason.GAPS and not named and not handoff.is_within_area:
        raise RuleViolation(_("Name what is missing: mark it on the list or write it."), field="missing")
    move(
        handoff,
        only_if=_OFFERED,
        refused=_ANSWERED,
        seen=seen,
        state=Handoff.State.RETURNED,
        answered_at=now,
        answered_by=by.one,
        return_reason=reason,
        return_comment=why,
    )
    keys = _name_gaps(handoff, blocking, missing_texts)
    if not handoff.is_within_area:
        spans.close(handoff.step_run, ended_as=Span.End.RETURNED, now=now)
    record(
        HandoffReturned(
            **about_handoff(handoff, receiver=True), reason=reason, comment=seal(why), blocking_items=keys
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


def _name_gaps(handoff: Handoff, blocking: list[int], missing_texts: Sequence[str]) -> tuple[str, ...]:
    """Mark what prevents the start, on the list or new to it; the keys of all of it."""
    handoff.items.filter(pk__in=blocking).update(prevents_start=True)
    for text in missing_texts:
        if text.strip():
            _new_item(handoff, text, prevents_start=True)
    return tuple(handoff.items.filter(prevents_start=True).values_list("key", flat=True))


@command
def mark_missing(item: HandoffItem, *, by: Actor, now: datetime) -> None:
    """Found missing only after it was accepted: one click, counted between the areas."""
    handoff = item.handoff
    thread = _require_receiver(handoff, by, now)
    handoff.refresh_from_db()
    if handoff.state != Handoff.State.ACCEPTED:
        raise RuleViolation(_("Before you accept, return it or ask for what is missing in your conditions."))
    marked = HandoffItem.objects.filter(pk=item.pk, marked_missing_at__isnull=True).update(
        marked_missing_at=now
    )
    item.refresh_from_db()
    if not marked:
        raise RuleViolation(_("It is marked as missing already."))
    record(HandoffItemMarkedMissing(**about_handoff(handoff, receiver=True), key=item.key), by=by, now=now)
    settle(thread, now=now)


# Within an area -------------------------------------------------------------------------------------------


@command
def offer_to_colleague(
    step_run: StepRun, *, colleague: Person, ask: str = "", seen: int, by: Actor, now: datetime
) -> Handoff:
    """Offer one's running step to a colleague; it stays with the holder until the colleague starts on it."""
    thread = open_to_work(step_run.thread_id)
    require_on(by, "handoff.give", thread)
    require_side(
        answers_for(by, step_run),
        _("Only who has the step, who covers them or the head of the area can offer it to a colleague."),
    )
    move(
        step_run,
        only_if=_RUNNING,
        refused=gettext_lazy("Only a step that is being done can be offered to a colleague."),
        seen=seen,
    )
    handoff = _offer_within(step_run, colleague, line(ask, field="ask", most=500), by, now)
    settle(thread, now=now)
    return handoff


def _offer_within(step_run: StepRun, colleague: Person, ask: str, by: Actor, now: datetime) -> Handoff:
    """No border lies between colleagues: the step runs on, and so does its work span."""
    require_member(colleague, step_run.area, step_run.delegation_id, field="colleague", now=now)
    if colleague.pk == step_run.holder_id:
        raise RuleViolation(_("They have this step already."), field="colleague")
    if step_run.handoffs.filter(**OPEN_OFFER).exists():
        raise RuleViolation(_("It is already offered to a colleague. Withdraw that offer first."))
    assert step_run.holder is not None and step_run.due_at is not None
    last = step_run.handoffs.aggregate(last=Max("attempt"))["last"] or 0
    handoff = Handoff(
        thread_id=step_run.thread_id,
        step_run=step_run,
        attempt=last + 1,
        state=Handoff.State.OFFERED,
        weight=Weight.LIGHT,
        is_within_area=True,
        giver=step_run.holder,
        from_area_id=step_run.area_id,
        from_delegation_id=step_run.delegation_id,
        to_area_id=step_run.area_id,
        to_delegation_id=step_run.delegation_id,
        to_person=colleague,
        ask=ask,
        proposed_due=step_run.due_at,
        created_at=now,
        offered_at=now,
    )
    handoff.remind_at, handoff.respond_by = response_clock(handoff, of_giver=False, now=now)
    handoff.save(force_insert=True)
    record_offered(handoff, by=by, now=now)
    return handoff


# Rules of the receiving side ------------------------------------------------------------------------------


def _require_receiver(handoff: Handoff, by: Actor, now: datetime) -> Thread:
    thread = open_to_work(handoff.thread_id)
    require_on(by, "handoff.answer", thread)
    if not receives(by, handoff, now=now):
        raise NotAllowed(
            _("This is for %(area)s: only its people, the person named or who covers them can answer.")
            % {"area": handoff.to_area.name}
        )
    return thread


def _read_back(handoff: Handoff, text: str) -> str:
    missing = _("Say in a line what will be done and by when.") if handoff.weight == Weight.FULL else ""
    return line(text, field="read_back", most=500, missing=missing)


def _refuse_past(due: datetime, now: datetime) -> None:
    if due <= now:
        raise RuleViolation(
            _("That date has already passed. Accept with conditions and propose another, or return it."),
            field="due",
        )
