"""Rows of many tables in one query: a thread's page reads two dozen of them and must stay quick."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import IntegerField, JSONField, QuerySet, Value
from django.db.models.functions import JSONObject


def together(*querysets: QuerySet[Any, Any]) -> list[list[Any]]:
    """The instances of each queryset, all fetched by one UNION ALL: each row travels as one JSON object.

    A queryset may say ``.only(...)``; what is left out is deferred. Rows come ordered by primary key. A slice
    is no part of a UNION: limit with ``pk__in=others[:n]``.
    """
    parts = [_as_json(place, queryset) for place, queryset in enumerate(querysets)]
    found: list[list[Any]] = [[] for _queryset in querysets]
    rows_of_all = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]
    for place, row in rows_of_all:
        model = querysets[place].model
        found[place].append(_instance(model, row if isinstance(row, dict) else json.loads(row)))
    for rows in found:
        rows.sort(key=lambda row: row.pk)
    return found


def _as_json(place: int, queryset: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    columns = {name: name for name in _columns(queryset)}
    return queryset.order_by().values_list(
        Value(place, output_field=IntegerField()), JSONObject(**columns), flat=False
    )


def _columns(queryset: QuerySet[Any, Any]) -> Sequence[str]:
    names, defer = queryset.query.deferred_loading
    fields = [field.attname for field in queryset.model._meta.concrete_fields]
    pk = queryset.model._meta.pk.attname
    plain = {_attname(queryset.model, name) for name in names}
    return [name for name in fields if name == pk or not names or (name in plain) != defer]


def _attname(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.attname)


def _instance(model: type[models.Model], row: dict[str, Any]) -> models.Model:
    # In the model's own order: PostgreSQL sorts the keys of an object its own way.
    fields = [field for field in model._meta.concrete_fields if field.attname in row]
    values = [_value(field, row[field.attname]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)


def _value(field: Any, value: Any) -> Any:
    """What JSON made of a column, back as its own type: SQLite says 1 for true and leaves out the zone."""
    if value is None:
        return None
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    if isinstance(field, models.BooleanField):
        return bool(value)
    if isinstance(field, models.DecimalField):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-(field.decimal_places or 0)))
    if isinstance(field, JSONField) and isinstance(value, str):
        return json.loads(value)
    return value
