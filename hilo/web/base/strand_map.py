"""The thread's map: the line on a time axis, with steps, labels, today and what is planned.

Laid out for a given width in SVG units that are about one pixel, so text keeps its size: the page draws a
wide and a middle one and lets CSS choose; a phone gets the list. Labels never overlap: each tries its place,
then the next row, then a shorter form.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, Protocol

from django.utils.translation import gettext as _

from hilo.web.base import saying
from hilo.web.base.spans import BorderSpan, DoneStep, PlannedStep, Reserve
from hilo.web.base.strand import Kind, Line, Stretch
from hilo.web.base.strand_drawing import STRAND, past_share, readable

Anchor = Literal["start", "middle", "end"]
ANCHORS: tuple[Anchor, ...] = ("middle", "start", "end")
MARGIN = 8.0
LETTER, BOLD_LETTER = 5.8, 6.3  # mean width of Inter at 12 px, measured and rounded up
ROOM_FOR_PROMISE = 118.0  # the last date keeps this much on its right, for its name
ROW = 34.0
BELOW_ROW = 17.0
LEAST_WIDTH: dict[Kind, float] = {"waiting": 38, "bounced": 48, "silent": 44, "paused": 24, "blocked": 24}
LOOP = 46.0
MOST_BELOW = 6


@dataclass(frozen=True)
class Box:
    left: float
    right: float

    def meets(self, other: Box, gap: float = 8.0) -> bool:
        return self.left < other.right + gap and other.left < self.right + gap


@dataclass(frozen=True)
class Label:
    x: float
    row: int
    anchor: Anchor
    text: str
    detail: str = ""
    is_frayed: bool = False
    leader_x: float | None = None
    is_quiet: bool = False


@dataclass(frozen=True)
class Trace:
    """One drawn piece: a CSS class and path data; ``dashes`` for the frayed ends."""

    css: str
    path: str
    dashes: str = ""


@dataclass(frozen=True)
class Knot:
    x: float
    css: str
    shape: str
    title: str


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass
class Map:
    """Filled by ``draw``; ``y`` is the line's height, and everything else hangs from it."""

    width: float
    y: float = 0.0
    height: float = 0.0
    today_x: float | None = None
    traces: list[Trace] = field(default_factory=list)
    knots: list[Knot] = field(default_factory=list)
    above: list[Label] = field(default_factory=list)
    below: list[Label] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    rows_above: int = 1
    rows_below: int = 1

    @property
    def axis_y(self) -> float:
        return self.y + 29 + BELOW_ROW * max(self.rows_below, 1)

    @property
    def text_y(self) -> float:
        return self.axis_y + 13

    def name_y(self, row: int) -> float:
        return self.y - 40 - ROW * row

    def below_y(self, row: int) -> float:
        return self.y + 31 + BELOW_ROW * row

    @property
    def placed_above(self) -> list[tuple[Label, float, float, float]]:
        """label, y of the name, y of its detail, y where its leader starts."""
        return [
            (one, self.name_y(one.row), self.name_y(one.row) + 15, self.name_y(one.row) + 20)
            for one in self.above
        ]

    @property
    def placed_below(self) -> list[tuple[Label, float]]:
        return [(one, self.below_y(one.row)) for one in self.below]

    @property
    def loop_top(self) -> float:
        return self.y - 10


def draw(line: Line, tz: tzinfo, lang: str, *, width: int = 1280) -> Map:
    scale = Scale.of(line, width)
    picture = Map(width=float(width))
    picture.today_x = None if line.is_archived else scale.x(line.now)
    above = _labels_above(line, scale, picture, tz, lang)
    picture.above, picture.rows_above = above, _rows(above)
    picture.below = _labels_below(line, scale, picture)
    picture.rows_below = _rows(picture.below)
    picture.y = 60.0 + ROW * (picture.rows_above - 1)
    picture.height = picture.axis_y + 18
    picture.traces = [trace for piece in scale.pieces for trace in traces(piece, scale, picture.y)]
    picture.traces += _future_trace(line, scale, picture.y)
    picture.knots = list(_knots(line, scale, picture.y))
    picture.ticks = _ticks(line, scale, picture, tz, lang)
    return picture


def _rows(labels: Sequence[Label]) -> int:
    return max((label.row for label in labels), default=0) + 1


