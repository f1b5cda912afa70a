"""An engine's answers as the same results that hilo.insight.measures gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import ibis
import ibis.expr.types as ir

from hilo.insight.expressions import definitions
from hilo.insight.expressions.events import Names, events, into_duckdb, into_postgres, names_of
from hilo.insight.log import EventLog
from hilo.insight.measures.cases import DAY, HOUR
from hilo.insight.measures.variants import MOST
from hilo.insight.results import (
    Durations,
    Follows,
    Handovers,
    Rework,
    StepTime,
    UnitPair,
    Variant,
    Variants,
)

if TYPE_CHECKING:
    import psycopg

type Row = Sequence[int | float | str]


class Engine(Protocol):
    def rows(self, expression: ir.Table) -> list[Row]: ...


class DuckDB:
    """The log in a database in memory."""

    def __init__(self, log: EventLog, *, threads: int = 2) -> None:
        self._connection = into_duckdb(log, threads=threads)

    def rows(self, expression: ir.Table) -> list[Row]:
        found: list[Row] = self._connection.con.execute(ibis.to_sql(expression, "duckdb")).fetchall()
        return found


class Postgres:
    """The log in a temporary table of a session that the caller opened and closes."""

    def __init__(self, log: EventLog, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection
        into_postgres(log, connection)

    def rows(self, expression: ir.Table) -> list[Row]:
        return self._connection.execute(str(ibis.to_sql(expression, "postgres"))).fetchall()  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Answers:
    """The fields of Measures of the same names."""

    durations: Durations
    variants: Variants
    follows: tuple[Follows, ...]
    starts: dict[str, int]
    ends: dict[str, int]
    rework: tuple[Rework, ...]
    handovers: Handovers | None
    handovers_people: Handovers | None
    steps: tuple[StepTime, ...]
    areas: tuple[StepTime, ...]


def answers(log: EventLog, engine: Engine) -> Answers:
    """The log must be the one that the engine holds."""
    names, table = names_of(log), events()
    return Answers(
        durations=_durations(engine, table),
        variants=_variants(engine, table, names),
        follows=_follows(engine, table, names),
        starts=dict(_counted(engine.rows(definitions.starts(table)), names.activity)),
        ends=dict(_counted(engine.rows(definitions.ends(table)), names.activity)),
        rework=tuple(
            Rework(*item) for item in _counted(engine.rows(definitions.rework(table)), names.activity)
        ),
        handovers=_handovers(engine, table, "area", names.area) if log.area else None,
        handovers_people=_handovers(engine, table, "person", names.person) if log.person else None,
        steps=_steps(engine, table, names.activity, has_starts=log.start is not None),
        areas=_areas(engine, table, names.area) if log.area else (),
    )


def _durations(engine: Engine, table: ir.Table) -> Durations:
    [(cases, total, *figures)] = engine.rows(definitions.durations(table))
    longest, median, p90 = (float(figure) / DAY for figure in figures)
    return Durations(float(total) / int(cases) / DAY, median, p90, longest)


def _variants(engine: Engine, table: ir.Table, names: Names, most: int = MOST) -> Variants:
    found = definitions.variants(table)
    [(count,)] = engine.rows(found.agg(count=found.count()))
    rows = engine.rows(found.order_by([ibis.desc("count"), "variant"]).limit(most))
    return Variants(int(count), tuple(Variant(_sequence(str(codes), names), int(n)) for codes, n in rows))


def _sequence(codes: str, names: Names) -> tuple[str, ...]:
    return tuple(names.activity[int(code) - definitions.WIDTH] for code in codes.split(">"))


def _follows(engine: Engine, table: ir.Table, names: Names) -> tuple[Follows, ...]:
    rows = engine.rows(definitions.directly_follows(table))
    found = (Follows(names.activity[int(a)], names.activity[int(b)], *_figures(rest)) for a, b, *rest in rows)
    return tuple(sorted(found, key=lambda pair: (-pair.count, pair.source, pair.target)))


def _figures(row: Row) -> tuple[int, int, float, float]:
    count, cases, total, median = row
    return int(count), int(cases), float(total) / int(count) / HOUR, float(median) / HOUR


def _counted(rows: Sequence[Row], names: Sequence[str]) -> list[tuple[str, int]]:
    found = [(names[int(code)], int(count)) for code, count in rows]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _handovers(engine: Engine, table: ir.Table, unit: str, names: Sequence[str]) -> Handovers:
    totals = {
        str(what): (int(count), int(cases))
        for what, count, cases in engine.rows(definitions.handed_on(table, unit))
    }
    passed = _pairs(engine.rows(definitions.handovers(table, unit)), names)
    (count, cases), ping_pong, returned = (
        totals.get(what, (0, 0)) for what in ("handover", "ping_pong", "return")
    )
    return Handovers(
        count=count,
        cases=cases,
        ordered_pairs=len(passed),
        pairs=passed,
        ping_pong_count=ping_pong[0],
        ping_pong_cases=ping_pong[1],
        ping_pong_pairs=_pairs(engine.rows(definitions.ping_pong(table, unit)), names),
        returns_count=returned[0],
        returns_cases=returned[1],
    )


def _pairs(rows: Sequence[Row], names: Sequence[str]) -> tuple[UnitPair, ...]:
    found = (UnitPair(names[int(a)], names[int(b)], *_figures(rest)) for a, b, *rest in rows)
    return tuple(sorted(found, key=lambda pair: (-pair.count, pair.source, pair.target)))


def _steps(
    engine: Engine, table: ir.Table, names: Sequence[str], *, has_starts: bool
) -> tuple[StepTime, ...]:
    counts = engine.rows(definitions.occurrences(table))
    before = engine.rows(definitions.waiting_before(table))
    inside = engine.rows(definitions.working_inside(table)) if has_starts else None
    return _step_times(names, counts, before, inside)


def _areas(engine: Engine, table: ir.Table, names: Sequence[str]) -> tuple[StepTime, ...]:
    inside = engine.rows(definitions.stays(table))
    counts = [row[:2] for row in inside]
    return _step_times(names, counts, engine.rows(definitions.border_waits(table)), inside)


def _step_times(
    names: Sequence[str], counts: Sequence[Row], before: Sequence[Row], inside: Sequence[Row] | None
) -> tuple[StepTime, ...]:
    waits = {int(row[0]): _waits(row[1:]) for row in before}
    works = {int(row[0]): (float(row[4]) / HOUR, float(row[3]) / HOUR) for row in inside or ()}
    nothing = (None, None) if inside is None else (0.0, 0.0)
    found = (
        StepTime(
            names[int(code)], int(count), *waits.get(int(code), (0.0,) * 4), *works.get(int(code), nothing)
        )
        for code, count in counts
    )
    return tuple(sorted(found, key=lambda step: (-step.total_before_h, -step.count, step.name)))


def _waits(row: Row) -> tuple[float, float, float, float]:
    """Median, mean, p90 and total, in hours."""
    count, _cases, total, median, p90 = (float(figure) for figure in row)
    return median / HOUR, total / count / HOUR, p90 / HOUR, total / HOUR
