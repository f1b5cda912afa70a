import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hilo.errors import RuleViolation
from hilo.ledger.canonical import Sheet, event_hash, text_digest
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.ledger.record import NotInATransaction, Ref, Related, erase_private_texts, record_all, seal
from hilo.ledger.verify import verify
from tests.ledger.events import MARTA, NOW, PARCEL, ParcelWeighed, weigh

pytestmark = pytest.mark.django_db


def test_an_event_keeps_who_when_what_and_what_it_touches() -> None:
    happened = NOW - timedelta(days=1)

    row = weigh(occurred_at=happened, related=(Related("thread", 8, "moved"), Related("promise", 4, "cited")))

    row.refresh_from_db()
    assert (row.chain, row.seq, row.kind, row.prev_hash) == ("parcel:12", 1, "parcel.weighed", "")
    assert (row.occurred_at, row.recorded_at) == (happened, NOW)
    assert (row.author_kind, row.author_id, row.door, row.area_id, row.delegation_id) == (
        "person",
        7,
        "web",
        3,
        2,
    )
    assert (row.subject_type, row.subject_id, row.thread_id, row.customer_id) == ("parcel", 12, 5, 9)
    assert row.facts == {
        "due": "2026-12-01",
        "grams": 100,
        "labels": ["fragile", "cold"],
        "note": None,
        "price": "12.50",
    }
    objects = EventObject.objects.order_by("type").values_list("event_id", "type", "object_id", "qualifier")
    assert list(objects) == [(row.id, "promise", 4, "cited"), (row.id, "thread", 8, "moved")]
    assert {o.occurred_at for o in EventObject.objects.all()} == {happened}


def test_each_event_holds_the_hash_of_the_one_before_in_its_own_chain() -> None:
    first, other, second = weigh(), weigh(Ref("parcel", 13)), weigh()

    assert (second.seq, second.prev_hash) == (2, first.hash)
    assert (other.seq, other.prev_hash) == (1, "")
    assert first.id < other.id < second.id


def test_several_events_recorded_together_are_the_rows_that_one_by_one_would_be() -> None:
    weigh(Ref("parcel", 12))
    events = [
        ParcelWeighed(subject=Ref("parcel", 12), grams=1, related=(Related("thread", 8, "moved"),)),
        ParcelWeighed(subject=Ref("parcel", 13), grams=2, related=(Related("thread", 8, "moved"),)),
        ParcelWeighed(subject=Ref("parcel", 12), grams=3),
    ]

    first, other, second = record_all(events, by=MARTA, now=NOW)

    assert (first.seq, other.seq, second.seq) == (2, 1, 3)
    assert second.prev_hash == first.hash
    assert first.id < other.id < second.id
    assert [event.facts["grams"] for event in LedgerEvent.objects.order_by("pk")] == [100, 1, 2, 3]
    objects = EventObject.objects.order_by("event_id").values_list("event_id", "object_id")
    assert list(objects) == [(first.id, 8), (other.id, 8)]
    assert verify().holds


def test_recording_asks_the_database_as_often_for_many_events_as_for_two() -> None:
    def asked(count: int) -> int:
        events = [ParcelWeighed(subject=Ref("parcel", number), grams=1) for number in range(count)]
        with CaptureQueriesContext(connection) as caught:
            record_all(events, by=MARTA, now=NOW)
        return len(caught)

    assert asked(30) == asked(2) == 3
    assert record_all([], by=MARTA, now=NOW) == []


def test_the_hash_read_back_from_the_database_is_the_hash_that_was_written() -> None:
    row = weigh(
        occurred_at=NOW.astimezone(timezone(timedelta(hours=-4))), related=(Related("thread", 8, "x"),)
    )

    stored = LedgerEvent.objects.get()

    sheet = Sheet(**{name: getattr(stored, name) for name in Sheet.__slots__})
    assert stored.hash == row.hash == event_hash(sheet, [("thread", 8, "x")])


def test_what_has_not_happened_yet_cannot_be_recorded() -> None:
    with pytest.raises(RuleViolation) as refusal:
        weigh(occurred_at=NOW + timedelta(seconds=1))

    assert refusal.value.field == "occurred_at"
    assert not LedgerEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_history_outside_a_transaction_is_refused() -> None:
    for write in (weigh, lambda: seal("x"), lambda: erase_private_texts(about=PARCEL)):
        with pytest.raises(NotInATransaction):
            write()

    assert not LedgerEvent.objects.exists()
    assert not PrivateText.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_transaction_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        weigh(related=(Related("thread", 8, "moved"),), note=seal("secret"))
        raise ZeroDivisionError

    assert not LedgerEvent.objects.exists()
    assert not EventObject.objects.exists()
    assert not PrivateText.objects.exists()


def test_a_private_text_is_referred_to_by_id_and_by_a_digest_under_its_own_key() -> None:
    note = seal("Call Ana on 600 123 456", about=Ref("contact", 3))
    twin = seal("Call Ana on 600 123 456", about=Ref("contact", 3))

    row = weigh(note=note)

    text = PrivateText.objects.get(pk=note.text_id)
    assert "Ana" not in row.payload
    assert row.facts["note"] == {"digest": note.digest, "text_id": text.pk}
    assert row.sealed_ids == {"note": text.pk}
    assert text.key is not None
    assert note.digest == text_digest(bytes(text.key), text.body)
    assert note.digest != twin.digest  # equal texts cannot be told to be equal


def test_erasing_takes_body_and_key_of_that_contact_alone() -> None:
    gone = [seal("his phone", about=Ref("contact", 3)), seal("his illness", about=Ref("contact", 3))]
    kept = [seal("her phone", about=Ref("contact", 4)), seal("nobody's")]

    assert erase_private_texts(about=Ref("contact", 3)) == 2
    assert erase_private_texts(about=Ref("contact", 3)) == 0

    erased = PrivateText.objects.filter(pk__in=[text.text_id for text in gone])
    assert {(text.body, text.key, text.erased_at is None) for text in erased} == {("", None, False)}
    left = PrivateText.objects.filter(pk__in=[text.text_id for text in kept]).order_by("pk")
    assert [text.body for text in left] == ["her phone", "nobody's"]


@pytest.mark.sqlite_only
@pytest.mark.django_db(transaction=True)
def test_an_erased_text_is_no_longer_in_the_database_file() -> None:
    secret = "his phone is 600 123 456"
    with transaction.atomic():
        seal(secret, about=Ref("contact", 3))
    file = Path(str(connection.settings_dict["NAME"]))

    def bytes_on_disk() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # Another process reads: closing the file here would let go of every lock this one has on it,
        # and the next process to leave the database would take its log from under an open connection.
        return subprocess.run(["cat", file], check=True, capture_output=True).stdout

    assert secret.encode() in bytes_on_disk()
    with transaction.atomic():
        erase_private_texts(about=Ref("contact", 3))
    assert secret.encode() not in bytes_on_disk()


def test_moments_keep_their_microseconds_and_come_back_in_utc() -> None:
    row = weigh(now=datetime(2026, 3, 29, 3, 0, 0, 1, tzinfo=timezone(timedelta(hours=2))))

    row.refresh_from_db()
    assert row.recorded_at == datetime(2026, 3, 29, 1, 0, 0, 1, tzinfo=UTC)