# ---- time to place --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """Piecewise straight from time to x. A bounce of an hour still gets room to be seen as one."""

    pieces: tuple[Stretch, ...]
    times: tuple[float, ...]
    places: tuple[float, ...]
    overdue: tuple[PlannedStep, ...]
    width: int

    @classmethod
    def of(cls, line: Line, width: int) -> Scale:
        left, right = MARGIN, width - MARGIN
        today = right if line.is_archived else left + (right - left) * _share_of_past(line)
        pieces = tuple(readable(line.stretches, most=24))
        places = [left]
        for share in _shares(pieces, today - left):
            places.append(places[-1] + share)
        times = [piece.start.timestamp() for piece in pieces] + [line.end.timestamp()]
        if len(times) != len(places):
            times, places = [line.opened_at.timestamp(), line.end.timestamp() + 1], [left, today]
        ahead = [step for step in line.planned if step.due > line.now]
        if ahead:
            times.append(ahead[-1].due.timestamp())
            places.append(right - ROOM_FOR_PROMISE)
        return cls(
            pieces, tuple(times), tuple(places), tuple(s for s in line.planned if s.due <= line.now), width
        )

    def x(self, moment: datetime) -> float:
        at = moment.timestamp()
        if at <= self.times[0]:
            return self.places[0]
        if at >= self.times[-1]:
            return self.places[-1]
        after = bisect_right(self.times, at)
        before = after - 1
        part = (at - self.times[before]) / (self.times[after] - self.times[before])
        return round(self.places[before] + part * (self.places[after] - self.places[before]), 1)

    def step_x(self, step: PlannedStep, now: datetime) -> float:
        """An overdue step is still to be done: it stands just after today, in its order."""
        if step.due > now:
            return max(self.x(step.due), self.x(now) + 14)
        apart = min(26.0, (self.width - self.x(now) - 60) / len(self.overdue))
        return self.x(now) + 30 + apart * self.overdue.index(step)


def _share_of_past(line: Line) -> float:
    """Half by time, half by how many steps want a name: a long past must not squeeze the plan."""
    steps = len(line.done) + len(line.planned)
    by_names = len(line.done) / steps if steps else 1.0
    return min(max((past_share(line) + by_names) / 2, 0.25), 0.75)


def _shares(pieces: Sequence[Stretch], room: float) -> list[float]:
    """Widths that keep to time, except that no kind falls under the least it needs to be recognised."""
    total = sum(piece.seconds for piece in pieces) or 1.0
    least = [LEAST_WIDTH.get(piece.kind, 4.0) for piece in pieces]
    if sum(least) >= room:
        return [room * width / sum(least) for width in least]
    fair = [room * piece.seconds / total for piece in pieces]
    spare = room - sum(least)
    wanted = [max(width - small, 0.0) for width, small in zip(fair, least, strict=True)]
    scale = spare / sum(wanted) if sum(wanted) else 0.0
    return [small + want * scale for small, want in zip(least, wanted, strict=True)]


# ---- the line itself ------------------------------------------------------------------------------------


class Axis(Protocol):
    """Where a moment stands."""

    def x(self, moment: datetime) -> float: ...


def traces(piece: Stretch, scale: Axis, y: float) -> Iterator[Trace]:
    """One stretch of the line, drawn at ``y``: solid, frayed, looped, dotted or thin."""
    left, right = scale.x(piece.start), scale.x(piece.end)
    if piece.kind == "bounced":
        yield from _bounce(left, right, y)
    elif piece.kind == "waiting":
        yield from _loose(left, right, y) if piece.is_open else _frayed(left, right, y)
    else:
        css = {"moving": "ok", "idle": "todo"}.get(piece.kind, STRAND[piece.kind])
        yield Trace(css, f"M{left:.1f} {y}H{right:.1f}")


def _bounce(left: float, right: float, y: float) -> Iterator[Trace]:
    """It waited, then it came back: the loop stands at the end."""
    start = max(right - LOOP, left)
    if start - left >= 20:
        yield from _frayed(left, start, y)
    elif start > left:
        yield Trace("fray", f"M{left:.1f} {y}H{start:.1f}")
    part = (right - start) / LOOP
    yield Trace("loop", f"M{start:.1f} {y}" + _loop(part))


def _loop(part: float) -> str:
    curve = ((20, 0, 28, 12, 19, 12), (-9, 0, -8, -24, 8, -24), (9, 0, 9, 12, 19, 12))
    return "".join(
        "c" + " ".join(f"{n * part if i % 2 == 0 else n:.1f}" for i, n in enumerate(c)) for c in curve
    )


LOOSE_ENDS = (
    (-11, 1.0, "9 3 6 3"),
    (-5.5, 0.85, "7 3 4 3"),
    (0, 1.0, "12 3 5 3"),
    (6, 0.8, "8 3"),
    (12, 0.97, "6 3 9 3"),
)


