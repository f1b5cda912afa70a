"""What handoffs and steps make people owe, and that lists cost the same at any length."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.errors import NotAllowed
from hilo.parties.actor import Actor
from hilo.parties.commands.absences import plan_absence
from hilo.work.commands.handoffs import accept_handoff, accept_with_conditions, offer_to_colleague
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.step_runs import finish_step, wait_for
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Handoff, StepRun, Thread
from hilo.work.owed import owed_by
from hilo.work.queries.handoffs import handoff_package, handoffs_given, handoffs_to_answer
from tests.factories.parties import a_person, acting
from tests.factories.work import House, a_thread, accepted, an_offer, open_handoff, step, two_steps
from tests.work.watching import refused

MINE = {"do_step", "answer_handoff", "prepare_handoff", "confirm_conditions", "start_colleague_offer"}


def owes(house: House, actor: Actor) -> list[tuple[str, str, str]]:
    rows = owed_by(actor, now=house.at)
    return [(row.kind, row.whom, row.covers) for row in rows if row.kind in MINE]


@pytest.fixture
def thread(house: House) -> Thread:
    return two_steps(house)


def sold(house: House, thread: Thread) -> StepRun:
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    return step(thread, "design")


def test_each_turn_is_owed_by_whose_it_is(house: House, thread: Thread) -> None:
    sales, technical = house.actor("sales"), house.actor("technical")
    assert owes(house, sales) == [("do_step", "Oficina técnica", "")]
    handoff = open_handoff(sold(house, thread))
    assert owes(house, sales) == [("prepare_handoff", "Oficina técnica", "")]
    an_offer(house, handoff)
    assert owes(house, sales) == []
    assert owes(house, technical) == [("answer_handoff", house.person("sales").name, "")]
    assert owes(house, house.actor("production")) == []
    handoff.refresh_from_db()
    accept_with_conditions(
        handoff,
        due=handoff.proposed_due + timedelta(days=2),
        conditions="Medir antes",
        read_back="El jueves",
        seen=handoff.version,
        by=technical,
        now=house.at,
    )
    assert owes(house, sales) == [("confirm_conditions", "Oficina técnica", "")]


def test_the_last_step_is_owed_to_the_customer(house: House, thread: Thread) -> None:
    handoff = open_handoff(sold(house, thread))
    accepted(house, an_offer(house, handoff), receiver="technical")
    assert owes(house, house.actor("technical")) == [("do_step", "Bodegas Albarín", "")]


def test_a_colleagues_offer_is_the_colleagues(house: House, thread: Thread) -> None:
    sell = step(thread, "sell")
    offer_to_colleague(
        sell,
        colleague=house.company.heads["sales"],
        seen=sell.version,
        by=house.actor("sales"),
        now=house.at,
    )
    assert owes(house, house.head("sales")) == [("start_colleague_offer", house.person("sales").name, "")]
    assert owes(house, house.actor("sales")) == [("do_step", "Oficina técnica", "")]


def test_the_substitute_sees_it_too_and_in_whose_stead(house: House, thread: Thread) -> None:
    absent = house.person("sales")
    plan_absence(
        absent,
        substitute=house.person("production"),
        first_day=house.at.date(),
        last_day=house.at.date(),
        by=house.actor("sales"),
        now=house.at,
    )
    assert owes(house, house.actor("production")) == [("do_step", "Oficina técnica", absent.name)]


def test_the_same_area_elsewhere_is_not_asked(house: House, thread: Thread) -> None:
    an_offer(house, open_handoff(sold(house, thread)))
    elsewhere = a_person(area=house.area("technical"), delegation=house.company.sevilla)
    assert owes(house, acting(elsewhere, house.at)) == []


def test_what_waits_for_the_customer_comes_back_when_its_date_passes(house: House, thread: Thread) -> None:
    sell = step(thread, "sell")
    wait_for(sell, whom="customer", what="Su firma", seen=sell.version, by=house.actor("sales"), now=house.at)
    assert owes(house, house.actor("sales")) == []
    house.later(days=3)
    assert owes(house, house.actor("sales")) == [("do_step", "Oficina técnica", "")]


def test_a_confidential_offer_is_seen_by_nobody_unnamed(house: House, thread: Thread) -> None:
    an_offer(house, open_handoff(sold(house, thread)))
    thread.refresh_from_db()
    readers = [house.person("sales")]
    make_confidential(thread, readers=readers, seen=thread.version, by=house.head("sales"), now=house.at)
    assert owes(house, house.actor("technical")) == []
    assert not handoffs_to_answer(house.actor("technical"), now=house.at).exists()
    handoff = Handoff.objects.get()
    with refused("Only the people named", kind=NotAllowed):
        accept_handoff(
            handoff, read_back="Sí", seen=handoff.version, by=house.actor("technical"), now=house.at
        )


def queries(act: object) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()  # type: ignore[operator]
    return len(captured)


def test_lists_make_the_same_number_of_queries_at_any_length(house: House, thread: Thread) -> None:
    an_offer(house, open_handoff(sold(house, thread)))
    version = thread.work_items.get().template_version
    technical, sales = house.actor("technical"), house.actor("sales")

    def lists() -> None:
        owed_by(technical, now=house.at)
        owed_by(sales, now=house.at)
        for handoff in handoffs_to_answer(technical, now=house.at):
            assert handoff.thread.customer.name and handoff.giver.name and len(handoff.items.all())
        for handoff in handoffs_given(sales):
            assert handoff.to_area.name and handoff.step_run.name

    a_thread(house, version, title="Otra por vender")
    few = queries(lists)
    for number in range(4):
        another = a_thread(house, version, title=f"Hilo {number}")
        an_offer(house, open_handoff(sold(house, another)))
        a_thread(house, version, title=f"Por vender {number}")
    assert queries(lists) == few


def test_the_package_is_read_in_a_constant_number_of_queries(house: House, thread: Thread) -> None:
    handoff = an_offer(house, open_handoff(sold(house, thread)))

    def package() -> int:
        fresh = Handoff.objects.select_related("thread__customer", "step_run__step").get(pk=handoff.pk)
        found = handoff_package(fresh)
        return len([risk.owner.name for risk in found.risks])

    few = queries(package)
    for number in range(5):
        pin_loose_end(thread, text=f"Duda {number}", by=house.actor("sales"), now=house.at)
    assert queries(package) == few
    assert package() == 5
