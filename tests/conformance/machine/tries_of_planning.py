"""Dates of the plan, moments to look in, and the calendar outside."""

from __future__ import annotations

from django.db.models import Q

from hilo.work.commands.promised_dates import Telling
from hilo.work.models import CalendarAddress, PlanMove, ReviewMoment
from tests.conformance.machine.tries_of_steps import answerable, run_of
from tests.conformance.machine.world import MARK, Call, World, tries

OPEN_THREAD = Q(thread__state="open")


@tries("work.replanning.replan_step")
def replan_step(w: World) -> Call:
    """Told to the customer half of the time: needed only when it passes what they were promised."""
    run = run_of(w, "planned", "planned", "running")
    contact = w.contact(run.thread)
    telling = Telling(text=f"Cambia la fecha {MARK}", contacts=[contact]) if w.pick.in_ten(5) else None
    return w.call(
        run,
        edge=w.pick.one(("end", "end", "start", "middle")),
        to=w.ahead(days=(5, 9, 20, 40, 80)),
        reason=w.words("El motor llega tarde"),
        telling=telling,
        seen=w.seen(run),
        by=w.by(*answerable(w, run)),
    )


@tries("work.replanning.undo_replan")
def undo_replan(w: World) -> Call:
    moved = w.row(PlanMove.objects.all(), Q(undone_at=None) & OPEN_THREAD)
    return w.call(moved, seen=w.seen(moved), by=w.by(*answerable(w, moved.step_run)))


@tries("work.reviews.plan_review")
def plan_review(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        text=w.words("Ver cómo va el montaje"),
        starts_at=w.ahead(days=(1, 2, 3, 8, 9)),
        minutes=w.pick.one((15, 30, 60, 0)),
        step_run=w.maybe(thread.step_runs.all()),
        with_customer=w.pick.in_ten(3),
        by=w.by(*w.in_charge(thread)),
    )


def review_of(w: World) -> ReviewMoment:
    return w.row(ReviewMoment.objects.all(), Q(state="planned") & OPEN_THREAD)


@tries("work.reviews.move_review")
def move_review(w: World) -> Call:
    review = review_of(w)
    by = w.by(*w.in_charge(review.thread))
    when = w.ahead(days=(1, 2, 3, 8, 9))
    return w.call(review, starts_at=when, minutes=w.pick.one((15, 45)), seen=w.seen(review), by=by)


@tries("work.reviews.hold_review")
def hold_review(w: World) -> Call:
    review = review_of(w)
    by = w.by(*w.in_charge(review.thread))
    return w.call(review, outcome=w.words("Todo en orden"), seen=w.seen(review), by=by)


@tries("work.reviews.cancel_review")
def cancel_review(w: World) -> Call:
    review = review_of(w)
    by = w.by(*w.in_charge(review.thread))
    return w.call(review, reason=w.words("Ya se vio"), seen=w.seen(review), by=by)


@tries("work.calendar_addresses.make_calendar_address")
def make_calendar_address(w: World) -> Call:
    return w.call(by=w.by(w.person()))


@tries("work.calendar_addresses.revoke_calendar_address")
def revoke_calendar_address(w: World) -> Call:
    address = w.row(CalendarAddress.objects.all(), Q(revoked_at=None))
    return w.call(address, seen=w.seen(address), by=w.by(address.person))
