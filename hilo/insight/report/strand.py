"""The thread: all the time of all cases as one line. Solid runs inside an area; frayed waits at a border."""

from __future__ import annotations

from collections.abc import Sequence

from hilo.insight.records import record
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.svg import drawing, fitted, label, line, width_of

_TOP, _ROW = 10.0, 38.0


@record
class Stretch:
    """``kind``: "on" runs, "wait" is frayed, "step" is either."""

    kind: str
    share: float
    figure: str
    words: str


def strand(stretches: Sequence[Stretch], width: int, said: str) -> Markup:
    """Each stretch with its label below, on a second row where the first has no room."""
    edges = [0.0]
    for stretch in stretches:
        edges.append(edges[-1] + stretch.share * width)
    rows = [0.0, 0.0, 0.0]
    drawn = list[Markup]()
    for start, end, stretch in zip(edges, edges[1:], stretches, strict=False):
        drawn.append(_stretch(stretch, start, end))
        drawn.append(_label(stretch, start, end, width, rows))
    used = 1 + max((number for number, edge in enumerate(rows) if edge), default=0)
    return drawing(width, 18 + used * _ROW, said, drawn, class_="draw strand")


def _stretch(stretch: Stretch, start: float, end: float) -> Markup:
    left, right = start + 1, max(end - 1, start + 2)
    if stretch.kind != "wait":
        return tag("rect", x=left, y=_TOP - 1.5, width=right - left, height=3, class_=stretch.kind)
    return tag("rect", x=left, y=_TOP - 7, width=right - left, height=14, fill="url(#frayed)")


def _label(stretch: Stretch, start: float, end: float, width: int, rows: list[float]) -> Markup:
    words = fitted(stretch.words, max(end - start - 8, 90.0) if end < width - 1 else width - 8)
    wide = max(width_of(stretch.figure, 15), width_of(words)) + 8
    at_the_end = start + wide > width
    left = max(width - wide, 0.0) if at_the_end else start
    row = next((number for number, edge in enumerate(rows) if edge <= left), len(rows) - 1)
    rows[row] = left + wide
    top = 18 + row * _ROW
    x, anchor = (width - 2, "end") if at_the_end else (start + 3, "start")
    return join(
        line(start + 0.5, 2, start + 0.5, top + 4 if row else 18, "tick"),
        label(x, top + 15, stretch.figure, class_=f"amount {stretch.kind}", text_anchor=anchor),
        label(x, top + 31, words, class_="soft", text_anchor=anchor),
    )


_LOOSE = (
    "M.5 2.5c5 2.5 8-2 14 .5M21 4.5c4-3 9-2 12-3.5M39 1.5c5 .5 8 3 13 2M58 3c2-.8 3-.6 5-.8"
    "M4 7c4 1.500 7-1.500 11 .3M25 7.8c5-1.200 6 .5 9-.6M43 6.400c5 1.600 9 1.400 14 .4"
    "M.5 11.5c4-2 9 2.500 15 0M22 10c5 2.500 7 3 12 2M41 12.500c4-2.500 9-2 13-.5M60 12c1-.3 2-.3 3.500-.4"
)


def frayed_pattern() -> Markup:
    """Once in a document."""
    return tag(
        "pattern",
        tag("path", d=_LOOSE, class_="loose"),
        id="frayed",
        width=64,
        height=14,
        patternUnits="userSpaceOnUse",
        y=3,
    )
