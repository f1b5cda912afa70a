"""Two public data sets, reshaped as an ERP's files: taken whole, and a second time without a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.erp_feed import shuffle
from benchmarks.erp_reshaped import WRITERS
from hilo.channels.erp.models import UnsettledRow
from hilo.ledger.models import LedgerEvent
from hilo.money.models import Invoice
from hilo.work.models import Deliverable, Order, Thread
from tests.channels.erp.conftest import Feed
from tests.channels.erp.state import state

SOME = {"olist": 40, "scms": 60}


@pytest.mark.parametrize("name", ["olist", "scms"])
def test_real_rows_are_taken_and_then_change_nothing(feed: Feed, shared: Path, name: str) -> None:
    rows = WRITERS[name](feed.folder, SOME[name])
    run = feed.run()
    assert sum(taken.refused for taken in run.taken) == 0
    assert {taken.kind: taken.added for taken in run.taken} == {kind: n for kind, n in rows.items() if n}
    before, events = state(), LedgerEvent.objects.count()
    WRITERS[name](feed.folder, SOME[name])
    shuffle(feed.folder)
    again = feed.run()
    assert sum(taken.added + taken.changed for taken in again.taken) == 0
    assert (state(), LedgerEvent.objects.count()) == (before, events)
    assert not UnsettledRow.objects.exists()


def test_orders_of_a_project_ride_on_one_thread_a_year(feed: Feed, shared: Path) -> None:
    WRITERS["scms"](feed.folder, SOME["scms"])
    feed.run()
    threads = set(Thread.objects.values_list("customer", "year", "kind"))
    assert len(threads) == Thread.objects.count() < Order.objects.count()
    assert {kind for _customer, _year, kind in threads} == {"supply"}
    assert set(Deliverable.objects.values_list("state", flat=True)) == {"delivered"}
    assert all(invoice.thread is not None for invoice in Invoice.objects.all())
