"""People leave and areas end: no step and no handoff stays with nobody (SPEC 9.8, stories 8 and 11)."""

from __future__ import annotations

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.reorganising import reorganise_area
from hilo.parties.models import Area, Person
from hilo.work.commands.handoffs import accept_handoff, offer_to_colleague, prepare_handoff, withdraw_handoff
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, StepRun, Thread
from tests.factories.parties import acting, an_area
from tests.factories.work import House, an_offer, explain_gaps, open_handoff, step, two_steps


def leave(house: House, person: Person) -> None:
    person.refresh_from_db()
    leave_company(person, seen=person.version, by=system(), now=house.at)


def an_open_offer(house: House) -> Handoff:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    return an_offer(house, open_handoff(step(thread, "design")))


def test_a_leavers_running_step_goes_on_with_the_caretaker(house: House) -> None:
    thread = two_steps(house)
    leave(house, house.person("sales"))
    head = house.company.heads["sales"]
    assert step(thread, "sell").holder == head
    event = LedgerEvent.objects.get(kind="step.passed")
    assert (event.facts["new_holder"], event.facts["why"]) == (head.pk, "departure")
    thread.refresh_from_db()
    assert thread.turn_person == head


def test_what_a_leaver_gave_is_answered_for_by_the_caretaker(house: House) -> None:
    handoff = an_open_offer(house)
    leave(house, house.person("sales"))
    handoff.refresh_from_db()
    assert handoff.giver == house.company.heads["sales"]
    assert LedgerEvent.objects.get(kind="handoff.passed").facts["side"] == "giver"
    withdraw_handoff(handoff, reason="Otra vez", seen=handoff.version, by=house.head("sales"), now=house.at)
    again = prepare_handoff(handoff.step_run, by=house.head("sales"), now=house.at)
    assert again.giver == house.company.heads["sales"]


def test_what_was_offered_to_a_leaver_waits_for_the_whole_area(house: House) -> None:
    handoff = an_open_offer(house)
    Handoff.objects.filter(pk=handoff.pk).update(to_person=house.person("technical"))
    leave(house, house.person("technical"))
    handoff.refresh_from_db()
    assert (handoff.state, handoff.to_person) == ("offered", None)
    accept_handoff(
        handoff, read_back="El lunes", seen=handoff.version, by=house.head("technical"), now=house.at
    )


def test_a_colleagues_offer_ends_when_it_would_reach_its_own_giver(house: House) -> None:
    thread = two_steps(house)
    sell = step(thread, "sell")
    offer = offer_to_colleague(
        sell,
        colleague=house.company.heads["sales"],
        seen=sell.version,
        by=house.actor("sales"),
        now=house.at,
    )
    leave(house, house.person("sales"))
    offer.refresh_from_db()
    assert (offer.state, step(thread, "sell").holder) == ("withdrawn", house.company.heads["sales"])


def reorganise(house: House, code: str) -> Area:
    heir = an_area(f"new-{code}", f"Nueva {code}", now=house.at)
    area = house.area(code)
    area.refresh_from_db()
    reorganise_area(
        area,
        successors=[heir],
        open_work_to=heir,
        on=house.at.date(),
        seen=area.version,
        by=system(),
        now=house.at,
    )
    return heir


def test_open_work_passes_to_the_successor_and_its_past_time_stays(house: House) -> None:
    thread = two_steps(house)
    old, began = house.area("sales"), house.at
    house.later(days=1)
    heir = reorganise(house, "sales")

    sell = step(thread, "sell")
    assert sell.area == heir
    assert [
        (span.area, span.opened_at, span.closed_at, span.ended_as)
        for span in sell.spans.order_by("opened_at")
    ] == [(old, began, house.at, "handed_on"), (heir, house.at, None, "")]
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    assert open_handoff(step(thread, "design")).from_area == heir


def test_an_open_offer_follows_both_its_sides(house: House) -> None:
    handoff = an_open_offer(house)
    house.later(days=1)
    to_heir, from_heir = reorganise(house, "technical"), reorganise(house, "sales")
    handoff.refresh_from_db()
    assert (handoff.to_area, handoff.from_area) == (to_heir, from_heir)
    assert [
        (span.from_area.code, span.area.code, span.ended_as)
        for span in handoff.step_run.spans.order_by("pk")
        if span.from_area
    ] == [
        ("sales", "technical", "handed_on"),
        ("sales", "new-technical", "handed_on"),
        ("new-sales", "new-technical", ""),
    ]
    accept_handoff(
        handoff, read_back="El lunes", seen=handoff.version, by=house.actor("technical"), now=house.at
    )
    assert StepRun.objects.get(pk=handoff.step_run_id).state == "running"


def test_a_returned_handoff_is_given_again_for_the_successor(house: House) -> None:
    handoff = an_open_offer(house)
    withdraw_handoff(handoff, reason="Espera", seen=handoff.version, by=house.actor("sales"), now=house.at)
    house.later(days=1)
    heir = reorganise(house, "sales")
    again = prepare_handoff(handoff.step_run, by=house.actor("sales"), now=house.at)
    assert again.from_area == heir
    explain_gaps(again, by=house.actor("sales"), now=house.at)


def test_a_new_thread_plans_its_steps_in_the_successor(house: House) -> None:
    thread = two_steps(house)
    version = thread.work_items.get().template_version
    house.later(days=1)
    heir = reorganise(house, "technical")
    from tests.factories.work import a_thread

    other = a_thread(house, version, title="Después")
    assert step(other, "design").area == heir
    assert Thread.objects.count() == 2
    assert acting(house.person("technical"), house.at).area_id == heir.pk
