"""Querysets whose SQL is made once and asked again with other ids.

Django builds and compiles a queryset anew for each request, which costs more than the database needs to
answer it::

    _spans = Prepared(lambda *, thread, areas: Span.objects.filter(thread=thread, area__in=areas))
    rows = _spans(thread=12, areas={3, 4})

The function is called once for each *shape*, with stand-ins for numbers, moments, days, texts and collections
of numbers; where they turn up among the parameters, what is given takes their place. So it must not look at
the values of these (nor slice by them), and ask the database nothing: a number that is looked at is refused.
All else that is given (None, True, an enum, a tuple of texts, ``Fixed``) is part of the shape, and so is what
``Shaped`` says of itself.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol, Self

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

_DATABASE = "default"
_FIRST_NUMBER = 7_203_000_000_000_000  # within every BigAutoField, and no id of anybody
_FIRST_MOMENT = datetime(1803, 6, 1, 13, 17, 41, 577, tzinfo=UTC)
_FIRST_DAY = date(1804, 6, 1)
_TEXT = "stand-in no."
_MOST_SHAPES = 200  # of one function; then all are made again
_PLACEHOLDER = re.compile(r"%%|%s")
_IN = re.compile(r"IN \((%s(?:, %s)*)\)")
_ARRAY = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s)"}

type _Rows = QuerySet[Any, Any]
type _Read = Callable[[list[Any]], Any]


class Shaped(Protocol):
    """Something given that holds ids of its own, as an actor does."""

    @property
    def shape(self) -> Hashable: ...

    @property
    def ids(self) -> tuple[Any, ...]: ...

    def with_ids(self, ids: Sequence[Any]) -> Self: ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number or text that the SQL itself depends on, as that of a slice: part of the shape."""

    value: Any


class Prepared:
    """Called with keywords, it gives the list of rows that the built queryset would give."""

    needs_all = True  # whatever is given must turn up among the parameters

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._plans: dict[Hashable, list[_Plan]] = {}

    def __call__(self, **given: Any) -> Any:
        (plan,), values = self._made(given)
        return plan.rows(values)

    def asked(self, built: Any) -> Sequence[tuple[_Rows, _Read]]:
        """The queryset to run, and what makes of its rows what the caller gets."""
        return [(built, list)]

    def _made(self, given: dict[str, Any]) -> tuple[list[_Plan], list[Any]]:
        shape, values = _taken_apart(given)
        key = (connections[_DATABASE].vendor, shape)
        plans = self._plans.get(key)
        if plans is None:
            plans = _plans(self.asked(self._build(**_stand_ins(given))), values)
            if self.needs_all:
                _nothing_forgotten(plans, given)
            # Other threads may be at it: what is there is never emptied under them.
            kept = self._plans if len(self._plans) < _MOST_SHAPES else {}
            self._plans = {**kept, key: plans}
        return plans, values


class Statements(Prepared):
    """For SQL that is put together by hand: the function builds several querysets, and the statement of each
    comes with its parameters; None where there is nothing to ask for. A shape may need less than is given.
    """

    needs_all = False

    def __call__(self, **given: Any) -> list[tuple[str, tuple[Any, ...]] | None]:
        plans, values = self._made(given)
        return [plan.statement(values) for plan in plans]

    def asked(self, built: Any) -> Sequence[tuple[_Rows, _Read]]:
        return [(queryset, list) for queryset in built]


# What is given, and what stands in for it ----------------------------------------------------------------


def _taken_apart(given: dict[str, Any]) -> tuple[Hashable, list[Any]]:
    shape: list[Hashable] = []
    values: list[Any] = []
    for name, value in given.items():
        kind = type(value)
        if kind in _SCALARS or (kind in _COLLECTIONS and _holds_numbers(value)):
            shape.append((name, kind))
            values.append(value)
        elif _is_shaped(value):
            shape.append((name, value.shape))
            values.extend(value.ids)
        else:
            shape.append((name, value))
    return tuple(shape), values


_SCALARS = frozenset({int, str, datetime, date})
_COLLECTIONS = frozenset({list, tuple, set, frozenset})


def _is_shaped(value: Any) -> bool:
    return hasattr(type(value), "with_ids")


def _holds_numbers(value: Any) -> bool:
    """An empty tuple may be one of texts: it belongs to the shape."""
    return all(type(each) is int for each in value) and value != ()


def _stand_ins(given: dict[str, Any]) -> dict[str, Any]:
    counted = 0
    made: dict[str, Any] = {}
    for name, value in given.items():
        kind = type(value)
        if kind in _SCALARS or (kind in _COLLECTIONS and _holds_numbers(value)):
            made[name] = _stand_in(value, counted)
            counted += 1
        elif _is_shaped(value):
            ids = value.ids
            made[name] = value.with_ids([_stand_in(each, counted + n) for n, each in enumerate(ids)])
            counted += len(ids)
        else:
            made[name] = value
    return made


def _stand_in(value: Any, place: int) -> Any:
    if value is None:
        return None
    if isinstance(value, int):
        return _FIRST_NUMBER + place
    if isinstance(value, datetime):
        return _FIRST_MOMENT + timedelta(days=place)
    if isinstance(value, date):
        return _FIRST_DAY + timedelta(days=place)
    if isinstance(value, str):
        return f"{_TEXT}{place}"
    return type(value)([_FIRST_NUMBER + place])


