"""The groups of a file, one transaction each: taken, known already, kept waiting, or refused."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import batched
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from hilo.channels.erp.appliers import APPLIERS
from hilo.channels.erp.grouping import Group
from hilo.channels.erp.models import UnsettledRow
from hilo.channels.erp.references import NOTHING, Mark, refs_of
from hilo.channels.erp.rows import Kind
from hilo.channels.erp.terms import NotYet, Terms
from hilo.channels.imports.refused import RefusedRow
from hilo.errors import RuleViolation
from hilo.ledger.record import recorded_so_far

BATCH = 200
MOST_ATTEMPTS = 5


class Fate(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    PASSED = "passed"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass
class Tally:
    """In rows. ``refused`` names rows of the file, with their sentences."""

    rows: Counter[Fate] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)

    def add(self, fate: Fate, group: Group[Any]) -> None:
        self.rows[fate] += len(group.rows)


class OutOfTime(Exception):
    """The rest of the file is for the next run, which finds here what this one did."""


def take_groups(
    groups: Iterable[Group[Any]],
    terms: Terms,
    *,
    kind: Kind,
    file: str,
    columns: dict[str, str],
    is_over: Callable[[], bool],
    tell: Callable[[int], None],
) -> Tally:
    tally, waiting, done = Tally(), _waiting(terms, kind), 0
    for some in batched(groups, BATCH):
        for group, is_known in _with_what_is_known(some, terms, kind):
            if is_over():
                raise OutOfTime
            if is_known or _waits_already(group, waiting, kind):
                tally.add(Fate.SAME if is_known else Fate.WAITING, group)
            else:
                tally.add(_take(group, terms, tally, file, columns, is_waiting=group.key in waiting), group)
            done += len(group.rows)
            tell(done)
    return tally


def _waiting(terms: Terms, kind: Kind) -> dict[str, tuple[str, bool]]:
    rows = UnsettledRow.objects.filter(source=terms.source, kind=kind)
    return {
        key: (digest, bool(sentence))
        for key, digest, sentence in rows.values_list("key", "digest", "sentence")
    }


def _waits_already(group: Group[Any], waiting: dict[str, tuple[str, bool]], kind: Kind) -> bool:
    digest, is_refused = waiting.get(group.key, ("", True))
    return not is_refused and APPLIERS[kind].mark(group).changes_nothing(Mark.read(digest))


def _with_what_is_known(
    groups: Iterable[Group[Any]], terms: Terms, kind: Kind
) -> Iterator[tuple[Group[Any], bool]]:
    """Each with whether its rows came before just as they are: one query for the whole batch."""
    some, applier = list(groups), APPLIERS[kind]
    refs = refs_of(terms, [(applier.ref, group.key) for group in some])
    for group in some:
        ref = refs.get((applier.ref, group.key))
        stands = ref is not None and (ref.object_id != NOTHING or kind is Kind.DELIVERIES)
        yield group, stands and applier.mark(group).changes_nothing(Mark.read(ref.row_digest if ref else ""))


def _take(
    group: Group[Any],
    terms: Terms,
    tally: Tally,
    file: str,
    columns: dict[str, str],
    *,
    is_waiting: bool,
) -> Fate:
    try:
        return apply_group(group, terms, is_waiting=is_waiting)
    except NotYet as need:
        keep_waiting(group, need, terms, file)
        return Fate.WAITING
    except RuleViolation as refusal:
        tally.refused += _refusals(group, refusal, columns)
        return Fate.REFUSED


def _refusals(group: Group[Any], refusal: RuleViolation, columns: dict[str, str]) -> list[RefusedRow]:
    column = columns.get(refusal.field or "", "")
    said = _("Row %(row)s, column “%(column)s”: %(why)s") if column else _("Row %(row)s: %(why)s")
    return [
        RefusedRow(raw.number, column, said % {"row": raw.number, "column": column, "why": refusal})
        for raw in group.raws
    ]


def apply_group(group: Group[Any], terms: Terms, *, is_waiting: bool) -> Fate:
    """In one transaction, begun again when another writer was in the way; raises NotYet and RuleViolation."""
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _applied(group, terms, is_waiting=is_waiting)
        except (OperationalError, IntegrityError) as error:
            if attempt == MOST_ATTEMPTS or not _worth_another_try(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)
    raise AssertionError("unreachable")


def _worth_another_try(error: DatabaseError) -> bool:
    """Not what will fail again: a full disk, a lost connection."""
    if isinstance(error, IntegrityError):
        return True
    cause = error.__cause__
    locked = getattr(cause, "sqlite_errorcode", 0) & 0xFF in (5, 6)
    return locked or getattr(cause, "sqlstate", None) in ("40P01", "40001", "55P03")


def _applied(group: Group[Any], terms: Terms, *, is_waiting: bool) -> Fate:
    applier, before = APPLIERS[group.kind], recorded_so_far()
    known = refs_of(terms, [(applier.ref, group.key)]).get((applier.ref, group.key))
    was_here = known is not None and (known.object_id != NOTHING or group.kind is Kind.DELIVERIES)
    is_made = applier.take(group, terms)
    if is_waiting:
        UnsettledRow.objects.filter(source=terms.source, kind=group.kind, key=group.key).delete()
    if not is_made:
        return Fate.PASSED
    if not was_here:
        return Fate.ADDED
    return Fate.CHANGED if recorded_so_far() > before else Fate.SAME


def keep_waiting(group: Group[Any], need: NotYet, terms: Terms, file: str) -> None:
    """Until what it needs has come. An older row never takes the place of a newer one that waits."""
    mark = APPLIERS[group.kind].mark(group)
    with transaction.atomic():
        row, is_new = UnsettledRow.objects.get_or_create(
            source=terms.source,
            kind=group.kind,
            key=group.key,
            defaults={
                "digest": str(mark),
                "needs_kind": need.kind,
                "needs_id": need.external_id,
                "rows": [{"number": raw.number, "cells": raw.cells} for raw in group.raws],
                "file": file[:255],
                "first_seen_at": terms.now,
            },
        )
        known = Mark.read(row.digest)
        if is_new or (not row.sentence and known.text != mark.text and mark.changes_nothing(known)):
            return
        row.digest, row.needs_kind, row.needs_id = str(mark), need.kind, need.external_id
        row.rows = [{"number": raw.number, "cells": raw.cells} for raw in group.raws]
        row.file, row.sentence = file[:255], ""
        row.save()
