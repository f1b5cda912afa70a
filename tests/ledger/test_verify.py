"""An intruder with the owner's rights tampers; ``verify`` must find it and name it."""

import gzip
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from hilo.ledger import verify as verify_module
from hilo.ledger.canonical import SHEET_COLUMNS, Sheet, event_hash
from hilo.ledger.digests import chain_heads, digest_days, path_of, read_digest, write_daily_digest
from hilo.ledger.models import LedgerEvent
from hilo.ledger.record import Ref, Related, erase_private_texts, seal
from hilo.ledger.verify import BreakKind, verify
from tests.ledger.events import NOW, PARCEL, weigh
from tests.support.ledger import lift_append_only

pytestmark = pytest.mark.django_db

OTHER = Ref("parcel", 13)
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def history(db: None) -> list[LedgerEvent]:
    """parcel:12 with three events, parcel:13 with two; the second of each refers to others."""
    return [
        weigh(grams=1),
        weigh(OTHER, grams=2),
        weigh(
            grams=3,
            related=(Related("thread", 8, "moved"), Related("promise", 4, "cited")),
            note=seal("Call Ana", about=Ref("contact", 3)),
        ),
        weigh(OTHER, grams=4, note=seal("Ask Luis", about=Ref("contact", 4))),
        weigh(grams=5),
    ]


def tamper(*statements: str) -> None:
    with lift_append_only(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def found() -> tuple[str, str, int]:
    first = verify().first_break
    assert first is not None
    return first.kind, first.chain, first.seq


def test_untouched_history_holds() -> None:
    verdict = verify()

    assert verdict.holds
    assert (verdict.events, verdict.chains, verdict.texts, verdict.erased_texts) == (5, 2, 2, 0)
    assert verdict.outcome == "The chains hold. Events: 5, chains: 2, private texts: 2."
    assert "no daily digest yet" in verdict.window


THE_SECOND = "WHERE chain = 'parcel:12' AND seq = 2"


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'parcel.weighee'",
        "occurred_at = '2026-11-21 09:30:15.123457+00:00'",
        "occurred_at = '2026-11-20 09:30:15.123456+00:00'",
        "recorded_at = '2026-11-21 09:30:15.123457+00:00'",
        "author_kind = 'system'",
        "author_id = 8",
        "author_id = NULL",
        "door = 'wec'",
        "subject_type = 'parcem'",
        "subject_id = 13",
        "thread_id = 6",
        "thread_id = NULL",
        "customer_id = 8",
        "area_id = 4",
        "delegation_id = 3",
        "payload = replace(payload, '\"grams\":3', '\"grams\":4')",
        "payload = payload || ' '",
        "prev_hash = replace(prev_hash, substr(prev_hash, 1, 1), 'g')",
        "hash = replace(hash, substr(hash, 64, 1), 'g')",
    ],
)
def test_one_changed_byte_in_a_column_is_found(change: str) -> None:
    tamper(f"UPDATE ledger_ledgerevent SET {change} {THE_SECOND}")

    assert found() == (BreakKind.CHANGED, "parcel:12", 2)
    assert verify().outcome == "Event no. 2 of the chain parcel:12 has been changed."


def test_the_changed_columns_above_are_all_columns() -> None:
    tested = {
        mark.args[1][n].split(" = ")[0]
        for mark in test_one_changed_byte_in_a_column_is_found.pytestmark  # type: ignore[attr-defined]
        for n in range(len(mark.args[1]))
    }

    assert {field.name for field in LedgerEvent._meta.fields} - tested == {"id", "chain", "seq"}


def test_a_changed_id_is_found() -> None:
    tamper("UPDATE ledger_ledgerevent SET id = id + 1000 WHERE chain = 'parcel:12' AND seq = 3")

    assert found() == (BreakKind.CHANGED, "parcel:12", 3)


def test_an_event_moved_to_another_chain_is_found() -> None:
    tamper("UPDATE ledger_ledgerevent SET chain = 'parcel:11' WHERE chain = 'parcel:12' AND seq = 1")

    assert found() == (BreakKind.CHANGED, "parcel:11", 1)


def test_an_event_moved_along_its_chain_is_found() -> None:
    tamper("UPDATE ledger_ledgerevent SET seq = 4 WHERE chain = 'parcel:12' AND seq = 3")

    assert found() == (BreakKind.CHANGED, "parcel:12", 4)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("moment", ["2026-13-21 09:30:15", "yesterday", "2026-11-21 09:30:15.123456x"])
