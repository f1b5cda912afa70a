"""``hilo diagnose``: the reference log to the last figure, and what is refused in a sentence."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from hilo.cli.command_line import main

pytestmark = pytest.mark.any_database

REFERENCE = {
    "org:group": (9_454, 3_820, 2_463, 2_394, 1_177, 3_286, 1_258),
    "organization involved": (4_350, 2_034, 106, 1_876, 883, 2_058, 891),
    "org:role": (5_877, 2_574, 228, 2_317, 1_121, 2_566, 1_159),
    "org:resource": (20_649, 5_602, 9_776, 1_783, 1_186, 3_992, 1_879),
}


@pytest.fixture(autouse=True)
def spanish_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def figures(*arguments: str | Path) -> dict[str, Any]:
    assert main(["diagnose", *map(str, arguments), "--json", "out.json"]) == 0
    found: dict[str, Any] = json.loads(Path("out.json").read_text(encoding="utf-8"))
    return found


def handovers_of(found: dict[str, Any]) -> tuple[int, ...]:
    told = found["handovers"]
    return (
        *(told[name] for name in ("count", "cases", "ordered_pairs")),
        *(told["ping_pong"][name] for name in ("count", "cases")),
        *(told["returns"][name] for name in ("count", "cases")),
    )


# The reference (logs/README) -------------------------------------------------------------------------------


@pytest.mark.parametrize("area", REFERENCE)
def test_the_reference_log_gives_the_reference_figures(shared: Path, area: str) -> None:
    log = shared / "logs/bpic2013/BPI_Challenge_2013_incidents.xes.gz"
    found = figures(log, "--area", area)
    assert handovers_of(found) == REFERENCE[area]
    assert (found["log"]["cases"], found["log"]["events"]) == (7_554, 65_533)
    assert found["variants"]["count"] == 1_511
    assert {name: round(value, 2) for name, value in found["durations_days"].items()} == {
        "mean": 12.08,
        "median": 7.55,
        "p90": 22.56,
        "max": 771.35,
    }
    assert found["starts"] == {"Accepted": 6_394, "Queued": 1_156, "Completed": 4}
    assert found["ends"] == {"Completed": 7_546, "Accepted": 8}
    first = found["directly_follows"][0]
    assert (first["from"], first["to"], first["count"]) == ("Accepted", "Accepted", 22_527)
    assert (round(first["mean_h"], 3), round(first["median_h"], 4)) == (29.427, 0.0494)
    assert {one["activity"]: one["cases"] for one in found["rework"]}["Accepted"] == 7_184


def test_the_same_log_as_a_person_would_export_it_gives_the_same_counts(shared: Path) -> None:
    log = shared / "logs/bpic2013/VINST-new.csv.gz"
    found = figures(log, "--activity", "Status", "--area", "Involved ST")
    assert found["mapping"]["case"]["column"] == "SR Number"
    assert handovers_of(found) == REFERENCE["org:group"]
    assert handovers_of(figures(log, "--activity", "Status", "--area", "Involved Org line 3"))[0] == 4_350


# Every day -------------------------------------------------------------------------------------------------


def test_the_example_gives_a_report_beside_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--example"]) == 0
    assert capsys.readouterr().out.endswith("Escrito: pedidos.diagnostico.html\n")
    report = Path("pedidos.diagnostico.html").read_text(encoding="utf-8")
    assert report.startswith("<!doctype html>") and "900 casos" in report


@pytest.mark.parametrize(
    ("arguments", "status", "saying"),
    [
        ([], 2, "Nombra un fichero"),
        (["nada.csv"], 1, "nada.csv"),
        (["--example", "--area", "Departamentos varios"], 1, "Departamento"),
        (["--example", "--calendar", "nada.yml"], 1, "nada.yml"),
        (["--example", "--html", "no/esta/informe.html"], 1, "informe.html"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: list[str], status: int, saying: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diagnose", *arguments]) == status
    told = capsys.readouterr()
    assert saying in told.err and told.err.count("\n") == 1 and not told.out
    assert not list(Path().iterdir())


def test_another_engine_counts_the_same() -> None:
    here, there = figures("--example"), figures("--example", "--engine", "duckdb")
    counted = [name for name in here if name != "timings"]
    assert {name: there[name] for name in counted} == {name: here[name] for name in counted}


def test_a_database_that_does_not_answer_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    assert main(["diagnose", "--example", "--engine", "postgres"]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err


def test_english_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--example", "--lang", "en", "--json", "out.json"]) == 0
    assert "El lunes" not in capsys.readouterr().out


def test_its_own_words_follow_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--example", "--lang", "en", "--json", "out.json"]) == 0
    assert "Written: out.json" in capsys.readouterr().out
    assert main(["diagnose", "--example", "--lang=en", "--json", "nowhere/out.json"]) == 1
    assert "Name another place" in capsys.readouterr().err
    assert main(["diagnose", "--example", "--json", "out.json"]) == 0
    assert "Escrito: out.json" in capsys.readouterr().out


@pytest.mark.parametrize(("asked", "said"), [(["--lang", "en"], "the branch"), ([], "la delegación")])
def test_its_help_is_in_the_language_asked_for(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["diagnose", *asked, "--help"])
    assert said in " ".join(capsys.readouterr().out.split())


def test_a_language_that_is_none_is_refused_in_that_of_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["diagnose", "--example", "--lang", "fr"])
    assert "--lang" in capsys.readouterr().err


# Asking ----------------------------------------------------------------------------------------------------


class Terminal:
    """Somebody who types these lines."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self.lines.pop(0) + "\n"


def test_at_a_terminal_the_unsure_columns_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shared: Path
) -> None:
    log = shared / "logs/bpic2013/VINST-new.csv.gz"
    monkeypatch.setattr(sys, "stdin", Terminal("seven", "99", "", "0"))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    found = figures(log)
    asked = capsys.readouterr().err
    assert asked.count("¿Qué columna es") == 2 and asked.count("Número (Intro") == 4
    assert found["mapping"]["activity"]["column"] == "Status" and "area" not in found["mapping"]
