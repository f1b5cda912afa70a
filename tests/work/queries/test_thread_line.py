"""What the thread line is drawn from: silences exactly as the news dates passed, and one query for a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hilo.parties.models import Area, CalendarVersion, Membership, Person
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.pausing import move_news
from hilo.work.models import Deliverable, NewsMove, Thread, Update
from hilo.work.queries.thread_line import Quiet, lines_of, silences
from hilo.work.queries.together import together
from tests.factories.work import a_house, a_thread, branches, two_steps

START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def opened(**how: object) -> Thread:
    return Thread(opened_at=START, **how)


def told(day: float, until: float) -> Update:
    return Update(said_at=at(day), next_news_at=at(until))


def moved(day: float, old: float, new: float) -> NewsMove:
    return NewsMove(moved_at=at(day), old=at(old), new=at(new))


@pytest.mark.parametrize(
    ("updates", "moves", "now", "expected"),
    [
        ([], [], 5, []),
        ([], [], 9, [(7, None)]),  # the week after the opening passed and nobody said anything
        ([told(3, 10)], [], 9, []),
        ([told(3, 10)], [], 12, [(10, None)]),
        ([told(3, 10), told(20, 25)], [], 22, [(10, 20)]),
        ([told(3, 10), told(20, 25)], [], 30, [(10, 20), (25, None)]),
        ([told(8, 10)], [], 9, [(7, 8)]),
        ([told(3, 10)], [moved(9, 10, 15)], 14, []),  # moved in time
        (
            [told(3, 10)],
            [moved(11, 10, 15)],
            14,
            [(10, None)],
        ),  # moved when it had passed: silence all the same
        ([told(3, 10), told(4, 5)], [], 4.5, []),  # a nearer date corrects a farther one
        ([told(3, 2)], [], 4, [(3, None)]),  # a date before the message itself awaits nothing earlier
    ],
)
def test_a_silence_lasts_from_the_missed_date_to_the_message_that_mends_it(
    updates: list[Update], moves: list[NewsMove], now: float, expected: list[tuple[float, float | None]]
) -> None:
    found = silences(opened(), updates, moves, now=at(now))
    assert found == [Quiet(at(since), None if until is None else at(until)) for since, until in expected]


def test_in_the_archive_a_silence_ended_when_the_thread_did() -> None:
    assert silences(opened(archived_at=at(30)), [told(1, 10)], [], now=at(90)) == [Quiet(at(10), at(30))]


@pytest.mark.django_db
def test_one_query_reads_the_lines_of_a_whole_list(django_assert_num_queries) -> None:
    house = a_house()
    threads = [two_steps(house), a_thread(house), branches(house)]
    for thread in threads:
        tell_customer(thread, text="Hola", contacts=[house.contact], by=house.actor("sales"), now=house.at)
    with django_assert_num_queries(1):
        found = lines_of(threads, now=house.later(days=30))
    assert set(found) == {thread.pk for thread in threads}
    steps = {pk: [step.name for step in facts.steps] for pk, facts in found.items()}
    assert steps[threads[0].pk] == ["Vender", "Proyectar"] and steps[threads[1].pk] == []
    assert [span.area.name for span in found[threads[0].pk].spans] == ["Comercial"]
    assert all(len(facts.silences) == 1 and facts.clock is not None for facts in found.values())
    assert lines_of([], now=house.at) == {}


@pytest.mark.django_db
def test_a_moved_news_date_is_read_back(django_assert_num_queries) -> None:
    house = a_house()
    thread, by = a_thread(house), house.actor("sales")
    thread.refresh_from_db()
    to = house.at + timedelta(days=21)
    move_news(thread, to=to, reason="Vacaciones suyas", seen=thread.version, by=by, now=house.at)
    assert lines_of([thread], now=house.at + timedelta(days=20))[thread.pk].silences == []
    (quiet,) = lines_of([thread], now=house.at + timedelta(days=25))[thread.pk].silences
    assert quiet == Quiet(to, None)


@pytest.mark.django_db
def test_rows_fetched_together_equal_those_fetched_one_by_one(django_assert_num_queries) -> None:
    house = a_house()
    thread = two_steps(house)
    Deliverable.objects.create(thread=thread, name="Línea «nueva» 🙂\n", planned_for=house.at)
    Thread.objects.filter(pk=thread.pk).update(amount="742000.50", is_caretaken=True)
    asked = [
        Person.objects.all(),
        Thread.objects.all(),
        Deliverable.objects.all(),
        CalendarVersion.objects.all(),
    ]
    with django_assert_num_queries(1):
        found = together(*asked, Membership.objects.none())
    assert found[-1] == []
    for queryset, rows in zip(asked, found, strict=False):
        assert [row.pk for row in rows] == sorted(queryset.values_list("pk", flat=True))
        for row in rows:
            real = type(row).objects.get(pk=row.pk)
            for column in real._meta.concrete_fields:
                assert getattr(row, column.attname) == getattr(real, column.attname), column


@pytest.mark.django_db
def test_what_is_left_out_is_fetched_when_asked_for(django_assert_num_queries) -> None:
    a_house()
    (areas,) = together(Area.objects.only("name"))
    assert set(areas[0].__dict__) - {"_state"} == {"id", "name"}
    with django_assert_num_queries(1):
        assert areas[0].code
