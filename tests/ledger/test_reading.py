from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.ledger.models import LedgerEvent
from hilo.ledger.reading import events_of_customer, events_of_thread, open_texts
from hilo.ledger.record import Ref, Related, erase_private_texts, seal
from tests.ledger.events import NOW, weigh

pytestmark = pytest.mark.django_db


def numbers(events: list[LedgerEvent]) -> list[object]:
    return [event.facts["grams"] for event in events]


def test_a_thread_shows_its_own_events_and_those_that_name_it_newest_first() -> None:
    weigh(grams=1, thread_id=5, occurred_at=NOW - timedelta(hours=1))
    weigh(grams=2, thread_id=6, related=(Related("thread", 5, "cited"), Related("thread", 5, "moved")))
    weigh(grams=3, thread_id=5, occurred_at=NOW - timedelta(days=2))
    weigh(grams=4, thread_id=6, related=(Related("promise", 5, "cited"),))
    weigh(
        grams=5, thread_id=5, related=(Related("thread", 5, "itself"),), occurred_at=NOW - timedelta(hours=3)
    )

    assert numbers(events_of_thread([5])) == [2, 1, 5, 3]
    assert numbers(events_of_thread([5, 6])) == [4, 2, 1, 5, 3]
    assert numbers(events_of_thread([7])) == []


def test_a_customer_shows_the_events_of_all_ids_merged_into_it() -> None:
    weigh(grams=1, customer_id=9)
    weigh(grams=2, customer_id=10)
    weigh(grams=3, customer_id=11, related=(Related("customer", 9, "payer"),))
    weigh(grams=4, customer_id=11)

    assert numbers(events_of_customer([9, 10])) == [3, 2, 1]


def test_pages_join_without_a_gap_or_a_double_even_at_one_moment() -> None:
    for grams in range(23):
        own = grams % 3 > 0
        related = () if own else (Related("thread", 5, "cited"), Related("thread", 5, "again"))
        when = NOW - timedelta(minutes=grams // 5)
        weigh(grams=grams, thread_id=5 if own else 6, related=related, occurred_at=when)
    whole = events_of_thread([5], limit=100)

    paged: list[LedgerEvent] = []
    while page := events_of_thread([5], before=paged[-1].place if paged else None, limit=4):
        assert len(page) == 4 or len(paged) + len(page) == 23
        paged += page

    assert len(whole) == 23
    assert [event.pk for event in paged] == [event.pk for event in whole]


def test_kinds_and_areas_narrow_both_halves() -> None:
    weigh(grams=1, thread_id=5)
    weigh(grams=2, thread_id=6, related=(Related("thread", 5, "cited"),))

    assert numbers(events_of_thread([5], kinds=["parcel.weighed"])) == [2, 1]
    assert events_of_thread([5], kinds=["parcel.lost"]) == []
    assert numbers(events_of_thread([5], area_ids=[3])) == [2, 1]
    assert events_of_thread([5], area_ids=[4]) == []


def test_private_texts_are_opened_in_one_query_and_an_erased_one_is_none() -> None:
    kept, gone = seal("kept"), seal("gone", about=Ref("contact", 3))
    weigh(note=kept)
    weigh(note=gone)
    weigh()
    seal("of nobody here")
    erase_private_texts(about=Ref("contact", 3))
    events = events_of_thread([5])

    with CaptureQueriesContext(connection) as queries:
        texts = open_texts(events)

    assert texts == {kept.text_id: "kept", gone.text_id: None}
    assert len(queries) == 1


def test_a_page_is_two_queries_that_read_by_index() -> None:
    weigh()
    with CaptureQueriesContext(connection) as queries:
        events_of_thread([5], before=events_of_thread([5])[0].place, kinds=None)

    assert len(queries) == 4  # two pages: which events, and the events
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[2]['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "ledger_by_thread (thread_id=? AND occurred_at<?)" in plan
        assert "ledger_by_object (type=? AND object_id=? AND occurred_at<?)" in plan
        assert "SCAN ledger_ledgerevent" not in plan