def test_a_moment_that_cannot_be_read_is_found(moment: str) -> None:
    tamper(f"UPDATE ledger_ledgerevent SET occurred_at = '{moment}' {THE_SECOND}")

    kind, _chain, _seq = found()
    assert kind in (BreakKind.CHANGED, BreakKind.UNREADABLE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_eventobject SET type = 'threae' WHERE type = 'thread'",
        "UPDATE ledger_eventobject SET object_id = 9 WHERE type = 'thread'",
        "UPDATE ledger_eventobject SET qualifier = 'movee' WHERE type = 'thread'",
        "UPDATE ledger_eventobject SET occurred_at = '2026-11-21 09:30:16+00:00' WHERE type = 'thread'",
        "DELETE FROM ledger_eventobject WHERE type = 'promise'",
        "INSERT INTO ledger_eventobject (event_id, type, object_id, qualifier, occurred_at) "
        f"SELECT id, 'thread', 99, 'x', occurred_at FROM ledger_ledgerevent {THE_SECOND}",
    ],
)
def test_a_changed_removed_or_added_related_object_is_found(statement: str) -> None:
    tamper(statement)

    assert found() == (BreakKind.CHANGED, "parcel:12", 2)


def test_a_related_object_given_to_another_event_is_found() -> None:
    tamper(
        "UPDATE ledger_eventobject SET event_id = (SELECT id FROM ledger_ledgerevent "
        "WHERE chain = 'parcel:12' AND seq = 1) WHERE type = 'thread'"
    )

    assert found() == (BreakKind.CHANGED, "parcel:12", 1)


def delete_events(where: str) -> None:
    tamper(
        f"DELETE FROM ledger_eventobject WHERE event_id IN (SELECT id FROM ledger_ledgerevent WHERE {where})",
        f"DELETE FROM ledger_ledgerevent WHERE {where}",
    )


@pytest.mark.parametrize(("gone", "seen_at"), [(1, 2), (2, 3)])
def test_a_missing_event_is_found(gone: int, seen_at: int) -> None:
    delete_events(f"chain = 'parcel:12' AND seq = {gone}")

    assert found() == (BreakKind.GAP, "parcel:12", seen_at)


def test_an_event_rewritten_with_a_fitting_hash_does_not_fit_the_next(
    history: list[LedgerEvent],
) -> None:
    forged = forged_like(history[0], door="api")
    tamper(
        f"UPDATE ledger_ledgerevent SET door = 'api', hash = '{forged}' WHERE chain = 'parcel:12' AND seq = 1"
    )

    assert found() == (BreakKind.REWRITTEN, "parcel:12", 2)


def forged_like(event: LedgerEvent, *, door: str) -> str:
    columns = {name: getattr(event, name) for name in SHEET_COLUMNS} | {"door": door}
    return event_hash(Sheet(**columns), [])


# --- private texts ---


@pytest.mark.parametrize(
    "change",
    [
        "body = 'Call Eva'",
        "digest = replace(digest, substr(digest, 1, 1), 'g')",
        "key = NULL",
        "body = '', key = NULL",
        "erased_at = '2026-11-21 10:00+00:00'",
        "id = id + 1000",
    ],
)
def test_a_tampered_private_text_is_found(change: str) -> None:
    tamper(f"UPDATE ledger_privatetext SET {change} WHERE about_id = 3")

    assert found() == (BreakKind.TEXT, "parcel:12", 2)


def test_a_private_text_exchanged_with_its_key_and_digest_is_found() -> None:
    tamper(
        "UPDATE ledger_privatetext SET "
        + ", ".join(
            f"{column} = (SELECT {column} FROM ledger_privatetext WHERE about_id = 4)"
            for column in ("key", "body", "digest")
        )
        + " WHERE about_id = 3"
    )

    assert found() == (BreakKind.TEXT, "parcel:12", 2)


def test_erasing_a_contact_leaves_every_chain_valid() -> None:
    write_daily_digest(NOW)

    erase_private_texts(about=Ref("contact", 3))

    verdict = verify()
    assert verdict.holds
    assert (verdict.texts, verdict.erased_texts) == (2, 1)


# --- digests ---


def test_a_digest_holds_the_head_of_every_chain(history: list[LedgerEvent]) -> None:
    write_daily_digest(NOW)

    heads = {(head.chain, head.seq, head.hash) for head in chain_heads()}
    assert heads == {("parcel:13", 2, history[3].hash), ("parcel:12", 3, history[4].hash)}
    verdict = verify()
    assert verdict.holds
    assert (verdict.digests, verdict.last_digest, verdict.unproven_events) == (1, TODAY, 0)
    assert verdict.fingerprint == read_digest(TODAY).fingerprint
    assert verdict.window.endswith("holds everything up to now.")


def test_the_window_is_stated() -> None:
    write_daily_digest(NOW)
    weigh(grams=6)
    weigh(Ref("parcel", 14))

    verdict = verify()

    assert verdict.unproven_events == 2
    assert verdict.window == (
        f"The last digest is of 2026-11-21 ({verdict.fingerprint[:16]}). "
        "Events after it: 2. A cut among those would not show yet."
    )


def test_a_second_digest_of_one_day_changes_nothing(digest_dir: Path) -> None:
    written = write_daily_digest(NOW).read_bytes()
    weigh(grams=6)

    assert write_daily_digest(NOW + timedelta(hours=1)).read_bytes() == written
    assert [file.name for file in digest_dir.iterdir()] == ["2026-11-21.jsonl.gz"]


