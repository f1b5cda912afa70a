"""Columns that only join others: "Accepted-In Progress" beside "Accepted" and "In Progress", "fr-Anne"
beside "Anne"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hilo.insight.mapping.looking import Look

_ROWS = 800
_NEARLY_ALL = 0.99
_SEPARATOR = 3
_GLANCE = 8  # rows, after which most columns are done with
_FEW = 60


def labels(look: Look, whole: Sequence[str], parts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By each of ``whole`` that joins some of ``parts``: those."""
    values = {name: _some(look, name) for name in dict.fromkeys([*whole, *parts]) if look.is_text(name)}
    found = {name: _parts_of(name, values) for name in whole if name in values}
    return {name: joined for name, joined in found.items() if joined}


def _some(look: Look, name: str) -> list[str]:
    places = np.linspace(0, look.rows - 1, min(_ROWS, look.rows)).astype(np.int64)
    return look.texts(name, places)


def _parts_of(whole: str, values: dict[str, list[str]]) -> tuple[str, ...]:
    others = [name for name in values if name != whole]
    begins = [name for name in others if _affixed(values[whole], values[name], at_end=False)]
    ends = [name for name in others if _affixed(values[whole], values[name], at_end=True)]
    for first in begins:
        for second in ends:
            if first != second and _fill(values[whole], values[first], values[second]):
                return first, second
    prefixed = [name for name in ends if _few_before(values[whole], values[name])]
    return tuple(prefixed[:1])


def _affixed(whole: list[str], part: list[str], *, at_end: bool) -> bool:
    if len(whole) > _GLANCE and not _affixed(whole[:_GLANCE], part[:_GLANCE], at_end=at_end):
        return False
    pairs = zip(whole, part, strict=True)
    fits = [bool(b) and len(b) < len(a) and (a.endswith(b) if at_end else a.startswith(b)) for a, b in pairs]
    return sum(fits) >= _NEARLY_ALL * max(1, len(fits))


def _fill(whole: list[str], first: list[str], second: list[str]) -> bool:
    """Nothing but a separator stands between them."""
    between = [len(a) - len(b) - len(c) for a, b, c in zip(whole, first, second, strict=True)]
    return sum(0 <= size <= _SEPARATOR for size in between) >= _NEARLY_ALL * max(1, len(between))


def _few_before(whole: list[str], part: list[str]) -> bool:
    """What stands before it is one of a few: a country, a department."""
    before = {a[: len(a) - len(b)] for a, b in zip(whole, part, strict=True)}
    return 1 < len(before) <= _FEW
