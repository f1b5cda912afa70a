"""What the rows of Mi día say beyond their own text: who gives, what is missing, why it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from hilo.work.models import Ask, Handoff, HandoffItem, LooseEnd
from hilo.work.owed import Owed


@dataclass(frozen=True, slots=True)
class Details:
    """By primary key; ``gaps`` counts what a handoff's giver has not completed."""

    handoffs: Mapping[int, Handoff] = field(default_factory=dict)
    gaps: dict[int, int] = field(default_factory=dict)
    asks: dict[int, Ask] = field(default_factory=dict)
    loose_ends: dict[int, LooseEnd] = field(default_factory=dict)


def details_of(rows: Iterable[Owed]) -> Details:
    """Three queries, however many rows. Only rows the actor owes may be passed: they are visible to them."""
    ids: dict[str, list[int]] = {"handoff": [], "ask": [], "loose_end": []}
    for row in rows:
        if row.type in ids:
            ids[row.type].append(row.id)
    missing = Count("items", filter=~Q(items__state=HandoffItem.State.COMPLETE))
    handoffs = list(
        Handoff.objects.filter(pk__in=ids["handoff"])
        .select_related("giver", "from_area", "to_area", "step_run", "answered_by")
        .annotate(gap_count=missing)
    )
    return Details(
        handoffs={each.pk: each for each in handoffs},
        gaps={each.pk: each.gap_count for each in handoffs},
        asks=Ask.objects.select_related("from_area").in_bulk(ids["ask"]),
        loose_ends=LooseEnd.objects.select_related("pinned_by").in_bulk(ids["loose_end"]),
    )
