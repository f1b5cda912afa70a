"""Hilo against pm4py on the same files: CPU seconds and peak memory, as ratios in one run.

``make bench-diagnose`` (SIZES="1 5 20" in millions of generated events; LOGS=none leaves the shared ones
out).
Both read one plain CSV and write the figures as JSON, each in a process of its own, one after the other; the
figures are compared before anything is called fast. pm4py is installed into .boot/pm4py, never beside Hilo.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import exp, log
from pathlib import Path
from time import perf_counter

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "logs"
PM4PY_HOME = PROJECT / ".boot" / "pm4py"
RESULTS = PROJECT / "benchmarks" / "results" / "diagnose.json"
OURS = [sys.executable, "-m", "benchmarks.diagnose_ours"]
THEIRS = [str(PM4PY_HOME / "bin" / "python"), str(PROJECT / "benchmarks" / "diagnose_pm4py.py")]
WANTED = {"whole": 10.0, "operations": 20.0}
SHARED_LOGS = {
    "bpic2013/VINST-new.csv.gz": ("SR Number", "Status", "Change Date+Time", "Involved ST"),
    "helpdesk/helpdesk_full.csv.gz": ("Case ID", "Activity", "Complete Timestamp", "workgroup"),
    "receipt/receipt.csv.gz": ("case:concept:name", "concept:name", "time:timestamp", "org:group"),
    "production/Production.csv.gz": ("caseid", "task", "end_timestamp", "user"),
}
GENERATED = ("Pedido", "Actividad", "Fecha y hora", "Área")


@dataclass(frozen=True, slots=True)
class Run:
    """One process from its start to its JSON."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    loading_s: float
    operations_s: dict[str, float]

    @property
    def operations(self) -> float:
        return sum(self.operations_s.values())


@dataclass(frozen=True, slots=True)
class Compared:
    name: str
    events: int
    ours: Run
    theirs: Run | None

    @property
    def ratios(self) -> dict[str, float] | None:
        """How many times as much theirs takes."""
        if self.theirs is None:
            return None
        return {
            "whole": self.theirs.cpu_s / self.ours.cpu_s,
            "operations": self.theirs.operations / self.ours.operations,
            "memory": self.theirs.peak_mb / self.ours.peak_mb,
        }


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    sizes = [float(size) for size in os.environ.get("SIZES", "1 5 20").split()]
    has_pm4py = _install_pm4py()
    with tempfile.TemporaryDirectory(prefix="hilo-bench-") as scratch:
        found = [_compared(*facts, Path(scratch), has_pm4py) for facts in _files(sizes, Path(scratch))]
    _write(found)
    _print(found)


def _install_pm4py() -> bool:
    sys.path.insert(0, str(PROJECT))
    from launcher import find_uv

    if not (PM4PY_HOME / "bin" / "python").exists():
        uv = find_uv()
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(PM4PY_HOME)], check=True)
        done = subprocess.run([uv, "pip", "install", "-q", "-p", str(PM4PY_HOME), "pm4py"])
        if done.returncode:
            shutil.rmtree(PM4PY_HOME)
            say("pm4py cannot be installed here: only Hilo is measured.")
            return False
    return True


def _files(sizes: Sequence[float], scratch: Path) -> Iterator[tuple[str, Path, Sequence[str]]]:
    if os.environ.get("LOGS") != "none" and SHARED.is_dir():
        for name, columns in SHARED_LOGS.items():
            plain = scratch / Path(name).with_suffix("").name
            with gzip.open(SHARED / name) as packed, plain.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
            yield plain.stem, plain, columns
    for millions in sizes:
        path = scratch / f"generated-{millions:g}M.csv"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.generated", str(int(millions * 1e6)), str(path)],
            check=True,
            cwd=PROJECT,
        )
        yield path.stem, path, GENERATED
        path.unlink()


def _compared(name: str, path: Path, columns: Sequence[str], scratch: Path, has_pm4py: bool) -> Compared:
    say(f"{name} ({path.stat().st_size / 1e6:,.1f} MB) ...")
    by_role = dict(zip(("case", "activity", "time", "area"), columns, strict=True))
    big = path.stat().st_size > 300e6
    ours, our_figures = _run(OURS, path, {**by_role, "start": "-"}, scratch, repeats=3)
    theirs = None
    if has_pm4py:
        theirs, their_figures = _run(THEIRS, path, by_role, scratch, repeats=1 if big else 3)
        _say_differences(name, our_figures, their_figures)
    return Compared(name, int(str(our_figures["events"])), ours, theirs)


