"""Stuck topics and the week agree with a slow recount; the clock's own work moves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hilo.parties.actor import system
from hilo.quality.commands.closing import reopen_case
from hilo.quality.commands.praise import give_praise
from hilo.quality.models import Case
from hilo.quality.queries.stuck import Stuck, stuck_topics
from hilo.quality.queries.week import week_of
from hilo.work.commands.asks import make_ask
from hilo.work.commands.conversation import tell_customer, write_note
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.promises import break_promise, make_promise
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Thread
from tests.factories.causes import an_action, an_analysis, concluded, to_judge
from tests.factories.quality import a_strand, closed, make_case, take_on
from tests.factories.work import House, a_thread, two_steps
from tests.quality.weekly import recounting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def the_topics(house: House, who: str = "sales") -> list[Stuck]:
    return stuck_topics(house.actor(who), now=house.at)


def agree(house: House) -> set[tuple[str, int, int]]:
    found = {(topic.kind, topic.id, topic.working_days) for topic in the_topics(house)}
    assert found == recounting.stuck(house.at)
    return found


def a_promise(house: House, thread: Thread, *, days: int) -> Any:
    return make_promise(
        thread, text="Entrega", contact=house.contact, where="call", said_at=house.at,
        due=house.at + timedelta(days=days), by=house.actor("sales"), now=house.at,
    )  # fmt: skip


# Stuck


def test_a_thread_is_stuck_after_more_working_days_than_the_policy_says(house: House) -> None:
    thread = two_steps(house)
    house.later(days=21)  # a Monday, three weeks later: 15 working days
    assert agree(house) == set()
    house.later(days=1)
    assert agree(house) == {("thread", thread.pk, 16)}


def test_whatever_somebody_does_moves_it_and_a_reminder_does_not(house: House) -> None:
    moved, reminded = a_thread(house), a_thread(house, title="Otra")
    promise = a_promise(house, reminded, days=2)
    house.later(days=14)
    write_note(moved, kind="note", text="Llamé", by=house.actor("sales"), now=house.at)
    break_promise(promise, by=system(), now=house.at)
    house.later(days=8)
    assert agree(house) == {("thread", reminded.pk, 16)}


def test_what_was_said_yesterday_and_written_today_moved_it_yesterday(house: House) -> None:
    thread = a_thread(house)
    house.later(days=30)
    write_note(
        thread, kind="note", text="Llamé", happened_at=house.at - timedelta(days=1),
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    assert agree(house) == set()


def test_a_paused_thread_sleeps_and_is_not_stuck(house: House) -> None:
    thread = a_thread(house)
    pause_thread(
        thread, reason="Espera su obra", until=house.at + timedelta(days=90), seen=thread.version,
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    house.later(days=40)
    assert agree(house) == set()


def test_a_stuck_case_tells_its_thread_too(house: House) -> None:
    thread = two_steps(house)
    case = make_case(house, thread, impact="low", urgency="low")
    house.later(days=30)
    assert agree(house) == {("case", case.pk, 22)}


def test_a_case_moves_with_its_areas_at_work(house: House) -> None:
    case = make_case(house, impact="low", urgency="low")
    strand = a_strand(house, case, "technical", minutes=480 * 30)
    house.later(days=20)
    take_on(house, strand, "technical")
    house.later(days=10)
    assert ("case", case.pk) not in {(topic.kind, topic.id) for topic in the_topics(house)}


def test_a_closed_case_is_not_stuck(house: House) -> None:
    case = closed(house, make_case(house, impact="low", urgency="low"))
    house.later(days=40)
    assert agree(house) == {("thread", case.thread_id, 29)}


def test_a_topic_says_what_stands_still_on_it(house: House) -> None:
    thread = two_steps(house)
    a_promise(house, thread, days=60)
    make_ask(
        thread, to_area=house.area("purchasing"), what="Precio del tapón", why="El cliente espera",
        due_at=house.at + timedelta(days=2), by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    house.later(days=30)
    (topic,) = the_topics(house)
    assert [(each.type, each.label) for each in topic.waiting] == [
        ("ask", "Precio del tapón"), ("step_run", "Vender"), ("promise", "Entrega"),
    ]  # fmt: skip


def test_the_oldest_comes_first_and_a_confidential_one_only_to_its_readers(house: House) -> None:
    first = a_thread(house)
    house.later(days=3)
    second = a_thread(house, title="Otra")
    make_confidential(
        second, readers=[house.person("sales")], seen=second.version, by=house.head("sales"), now=house.at
    )
    house.later(days=40)
    assert [topic.id for topic in the_topics(house)] == [first.pk, second.pk]
    assert [topic.id for topic in the_topics(house, "technical")] == [first.pk]


def test_a_hundred_topics_cost_as_many_queries_as_one(
    house: House, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_case(house, a_thread(house, title=f"Hilo {number}"), impact="low", urgency="low")
        a_thread(house, title=f"Solo {number}")
    house.later(days=40)
    with django_assert_max_num_queries(20):
        assert len(the_topics(house)) == 24


# The week


def test_the_week_agrees_with_a_slow_recount(house: House) -> None:
    starts, ends = house.at - timedelta(hours=9), house.at + timedelta(days=7)
    thread = two_steps(house)
    broken = a_promise(house, thread, days=2)
    was_closed = closed(house, make_case(house, impact="low", urgency="low"))
    analysis = concluded(house, an_analysis(house, make_case(house, thread, impact="low", urgency="low")))
    action = an_action(house, analysis, due_at=house.at + timedelta(days=3))
    later = an_action(house, analysis, due_at=house.at + timedelta(days=30))
    praise = give_praise(
        thread, text="Gracias", where="call", contact=house.contact, by=house.actor("sales"), now=house.at
    )
    house.later(days=3)
    break_promise(broken, by=system(), now=house.at)
    reopen_case(
        was_closed, reason="Vuelve a fallar", contact=house.contact, seen=was_closed.version,
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    house.later(days=8)
    make_case(house, a_thread(house, title="Después"), impact="low", urgency="low")
    week = week_of(house.actor("sales"), starts=starts, ends=ends, now=house.at)
    assert [each.pk for each in week.praise] == [praise.pk]
    assert {case.pk for case in week.opened} == recounting.subjects("case.opened", starts, ends)
    assert {case.pk for case in week.reopened} == recounting.subjects("case.reopened", starts, ends) != set()
    assert (
        {each.pk for each in week.broken}
        == recounting.subjects("promise.broken", starts, ends)
        == {broken.pk}
    )
    assert Case.objects.count() == len(week.opened) + 1
    assert [each.pk for each in week.due] == [action.pk] and later.pk not in {each.pk for each in week.due}
    assert week.pains == len(week.opened) + len(week.reopened) + len(week.broken) + len(week.escalated)


def test_the_week_shows_what_waits_to_be_judged(house: House) -> None:
    action = to_judge(house, concluded(house, an_analysis(house)))
    week = week_of(house.actor("sales"), starts=house.at, ends=house.at + timedelta(days=7), now=house.at)
    assert week.to_judge == [action] and week.due == []


def test_a_confidential_thread_adds_nothing_to_somebody_elses_week(house: House) -> None:
    thread = a_thread(house)
    make_confidential(
        thread, readers=[house.person("sales")], seen=thread.version, by=house.head("sales"), now=house.at
    )
    thread.refresh_from_db()
    analysis = an_analysis(house, make_case(house, thread, impact="low", urgency="low"))
    an_action(house, analysis, due_at=house.at + timedelta(days=1))
    give_praise(thread, text="Gracias", where="call", by=house.actor("sales"), now=house.at)
    tell_customer(
        thread, text="Seguimos en ello", contacts=[house.contact], channel="call",
        next_news_at=house.at + timedelta(days=1), by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    span = {"starts": house.at - timedelta(days=1), "ends": house.at + timedelta(days=7), "now": house.at}
    theirs, mine = week_of(house.actor("technical"), **span), week_of(house.actor("sales"), **span)
    assert (theirs.praise, theirs.opened, theirs.due) == ([], [], [])
    assert len(mine.praise) == len(mine.opened) == len(mine.due) == 1


def test_that_a_customer_asked_something_is_no_pain(house: House) -> None:
    thread = a_thread(house)
    question = make_case(house, thread, kind="query", impact="low", urgency="low")
    failure = make_case(house, thread, kind="complaint", impact="low", urgency="low")
    starts, ends = house.at - timedelta(days=1), house.at + timedelta(days=7)
    week = week_of(house.actor("sales"), starts=starts, ends=ends, now=house.at)
    assert [case.pk for case in week.opened] == [failure.pk] and question.pk != failure.pk


def test_a_stuck_case_names_the_area_whose_step_stands_still(house: House) -> None:
    case = make_case(house, a_thread(house), impact="low", urgency="low")
    house.later(days=40)
    (topic,) = the_topics(house)
    assert [(one.label, one.area) for one in topic.waiting if one.type == "step_run"] == [
        (case.title, case.area.name)
    ]
