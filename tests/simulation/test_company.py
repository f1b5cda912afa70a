"""The simulated company is what it says: the same for a seed, in two languages, with the faults planted."""

from __future__ import annotations

import ast
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from tests.simulation.company import Simulated, simulate
from tests.simulation.faults import PLACES, STRENGTHS, Fault, planted
from tests.simulation.words import ENGLISH, SPANISH


def column(simulated: Simulated, role: str) -> np.ndarray:
    return simulated.rows[simulated.roles[role]]


def test_a_seed_gives_the_same_export_again() -> None:
    one, again = simulate(7, 300), simulate(7, 300)
    assert all((one.rows[name] == again.rows[name]).all() for name in one.rows)


def test_the_other_vocabulary_tells_the_same_events() -> None:
    fault = planted("ping_pong", "clear", 7)
    spanish, english = simulate(7, 300, [fault]), simulate(7, 300, [fault], ENGLISH)
    assert set(spanish.rows).isdisjoint(english.rows)
    for role in ("time", "start", "amount", "due"):
        assert (column(spanish, role) == column(english, role)).all()
    for role, words in (("activity", "activities"), ("area", "areas"), ("site", "sites")):
        to_english = dict(
            zip(getattr(SPANISH, words).values(), getattr(ENGLISH, words).values(), strict=True)
        )
        assert [to_english[word] for word in column(spanish, role)] == list(column(english, role))


def test_work_is_done_by_day_on_working_days() -> None:
    ended = column(simulate(7, 300), "time")
    hours = (ended - ended.astype("datetime64[D]")).astype("timedelta64[s]").astype(int) / 3600
    assert hours.min() >= 8
    assert hours.max() <= 18
    assert np.is_busday(ended.astype("datetime64[D]")).all()


def test_twenty_thousand_events_take_less_than_a_second() -> None:
    began = process_time()
    events = len(simulate(7, 1300).rows[SPANISH.columns["time"]])
    assert events > 20_000
    assert process_time() - began < 1


def test_what_was_collected_by_end_holds_closed_cases_only() -> None:
    simulated = simulate(7, 300, collected_by_end=True)
    closed = column(simulated, "case")[column(simulated, "activity") == "Cerrar pedido"]
    assert set(closed) == set(column(simulated, "case"))


@pytest.mark.parametrize("kind", STRENGTHS)
def test_a_stronger_fault_never_goes_below_a_fainter_one(kind: str) -> None:
    strengths = STRENGTHS[kind]
    assert strengths["faint"] < strengths["clear"] < strengths["strong"]
    assert PLACES[kind]


def test_a_fault_stands_where_it_was_planted() -> None:
    fault = Fault("skipped_step", "strong", {"activity": "check", "site": "vigo"})
    simulated = simulate(7, 2000, [fault])
    assert dict(simulated.truth[0].where) == {"activity": "Control final", "site": "Vigo"}
    checked, built = (
        {
            site: len(set(column(simulated, "case")[(activity == name) & (sites == site)]))
            for site in ("Vigo", "Zaragoza")
        }
        for activity, sites in [(column(simulated, "activity"), column(simulated, "site"))]
        for name in ("Control final", "Fabricar")
    )
    assert checked["Vigo"] / built["Vigo"] < 0.65
    assert checked["Zaragoza"] / built["Zaragoza"] > 0.95


def test_the_simulator_knows_nothing_of_what_reads_its_logs() -> None:
    for file in Path(__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "hilo"], file.name