def _loose(left: float, right: float, y: float) -> Iterator[Trace]:
    """The end that hangs today: five strands that come apart and meet nothing."""
    room = right - left
    yield Trace("fray fray--root", f"M{left - 4:.1f} {y}h{min(12.0, room / 3):.1f}")
    for drop, reach, dashes in LOOSE_ENDS:
        far = room * reach
        bend = f"c{far * 0.35:.1f} 0 {far * 0.3:.1f} {drop} {far:.1f} {drop}"
        yield Trace("fray", f"M{left + 2:.1f} {y}{bend}", dashes)


def _frayed(left: float, right: float, y: float) -> Iterator[Trace]:
    """A wait that ended: apart in the middle, whole again at both ends."""
    half = (right - left) / 2
    for drop, _reach, dashes in LOOSE_ENDS:
        lift = drop * 0.8
        there = f"c{half * 0.5:.1f} 0 {half * 0.5:.1f} {lift:.1f} {half:.1f} {lift:.1f}"
        back = f"s{half * 0.5:.1f} {-lift:.1f} {half:.1f} {-lift:.1f}"
        yield Trace("fray", f"M{left:.1f} {y}{there}{back}", dashes)


def _future_trace(line: Line, scale: Scale, y: float) -> list[Trace]:
    if line.is_archived:
        return []
    start = scale.x(line.now)
    last = max((scale.step_x(step, line.now) for step in line.planned), default=start)
    return [Trace("todo", f"M{start:.1f} {y}H{max(last + 40, start + 60):.1f}")]


def _knots(line: Line, scale: Scale, y: float) -> Iterator[Knot]:
    for done in line.done:
        yield _knot(scale.x(done.at), y, "knot-done", done.shape, done.name)
    for step in line.planned:
        css = "knot-fray" if step.is_frayed or step.due <= line.now else "knot-todo"
        yield _knot(scale.step_x(step, line.now), y, css, step.shape, step.name)


def _knot(x: float, y: float, css: str, shape: str, title: str) -> Knot:
    if shape == "review":
        return Knot(x, css, f"M{x:.1f} {y - 6}l6 6l-6 6l-6 -6z", title)
    if shape == "promise":
        return Knot(x, "knot-flag", f"M{x:.1f} {y + 14}v-28h12l-3 4l3 4h-12", title)
    return Knot(x, css, f"M{x - 6:.1f} {y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z", title)


# ---- words on it ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    x: float
    name: str
    area: str
    when: str
    shape: str

    @property
    def detail(self) -> str:
        return f"{self.area} · {self.when}" if self.area else self.when


def _labels_above(line: Line, scale: Scale, picture: Map, tz: tzinfo, lang: str) -> list[Label]:
    today = line.now.astimezone(tz).date()

    def said(when: datetime) -> str:
        return saying.said_short_date(when.astimezone(tz).date(), today, lang)

    named = [Named(scale.x(s.at), s.name, s.area, said(s.at), s.shape) for s in line.done]
    named += [Named(scale.step_x(s, line.now), s.name, s.area, said(s.due), s.shape) for s in line.planned]
    steps = [one for one in named if one.shape != "review"]
    placer = Placer(picture.width, rows=3, wall=picture.today_x, knots=[one.x for one in steps])
    wall = picture.today_x or picture.width
    in_turn = sorted(steps, key=lambda one: (one.shape != "promise", abs(one.x - wall)))
    placed = [placer.place_step(one) for one in in_turn]
    return [label for label in placed if label is not None]


def _labels_below(line: Line, scale: Scale, picture: Map) -> list[Label]:
    """What frays says why; the newest and the longest first, if there is not room for all."""
    frayed = [piece for piece in scale.pieces if piece.is_frayed and piece.label]
    chosen = sorted(frayed, key=lambda piece: (piece.is_open, piece.seconds), reverse=True)[:MOST_BELOW]
    placer = Placer(picture.width, rows=3, wall=picture.today_x)
    above = {label.text.rstrip("…") for label in picture.above}
    placed = []
    for one in _said_below(sorted(chosen, key=lambda piece: piece.start), line):
        ends = scale.x(one.end)
        if label := placer.place(
            (scale.x(one.start) + ends) / 2, one.text, shorter=one.shorter, frayed=True, ends=ends
        ):
            placed.append(label)
    return [*placed, *_reserve_label(line, scale, placer), *_quiet_labels(line, scale, placer, above)]


@dataclass(frozen=True)
class _Said:
    """``shorter`` stands where the whole does not fit: words that are cut are read as a riddle."""

    start: datetime
    end: datetime
    text: str
    shorter: str = ""


