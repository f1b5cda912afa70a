"""What all findings stand on: a log as pieces of work and waiting, cases with their places, and their pace.

A *step* is an event that is work: news to the customer are told while something waits and do not end the
waiting, so they are left out here. A *piece* is the time from one step of a case to its next: at a border
when the area changes, inside otherwise. Times are hours of the calendar since the log began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hilo.insight.findings.meaning import ActivityMeanings
from hilo.insight.findings.policy import Policy
from hilo.insight.log import NO_TIME, Codes, EventLog
from hilo.insight.meanings import Meaning
from hilo.insight.records import record

type Floats = NDArray[np.float64]
type Places = NDArray[np.int64]
type Truths = NDArray[np.bool_]

HOUR = 3_600_000_000
FLOOR_H = 0.25  # logarithms of times begin at a quarter of an hour: less is how fast one types
CLIP = 2.5  # of a logarithm: one forgotten piece does not make its case slow
WEEK_H = 168.0
RECENT_H = 12 * WEEK_H
ENDS = 0.8  # of the cases with an activity end in it: then it is an end
MOSTLY = 0.95  # of the cases have one value of a column: then it is a property of cases
MOST_VALUES = 5000
FEW_VALUES = 50
MANY_GROUPS = 5000  # from here on one sort of all is quicker than each group by itself
BLOCK = 1 << 18  # of events, whose numbers fit into the caches of the processor
MOST_CELLS = 5_000_000  # of a table of activities by something: what would be larger tells nothing
TELLS = 0.02  # of the variance of durations: from here on a column is worth comparing like with like


@record
class Side:
    """A property of cases: its site, its customer, or another column, by ``role``. ``codes`` (cases,)."""

    role: str
    codes: Places
    names: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    log: EventLog
    meanings: ActivityMeanings
    policy: Policy
    step: Places = field(init=False)  # the events that are steps

    def __post_init__(self) -> None:
        news = self.meaning(Meaning.NEWS_TO_CUSTOMER)
        object.__setattr__(self, "step", np.flatnonzero(~news[self.log.activity.codes]))

    # Events of work --------------------------------------------------------------------------------------

    def _at_steps[Kind: np.generic](self, of_events: NDArray[Kind]) -> NDArray[Kind]:
        """The same array where every event is a step, as in most logs: none of millions is copied."""
        return of_events if len(self.step) == len(self.log) else of_events[self.step]

    def meaning(self, meaning: Meaning) -> Truths:
        """(activities,) which of them mean this."""
        found = np.zeros(len(self.log.activity.names) + 1, bool)  # the last for a missing activity, code -1
        found[self.meanings.codes(meaning, self.log.activity)] = True
        return found

    @cached_property
    def case(self) -> Places:
        return self._at_steps(self.log.case).astype(np.int64)

    @cached_property
    def activity(self) -> Places:
        return self._at_steps(self.log.activity.codes).astype(np.int64)

    @cached_property
    def area(self) -> Places:
        """-1 where it is missing or the log has none."""
        if self.log.area is None:
            return np.full(len(self.step), -1)
        return self._at_steps(self.log.area.codes).astype(np.int64)

    @cached_property
    def areas(self) -> int:
        return 0 if self.log.area is None else len(self.log.area.names)

    @cached_property
    def activities(self) -> int:
        return len(self.log.activity.names)

    @cached_property
    def all_hours(self) -> Floats:
        return (self.log.time - self.log.time.min()) / HOUR

    @cached_property
    def floor_h(self) -> float:
        """Where logarithms of times begin: a day, in a log of days without hours (which one zone puts at one
        hour of UTC in winter and at another in summer), for the same day may be minutes or hours."""
        hours = np.zeros(96, np.int64)
        for part in in_blocks(self.log.time):
            of_day = part % (24 * HOUR)
            hours += np.bincount(of_day[of_day % (HOUR // 4) == 0] // (HOUR // 4), minlength=96)
        return 24.0 if np.sort(hours)[-2:].sum() >= MOSTLY * len(self.log) else FLOOR_H

    @cached_property
    def hours(self) -> Floats:
        return self._at_steps(self.all_hours)

    @cached_property
    def horizon(self) -> float:
        return float(self.all_hours.max())

    @cached_property
    def first(self) -> Places:
        """(cases + 1,) where the steps of a case begin."""
        return np.searchsorted(self.case, np.arange(self.log.cases + 1))

    @cached_property
    def has_steps(self) -> Truths:
        return np.diff(self.first) > 0

    @cached_property
    def last(self) -> Places:
        """(cases,) the last step of a case; of a case without steps, any."""
        return np.maximum(self.first[1:] - 1, 0)

    # Pieces ----------------------------------------------------------------------------------------------

    @cached_property
    def begun(self) -> Floats:
        """When a step began to be worked at: its start where the log knows it, else when the one"
        " before ended."""
        before = self.before
        if self.log.start is None:
            return before
        start = self.log.start[self.step]
        known = start != NO_TIME
        hours = (np.where(known, start, self.log.time.min()) - self.log.time.min()) / HOUR
        floor = np.where(self.follows, before, hours)
        return np.where(known, np.clip(hours, floor, np.maximum(self.hours, floor)), before)

    @cached_property
    def knows_start(self) -> Truths:
        if self.log.start is None:
            return np.zeros(len(self.step), bool)
        return np.asarray(self.log.start[self.step] != NO_TIME)

    @cached_property
    def follows(self) -> Truths:
        """Whether a step has one before it in its case."""
        follows = np.zeros(len(self.step), bool)
        follows[1:] = self.case[1:] == self.case[:-1]
        return follows

    @cached_property
    def before(self) -> Floats:
        """When the step before ended; the own time for the first of a case."""
        before = self.hours.copy()
        before[1:][self.follows[1:]] = self.hours[:-1][self.follows[1:]]
        return before

    @cached_property
    def is_border(self) -> Truths:
        crossed = np.zeros(len(self.step), bool)
        area = self.area
        crossed[1:] = self.follows[1:] & (area[1:] != area[:-1]) & (area[1:] >= 0) & (area[:-1] >= 0)
        return crossed

    @cached_property
    def border_wait(self) -> Floats:
        """At a border: until work began where the log knows starts, else until the step was done."""
        if self.log.start is None:
            return self.gap
        return np.where(self.knows_start, self.begun, self.hours) - self.before

    @cached_property
    def inside(self) -> Floats:
        """Time in a step itself: since the step before, or since its start when it came over a border. NaN
        where a log without starts cannot tell it from the waiting."""
        if self.log.start is None:
            return np.where(self.follows & ~self.is_border, self.gap, np.nan)
        from_start = self.knows_start & (self.is_border | ~self.follows)
        inside = self.hours - np.where(from_start, self.begun, self.before)
        return np.where(from_start | (self.follows & ~self.is_border), inside, np.nan)

    @cached_property
    def own_clock(self) -> Floats:
        """(steps,) hours by a clock that runs as fast as the log is busy at that hour of the week: nights and
        weekends count as little as is done in them, and a week is a week."""
        busy = np.zeros(int(WEEK_H))
        for part in in_blocks(self.log.time):
            busy += np.bincount((part / HOUR % WEEK_H).astype(np.int64), minlength=len(busy))
        passed = np.concatenate(([0.0], np.cumsum(busy / busy.sum() * WEEK_H)))
        clock, end = np.empty(len(self.step)), 0
        for part in in_blocks(self._at_steps(self.log.time)):
            week, within = np.divmod(part / HOUR, WEEK_H)
            begin, end = end, end + len(part)
            clock[begin:end] = week * WEEK_H + np.interp(within, np.arange(len(passed)), passed)
        return clock

    @cached_property
    def gap(self) -> Floats:
        return self.hours - self.before

    def noted_otherwise(self, usual: Places, slow: Places) -> bool:
        """Whether steps that are usually noted at the very moment of the one before are noted apart where it
        is slow: that is how times are written down, and says nothing of how long the work takes."""
        if not len(usual) or not len(slow):
            return False
        together = [float((self.gap[rows] == 0).mean()) for rows in (usual, slow)]
        return together[0] - together[1] > self.policy.noted_otherwise

    @cached_property
    def piece(self) -> Places:
        """What a piece is compared with: the same activity, over a border or not."""
        return self.activity * 2 + self.is_border

    @cached_property
    def surplus(self) -> Floats:
        """How much longer than its like a piece took, as a logarithm; 0 for the first step of a case."""
        logs = self.gap + self.floor_h
        np.log(logs, out=logs)
        firsts = np.flatnonzero(~self.follows)
        logs[firsts] = 0.0
        _, expected = _of_followers(logs, self.piece, firsts)
        cell = self.piece
        groups = int(self.stratum.max(initial=0)) + 1
        if groups > 1:
            cell = self.piece * groups
            cell += self.stratum[self.case]
            n, own = _of_followers(logs, cell, firsts)
            expected = np.where(n >= self.policy.min_group, own, np.repeat(expected, groups)[: len(own)])
        logs -= expected[cell]
        np.clip(logs, -CLIP, CLIP, out=logs)
        logs[firsts] = 0.0
        return logs

    @cached_property
    def pieces_of_case(self) -> Floats:
        return np.bincount(self.case[self.follows], minlength=self.log.cases).astype(np.float64)

    @cached_property
    def pace_without(self) -> Floats:
        """How slow the case of a piece is in all its other pieces, drawn towards 0 where there are few."""
        total = np.bincount(self.case, self.surplus, self.log.cases)
        others = self.pieces_of_case[self.case]
        others -= self.follows
        others += 3
        pace = total[self.case]
        pace -= self.surplus
        pace /= others
        return pace

    # Cases -----------------------------------------------------------------------------------------------

    @cached_property
    def begins(self) -> Floats:
        return self.all_hours[self.log.first[:-1]]

    @cached_property
    def duration(self) -> Floats:
        return self.all_hours[self.log.first[1:] - 1] - self.begins

    @cached_property
    def ends(self) -> Truths:
        """(activities,) which of them end a case."""
        last = self.activity[self.last][self.has_steps]
        ended = np.bincount(last[last >= 0], minlength=self.activities)
        seen = np.bincount(self._pairs_of_cases() % (self.activities + 1), minlength=self.activities + 1)
        return (ended >= ENDS * seen[:-1]) & (ended >= 0.02 * self.log.cases)

    def _pairs_of_cases(self) -> Places:
        known = self.activity >= 0
        return numbered(self.case[known] * (self.activities + 1) + self.activity[known])[0]

    @cached_property
    def finished(self) -> Truths:
        """Which cases came to an end; all, in a log that shows no clear end."""
        if not self.knows_ends:
            return np.ones(self.log.cases, bool)
        finished = np.zeros(self.log.cases, bool)
        finished[self.case[self.ends[self.activity] & (self.activity >= 0)]] = True
        return finished

    @cached_property
    def knows_ends(self) -> bool:
        last = self.activity[self.last][self.has_steps]
        return bool(self.ends[last].mean() > 0.5) if len(last) else False

    @cached_property
    def longest_pause(self) -> Floats:
        """(activities,) longer than 99 in 100 pauses after it, ever or of late (a queue may have grown), and
        a quarter more; a month at least."""
        gap = np.append(self.gap[1:], 0.0)
        paused = np.append(self.follows[1:], False) & (self.activity >= 0)
        recent = paused & (np.append(self.hours[1:], 0.0) > self.horizon - RECENT_H)
        longest = [quantiles(gap[of], self.activity[of], self.activities, 0.99) for of in (paused, recent)]
        return np.maximum(np.maximum(*longest) * 1.25, self.policy.stalled_after_h)

    @cached_property
    def stalled(self) -> Truths:
        """(cases,) open, and nothing done for longer than nearly all others paused there."""
        if not self.knows_ends:
            return np.zeros(self.log.cases, bool)
        activity = self.activity[self.last]
        idle = self.horizon - self.all_hours[self.log.first[1:] - 1]
        is_open = ~self.finished & self.has_steps & (activity >= 0)
        return np.asarray(is_open & (idle > self.longest_pause[activity]))

    @cached_property
    def collected_by_end(self) -> bool:
        """Hardly any case is open at the end, though as many as begin in a usual duration should be."""
        usual = float(np.median(self.duration))
        expected = self.log.cases * usual / max(self.horizon, 1.0)
        recent = (~self.finished & (self.begins > self.horizon - 2 * usual)).sum()
        return bool(expected > 5 and recent < 0.2 * expected)

    @cached_property
    def money(self) -> Floats | None:
        """(cases,) the amount of a case: what its rows repeat, the largest where they differ."""
        if self.log.amount is None:
            return None
        amounts = np.maximum.reduceat(np.nan_to_num(self.log.amount), self.log.first[:-1])
        return np.asarray(amounts, np.float64)

    # Places ----------------------------------------------------------------------------------------------

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        found = [self._side("site", self.log.site, MOST_VALUES)]
        found.append(self._side("customer", self.log.customer, MOST_VALUES))
        segments: Mapping[str, Codes] = self.log.segments
        found += [self._side(name, codes, FEW_VALUES) for name, codes in segments.items()]
        return tuple(side for side in found if side is not None)

    def side(self, role: str) -> Side | None:
        return next((side for side in self.sides if side.role == role), None)

    def _side(self, role: str, column: Codes | None, most: int) -> Side | None:
        if column is None or not 1 < len(column.names) <= most:
            return None
        own = column.codes[self.log.first[:-1]].astype(np.int64)
        same = np.bincount(self.log.case, column.codes == own[self.log.case], self.log.cases)
        constant = same == np.diff(self.log.first)
        return Side(role, own, tuple(column.names)) if constant.mean() >= MOSTLY else None

    @cached_property
    def like(self) -> Side | None:
        """The column by which cases are compared with their like: the one that tells most of a duration."""
        logs = np.log(self.duration + self.floor_h)
        sides = [side for side in self.sides if side.role not in ("site", "customer")]
        told = [_variance_told(logs, side.codes) for side in sides]
        best = max(range(len(told)), key=told.__getitem__, default=None)
        return sides[best] if best is not None and told[best] > TELLS else None

    @cached_property
    def stratum(self) -> Places:
        if self.like is None or self.activities * len(self.like.names) > MOST_CELLS:
            return np.zeros(self.log.cases, np.int64)
        return np.maximum(self.like.codes, 0)


