"""Change one row only if it still is as the asker saw it: the state is tested in WHERE, never read first.

Of two people who act at once one wins, on PostgreSQL and on SQLite, where select_for_update() does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilo.errors import RuleViolation, Stale
from hilo.rows import Unwritable, change_row, read_again

_SOMEBODY_ELSE = _("Somebody changed this while you were writing. Look at what changed and send it again.")


def move(
    row: Model,
    *,
    only_if: dict[str, object],
    refused: str | Promise,
    seen: int | None = None,
    reading: Any = (),
    keeping: Any = (),
    **changes: Any,
) -> None:
    """Set ``changes`` on ``row`` if ``only_if`` still holds and nobody changed it since version ``seen``.

    Every model moved has a ``version``, which grows by one. Raises ``Stale`` when the version has moved on
    and ``RuleViolation(refused)`` when the state no longer allows it. ``row`` is fresh afterwards, and so are
    the relations named in ``reading``; those in ``keeping``, which the caller knows to be as they are in
    memory, stay in memory.
    """
    kept = {name: getattr(row, name) for name in keeping}
    where = only_if if seen is None else {**only_if, "version": seen}
    moved = _moved(row, where, changes)
    if reading:
        row.refresh_from_db(from_queryset=type(row)._default_manager.select_related(*reading))
    if not moved:
        read_again(row)
        still_allowed = type(row)._default_manager.filter(pk=row.pk, **only_if).exists()
        raise Stale(_SOMEBODY_ELSE) if still_allowed else RuleViolation(refused)
    for name, related in kept.items():
        setattr(row, name, related)


def _moved(row: Model, where: Mapping[str, object], changes: dict[str, Any]) -> bool:
    try:
        return change_row(row, changes, only_if=where, counting="version")
    except Unwritable:
        rows = type(row)._default_manager.filter(pk=row.pk, **where)
        moved = bool(rows.update(**changes, version=F("version") + 1))
        if moved:
            read_again(row)
        return moved