def _said_below(pieces: Sequence[Stretch], line: Line) -> list[_Said]:
    """The newest first. Bounces at one area that came to the same are said once, with what became of them."""
    bounces: dict[tuple[str, str], list[Stretch]] = {}
    said = []
    for piece in pieces:
        if isinstance(piece.because, BorderSpan) and piece.kind == "bounced":
            came_to = _came_to(piece.because, line.facts.borders)
            bounces.setdefault((piece.because.to_area, came_to), []).append(piece)
        else:
            said.append(_Said(piece.start, piece.end, piece.label))
    said += [_bounced(area, came_to, those) for (area, came_to), those in bounces.items()]
    return sorted(said, key=lambda one: one.start, reverse=True)


def _bounced(area: str, came_to: str, those: Sequence[Stretch]) -> _Said:
    times = len(those)
    if times > 1:
        short = _("Bounced %(times)d times at %(area)s") % {"times": times, "area": area}
    else:
        short = _("Bounced at %(area)s") % {"area": area}
    whole = those[0].label if times == 1 else short
    return _Said(those[0].start, those[-1].end, f"{whole} · {came_to}", f"{short} · {came_to}")


def _came_to(bounce: BorderSpan, borders: Sequence[BorderSpan]) -> str:
    """What became of it across the same border: accepted later, offered again, or nothing yet."""
    across = (bounce.from_area, bounce.to_area)
    later = [
        one for one in borders if (one.from_area, one.to_area) == across and one.opened_at > bounce.opened_at
    ]
    if any(one.ended_as == "accepted" for one in later):
        return _("mended")
    return _("offered again") if any(one.closed_at is None for one in later) else _("not mended yet")


def _is_below(step: DoneStep | PlannedStep, above: set[str]) -> bool:
    return step.shape == "review" or not any(step.name.startswith(name) for name in above)


def _quiet_labels(line: Line, scale: Scale, placer: Placer, above: set[str]) -> list[Label]:
    """Below, quietly: review moments, which are no step of the work, and names that found no room above."""
    at = [(scale.x(step.at), step.name) for step in line.done if _is_below(step, above)]
    at += [(scale.step_x(step, line.now), step.name) for step in line.planned if _is_below(step, above)]
    placed = [placer.place(x, name, frayed=True) for x, name in at]
    return [replace(label, is_frayed=False, is_quiet=True) for label in placed if label is not None]


def _reserve_label(line: Line, scale: Scale, placer: Placer) -> list[Label]:
    if line.reserve is None or not line.planned:
        return []
    label = placer.place(scale.step_x(line.planned[-1], line.now), _reserve_words(line.reserve), frayed=True)
    return [replace(label, is_frayed=False)] if label else []


def _reserve_words(reserve: Reserve) -> str:
    return _("Reserve: %(left)d of %(total)d days left") % {"left": reserve.left, "total": reserve.total}


class Placer:
    """Gives labels a place in rows without letting any two touch, nor the line of today cross one.

    A name first tries not to stand over another step's knot, whose own name could then not reach it.
    """

    def __init__(self, width: float, *, rows: int, wall: float | None, knots: Sequence[float] = ()) -> None:
        self.width = width
        self.knots = knots
        self.taken: list[list[Box]] = [[] for _ in range(rows)]
        self.wall = Box(wall - 1, wall + 1) if wall is not None else None

    def place_step(self, step: Named) -> Label | None:
        """On the first row if at all possible, even at the cost of the area; then higher, then shorter."""
        shorter = shortened(step.name, 22)
        for text, detail, rows, polite in (
            (step.name, step.detail, 1, True),
            (step.name, step.when, 1, True),
            (shorter, step.when, 1, True),
            (step.name, step.detail, 3, True),
            (shorter, step.when, 3, False),
            (shortened(step.name, 12), "", 3, False),
        ):
            first: Anchor = "start" if step.shape == "promise" else "middle"
            if label := self._place(step.x, text, detail, rows=rows, polite=polite, first=first):
                return label
        return None

    def place(
        self, x: float, text: str, *, shorter: str = "", frayed: bool = False, ends: float | None = None
    ) -> Label | None:
        for shown in (text, shorter) if shorter else (text, shortened(text, 34), shortened(text, 18)):
            if label := self._place(x, shown, "", frayed=frayed, ends=ends):
                return label
        return None

    def _place(
        self,
        x: float,
        text: str,
        detail: str,
        *,
        rows: int = 3,
        polite: bool = False,
        frayed: bool = False,
        ends: float | None = None,
        first: Anchor = "middle",
    ) -> Label | None:
        wide = max(len(text) * BOLD_LETTER, len(detail) * LETTER)
        for row, taken in enumerate(self.taken[:rows]):
            for anchor in sorted(ANCHORS, key=lambda anchor: anchor != first):
                at = _anchored(x, anchor, ends)
                box = _box(at, wide, anchor)
                reaches = row == 0 or frayed or not self._crosses(x, row)
                if reaches and self._is_free(box, row) and not (polite and self._covers_a_knot(box, x)):
                    taken.append(box)
                    return Label(at, row, anchor, text, detail, frayed, x if row and not frayed else None)
        return None

    def _is_free(self, box: Box, row: int) -> bool:
        inside = box.left >= 0 and box.right <= self.width
        clear = self.wall is None or not box.meets(self.wall, gap=3)
        return inside and clear and not any(box.meets(other) for other in self.taken[row])

    def _covers_a_knot(self, box: Box, own: float) -> bool:
        return any(box.meets(Box(knot, knot), gap=20) for knot in self.knots if abs(knot - own) > 1)

    def _crosses(self, x: float, row: int) -> bool:
        return any(box.left - 3 < x < box.right + 3 for lower in self.taken[:row] for box in lower)


