"""What happens to a plan when one of its dates moves: pure arithmetic in business time (SPEC 2.9, 2.11).

The dry run on the map and the command that saves it ask the same functions: what was shown is what is done.
Dates move later only, never earlier: pulling a step in gives the ones after it room, it does not move them.
No model, no clock of its own: a ``Piece`` brings the working hours of its area and delegation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hilo.businesstime import NoWorkingTime, WorkingTime

MINUTE = timedelta(minutes=1)


class Standing(StrEnum):
    PLANNED = "planned"
    OFFERED = "offered"
    RUNNING = "running"
    OVER = "over"


class Edge(StrEnum):
    """Which end of a step one takes hold of. Moving the start keeps the working time of the step."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Piece:
    """One step of a plan. ``due`` is when it ended, once it is over; ``before`` what it waits for.

    ``target`` is business time; None for a step added by hand, which has no template to say it.
    """

    id: int
    standing: Standing
    due: datetime | None
    target: timedelta | None
    clock: WorkingTime
    before: tuple[int, ...] = ()
    delivers: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    piece: int
    edge: Edge
    to: datetime


class Why(StrEnum):
    """Why a date cannot be where somebody put it."""

    OVER = "over"
    OFFERED = "offered"
    BEGUN = "begun"  # the start of a step that somebody has in hand
    PAST = "past"
    CLOSED = "closed"
    TOO_EARLY = "too_early"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """``possible`` is the next moment that would do; ``waits_for`` the step that stands before it."""

    why: Why
    possible: datetime | None = None
    waits_for: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan before and after a move. ``moved``: old and new date of every step that would have another."""

    before: Mapping[int, datetime | None]
    after: Mapping[int, datetime | None]
    finish_before: datetime | None
    finish_after: datetime | None
    reserve_minutes: int = 0
    moved: Mapping[int, tuple[datetime | None, datetime]] = field(default_factory=dict)

    def makes_late(self, due: datetime) -> bool:
        """Whether a date promised to the customer held before and no longer does."""
        was_late = self.finish_before is not None and self.finish_before > due
        return not was_late and self.finish_after is not None and self.finish_after > due


def dues(pieces: Iterable[Piece]) -> dict[int, datetime | None]:
    return {piece.id: piece.due for piece in pieces}


def in_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Those before first, else as they came. What stands outside the plan is waited for by nobody here."""
    here = {piece.id for piece in pieces}
    placed: dict[int, Piece] = {}
    waiting = list(pieces)
    while waiting:
        ready = [one for one in waiting if all(each in placed or each not in here for each in one.before)]
        if not ready:
            raise AssertionError("the steps of a plan form a cycle")
        placed.update({one.id: one for one in ready})
        waiting = [one for one in waiting if one.id not in placed]
    return list(placed.values())


def may_begin(piece: Piece, dates: Mapping[int, datetime | None], *, now: datetime) -> datetime:
    """When all it waits for is over; ``now`` for a step that waits for none with a date."""
    return max((moment for each in piece.before if (moment := dates.get(each)) is not None), default=now)


def earliest_end(piece: Piece, dates: Mapping[int, datetime | None], *, now: datetime) -> datetime:
    begins = may_begin(piece, dates, now=now)
    return piece.clock.add(begins, piece.target) if piece.target is not None else begins


def pushed(pieces: Sequence[Piece], *, now: datetime) -> dict[int, datetime]:
    """New dates of the planned steps that those before them no longer allow; later only."""
    dates = dues(pieces)
    found: dict[int, datetime] = {}
    for piece in in_order(pieces):
        if piece.standing != Standing.PLANNED:
            continue
        earliest = earliest_end(piece, dates, now=now)
        if piece.due is None or piece.due < earliest:
            found[piece.id] = dates[piece.id] = earliest
    return found


def begins(piece: Piece, dates: Mapping[int, datetime | None], *, now: datetime) -> datetime | None:
    """When a planned step is to begin: its working time before its date, never before what it waits for."""
    due = dates.get(piece.id)
    if due is None:
        return None
    free = may_begin(piece, dates, now=now) if piece.before else None
    if piece.target is None:
        return min(free or due, due)
    wanted = piece.clock.subtract(due, piece.target)
    return min(max(wanted, free) if free else wanted, due)


