"""Rows put in, changed and read again by statements that are written once for each model.

Django puts such a statement together anew each time, which costs several times what the database needs for
it, and every command comes by here some ten times. What is written is what ``save``, ``update`` and
``refresh_from_db`` would write; where a value is an expression, or a model more than a plain table, they do
it themselves. No signals are sent: Hilo has no receivers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connections
from django.db.models import Field, JSONField, Model

_DATABASE = "default"
_MOST_PARAMETERS = 900  # of one statement; more rows than that are Django's

type _Convert = tuple[int, Sequence[Callable[..., Any]], Any]  # of which column


class Unwritable(Exception):
    """The condition or the value is more than a plain statement can say: leave it to Django."""


def insert[M: Model](row: M) -> M:
    """Put one new row in; its key is set."""
    insert_all([row])
    return row


def insert_all[M: Model](rows: Sequence[M]) -> None:
    """New rows of one model, in their order; their keys are set."""
    if not rows:
        return
    table = _table(type(rows[0]), connections[_DATABASE].vendor)
    values = table.values_of_all(rows)
    if values is None:
        type(rows[0])._default_manager.bulk_create(rows)
        return
    for row, key in zip(rows, table.insert(values), strict=True):
        setattr(row, table.key.attname, key)
        _is_saved(row)


def put[M: Model](row: M, *, unique: Sequence[str]) -> None:
    """Put a row in, or its values in the place of the row that is the same in ``unique``. Sets no key."""
    table = _table(type(row), connections[_DATABASE].vendor)
    table.put(table.values_of(row), tuple(unique))


def read_again(row: Model, *, locked: bool = False) -> None:
    """``refresh_from_db``; ``locked`` keeps the row for this transaction (SELECT FOR UPDATE)."""
    table = _table(type(row), connections[_DATABASE].vendor)
    found = table.read(row.pk, locked)
    if found is None:
        raise table.missing(f"{type(row).__name__} {row.pk} does not exist.")
    table.fill(row, found)


def change_row(
    row: Model, changes: Mapping[str, object], *, only_if: Mapping[str, object], counting: str = ""
) -> bool:
    """One UPDATE if the row still is as ``only_if`` says, and the row as it is then; False when it is not.

    ``counting`` names a column that grows by one. Raises Unwritable for anything but values, and equality,
    ``__in`` and ``__isnull`` as conditions.
    """
    table = _table(type(row), connections[_DATABASE].vendor)
    found = table.update(row.pk, changes, only_if, counting)
    if found is not None:
        table.fill(row, found)
    return found is not None


class _Table:
    """What the statements of a model are made of."""

    def __init__(self, model: type[Model]) -> None:
        connection = connections[_DATABASE]
        meta = model._meta
        key = meta.pk
        assert key is not None
        self.key: Field[Any, Any] = key
        self.model = model
        self.missing: type[Exception] = model.DoesNotExist  # type: ignore[attr-defined]
        self.quote = connection.ops.quote_name
        self.name = self.quote(meta.db_table)
        self.fields = list(meta.concrete_fields)
        self.attnames = [field.attname for field in self.fields]
        self.inserted = [
            field for field in self.fields if not field.generated and field is not meta.auto_field
        ]
        self.is_plain = not meta.parents and list(meta.db_returning_fields) == [meta.auto_field]
        self.columns = ", ".join(self._column(field) for field in self.fields)
        self._into = f"INSERT INTO {self.name} ({', '.join(map(self._column, self.inserted))}) VALUES "
        self._places = f"({', '.join(['%s'] * len(self.inserted))})"
        self._from = f"SELECT {self.columns} FROM {self.name} WHERE {self._column(self.key)} = %s"
        self._lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        self._converts = _converts(model, self.fields)

    def _column(self, field: Field[Any, Any]) -> str:
        return self.quote(str(field.column))

    def values_of_all(self, rows: Sequence[Model]) -> list[list[Any]] | None:
        """None for what is to be left to Django."""
        if not self.is_plain or len(rows) * len(self.inserted) > _MOST_PARAMETERS:
            return None
        try:
            return [self.values_of(row) for row in rows]
        except Unwritable:
            return None

    def values_of(self, row: Model) -> list[Any]:
        row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
        connection = connections[_DATABASE]
        return [_written(field, field.pre_save(row, True), connection) for field in self.inserted]

    def insert(self, values: list[list[Any]]) -> list[Any]:
        sql = f"{self._into}{', '.join([self._places] * len(values))} RETURNING {self._column(self.key)}"
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(sql, [one for each in values for one in each])
            return [key for (key,) in cursor.fetchall()]

    def put(self, values: list[Any], unique: tuple[str, ...]) -> None:
        others = [self._column(field) for field in self.inserted if field.name not in unique]
        same = ", ".join(self._column(self._field(name)) for name in unique)
        new = ", ".join(f"{column} = EXCLUDED.{column}" for column in others)
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(f"{self._into}{self._places} ON CONFLICT ({same}) DO UPDATE SET {new}", values)

    def read(self, key: Any, locked: bool) -> Sequence[Any] | None:
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(self._from + self._lock if locked else self._from, [key])
            return _one(cursor.fetchall())

    def update(
        self, key: Any, changes: Mapping[str, object], only_if: Mapping[str, object], counting: str
    ) -> Sequence[Any] | None:
        connection = connections[_DATABASE]
        settings, params = [], []
        for name, value in changes.items():
            field = self._field(name)
            settings.append(f"{self._column(field)} = %s")
            params.append(_written(field, value, connection))
        if counting:
            column = self._column(self._field(counting))
            settings.append(f"{column} = {column} + 1")
        conditions = [f"{self._column(self.key)} = %s"]
        params.append(key)
        for lookup, wanted in only_if.items():
            condition, values = self._condition(lookup, wanted)
            conditions.append(condition)
            params += values
        sql = f"UPDATE {self.name} SET {', '.join(settings)} WHERE {' AND '.join(conditions)}"
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} RETURNING {self.columns}", params)
            return _one(cursor.fetchall())

    def _condition(self, lookup: str, wanted: object) -> tuple[str, list[Any]]:
        name, _, kind = lookup.partition("__")
        field = self._field(name)
        column = self._column(field)
        if kind == "isnull" and isinstance(wanted, bool):
            return f"{column} IS {'' if wanted else 'NOT '}NULL", []
        if kind == "in" and isinstance(wanted, (list, tuple, set, frozenset)) and wanted:
            return f"{column} IN ({', '.join(['%s'] * len(wanted))})", [
                _compared(field, one) for one in wanted
            ]
        if kind == "" and wanted is None:
            return f"{column} IS NULL", []
        if kind == "":
            return f"{column} = %s", [_compared(field, wanted)]
        raise Unwritable(lookup)

    def _field(self, name: str) -> Field[Any, Any]:
        field = self.model._meta.get_field(name)
        if field not in self.fields:
            raise Unwritable(name)
        assert isinstance(field, Field)
        return field

    def fill(self, row: Model, found: Sequence[Any]) -> None:
        """The row as it is in the database; what was known of its relations is forgotten."""
        values = list(found)
        connection = connections[_DATABASE]
        for place, converters, expression in self._converts:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        row.__dict__.update(zip(self.attnames, values, strict=True))
        row._state.fields_cache.clear()
        row.__dict__["_prefetched_objects_cache"] = {}
        _is_saved(row)


@cache
def _table(model: type[Model], vendor: str) -> _Table:
    return _Table(model)


def _converts(model: type[Model], fields: Sequence[Field[Any, Any]]) -> list[_Convert]:
    compiler: Any = model._base_manager.all().query.get_compiler(using=_DATABASE)
    columns = [field.get_col(model._meta.db_table) for field in fields]
    found = compiler.get_converters(columns)
    return [(place, converters, expression) for place, (converters, expression) in found.items()]


def _written(field: Field[Any, Any], value: Any, connection: Any) -> Any:
    if hasattr(value, "resolve_expression"):
        raise Unwritable(field.name)
    if isinstance(value, Model):
        value = value.prepare_database_save(field)
    return field.get_db_prep_save(value, connection)


def _compared(field: Field[Any, Any], value: Any) -> Any:
    if value is None or hasattr(value, "resolve_expression") or isinstance(field, JSONField):
        raise Unwritable(field.name)
    if isinstance(value, Model):
        value = value.prepare_database_save(field)
    return field.get_db_prep_value(value, connections[_DATABASE])


def _one(found: Sequence[Sequence[Any]]) -> Sequence[Any] | None:
    return found[0] if found else None


def _is_saved(row: Model) -> None:
    row._state.adding, row._state.db = False, _DATABASE
