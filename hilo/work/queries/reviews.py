"""Whose week a review stands in: its thread's owner's, or on days they are away their substitute's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from hilo.businesstime import NoWorkingTime
from hilo.parties.actor import Actor
from hilo.parties.models import Absence, Person
from hilo.parties.queries.calendars import clock_of_person
from hilo.work.access import threads_visible_to, visible_to
from hilo.work.models import ReviewMoment, StepRun, Thread


@dataclass(frozen=True, slots=True)
class Seat:
    """A review in somebody's week; ``instead_of`` is the absent owner."""

    review: ReviewMoment
    instead_of: Person | None = None


def reviews_of(person: Person, actor: Actor, *, since: datetime, until: datetime | None = None) -> list[Seat]:
    """Planned and held ones in the week of ``person``, of threads that ``actor`` (the same) may see."""
    away = list(person.absences.filter(cancelled_at__isnull=True))
    covering = list(person.substitutions.filter(cancelled_at__isnull=True).select_related("person"))
    rows = _visible(actor).filter(starts_at__gte=since)
    if until is not None:
        rows = rows.filter(starts_at__lt=until)
    owners = {person.pk, *(absence.person_id for absence in covering)}
    found = rows.filter(thread__owner__in=owners).select_related("thread__customer", "step_run")
    seats = (_seat(review, person, away, covering) for review in found.order_by("starts_at", "pk"))
    return [seat for seat in seats if seat is not None]


def _visible(actor: Actor) -> QuerySet[ReviewMoment]:
    threads = threads_visible_to(actor).exclude(state=Thread.State.ARCHIVED)
    return ReviewMoment.objects.exclude(state=ReviewMoment.State.CANCELLED).filter(thread__in=threads)


def _seat(review: ReviewMoment, person: Person, away: list[Absence], covering: list[Absence]) -> Seat | None:
    if review.thread.owner_id == person.pk:
        return None if _on(review, person, away) else Seat(review)
    theirs = [one for one in covering if one.person_id == review.thread.owner_id]
    absence = next((one for one in theirs if _on(review, one.person, [one])), None)
    return Seat(review, absence.person) if absence else None


def _on(review: ReviewMoment, person: Person, absences: Iterable[Absence]) -> bool:
    """Whether it falls on a day they are away, by their own clock."""
    day = review.starts_at.astimezone(ZoneInfo(person.zone)).date()
    return any(one.first_day <= day <= one.last_day for one in absences)


def week_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """From Monday 00:00 to the next, where the person is."""
    monday = day - timedelta(days=day.weekday())
    first = datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(zone))
    return first, first + timedelta(days=7)


def threads_unreviewed(actor: Actor, *, now: datetime) -> QuerySet[Thread]:
    """The actor's threads that others have in hand and that no review is planned for; earliest due first."""
    elsewhere = StepRun.objects.filter(
        state__in=[StepRun.State.RUNNING, StepRun.State.OFFERED], thread=OuterRef("pk")
    ).exclude(holder=actor.person)
    planned = ReviewMoment.objects.filter(
        thread=OuterRef("pk"), state=ReviewMoment.State.PLANNED, starts_at__gte=now
    )
    owned = threads_visible_to(actor).filter(owner=actor.person, state=Thread.State.OPEN)
    return (
        owned.filter(Exists(elsewhere), ~Exists(planned))
        .select_related("customer")
        .order_by("next_due", "pk")
    )


def next_free_moment(thread: Thread, *, now: datetime, minutes: int = 30) -> datetime:
    """From tomorrow on, the first moment at which the owner works and looks at nothing else."""
    clock = clock_of_person(thread.owner_id)
    taken = list(
        ReviewMoment.objects.filter(
            thread__owner=thread.owner_id, state=ReviewMoment.State.PLANNED, starts_at__gte=now
        ).order_by("starts_at")
    )
    try:
        at = clock.next_open(clock.end_of_day(now.astimezone(ZoneInfo(clock.rules.zone)).date()))
        for review in taken:
            ends = review.starts_at + timedelta(minutes=review.minutes)
            if at + timedelta(minutes=minutes) <= review.starts_at:
                break
            if at < ends:
                at = clock.next_open(ends)
    except NoWorkingTime:
        return now + timedelta(days=1)
    return at


def reviews_owed(actor: Actor) -> QuerySet[ReviewMoment]:
    """Planned on threads of the actor's, or of whom they stand in for today."""
    people = {actor.person.pk, *actor.covers_ids} if actor.person else set()
    mine = ReviewMoment.objects.filter(visible_to(actor, "thread__"), thread__owner__in=people)
    return mine.filter(
        state=ReviewMoment.State.PLANNED, thread__state__in=(Thread.State.OPEN, Thread.State.PAUSED)
    )
