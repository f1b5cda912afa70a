"""A process map as a drawing of a given width: layers left to right, or top to bottom where they are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hilo.insight.records import record
from hilo.insight.report.layered import START, Arranged, Route
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.svg import drawing, in_lines, label, width_of

type Point = tuple[float, float]
type Area = tuple[float, float, float, float]  # left, top, right, bottom
type Link = tuple[str, str]

_LEAST_BOX, _MOST_BOX, _LEAST_GAP, _MOST_GAP = 112.0, 168.0, 64.0, 150.0
_BOX_HEIGHT, _DOT, _ROW, _STOREY, _MARGIN = 50.0, 14.0, 84.0, 96.0, 14.0


@record
class Box:
    lines: tuple[str, ...]
    note: str
    title: str
    kind: str  # "", "first", "last"


@record
class Sketch:
    """What is to be drawn. ``labels`` has for each arrow its two figures, of which one is seen at a time."""

    arranged: Arranged
    boxes: Mapping[str, Box]
    labels: Mapping[Link, tuple[str, str]]
    said: str


@record
class Sheet:
    width: float
    height: float
    box: Point
    along: tuple[float, ...]  # the middle of each layer
    first_row: float
    row: float
    upright: bool

    def at(self, layer: int, across: float) -> Point:
        beside = self.first_row + across * self.row
        return self.turned(self.along[layer], beside)

    def turned(self, along: float, across: float) -> Point:
        return (across, along) if self.upright else (along, across)

    def size(self, name: str) -> Point:
        return (_DOT, _DOT) if name == START else self.box

    def depth(self, name: str) -> float:
        """Half a box's length in the direction of the work."""
        return self.size(name)[1 if self.upright else 0] / 2


def drawn(sketch: Sketch, width: int) -> Markup:
    sheet = _sheet(sketch.arranged, float(width))
    return _Pen(sketch, sheet).drawing()


def lies(arranged: Arranged, width: int) -> bool:
    return _lying(arranged, float(width)) is not None


# The sheet ---------------------------------------------------------------------------------------------


def _sheet(arranged: Arranged, width: float) -> Sheet:
    return _lying(arranged, width) or _standing(arranged, width)


def _lying(arranged: Arranged, width: float) -> Sheet | None:
    narrow = [_is_dot_only(arranged, layer) for layer in range(arranged.layers)]
    full, gaps = narrow.count(False), max(arranged.layers - 1, 1)
    room = width - 8 - _DOT * narrow.count(True)
    if room < full * _LEAST_BOX + gaps * _LEAST_GAP:
        return None
    box = min(_MOST_BOX, (room - gaps * _LEAST_GAP * 1.25) / max(full, 1), room / max(full, 1))
    box = max(box, _LEAST_BOX)
    gap = min(_MOST_GAP, (room - full * box) / gaps)
    edge, along = 4.0, list[float]()
    for is_dot in narrow:
        length = _DOT if is_dot else box
        along.append(edge + length / 2)
        edge += length + gap
    height = arranged.breadth * _ROW + _BOX_HEIGHT + 2 * _MARGIN
    return Sheet(
        edge - gap + 4, height, (box, _BOX_HEIGHT), tuple(along), _MARGIN + _BOX_HEIGHT / 2, _ROW, False
    )


def _standing(arranged: Arranged, width: float) -> Sheet:
    """As broad as it needs, at most ``width``."""
    columns = arranged.breadth + 1
    row = min(_MOST_BOX + 40, (width - 8) / columns)
    box = max(row - 34, 70.0)
    along = tuple(_MARGIN + _BOX_HEIGHT / 2 + layer * _STOREY for layer in range(arranged.layers))
    height = along[-1] + _BOX_HEIGHT / 2 + _MARGIN
    return Sheet(columns * row + 8, height, (box, _BOX_HEIGHT), along, 4 + row / 2, row, True)


