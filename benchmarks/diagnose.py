"""Hilo against pm4py on the same files: CPU seconds and peak memory, as ratios in one run.

``make bench-diagnose`` (SIZES="1 5 20" in millions of generated events; LOGS=none leaves the shared ones
out).
Both read one plain CSV and write the figures as JSON, each in a process of its own, one after the other; the
figures are compared before anything is called fast. pm4py is installed into .boot/pm4py, never beside Hilo.
Both keep the bytecode of their modules, as Python does unless told otherwise, and start once before anything
is measured: without, pm4py would compile thousands of modules in each run.

Then ``hilo diagnose`` as people run it, with all findings, HTML and JSON, from 10,000 events to the largest.
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
BYTECODE = PROJECT / ".boot" / "bench-bytecode"
RESULTS = PROJECT / "benchmarks" / "results" / "diagnose.json"
OURS = [sys.executable, "-m", "benchmarks.diagnose_ours"]
THEIRS = [str(PM4PY_HOME / "bin" / "python"), str(PROJECT / "benchmarks" / "diagnose_pm4py.py")]
HILO = [sys.executable, "-m", "hilo.cli", "diagnose"]
WANTED = {"whole": 10.0, "operations": 20.0}
WANTED_REPORTS = {0.01: (3.0, None), 1.0: (20.0, 1.5), 20.0: (None, 6.0)}
"""Millions of events: at most so many seconds, and so many GB."""
SHARED_LOGS = {
    "bpic2013/VINST-new.csv.gz": ("SR Number", "Status", "Change Date+Time", "Involved ST"),
    "helpdesk/helpdesk_full.csv.gz": ("Case ID", "Activity", "Complete Timestamp", "workgroup"),
    "receipt/receipt.csv.gz": ("case:concept:name", "concept:name", "time:timestamp", "org:group"),
    "production/Production.csv.gz": ("caseid", "task", "end_timestamp", "user"),
}
BIG = 300e6
TIMES = {BIG: 1, 30e6: 3, 0: 7}
"""How often each of the two is run on a log of at least so many bytes."""
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


@dataclass(frozen=True, slots=True)
class Report:
    """``hilo diagnose`` from its start to HTML and JSON."""

    millions: float
    events: int
    cpu_s: float
    wall_s: float
    peak_mb: float

    def verdicts(self) -> Iterator[str]:
        seconds, gigabytes = WANTED_REPORTS.get(self.millions, (None, None))
        if seconds is not None:
            yield f"{_verdict(self.wall_s <= seconds)}: {self.wall_s:.1f} s (wanted {seconds:g})"
        if gigabytes is not None:
            is_so = self.peak_mb <= gigabytes * 1000
            yield f"{_verdict(is_so)}: {self.peak_mb:,.0f} MB (wanted {gigabytes:g} GB)"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    sizes = [float(size) for size in os.environ.get("SIZES", "1 5 20").split()]
    has_pm4py = _install_pm4py()
    with tempfile.TemporaryDirectory(prefix="hilo-bench-") as scratch:
        found, reports = [], []
        for name, path, columns, millions in _files([0.01, *sizes], Path(scratch)):
            if millions is None or millions >= 1:
                found.append(_compared(name, path, columns, Path(scratch), has_pm4py))
            if millions is not None:
                reports.append(_report(path, millions, Path(scratch)))
    _write(found, reports)
    _print(found)
    _print_reports(reports)


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


def _files(sizes: Sequence[float], scratch: Path) -> Iterator[tuple[str, Path, Sequence[str], float | None]]:
    """Name, plain CSV, its columns, and the millions of events of a generated one."""
    if os.environ.get("LOGS") != "none" and SHARED.is_dir():
        for name, columns in SHARED_LOGS.items():
            plain = scratch / Path(name).with_suffix("").name
            with gzip.open(SHARED / name) as packed, plain.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
            yield plain.stem, plain, columns, None
    for millions in sizes:
        path = scratch / f"generated-{millions:g}M.csv"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.generated", str(int(millions * 1e6)), str(path)],
            check=True,
            cwd=PROJECT,
        )
        yield path.stem, path, GENERATED, millions
        path.unlink()


def _compared(name: str, path: Path, columns: Sequence[str], scratch: Path, has_pm4py: bool) -> Compared:
    say(f"{name} ({path.stat().st_size / 1e6:,.1f} MB) ...")
    by_role = dict(zip(("case", "activity", "time", "area"), columns, strict=True))
    sides = [_Side(OURS, path, {**by_role, "start": "-"}, scratch)]
    if has_pm4py:
        sides.append(_Side(THEIRS, path, by_role, scratch))
    for _time in range(next(times for least, times in TIMES.items() if path.stat().st_size >= least)):
        for side in sides:
            side.run()
    (ours, our_figures), *others = [side.told() for side in sides]
    if others:
        _say_differences(name, our_figures, others[0][1])
    return Compared(name, int(str(our_figures["events"])), ours, others[0][0] if others else None)


class _Side:
    """One of the two. What else the machine does costs both more now and then, so both run in turn, as many
    times each, and the run of least CPU seconds counts."""

    def __init__(self, command: Sequence[str], path: Path, columns: dict[str, str], scratch: Path) -> None:
        self.out = scratch / "out.json"
        self.asked = [*command, str(path), json.dumps(columns), str(self.out)]
        self.least: tuple[float, float, float] | None = None
        self.is_big = path.stat().st_size >= BIG
        _warm_up(command, columns, scratch)

    def run(self) -> None:
        """For its whole cost, each operation in it once."""
        began = perf_counter()
        cpu, peak = _spent([*self.asked, "1"])
        spent = cpu, perf_counter() - began, peak
        self.least = min(self.least or spent, spent)
        self.figures = json.loads(self.out.read_text("utf-8"))

    def told(self) -> tuple[Run, dict[str, object]]:
        """With the operations alone, of a log that is not too big measured again with repeats."""
        assert self.least is not None
        if not self.is_big:
            _spent([*self.asked, "3"])
            self.figures = json.loads(self.out.read_text("utf-8"))
        return Run(*self.least, self.figures["loading"], self.figures["operations"]), self.figures


def _warm_up(command: Sequence[str], columns: dict[str, str], scratch: Path) -> None:
    """Once for each of the two, on a log of three rows: so that the bytecode of its modules is there."""
    if not (done := scratch / f"warm-{Path(command[0]).parents[1].name}").exists():
        small = scratch / "small.csv"
        names = [columns[role] for role in ("case", "activity", "time", "area")]
        rows = [f"1,{what},2024-01-0{day} 10:00:00+00:00,{what}" for day, what in enumerate("abcab", 1)]
        small.write_text("\n".join([",".join(names), *rows]) + "\n", "utf-8")
        _spent([*command, str(small), json.dumps(columns), str(done), "1"])


def _report(path: Path, millions: float, scratch: Path) -> Report:
    say(f"report of {path.stem} ...")
    html, figures = scratch / "report.html", scratch / "report.json"
    command = [*HILO, str(path), "--html", str(html), "--json", str(figures)]
    if not html.exists():
        _spent(command)  # the bytecode of what only a report needs
    began = perf_counter()
    cpu, peak = _spent(command)
    wall = perf_counter() - began
    return Report(millions, json.loads(figures.read_text("utf-8"))["log"]["events"], cpu, wall, peak)


def _with_bytecode() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(BYTECODE)}


def _spent(command: Sequence[str]) -> tuple[float, float]:
    """CPU seconds (user and system, with threads and children) and peak resident megabytes."""
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            command, cwd=PROJECT, env=_with_bytecode(), stdout=subprocess.DEVNULL, stderr=complaints
        )
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


def _write(found: Sequence[Compared], reports: Sequence[Report]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    logs = [{**asdict(item), "ratios": item.ratios} for item in found]
    written = {"logs": logs, "geometric_mean": _means(found), "reports": [asdict(each) for each in reports]}
    RESULTS.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


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
            verdict = _verdict(means[key] >= wanted)
            say(f"geometric mean, {key}: {means[key]:.1f} x less than pm4py (wanted {wanted:g}: {verdict})")
    for item in found:
        for key, ratio in (item.ratios or {}).items():
            if ratio < 1:
                say(f"MORE {key} than pm4py on {item.name}: {ratio:.2f}")


def _verdict(is_so: bool) -> str:
    return "as wanted" if is_so else "NOT as wanted"


def _print_reports(reports: Sequence[Report]) -> None:
    say(f"\n{'report of events':<18}{'CPU s':>10}{'CPU s a million':>18}{'wall s':>10}{'peak MB':>12}")
    for one in reports:
        per_million = f"{one.cpu_s / one.events * 1e6:.2f}" if one.millions >= 1 else ""
        say(f"{one.events:<18,}{one.cpu_s:>10.2f}{per_million:>18}{one.wall_s:>10.1f}{one.peak_mb:>12,.0f}")
    for one in reports:
        for verdict in one.verdicts():
            say(f"report of {one.events:,} events: {verdict}")


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
