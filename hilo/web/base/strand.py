"""The thread line: how the work ran, from the first day to today and on to what is planned.

Pure. Spans may overlap (parallel branches, silence while somebody works); at every instant the line shows
the one thing that matters most, in this order: waiting at a border, bounced, silent towards the customer,
paused, moving, blocked, idle. So a stretch waits only where something waits at a border, and moves only
where somebody works: nobody is charged for another's time (SPEC 2.8).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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
FRAYED: frozenset[Kind] = frozenset({"waiting", "bounced", "silent"})


@dataclass(frozen=True)
class Stretch:
    """``because``: the span that decided its kind; None where nothing ran. ``is_open``: it lasts to now."""

    kind: Kind
    start: datetime
    end: datetime
    because: Span | None = None
    is_open: bool = False

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

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
    words: str
    label: str
    sentence: str

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
    facts = strand_words.Facts(
        story=tuple(story),
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
        words=strand_words.words(facts),
        label=strand_words.label(facts),
        sentence=strand_words.sentence_now(facts),
    )


# ---- sweeping over the spans ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Edge:
    at: datetime
    opens: bool
    order: int


def _stretches(story: Sequence[Span], start: datetime, end: datetime) -> Iterator[Stretch]:
    """One pass from left to right; the set of open spans changes only at their edges."""
    if end <= start:
        return
    edges = _edges(story, start, end)
    active: set[int] = set()
    pending: Stretch | None = None
    here = start
    for edge in [*edges, _Edge(end, opens=False, order=-1)]:
        if edge.at > here:
            piece = _piece(story, active, here, edge.at)
            if pending is not None and _continues(pending, piece):
                pending = replace(pending, end=piece.end)
            else:
                if pending is not None:
                    yield pending
                pending = piece
            here = edge.at
        (active.add if edge.opens else active.discard)(edge.order)
    if pending is not None:
        yield replace(pending, is_open=_lasts(pending.because))


def _edges(story: Sequence[Span], start: datetime, end: datetime) -> list[_Edge]:
    edges = []
    for order, span in enumerate(story):
        opened, closed = max(span.opened_at, start), min(span.closed_at or end, end)
        if opened < closed:
            edges += [_Edge(opened, opens=True, order=order), _Edge(closed, opens=False, order=order)]
    return sorted(edges, key=lambda edge: edge.at)


def _piece(story: Sequence[Span], active: set[int], start: datetime, end: datetime) -> Stretch:
    """The strongest kind of those open here; among equals the one that has been open longest."""
    leading = min(
        active, key=lambda order: (_rank(story[order]), story[order].opened_at, order), default=None
    )
    if leading is None:
        return Stretch("idle", start, end)
    return Stretch(kind_of(story[leading]), start, end, story[leading])


def _rank(span: Span) -> int:
    return PRECEDENCE.index(kind_of(span))


def kind_of(span: Span) -> Kind:
    match span:
        case BorderSpan():
            return "bounced" if span.was_returned else "waiting"
        case Silence():
            return "silent"
        case Pause():
            return "paused"
        case WorkSpan():
            return "moving"
        case Block():
            return "blocked"


def _continues(before: Stretch, after: Stretch) -> bool:
    """Work passing from hand to hand is one solid stretch; two waits are two, each with its own label."""
    return before.kind == after.kind and (before.kind == "moving" or before.because is after.because)


def _lasts(span: Span | None) -> bool:
    return span is not None and span.closed_at is None
