"""Large logs: the same digests from the arrays and from the engine of this lane.

A million events take PostgreSQL half a minute: in the suite it is asked about fewer, and about the million by
``make conformance-engines``, which sets HILO_ENGINE_EVENTS.
"""

from __future__ import annotations

import os

import pytest

from benchmarks.generated import generated_log
from hilo.insight.expressions.answering import DuckDB, answers
from hilo.insight.measures import measure
from tests.insight.engines.alike import digests
from tests.insight.engines.conftest import EngineFor

ASKED = int(os.environ.get("HILO_ENGINE_EVENTS", "0"))


def test_many_events(engine_for: EngineFor) -> None:
    in_suite = 1_000_000 if engine_for is DuckDB else 150_000
    log = generated_log(ASKED or in_suite)
    assert len(log) > 0.99 * (ASKED or in_suite)
    assert digests(answers(log, engine_for(log))) == digests(measure(log))


@pytest.mark.parametrize("unit", ["person", "site"])
def test_area_may_be_any_column_with_blanks(engine_for: EngineFor, unit: str) -> None:
    """People: more pairs than areas have; sites: never change within a case."""
    from dataclasses import replace

    import numpy as np

    from hilo.insight.log import Codes

    log = generated_log(20_000, seed=7)
    column = getattr(log, unit)
    blank = np.where(log.row % 5 == 0, -1, column.codes).astype(np.int32)
    log = replace(log, area=Codes(blank, column.names), person=None)
    assert digests(answers(log, engine_for(log))) == digests(measure(log))
