"""The map as a picture: one row per step on an axis of time, drawn for a given width.

Pure: what is drawn comes said in words. In SVG units of about one pixel, so that text keeps its size: the
page draws wide forms, with the names on the left, and a small one for phones, with the names above the bars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from hilo.web.base.strand import Line
from hilo.web.base.strand_map import BOLD_LETTER, LETTER, Label, Placer, Trace, shortened, traces
from hilo.web.map.axis import Tick, TimeAxis, ticks

Shape = Literal["promise", "news", "review"]
HEAD = 22.0
MARK_ROW = 17.0
AXIS = 24.0
KNOB = 6.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand in a row of the wide or of the small form."""

    name: str
    width: float
    left: float
    row: float
    name_y: float
    detail_y: float
    bar_y: float
    name_room: float
    names_beside: bool


TODAY_WIDE = 5 + 5 * BOLD_LETTER + 8  # beside the line, the longer of «hoy» and "today"

WIDE = Layout("wide", 1280, 262, 40, 18, 33, 22, 246, True)
MIDDLE = Layout("middle", 880, 214, 40, 18, 33, 22, 198, True)
SMALL = Layout("small", 358, 10, 50, 14, 14, 33, 236, False)


@dataclass(frozen=True, slots=True)
class Row:
    """One step. ``planned`` is what is ahead of it; ``was`` where it stood before a change not saved."""

    id: int
    name: str
    detail: str
    when: str
    line: Line | None = None
    planned: tuple[datetime, datetime] | None = None
    ended: datetime | None = None
    was: tuple[datetime, datetime] | None = None
    edges: tuple[str, ...] = ()  # those that can be taken hold of
    is_late: bool = False
    is_offered: bool = False
    is_chosen: bool = False
    move_url: str = ""
    end_day: str = ""  # ISO, as the handle begins with
    start_day: str = ""
    end_said: str = ""
    start_said: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a moment that is no work: a promise, the next news, a look in."""

    at: datetime
    shape: Shape
    text: str
    title: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class ReserveBand:
    """From ``spent_from`` to the finish it is used, from there to ``until`` it is left."""

    spent_from: datetime
    finish: datetime
    until: datetime
    words: str
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn, before any width is known."""

    rows: Sequence[Row]
    marks: Sequence[Mark]
    start: datetime
    end: datetime
    now: datetime
    reserve: ReserveBand | None = None
    is_over: bool = False


# ---- what the template draws ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Handle:
    """``edge`` of a step to take hold of; ``day`` is where it stands, in ISO and in words."""

    x: float
    edge: str
    day: str
    said: str

    @property
    def number(self) -> int:
        return date.fromisoformat(self.day).toordinal()


@dataclass(frozen=True, slots=True)
class DrawnRow:
    row: Row
    y: float
    mid: float
    name: str
    detail: str
    traces: tuple[Trace, ...]
    planned: tuple[float, float] | None
    was: tuple[float, float] | None
    knot: str
    knot_x: float | None
    handles: tuple[Handle, ...]
    label: str
    label_x: float
    label_anchor: str


@dataclass(frozen=True, slots=True)
class DrawnMark:
    mark: Mark
    x: float
    path: str
    label: Label | None


@dataclass(slots=True)
class Chart:
    layout: Layout
    axis: TimeAxis
    rows: list[DrawnRow] = field(default_factory=list)
    marks: list[DrawnMark] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    today_x: float | None = None
    marks_height: float = 0.0
    reserve: tuple[float, float, float] | None = None
    reserve_words: str = ""
    reserve_short: bool = False

    @property
    def width(self) -> float:
        return self.layout.width

    @property
    def rows_top(self) -> float:
        return self.marks_height

    @property
    def reserve_y(self) -> float:
        return self.rows_top + self.layout.row * len(self.rows) + 14

    @property
    def axis_y(self) -> float:
        below = 30 if self.reserve is not None else 6
        return self.rows_top + self.layout.row * len(self.rows) + below

    @property
    def height(self) -> float:
        return self.axis_y + AXIS

    @property
    def text_y(self) -> float:
        return self.axis_y + 15

    @property
    def today_y(self) -> float:
        return self.text_y

    @property
    def today_kept(self) -> tuple[float, float] | None:
        """Where that word stands, with a little air."""
        return None if self.today_x is None else (self.today_x - 4, self.today_x + TODAY_WIDE)

    @property
    def reserve_text_y(self) -> float:
        return self.reserve_y + 4

    @property
    def reserve_anchor(self) -> str:
        return "end" if self._reserve_stands_right else "start"

    @property
    def reserve_text_x(self) -> float:
        """Beside its band, on the side where there is room."""
        assert self.reserve is not None
        return self.reserve[0] - 8 if self._reserve_stands_right else self.reserve[2] + 8

    @property
    def _reserve_stands_right(self) -> bool:
        assert self.reserve is not None
        return self.reserve[2] + 8 + len(self.reserve_words) * BOLD_LETTER > self.width

    @property
    def from_day(self) -> int:
        return self.axis.start.date().toordinal()

    @property
    def to_day(self) -> int:
        return self.axis.end.date().toordinal()

    @property
    def from_second(self) -> int:
        return int(self.axis.start.timestamp())

    @property
    def to_second(self) -> int:
        return int(self.axis.end.timestamp())


