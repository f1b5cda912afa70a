"""Changing rows under two rules that every command here shares: only what differs, and never two alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise

from hilo.errors import RuleViolation
from hilo.ledger.moving import move
from hilo.parties.models import CompanyPolicy


def change(
    row: models.Model,
    wanted: Mapping[str, object],
    *,
    only_if: dict[str, object],
    refused: str | Promise,
    seen: int | None,
) -> tuple[str, ...]:
    """Set what differs from the row as it stands now and return those names; nothing if all is the same."""
    row.refresh_from_db()
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if different:
        move(row, only_if=only_if, refused=refused, seen=seen, **different)
    return tuple(sorted(different))


@contextmanager
def refusing_duplicates(sentence: str, *, field: str) -> Iterator[None]:
    """The database's own uniqueness decides, so that of two at once one gets the sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as duplicate:
        raise RuleViolation(sentence, field=field) from duplicate


def one_at_a_time() -> None:
    """Queue the rare commands whose rule reads many rows: the last administrator, a ring of merges.

    PostgreSQL locks the policy's row until the commit; SQLite has one writer anyway.
    """
    CompanyPolicy.objects.select_for_update().get(pk=1)
