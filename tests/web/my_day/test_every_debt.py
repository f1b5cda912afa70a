"""A day with debts of every module on it: read in few queries, however many there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.ledger.record import Ref
from hilo.parties import modules
from hilo.parties.actor import Actor, system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.notices import notify
from hilo.parties.models import Person
from hilo.work.commands.asks import make_ask
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.promises import make_promise
from hilo.work.commands.reviews import plan_review
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Thread
from hilo.work.owed import owed_by
from hilo.work.queries.owed_details import details_of
from tests.factories.causes import an_action, an_analysis, to_judge
from tests.factories.quality import make_case, verified
from tests.factories.work import House, a_house, a_thread, an_offer, open_handoff, step, two_steps
from tests.web.my_day.test_my_day import browser_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12  # of the whole page, who asks included
KINDS = {
    *("give_news", "keep_promise", "settle_loose_end", "answer_ask", "hold_review"),
    *("do_step", "prepare_handoff", "answer_handoff"),
    *("acknowledge_case", "answer_case", "give_case_news", "close_case"),
    *("find_cause", "do_action", "judge_action"),
}


@pytest.fixture
def house() -> House:
    return a_house()


def owe_everything(house: House, number: int = 0) -> None:
    """One of each, owed by the seller or by the technician whom she covers."""
    seller, due = house.actor("sales"), house.at + timedelta(hours=3)
    of_seller = {"by": seller, "now": house.at}
    thread = a_thread(house)
    pin_loose_end(thread, text="Cabo", due_at=due, **of_seller)
    make_promise(thread, text="Plano", due=due, contact=house.contact, where="mail", **of_seller)
    look_at = due + timedelta(minutes=15 * number)
    plan_review(thread, text="Ver el bastidor", starts_at=look_at, minutes=15, **of_seller)
    make_ask(
        thread,
        what="Horas",
        why="Cerrar turnos",
        to_area=house.area("sales"),
        due_at=due,
        by=house.actor("technical"),
        now=house.at,
    )
    two_steps(house)
    _sold(house)
    an_offer(house, open_handoff(step(_sold(house), "design")))
    make_case(house)
    verified(house, make_case(house))
    an_action(house, an_analysis(house))
    notify(
        house.person("sales"),
        key=f"told-{thread.pk}",
        kind="handoff_reminder",
        thread_id=thread.pk,
        subject=Ref("thread", thread.pk),
        interrupts=True,
        now=house.at,
    )


def _sold(house: House) -> Thread:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    return thread


def away(house: House, person: Person, instead: Person) -> None:
    today = house.at.date()
    plan_absence(person, substitute=instead, first_day=today, last_day=today, by=system(), now=house.at)


def a_day(house: House) -> Actor:
    to_judge(house, an_analysis(house), checker=house.person("technical"))
    owe_everything(house)
    away(house, house.person("technical"), house.person("sales"))
    return house.actor("sales")


def queries_of_page(house: House, person: Person) -> int:
    with time_machine.travel(house.at, tick=False):
        client = browser_of(person)
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/").status_code == 200
    return len([each for each in caught if "SAVEPOINT" not in each["sql"]])


def test_a_day_of_every_kind_takes_few_queries_and_many_of_each_take_no_more(house: House) -> None:
    actor = a_day(house)
    assert {each.kind for each in owed_by(actor, now=house.at)} >= KINDS
    few = queries_of_page(house, actor.one)
    assert few <= MOST_QUERIES
    for number in range(1, 4):
        owe_everything(house, number)
    assert queries_of_page(house, actor.one) == few


def test_what_is_owed_is_two_queries_and_a_third_for_hours(house: House) -> None:
    actor = a_day(house)
    with CaptureQueriesContext(connection) as caught:
        rows = owed_by(actor, now=house.at)
        details = details_of(rows)
        for row in rows:
            assert row.thread.customer.name and row.thread.owner.name
        for handoff in details.handoffs.values():
            assert handoff.giver.name and handoff.from_area.name and handoff.to_area.name
    assert len(caught) == 3
    assert house.person("technical").name in {row.covers for row in rows}


def test_what_is_owed_rests_with_its_module(house: House) -> None:
    actor = a_day(house)
    before = {each.kind for each in owed_by(actor, now=house.at)}
    modules.forget(frozenset({"causes"}))
    resting = {each.kind for each in owed_by(actor, now=house.at)}
    assert before - resting == {"find_cause", "do_action", "judge_action"}


def test_two_colleagues_ask_with_the_same_sql_and_see_their_own(house: House) -> None:
    owe_everything(house)
    seller, technician = house.actor("sales"), house.actor("technical")
    hers = {(each.type, each.id) for each in owed_by(seller, now=house.at)}
    his = {(each.type, each.id) for each in owed_by(technician, now=house.at)}
    assert "handoff" in {type for type, _id in his}
    assert hers and not hers & his
