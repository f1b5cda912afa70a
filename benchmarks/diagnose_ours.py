"""One process of the comparison: a CSV to the same figures that diagnose_pm4py.py works out.

python -m benchmarks.diagnose_ours FILE COLUMNS OUT REPEATS, where COLUMNS is JSON: role to column.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import process_time

from hilo.insight.encoding import encode
from hilo.insight.lean import give_back
from hilo.insight.log import EventLog
from hilo.insight.mapping import guess
from hilo.insight.measures import directly_follows, durations, handovers, rework, variants
from hilo.insight.raw import Role
from hilo.insight.reading import read

OPERATIONS: dict[str, Callable[[EventLog], object]] = {
    "follows": directly_follows,
    "variants": variants,
    "handovers": lambda log: handovers(log, log.area) if log.area else None,
    "rework": rework,
    "durations": durations,
}


def main() -> None:
    file, columns, out, repeats = sys.argv[1:]
    log = loaded(Path(file), json.loads(columns))
    after_loading = process_time()
    results, seconds = {}, {}
    for name, operation in OPERATIONS.items():
        seconds[name], results[name] = timed(operation, log, int(repeats))
    written = {
        "cases": log.cases,
        "events": len(log),
        "loading": after_loading,
        "operations": seconds,
        "results": {name: plain(result) for name, result in results.items()},
    }
    Path(out).write_text(json.dumps(written), "utf-8")


def loaded(file: Path, columns: dict[str, str]) -> EventLog:
    """As ``hilo.insight.diagnosing`` does it."""
    found = guess(read([file], keep_codes=True), {Role(role): column for role, column in columns.items()})
    log = encode(found.raw, found.columns)
    del found
    give_back()
    return log


def timed(operation: Callable[[EventLog], object], log: EventLog, repeats: int) -> tuple[float, object]:
    """The best of so many times."""
    best, result = float("inf"), None
    for _time in range(repeats):
        began = process_time()
        result = operation(log)
        best = min(best, process_time() - began)
    return best, result


def plain(result: object) -> object:
    if isinstance(result, tuple):
        return [plain(item) for item in result]
    return asdict(result) if result is not None else None  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