def _anchored(x: float, anchor: Anchor, ends: float | None) -> float:
    if anchor == "middle":
        return x
    if ends is not None and anchor == "end":
        return ends - 6
    return x - 6 if anchor == "start" else x + 6


def _box(x: float, wide: float, anchor: Anchor) -> Box:
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
    return Box(left, left + wide)


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


# ---- the axis -------------------------------------------------------------------------------------------


def _ticks(line: Line, scale: Scale, picture: Map, tz: tzinfo, lang: str) -> list[Tick]:
    """Months, Mondays or days, whichever leaves room to read; the past and the future each in their own."""
    today = line.now.astimezone(tz).date()
    last = max((step.due for step in line.planned), default=line.now)
    marks = [*_marks(line.opened_at, line.end, tz)]
    marks += [] if line.is_archived else _marks(line.now, last, tz)
    ticks: list[Tick] = []
    right = -100.0
    for mark in sorted(marks):
        x = scale.x(datetime(mark.year, mark.month, mark.day, tzinfo=tz))
        text = _tick_text(mark, today, lang)
        ends = x + 4 + len(text) * LETTER
        hidden = picture.today_x is not None and x - 10 < picture.today_x + 34 and ends > picture.today_x - 6
        if x > right + 14 and not hidden and ends < picture.width:
            ticks.append(Tick(x, text))
            right = ends
    return ticks


def _marks(start: datetime, end: datetime, tz: tzinfo) -> list[date]:
    first, last = start.astimezone(tz).date(), end.astimezone(tz).date()
    days = (last - first).days
    if days > 4000:
        return [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    every = [first + timedelta(days=n) for n in range(1, days + 1)]
    if days > 45:
        return [one for one in every if one.day == 1]
    if days > 9:
        return [one for one in every if one.weekday() == 0]
    return every


def _tick_text(mark: date, today: date, lang: str) -> str:
    said = saying.said_short_date(mark, today, lang)
    return said.removeprefix("1 ") if mark.day == 1 else said


# ---- on a phone: the same as a list ---------------------------------------------------------------------


@dataclass(frozen=True)
class Rung:
    """A step, or (``gap``) what frayed between two of them."""

    strand: str
    name: str
    detail: str = ""
    when: datetime | None = None
    css: str = "is-done"
    gap: bool = False


def rungs(line: Line) -> list[Rung]:
    """Done steps and frayed stretches in their order, today's state, then what is ahead."""
    past: list[tuple[datetime, int, Rung]] = [
        (step.at, 1, Rung("h-strand", step.name, step.area, step.at)) for step in line.done
    ]
    for piece in readable(line.stretches, most=24):
        if piece.is_frayed and piece.label:
            strand = f"h-strand h-strand--{STRAND[piece.kind]}"
            past.append((piece.end, 0, Rung(strand, _rung_words(piece, line), css="", gap=True)))
    ahead = [
        Rung("h-strand h-strand--todo", step.name, step.area, step.due, _rung_css(step, line.now))
        for step in line.planned
    ]
    return [rung for _at, _order, rung in sorted(past, key=lambda one: one[:2])] + ahead


def _rung_words(piece: Stretch, line: Line) -> str:
    if isinstance(piece.because, BorderSpan) and piece.kind == "bounced":
        return f"{piece.label} · {_came_to(piece.because, line.facts.borders)}"
    return piece.label


def _rung_css(step: PlannedStep, now: datetime) -> str:
    if step.shape == "promise":
        return "is-end"
    return "is-fray" if step.is_frayed or step.due <= now else "is-todo"
