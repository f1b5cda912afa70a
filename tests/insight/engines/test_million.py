"""A million events: the same digests from the arrays and from the engine of this lane."""

from __future__ import annotations

import pytest

from benchmarks.generated import generated_log
from hilo.insight.expressions.answering import answers
from hilo.insight.log import EventLog
from hilo.insight.measures import measure
from tests.insight.engines.alike import digests
from tests.insight.engines.conftest import EngineFor


@pytest.fixture(scope="module")
def million() -> EventLog:
    return generated_log(1_000_000)


def test_a_million_events(million: EventLog, engine_for: EngineFor) -> None:
    assert len(million) > 990_000
    assert digests(answers(million, engine_for(million))) == digests(measure(million))
