"""Change one row only if it still is as the asker saw it: the state is tested in WHERE, never read first.

Of two people who act at once one wins, on PostgreSQL and on SQLite, where select_for_update() does nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilo.errors import RuleViolation, Stale

_SOMEBODY_ELSE = _("Somebody changed this while you were writing. Look at what changed and send it again.")


def move(
    row: Model,
    *,
    only_if: dict[str, object],
    refused: str | Promise,
    seen: int | None = None,
    reading: Any = (),
    **changes: Any,
) -> None:
    """Set ``changes`` on ``row`` if ``only_if`` still holds and nobody changed it since version ``seen``.

    Every model moved has a ``version``, which grows by one. Raises ``Stale`` when the version has moved on
    and ``RuleViolation(refused)`` when the state no longer allows it. ``row`` is fresh afterwards, and so are
    the relations named in ``reading``, with the same query.
    """
    manager = type(row)._default_manager
    where: dict[str, object] = {"pk": row.pk, **only_if}
    if seen is not None:
        where["version"] = seen
    moved = manager.filter(**where).update(**changes, version=F("version") + 1)
    row.refresh_from_db(from_queryset=manager.select_related(*reading) if reading else None)
    if moved:
        return
    still_allowed = manager.filter(pk=row.pk, **only_if).exists()
    raise Stale(_SOMEBODY_ELSE) if still_allowed else RuleViolation(refused)
