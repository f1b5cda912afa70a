"""A two-sided Sankey: who hands over on the left, who receives on the right, a ribbon for each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hilo.insight.records import record
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.svg import drawing, fitted, label, spread_labels, width_of

_GAP, _BAR, _TOP = 9.0, 9.0, 8.0
_LINE = 17.0


@record
class Band:
    source: str
    target: str
    weight: int
    slow: bool


@record
class _Side:
    """Top and height of each unit's bar."""

    bars: Mapping[str, tuple[float, float]]


def sankey(
    bands: Sequence[Band],
    names: Mapping[str, str],
    number: Callable[[float], str],
    width: int,
    said: str,
) -> Markup:
    margin = min(170.0, width * 0.33)
    left, right = _weights(bands, names, source=True), _weights(bands, names, source=False)
    height = max(180.0, 46.0 * max(len(left), len(right)))
    scale = (height - 2 * _TOP - _GAP * (max(len(left), len(right)) - 1)) / sum(left.values())
    sources, targets = _side(left, scale, height), _side(right, scale, height)
    ribbons = _ribbons(bands, names, sources, targets, scale, (margin + _BAR, width - margin - _BAR))
    sides = (
        _bars(sources, left, names, number, margin, end="end"),
        _bars(targets, right, names, number, width - margin - _BAR, end="start", room=margin),
    )
    return drawing(width, height, said, ribbons, sides, class_="draw sankey")


def _weights(bands: Sequence[Band], names: Mapping[str, str], *, source: bool) -> dict[str, int]:
    weights = dict.fromkeys(names, 0)
    for band in bands:
        weights[band.source if source else band.target] += band.weight
    return {unit: weight for unit, weight in weights.items() if weight}


def _side(weights: Mapping[str, int], scale: float, height: float) -> _Side:
    whole = sum(weights.values()) * scale + _GAP * (len(weights) - 1)
    edge = (height - whole) / 2
    bars = dict[str, tuple[float, float]]()
    for unit, weight in weights.items():
        bars[unit] = (edge, weight * scale)
        edge += weight * scale + _GAP
    return _Side(bars)


def _ribbons(
    bands: Sequence[Band],
    names: Mapping[str, str],
    sources: _Side,
    targets: _Side,
    scale: float,
    ends: tuple[float, float],
) -> Markup:
    place = {unit: number for number, unit in enumerate(names)}
    used_left = dict.fromkeys(names, 0.0)
    used_right = dict.fromkeys(names, 0.0)
    drawn = list[tuple[bool, Markup]]()
    for band in sorted(bands, key=lambda band: (place[band.source], place[band.target])):
        thick = band.weight * scale
        y1 = sources.bars[band.source][0] + used_left[band.source]
        y2 = targets.bars[band.target][0] + used_right[band.target]
        used_left[band.source] += thick
        used_right[band.target] += thick
        title = tag("title", f"{names[band.source]} → {names[band.target]}: {band.weight}")
        shape = tag(
            "path", title, d=_ribbon(ends, y1, y2, thick), class_="ribbon slow" if band.slow else "ribbon"
        )
        drawn.append((band.slow, shape))
    return join(shape for _slow, shape in sorted(drawn, key=lambda pair: pair[0]))


def _ribbon(ends: tuple[float, float], y1: float, y2: float, thick: float) -> str:
    (x1, x2), middle = ends, sum(ends) / 2
    thick = max(thick, 0.8)
    return (
        f"M{x1:.0f} {y1:.1f}C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2:.0f} {y2:.1f}"
        f"v{thick:.1f}C{middle:.0f} {y2 + thick:.1f} {middle:.0f} {y1 + thick:.1f} {x1:.0f} {y1 + thick:.1f}z"
    )


def _bars(
    side: _Side,
    weights: Mapping[str, int],
    names: Mapping[str, str],
    number: Callable[[float], str],
    x: float,
    *,
    end: str,
    room: float | None = None,
) -> Markup:
    middles = [top + high / 2 for top, high in side.bars.values()]
    places = spread_labels(middles, _LINE)
    at = x - 6 if end == "end" else x + _BAR + 6
    space = (room or x) - 12
    shapes = list[Markup]()
    for unit, middle in zip(side.bars, places, strict=True):
        top, high = side.bars[unit]
        words = _words(names[unit], number(weights[unit]), space)
        shapes.append(tag("rect", x=x, y=top, width=_BAR, height=max(high, 1.0), class_="unit"))
        shapes.append(label(at, middle + 4, words, text_anchor=end))
    return join(shapes)


def _words(name: str, figure: str, room: float) -> str:
    """The name before the figure, where there is no room for both."""
    both = f"{name} · {figure}"
    if width_of(both) <= room or room > 140:
        return f"{fitted(name, room - width_of(f' · {figure}'))} · {figure}"
    return fitted(name, room)
