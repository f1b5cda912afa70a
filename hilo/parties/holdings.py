"""What a person holds: absence, departure and merge ask every package through this registry (SPEC 9.8).

A package adds its kinds at start-up (``apps.ready``); ``parties`` knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hilo.parties.actor import Actor
from hilo.parties.models import Person


@dataclass(frozen=True, slots=True)
class Holding:
    """``count`` says how many the person holds; ``pass_on`` gives them all to the caretaker, recorded."""

    kind: str
    count: Callable[[Person], int]
    pass_on: Callable[..., int]  # (leaver, caretaker, *, by: Actor, now: datetime) -> how many


HOLDINGS: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    HOLDINGS[holding.kind] = holding


def pass_on_everything(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> dict[str, int]:
    return {kind: holding.pass_on(leaver, caretaker, by=by, now=now) for kind, holding in HOLDINGS.items()}