def draw(picture: Picture, layout: Layout, tz: tzinfo, lang: str) -> Chart:
    axis = TimeAxis(picture.start, picture.end, layout.left, layout.width - 14)
    chart = Chart(layout, axis)
    if not picture.is_over and axis.shows(picture.now):
        chart.today_x = axis.x(picture.now)
    chart.ticks = ticks(axis, picture.now, tz, lang, kept=chart.today_kept)
    chart.marks = list(_marks(picture.marks, axis, layout))
    chart.marks_height = _marks_height(chart.marks)
    tops = (chart.rows_top + layout.row * place for place in range(len(picture.rows)))
    chart.rows = [
        _row(row, top, axis, layout, picture.now) for row, top in zip(picture.rows, tops, strict=True)
    ]
    if picture.reserve is not None:
        band = picture.reserve
        chart.reserve = (axis.x(band.spent_from), axis.x(band.finish), axis.x(band.until))
        chart.reserve_words, chart.reserve_short = band.words, band.is_short
    return chart


def _marks_height(marks: Sequence[DrawnMark]) -> float:
    if not marks:
        return 8.0
    rows = max((one.label.row for one in marks if one.label), default=0) + 1
    return HEAD + 8 + MARK_ROW * rows


def _marks(marks: Iterable[Mark], axis: TimeAxis, layout: Layout) -> Iterator[DrawnMark]:
    """Promises choose their place first: they are what the customer counts on."""
    placer = Placer(layout.width, rows=3, wall=None)
    rank = {"promise": 0, "news": 1, "review": 2}
    shown = [mark for mark in marks if axis.shows(mark.at)]
    for mark in sorted(shown, key=lambda one: (rank[one.shape], one.at)):
        x = axis.x(mark.at)
        yield DrawnMark(mark, x, _shape(mark.shape, x, 14.0), placer.place(x, mark.text, frayed=True))


def _shape(shape: Shape, x: float, y: float) -> str:
    if shape == "promise":
        return f"M{x} {y + 8}v-18h12l-3 4l3 4h-12"
    if shape == "news":  # a calendar leaf, as everywhere
        return f"M{x - 6} {y - 7}h12v13h-12zM{x - 6} {y - 3}h12M{x - 3} {y - 9}v4M{x + 3} {y - 9}v4"
    return f"M{x} {y - 6}l6 6l-6 6l-6 -6z"


def _row(row: Row, top: float, axis: TimeAxis, layout: Layout, now: datetime) -> DrawnRow:
    y = top + layout.bar_y
    drawn = tuple(_drawn(row, axis, y))
    knot, knot_x = _knot(row, axis, now)
    label_x, anchor = _label_place(row, axis, layout, knot_x)
    return DrawnRow(
        row=row,
        y=top,
        mid=y,
        name=shortened(row.name, int(_name_room(row, layout) / BOLD_LETTER)),
        detail=shortened(row.detail, int(layout.name_room / LETTER)),
        traces=drawn,
        planned=_between(row.planned, axis),
        was=_between(row.was, axis),
        knot=knot,
        knot_x=knot_x,
        handles=tuple(_handles(row, axis)),
        label=row.when,
        label_x=label_x,
        label_anchor=anchor,
    )


def _name_room(row: Row, layout: Layout) -> float:
    """Where names stand above the bars, what a row says at its right stands on the same line."""
    if layout.names_beside:
        return layout.name_room
    return min(layout.name_room, layout.width - 14 - layout.left - len(row.when) * BOLD_LETTER - 12)


def _between(stretch: tuple[datetime, datetime] | None, axis: TimeAxis) -> tuple[float, float] | None:
    if stretch is None or stretch[1] < axis.start:
        return None
    left, right = axis.x(stretch[0]), axis.x(stretch[1])
    return (left, max(right - left, 3.0))


def _drawn(row: Row, axis: TimeAxis, y: float) -> Iterator[Trace]:
    if row.line is None:
        return
    for piece in row.line.stretches:
        if piece.kind != "idle" and piece.end > axis.start:
            yield from traces(piece, axis, y)


def _knot(row: Row, axis: TimeAxis, now: datetime) -> tuple[str, float | None]:
    if row.ended is not None:
        return ("knot-done", axis.x(row.ended)) if axis.shows(row.ended) else ("", None)
    if row.planned is None:
        return "", None
    css = "knot-late" if row.is_late else "knot-fray" if row.is_offered else "knot-todo"
    return css, axis.x(max(row.planned[1], now) if row.is_late else row.planned[1])


def _handles(row: Row, axis: TimeAxis) -> Iterator[Handle]:
    if row.planned is None:
        return
    start, end = axis.x(row.planned[0]), axis.x(row.planned[1])
    if "start" in row.edges and end - start >= 3 * KNOB:
        yield Handle(start, "start", row.start_day, row.start_said)
    if "end" in row.edges:
        yield Handle(end, "end", row.end_day, row.end_said)


def _label_place(row: Row, axis: TimeAxis, layout: Layout, knot_x: float | None) -> tuple[float, str]:
    """Beside the last thing of the row where there is room, else on the other side of it."""
    if not layout.names_beside:
        return layout.width - 14, "end"
    right = max(knot_x or axis.left, sum(_between(row.was, axis) or (0.0,)))
    wide = len(row.when) * LETTER
    if right + 14 + wide <= layout.width:
        return right + 14, "start"
    first = _between(row.planned, axis)
    begin = first[0] if first else right
    if row.line is not None and row.line.stretches:
        begin = min(begin, axis.x(row.line.stretches[0].start))
    return max(begin - 10, axis.left + wide), "end"


def window(
    *, opened_at: datetime, now: datetime, last: datetime, whole: bool, is_over: bool
) -> tuple[datetime, datetime, bool]:
    """From when until when the map goes, and whether it leaves out the past.

    A long past would squeeze the plan: unless all of it is asked for, the map begins a while before today.
    """
    end = max(last, now) if not is_over else last
    end += max((end - opened_at) * 0.03, timedelta(hours=12))
    ahead = max(end - now, timedelta(days=14))
    if whole or is_over or now - opened_at <= ahead * 2:
        return opened_at, end, False
    return now - ahead * 0.6, end, True