def quantiles(values: Floats, group: Places, groups: int, part: float) -> Floats:
    """(groups,) the value that so large a part of its group stays below; 0 for an empty group."""
    counts = np.bincount(group, minlength=groups)
    begins = np.cumsum(counts) - counts
    if np.count_nonzero(counts) > MANY_GROUPS:
        place = np.minimum((part * counts).astype(np.int64), np.maximum(counts - 1, 0))
        ordered = np.append(values[np.lexsort((values, group))], 0.0)
        return np.asarray(np.where(counts > 0, ordered[begins + place], 0.0))
    order = np.argsort(group.astype(np.int16) if groups < 2**15 else group, kind="stable")  # int16: radix
    ordered, found = values[order], np.zeros(groups)
    for at in np.flatnonzero(counts).tolist():
        own = ordered[begins[at] : begins[at] + counts[at]]
        rank = min(int(part * len(own)), len(own) - 1)
        found[at] = np.partition(own, rank)[rank]
    return found


def numbered(key: Places) -> tuple[Places, Places]:
    """``np.unique`` with its inverse, quick where the keys are nearly in order, as those by case are."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    fresh = np.ones(len(key), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    place = np.empty(len(key), np.int64)
    place[order] = np.cumsum(fresh) - 1
    return ordered[fresh], place


def in_blocks[Kind: np.generic](values: NDArray[Kind]) -> Iterator[NDArray[Kind]]:
    """What is worked out on the way to a result then takes no fresh memory for millions of events."""
    for begin in range(0, len(values), BLOCK):
        yield values[begin : begin + BLOCK]


def _of_followers(values: Floats, group: Places, firsts: Places) -> tuple[Places, Floats]:
    """How many each group has but for ``firsts``, whose values are 0, and their mean."""
    total = np.bincount(group, values)
    n = np.bincount(group, minlength=len(total)) - np.bincount(group[firsts], minlength=len(total))
    return n, np.asarray(total / np.maximum(n, 1))


def _means(values: Floats, group: Places, counted: Truths) -> Floats:
    groups = int(group.max(initial=0)) + 1
    total = np.bincount(group[counted], values[counted], groups)
    return np.asarray(total / np.maximum(np.bincount(group[counted], minlength=groups), 1))


def _variance_told(values: Floats, codes: Places) -> float:
    group = codes + 1
    means = _means(values, group, np.ones(len(values), bool))[group]
    spread = float(values.var())
    return float(means.var()) / spread if spread > 0 else 0.0
