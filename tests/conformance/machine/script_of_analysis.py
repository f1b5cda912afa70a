"""A log is brought by a head of area: refused, asked about, broken off, finished, and at last deleted."""

from __future__ import annotations

from hilo.analysis.folders import Kept, new_token
from hilo.analysis.models import Diagnosis
from hilo.analysis.outcome import Report
from hilo.parties.actor import system
from tests.conformance.machine.scripting import CURRENT, Script, typed

COMMANDS = "analysis.diagnoses"


def diagnoses(s: Script) -> None:
    by, job = s.people.head, system()
    facts = {
        "name": typed("Pedidos"),
        "token": new_token(),
        "ticket": "one-form",
        "files": [Kept("pedidos.csv", 2048, "f")],
    }
    asked: tuple[Diagnosis, bool] = s.both(f"{COMMANDS}.ask_diagnosis", **facts, by=by)
    diagnosis = asked[0]
    again, is_new = s.accepted(f"{COMMANDS}.ask_diagnosis", **facts, by=by)
    assert again == diagnosis and not is_new
    s.refused(f"{COMMANDS}.ask_again", diagnosis, seen=CURRENT, by=by)
    said = {lang: typed("No hay ninguna fecha") for lang in ("es", "en")}
    for ending, what in (
        ("refuse_diagnosis", {"sentence": said}),
        ("ask_columns", {}),
        ("fail_diagnosis", {}),
    ):
        s.both(f"{COMMANDS}.{ending}", diagnosis, once=True, run=diagnosis.run, by=job, **what)
        s.both(f"{COMMANDS}.ask_again", diagnosis, once=True, seen=CURRENT, by=by)
    report = Report(cases=30, events=400, findings=2, headline=said, result=new_token())
    finish = {"run": diagnosis.run, "report": report}
    s.both(f"{COMMANDS}.finish_diagnosis", diagnosis, once=True, by=job, **finish)
    s.both(f"{COMMANDS}.delete_diagnosis", diagnosis, seen=CURRENT, by=by)
