"""The database itself refuses; these tests speak SQL, past every rule of Hilo's code."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from hilo.ledger.guards import missing_guards
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.ledger.record import Ref, Related, erase_private_texts, seal
from hilo.ledger.roles import grant_application_role
from hilo.ledger.verify import BreakKind, verify
from tests.ledger.events import weigh
from tests.support.ledger import lift_append_only

pytestmark = pytest.mark.django_db

TABLES = ("ledger_ledgerevent", "ledger_eventobject", "ledger_privatetext")


@pytest.fixture(autouse=True)
def _history(db: None) -> None:
    weigh(related=(Related("thread", 8, "moved"),), note=seal("secret", about=Ref("contact", 3)))
    connection.check_constraints()  # else PostgreSQL refuses TRUNCATE for what the foreign key still awaits


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def content() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (LedgerEvent, EventObject, PrivateText)]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM {table}",
        pytest.param("TRUNCATE {table} CASCADE", marks=pytest.mark.postgres_only),
        pytest.param("INSERT OR REPLACE INTO {table} SELECT * FROM {table}", marks=pytest.mark.sqlite_only),
        pytest.param("REPLACE INTO {table} SELECT * FROM {table}", marks=pytest.mark.sqlite_only),
    ],
)
def test_rows_cannot_be_removed_or_replaced(table: str, sql: str) -> None:
    before = content()

    with pytest.raises(DatabaseError, match="append-only"):
        run(sql.format(table=table))

    assert content() == before


@pytest.mark.parametrize(
    "change",
    [
        "ledger_ledgerevent SET door = 'api'",
        "ledger_ledgerevent SET door = door",
        "ledger_eventobject SET qualifier = 'x'",
        "ledger_privatetext SET body = 'another'",
        "ledger_privatetext SET digest = 'x'",
        "ledger_privatetext SET body = '', key = NULL",
        "ledger_privatetext SET body = '', key = NULL, erased_at = '2026-01-01 00:00', about_id = 4",
        "ledger_privatetext SET body = '', erased_at = '2026-01-01 00:00'",
    ],
)
def test_rows_cannot_be_changed(change: str) -> None:
    before = content()

    with pytest.raises(DatabaseError, match="append-only"):
        run(f"UPDATE {change}")

    assert content() == before


@pytest.mark.sqlite_only
@pytest.mark.parametrize("columns", ["id + 1000, chain, seq", "id, chain, seq + 1"])
def test_a_replacing_insert_is_refused_by_id_and_by_place_in_the_chain(columns: str) -> None:
    rest = (
        "kind, occurred_at, recorded_at, author_kind, author_id, door, subject_type, subject_id, "
        "payload, prev_hash, hash"
    )

    with pytest.raises(DatabaseError, match="append-only"):
        run(
            f"INSERT OR REPLACE INTO ledger_ledgerevent (id, chain, seq, {rest}) "
            f"SELECT {columns}, {rest} FROM ledger_ledgerevent"
        )


def test_an_erased_text_stays_erased() -> None:
    erase_private_texts(about=Ref("contact", 3))

    with pytest.raises(DatabaseError, match="append-only"):
        run("UPDATE ledger_privatetext SET body = 'back again', erased_at = NULL")


def test_every_guard_stands_and_stands_again_after_being_lifted() -> None:
    assert missing_guards(connection) == []
    with lift_append_only():
        assert len(missing_guards(connection)) == (7 if connection.vendor == "postgresql" else 9)
        broken = verify().first_break
        assert broken is not None
        assert (broken.kind, missing_guards(connection)[0] in broken.words) == (BreakKind.GUARD, True)
    assert missing_guards(connection) == []


@pytest.mark.postgres_only
def test_a_disabled_trigger_is_named() -> None:
    run("ALTER TABLE ledger_ledgerevent DISABLE TRIGGER ledger_ledgerevent_append_only")

    assert missing_guards(connection) == ["ledger_ledgerevent_append_only"]


@pytest.mark.sqlite_only
def test_a_trigger_exchanged_for_a_harmless_one_is_named() -> None:
    run("DROP TRIGGER ledger_ledgerevent_no_update")
    run("CREATE TRIGGER ledger_ledgerevent_no_update BEFORE UPDATE ON ledger_ledgerevent BEGIN SELECT 1; END")

    assert missing_guards(connection) == ["ledger_ledgerevent_no_update"]
    run("DROP TRIGGER ledger_ledgerevent_no_update")


@pytest.mark.sqlite_only
def test_roles_are_not_for_sqlite() -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL"):
        grant_application_role("hilo_app")


@pytest.mark.postgres_only
class TestTheApplicationsRole:
    @pytest.fixture(autouse=True)
    def _signed_in_as_the_application(self, _history: None) -> None:
        run("CREATE ROLE hilo_app_under_test")  # goes with the test's transaction
        grant_application_role("hilo_app_under_test")
        run("SET LOCAL ROLE hilo_app_under_test")

    def test_it_reads_appends_erases_and_verifies(self) -> None:
        weigh(related=(Related("thread", 8, "moved"),), note=seal("more"))

        assert erase_private_texts(about=Ref("contact", 3)) == 1
        assert LedgerEvent.objects.count() == 2
        assert verify().holds

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE ledger_ledgerevent SET door = 'x'",
            "DELETE FROM ledger_ledgerevent",
            "TRUNCATE ledger_ledgerevent CASCADE",
            "UPDATE ledger_eventobject SET qualifier = 'x'",
            "DELETE FROM ledger_eventobject",
            "UPDATE ledger_privatetext SET digest = 'x'",
            "DELETE FROM ledger_privatetext",
            "ALTER TABLE ledger_ledgerevent DISABLE TRIGGER ALL",
            "DROP TRIGGER ledger_ledgerevent_append_only ON ledger_ledgerevent",
            "DROP TABLE ledger_eventobject",
            "ALTER TABLE ledger_ledgerevent DROP COLUMN door",
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$",
            "SET session_replication_role = replica",
        ],
    )
    def test_it_can_neither_change_history_nor_its_guards(self, sql: str) -> None:
        before = content()

        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            run(sql)

        assert content() == before
        assert missing_guards(connection) == []


@pytest.mark.postgres_only
@pytest.mark.parametrize(
    ("role", "why"), [("postgres", "owns the ledger"), ("nobody_of_that_name", "There is no role")]
)
def test_a_role_that_could_do_it_anyway_is_refused(role: str, why: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=why):
        grant_application_role(role)