def test_a_cut_tail_is_found() -> None:
    write_daily_digest(NOW)
    delete_events("chain = 'parcel:12' AND seq >= 2")

    assert found() == (BreakKind.CUT_TAIL, "parcel:12", 3)
    assert verify().outcome == (
        "The end of the chain parcel:12 was cut: it ends at no. 1, in the digest of 2026-11-21 at no. 3."
    )


def test_a_missing_chain_is_found() -> None:
    write_daily_digest(NOW)
    delete_events("chain = 'parcel:13'")

    assert found() == (BreakKind.MISSING_CHAIN, "parcel:13", 2)


def test_a_cut_that_a_later_digest_has_already_taken_in_is_found() -> None:
    write_daily_digest(NOW - timedelta(days=1))
    delete_events("chain = 'parcel:13'")
    write_daily_digest(NOW)

    assert found() == (BreakKind.MISSING_CHAIN, "parcel:13", 2)
    assert YESTERDAY.isoformat() in verify().outcome


def test_a_tail_cut_and_grown_again_is_found() -> None:
    write_daily_digest(NOW)
    delete_events("chain = 'parcel:12' AND seq = 3")
    weigh(grams=7)
    weigh(grams=8)

    assert found() == (BreakKind.REWRITTEN, "parcel:12", 3)


def rewrite(day: date, old: str, new: str) -> None:
    path = path_of(day)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(old.encode(), new.encode(), 1)))


def test_a_forged_digest_is_found() -> None:
    write_daily_digest(NOW)
    rewrite(TODAY, '"seq":2', '"seq":1')

    assert found()[0] == BreakKind.DIGEST
    assert verify().outcome == "The digest of 2026-11-21 has been altered or cannot be read."


def test_a_digest_forged_with_a_fitting_fingerprint_does_not_fit_the_next() -> None:
    write_daily_digest(NOW - timedelta(days=1))
    original = read_digest(YESTERDAY).fingerprint
    weigh(grams=6)
    write_daily_digest(NOW)
    path = path_of(YESTERDAY)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    del lines[1]
    path.write_bytes(gzip.compress(b"".join(lines[:-1]) + refooted(lines[:-1])))

    assert read_digest(YESTERDAY).fingerprint != original
    assert found()[0] == BreakKind.DIGEST
    assert "does not continue" in verify().outcome


def refooted(lines: list[bytes]) -> bytes:
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    return json.dumps({"heads": len(lines) - 1, "sha256": digest}).encode() + b"\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(b""), gzip.compress(b"[]\n"), None],
    ids=["empty", "no gzip", "nothing inside", "no digest inside", "a folder"],
)
def test_a_digest_that_cannot_be_read_is_named_and_does_not_stop_the_next(content: bytes | None) -> None:
    path = write_daily_digest(NOW - timedelta(days=1))
    path.write_bytes(path.read_bytes()[:-20] if content is None else content)

    write_daily_digest(NOW)

    assert found()[0] == BreakKind.DIGEST
    assert verify().outcome == "The digest of 2026-11-20 has been altered or cannot be read."


def test_a_digest_missing_between_two_is_found() -> None:
    for days in (2, 1, 0):
        write_daily_digest(NOW - timedelta(days=days))
    path_of(YESTERDAY).unlink()

    assert found()[0] == BreakKind.DIGEST


def test_the_oldest_digests_may_be_put_away() -> None:
    for days in (2, 1, 0):
        write_daily_digest(NOW - timedelta(days=days))
    path_of(NOW.date() - timedelta(days=2)).unlink()

    assert verify().holds
    assert digest_days() == [YESTERDAY, TODAY]


def test_an_unfinished_digest_leaves_no_file(digest_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> object:
        raise OSError("disk full")

    monkeypatch.setattr("hilo.ledger.digests.chain_heads", fail)
    with pytest.raises(OSError, match="disk full"):
        write_daily_digest(NOW)

    assert list(digest_dir.iterdir()) == []


# --- size ---


def test_it_reads_in_batches_and_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_module, "BATCH", 2)
    seen: list[tuple[int, int]] = []

    assert verify(lambda done, total: seen.append((done, total))).holds
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_a_chain_may_go_on_from_batch_to_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_module, "BATCH", 1)
    write_daily_digest(NOW)

    assert verify().holds
    delete_events("chain = 'parcel:12' AND seq = 3")
    assert found() == (BreakKind.CUT_TAIL, PARCEL.__str__(), 3)


def test_the_number_of_queries_does_not_grow_with_the_events() -> None:
    with CaptureQueriesContext(connection) as few:
        verify()
    for grams in range(40):
        weigh(grams=grams)
    with CaptureQueriesContext(connection) as many:
        verify()

    assert len(many) == len(few)


def test_the_verdict_speaks_spanish() -> None:
    with translation.override("es"):
        assert verify().outcome == "Las cadenas están íntegras. Sucesos: 5; cadenas: 2; textos privados: 2."
