"""Seeing that a refusal changed nothing, and what two at once do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.db import connection
from django.utils.translation import activate, get_language

from hilo.errors import RuleViolation

WATCHED = ("parties", "ledger", "sessions")


def everything() -> dict[str, list[dict[str, object]]]:
    models = [model for label in WATCHED for model in apps.get_app_config(label).get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


@contextmanager
def refused(
    *, field: str | None = None, saying: str = "", kind: type[RuleViolation] = RuleViolation
) -> Iterator[None]:
    """The block is refused with a sentence beside ``field``, and every table is as it was."""
    before = everything()
    with pytest.raises(kind) as refusal:
        yield
    assert everything() == before
    assert refusal.value.field == field
    assert saying in str(refusal.value)
    assert str(refusal.value).endswith((".", "?"))


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Each call on a connection of its own, started together: its result, or the exception it ended with."""
    barrier = Barrier(len(calls))
    results: list[object] = [None] * len(calls)
    language = get_language()

    def run(place: int, call: Callable[[], object]) -> None:
        activate(language or "en")
        try:
            barrier.wait(10)
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
