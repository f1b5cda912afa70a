"""Where each step of a process stands when it is drawn: on the screen, on a phone, in a BPMN modeller.

Columns are depths: a step stands one further than the furthest it waits for. Within a column steps stand in
lanes (one per area) or, on a phone, side by side. Lines run at right angles and never across a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hilo.work.template_rules import StepText

START, END = "\0start", "\0end"

type Point = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """In pixels. ``along`` is the way the work runs, ``across`` the other one."""

    along: int
    across: int
    gap: int
    between: int
    margin: int
    head: int  # what a lane's name takes, before the first column
    is_upright: bool = False


WIDE = Measures(along=168, across=72, gap=132, between=32, margin=16, head=40)
NARROW = Measures(along=64, across=112, gap=36, between=8, margin=4, head=0, is_upright=True)


@dataclass(frozen=True, slots=True)
class Box:
    key: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Lane:
    area: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    before: str
    after: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """``START`` and ``END`` have boxes of a step's size, in whose middle a modeller draws its circle."""

    width: int
    height: int
    boxes: Mapping[str, Box]
    lanes: tuple[Lane, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    column: int
    row: int


def lay_out(steps: Iterable[StepText], measures: Measures = WIDE, *, with_ends: bool = False) -> Drawing:
    """``with_ends`` adds the start before the first steps and the end after the last ones."""
    listed = list(steps)
    columns = depths(listed)
    lanes = [] if measures.is_upright else list(dict.fromkeys(step.area for step in listed))
    cells, tops = _cells(listed, columns, lanes)
    links = [(before, step.key) for step in listed for before in step.after]
    if with_ends:
        cells, ends = _with_ends(listed, cells)
        links += ends
    rows = tops[-1]
    boxes = {key: _box(key, cell, measures) for key, cell in cells.items()}
    lines = tuple(Line(a, b, _route(cells, a, b, measures)) for a, b in links)
    along = _start_of(max((cell.column for cell in cells.values()), default=0) + 1, measures) - measures.gap
    return Drawing(
        *_turned((along + measures.margin, 2 * measures.margin + rows * _pitch(measures)), measures),
        boxes,
        tuple(
            Lane(area, measures.margin + tops[place] * _pitch(measures), _height(tops, place, measures))
            for place, area in enumerate(lanes)
        ),
        lines,
    )


def depths(steps: list[StepText]) -> dict[str, int]:
    """0 for what begins at once. A circle, which a draft cannot keep, ends where it is entered."""
    after = {step.key: list(step.after) for step in steps}
    found: dict[str, int] = {}
    waiting = list(after)
    while waiting:
        ready = [key for key in waiting if all(b in found or b not in after for b in after[key])] or waiting
        for key in ready:
            found[key] = 1 + max((found[b] for b in after[key] if b in found), default=-1)
        waiting = [key for key in waiting if key not in found]
    return found


def _cells(
    steps: list[StepText], columns: Mapping[str, int], lanes: list[str]
) -> tuple[dict[str, _Cell], list[int]]:
    """Each step's cell, and the first row of each lane with the number of rows at the end.

    A step keeps the row of one it waits for when that is in its lane and free: straight work, straight line.
    """
    taken: dict[tuple[str, int], set[int]] = {}
    own: dict[str, tuple[str, int]] = {}
    for step in sorted(steps, key=lambda each: columns[each.key]):
        lane = step.area if lanes else ""
        used = taken.setdefault((lane, columns[step.key]), set())
        wished = [own[key][1] for key in step.after if key in own and own[key][0] == lane]
        row = next(row for row in (*wished, *range(len(steps))) if row not in used)
        used.add(row)
        own[step.key] = (lane, row)
    tops = [0]
    for lane in lanes or [""]:
        tops.append(tops[-1] + 1 + max((row for at, row in own.values() if at == lane), default=0))
    top_of = dict(zip(lanes or [""], tops, strict=False))
    return {key: _Cell(columns[key], top_of[lane] + row) for key, (lane, row) in own.items()}, tops


def _with_ends(
    steps: list[StepText], cells: Mapping[str, _Cell]
) -> tuple[dict[str, _Cell], list[tuple[str, str]]]:
    """Everything moves one column on; the ends stand beside the first of the first and the last steps."""
    first = [step.key for step in steps if not step.after]
    waited_for = {key for step in steps for key in step.after}
    last = [step.key for step in steps if step.key not in waited_for]
    moved = {key: _Cell(cell.column + 1, cell.row) for key, cell in cells.items()}
    width = max((cell.column for cell in moved.values()), default=0)
    moved[START] = _Cell(0, moved[first[0]].row if first else 0)
    moved[END] = _Cell(width + 1, moved[last[0]].row if last else 0)
    ends = [(START, key) for key in first] + [(key, END) for key in last]
    return moved, ends or [(START, END)]


# From cells to pixels -------------------------------------------------------------------------------------


def _pitch(measures: Measures) -> int:
    return measures.across + measures.between


def _start_of(column: int, measures: Measures) -> int:
    return measures.margin + measures.head + column * (measures.along + measures.gap)


def _middle_of(row: int, measures: Measures) -> int:
    return measures.margin + row * _pitch(measures) + _pitch(measures) // 2


def _height(tops: list[int], place: int, measures: Measures) -> int:
    return (tops[place + 1] - tops[place]) * _pitch(measures)


def _turned(point: Point, measures: Measures) -> Point:
    return (point[1], point[0]) if measures.is_upright else point


def _box(key: str, cell: _Cell, measures: Measures) -> Box:
    corner = _start_of(cell.column, measures), _middle_of(cell.row, measures) - measures.across // 2
    x, y = _turned(corner, measures)
    width, height = _turned((measures.along, measures.across), measures)
    return Box(key, x, y, width, height)


def _route(cells: Mapping[str, _Cell], before: str, after: str, measures: Measures) -> tuple[Point, ...]:
    one, other = cells[before], cells[after]
    begins, ends = _start_of(one.column, measures) + measures.along, _start_of(other.column, measures)
    leaves, comes = begins + measures.gap // 2, ends - measures.gap // 2
    here, there = _middle_of(one.row, measures), _middle_of(other.row, measures)
    between = {(cell.column, cell.row) for cell in cells.values() if one.column < cell.column < other.column}
    if all((column, one.row) not in between for column in range(one.column + 1, other.column)):
        bends = [(comes, here), (comes, there)]
    elif all((column, other.row) not in between for column in range(one.column + 1, other.column)):
        bends = [(leaves, here), (leaves, there)]
    else:  # between two rows, where no step stands
        aside = there - _pitch(measures) // 2
        bends = [(leaves, here), (leaves, aside), (comes, aside), (comes, there)]
    if here == there and len(bends) == 2:
        bends = []
    return tuple(_turned(point, measures) for point in ((begins, here), *bends, (ends, there)))
