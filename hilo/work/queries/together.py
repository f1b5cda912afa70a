"""Rows of many tables in one query: a thread's page reads two dozen of them and must stay quick."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from django.db import connection, models
from django.db.models import IntegerField, JSONField, QuerySet, TextField, Value
from django.db.models.base import ModelState
from django.db.models.functions import JSONArray

from hilo.prepared import Prepared

_CENT = Decimal("0.01")

type _Read = Callable[[Sequence[tuple[int, Any]]], list[list[Any]]]
_PK = itemgetter(0)  # comes first in each row

type _Make = Callable[[list[Any]], Any]
type _AsItWas = Callable[[Any], Any]


@dataclass(frozen=True)
class Columns:
    """Instead of whole rows what a queryset knows or reckons of them: one tuple each, ordered by the first.

    ``of`` names the columns, each with what makes of JSON what it was (``as_day``, ``as_amount``), None where
    JSON changes nothing.
    """

    rows: QuerySet[Any, Any]
    of: Mapping[str, _AsItWas | None]


type Part = QuerySet[Any, Any] | Columns


def together(*parts: Part) -> list[list[Any]]:
    """The instances of each queryset, all fetched by one UNION ALL: each row travels as one JSON array.

    A queryset may say ``.only(...)``; what is left out is deferred. Rows come ordered by primary key. A slice
    is no part of a UNION: limit with ``pk__in=others[:n]``.
    """
    rows, read = _union(parts, _instances_of)
    return read(list(rows))


class Together(Prepared):
    """The same for a function that builds the querysets, whose SQL is then made once (see ``Prepared``).

    ``as_records``: rows are no instances but plain records with the same attributes, in half the time, where
    a list reads a thousand to draw fifty lines of them.
    """

    def __init__(self, build: Callable[..., Any], *, as_records: bool = False) -> None:
        super().__init__(build)
        self._makers = _records_of if as_records else _instances_of

    def __call__(self, **given: Any) -> list[list[Any]]:
        (plan,), values = self._made(given)
        statement = plan.statement(values)
        if statement is None:
            rows: list[Any] = []
        else:
            with connection.cursor() as cursor:
                cursor.execute(*statement)
                rows = cursor.fetchall()
        found: list[list[Any]] = plan.read(rows)
        return found

    def asked(self, built: Sequence[Part]) -> Sequence[tuple[QuerySet[Any, Any], _Read]]:
        return [_union(built, self._makers)]


def _union(
    parts: Sequence[Part], maker: Callable[[type[models.Model], list[str]], _Make]
) -> tuple[QuerySet[Any, Any], _Read]:
    as_json = [_part_as_json(place, part) for place, part in enumerate(parts)]
    rows = as_json[0].union(*as_json[1:], all=True).order_by() if len(as_json) > 1 else as_json[0]
    makers = [
        _tuples_of(part.of) if isinstance(part, Columns) else maker(part.model, _columns(part))
        for part in parts
    ]
    return rows, lambda found: _sorted_out(found, makers)


def _part_as_json(place: int, part: Part) -> QuerySet[Any, Any]:
    if isinstance(part, Columns):
        return _as_json(place, part.rows, list(part.of))
    return _as_json(place, part, _columns(part))


def _as_json(place: int, queryset: QuerySet[Any, Any], columns: Sequence[str]) -> QuerySet[Any, Any]:
    return queryset.order_by().values_list(
        Value(place, output_field=IntegerField()), JSONArray(*columns, output_field=TextField()), flat=False
    )


def _sorted_out(rows: Sequence[tuple[int, Any]], makers: Sequence[_Make]) -> list[list[Any]]:
    """The rows of each queryset by primary key; all texts are read at once."""
    read = json.loads(f"[{','.join([row for _place, row in rows])}]")
    found: list[list[list[Any]]] = [[] for _maker in makers]
    for (place, _text), values in zip(rows, read, strict=True):
        found[place].append(values)
    return [
        [make(values) for values in sorted(each, key=_PK)] for make, each in zip(makers, found, strict=True)
    ]


def _columns(queryset: QuerySet[Any, Any]) -> list[str]:
    names, defer = queryset.query.deferred_loading
    fields = [field.attname for field in queryset.model._meta.concrete_fields]
    pk = queryset.model._meta.pk.attname
    plain = {_attname(queryset.model, name) for name in names}
    return [pk, *(name for name in fields if name != pk and (not names or (name in plain) != defer))]


def _attname(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.attname)


def _instances_of(model: type[models.Model], names: list[str]) -> _Make:
    """As ``Model.from_db``, without sorting out arguments for each row."""
    as_it_was = _converted(model, names)

    def instance(values: list[Any]) -> Any:
        found = model.__new__(model)
        found._state = ModelState()
        found._state.adding, found._state.db = False, "default"
        found.__dict__.update(zip(names, as_it_was(values), strict=True))  # what is left out is deferred
        return found

    return instance


def _records_of(model: type[models.Model], names: list[str]) -> _Make:
    as_it_was, with_pk = _converted(model, names), ["pk", *names]
    return lambda values: SimpleNamespace(**dict(zip(with_pk, [values[0], *as_it_was(values)], strict=True)))


def _converted(model: type[models.Model], names: list[str]) -> Callable[[list[Any]], list[Any]]:
    of = {field.attname: field for field in model._meta.concrete_fields}
    changed = [(place, make) for place, name in enumerate(names) if (make := _as_it_was(of[name]))]

    def as_it_was(values: list[Any]) -> list[Any]:
        for place, make in changed:
            if values[place] is not None:
                values[place] = make(values[place])
        return values

    return as_it_was


def _tuples_of(columns: Mapping[str, _AsItWas | None]) -> _Make:
    how = tuple(columns.values())
    return lambda values: tuple(
        make(value) if make is not None and value is not None else value
        for make, value in zip(how, values, strict=True)
    )


def _as_it_was(field: Any) -> _AsItWas | None:
    """What JSON made of a column, back as its own type; None where JSON changed nothing."""
    if isinstance(field, models.DateTimeField):
        return as_moment
    if isinstance(field, models.DateField):
        return as_day
    if isinstance(field, models.BooleanField):
        return bool  # SQLite says 1 for true
    if isinstance(field, models.DecimalField):
        step = Decimal(1).scaleb(-(field.decimal_places or 0))
        return lambda value: Decimal(str(value)).quantize(step)
    if isinstance(field, JSONField):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    return None


as_day = date.fromisoformat


def as_amount(value: float | str) -> Decimal:
    """Of money: with its cents."""
    return Decimal(str(value)).quantize(_CENT)


def as_moment(value: str) -> datetime:
    """SQLite leaves out the zone."""
    moment = datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
