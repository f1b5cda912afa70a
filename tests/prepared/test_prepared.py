"""A query whose SQL was made once answers as the queryset itself would, whatever is given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Membership, Person
from hilo.prepared import Fixed, Prepared, Statements
from hilo.work.access import threads_visible_to
from hilo.work.models import Thread
from hilo.work.queries.together import Together, together
from tests.factories.parties import NOW, acting, an_area
from tests.factories.work import House, a_house, a_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house()


def _named(*, ids: Collection[int], name: str) -> QuerySet[Area]:
    return Area.objects.filter(Q(pk__in=ids) | Q(name=name)).order_by("pk")


def test_other_ids_and_more_of_them_ask_with_the_same_sql(house: House) -> None:
    areas = [an_area(f"a{number}", f"Área {number}") for number in range(5)]
    find = Prepared(_named)

    with CaptureQueriesContext(connection) as caught:
        assert find(ids=[areas[0].pk], name="") == areas[:1]
        assert find(ids=[area.pk for area in areas[1:4]], name="Área 4") == areas[1:]
        assert find(ids=[], name="nobody's") == []

    assert len(caught) == 3


def test_what_is_given_is_a_value_and_never_sql(house: House) -> None:
    area = an_area("odd", "100 %s'; --")
    assert Prepared(_named)(ids=set(), name="100 %s'; --") == [area]


def test_none_and_words_belong_to_the_shape(house: House) -> None:
    def of(*, state: tuple[str, ...], owner: int | None) -> QuerySet[Thread]:
        rows = Thread.objects.filter(state__in=state)
        return rows if owner is None else rows.filter(owner=owner)

    thread, find = a_thread(house), Prepared(of)

    assert find(state=("open",), owner=None) == [thread]
    assert find(state=("archived",), owner=None) == []
    assert find(state=(), owner=None) == []
    assert find(state=("open", "paused"), owner=thread.owner_id) == [thread]
    assert find(state=("open", "paused"), owner=thread.owner_id + 1) == []


def test_moments_and_days_are_asked_as_given(house: House) -> None:
    def since(*, moment: datetime, today: date) -> QuerySet[Thread]:
        there = Membership.objects.filter(person=OuterRef("owner"), starts_on__lte=today)
        return Thread.objects.filter(Exists(there), opened_at__lte=moment)

    thread, find = a_thread(house), Prepared(since)
    began = Membership.objects.filter(person=thread.owner).earliest("starts_on").starts_on

    assert find(moment=thread.opened_at, today=began) == [thread]
    assert find(moment=thread.opened_at - timedelta(microseconds=1), today=began) == []
    assert find(moment=thread.opened_at, today=began - timedelta(days=1)) == []


def test_an_actor_of_the_same_rights_sees_what_is_theirs(house: House) -> None:
    open_one, hidden = a_thread(house), a_thread(house)
    Thread.objects.filter(pk=hidden.pk).update(is_confidential=True)
    stranger = Person.objects.exclude(pk=hidden.owner_id).filter(memberships__isnull=False)[0]
    find = Prepared(lambda *, actor: threads_visible_to(actor).order_by("pk"))

    def seen_by(person: Person) -> list[Thread]:
        return list(find(actor=acting(person)))

    assert seen_by(hidden.owner) == [open_one, hidden]
    assert seen_by(stranger) == [open_one]
    assert find(actor=Actor(kind=acting(stranger).kind, door="web")) == []


def test_what_comes_beside_and_what_comes_after_comes_too(house: House) -> None:
    thread = a_thread(house)
    find = Prepared(
        lambda *, pk: Thread.objects.filter(pk=pk).select_related("customer").prefetch_related("notes")
    )
    name = thread.customer.name
    find(pk=thread.pk)

    with CaptureQueriesContext(connection) as caught:
        (found,) = find(pk=thread.pk)
        assert (found.customer.name, list(found.notes.all())) == (name, [])

    assert len(caught) == 2


def test_a_union_of_many_tables_is_what_they_are_alone(house: House) -> None:
    thread = a_thread(house)

    def parts(*, ids: Collection[int], owner: int) -> list[QuerySet[Any, Any]]:
        return [Thread.objects.filter(pk__in=ids), Person.objects.filter(pk=owner).only("name")]

    threads, people = Together(parts)(ids={thread.pk}, owner=thread.owner_id)

    assert [[each.pk for each in rows] for rows in (threads, people)] == [[thread.pk], [thread.owner_id]]
    (fresh,) = together(Thread.objects.filter(pk=thread.pk))[0]
    for field in Thread._meta.concrete_fields:
        assert getattr(threads[0], field.attname) == getattr(fresh, field.attname), field
    assert people[0].get_deferred_fields() >= {"email"}


@pytest.mark.parametrize(
    ("build", "given"),
    [
        (lambda *, moment: Membership.objects.filter(starts_on__lte=moment.date()), {"moment": NOW}),
        (lambda *, number: Area.objects.filter(pk=number + 1), {"number": 3}),
        (lambda *, text: Area.objects.filter(name=text.upper() + text), {"text": "a"}),
        (lambda *, number: Area.objects.all() if number > 2 else Area.objects.none(), {"number": 3}),
        (lambda *, ids: Area.objects.filter(pk=next(iter(ids))), {"ids": {3}}),
    ],
)
def test_a_value_that_is_looked_at_while_building_is_refused(
    build: Any, given: dict[str, Any], house: House
) -> None:
    find = Prepared(build)
    for _time in range(2):  # a mistake is not kept either
        with pytest.raises(LookupError):
            find(**given)


def test_each_thread_asks_on_its_own_connection_and_many_shapes_are_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hilo.prepared._MOST_SHAPES", 3)
    find = Prepared(lambda *, kinds: Thread.objects.filter(kind__in=kinds))
    thread = a_thread(house)
    for number in range(10):
        assert find(kinds=(thread.kind, f"other {number}")) == [thread]
    assert len(find._plans) <= 3


def test_statements_come_one_by_one_and_what_a_slice_needs_is_fixed(house: House) -> None:
    def parts(*, code: str, ids: Collection[int], most: Fixed) -> list[QuerySet[Any, Any]]:
        named = Area.objects.filter(code=code).order_by("pk").values_list("pk")
        return [named[: most.value], Area.objects.filter(pk__in=ids).values_list("pk"), Area.objects.none()]

    areas = [an_area(f"a{number}", f"Área {number}") for number in range(3)]
    find = Statements(parts)

    for most, area in ((1, areas[0]), (2, areas[2])):
        named, counted, nothing = find(code=area.code, ids=[area.pk], most=Fixed(most))
        assert nothing is None
        for statement in (named, counted):
            assert statement is not None
            with connection.cursor() as cursor:
                cursor.execute(*statement)
                assert cursor.fetchall() == [(area.pk,)]