def _run(
    command: Sequence[str], path: Path, columns: dict[str, str], scratch: Path, *, repeats: int
) -> tuple[Run, dict[str, object]]:
    """The process once for its whole cost, each operation in it once; then, for the operations alone, again
    with repeats."""
    out = scratch / "out.json"
    began, asked = perf_counter(), [*command, str(path), json.dumps(columns), str(out)]
    cpu, peak = _spent([*asked, "1"])
    wall = perf_counter() - began
    if repeats > 1:
        _spent([*asked, str(repeats)])
    figures = json.loads(out.read_text("utf-8"))
    return Run(cpu, wall, peak, figures["loading"], figures["operations"]), figures


def _spent(command: Sequence[str]) -> tuple[float, float]:
    """CPU seconds (user and system, with threads and children) and peak resident megabytes."""
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=complaints)
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            complaints.seek(0)
            raise SystemExit(complaints.read().decode(errors="replace"))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


# Whether both say the same -------------------------------------------------------------------------------


def _say_differences(name: str, ours: dict[str, object], theirs: dict[str, object]) -> None:
    for noun, (mine, other) in _comparable(ours["results"], theirs["results"]).items():
        if mine != other:
            say(f"  {name}: {noun} differ: {str(mine)[:100]} and {str(other)[:100]}")


def _comparable(ours: object, theirs: object) -> dict[str, tuple[object, object]]:
    """By noun, both figures in one shape. pm4py's handovers are shares of a matrix and are left out."""
    assert isinstance(ours, dict) and isinstance(theirs, dict)
    spans = sorted(theirs["durations"])
    return {
        "follows": (
            {(p["source"], p["target"]): (p["count"], round(p["mean_h"], 3)) for p in ours["follows"]},
            {(a, b): (n, round(mean / 3600, 3)) for a, b, n, mean, _median in theirs["follows"]},
        ),
        "variants": (ours["variants"]["count"], len(theirs["variants"])),
        "rework": ({item["activity"]: item["cases"] for item in ours["rework"]}, theirs["rework"]),
        "durations": (
            (round(ours["durations"]["mean"], 6), round(ours["durations"]["max"], 6)),
            (round(sum(spans) / len(spans) / 86400, 6), round(spans[-1] / 86400, 6)),
        ),
    }


# What was measured ---------------------------------------------------------------------------------------


def _write(found: Sequence[Compared]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    logs = [{**asdict(item), "ratios": item.ratios} for item in found]
    RESULTS.write_text(json.dumps({"logs": logs, "geometric_mean": _means(found)}, indent=1) + "\n", "utf-8")


def _means(found: Sequence[Compared]) -> dict[str, float]:
    ratios = [item.ratios for item in found if item.ratios is not None]
    if not ratios:
        return {}
    return {key: exp(sum(log(ratio[key]) for ratio in ratios) / len(ratios)) for key in ratios[0]}


def _print(found: Sequence[Compared]) -> None:
    say(f"\n{'log':<18}{'events':>12}{'CPU s':>18}{'':>8}{'operations s':>20}{'':>8}{'peak MB':>16}")
    for item in found:
        say(f"{item.name:<18}{item.events:>12,}{_line(item)}")
    means = _means(found)
    for key, wanted in WANTED.items():
        if means:
            verdict = "as wanted" if means[key] >= wanted else "NOT as wanted"
            say(f"geometric mean, {key}: {means[key]:.1f} x less than pm4py (wanted {wanted:g}: {verdict})")
    for item in found:
        for key, ratio in (item.ratios or {}).items():
            if ratio < 1:
                say(f"MORE {key} than pm4py on {item.name}: {ratio:.2f}")


def _line(item: Compared) -> str:
    ours, theirs, ratios = item.ours, item.theirs, item.ratios
    if theirs is None or ratios is None:
        return f"{ours.cpu_s:>18.2f}{'':>8}{ours.operations:>20.3f}{'':>8}{ours.peak_mb:>16,.0f}"
    return (
        f"{ours.cpu_s:>9.2f}{theirs.cpu_s:>9.2f}{ratios['whole']:>7.1f}x"
        f"{ours.operations:>10.4f}{theirs.operations:>10.3f}{ratios['operations']:>7.1f}x"
        f"{ours.peak_mb:>8,.0f}{theirs.peak_mb:>8,.0f}"
    )


if __name__ == "__main__":
    main()
