"""An engine's answers as the same results that hilo.insight.measures gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import ibis
import ibis.expr.types as ir

from hilo.insight.expressions import definitions
from hilo.insight.expressions.events import Names, events, into_duckdb, into_postgres, names_of
from hilo.insight.expressions.portable import in_case
from hilo.insight.log import EventLog
from hilo.insight.measures.cases import DAY, HOUR
from hilo.insight.measures.variants import MOST
from hilo.insight.records import record
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

    def kept(self, name: str, expression: ir.Table) -> ir.Table:
        """The answer as a temporary table, so that what it sorted is sorted once."""
        ...


class DuckDB:
    """The log in a database in memory."""

    def __init__(self, log: EventLog, *, threads: int = 2) -> None:
        self._native = into_duckdb(log, threads=threads).con

    def rows(self, expression: ir.Table) -> list[Row]:
        found: list[Row] = self._native.execute(ibis.to_sql(expression, "duckdb")).fetchall()
        return found

    def kept(self, name: str, expression: ir.Table) -> ir.Table:
        self._native.execute(f"CREATE OR REPLACE TABLE {name} AS {ibis.to_sql(expression, 'duckdb')}")
        return ibis.table(expression.schema(), name=name)


class Postgres:
    """The log in temporary tables of a session that the caller opened and closes. It is given room to sort in
    memory, and leave to compile nothing: that takes longer than such a question."""

    def __init__(self, log: EventLog, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SET jit = off")
        into_postgres(log, connection)

    def rows(self, expression: ir.Table) -> list[Row]:
        found: list[Row] = self._connection.execute(_postgres(expression)).fetchall()  # type: ignore[assignment]
        return found

    def kept(self, name: str, expression: ir.Table) -> ir.Table:
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")
        self._connection.execute(b"CREATE TEMPORARY TABLE %b AS %b" % (name.encode(), _postgres(expression)))
        self._connection.execute(f"ANALYZE {name}")
        return ibis.table(expression.schema(), name=name)


def _postgres(expression: ir.Table) -> bytes:
    return str(ibis.to_sql(expression, "postgres")).encode()


@record
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
    names = names_of(log)
    placed = engine.kept("placed", in_case(events()))
    beside = engine.kept("beside", definitions.neighbours(placed))
    by_area = engine.kept("by_area", definitions.blocks(placed, "area")) if log.area else None
    by_person = engine.kept("by_person", definitions.blocks(placed, "person")) if log.person else None
    counted = {
        noun: _counted(engine.rows(definition(placed)), names.activity)
        for noun, definition in (
            ("starts", definitions.starts),
            ("ends", definitions.ends),
            ("rework", definitions.rework),
        )
    }
    return Answers(
        durations=_durations(engine, placed),
        variants=_variants(engine, placed, names),
        follows=_follows(engine, beside, names),
        starts=dict(counted["starts"]),
        ends=dict(counted["ends"]),
        rework=tuple(Rework(*item) for item in counted["rework"]),
        handovers=_handovers(engine, by_area, names.area) if by_area is not None else None,
        handovers_people=_handovers(engine, by_person, names.person) if by_person is not None else None,
        steps=_steps(engine, placed, beside, names.activity, has_starts=log.start is not None),
        areas=_areas(engine, by_area, names.area) if by_area is not None else (),
    )


def _durations(engine: Engine, placed: ir.Table) -> Durations:
    [(cases, total, *figures)] = engine.rows(definitions.durations(placed))
    longest, median, p90 = (float(figure) / DAY for figure in figures)
    return Durations(float(total) / int(cases) / DAY, median, p90, longest)


def _variants(engine: Engine, placed: ir.Table, names: Names, most: int = MOST) -> Variants:
    found = definitions.variants(placed)
    [(count,)] = engine.rows(found.agg(count=found.count()))
    rows = engine.rows(found.order_by([ibis.desc("count"), "variant"]).limit(most))
    return Variants(int(count), tuple(Variant(_sequence(str(codes), names), int(n)) for codes, n in rows))


def _sequence(codes: str, names: Names) -> tuple[str, ...]:
    return tuple(names.activity[int(code) - definitions.WIDTH] for code in codes.split(">"))


def _follows(engine: Engine, beside: ir.Table, names: Names) -> tuple[Follows, ...]:
    rows = engine.rows(definitions.directly_follows(beside))
    found = (Follows(names.activity[int(a)], names.activity[int(b)], *_figures(rest)) for a, b, *rest in rows)
    return tuple(sorted(found, key=lambda pair: (-pair.count, pair.source, pair.target)))


def _figures(row: Row) -> tuple[int, int, float, float]:
    count, cases, total, median = row
    return int(count), int(cases), float(total) / int(count) / HOUR, float(median) / HOUR


def _counted(rows: Sequence[Row], names: Sequence[str]) -> list[tuple[str, int]]:
    found = [(names[int(code)], int(count)) for code, count in rows]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _handovers(engine: Engine, runs: ir.Table, names: Sequence[str]) -> Handovers:
    totals = {
        str(what): (int(count), int(cases)) for what, count, cases in engine.rows(definitions.handed_on(runs))
    }
    passed = _pairs(engine.rows(definitions.handovers(runs)), names)
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
        ping_pong_pairs=_pairs(engine.rows(definitions.ping_pong(runs)), names),
        returns_count=returned[0],
        returns_cases=returned[1],
    )


def _pairs(rows: Sequence[Row], names: Sequence[str]) -> tuple[UnitPair, ...]:
    found = (UnitPair(names[int(a)], names[int(b)], *_figures(rest)) for a, b, *rest in rows)
    return tuple(sorted(found, key=lambda pair: (-pair.count, pair.source, pair.target)))


def _steps(
    engine: Engine, placed: ir.Table, beside: ir.Table, names: Sequence[str], *, has_starts: bool
) -> tuple[StepTime, ...]:
    counts = engine.rows(definitions.occurrences(placed))
    before = engine.rows(definitions.waiting_before(beside))
    inside = engine.rows(definitions.working_inside(placed)) if has_starts else None
    return _step_times(names, counts, before, inside)


def _areas(engine: Engine, runs: ir.Table, names: Sequence[str]) -> tuple[StepTime, ...]:
    inside = engine.rows(definitions.stays(runs))
    counts = [row[:2] for row in inside]
    return _step_times(names, counts, engine.rows(definitions.border_waits(runs)), inside)


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
