"""Killed half-way the feed goes on where it was; two at once do everything once."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.work.models import Order
from tests.channels.erp.conftest import Feed, a_feed
from tests.channels.erp.state import Erp, an_erp, in_some_order, state
from tests.support.processes import Child, run_at_once

KILLS = 5
ORDERS = 30


@pytest.fixture
def feed(transactional_db: None, tmp_path: Path) -> Feed:
    return a_feed(tmp_path / "erp")


def put_all(feed: Feed, erp: Erp) -> None:
    for name, columns, rows in in_some_order(erp, random.Random(1)):
        feed.put(name, columns, *rows)


def nothing_is_double() -> bool:
    """One event of each kind of beginning for each thing: nobody placed, billed or was paid twice."""
    begun = ("order.placed", "invoice.recorded", "payment.recorded", "customer.added", "thread.opened")
    events = LedgerEvent.objects.filter(kind__in=begun).values_list("kind", "subject_id")
    numbers = Counter(Order.objects.values_list("number", flat=True))
    return max(Counter(events).values()) == 1 and max(numbers.values()) == 1


def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(feed: Feed) -> None:
    erp, chance = an_erp(random.Random(3), orders=ORDERS), random.Random(os.getpid())
    put_all(feed, erp)
    kills, was_midway = 0, False
    while kills < KILLS:
        child = Child("tests.channels.erp.at_once:take", {"folder": str(feed.folder)})
        child.wait_until_ready()
        child.go()
        time.sleep(chance.uniform(0.2, 1.5))
        child.kill()
        kills += 1
        was_midway |= Order.objects.count() > 0 and bool(feed.waiting_files())
    (last,) = run_at_once("tests.channels.erp.at_once:take", [{"folder": str(feed.folder)}], timeout=300)
    assert last.value == "done"
    after = state()
    assert (after["waiting"], feed.waiting_files(), nothing_is_double()) == ([], [], True)
    numbers = {rows[0][0] for rows in erp.documents["pedidos"] if "2026" in rows[0][2]}
    assert {order.number for order in Order.objects.all()} == numbers
    assert was_midway, "no kill fell into the work: make it longer"
    assert verify().holds
    put_all(feed, erp)
    feed.run()
    assert state() == after


@pytest.mark.parametrize("how", ["take", "take_without_lock"])
def test_two_workers_at_once_do_everything_once(feed: Feed, how: str) -> None:
    erp = an_erp(random.Random(4), orders=10)
    put_all(feed, erp)
    calls = [{"folder": str(feed.folder)} for _turn in range(2)]
    outcomes = run_at_once(f"tests.channels.erp.at_once:{how}", calls, timeout=300)
    assert "done" in [one.value for one in outcomes]
    feed.run()
    assert (state()["waiting"], feed.waiting_files(), nothing_is_double()) == ([], [], True)
    assert not list((feed.folder / "refused").glob("*"))
    numbers = {rows[0][0] for rows in erp.documents["pedidos"] if "2026" in rows[0][2]}
    assert {order.number for order in Order.objects.all()} == numbers
