"""Diagnoses in every state, made through the commands; the reading itself is left out."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import count
from typing import Any

from hilo.analysis import folders
from hilo.analysis.commands.diagnoses import (
    ask_columns,
    ask_diagnosis,
    fail_diagnosis,
    finish_diagnosis,
    refuse_diagnosis,
)
from hilo.analysis.models import Diagnosis
from hilo.analysis.outcome import Report
from hilo.parties.actor import system
from hilo.parties.models import Person
from tests.factories.parties import NOW, acting

_number = count(1)
LOG = b"Pedido;Actividad;Fecha\n1;Alta;2026-01-05 09:00\n1;Entrega;2026-01-09 12:00\n"
LOOK: dict[str, Any] = {
    "columns": [{"name": name, "samples": ["1", "2"]} for name in ("Pedido", "Actividad", "Fecha", "Equipo")],
    "taken": {
        "case": {"column": "Pedido", "certainty": 0.93, "why": {"es": "por su nombre"}, "chosen": False},
        "activity": {"column": "Actividad", "certainty": 0.9, "why": {}, "chosen": False},
        "time": {"column": "Fecha", "certainty": 0.45, "why": {}, "chosen": False},
    },
}
HEADLINE = {"es": "El 15 % de los pedidos va y vuelve.", "en": "15 % of orders bounce."}


def a_diagnosis(
    by: Person, *, name: str = "Pedidos 2026", now: datetime = NOW, log: bytes = LOG
) -> Diagnosis:
    """Asked for, with its file in its folder."""
    token = folders.new_token()
    kept = folders.keep_file(token, "files", "pedidos.csv", [log])
    diagnosis, _is_new = ask_diagnosis(
        name=name, token=token, ticket=f"ticket {next(_number)}", files=[kept], by=acting(by, now), now=now
    )
    return diagnosis


def a_finished_diagnosis(
    by: Person, *, name: str = "Pedidos 2026", now: datetime = NOW, html: str = "<h1>informe</h1>"
) -> Diagnosis:
    diagnosis = a_diagnosis(by, name=name, now=now)
    finish(diagnosis, now=now, html=html)
    return diagnosis


def finish(diagnosis: Diagnosis, *, now: datetime = NOW, html: str = "<h1>informe</h1>") -> None:
    """With reports that lie where those of the reader do."""
    aside = folders.room_aside(diagnosis.token)
    for lang in folders.LANGUAGES:
        (aside / f"{lang}.html").write_text(f"{html}<p>{lang}", encoding="utf-8")
        (aside / f"{lang}.json").write_text(json.dumps({"lang": lang}), encoding="utf-8")
    with_look(diagnosis)
    result = folders.keep_result(diagnosis.token, aside)
    report = Report(cases=812, events=6_543, findings=4, headline=HEADLINE, result=result)
    finish_diagnosis(diagnosis, run=diagnosis.run, report=report, by=system(), now=now)


def refuse(diagnosis: Diagnosis, sentence: str = "No hay ninguna fecha.", *, now: datetime = NOW) -> None:
    said = {"es": sentence, "en": "There is no date."}
    refuse_diagnosis(diagnosis, run=diagnosis.run, sentence=said, by=system(), now=now)


def ask(diagnosis: Diagnosis, *, now: datetime = NOW) -> None:
    with_look(diagnosis)
    ask_columns(diagnosis, run=diagnosis.run, by=system(), now=now)


def fail(diagnosis: Diagnosis, *, now: datetime = NOW) -> None:
    fail_diagnosis(diagnosis, run=diagnosis.run, by=system(), now=now)


def with_look(diagnosis: Diagnosis) -> None:
    path = folders.folder_of(diagnosis.token) / "look.json"
    path.write_text(json.dumps(LOOK), encoding="utf-8")
