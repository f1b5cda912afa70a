"""What I owe: the rows of Mi día. Each noun registers its own; the screen orders them by consequence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hilo.parties.actor import Actor
from hilo.parties.modules import of_what_is_on
from hilo.work.models import Thread


class OwedTo(StrEnum):
    CUSTOMER = "customer"
    AREA = "area"
    SELF = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing a person owes. ``thread`` comes with its customer; ``label`` is the thing's own text."""

    kind: str  # "give_news", "answer_handoff", "do_step", "keep_promise", "settle_loose_end", ...
    type: str
    id: int
    version: int
    label: str
    due: datetime
    to: OwedTo
    thread: Thread
    whom: str = ""  # the name of the person or area waiting
    covers: str = ""  # the absent person in whose stead


OWED: list[Callable[[Actor, datetime], Iterable[Owed]]] = []


def owed[F: Callable[[Actor, datetime], Iterable[Owed]]](source: F) -> F:
    OWED.append(source)
    return source


def owed_by(actor: Actor, *, now: datetime) -> list[Owed]:
    """Everything the actor owes today, the earliest due first; a constant number of queries per source."""
    found = [each for source in of_what_is_on(OWED) for each in source(actor, now)]
    return sorted(found, key=lambda each: (each.due, each.type, each.id))
