from django.db import connection

from tests.conftest import LANE


def test_the_lane_runs_on_the_database_it_names() -> None:
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[LANE]
