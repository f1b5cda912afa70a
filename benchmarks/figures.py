"""Figures measured against what was wanted: medians, a table for the terminal, JSON to compare releases."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
WORSE = 1.25
"""Two runs on a busy machine differ by a fifth; only what is beyond that is called slower."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. ``wanted`` is a most, or a least where ``more_is_better``; None for no target."""

    name: str
    value: float
    unit: str
    wanted: float | None = None
    more_is_better: bool = False
    floor: float | None = None

    @property
    def is_met(self) -> bool | None:
        if self.wanted is None or math.isnan(self.value):
            return None
        return self.value >= self.wanted if self.more_is_better else self.value <= self.wanted

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None


@dataclass(frozen=True, slots=True)
class Run:
    """All figures of one database, with what made them."""

    database: str
    size: str
    commit: str
    machine: str
    load: float
    at: str
    figures: tuple[Figure, ...]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of all do not exceed."""
    if not values:
        raise ValueError("no values, no percentile")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle(values: Iterable[float]) -> float:
    return float(median(values))


def table(run: Run) -> str:
    head = f"{run.database}, {run.size}, {run.commit}, load {run.load:.1f}"
    lines = [f"{'':<46}{'measured':>12}{'wanted':>12}{'x floor':>9}  "]
    return "\n".join([head, *lines, *(_line(each) for each in run.figures)])


def _line(figure: Figure) -> str:
    word = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    sign = "≥" if figure.more_is_better else "≤"
    wanted = "" if figure.wanted is None else f"{sign} {figure.wanted:g}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}"
    measured = f"{_short(figure.value)} {figure.unit}"
    return f"{figure.name:<46}{measured:>12}{wanted:>12}{ratio:>9}  {word}".rstrip()


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"


def compared(old: Run, new: Run) -> str:
    """Figure by figure, where both have it: how many times the old one, and a word where it is slower."""
    before = {figure.name: figure for figure in old.figures}
    lines = [f"{new.database}: {old.commit} against {new.commit}"]
    for figure in new.figures:
        was = before.get(figure.name)
        if was is not None and was.value > 0:
            lines.append(_comparison(was, figure))
    return "\n".join(lines)


def _comparison(was: Figure, now: Figure) -> str:
    ratio = now.value / was.value
    slower = ratio < 1 / WORSE if now.more_is_better else ratio > WORSE
    word = "  SLOWER" if slower else ""
    return f"{now.name:<46}{_short(was.value):>10}{_short(now.value):>10} {now.unit:<5}{ratio:>6.2f} x{word}"


def begin_run(database: str, size: str, figures: Iterable[Figure]) -> Run:
    return Run(database, size, _commit(), _machine(), os.getloadavg()[0], _now(), tuple(figures))


def save(runs: Sequence[Run], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(run) for run in runs], indent=1, ensure_ascii=False) + "\n")


def load(path: Path) -> list[Run]:
    rows: list[dict[str, Any]] = json.loads(path.read_text())
    return [Run(**{**row, "figures": tuple(Figure(**figure) for figure in row["figures"])}) for row in rows]


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent, check=False)
    return found.stdout.strip() or "unknown"


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