# ---- one move -------------------------------------------------------------------------------------------


def wanted_end(piece: Piece, move: Move) -> datetime:
    """Where the end comes to stand: as given, or the working time after the start that was given."""
    if move.edge == Edge.END or piece.target is None:
        return move.to
    return piece.clock.add(piece.clock.next_open(move.to), piece.target)


def obstacle(pieces: Sequence[Piece], move: Move, *, now: datetime) -> Obstacle | None:
    """Why the move cannot be; None when it can. What has begun or ended does not do so by its date."""
    piece = next(one for one in pieces if one.id == move.piece)
    if piece.standing == Standing.OVER:
        return Obstacle(Why.OVER)
    if piece.standing == Standing.OFFERED:
        return Obstacle(Why.OFFERED)
    if piece.standing == Standing.RUNNING and move.edge == Edge.START:
        return Obstacle(Why.BEGUN)
    return _obstacle_in_time(pieces, piece, move, now)


def _obstacle_in_time(pieces: Sequence[Piece], piece: Piece, move: Move, now: datetime) -> Obstacle | None:
    if move.to <= now:
        return Obstacle(Why.PAST, piece.clock.next_open(now))
    if not _is_working(piece.clock, move.to):
        return Obstacle(Why.CLOSED, piece.clock.next_open(move.to))
    if piece.standing == Standing.PLANNED and (found := _too_early(pieces, piece, move, now)):
        return found
    if wanted_end(piece, move) == piece.due:
        return Obstacle(Why.SAME)
    return None


def _is_working(clock: WorkingTime, at: datetime) -> bool:
    """Open, or the very end of business, which is when a day's work is due."""
    try:
        return clock.is_open(at) or clock.previous_close(at) == at
    except NoWorkingTime:
        return False


def _too_early(pieces: Sequence[Piece], piece: Piece, move: Move, now: datetime) -> Obstacle | None:
    dates = dues(pieces)
    free = may_begin(piece, dates, now=now)
    last = next((each for each in piece.before if dates.get(each) == free), None)
    if move.edge == Edge.START:
        possible = piece.clock.next_open(free)
        # The day on which the one before ends is a day on which this one may begin, at once.
        return Obstacle(Why.TOO_EARLY, possible, last) if move.to < free else None
    earliest = earliest_end(piece, dates, now=now)
    return Obstacle(Why.TOO_EARLY, earliest, last) if move.to < earliest else None


def foreseen(pieces: Sequence[Piece], move: Move, *, now: datetime) -> Outcome:
    """The whole plan after a move that nothing stands in the way of. Of use as a dry run and to save it."""
    before = dues(pieces)
    placed = [replace(one, due=wanted_end(one, move)) if one.id == move.piece else one for one in pieces]
    after = {**dues(placed), **pushed(placed, now=now)}
    moved = {
        pk: (before[pk], moment)
        for pk, moment in after.items()
        if moment is not None and moment != before[pk]
    }
    first, last = finish(pieces, before), finish(pieces, after)
    return Outcome(before, after, first, last, _used(pieces, after, first, last), moved)


def finish(pieces: Sequence[Piece], dates: Mapping[int, datetime | None]) -> datetime | None:
    """When the customer has it: the last delivering step; the last step of a plan that says of none."""
    open_ones = [one for one in pieces if one.standing != Standing.OVER]
    delivering = [one for one in open_ones if one.delivers] or open_ones
    return max((moment for one in delivering if (moment := dates.get(one.id))), default=None)


def _used(
    pieces: Sequence[Piece],
    after: Mapping[int, datetime | None],
    first: datetime | None,
    last: datetime | None,
) -> int:
    """Minutes of the reserve that a later finish takes: business time of the step that finishes last."""
    if first is None or last is None or last <= first:
        return 0
    ends = next(one for one in pieces if after.get(one.id) == last and one.standing != Standing.OVER)
    return max(int(ends.clock.between(first, last) / MINUTE), 1)
