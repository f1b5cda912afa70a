"""The mapping of the last import with the same columns is offered again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from hilo.channels.imports.fields import FIELDS, Source, What
from hilo.channels.imports.mapping import Mapping, guess_mapping
from hilo.channels.imports.tables import Table
from hilo.channels.models import RememberedMapping


def remembered_mapping(table: Table, what: What, source: Source) -> Mapping | None:
    row = RememberedMapping.objects.filter(what=what, source=source, columns_key=_key(table.columns)).first()
    if row is None:
        return None
    mapping = Mapping.from_json(row.mapping)
    known = {field.name for field in FIELDS[what]}
    fits = mapping.fits(table.columns) and all(choice.field in known for choice in mapping.choices)
    return mapping if fits else None


def first_mapping(table: Table, what: What, source: Source) -> Mapping:
    return remembered_mapping(table, what, source) or guess_mapping(table, what, source)


def remember_mapping(mapping: Mapping, now: datetime) -> None:
    RememberedMapping.objects.update_or_create(
        what=mapping.what,
        source=mapping.source,
        columns_key=_key(mapping.columns),
        defaults={"mapping": mapping.to_json(), "used_at": now},
    )


def _key(columns: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(sorted(columns)).encode("utf-8", "replace")).hexdigest()
