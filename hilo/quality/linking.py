"""What a case can be about: things of a thread, named by type and id as in the ledger.

Each package adds its own (invoice lines live above this one); the answer is the thread the thing stands on,
so that nobody links what lies elsewhere by changing an id.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from hilo.work.models import (
    Deliverable,
    Document,
    Handoff,
    Note,
    Order,
    OrderLine,
    Promise,
    Requirement,
    StepRun,
    Update,
)

type ThreadOf = Callable[[int], int | None]

LINKABLE: dict[str, ThreadOf] = {}


def linkable(type: str, thread_of: ThreadOf) -> None:
    LINKABLE[type] = thread_of


def thread_of_linked(type: str, object_id: int) -> int | None:
    """None when there is no such thing, or no case can be about that type."""
    thread_of = LINKABLE.get(type)
    return thread_of(object_id) if thread_of else None


def by_column(model: type[Model], column: str) -> ThreadOf:
    def thread_of(object_id: int) -> int | None:
        found: Any = model._default_manager.filter(pk=object_id).values_list(column, flat=True)
        return found.first()  # type: ignore[no-any-return]

    return thread_of


for _type, _model in {
    "order": Order,
    "promise": Promise,
    "handoff": Handoff,
    "requirement": Requirement,
    "deliverable": Deliverable,
    "document": Document,
    "step_run": StepRun,
    "note": Note,
    "update": Update,
}.items():
    linkable(_type, by_column(_model, "thread_id"))
linkable("order_line", by_column(OrderLine, "order__thread_id"))
