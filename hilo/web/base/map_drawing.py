"""The thread's map as SVG, and as the list that a phone shows: a drawing of a hundred small pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from django.utils.safestring import SafeString

from hilo.web.base import drawn
from hilo.web.base.drawn import Here
from hilo.web.base.strand_map import Label, Map, Rung


def map_drawn(name: str, picture: Map, words: str, today: str) -> SafeString:
    """``words`` say to the ear what the picture shows."""
    pieces = "\n".join((_axis(picture), _traces(picture), _above(picture), _below(picture), _knots(picture)))
    size = f"{_n(picture.width)} {_n(picture.height)}"
    return SafeString(
        f'<svg class="h-map__{name}" viewBox="0 0 {size}" role="img" aria-label="{escape(words)}">'
        f"{pieces}{_today(picture, today)}</svg>"
    )


def _n(number: float) -> str:
    """12.5, and 12 for 12.0: whatever the language, an attribute has a point."""
    return f"{number:.1f}".removesuffix(".0")


def _text(x: float, y: float, said: str, css: str, more: str = "") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}"{more} class="{css}">{escape(said)}</text>'


def _axis(picture: Map) -> str:
    ticks = "".join(
        f'<path class="axis" d="M{_n(tick.x)} {_n(picture.axis_y)}v6"/>'
        f"{_text(tick.x, picture.text_y, tick.text, 't2', ' dx="4"')}"
        for tick in picture.ticks
    )
    return f'<path class="axis" d="M0 {_n(picture.axis_y)}H{_n(picture.width)}"/>{ticks}'


def _traces(picture: Map) -> str:
    return "".join(
        f'<path class="{trace.css}" d="{trace.path}"'
        f"{f' stroke-dasharray="{trace.dashes}"' if trace.dashes else ''}/>"
        for trace in picture.traces
    )


def _above(picture: Map) -> str:
    return "".join(
        _leader(label, leader_y, picture) + _named(label, name_y, detail_y)
        for label, name_y, detail_y, leader_y in picture.placed_above
    )


def _leader(label: Label, y: float, picture: Map) -> str:
    if not label.leader_x:
        return ""
    return f'<path class="leader" d="M{_n(label.leader_x)} {_n(y)}V{_n(picture.loop_top)}"/>'


def _named(label: Label, name_y: float, detail_y: float) -> str:
    anchor = f' text-anchor="{label.anchor}"'
    detail = _text(label.x, detail_y, label.detail, "t2", anchor) if label.detail else ""
    return _text(label.x, name_y, label.text, "tb", anchor) + detail


def _below(picture: Map) -> str:
    return "".join(
        _text(label.x, y, label.text, _css(label), f' text-anchor="{label.anchor}"')
        for label, y in picture.placed_below
    )


def _css(label: Label) -> str:
    return "tf" if label.is_frayed else "t2" if label.is_quiet else "tb"


def _knots(picture: Map) -> str:
    return "".join(
        f'<path class="{knot.css}" d="{knot.shape}"><title>{escape(knot.title)}</title></path>'
        for knot in picture.knots
    )


def _today(picture: Map, said: str) -> str:
    if not picture.today_x:
        return ""
    line = f'<path class="today" d="M{_n(picture.today_x)} 4V{_n(picture.height)}"/>'
    return line + _text(picture.today_x, picture.text_y, said, "tb", ' dx="5"')


# ---- on a phone -----------------------------------------------------------------------------------------


def rungs_drawn(rungs: Iterable[Rung], here: Here) -> SafeString:
    return SafeString(f'<ol class="h-rungs">{"".join(_rungs(rungs, here))}</ol>')


def _rungs(rungs: Iterable[Rung], here: Here) -> Iterator[str]:
    for rung in rungs:
        strand = f'<span class="{rung.strand}" aria-hidden="true"></span>'
        if rung.gap:
            yield f'<li class="h-rung is-gap">{strand}<span class="h-gap">{escape(rung.name)}</span></li>'
        else:
            yield f'<li class="h-rung">{strand}{_step(rung, here)}</li>'


def _step(rung: Rung, here: Here) -> str:
    detail = f' <span class="h-2nd h-small">{escape(rung.detail)}</span>' if rung.detail else ""
    when = drawn.short_date(rung.when, here) if rung.when else ""
    return (
        f'<span class="h-rung__knot {rung.css}" aria-hidden="true"></span>'
        f"<span><b>{escape(rung.name)}</b>{detail}</span>"
        f'<span class="h-small h-2nd h-nowrap">{when}</span>'
    )
