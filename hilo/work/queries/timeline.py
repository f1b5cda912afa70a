"""The story of a thread, page by page, with everything its sentences name (SPEC 2.7).

Three queries a page however long the story is: the events, their private texts, and all names together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from hilo.ledger.models import LedgerEvent, Place
from hilo.ledger.reading import events_of_customer, events_of_thread, open_texts
from hilo.parties.models import Area, Contact, Person
from hilo.work.models import (
    AffectedGroup,
    Ask,
    Deliverable,
    Document,
    Handoff,
    LooseEnd,
    Order,
    Promise,
    Requirement,
    StepRun,
    Thread,
    Update,
)
from hilo.work.queries.together import Together

PER_PAGE = 50

# Which facts of an event's payload are ids of what; a subject is known by its type.
_NAMED: dict[str, frozenset[str]] = {
    "person": frozenset(
        (
            *("owner", "holder", "giver", "taker", "to_person", "from_person", "leaver", "caretaker"),
            *("old_holder", "new_holder", "old_owner", "new_owner", "old_person", "new_person"),
            *("readers", "heads"),
        )
    ),
    "contact": frozenset({"contact", "contacts"}),
    "area": frozenset({"area", "from_area", "to_area", "old_area", "new_area"}),
    "step_run": frozenset({"step_run"}),
    "deliverable": frozenset({"deliverable"}),
    "thread": frozenset({"other"}),
}
_KINDS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "person": (Person, ("name",)),
    "contact": (Contact, ("name", "role", "erased_at")),
    "area": (Area, ("name",)),
    "step_run": (StepRun, ("name", "area")),
    "handoff": (Handoff, ("step_run", "state", "respond_by", "version")),
    "promise": (Promise, ("text", "state", "due_at", "due_is_day", "contact", "version")),
    "deliverable": (Deliverable, ("name", "state")),
    "loose_end": (LooseEnd, ("text", "settled_at")),
    "ask": (Ask, ("what", "from_area", "to_area", "state")),
    "requirement": (Requirement, ("text",)),
    "affected_group": (AffectedGroup, ("name",)),
    "document": (Document, ("name",)),
    "order": (Order, ("number", "text", "state")),
    "update": (Update, ("mail", "channel")),
    "thread": (Thread, ("code", "title", "is_confidential")),
}


@dataclass(slots=True)
class Names:
    """Rows by kind and id; what was asked for and does not exist any more is missing."""

    rows: dict[tuple[str, int], Any] = field(default_factory=dict)

    def get(self, kind: str, pk: object) -> Any:
        return self.rows.get((kind, pk)) if isinstance(pk, int) else None


@dataclass(slots=True)
class StoryPage:
    """Newest first. ``older`` is where the next page begins; None when this is the last one."""

    events: list[LedgerEvent]
    texts: dict[int, str | None]
    names: Names
    older: Place | None


def story_of_thread(
    thread_id: int,
    *,
    kinds: Collection[str],
    before: Place | None = None,
    area_id: int | None = None,
    limit: int = PER_PAGE,
) -> StoryPage:
    areas = None if area_id is None else [area_id]
    return _told(events_of_thread([thread_id], before, limit + 1, kinds, area_ids=areas), limit)


def story_of_customer(
    customer_ids: Collection[int],
    *,
    kinds: Collection[str],
    before: Place | None = None,
    area_id: int | None = None,
    without_threads: Collection[int] = (),
    limit: int = PER_PAGE,
) -> StoryPage:
    """Over all threads but those the reader may not see (``without_threads``)."""
    areas = None if area_id is None else [area_id]
    events = events_of_customer(
        customer_ids, before, limit + 1, kinds, area_ids=areas, without_threads=without_threads
    )
    return _told(events, limit)


def _told(events: list[LedgerEvent], limit: int) -> StoryPage:
    shown = events[:limit]
    older = shown[-1].place if len(events) > limit else None
    return StoryPage(shown, open_texts(shown), names_in(shown), older)


def names_in(events: Iterable[LedgerEvent]) -> Names:
    """What the sentences about these events name: people, areas, steps, promises; in one query."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for event in events:
        for kind, pk in _named_by(event):
            wanted[kind].add(pk)
    return fetch_names(wanted)


def fetch_names(wanted: dict[str, set[int]]) -> Names:
    if not any(wanted.values()):
        return Names()
    found = _rows_named(**{kind: wanted.get(kind) or set() for kind in _KINDS})
    return Names({(kind, row.pk): row for kind, rows in zip(_KINDS, found, strict=True) for row in rows})


def _named_rows(**wanted: set[int]) -> list[QuerySet[Any, Any]]:
    return [_rows(kind, wanted) for kind in _KINDS]


_rows_named = Together(_named_rows)


def _rows(kind: str, wanted: dict[str, set[int]]) -> QuerySet[Any, Any]:
    model, columns = _KINDS[kind]
    is_wanted = Q(pk__in=wanted[kind])
    if kind == "step_run":  # the step that a handoff moves is what people call it
        is_wanted |= Q(pk__in=Handoff.objects.filter(pk__in=wanted["handoff"]).values("step_run"))
    rows: QuerySet[Any, Any] = model._default_manager.filter(is_wanted).only(*columns)
    return rows


def _named_by(event: LedgerEvent) -> Iterator[tuple[str, int]]:
    if event.author_id is not None and event.author_kind in ("person", "contact", "import"):
        yield ("contact" if event.author_kind == "contact" else "person"), event.author_id
    if event.area_id is not None:
        yield "area", event.area_id
    if event.subject_type in _KINDS:
        yield event.subject_type, event.subject_id
    facts = event.facts
    for kind, names in _NAMED.items():
        for name in names & facts.keys():
            yield from ((kind, pk) for pk in _ids(facts[name]))


def _ids(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def last_change(object_type: str, object_id: int, thread_id: int) -> LedgerEvent | None:
    """The newest event of an object; of a thread, the newest one on it."""
    if object_type == "thread":
        return LedgerEvent.objects.filter(thread_id=thread_id).order_by("-occurred_at", "-id").first()
    return LedgerEvent.objects.filter(chain=f"{object_type}:{object_id}").order_by("-seq").first()
