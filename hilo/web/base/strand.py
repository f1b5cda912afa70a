"""The thread line: how the work ran, from the first day to today and on to what is planned.

Pure. Spans may overlap (parallel branches, silence while somebody works); at every instant the line shows
the one thing that matters most, in this order: waiting at a border, bounced, silent towards the customer,
paused, moving, blocked, idle. So a stretch waits only where something waits at a border, and moves only
where somebody works: nobody is charged for another's time (SPEC 2.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Literal

from hilo.web.base import strand_words
from hilo.web.base.spans import (
    Block,
    BorderSpan,
    DoneStep,
    Pause,
    PlannedStep,
    Reserve,
    Silence,
    Span,
    WorkSpan,
)

Kind = Literal["waiting", "bounced", "silent", "paused", "moving", "blocked", "idle"]
PRECEDENCE: tuple[Kind, ...] = ("waiting", "bounced", "silent", "paused", "moving", "blocked", "idle")
RANK: dict[Kind, int] = {kind: rank for rank, kind in enumerate(PRECEDENCE)}
KINDS: dict[type, Kind] = {
    BorderSpan: "waiting",
    Silence: "silent",
    Pause: "paused",
    WorkSpan: "moving",
    Block: "blocked",
}
FRAYED: frozenset[Kind] = frozenset({"waiting", "bounced", "silent"})


@dataclass(frozen=True)
class Stretch:
    """``because``: the span that decided its kind; None where nothing ran. ``is_open``: it lasts to now."""

    kind: Kind
    start: datetime
    end: datetime
    because: Span | None = None
    is_open: bool = False

    @cached_property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    def since(self, start: datetime) -> Stretch:
        return Stretch(self.kind, start, self.end, self.because, self.is_open)

    def until(self, end: datetime) -> Stretch:
        return Stretch(self.kind, self.start, end, self.because, self.is_open)

    @property
    def is_frayed(self) -> bool:
        return self.kind in FRAYED

    @property
    def label(self) -> str:
        """Why and how long; every frayed stretch has one."""
        return strand_words.stretch_label(self.because, is_open=self.is_open)


@dataclass(frozen=True)
class Line:
    """``stretches`` join without gaps from opening to ``end``, which is now or the archiving."""

    stretches: tuple[Stretch, ...]
    done: tuple[DoneStep, ...]
    planned: tuple[PlannedStep, ...]
    opened_at: datetime
    now: datetime
    archived_at: datetime | None
    reserve: Reserve | None
    facts: strand_words.Facts

    @cached_property
    def words(self) -> str:
        return strand_words.words(self.facts)

    @cached_property
    def label(self) -> str:
        return strand_words.label(self.facts)

    @property
    def sentence(self) -> str:
        return strand_words.sentence_now(self.facts)

    @property
    def end(self) -> datetime:
        return self.archived_at or self.now

    @property
    def steps_done(self) -> int:
        return sum(step.shape == "step" for step in self.done)

    @property
    def steps_ahead(self) -> int:
        return sum(step.shape == "step" for step in self.planned)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def current(self) -> Stretch | None:
        return self.stretches[-1] if self.stretches else None

    @property
    def is_frayed(self) -> bool:
        """Whether it frays today: the label says why."""
        return bool(self.label) and not self.is_paused and not self.is_archived

    @property
    def is_paused(self) -> bool:
        return not self.is_archived and self.current is not None and self.current.kind == "paused"

    @property
    def frayed_stretches(self) -> tuple[Stretch, ...]:
        return tuple(stretch for stretch in self.stretches if stretch.is_frayed)


def lay_out(
    spans: Iterable[BorderSpan | WorkSpan],
    silences: Iterable[Silence] = (),
    pauses: Iterable[Pause] = (),
    planned: Iterable[PlannedStep] = (),
    *,
    opened_at: datetime,
    now: datetime,
    archived_at: datetime | None = None,
    done: Iterable[DoneStep] = (),
    blocks: Iterable[Block] = (),
    reserve: Reserve | None = None,
) -> Line:
    """Any order in, one line out. What lies before the opening or after the end is cut off."""
    end = archived_at or now
    story: list[Span] = [*spans, *silences, *pauses, *blocks]
    stretches = tuple(_stretches(story, opened_at, end))
    steps_ahead = tuple(sorted(planned, key=lambda step: step.due)) if archived_at is None else ()
    facts = strand_words.Facts.of(
        story,
        steps_ahead=len([step for step in steps_ahead if step.shape == "step"]),
        is_archived=archived_at is not None,
    )
    return Line(
        stretches=stretches,
        done=tuple(sorted(done, key=lambda step: step.at)),
        planned=steps_ahead,
        opened_at=opened_at,
        now=now,
        archived_at=archived_at,
        reserve=reserve,
        facts=facts,
    )


# ---- sweeping over the spans ----------------------------------------------------------------------------


type _Edge = tuple[datetime, bool, int]  # when, whether it opens, which span
type _Active = dict[int, tuple[int, datetime, int]]  # how strong each open span is; the least leads


def _stretches(story: Sequence[Span], start: datetime, end: datetime) -> Iterator[Stretch]:
    """One pass from left to right; the set of open spans changes only at their edges."""
    if end <= start:
        return
    ranks = [(RANK[kind_of(span)], span.opened_at, order) for order, span in enumerate(story)]
    active: _Active = {}
    pending: tuple[Kind, datetime, Span | None] | None = None
    here = start
    for at, opens, order in [*_edges(story, start, end), (end, False, -1)]:
        if at > here:
            kind, because = _leading(story, active)
            if pending is None or not _continues(pending[0], pending[2], kind, because):
                if pending is not None:
                    yield Stretch(pending[0], pending[1], here, pending[2])
                pending = (kind, here, because)
            here = at
        if opens:
            active[order] = ranks[order]
        else:
            active.pop(order, None)
    if pending is not None:
        yield Stretch(pending[0], pending[1], end, pending[2], _lasts(pending[2]))


def _edges(story: Sequence[Span], start: datetime, end: datetime) -> list[_Edge]:
    edges: list[_Edge] = []
    for order, span in enumerate(story):
        opened, closed = max(span.opened_at, start), min(span.closed_at or end, end)
        if opened < closed:
            edges += [(opened, True, order), (closed, False, order)]
    edges.sort(key=itemgetter(0))
    return edges


def _leading(story: Sequence[Span], active: _Active) -> tuple[Kind, Span | None]:
    """The strongest kind of those open here; among equals the one that has been open longest."""
    if not active:
        return "idle", None
    span = story[min(active.values())[2]]
    return kind_of(span), span


def kind_of(span: Span) -> Kind:
    return "bounced" if isinstance(span, BorderSpan) and span.was_returned else KINDS[type(span)]


def _continues(kind: Kind, because: Span | None, next_kind: Kind, next_because: Span | None) -> bool:
    """Work passing from hand to hand is one solid stretch; two waits are two, each with its own label."""
    return kind == next_kind and (kind == "moving" or because is next_because)


def _lasts(span: Span | None) -> bool:
    return span is not None and span.closed_at is None
