"""Where it got lost, where it could have been seen, where the customer saw it: three marks on one line.

Pure: places in order with their marks become drawings for two widths (SVG units of about one pixel) and a
list for phones. Each mark has a shape of its own, so that the three are told apart without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

type MarkKind = Literal["lost", "visible", "seen"]

WIDE, MIDDLE = 1280, 900
LETTER, BOLD_LETTER = 6.2, 6.5  # mean width of Inter at 13 px in Spanish words
LINE_Y, FIRST_TEXT_Y, LEADING = 12.0, 38.0, 17.0
MARGIN = 10.0
MOST_LINES = 3
LEAST_LABEL = 62.0  # a place with less room keeps its knot and loses its name
TAIL = 28.0
SHARES = {True: 1.85, False: 0.95}  # of the room, for a place with a mark and one without


@dataclass(frozen=True, slots=True)
class Mark:
    kind: MarkKind
    said: str  # "Aquí se perdió · 16 mar"


@dataclass(frozen=True, slots=True)
class Place:
    """A step of the process, or the handoff into one."""

    name: str
    marks: tuple[Mark, ...] = ()

    @property
    def sign(self) -> str:
        """Of several marks at one place the earliest in the story shows its shape."""
        return self.marks[0].kind if self.marks else "plain"


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    said: str
    css: str


@dataclass(frozen=True, slots=True)
class Knot:
    x: float
    shape: str  # an SVG path
    css: str
    title: str


@dataclass(frozen=True, slots=True)
class Stretch:
    path: str
    css: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: float
    stretches: tuple[Stretch, ...]
    knots: tuple[Knot, ...]
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """One place of the list for phones and for whoever does not see the drawing."""

    place: Place
    shape: str
    css: str
    is_frayed: bool


@dataclass(frozen=True, slots=True)
class ProcessLine:
    places: tuple[Place, ...]

    @property
    def frays_from(self) -> int | None:
        """From the place where it got lost on, the line is frayed."""
        marked = (at for at, place in enumerate(self.places) if _has(place, "lost"))
        return next(marked, None)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for place in self.places for mark in place.marks)

    @property
    def words(self) -> str:
        """The whole line in one sentence, for whoever does not see it."""
        said = (f"{mark.said}: {place.name}" for place in self.places for mark in place.marks)
        return "; ".join(said) or ", ".join(place.name for place in self.places)

    @property
    def drawings(self) -> tuple[tuple[str, Drawing], ...]:
        return ("wide", draw(self, WIDE)), ("middle", draw(self, MIDDLE))

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return tuple(_rung(self, at) for at in range(len(self.places)))


def _has(place: Place, kind: MarkKind) -> bool:
    return any(mark.kind == kind for mark in place.marks)


def draw(line: ProcessLine, width: int) -> Drawing:
    lefts, rooms = _columns(line.places, width)
    texts: list[Text] = []
    for place, left, room in zip(line.places, lefts, rooms, strict=True):
        texts += _labels(place, left, room)
    lowest = max((text.y for text in texts), default=LINE_Y)
    knots = tuple(_knot(line, at, left) for at, left in enumerate(lefts))
    return Drawing(width, lowest + 8, _stretches(line, lefts, width), knots, tuple(texts))


def _columns(places: Sequence[Place], width: int) -> tuple[list[float], list[float]]:
    """Where each place begins and how much room its words have."""
    shares = [SHARES[bool(place.marks)] for place in places]
    unit = (width - 2 * MARGIN) / (sum(shares) or 1)
    rooms = [share * unit for share in shares]
    lefts = [MARGIN + sum(rooms[:at]) for at in range(len(rooms))]
    return lefts, rooms


def _stretches(line: ProcessLine, lefts: list[float], width: int) -> tuple[Stretch, ...]:
    if not lefts:
        return ()
    end = min(lefts[-1] + TAIL * 2, width - MARGIN)
    turn = line.frays_from
    if turn is None:
        return (Stretch(f"M{lefts[0]:.1f} {LINE_Y}H{end:.1f}", "q-ok"),)
    whole = Stretch(f"M{lefts[0]:.1f} {LINE_Y}H{lefts[turn]:.1f}", "q-ok")
    return whole, Stretch(f"M{lefts[turn]:.1f} {LINE_Y}H{end:.1f}", "q-fray")


def _knot(line: ProcessLine, at: int, left: float) -> Knot:
    place = line.places[at]
    return Knot(left, shape_of(place.sign, left, LINE_Y), _css(line, at), place.name)


def _css(line: ProcessLine, at: int) -> str:
    sign = line.places[at].sign
    if sign != "plain":
        return f"q-{sign}"
    return "q-plain is-fray" if _is_frayed(line, at) else "q-plain"


def _is_frayed(line: ProcessLine, at: int) -> bool:
    turn = line.frays_from
    return turn is not None and at >= turn


def shape_of(sign: str, x: float, y: float) -> str:
    """Lost: a disc. Could be seen: an open square. The customer saw it: a diamond. Plain: a small ring."""
    if sign == "visible":
        return f"M{x - 7:.1f} {y - 7:.1f}h14v14h-14z"
    if sign == "seen":
        return f"M{x:.1f} {y - 10:.1f}l10 10l-10 10l-10 -10z"
    r = 8 if sign == "lost" else 5
    return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def _labels(place: Place, left: float, room: float) -> list[Text]:
    marked = bool(place.marks)
    if room < LEAST_LABEL and not marked:
        return []
    x = left - MARGIN + 2
    texts = [(words, "q-name" if marked else "q-quiet") for words in wrapped(place.name, room, bold=marked)]
    for mark in place.marks:
        texts += [(words, f"q-said q-said--{mark.kind}") for words in wrapped(mark.said, room, bold=True)]
    return [Text(x, FIRST_TEXT_Y + LEADING * at, said, css) for at, (said, css) in enumerate(texts)]


def wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    """In lines that fit; what is left over ends with an ellipsis (the whole name is in the list)."""
    most = max(int((room - 4) / (BOLD_LETTER if bold else LETTER)), 6)
    lines: list[str] = [""]
    for word in text.split(" "):  # a date keeps together by its unbreakable spaces
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= most or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    shown = [_cut(line, most) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown[-1] = _cut(shown[-1] + " …" if not shown[-1].endswith("…") else shown[-1], most)
    return shown


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _rung(line: ProcessLine, at: int) -> Rung:
    place = line.places[at]
    return Rung(place, shape_of(place.sign, 12, 12), _css(line, at), _is_frayed(line, at))
