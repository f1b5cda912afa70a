"""The arithmetic of a case's clocks, from facts alone: no database, no rule about who may do what.

A clock is told when it began, what it may take and what stood in its way; it answers when it is due and how
much was used by a moment. Nothing is counted up along the way: every answer is worked out anew from the
facts, so that a worker that was stopped, a repeated job or a clock set back changes none (docs/clocks.md).
Source: SPEC 7.3, 13.1; DOMAIN 3, 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from hilo.businesstime import NoWorkingTime, OutsideYears, WorkingTime

NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    LATE = "late"  # also while a pause that came too late lasts
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still until ``until``, or earlier if somebody resumed it; never longer, however late
    the job that writes ``resumed_at`` comes."""

    paused_at: datetime
    until: datetime
    resumed_at: datetime | None = None

    @property
    def ended_at(self) -> datetime:
        return self.until if self.resumed_at is None else min(self.until, self.resumed_at)

    def holds(self, moment: datetime) -> bool:
        return self.paused_at <= moment < self.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a clock stands at a moment. ``left`` is negative once it is late, nothing once it is stopped."""

    state: ClockState
    due: datetime
    used: timedelta
    left: timedelta
    was_late: bool = False

    @property
    def is_late(self) -> bool:
        return self.state == ClockState.LATE or self.was_late


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What is kept of a clock that stopped; no calendar or policy changes it afterwards."""

    due_at: datetime
    used_minutes: int  # whole ones
    was_late: bool


class Clock(Protocol):
    """Any of them; ``hours`` are those in which its lateness climbs."""

    @property
    def started_at(self) -> datetime: ...

    @property
    def hours(self) -> WorkingTime: ...

    @property
    def due(self) -> datetime: ...

    def used_by(self, moment: datetime) -> timedelta: ...

    def left_at(self, moment: datetime) -> timedelta: ...

    def is_paused_at(self, moment: datetime) -> bool: ...

    def stopped_by(self, moment: datetime) -> Clock:
        """The same clock as it is known at its stop: nothing that comes later belongs to it."""
        ...


@dataclass(frozen=True, kw_only=True)
class TargetClock:
    """So many business minutes from the start, pauses left out: the response and the acknowledgement.

    Pauses may overlap; one that began before this run belongs to an earlier one.
    """

    started_at: datetime
    target: timedelta
    hours: WorkingTime
    pauses: tuple[Pause, ...] = ()

    @cached_property
    def due(self) -> datetime:
        """The earliest moment by which the target has been used, if the present pause lasts to its end."""
        reached, rest = self.started_at, self.target
        for begins, ends in self.stretches:
            worked = self.hours.between(reached, begins)
            if worked >= rest:
                break
            reached, rest = ends, rest - worked
        return self.hours.add(reached, rest)

    def used_by(self, moment: datetime) -> timedelta:
        if moment <= self.started_at:
            return NOTHING
        waited = sum(
            (
                self.hours.between(begins, min(ends, moment))
                for begins, ends in self.stretches
                if begins < moment
            ),
            NOTHING,
        )
        return self.hours.between(self.started_at, moment) - waited

    def left_at(self, moment: datetime) -> timedelta:
        return self.target - self.used_by(moment)

    def is_paused_at(self, moment: datetime) -> bool:
        return any(begins <= moment < ends for begins, ends in self.stretches)

    def stopped_by(self, moment: datetime) -> TargetClock:
        """The answer ends a pause that would have gone on."""
        ended = (
            replace(pause, resumed_at=min(moment, pause.ended_at))
            for pause in self.pauses
            if pause.paused_at < moment
        )
        return replace(self, pauses=tuple(ended))

    @cached_property
    def stretches(self) -> list[tuple[datetime, datetime]]:
        """When it stood still: in order, overlaps joined."""
        joined: list[tuple[datetime, datetime]] = []
        for pause in sorted(self.pauses, key=lambda each: each.paused_at):
            if pause.paused_at < self.started_at or pause.ended_at <= pause.paused_at:
                continue
            if joined and pause.paused_at <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], pause.ended_at))
            else:
                joined.append((pause.paused_at, pause.ended_at))
        return joined


