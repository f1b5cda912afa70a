"""Every activity code that the ledger knows, and the event class that carries it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hilo.ledger.record import Event

EVENT_KINDS: dict[str, type[Event]] = {}

_CODE = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")


def register(event_type: type[Event]) -> None:
    """Refuse a code that another class already carries: a code never changes its meaning."""
    kind = event_type.kind
    if not _CODE.fullmatch(kind) or len(kind) > 64:
        raise TypeError(f"{event_type.__qualname__}: {kind!r} is no activity code such as 'handoff.returned'")
    known = EVENT_KINDS.get(kind)
    # @dataclass(slots=True) builds the class a second time, so the same name may come twice.
    if known is not None and _name(known) != _name(event_type):
        raise TypeError(f"{_name(event_type)} and {_name(known)} both claim the activity code {kind!r}")
    EVENT_KINDS[kind] = event_type


def _name(event_type: type[Event]) -> str:
    return f"{event_type.__module__}.{event_type.__qualname__}"
