"""The small words of a screen as values: whose turn, which person, what state. Tags draw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

TurnKind = Literal["mine", "area", "wait", "customer", "supplier", "late"]
Tone = Literal["", "accent", "ok", "warn", "late"]
BorderState = Literal["draft", "waiting", "accepted", "returned", "withdrawn"]
DueState = Literal["late", "soon", "today", "ok", "kept"]

TURN_ICONS: dict[str, str] = {
    "mine": "user-check",
    "area": "users",
    "wait": "arrows-exchange",
    "customer": "building",
    "supplier": "truck",
    "late": "hand-stop",
}
DUE_ICONS: dict[str, str] = {
    "late": "alert-circle",
    "soon": "clock",
    "today": "clock",
    "ok": "calendar-due",
    "kept": "circle-check",
}


@dataclass(frozen=True)
class Turn:
    """Whose action is awaited. ``late`` wins over all others: its clock ran out.

    ``icon`` is the area's own when the turn is an area's; empty takes the kind's.
    """

    kind: TurnKind
    label: str
    icon: str = ""

    @property
    def sign(self) -> str:
        keeps_its_sign = self.kind in {"mine", "late", "customer"}
        return TURN_ICONS[self.kind] if keeps_its_sign or not self.icon else self.icon


@dataclass(frozen=True)
class PersonChip:
    """``detail`` stands after the name in grey (area, delegation, position). ``url`` makes it a link."""

    name: str
    detail: str = ""
    is_me: bool = False
    is_customer: bool = False
    url: str = ""

    @property
    def initials(self) -> str:
        return initials(self.name)


@dataclass(frozen=True)
class AreaChip:
    name: str
    icon: str = "users"


@dataclass(frozen=True)
class Status:
    """Always icon + word + colour."""

    label: str
    icon: str
    tone: Tone = ""


@dataclass(frozen=True)
class Stale:
    """Somebody else changed it first: who, what they did as a verb phrase, and where to see it."""

    who: str
    what: str
    url: str = ""


def initials(name: str) -> str:
    """Two letters at most; emoji, marks and particles in lower case do not count."""
    words = [word for word in name.split() if word[:1].isalnum()]
    capital = [word for word in words if not word[:1].islower()] or words
    return "".join(word[0] for word in _first_and_second(capital)).upper()


def _first_and_second(words: list[str]) -> Iterable[str]:
    return words[:2]
