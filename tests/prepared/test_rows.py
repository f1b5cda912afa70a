"""Rows written by statements that are made once are the rows that Django would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Model
from django.test.utils import CaptureQueriesContext

from hilo import rows
from hilo.errors import RuleViolation, Stale
from hilo.ledger.models import PrivateText
from hilo.ledger.moving import move
from hilo.parties.models import Customer, SearchEntry
from hilo.rows import Unwritable, change_row, insert, insert_all, put, read_again
from hilo.work.models import Note, Thread, WorkItem
from tests.factories.work import House, a_house, a_thread

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 6, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def thread(house: House) -> Thread:
    return a_thread(house)


def columns(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def as_stored(row: Model) -> dict[str, object]:
    return columns(type(row)._default_manager.get(pk=row.pk))


def test_a_new_row_has_its_key_and_is_what_django_reads(house: House, thread: Thread) -> None:
    text = insert(PrivateText(key=b"\x00\xff" * 16, body="ñandú 100 %s", digest="d" * 64))
    copy = insert(_like(thread, code="2026-9999", amount=Decimal("12.50"), opened_at=AT, year=None))
    customer = insert(Customer(name="Una", delegation=thread.delegation, keeper=thread.owner, created_at=AT))

    for row in (text, copy, customer):
        assert row.pk is not None and not row._state.adding
        assert as_stored(row) == columns(row)
    copy.title = "Otra cosa"
    copy.save()
    assert Thread.objects.get(pk=copy.pk).title == "Otra cosa"


def _like(thread: Thread, **different: object) -> Thread:
    same = {name: value for name, value in columns(thread).items() if name != "id"}
    return Thread(**{**same, **different})


def test_several_get_their_keys_in_their_order_with_one_statement(thread: Thread) -> None:
    notes = _notes(thread, 20)
    with CaptureQueriesContext(connection) as caught:
        insert_all(notes)
    assert len(caught) == 1
    assert [Note.objects.get(pk=note.pk).text for note in notes] == [str(n) for n in range(20)]
    insert_all([])


def _notes(thread: Thread, count: int) -> list[Note]:
    return [
        Note(thread=thread, kind="note", text=f"{number}", author=thread.owner, happened_at=AT)
        for number in range(count)
    ]


def test_more_rows_than_fit_into_a_statement_are_left_to_django(thread: Thread) -> None:
    notes = _notes(thread, 600)
    insert_all(notes)
    assert Note.objects.filter(thread=thread).count() == 600
    assert as_stored(notes[-1])["text"] == "599"


def test_what_belongs_to_a_row_that_was_saved_after_it_was_named_is_stored_with_its_key(
    thread: Thread,
) -> None:
    other = _like(thread, code="2026-9998")
    item = WorkItem(kind=WorkItem.Kind.THREAD, thread=other)
    insert(other)
    insert(item)
    assert WorkItem.objects.get(pk=item.pk).thread_id == other.pk


def test_what_belongs_to_an_unsaved_row_is_refused(thread: Thread) -> None:
    with pytest.raises(ValueError, match="unsaved"):
        insert(WorkItem(kind=WorkItem.Kind.THREAD, thread=_like(thread, code="2026-9997")))


def test_put_takes_the_place_of_the_same_one(house: House) -> None:
    for title in ("antes", "después"):
        put(SearchEntry(kind="thread", object_id=77, title=title), unique=("kind", "object_id"))
    [found] = SearchEntry.objects.filter(kind="thread", object_id=77)
    assert found.title == "después"


def test_what_is_read_again_is_fresh_and_forgets_its_relations(house: House, thread: Thread) -> None:
    stale = Thread.objects.select_related("customer", "owner").get(pk=thread.pk)
    Thread.objects.filter(pk=thread.pk).update(
        amount=Decimal("7.25"), next_due=AT, is_confidential=True, owner=house.person("technical")
    )
    with CaptureQueriesContext(connection) as caught:
        read_again(stale, locked=True)
    assert len(caught) == 1
    locks = connection.features.has_select_for_update
    assert caught.captured_queries[0]["sql"].endswith("FOR UPDATE") is locks
    assert columns(stale) == as_stored(thread)
    assert stale.owner == house.person("technical")
    thread.pk = 0
    with pytest.raises(type(thread).DoesNotExist):
        read_again(thread)


@pytest.mark.parametrize(
    "condition",
    [
        {"state": Thread.State.OPEN},
        {"state__in": [Thread.State.OPEN, Thread.State.PAUSED]},
        {"year__isnull": True},
        {"year": None, "is_confidential": False},
    ],
)
def test_a_row_changes_only_as_the_condition_says(
    house: House, thread: Thread, condition: dict[str, object]
) -> None:
    wanted = {"title": "Nueva", "next_due": AT, "owner": house.person("technical"), "amount": None}
    assert change_row(thread, wanted, only_if=condition, counting="version")
    assert (thread.title, thread.owner, thread.version) == ("Nueva", house.person("technical"), 2)
    assert columns(thread) == as_stored(thread)

    Thread.objects.update(state=Thread.State.ARCHIVED, archived_at=AT, year=2020, is_confidential=True)
    assert not change_row(thread, {"title": "No"}, only_if=condition)
    assert Thread.objects.get(pk=thread.pk).title == "Nueva"


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({"version": F("version") + 1}, {}),
        ({"title": "x"}, {"version": F("version")}),
        ({"title": "x"}, {"title__startswith": "L"}),
        ({"title": "x"}, {"customer__name": "Una"}),
        ({"title": "x"}, {"state__in": []}),
        ({"title": "x"}, {"year__in": [None]}),
    ],
)
def test_what_a_plain_statement_cannot_say_is_left_to_django(
    thread: Thread, changes: dict[str, object], condition: dict[str, object]
) -> None:
    with CaptureQueriesContext(connection) as caught, pytest.raises(Unwritable):
        change_row(thread, changes, only_if=condition)
    assert len(caught) == 0


def test_a_move_that_django_makes_is_the_same_move(thread: Thread) -> None:
    before = thread.next_news_at
    assert before is not None
    later = F("next_news_at") if connection.vendor == "sqlite" else F("next_news_at") + timedelta(days=1)
    move(thread, only_if={"title__startswith": "Línea"}, refused="no", seen=1, next_news_at=later)
    assert thread.version == 2 and columns(thread) == as_stored(thread)
    with pytest.raises(Stale):
        move(thread, only_if={"title__startswith": "Línea"}, refused="no", seen=1, title="x")
    with pytest.raises(RuleViolation, match="no"):
        move(thread, only_if={"title__startswith": "Z"}, refused="no", seen=2, title="x")


def test_a_move_keeps_in_memory_what_it_is_told_to(house: House, thread: Thread) -> None:
    customer, owner = thread.customer, thread.owner
    move(thread, only_if={}, refused="no", keeping=("customer",), title="Otra")
    with CaptureQueriesContext(connection) as caught:
        assert thread.customer is customer
    assert len(caught) == 0
    assert thread.owner == owner and thread.owner is not owner


def test_the_statements_are_made_once_for_each_database() -> None:
    assert rows._table(Thread, "sqlite") is rows._table(Thread, "sqlite")
