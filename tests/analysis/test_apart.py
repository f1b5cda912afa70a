"""The process apart, as it is: phases on its output, the outcome beside the reports, gone with its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hilo.analysis.apart import Request
from hilo.insight import example
from hilo.insight.diagnosing import Phase

pytestmark = pytest.mark.any_database
READER = (sys.executable, "-m", "hilo.analysis.apart")
TWINS = "Ticket;Caso;Estado;Situación;Fecha\n" + "".join(
    f"{case};C{case};{step};{step} s;2026-0{1 + case % 9}-1{place} 0{case % 9}:30\n"
    for case in range(1, 60)
    for place, step in enumerate(("Alta", "Revisión", "Entrega"))
)


def started(request: Request) -> subprocess.Popen[str]:
    child = subprocess.Popen(READER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    child.stdin.write(request.as_line())
    child.stdin.flush()
    return child


def read(folder: Path, *paths: Path, **facts: Any) -> tuple[list[str], dict[str, Any]]:
    child = started(Request(paths, folder, **facts))
    assert child.stdin is not None and child.stdout is not None
    phases = child.stdout.read().split()
    assert child.wait() == 0
    child.stdin.close()
    child.stdout.close()
    return phases, json.loads((folder / "outcome.json").read_text(encoding="utf-8"))


def a_log(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def look_in(folder: Path) -> dict[str, Any]:
    look: dict[str, Any] = json.loads((folder / "look.json").read_text(encoding="utf-8"))
    return look


def test_the_example_is_reported_in_both_languages(tmp_path: Path) -> None:
    phases, outcome = read(tmp_path, example.path())
    assert phases == [*(phase.value for phase in Phase), "reporting"]
    assert outcome["outcome"] == "report" and outcome["cases"] > 100
    assert set(outcome["headline"]) == {"es", "en"}
    for lang in ("es", "en"):
        assert f'lang="{lang}"' in (tmp_path / f"{lang}.html").read_text(encoding="utf-8")
        assert json.loads((tmp_path / f"{lang}.json").read_text(encoding="utf-8"))["log"]["cases"]
    look = look_in(tmp_path)
    assert {"case", "activity", "time"} <= set(look["taken"])
    assert {one["column"] for one in look["taken"].values()} <= {one["name"] for one in look["columns"]}


def test_what_could_as_well_be_another_column_is_asked_with_samples_and_answered_for_good(
    tmp_path: Path,
) -> None:
    log = a_log(tmp_path, TWINS)
    _phases, outcome = read(tmp_path, log)
    assert outcome == {"outcome": "question"}
    columns = {one["name"]: one["samples"] for one in look_in(tmp_path)["columns"]}
    assert columns["Estado"] == ["Alta", "Revisión", "Entrega"]
    said = {"case": "Ticket", "activity": "Estado", "time": "Fecha", "area": ""}
    _phases, outcome = read(tmp_path, log, columns=said)
    assert outcome["outcome"] == "report" and outcome["cases"] == 59
    assert look_in(tmp_path)["taken"]["case"]["chosen"] is True


def test_times_that_name_no_zone_are_those_of_the_zone_that_was_said(tmp_path: Path) -> None:
    log = a_log(tmp_path, TWINS.replace("Caso", "Nota").replace("Situación", "Apunte"))
    columns = {"case": "Ticket", "activity": "Estado", "time": "Fecha"}
    begins = []
    for zone in ("Europe/Madrid", "Atlantic/Canary"):
        _phases, outcome = read(tmp_path, log, columns=columns, zone=zone)
        assert outcome["outcome"] == "report"
        begins.append(json.loads((tmp_path / "es.json").read_text(encoding="utf-8"))["log"]["from"])
    one, other = map(datetime.fromisoformat, begins)
    assert other - one == timedelta(hours=1)


def test_a_refusal_names_the_file_in_both_languages(tmp_path: Path) -> None:
    _phases, outcome = read(tmp_path, a_log(tmp_path, "solo una línea", "carta.csv"))
    assert outcome["outcome"] == "refusal"
    assert outcome["sentence"]["es"] != outcome["sentence"]["en"]


def test_a_column_that_is_no_time_is_refused_and_the_columns_stay_to_be_corrected(tmp_path: Path) -> None:
    log = a_log(tmp_path, TWINS)
    said = {"case": "Ticket", "activity": "Estado", "time": "Situación"}
    _phases, outcome = read(tmp_path, log, columns=said)
    assert outcome["outcome"] == "refusal" and "Situación" in outcome["sentence"]["es"]
    assert [one["name"] for one in look_in(tmp_path)["columns"]][:2] == ["Ticket", "Caso"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts what a process truly uses")
def test_more_memory_than_it_may_have_is_said_and_not_taken(tmp_path: Path) -> None:
    rows = "".join(f"{n};Alta {n};2026-01-01 10:00;{'x' * 400}\n" for n in range(400_000))
    log = a_log(tmp_path, f"Pedido;Actividad;Fecha;Nota\n{rows}")
    child = started(Request((log,), tmp_path, memory=150_000_000))
    assert child.stdin is not None and child.stdout is not None
    child.stdout.read()
    code = child.wait()
    child.stdin.close()
    child.stdout.close()
    # A library that gets no memory may end the process; hilo.analysis.running takes that for the same.
    if code != -signal.SIGABRT:
        assert code == 0 and json.loads((tmp_path / "outcome.json").read_text()) == {"outcome": "too large"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that never answers")
def test_it_ends_when_its_parent_does(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never.csv")
    child = started(Request((tmp_path / "never.csv",), tmp_path))
    assert child.stdin is not None and child.stdout is not None
    assert child.stdout.readline() == "reading\n"
    child.stdin.close()
    assert child.wait(timeout=30) == 3
    child.stdout.close()
