"""What the rows of Mi día say beyond their own text: who gives, what is missing, why it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hilo.work.models import Ask, Handoff, LooseEnd
from hilo.work.owed import Owed


@dataclass(frozen=True, slots=True)
class Details:
    """By primary key; ``gaps`` counts what a handoff's giver has not completed."""

    handoffs: Mapping[int, Handoff] = field(default_factory=dict)
    gaps: dict[int, int] = field(default_factory=dict)
    asks: dict[int, Ask] = field(default_factory=dict)
    loose_ends: dict[int, LooseEnd] = field(default_factory=dict)


def details_of(rows: Iterable[Owed]) -> Details:
    """From the rows themselves: no query."""
    found: dict[str, dict[int, Any]] = {"handoff": {}, "ask": {}, "loose_end": {}}
    for row in rows:
        if row.type in found:
            found[row.type][row.id] = row.about
    handoffs = found["handoff"]
    return Details(
        handoffs=handoffs,
        gaps={pk: getattr(each, "gap_count", 0) for pk, each in handoffs.items()},
        asks=found["ask"],
        loose_ends=found["loose_end"],
    )
