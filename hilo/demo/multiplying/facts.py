"""Which fields of which events name an object: a copy of the event must name the object's copy.

Every whole number in an event is either the id of something, listed in ``NAMES``, or a count, listed in
``COUNTS``: a test asks it of every kind, so that a new one is not copied with ids of its model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import get_type_hints

from hilo.ledger.record import Event
from hilo.ledger.registry import EVENT_KINDS

_PEOPLE = (
    *("caretaker", "checker", "directors", "from_person", "giver", "heads", "holder", "keeper", "leaver"),
    *("new_holder", "new_owner", "new_person", "old_holder", "old_owner", "old_person", "owner", "people"),
    *("person", "readers", "substitute", "taker", "to_person"),
)
_SAME = ("case", "contact", "deliverable", "document_version", "invoice", "step_run", "update", "work_item")
_COMPANY = (
    *(
        "area",
        "areas",
        "calendar",
        "delegation",
        "draft",
        "from_area",
        "new_area",
        "old_area",
        "open_work_to",
    ),
    *("policy", "step", "successors", "template", "template_version", "to_area"),
)
NAMES: dict[str, str] = {
    **dict.fromkeys(_PEOPLE, "person"),
    **{name: name for name in _SAME},
    **dict.fromkeys(_COMPANY, "company"),  # the one company has them all: never another id
    "analysis": "analysis",
    "cases": "case",
    "contacts": "contact",
    "earlier": "case",
    "main": "case",
    "parent": "why",
    "promises": "promise",
    "roots": "why",
    "successor": "promise",
    "survivor": "customer",
    "thread.related.other": "thread",
    "case.thread_touched.other": "thread",
    "thread.process_moved.kept": "step_run",
    "thread.process_moved.planned": "step_run",
    "thread.process_moved.taken_out": "step_run",
    **{
        f"{kind}.{side}": "person"
        for kind in ("absence.substitute_changed", "action.passed", "ask.passed", "customer.keeper_changed")
        for side in ("old", "new")
    },
}
COUNTS = frozenset({
    *("affected_group.named.people", "allowed", "attempt", "columns", "count", "counts", "days", "depth"),
    *("diagnosis.finished.cases", "events", "exposures", "files", "findings", "from_number", "hanging"),
    *("left", "lines", "minutes", "number", "numbers", "passed", "position", "pushed"),
    *("recurrences", "retired", "run", "score", "size", "tacit_count", "to_number", "window_days"),
    "window_exposures",
})  # fmt: skip
TYPED = {"evidence_id": "evidence_type"}
"""An id whose type stands in another field."""

CODES = frozenset({"code", "number"})
"""Numbers that people say on the telephone, when they are text."""

KEYS = frozenset({"clock", "linked", "one", "other"})
"""Texts such as ``promise:12`` or ``news:2026-10-29T12:42:41+00:00``."""


@cache
def fields_of(kind: str) -> dict[str, str]:
    """Field name to what it is: ``moment``, ``day``, ``code``, ``key``, ``typed:field`` or an object's type.

    Left out is what stays as it is; sealed texts are known by their shape.
    """
    cls = EVENT_KINDS[kind]
    hints = get_type_hints(cls)
    roles = ((name, _role(kind, name, _parts(hints[name]))) for name in own_fields(cls))
    return {name: role for name, role in roles if role}


def own_fields(cls: type[Event]) -> Iterator[str]:
    common = {field.name for field in fields(Event)}
    return (field.name for field in fields(cls) if field.name not in common)


def unlisted_numbers() -> list[str]:
    """Whole numbers of events of which nobody has said whether they are ids or counts."""
    found = []
    for kind, cls in sorted(EVENT_KINDS.items()):
        hints = get_type_hints(cls)
        for name in own_fields(cls):
            listed = _is_count(kind, name) or _named(kind, name) or name in TYPED
            if int in _parts(hints[name]) and not listed:
                found.append(f"{kind}.{name}")
    return found


def _role(kind: str, name: str, parts: set[object]) -> str:
    if datetime in parts:
        return "moment"
    if date in parts:
        return "day"
    if int in parts:
        return _role_of_number(kind, name)
    if str in parts and name in CODES:
        return "code"
    return "key" if str in parts and name in KEYS else ""


def _role_of_number(kind: str, name: str) -> str:
    if name in TYPED:
        return f"typed:{TYPED[name]}"
    return "" if _is_count(kind, name) else _named(kind, name)


def _is_count(kind: str, name: str) -> bool:
    return f"{kind}.{name}" in COUNTS or (name in COUNTS and f"{kind}.{name}" not in NAMES)


def _named(kind: str, name: str) -> str:
    return NAMES.get(f"{kind}.{name}") or NAMES.get(name, "")


def _parts(hint: object) -> set[object]:
    """``tuple[int, ...] | None`` holds int; a nested tuple's parts count too."""
    inner = getattr(hint, "__args__", ())
    return {hint, *(part for each in inner for part in _parts(each))}