@lru_cache(maxsize=4096)
def _close_after(hours: WorkingTime, day: date, working_days: int) -> datetime:
    """The close of business of so many working days after; many cases are received on one day."""
    end = hours.end_of_day(hours.add_working_days(day, working_days))
    try:
        return hours.previous_close(end)
    except NoWorkingTime:  # never closes
        return end


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalClock:
    """Days that law or contract sets, the day of receipt not counted. Nothing pauses it.

    Working days end at the close of business of the last one, natural days with the local day.
    """

    started_at: datetime
    days: int
    in_working_days: bool
    hours: WorkingTime

    @property
    def due(self) -> datetime:
        received_on = self.started_at.astimezone(ZoneInfo(self.hours.rules.zone)).date()
        if not self.in_working_days:
            return self.hours.end_of_day(received_on + timedelta(days=self.days))
        return max(_close_after(self.hours, received_on, self.days), self.started_at)

    def used_by(self, moment: datetime) -> timedelta:
        return max(NOTHING, self.hours.between(self.started_at, moment))

    def left_at(self, moment: datetime) -> timedelta:
        return self.hours.between(moment, self.due) if self.in_working_days else self.due - moment

    def is_paused_at(self, moment: datetime) -> bool:
        return False

    def stopped_by(self, moment: datetime) -> LegalClock:
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsClock:
    """The date the customer was told they hear from us. No pause of anything touches it."""

    started_at: datetime  # when that was told
    due: datetime
    hours: WorkingTime

    def used_by(self, moment: datetime) -> timedelta:
        return max(NOTHING, self.hours.between(self.started_at, moment))

    def left_at(self, moment: datetime) -> timedelta:
        try:
            return self.hours.between(moment, self.due)
        except OutsideYears:  # somebody told a date of the next century
            return self.due - moment

    def is_paused_at(self, moment: datetime) -> bool:
        return False

    def stopped_by(self, moment: datetime) -> NewsClock:
        return self


@dataclass(frozen=True, slots=True)
class Told:
    """At ``at`` the customer was told something, and that they hear from us again by ``next_news_at``."""

    at: datetime
    next_news_at: datetime


def news_in_force(tellings: Iterable[Told], *, by: datetime) -> Told | None:
    """The last thing told by then counts, be its date earlier or later than the one before."""
    so_far = [told for told in tellings if told.at <= by]
    return max(so_far, key=lambda told: told.at, default=None)


def standing(clock: Clock, *, now: datetime) -> Standing:
    """How a clock that has not stopped stands. At its very due moment it is still in time."""
    due, used = clock.due, clock.used_by(now)
    left = clock.target - used if isinstance(clock, TargetClock) else clock.left_at(now)  # used: found once
    return Standing(state=state_of(clock, due, now), due=due, used=used, left=left)


def state_of(clock: Clock, due: datetime, now: datetime) -> ClockState:
    if due < now:
        return ClockState.LATE
    return ClockState.PAUSED if clock.is_paused_at(now) else ClockState.RUNNING


def frozen(clock: Clock, *, stopped_at: datetime) -> Frozen:
    """What to keep when it stops."""
    known = clock.stopped_by(stopped_at)
    due = known.due
    return Frozen(due_at=due, used_minutes=known.used_by(stopped_at) // MINUTE, was_late=due < stopped_at)


def standing_of_stopped(kept: Frozen) -> Standing:
    """From what was kept, whatever the calendars say today."""
    return Standing(
        state=ClockState.STOPPED,
        due=kept.due_at,
        used=kept.used_minutes * MINUTE,
        left=NOTHING,
        was_late=kept.was_late,
    )


def climbs_at(clock: Clock, after: timedelta) -> datetime:
    """When lateness that lasts reaches the next one of the ladder: so much business time past due."""
    return clock.hours.add(clock.due, after)
