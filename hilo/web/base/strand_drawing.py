"""The thread line as small drawings: the miniature of lists and the strand beside a timeline."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from hilo.web.base.strand import RANK, Kind, Line, Stretch

STRAND: dict[Kind, str] = {
    "waiting": "wait",
    "bounced": "bounce",
    "silent": "silent",
    "paused": "paused",
    "moving": "",
    "blocked": "blocked",
    "idle": "idle",
}
MOST_SEGMENTS = 13
TOO_SHORT = 0.012
TOO_MANY = 160
BUCKETS = 80
WITHOUT_PLAN = 0.86  # how far today's knot stands when nothing ahead has a date


@dataclass(frozen=True)
class Segment:
    """``weight`` of 100: the class h-w-N gives it that share of the width."""

    strand: str
    weight: int
    is_mended: bool = False

    @property
    def classes(self) -> str:
        return f"h-w-{self.weight}" + (f" is-{self.strand}" if self.strand else "")

    @property
    def strand_classes(self) -> str:
        mended = " is-mended" if self.is_mended else ""
        return f"h-strand-x h-strand--{self.strand}{mended}" if self.strand else "h-strand-x"


@dataclass(frozen=True)
class Miniature:
    past: tuple[Segment, ...]
    knot: str
    future: Segment | None


def miniature(line: Line) -> Miniature:
    reach = 1.0 if line.is_archived else past_share(line)
    pieces = readable(line.stretches)
    total = sum(piece.seconds for piece in pieces) or 1.0
    past = tuple(_segment(piece, reach * piece.seconds / total) for piece in pieces)
    future = None if line.is_archived else Segment("todo", max(1, round(100 * (1 - reach))))
    return Miniature(past, _knot(line), future)


def _segment(piece: Stretch, share: float) -> Segment:
    is_mended = piece.kind == "waiting" and not piece.is_open
    return Segment(STRAND[piece.kind], max(1, round(100 * share)), is_mended)


def past_share(line: Line, least: float = 0.12, most: float = 0.92) -> float:
    """Where today stands between the opening and the last planned date, kept off both ends."""
    if not line.planned:
        return WITHOUT_PLAN
    lived = (line.now - line.opened_at).total_seconds()
    ahead = max((line.planned[-1].due - line.now).total_seconds(), 0.0)
    return min(max(lived / (lived + ahead), least), most) if lived + ahead else least


def readable(stretches: Sequence[Stretch], most: int = MOST_SEGMENTS) -> list[Stretch]:
    """What an eye can tell apart: slivers join their neighbour; a bounce and what is open today stay."""
    pieces = _bucketed(stretches) if len(stretches) > TOO_MANY else list(stretches)
    total = sum(piece.seconds for piece in pieces) or 1.0
    while (at := _first_to_give_up(pieces, total, most)) is not None:
        pieces = _without(pieces, at)
    return pieces


def _bucketed(stretches: Sequence[Stretch]) -> list[Stretch]:
    """A supply thread may have thousands: each eightieth of its time shows what filled it most."""
    start, end = stretches[0].start, stretches[-1].end
    width = (end - start) / BUCKETS
    starts = [stretch.start for stretch in stretches]
    pieces: list[Stretch] = []
    for at in range(BUCKETS):
        left, right = start + width * at, start + width * (at + 1)
        main = _filling(stretches, starts, left, right)
        if pieces and pieces[-1].kind == main.kind:
            pieces[-1] = replace(pieces[-1], end=right, is_open=main.is_open)
        else:
            pieces.append(replace(main, start=left, end=right))
    return pieces


def _filling(
    stretches: Sequence[Stretch], starts: list[datetime], left: datetime, right: datetime
) -> Stretch:
    inside = stretches[max(bisect_right(starts, left) - 1, 0) : bisect_left(starts, right)]
    return max(inside, key=lambda stretch: min(stretch.end, right) - max(stretch.start, left))


def _first_to_give_up(pieces: list[Stretch], total: float, most: int) -> int | None:
    candidates = [
        (piece.seconds, at)
        for at, piece in enumerate(pieces)
        if not (piece.is_open and piece.is_frayed) and (piece.kind != "bounced" or len(pieces) > 2 * most)
    ]
    if not candidates or len(pieces) < 2:
        return None
    seconds, at = min(candidates)
    return at if seconds / total < TOO_SHORT or len(pieces) > most else None


def _without(pieces: list[Stretch], at: int) -> list[Stretch]:
    """Give a sliver's time to the neighbour before it (the first to the one after), joining equals."""
    gone = pieces[at]
    if at == 0:
        return [pieces[1].since(gone.start), *pieces[2:]]
    before = pieces[at - 1].until(gone.end)
    after = pieces[at + 1 :]
    if after and after[0].kind == before.kind and not after[0].is_frayed:
        return [*pieces[: at - 1], after[0].since(before.start), *after[1:]]
    return [*pieces[: at - 1], before, *after]


def _knot(line: Line) -> str:
    if line.is_archived:
        return "is-end"
    if line.is_paused:
        return "is-paused"
    return "is-fray" if line.is_frayed else ""


# ---- beside the timeline --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trail:
    """``now``: the strand above the newest entry. ``below[i]``: the strand from entry i down to the next.

    ``gaps[i]``: labels of the frayed stretches that ended between entry i and the next older one.
    """

    now: str
    below: tuple[str, ...]
    gaps: tuple[tuple[str, ...], ...]


def trail(line: Line, moments: Sequence[datetime], older: datetime | None = None) -> Trail:
    """``moments`` newest first; ``older``: the first entry of the next page, else the opening."""
    starts = [stretch.start for stretch in line.stretches]
    bounds = [*moments, older or line.opened_at]
    beside = [_between(line, starts, older, newer) for newer, older in pairwise(bounds)]
    below = tuple(map(_strand, beside, bounds[1:]))
    gaps = tuple(map(_gaps, beside, bounds[1:], bounds))
    return Trail(_strand_now(line), below, gaps)


def _between(line: Line, starts: list[datetime], older: datetime, newer: datetime) -> Sequence[Stretch]:
    """The stretches that share time with this piece of the timeline."""
    first = max(bisect_right(starts, older) - 1, 0)
    return line.stretches[first : max(bisect_left(starts, newer), first + 1)]


def _strand(beside: Sequence[Stretch], older: datetime) -> str:
    if not beside:
        return "h-strand"
    strongest = min(beside, key=lambda stretch: RANK[stretch.kind]) if len(beside) > 1 else beside[0]
    classes = _classes(strongest)
    return f"{classes} is-start" if strongest.kind == "waiting" and strongest.start >= older else classes


def _strand_now(line: Line) -> str:
    if line.is_archived or line.current is None:
        return "h-strand"
    classes = _classes(line.current)
    return f"{classes} is-loose" if line.current.kind == "waiting" else classes


def _classes(stretch: Stretch) -> str:
    strand = STRAND[stretch.kind]
    return f"h-strand h-strand--{strand}" if strand else "h-strand"


def _gaps(beside: Sequence[Stretch], older: datetime, newer: datetime) -> tuple[str, ...]:
    return tuple(
        stretch.label
        for stretch in beside
        if stretch.kind in {"silent", "waiting"} and not stretch.is_open and older < stretch.end <= newer
    )
