"""Elements built from text that is never trusted: what is not ``Markup`` is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

# What no HTML document may hold, whatever the log says: controls, lone surrogates, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_VOID = frozenset({"meta", "br", "input", "col"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


type Child = str | Iterable[Child] | None
type Value = str | int | float | bool | None


def printable(value: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", value)


def text(value: str) -> Markup:
    return value if isinstance(value, Markup) else Markup(escape(printable(value)))


def join(*children: Child) -> Markup:
    return Markup("".join(_flat(children)))


def _flat(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, str):
            yield text(child)
        elif child is not None:
            yield from _flat(child)


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """``class_`` is class, ``data_l`` is data-l; True is one without a value, None and False none."""
    opening = f"<{name}{''.join(_attribute(*pair) for pair in attributes.items())}>"
    return Markup(opening if name in _VOID else f"{opening}{join(children)}</{name}>")


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    if isinstance(value, float):
        value = f"{value:.1f}".removesuffix(".0")
    return f' {name}="{text(str(value))}"'
