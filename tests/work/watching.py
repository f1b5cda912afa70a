"""Seeing that a refusal changed nothing; the fixtures that the folders of steps and handoffs share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.utils import translation

from hilo.errors import RuleViolation
from tests.factories.work import House, a_house

WATCHED = ("work", "quality", "ledger", "parties")


def everything() -> dict[str, list[dict[str, object]]]:
    models = [model for label in WATCHED for model in apps.get_app_config(label).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


@contextmanager
def refused(
    saying: str = "", *, field: str | None = None, kind: type[RuleViolation] = RuleViolation
) -> Iterator[None]:
    """The block is refused with that sentence, and every table is as it was."""
    before = everything()
    with pytest.raises(kind, match=saying or None) as refusal:
        yield
    assert everything() == before
    assert str(refusal.value).endswith(".")
    if field is not None:
        assert refusal.value.field == field


@pytest.fixture
def house(db: None) -> House:
    return a_house()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield
