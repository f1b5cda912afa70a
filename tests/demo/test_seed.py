"""The same seed tells the same story, to the second; another one has other quantities and hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from hilo import demo
from hilo.demo import playing
from hilo.demo.plays import machines, supply
from hilo.demo.stage import Play, Stage
from hilo.ledger.models import LedgerEvent, PrivateText
from hilo.parties.models import Person

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def some_plays(stage: Stage) -> Iterator[Play]:
    plays: tuple[Callable[[Stage], Play], ...] = (supply.PLAYS[3], machines.wine_filter, machines.vinegar)
    return (play(stage) for play in plays)


def told_with(seed: int) -> list[tuple[object, ...]]:
    """What history says without its keys, which are secret and new each time; undone afterwards."""
    with transaction.atomic():
        demo.load(seed=seed, now=NOW)
        names = dict(Person.objects.values_list("pk", "name"))
        events = LedgerEvent.objects.order_by("id").values_list(
            "kind", "occurred_at", "recorded_at", "author_id"
        )
        story: list[tuple[object, ...]] = [
            (kind, happened, recorded, names.get(author or 0)) for kind, happened, recorded, author in events
        ]
        story += [(text,) for text in PrivateText.objects.order_by("pk").values_list("body", flat=True)]
        transaction.set_rollback(True)
    return story


@pytest.mark.django_db
def test_a_seed_tells_one_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "all_plays", some_plays)
    first = told_with(1)
    assert len(first) > 400
    assert told_with(1) == first
    assert told_with(2) != first
