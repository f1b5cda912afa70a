"""The week of ``scenes``, told once for a whole file: what a test changes is undone after it."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.web.cases.scenes import Week, a_week


@pytest.fixture(scope="module")
def told_week(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Week]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_week()
        transaction.set_rollback(True)


@pytest.fixture
def week(told_week: Week, db: None) -> Week:
    return copy.deepcopy(told_week)
