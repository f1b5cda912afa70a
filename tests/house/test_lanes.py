from django.conf import settings


def test_the_lane_runs_on_the_database_it_names() -> None:
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine.endswith({"sqlite": "sqlite3", "postgres": "postgresql"}[settings.TEST_LANE])
