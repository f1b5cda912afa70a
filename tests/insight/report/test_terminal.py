"""One screen of a terminal, whatever the log is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hilo.insight.report import to_terminal
from tests.insight.report import diagnoses


@pytest.mark.parametrize("make", (diagnoses.rich, diagnoses.empty, diagnoses.hostile))
@pytest.mark.parametrize("width", (40, 80, 100))
def test_it_fits_on_one_screen(make: Any, width: int) -> None:
    lines = to_terminal(make(), "es", width, [Path("a.html"), Path("b.json")]).split("\n")
    assert len(lines) <= 40
    assert all(len(line) <= width for line in lines)


def test_it_says_what_was_read_taken_and_found() -> None:
    told = to_terminal(diagnoses.rich(), "es", 80, [Path("informe.html")])
    assert told.startswith("BPI_Challenge_2013_incidents.xes.gz · 65.533 sucesos, 7.554 casos")
    assert "Actividad: concept:name (97 %)" in told
    assert "Área: organization involved (lo has dicho tú)" in told
    assert "1. La mayor espera lleva la etiqueta «Wait for user»" in told
    assert "[19.290 días, Certeza alta]" in told
    assert told.endswith("Escrito: informe.html")


def test_without_findings_it_says_so() -> None:
    assert "Nothing stands out in 1 case" in to_terminal(diagnoses.empty(), "en")


def test_no_name_can_steer_the_terminal() -> None:
    told = to_terminal(diagnoses.hostile(), "es")
    assert not [letter for letter in told if ord(letter) < 32 and letter != "\n"]
    told.encode("utf-8")
