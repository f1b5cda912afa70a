"""The factories' day for requests too: a session made today would be years old by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache

from tests.factories.parties import NOW

type Clock = time_machine.Traveller


@pytest.fixture
def clock() -> Iterator[Clock]:
    """It is Monday 23 November 2026, 10:00 in Madrid, and time stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def no_rate_limits(request: pytest.FixtureRequest) -> None:
    """Each test begins with nobody having tried anything."""
    if "django_db" in request.keywords or "db" in request.fixturenames:
        request.getfixturevalue("db") if "transactional_db" not in request.fixturenames else None
        cache.clear()


def at(moment: datetime, traveller: Clock) -> None:
    traveller.move_to(moment, tick=False)
