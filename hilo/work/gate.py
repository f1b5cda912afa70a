"""What hangs on a thread and keeps it from the archive (SPEC 2.5). Each package registers its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from hilo.parties.modules import of_what_is_on
from hilo.work.models import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """One thing that must be settled first; ``type`` and ``id`` lead to its place on the screen."""

    kind: str  # "running_step", "pending_handoff", "open_promise", ...
    type: str
    id: int
    label: str
    due: datetime | None = None
    person_id: int | None = None
    excused: bool = False  # listed, but does not stop the archive (unread by somebody on leave)


HANGS: list[Callable[[Thread, datetime], Iterable[Hang]]] = []


def hangs[F: Callable[[Thread, datetime], Iterable[Hang]]](source: F) -> F:
    HANGS.append(source)
    return source


def what_hangs(thread: Thread, *, now: datetime) -> list[Hang]:
    """Everything that hangs, the earliest due first."""
    found = [hang for source in of_what_is_on(HANGS) for hang in source(thread, now)]
    return sorted(found, key=lambda hang: (hang.due is None, hang.due or now, hang.type, hang.id))