# The SQL, made once ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    queryset: _Rows | None  # None: whatever is given, there is nothing to ask for
    read: _Read
    compiler: Any
    sql: str
    slots: tuple[Callable[[list[Any]], Any], ...]
    used: frozenset[int | None]  # the places among the values that it asks for

    def rows(self, values: list[Any]) -> Any:
        statement = self.statement(values)
        if statement is None:
            return self.read([])
        like: Any = self.queryset
        again = type(like)(model=like.model, query=_Compiled(self, statement), using=_DATABASE)
        for name in ("_iterable_class", "_fields", "_known_related_objects", "_prefetch_related_lookups"):
            setattr(again, name, getattr(like, name))
        return self.read(list(again))

    def statement(self, values: list[Any]) -> tuple[str, tuple[Any, ...]] | None:
        if self.queryset is None:
            return None
        return self.sql, tuple(slot(values) for slot in self.slots)


class _Compiled:
    """In the place of a query: what a queryset's iterator asks of one, with the SQL ready."""

    def __init__(self, plan: _Plan, statement: tuple[str, tuple[Any, ...]]) -> None:
        self._plan, self._statement = plan, statement

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plan.compiler.query, name)

    def get_compiler(self, using: str | None = None, **kwargs: Any) -> Any:
        compiler = copy.copy(self._plan.compiler)
        compiler.connection = connections[using or _DATABASE]  # this thread's own
        compiler.as_sql = lambda *args, **kwargs: self._statement
        return compiler


def _plans(asked: Sequence[tuple[_Rows, _Read]], values: list[Any]) -> list[_Plan]:
    return [_plan(queryset, read, values) for queryset, read in asked]


def _plan(queryset: _Rows, read: _Read, values: list[Any]) -> _Plan:
    compiler = queryset.query.get_compiler(using=_DATABASE)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return _Plan(None, read, None, "", (), frozenset())
    slots = _slots(params, values)
    used = frozenset(place for place, _constant in slots)
    sql, merged = _with_arrays(sql, slots, values)
    return _Plan(queryset, read, compiler, sql, tuple(merged), used)


type _Slot = tuple[int | None, Any]  # the place among the values, or a constant


def _slots(params: Sequence[Any], values: list[Any]) -> list[_Slot]:
    places = {_as_parameter(_scalar(value, place)): place for place, value in enumerate(values)}
    slots = [(places.get(one) if isinstance(one, Hashable) else None, one) for one in params]
    for place, constant in slots:
        if place is None and _comes_of_a_stand_in(constant):
            raise LookupError(f"{constant!r} was reckoned from something given: give that itself")
    return slots


def _comes_of_a_stand_in(constant: Any) -> bool:
    """The day of a given moment, say, which would stay the same for ever."""
    if isinstance(constant, date):
        return constant.year in (1803, 1804)
    if isinstance(constant, int):
        return abs(constant - _FIRST_NUMBER) < 1_000_000
    return isinstance(constant, str) and (_TEXT in constant or constant.startswith(("1803-", "1804-")))


def _scalar(value: Any, place: int) -> Any:
    made = _stand_in(value, place)
    return next(iter(made)) if type(made) in _COLLECTIONS else made


def _as_parameter(value: Any) -> Any:
    """As the database's driver gets it."""
    if isinstance(value, datetime):
        return connections[_DATABASE].ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connections[_DATABASE].ops.adapt_datefield_value(value)
    return value if value is not None else object()


def _nothing_forgotten(plans: list[_Plan], given: dict[str, Any]) -> None:
    """A number that the SQL does not ask for has been looked at while building."""
    if any(plan.queryset is None for plan in plans):
        return
    used = frozenset[int | None]().union(*(plan.used for plan in plans))
    place = 0
    for name, value in given.items():
        if _is_shaped(value):
            place += len(value.ids)
        elif type(value) in _SCALARS or (type(value) in _COLLECTIONS and _holds_numbers(value)):
            if place not in used:
                raise LookupError(f"{name} is given and not asked for")
            place += 1


def _with_arrays(
    sql: str, slots: list[_Slot], values: list[Any]
) -> tuple[str, list[Callable[[list[Any]], Any]]]:
    """``IN (%s)`` of a collection becomes one array, so that its length is no part of the SQL."""
    vendor = connections[_DATABASE].vendor
    starts = [each.start() for each in _PLACEHOLDER.finditer(sql) if each.group() == "%s"]
    written: list[str] = []
    filled: list[Callable[[list[Any]], Any]] = []
    done = place = 0
    for group in _IN.finditer(sql):
        first = starts.index(group.start(1))
        count = group.group(1).count("%s")
        inside = slots[first : first + count]
        if not any(at is not None and type(values[at]) in _COLLECTIONS for at, _constant in inside):
            continue
        filled += [_one(slot, values) for slot in slots[place:first]]
        filled.append(_array(inside, values, vendor))
        written += [sql[done : group.start()], _ARRAY[vendor]]
        done, place = group.end(), first + count
    filled += [_one(slot, values) for slot in slots[place:]]
    return "".join([*written, sql[done:]]), filled


def _one(slot: _Slot, values: list[Any]) -> Callable[[list[Any]], Any]:
    place, constant = slot
    if place is None:
        return lambda values: constant
    if type(values[place]) in _COLLECTIONS:
        raise LookupError("a collection can only be asked for with __in")
    if isinstance(values[place], date):
        return lambda values: _as_parameter(values[place])
    return lambda values: values[place]


def _array(slots: list[_Slot], values: list[Any], vendor: str) -> Callable[[list[Any]], Any]:
    def gathered(values: list[Any]) -> list[int]:
        found: list[int] = []
        for place, constant in slots:
            value = constant if place is None else values[place]
            found.extend(value if type(value) in _COLLECTIONS else [value])
        return found

    return gathered if vendor == "postgresql" else lambda values: json.dumps(gathered(values))