def _is_dot_only(arranged: Arranged, layer: int) -> bool:
    names = [name for name, place in arranged.places.items() if place.layer == layer]
    return names == [START]


# The pen -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Pen:
    sketch: Sketch
    sheet: Sheet
    taken: list[Area] = field(default_factory=list)
    ports: dict[tuple[int, bool], float] = field(default_factory=dict)

    def drawing(self) -> Markup:
        arranged = self.sketch.arranged
        self.taken = [self._area(name) for name in arranged.places]
        self.ports = _ports(arranged, self.sheet)
        numbered = sorted(enumerate(arranged.routes), key=lambda pair: -pair[1].arrow.weight)
        curves = {number: self._curve(number, route) for number, route in numbered}
        heaviest = max(route.arrow.weight for route in arranged.routes)
        self.taken += [_around(curve[-1]) for curve in curves.values()]
        lines = [self._line(route, curves[number], heaviest) for number, route in numbered]
        labels = [self._label(route, curves[number]) for number, route in numbered]
        boxes = [self._box(name) for name in arranged.places]
        sheet = self.sheet
        return drawing(sheet.width, sheet.height, self.sketch.said, lines[::-1], boxes, labels)

    def _middle(self, name: str) -> Point:
        place = self.sketch.arranged.places[name]
        return self.sheet.at(place.layer, place.across)

    def _area(self, name: str) -> Area:
        (x, y), (wide, high) = self._middle(name), self.sheet.size(name)
        return (x - wide / 2 - 2, y - high / 2 - 1, x + wide / 2 + 2, y + high / 2 + 1)

    def _curve(self, number: int, route: Route) -> list[Point]:
        """From source to target; between two points the line sets off and arrives along the work."""
        sheet, (low, high) = self.sheet, _ends(route)
        half = sheet.box[1 if sheet.upright else 0] / 2
        last = len(route.across) - 1
        points = list[Point]()
        for step, across in enumerate(route.across):
            x, y = sheet.at(min(route.first + step, len(sheet.along) - 1), across)
            if step == 0:
                points.append(self._off(x, y, sheet.depth(low), self.ports[number, True]))
            elif step == last:
                points.append(self._off(x, y, -sheet.depth(high), self.ports[number, False]))
            else:
                points += [self._off(x, y, -half, 0), self._off(x, y, half, 0)]
        return points[::-1] if route.back else points

    def _off(self, x: float, y: float, along: float, across: float) -> Point:
        dx, dy = self.sheet.turned(along, across)
        return (x + dx, y + dy)

    def _handles(self, start: Point, end: Point) -> tuple[Point, Point]:
        (x1, y1), (x2, y2) = start, end
        if self.sheet.upright:
            return (x1, (y1 + y2) / 2), (x2, (y1 + y2) / 2)
        return ((x1 + x2) / 2, y1), ((x1 + x2) / 2, y2)

    def _line(self, route: Route, curve: Sequence[Point], heaviest: float) -> Markup:
        thick = 1.4 + 5.6 * (route.arrow.weight / heaviest) ** 0.75
        path = f"M{_xy(curve[0])}"
        for start, end in pairwise(curve):
            one, other = self._handles(start, end)
            path += f"C{_xy(one)} {_xy(other)} {_xy(end)}"
        kind = "back" if route.back else "on"
        return join(
            tag("path", d=path, class_=f"flow {kind}", stroke_width=thick),
            self._head(curve[-1], thick, kind, back=route.back),
        )

    def _head(self, tip: Point, thick: float, kind: str, *, back: bool) -> Markup:
        size, (x, y) = 5 + thick * 0.8, tip
        away = size if back else -size
        one, other = self.sheet.turned(away, -size / 2), self.sheet.turned(away, size / 2)
        corners = ((x, y), (x + one[0], y + one[1]), (x + other[0], y + other[1]))
        return tag("path", d="M" + "L".join(map(_xy, corners)) + "z", class_=f"head {kind}")

    def _label(self, route: Route, curve: Sequence[Point]) -> Markup:
        often, long = self.sketch.labels[route.arrow.source, route.arrow.target]
        wide = max(width_of(often), width_of(long)) + 4
        x, y = self._free(curve, wide)
        kind = "back" if route.back else "on"
        return join(
            label(x, y + 4, often, class_=f"fig by-n {kind}", text_anchor="middle"),
            label(x, y + 4, long, class_=f"fig by-t {kind}", text_anchor="middle") if long else None,
        )

    def _free(self, curve: Sequence[Point], wide: float) -> Point:
        """The place along the line where the figure covers least of what stands there already."""
        best, least = curve[0], float("inf")
        for t in (0.36, 0.5, 0.28, 0.43, 0.57, 0.64, 0.72, 0.2, 0.8, 0.14, 0.86):
            x, y = self._on_curve(curve, t)
            area = (x - wide / 2 - 3, y - 9, x + wide / 2 + 3, y + 9)
            covered = sum(_overlap(area, other) for other in self.taken)
            if covered < least:
                best, least = (x, y), covered
            if not covered:
                break
        self.taken.append((best[0] - wide / 2, best[1] - 8, best[0] + wide / 2, best[1] + 8))
        return best

    def _on_curve(self, curve: Sequence[Point], t: float) -> Point:
        pieces = len(curve) - 1
        number = min(int(t * pieces), pieces - 1)
        start, end = curve[number], curve[number + 1]
        one, other = self._handles(start, end)
        u = t * pieces - number
        a, b, c, d = (1 - u) ** 3, 3 * u * (1 - u) ** 2, 3 * u * u * (1 - u), u**3
        return (
            a * start[0] + b * one[0] + c * other[0] + d * end[0],
            a * start[1] + b * one[1] + c * other[1] + d * end[1],
        )

    def _box(self, name: str) -> Markup:
        x, y = self._middle(name)
        if name == START:
            return tag("circle", cx=x, cy=y, r=_DOT / 2, class_="start")
        box, (wide, high) = self.sketch.boxes[name], self.sheet.box
        lines = in_lines(" ".join(box.lines), wide - 12, 12.5)
        top = y - (7 if len(lines) > 1 else 3)
        shape = tag(
            "rect", x=x - wide / 2, y=y - high / 2, width=wide, height=high, rx=7, class_=f"box {box.kind}"
        )
        words = [
            label(x, top + 14 * row - (5 if len(lines) > 1 else 0), words, class_="who", text_anchor="middle")
            for row, words in enumerate(lines)
        ]
        note = label(x, y + high / 2 - 6, box.note, class_="soft", text_anchor="middle")
        return tag("g", tag("title", box.title), shape, words, note)


