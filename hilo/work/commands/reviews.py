"""Moments to look in on a thread: planned, moved, held, cancelled (SPEC 2.2, 10.4).

They are reserved in the week of whoever owns the thread, and go with it to its next owner.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.parties.queries.calendars import clock_of_person
from hilo.work.access import require_on
from hilo.work.events.place import place_of
from hilo.work.events.plan import ReviewCancelled, ReviewHeld, ReviewMoved, ReviewPlanned
from hilo.work.models import ReviewMoment, StepRun, Thread
from hilo.work.news import said_working_moment
from hilo.work.relations import require_charge
from hilo.work.sides import open_to_work
from hilo.work.texts import line

PLANNED: dict[str, object] = {"state": ReviewMoment.State.PLANNED}
OVER = gettext_lazy("This review is over already. Look at what became of it.")
LONGEST = 480  # minutes: a working day


@command
def plan_review(
    thread: Thread,
    *,
    text: str,
    starts_at: datetime,
    minutes: int = 30,
    step_run: StepRun | None = None,
    with_customer: bool = False,
    by: Actor,
    now: datetime,
) -> ReviewMoment:
    """Reserve time of the thread's owner to look at it, or at one of its steps."""
    thread = open_to_work(thread.pk)
    require_on(by, "thread.work", thread)
    require_charge(by, thread)
    words = line(text, field="text", most=200, missing=_("Say in a few words what to look at."))
    if step_run is not None and step_run.thread_id != thread.pk:
        raise RuleViolation(_("Choose a step of this thread."), field="step_run")
    _refuse_odd_time(thread, starts_at, minutes, but=None, now=now)
    review = ReviewMoment.objects.create(
        thread=thread,
        step_run=step_run,
        text=words,
        starts_at=starts_at,
        minutes=minutes,
        with_customer=with_customer,
        planned_by=by.one,
        changed_at=now,
    )
    record(
        ReviewPlanned(
            **place_of("review_moment", review.pk, thread),
            at=starts_at,
            minutes=minutes,
            step=step_run.pk if step_run else None,
            with_customer=with_customer,
            text=seal(words),
        ),
        by=by,
        now=now,
    )
    return review


@command
def move_review(
    review: ReviewMoment, *, starts_at: datetime, minutes: int, seen: int, by: Actor, now: datetime
) -> None:
    thread = _held_thread(review, by)
    _refuse_odd_time(thread, starts_at, minutes, but=review, now=now)
    if (review.starts_at, review.minutes) == (starts_at, minutes):
        raise RuleViolation(_("That is when it is already."), field="starts_at")
    old = review.starts_at
    move(
        review, only_if=PLANNED, refused=OVER, seen=seen,
        starts_at=starts_at, minutes=minutes, changed_at=now,
    )  # fmt: skip
    place = place_of("review_moment", review.pk, thread)
    record(ReviewMoved(**place, old=old, new=starts_at, minutes=minutes), by=by, now=now)


@command
def hold_review(review: ReviewMoment, *, outcome: str, seen: int, by: Actor, now: datetime) -> None:
    """Looked at: one line of what was seen, which the thread's story keeps."""
    thread = _held_thread(review, by)
    words = line(outcome, field="outcome", missing=_("Say in a line what you saw."))
    _settle(review, ReviewMoment.State.HELD, words, seen=seen, now=now)
    place = place_of("review_moment", review.pk, thread)
    record(ReviewHeld(**place, outcome=seal(words)), by=by, now=now)


@command
def cancel_review(review: ReviewMoment, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    thread = _held_thread(review, by)
    why = line(reason, field="reason", missing=_("Say why it is not needed."))
    _settle(review, ReviewMoment.State.CANCELLED, why, seen=seen, now=now)
    place = place_of("review_moment", review.pk, thread)
    record(ReviewCancelled(**place, reason=seal(why)), by=by, now=now)


def _settle(review: ReviewMoment, state: str, words: str, *, seen: int, now: datetime) -> None:
    move(
        review, only_if=PLANNED, refused=OVER, seen=seen,
        state=state, outcome=words, settled_at=now, changed_at=now,
    )  # fmt: skip


def _held_thread(review: ReviewMoment, by: Actor) -> Thread:
    """A review of a paused thread can still be moved or called off."""
    thread = Thread.objects.select_for_update().get(pk=review.thread_id)
    if thread.state == Thread.State.ARCHIVED:
        raise RuleViolation(_("This thread is in the archive. Reopen it first, saying why."))
    require_on(by, "thread.work", thread)
    require_charge(by, thread)
    review.refresh_from_db()
    return thread


def _refuse_odd_time(
    thread: Thread, starts_at: datetime, minutes: int, *, but: ReviewMoment | None, now: datetime
) -> None:
    if not 5 <= minutes <= LONGEST:
        raise RuleViolation(_("A review takes from five minutes to a working day."), field="minutes")
    if starts_at <= now:
        raise RuleViolation(_("Choose a moment still to come."), field="starts_at")
    clock = clock_of_person(thread.owner_id)
    if not clock.is_open(starts_at):
        raise RuleViolation(
            _("%(owner)s does not work then. The next working moment is %(possible)s.")
            % {
                "owner": thread.owner.name,
                "possible": said_working_moment(clock.next_open(starts_at), clock),
            },
            field="starts_at",
        )
    _refuse_overlap(thread, starts_at, minutes, but)


def _refuse_overlap(thread: Thread, starts_at: datetime, minutes: int, but: ReviewMoment | None) -> None:
    """One person cannot look in two places at once. What it is about is not told: it may be confidential."""
    ends_at = starts_at + timedelta(minutes=minutes)
    near = ReviewMoment.objects.filter(
        state=ReviewMoment.State.PLANNED,
        thread__owner=thread.owner_id,
        starts_at__lt=ends_at,
        starts_at__gt=starts_at - timedelta(minutes=LONGEST),
    )
    others = [one for one in near if but is None or one.pk != but.pk]
    if any(one.starts_at + timedelta(minutes=one.minutes) > starts_at for one in others):
        raise RuleViolation(
            _("%(owner)s has another review at that time. Choose another moment.")
            % {"owner": thread.owner.name},
            field="starts_at",
        )
