"""DuckDB and PostgreSQL answer every definition as the arrays do, digest by digest."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hilo.insight.expressions.answering import DuckDB, answers
from hilo.insight.measures import measure
from tests.insight.engines.alike import NOUNS, digests, plain
from tests.insight.engines.conftest import EngineFor
from tests.insight.measures.logs import Row, log_of
from tests.insight.measures.strategies import many_cases, rows

# Without shrinking: an answer costs a second, and what fails on an engine fails on a log of 25 rows.
FEW = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@FEW
@given(rows() | rows(with_starts=True) | many_cases())
def test_small_logs(engine_for: EngineFor, events: list[Row]) -> None:
    log = log_of(events)
    found, wanted = answers(log, engine_for(log)), measure(log)
    for noun in NOUNS:
        assert plain(getattr(found, noun)) == plain(getattr(wanted, noun)), noun


def test_equal_times_keep_the_order_of_the_file(engine_for: EngineFor) -> None:
    events = [Row("1", activity, 0, area=area) for activity, area in ("bX", "aY", "bX", "cZ", "aX")]
    log = log_of(events)
    found = answers(log, engine_for(log))
    assert found.variants.top[0].activities == ("b", "a", "b", "c", "a")
    assert found.handovers is not None
    assert (found.handovers.ping_pong_count, found.handovers.returns_count) == (2, 2)


def test_names_in_any_script_come_back_in_one_order(engine_for: EngineFor) -> None:
    names = ["Ñandú", "ñandú", "Zeta", "éxito", "10", "9", "a>b", "日本", "O'Brien", ""]
    log = log_of([Row(f"{n}", name, n, person=name) for n, name in enumerate(names)])
    assert list(answers(log, engine_for(log)).starts) == sorted(names) == list(measure(log).starts)


def test_a_digest_tells_answers_apart() -> None:
    log = log_of([Row("1", "a", 0), Row("1", "b", 5)])
    other = log_of([Row("1", "a", 0), Row("1", "b", 3_600_000_006)])
    same, differs = digests(answers(log, DuckDB(log))), digests(measure(other))
    assert same == digests(measure(log))
    assert {noun for noun in NOUNS if same[noun] != differs[noun]} == {"durations", "follows", "steps"}


@pytest.mark.any_database
def test_every_definition_can_be_said_to_engines_to_come() -> None:
    """Not run there: that no function is missing in their dialects."""
    import ibis

    from hilo.insight.expressions import definitions
    from hilo.insight.expressions.events import events
    from hilo.insight.expressions.portable import in_case

    placed = in_case(events())
    runs = definitions.blocks(placed, "area")
    for expression in (definitions.variants(placed), definitions.handed_on(runs), definitions.stays(runs)):
        assert "events" in ibis.to_sql(expression, "clickhouse")
        assert "events" in ibis.to_sql(expression, "trino")
