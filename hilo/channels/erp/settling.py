"""Rows that came before what they belong to are taken up again when it has come (SPEC 12.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _

from hilo.channels.erp.applying import BATCH, OutOfTime, apply_group, keep_waiting
from hilo.channels.erp.grouping import Group, Grouped
from hilo.channels.erp.mapping import SourceMapping
from hilo.channels.erp.models import UnsettledRow
from hilo.channels.erp.reading import RawRow, Reader
from hilo.channels.erp.references import refs_of
from hilo.channels.erp.rows import Kind
from hilo.channels.erp.terms import NotYet, Terms
from hilo.errors import RuleViolation
from hilo.work.models import Thread

MOST_SENTENCE = 500
_ORDER = {kind.value: place for place, kind in enumerate(Kind)}


def settle_waiting(terms: Terms, *, is_over: Callable[[], bool]) -> int:
    """How many were settled. Again and again, for a settled order may settle its delivery."""
    settled = 0
    while found := _settle_round(terms, is_over):
        settled += found
    return settled


def _settle_round(terms: Terms, is_over: Callable[[], bool]) -> int:
    waiting = list(UnsettledRow.objects.filter(source=terms.source, sentence=""))
    waiting.sort(key=lambda row: (_ORDER[row.kind], row.pk))
    settled = 0
    for some in batched(waiting, BATCH):
        for row in _whose_need_has_come(some, terms):
            if is_over():
                raise OutOfTime
            settled += _settle(row, terms)
    return settled


def _whose_need_has_come(rows: Iterable[UnsettledRow], terms: Terms) -> list[UnsettledRow]:
    some = list(rows)
    here = refs_of(terms, [(row.needs_kind, row.needs_id) for row in some if row.needs_kind != "thread"])
    threads = [int(row.needs_id) for row in some if row.needs_kind == "thread"]
    awake = set(Thread.objects.filter(pk__in=threads).exclude(state="paused").values_list("pk", flat=True))
    return [
        row
        for row in some
        if (row.needs_kind, row.needs_id) in here
        or (row.needs_kind == "thread" and int(row.needs_id) in awake)
    ]


def _settle(row: UnsettledRow, terms: Terms) -> bool:
    """Whether anything moved: settled, refused, or waiting for something else now."""
    group = group_of(row, terms.mapping, terms.now)
    if group is None:
        return _refuse(row, _why_unreadable(row, terms))
    try:
        apply_group(group, terms, is_waiting=True)
    except NotYet as need:
        is_other = (need.kind, need.external_id) != (row.needs_kind, row.needs_id)
        if is_other:
            keep_waiting(group, need, terms, row.file)
        return is_other
    except RuleViolation as refusal:
        return _refuse(row, str(refusal))
    return True


def _refuse(row: UnsettledRow, sentence: str) -> bool:
    """It stays, with the reason, until the ERP sends a corrected one."""
    UnsettledRow.objects.filter(pk=row.pk).update(sentence=sentence[:MOST_SENTENCE])
    return True


def group_of(row: UnsettledRow, mapping: SourceMapping, now: datetime) -> Group[Any] | None:
    """The rows as they would be read today; None when the mapping no longer fits them."""
    return next(Grouped.of(Kind(row.kind), _read(row, mapping, now)).groups(), None)


def _read(row: UnsettledRow, mapping: SourceMapping, now: datetime) -> list[Any]:
    kind = Kind(row.kind)
    columns = next((each.columns for each in mapping.files if each.kind is kind), {})
    reader = Reader(mapping, kind, columns, now)
    return [reader.read(RawRow(each["number"], each["cells"])) for each in row.rows]


def _why_unreadable(row: UnsettledRow, terms: Terms) -> str:
    refused = Grouped.of(Kind(row.kind), _read(row, terms.mapping, terms.now)).refused
    return refused[0].reason if refused else _("The mapping no longer fits these rows.")


def overdue(terms: Terms) -> list[UnsettledRow]:
    """Waiting for longer than the mapping allows and not told yet; refused ones at once."""
    since = terms.now - timedelta(days=terms.mapping.report_after_days)
    untold = UnsettledRow.objects.filter(source=terms.source, told_at=None)
    return [row for row in untold.order_by("pk") if row.sentence or row.first_seen_at <= since]
