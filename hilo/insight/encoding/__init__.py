"""A table whose columns are known into an event log: codes, instants, sorted once."""

from __future__ import annotations

from collections.abc import Mapping

from hilo.insight.encoding.building import Building
from hilo.insight.log import EventLog
from hilo.insight.mapping.looking import forget_long_columns
from hilo.insight.raw import RawTable, Role
from hilo.insight.results import Taken

__all__ = ["encode"]


def encode(raw: RawTable, columns: Mapping[Role, Taken], *, zone: str | None = None) -> EventLog:
    """Rows without a case, an activity or a plausible time are left out; the log's notes count them and name
    one. Times that say no zone are those of ``zone``, else of Madrid where the columns speak Spanish, else
    UTC. Raises Unreadable where nothing is left, or all of it happened at one moment."""
    log = Building(raw, {role: taken.column for role, taken in columns.items()}, zone).log()
    forget_long_columns()
    return log
