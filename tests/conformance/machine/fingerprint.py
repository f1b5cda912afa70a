"""A cheap likeness of the whole database: what a refused command must leave exactly as it was."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection, models

WATCHED = ("parties", "work", "quality", "money", "analysis", "ledger", "sessions")
_COUNTED_ALONE = "ledger"  # append-only: a row that was there cannot have changed


def fingerprint() -> tuple[tuple[object, ...], ...]:
    """Per table its rows and, per column, a figure that a change moves: one query for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return tuple(sorted(cursor.fetchall()))


@cache
def _question() -> str:
    tables = [model for label in WATCHED for model in apps.get_app_config(label).get_models(True)]
    return " UNION ALL ".join(_figures(model) for model in tables)


def _figures(model: type[models.Model]) -> str:
    table = model._meta.db_table
    columns = [] if model._meta.app_label == _COUNTED_ALONE else model._meta.local_concrete_fields
    parts = ["COUNT(*)", *(_figure(each) for each in columns)]
    told = " || ',' || ".join(f"CAST({part} AS TEXT)" for part in parts)
    return f"SELECT '{table}', {told} FROM \"{table}\""


def _figure(column: models.Field[object, object]) -> str:
    name = f'"{column.column}"'
    if isinstance(column, models.BooleanField):
        return f"COALESCE(SUM(CASE WHEN {name} THEN 1 ELSE 0 END), 0)"
    if isinstance(column, (models.CharField, models.TextField)):
        return f"COALESCE(SUM(LENGTH({name})), 0)"
    if isinstance(column, (models.IntegerField, models.ForeignKey)) and not _is_text_key(column):
        return f"COALESCE(SUM({name}), 0)"
    return f"COUNT({name})"


def _is_text_key(column: models.Field[object, object]) -> bool:
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    return isinstance(target, models.CharField)
