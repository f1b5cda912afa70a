"""What every drawing needs: widths of words, round ticks, places on a scale."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence

from hilo.insight.records import record
from hilo.insight.report.markup import Child, Markup, Value, tag
from hilo.insight.report.voice import shortened

_NARROW = frozenset("iljtfrI.,:;!|'()[]/ ·")
_BROAD = frozenset("mwMW@%—")


def width_of(words: str, size: float = 12) -> float:
    """About how wide a text is, in pixels; rather too wide than too narrow."""
    return sum(map(_em, words)) * size


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 0.92
    if unicodedata.east_asian_width(character) in "WF" or ord(character) > 0x1F000:
        return 1.05
    return 0.68 if character.isupper() else 0.58


def fitted(words: str, width: float, size: float = 12) -> str:
    """The words, or as many of their letters as there is room for."""
    words = shortened(words, 200)
    if width_of(words, size) <= width:
        return words
    while words and width_of(words, size) > width - size:
        words = words[:-1]
    return words.rstrip() + "…"


def in_lines(words: str, width: float, size: float = 12, most: int = 2) -> list[str]:
    """Words broken over at most ``most`` lines; what is left over is cut from the last one."""
    lines = [""]
    for word in shortened(words, 200).split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_of(longer, size) <= width or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fitted(line, width, size) for line in lines]


def drawing(width: float, height: float, label: str, *parts: Child, class_: str = "draw") -> Markup:
    """One label for those who hear the page, its parts silent. The table beside it says the rest."""
    return tag(
        "svg",
        parts,
        class_=class_,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=round(width),
        height=round(height),
        role="img",
        aria_label=label,
    )


def label(x: float, y: float, words: str, **attributes: Value) -> Markup:
    return tag("text", words, x=float(x), y=float(y), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=class_)


@record
class Scale:
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float
    by_tens: bool = False  # logarithmic; what is below ``low`` stands at it

    def __call__(self, value: float) -> float:
        span = self._at(self.high) - self._at(self.low)
        part = (self._at(value) - self._at(self.low)) / span if span else 0.5
        return self.start + (self.end - self.start) * part

    def _at(self, value: float) -> float:
        return math.log10(max(value, self.low)) if self.by_tens else value


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from at or below ``low`` to at or above ``high``."""
    if not high > low:
        high = low + (abs(low) or 1)
    step = _round_step((high - low) / about)
    first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, last + 1)]


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least * (1 - 1e-9))


def spread_labels(wanted: Sequence[float], apart: float) -> list[float]:
    """The same places, moved as little as needed for each to stand ``apart`` from the one above it."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    blocks: list[tuple[float, list[int]]] = []
    for place in order:
        mean, members = wanted[place], [place]
        while blocks and mean - (len(members) - 1) * apart / 2 < _bottom(blocks[-1], apart) + apart:
            other_mean, others = blocks.pop()
            mean = (mean * len(members) + other_mean * len(others)) / (len(members) + len(others))
            members = others + members
        blocks.append((mean, members))
    placed = [0.0] * len(wanted)
    for mean, members in blocks:
        for nth, place in enumerate(members):
            placed[place] = mean + (nth - (len(members) - 1) / 2) * apart
    return placed


def _bottom(block: tuple[float, list[int]], apart: float) -> float:
    return block[0] + (len(block[1]) - 1) * apart / 2


def polyline(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def whisker(
    value: float,
    low: float,
    high: float,
    axis: Scale,
    said: str,
    ends: tuple[str, str] = ("", ""),
    kind: str = "",
) -> Markup:
    """A dot with its 95 % interval over an axis whose two ends are written out."""
    middle = 8.0
    left, right = axis.start, axis.end
    return drawing(
        right + width_of(ends[1]) + 6,
        20,
        said,
        line(left, middle, right, middle, "axis"),
        label(left - 6, middle + 4, ends[0], class_="soft", text_anchor="end") if ends[0] else None,
        label(right + 6, middle + 4, ends[1], class_="soft") if ends[1] else None,
        _zero(axis, middle),
        line(axis(low), middle, axis(high), middle, f"wh {kind}".strip()),
        tag("circle", cx=axis(value), cy=middle, r=4.5, class_=f"pt {kind}".strip()),
        class_="draw whisker",
    )


def _zero(axis: Scale, middle: float) -> Markup | None:
    if not axis.low < 0 < axis.high:
        return None
    return line(axis(0), middle - 6, axis(0), middle + 6, "axis")


type Format = Callable[[float], str]