def _ends(route: Route) -> Link:
    arrow = route.arrow
    return (arrow.target, arrow.source) if route.back else (arrow.source, arrow.target)


def _ports(arranged: Arranged, sheet: Sheet) -> dict[tuple[int, bool], float]:
    """How far from the middle of a box's side each arrow meets it, in the order of the arrows' far ends."""
    sides: dict[tuple[str, bool], list[tuple[float, int]]] = {}
    for number, route in enumerate(arranged.routes):
        low, high = _ends(route)
        sides.setdefault((low, True), []).append((route.across[1], number))
        sides.setdefault((high, False), []).append((route.across[-2], number))
    offsets: dict[tuple[int, bool], float] = {}
    for (name, leaves), meeting in sides.items():
        room = sheet.size(name)[0 if sheet.upright else 1] * 0.74
        step = min(22.0 if sheet.upright else 15.0, room / len(meeting))
        for nth, (_far, number) in enumerate(sorted(meeting)):
            offsets[number, leaves] = 0.0 if name == START else (nth - (len(meeting) - 1) / 2) * step
    return offsets


def _around(tip: Point) -> Area:
    return (tip[0] - 9, tip[1] - 9, tip[0] + 9, tip[1] + 9)


def _overlap(one: Area, other: Area) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _xy(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
