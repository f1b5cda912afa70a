"""An engine for a log: DuckDB anywhere, PostgreSQL in the lane that has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hilo.insight.expressions.answering import DuckDB, Engine, Postgres
from hilo.insight.log import EventLog

type EngineFor = Callable[[EventLog], Engine]


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("duckdb", marks=pytest.mark.any_database),
        pytest.param("postgres", marks=pytest.mark.postgres_only),
    ],
)
def engine_for(request: pytest.FixtureRequest) -> Iterator[EngineFor]:
    if request.param == "duckdb":
        yield DuckDB
        return
    import psycopg
    from django.db import connection as guarded

    where = guarded.settings_dict
    with psycopg.connect(
        host=where["HOST"], user=where["USER"], dbname="postgres", autocommit=True
    ) as session:
        assert session.info.server_version >= 140_000
        yield lambda log: Postgres(log, session)
