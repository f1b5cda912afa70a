"""Shuffled rows and files, many runs or one, twice or once: the final state is the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.db import transaction

from hilo.ledger.models import LedgerEvent
from tests.channels.erp.conftest import Feed, a_feed
from tests.channels.erp.state import Erp, an_erp, in_some_order, state

HISTORIES = 6


class _Undone(Exception):
    pass


def played(feed: Feed, erp: Erp, seed: int, folder: Path) -> dict[str, object]:
    """The state after all of it came in that order; with a run after each file or after several."""
    chance = random.Random(seed)
    folder.mkdir()
    (folder / "mapping.yaml").write_bytes((feed.folder / "mapping.yaml").read_bytes())
    here = Feed(folder, feed.house, feed.now)
    found: dict[str, object] = {}
    try:
        with transaction.atomic():
            for name, columns, rows in in_some_order(erp, chance):
                here.put(name, columns, *rows)
                if chance.random() < 0.5:
                    here.run()
            here.run()
            found = state()
            raise _Undone
    except _Undone:
        return found


@pytest.mark.parametrize("seed", [1, 2])
def test_in_whatever_order_it_comes_the_state_is_the_same(feed: Feed, tmp_path: Path, seed: int) -> None:
    erp = an_erp(random.Random(seed))
    first = played(feed, erp, 0, tmp_path / "0")
    assert first["waiting"] == []
    assert len(list(first["orders"])) >= 2  # type: ignore[call-overload]
    for turn in range(1, HISTORIES):
        assert played(feed, erp, turn, tmp_path / str(turn)) == first


def test_everything_a_second_time_in_another_order_records_nothing(feed: Feed) -> None:
    erp = an_erp(random.Random(5))
    for turn in range(2):
        for name, columns, rows in in_some_order(erp, random.Random(turn)):
            feed.put(f"{name.removesuffix('.csv')}-{turn}.csv", columns, *rows)
        if turn == 0:
            feed.run()
            before, events = state(), LedgerEvent.objects.count()
    run = feed.run()
    assert sum(taken.added + taken.changed + taken.waiting for taken in run.taken) == 0
    assert (state(), LedgerEvent.objects.count()) == (before, events)


@pytest.fixture
def feed(db: None, tmp_path: Path) -> Feed:
    return a_feed(tmp_path / "erp")
