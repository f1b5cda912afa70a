"""The graph of a process as a picture of links: one with a lane per area, one upright for a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import wrap

from django.utils.translation import gettext as _

from hilo.web.processes.words import said_target
from hilo.work.template_layout import Box, Drawing, Line, Measures, depths, lay_out
from hilo.work.template_rules import StepText, TemplateText

SCREEN = Measures(along=156, across=66, gap=44, between=18, margin=4, head=30)
PHONE = Measures(along=68, across=112, gap=26, between=6, margin=2, head=0, is_upright=True)
SIGNS = {False: 23, True: 17}  # characters that fit in a box, by whether it is upright
LEADING = 15
LONGEST_LANE = 12


@dataclass(frozen=True, slots=True)
class Text:
    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Node:
    key: str
    box: Box
    url: str
    label: str
    name: list[Text]
    below: Text
    is_new: bool


@dataclass(frozen=True, slots=True)
class LaneShown:
    y: int
    height: int
    middle: int
    bottom: int
    name: str
    whole: str


@dataclass(frozen=True, slots=True)
class Picture:
    """``nodes`` in the order in which the work runs: that is the order of the tab key."""

    name: str
    width: int
    height: int
    head: int
    nodes: list[Node]
    lines: list[str]
    lanes: list[LaneShown]


def pictures(
    process: TemplateText,
    areas: Mapping[str, str],
    url_of: Callable[[str], str],
    *,
    new: frozenset[str] = frozenset(),
) -> list[Picture]:
    """``url_of`` leads from a step's key; ``new`` are keys to set apart."""
    return [
        _picture(process, name, measures, areas, url_of, new)
        for name, measures in (("wide", SCREEN), ("narrow", PHONE))
    ]


def _picture(
    process: TemplateText,
    name: str,
    measures: Measures,
    areas: Mapping[str, str],
    url_of: Callable[[str], str],
    new: frozenset[str],
) -> Picture:
    drawing = lay_out(process.steps, measures)
    depth = depths(list(process.steps))
    steps = sorted(enumerate(process.steps, start=1), key=lambda each: (depth[each[1].key], each[0]))
    names = {step.key: step.name for step in process.steps}
    return Picture(
        name,
        drawing.width,
        drawing.height,
        measures.head,
        [
            Node(
                step.key,
                drawing.boxes[step.key],
                url_of(step.key),
                _label(step, number, names, areas),
                *_texts(step, number, drawing.boxes[step.key], measures),
                step.key in new,
            )
            for number, step in steps
        ],
        [_path(line) for line in drawing.lines],
        _lanes(drawing, areas),
    )


def _label(step: StepText, number: int, names: Mapping[str, str], areas: Mapping[str, str]) -> str:
    """What the picture shows by place and line, said."""
    said = f"{number}. {step.name}, {areas.get(step.area, step.area)}, {said_target(step.target_minutes)}; "
    after = ", ".join(names.get(key, key) for key in step.after)
    return said + (_("after %(steps)s") % {"steps": after} if after else _("begins at once"))


def _texts(step: StepText, number: int, box: Box, measures: Measures) -> tuple[list[Text], Text]:
    rows = wrap(f"{number}. {step.name}", SIGNS[measures.is_upright], max_lines=2, placeholder="…") or [
        str(number)
    ]
    middle = box.middle[0]
    top = box.middle[1] - (len(rows) * LEADING) // 2 + 3
    name = [Text(middle, top + place * LEADING, row) for place, row in enumerate(rows)]
    return name, Text(middle, top + len(rows) * LEADING + 1, said_target(step.target_minutes))


def _path(line: Line) -> str:
    first, *others = line.points
    return f"M{first[0]} {first[1]}" + "".join(f"L{x} {y}" for x, y in others)


def _lanes(drawing: Drawing, areas: Mapping[str, str]) -> list[LaneShown]:
    found = []
    for lane in drawing.lanes:
        whole = areas.get(lane.area, lane.area)
        short = whole if len(whole) <= LONGEST_LANE else f"{whole[: LONGEST_LANE - 1]}…"
        found.append(
            LaneShown(lane.y, lane.height, lane.y + lane.height // 2, lane.y + lane.height, short, whole)
        )
    return found
