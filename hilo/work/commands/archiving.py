"""The archive gate: nothing hangs, or a director says in writing why it may hang (SPEC 2.5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import CompanyPolicy, Contact
from hilo.parties.queries.customers import customer_family_ids
from hilo.parties.queries.people import hold_active
from hilo.work.access import require_on
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.conversation import (
    ClosingQuestionAnswered,
    ClosingQuestionAsked,
    ClosingQuestionSuppressed,
)
from hilo.work.events.threads import ThreadArchived, ThreadReopened
from hilo.work.gate import Hang, what_hangs
from hilo.work.models import ClosingQuestion, Deliverable, Pause, Thread
from hilo.work.news import default_next_news
from hilo.work.relations import require_charge
from hilo.work.settling import settle
from hilo.work.texts import line, no_longer_here, prose

_ALREADY = gettext_lazy("This thread is in the archive already.")
_NOT_THERE = gettext_lazy("This thread is open: there is nothing to reopen.")


class StillHanging(RuleViolation):
    """The archive was refused; ``hanging`` lists exactly what must be settled first."""

    def __init__(self, hanging: list[Hang]) -> None:
        count = len(hanging)
        super().__init__(
            ngettext(
                "One thing still hangs. Settle it and archive the thread then.",
                "%(count)s things still hang. Settle them and archive the thread then.",
                count,
            )
            % {"count": count}
        )
        self.hanging = hanging


@command
def archive_thread(thread: Thread, *, seen: int, by: Actor, now: datetime) -> None:
    """Put the thread away for good. Refused with the list of what hangs."""
    require_on(by, "thread.archive", thread)
    require_charge(by, thread)
    _put_away(thread, seen=seen, now=now)
    # Looked at after the row is locked by the change above: what commits meanwhile is seen here.
    hanging = [hang for hang in what_hangs(thread, now=now) if not hang.excused]
    if hanging:
        raise StillHanging(hanging)
    _record_archived(thread, forced=False, reason="", hanging=0, by=by, now=now)


@command
def force_archive(thread: Thread, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """A director archives in spite of what hangs; the reason is kept and a signal raised from the event."""
    require_on(by, "thread.force_archive", thread)
    why = line(reason, field="reason", missing=_("Say why it is put away with things still hanging."))
    hanging = [hang for hang in what_hangs(thread, now=now) if not hang.excused]
    if not hanging:
        raise RuleViolation(_("Nothing hangs on this thread: archive it the ordinary way."))
    _put_away(thread, seen=seen, now=now)
    _record_archived(thread, forced=True, reason=why, hanging=len(hanging), by=by, now=now)


def _put_away(thread: Thread, *, seen: int, now: datetime) -> None:
    Thread.objects.select_for_update().get(pk=thread.pk)
    move(
        thread,
        only_if=NOT_ARCHIVED,
        refused=_ALREADY,
        seen=seen,
        state=Thread.State.ARCHIVED,
        archived_at=now,
        next_kind="",
        next_type="",
        next_id=None,
        next_label="",
        next_due=None,
        next_news_at=None,
        turn_of="",
        turn_area=None,
        turn_person=None,
        turn_contact=None,
        turn_waits=False,
    )
    Pause.objects.filter(thread=thread, woken_at__isnull=True).update(woken_at=now)


def _record_archived(
    thread: Thread, *, forced: bool, reason: str, hanging: int, by: Actor, now: datetime
) -> None:
    record(
        ThreadArchived(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            forced=forced,
            reason=seal(reason) if reason else None,
            hanging=hanging,
            tacit_count=thread.deliverables.filter(state=Deliverable.State.TACIT).count(),
        ),
        by=by,
        now=now,
    )


@command
def reopen_thread(thread: Thread, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """Take it out of the archive; counted, and the news clock starts anew."""
    require_on(by, "thread.reopen", thread)
    why = line(reason, field="reason", missing=_("Say why it is taken out of the archive."))
    owner = thread.owner if thread.owner.is_active else by.one
    hold_active(owner, refused=no_longer_here(owner))
    move(
        thread,
        only_if={"state": Thread.State.ARCHIVED},
        refused=_NOT_THERE,
        seen=seen,
        state=Thread.State.OPEN,
        archived_at=None,
        owner=owner,
        is_caretaken=owner.pk != thread.owner_id,
        reopened_count=thread.reopened_count + 1,
        next_news_at=default_next_news(owner_id=owner.pk, priority=thread.priority, said_at=now),
        next_kind="decide",
        next_due=now,
        turn_of="area",
    )
    record(
        ThreadReopened(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            reason=seal(why),
            count=thread.reopened_count,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


@command
def ask_closing_question(thread: Thread, *, contact: Contact, by: Actor, now: datetime) -> ClosingQuestion:
    """Ask the contact whether the aim was reached; suppressed when they were asked in the last 90 days."""
    require_on(by, "thread.work", thread)
    if contact.customer_id not in customer_family_ids(thread.customer) or contact.erased_at:
        raise RuleViolation(_("Choose somebody of this customer."), field="contact")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    if thread.closing_questions.filter(state=ClosingQuestion.State.ASKED).exists():
        raise RuleViolation(_("The closing question is already with the customer."))
    quiet = timedelta(days=CompanyPolicy.objects.get(pk=1).survey_quiet_days)
    asked_lately = ClosingQuestion.objects.filter(
        contact=contact, asked_at__gt=now - quiet, state__in=["asked", "answered"]
    ).exists()
    state = ClosingQuestion.State.SUPPRESSED if asked_lately else ClosingQuestion.State.ASKED
    question = ClosingQuestion.objects.create(thread=thread, contact=contact, state=state, asked_at=now)
    kind = ClosingQuestionSuppressed if asked_lately else ClosingQuestionAsked
    record(
        kind(
            subject=Ref("closing_question", question.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            related=(Related("contact", contact.pk, "asked"),),
            contact=contact.pk,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return question


@command
def answer_closing_question(
    question: ClosingQuestion,
    *,
    aim_reached: bool,
    score: int | None,
    comment: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """What the customer answered; ``score`` is 0 to 10. Noted by one of ours while there is no portal."""
    thread = question.thread
    require_on(by, "thread.work", thread)
    if score is not None and not 0 <= score <= 10:
        raise RuleViolation(_("The score goes from 0 to 10."), field="score")
    answered = ClosingQuestion.objects.filter(pk=question.pk, state=ClosingQuestion.State.ASKED).update(
        state=ClosingQuestion.State.ANSWERED,
        answered_at=now,
        aim_reached=aim_reached,
        score=score,
        comment=prose(comment, field="comment", most=2000),
    )
    question.refresh_from_db()
    if not answered:
        raise RuleViolation(_("This question has its answer already."))
    record(
        ClosingQuestionAnswered(
            subject=Ref("closing_question", question.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            aim_reached=aim_reached,
            score=score,
            comment=seal(question.comment, about=_about(question)) if question.comment else None,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


def _about(question: ClosingQuestion) -> Ref | None:
    return Ref("contact", question.contact_id) if question.contact_id else None
