"""The five operations on a log in memory, by arrays and by DuckDB through Ibis: CPU seconds and peak memory.

python -m benchmarks.diagnose_engines WAY EVENTS, where WAY is arrays or duckdb; each in a process of its own,
so that each has its own peak. The log's codes exist already; DuckDB's figure begins with handing them over.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

from benchmarks.generated import generated_log
from hilo.insight.log import EventLog


def with_arrays(log: EventLog) -> None:
    from hilo.insight.measures import directly_follows, durations, handovers, rework, variants

    assert log.area is not None
    for operation in (directly_follows, variants, rework, durations):
        operation(log)
    handovers(log, log.area)


def with_duckdb(log: EventLog) -> None:
    from hilo.insight.expressions import definitions
    from hilo.insight.expressions.answering import DuckDB
    from hilo.insight.expressions.events import events
    from hilo.insight.expressions.portable import in_case

    engine = DuckDB(log)
    placed = engine.kept("placed", in_case(events()))
    runs = engine.kept("runs", definitions.blocks(placed, "area"))
    engine.rows(definitions.directly_follows(definitions.neighbours(placed)))
    engine.rows(definitions.variants(placed).order_by("count").limit(50))
    engine.rows(definitions.rework(placed))
    engine.rows(definitions.durations(placed))
    for definition in (definitions.handovers, definitions.ping_pong, definitions.handed_on):
        engine.rows(definition(runs))


WAYS: dict[str, Callable[[EventLog], None]] = {"arrays": with_arrays, "duckdb": with_duckdb}


def main() -> None:
    way, events = sys.argv[1:]
    with_both_warm = generated_log(10_000)
    WAYS[way](with_both_warm)  # imports and first compilations are no part of it
    log = generated_log(int(events))
    cpu, wall = process_time(), perf_counter()
    WAYS[way](log)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"way": way, "cpu_s": cpu, "wall_s": wall, "peak_mb": peak}) + "\n")


if __name__ == "__main__":
    main()
