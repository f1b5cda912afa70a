from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from hilo.ledger.models import LedgerEvent, PrivateText
from hilo.ledger.verify import Verdict, verify
from hilo.parties.modules import forget
from tests.conformance.machine.driver import Coverage, Driver, Refused
from tests.conformance.machine.script import play
from tests.conformance.machine.scripting import PASSWORD
from tests.conformance.machine.world import people_a_company
from tests.factories.parties import NOW


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass(frozen=True)
class Played:
    """What a whole run of the script left behind, read before it was undone."""

    coverage: Coverage
    verdict: Verdict
    payloads: tuple[tuple[str, str], ...]  # kind, payload
    private: tuple[str, ...]
    written: dict[str, set[str]]  # "Thread.title" to every value of that column


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for what was played needs a database, also when nobody else in the run does."""
    for item in items:
        if "played" in getattr(item, "fixturenames", ()):
            item.add_marker("django_db")


@pytest.fixture(scope="session")
def played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Played:
    with django_db_blocker.unblock(), translation.override("en"), transaction.atomic():
        try:
            return _play()
        finally:
            transaction.set_rollback(True)


def _play() -> Played:
    coverage = Coverage()
    driver = Driver(coverage)
    _found(driver)
    play(driver, people_a_company(driver))
    return Played(
        coverage=coverage,
        verdict=verify(),
        payloads=tuple(LedgerEvent.objects.order_by("id").values_list("kind", "payload")),
        private=tuple(PrivateText.objects.values_list("body", flat=True)),
        written=_written(),
    )


def _found(driver: Driver) -> None:
    """An empty installation is founded once; the story itself is told in a company of the factories."""
    facts = {"name": "Envasa", "administrator_name": "Ada Alba", "administrator_email": "ada@x.example"}
    nothing = transaction.savepoint_create()
    founded = driver.run("parties.seeds.found_company", password=PASSWORD, now=NOW, **facts)
    again = driver.run("parties.seeds.found_company", password=PASSWORD, now=NOW, **facts)
    assert not isinstance(founded, Refused) and isinstance(again, Refused)
    transaction.savepoint_rollback(nothing)
    forget(frozenset())  # the founded company began with few modules, and is not there any more


def _written() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for label in ("parties", "work", "quality", "money", "analysis"):
        for model in apps.get_app_config(label).get_models():
            for column in model._meta.local_concrete_fields:
                if isinstance(column, (models.CharField, models.TextField)) and not column.choices:
                    values = model._default_manager.values_list(column.attname, flat=True)
                    found[f"{model.__name__}.{column.name}"] = {str(value) for value in values if value}
    return found
