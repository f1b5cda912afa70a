"""What an import will do with a row, said before it is done: the preview counts it, applying obeys it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hilo.channels.imports.fields import ImportedRow, Source
from hilo.parties.actor import Actor
from hilo.parties.models import Delegation, ExternalRef, Person


class Fate(StrEnum):
    ADD = "add"
    LINK = "link"
    """It is here already, typed by hand or from another system: known from now on, not made twice."""
    CHANGE = "change"
    SAME = "same"
    SKIP = "skip"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a whole import. ``owner`` keeps the customers, and owns what nobody here owns."""

    source: Source
    by: Actor
    owner: Person
    delegation: Delegation
    now: datetime
    with_closed: bool = False
    own_delegation: bool = False
    """Whether ``delegation`` was said: then threads are opened there and not where their customer is."""


@dataclass(frozen=True, slots=True)
class Decision[R: ImportedRow]:
    """``target``: what it is here. ``why``: the sentence of a refusal (with its ``field``), or of a skip."""

    row: R
    fate: Fate
    ref: ExternalRef | None = None
    target: int = 0
    target_name: str = ""
    changed: frozenset[str] = frozenset()
    why: str = ""
    field: str = ""


class Applier[R: ImportedRow](Protocol):
    def decide(self, rows: Sequence[R]) -> Iterator[Decision[R]]: ...

    def perform(self, decision: Decision[R]) -> None:
        """Call the commands; only for what is added, linked or changed."""

    def flush(self) -> None:
        """Write what ``perform`` kept for the end of the batch."""
