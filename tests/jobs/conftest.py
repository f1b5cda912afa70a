from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.jobs.worker_house import WorkerHouse, database_like


@pytest.fixture(scope="session")
def workers_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("workers")
    like: dict[str, Any] = dict(settings.DATABASES["default"])  # type: ignore[call-overload]
    with database_like(like, folder) as database:
        WorkerHouse(database, folder / "migrate.log").manage("migrate", "--run-syncdb", "-v0")
        yield database


@pytest.fixture
def house(workers_database: dict[str, Any], tmp_path: Path) -> Iterator[WorkerHouse]:
    house = WorkerHouse(workers_database, tmp_path / "workers.log")
    house.empty()
    try:
        yield house
    finally:
        house.close()
