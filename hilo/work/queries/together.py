"""Rows of many tables in one query: a thread's page reads two dozen of them and must stay quick."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import IntegerField, JSONField, QuerySet, Value
from django.db.models.base import ModelState
from django.db.models.functions import JSONArray

from hilo.prepared import Prepared

type _Read = Callable[[list[Any]], list[list[Any]]]
type _AsItWas = Callable[[Any], Any]


def together(*querysets: QuerySet[Any, Any]) -> list[list[Any]]:
    """The instances of each queryset, all fetched by one UNION ALL: each row travels as one JSON array.

    A queryset may say ``.only(...)``; what is left out is deferred. Rows come ordered by primary key. A slice
    is no part of a UNION: limit with ``pk__in=others[:n]``.
    """
    rows, read = _union(querysets)
    return read(list(rows))


class Together(Prepared):
    """The same for a function that builds the querysets, whose SQL is then made once (see ``Prepared``)."""

    def asked(self, built: Sequence[QuerySet[Any, Any]]) -> Sequence[tuple[QuerySet[Any, Any], _Read]]:
        return [_union(built)]


def _union(querysets: Sequence[QuerySet[Any, Any]]) -> tuple[QuerySet[Any, Any], _Read]:
    columns = [_columns(queryset) for queryset in querysets]
    parts = [
        _as_json(place, queryset, names)
        for place, (queryset, names) in enumerate(zip(querysets, columns, strict=True))
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]
    kinds = [(queryset.model, names) for queryset, names in zip(querysets, columns, strict=True)]
    makers = [_maker(model, names) for model, names in kinds]
    return rows, lambda found: _instances(found, makers)


def _as_json(place: int, queryset: QuerySet[Any, Any], columns: Sequence[str]) -> QuerySet[Any, Any]:
    return queryset.order_by().values_list(
        Value(place, output_field=IntegerField()), JSONArray(*columns), flat=False
    )


def _instances(rows: list[Any], makers: Sequence[Callable[[list[Any]], Any]]) -> list[list[Any]]:
    found: list[list[Any]] = [[] for _maker in makers]
    for place, row in rows:
        found[place].append(makers[place](row if isinstance(row, list) else json.loads(row)))
    for instances in found:
        instances.sort(key=lambda instance: instance.pk)
    return found


def _columns(queryset: QuerySet[Any, Any]) -> list[str]:
    names, defer = queryset.query.deferred_loading
    fields = [field.attname for field in queryset.model._meta.concrete_fields]
    pk = queryset.model._meta.pk.attname
    plain = {_attname(queryset.model, name) for name in names}
    return [name for name in fields if name == pk or not names or (name in plain) != defer]


def _attname(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.attname)


def _maker(model: type[models.Model], names: list[str]) -> Callable[[list[Any]], Any]:
    """As ``Model.from_db``, without sorting out arguments for each row: a list has a thousand."""
    of = {field.attname: field for field in model._meta.concrete_fields}
    changed = [(place, make) for place, name in enumerate(names) if (make := _as_it_was(of[name]))]

    def instance(values: list[Any]) -> Any:
        for place, make in changed:
            if values[place] is not None:
                values[place] = make(values[place])
        found = model.__new__(model)
        found._state = ModelState()
        found._state.adding, found._state.db = False, "default"
        found.__dict__.update(zip(names, values, strict=True))  # what is left out is deferred
        return found

    return instance


def _as_it_was(field: Any) -> _AsItWas | None:
    """What JSON made of a column, back as its own type; None where JSON changed nothing."""
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return date.fromisoformat
    if isinstance(field, models.BooleanField):
        return bool  # SQLite says 1 for true
    if isinstance(field, models.DecimalField):
        step = Decimal(1).scaleb(-(field.decimal_places or 0))
        return lambda value: Decimal(str(value)).quantize(step)
    if isinstance(field, JSONField):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    return None


def _moment(value: str) -> datetime:
    """SQLite leaves out the zone."""
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
