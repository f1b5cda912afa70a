"""Accept, accept with conditions, return: the receiver's side, and who may answer (SPEC 4.1, 4.2, 4.4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Person
from hilo.work.commands.handoffs import (
    accept_handoff,
    accept_with_conditions,
    confirm_conditions,
    mark_missing,
    offer_handoff,
    prepare_handoff,
    return_handoff,
    withdraw_handoff,
)
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, HandoffItem, StepRun, Thread
from tests.factories.parties import a_person, acting
from tests.factories.work import House, accepted, an_offer, explain_gaps, open_handoff, step, two_steps
from tests.work.watching import refused


@pytest.fixture
def offered(house: House) -> Handoff:
    """Full weight, from sales to technical, offered on Monday at 11:00 for a week later."""
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    return an_offer(house, open_handoff(step(thread, "design")))


def accept(house: House, handoff: Handoff, by: Actor, read_back: str = "El día 30", **facts: object) -> None:
    accept_handoff(
        handoff,
        read_back=read_back,
        seen=handoff.version,
        by=by,
        now=house.at,
        **facts,  # type: ignore[arg-type]
    )


def give_back(house: House, handoff: Handoff, by: Actor, **facts: object) -> None:
    return_handoff(
        handoff,
        **{  # type: ignore[arg-type]
            "reason": "not_feasible",
            "comment": "No cabe en la nave",
            "seen": handoff.version,
            "by": by,
            "now": house.at,
            **facts,
        },
    )


def propose(house: House, handoff: Handoff, by: Actor, **facts: object) -> None:
    accept_with_conditions(
        handoff,
        **{  # type: ignore[arg-type]
            "due": handoff.proposed_due + timedelta(days=5),
            "conditions": "Medir antes la acometida",
            "read_back": "El estudio el 5",
            "seen": handoff.version,
            "by": by,
            "now": house.at,
            **facts,
        },
    )


def design_of(handoff: Handoff) -> StepRun:
    return StepRun.objects.get(pk=handoff.step_run_id)


# Accepting ------------------------------------------------------------------------------------------------


def test_accepting_starts_the_step_with_who_accepts_and_divides_the_time(
    house: House, offered: Handoff
) -> None:
    house.later(hours=2)
    accept(house, offered, house.actor("technical"))

    design = design_of(offered)
    assert (design.state, design.holder, design.due_at) == (
        "running",
        house.person("technical"),
        offered.proposed_due,
    )
    border, work = design.spans.order_by("opened_at")
    assert (border.ended_as, border.closed_at, work.opened_at) == ("accepted", house.at, house.at)
    assert (work.kind, work.area.code, work.closed_at) == ("work", "technical", None)
    event = LedgerEvent.objects.get(kind="handoff.accepted")
    assert event.facts["first_time"] is True
    assert event.area_id == house.area("technical").pk
    assert Thread.objects.get().next_kind == "do_step"


def test_full_weight_needs_the_read_back(house: House, offered: Handoff) -> None:
    with refused("what will be done and by when", field="read_back"):
        accept(house, offered, house.actor("technical"), read_back="  ")


def test_light_weight_is_accepted_with_one_key(house: House) -> None:
    thread = two_steps(house, "light")
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    handoff = an_offer(house, open_handoff(step(thread, "design")))
    accept(house, handoff, house.actor("technical"), read_back="")
    assert handoff.state == "accepted"


def test_the_person_named_holds_it_whoever_of_the_area_accepts(house: House, offered: Handoff) -> None:
    Handoff.objects.filter(pk=offered.pk).update(to_person=house.person("technical"))
    offered.refresh_from_db()
    accept(house, offered, house.head("technical"))
    assert design_of(offered).holder == house.person("technical")


def test_the_person_named_is_away_so_who_accepts_holds_it(house: House, offered: Handoff) -> None:
    named, head = house.person("technical"), house.company.heads["technical"]
    Handoff.objects.filter(pk=offered.pk).update(to_person=named)
    away(house, named, head)
    offered.refresh_from_db()
    accept(house, offered, acting(head, house.at))
    assert design_of(offered).holder == head


def away(house: House, person: Person, substitute: Person) -> None:
    plan_absence(
        person,
        substitute=substitute,
        first_day=house.at.date(),
        last_day=house.at.date() + timedelta(days=20),
        by=acting(person, house.at),
        now=house.at,
    )


def test_naming_a_colleague_makes_them_an_offer_not_an_assignment(house: House, offered: Handoff) -> None:
    colleague = house.company.heads["technical"]
    with refused("does not work in Oficina técnica", field="holder"):
        accept(house, offered, house.actor("technical"), holder=house.person("production"))
    accept(house, offered, house.actor("technical"), holder=colleague)

    assert design_of(offered).holder == house.person("technical")
    within = open_handoff(design_of(offered))
    assert (within.is_within_area, within.to_person, within.state) == (True, colleague, "offered")


def test_a_date_that_has_passed_is_not_accepted_as_it_stands(house: House, offered: Handoff) -> None:
    house.later(days=8)
    with refused("already passed", field="due"):
        accept(house, offered, house.actor("technical"))


# Who may answer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sales", "production", "director", "administrator"])
def test_nobody_outside_the_receiving_area_answers(house: House, offered: Handoff, who: str) -> None:
    by = house.actor(who)
    with refused("", kind=NotAllowed):
        accept(house, offered, by)
    with refused("", kind=NotAllowed):
        propose(house, offered, by)
    with refused("", kind=NotAllowed):
        give_back(house, offered, by)
    with refused("", kind=NotAllowed):
        mark_missing(offered.items.first() or HandoffItem(), by=by, now=house.at)


def test_the_same_area_elsewhere_does_not_answer(house: House, offered: Handoff) -> None:
    in_sevilla = a_person(area=house.area("technical"), delegation=house.company.sevilla)
    with refused("another delegation", kind=NotAllowed):
        accept(house, offered, acting(in_sevilla, house.at))


def test_who_covers_somebody_of_the_area_answers(house: House, offered: Handoff) -> None:
    away(house, house.person("technical"), house.person("production"))
    accept(house, offered, house.actor("production"))
    assert design_of(offered).holder == house.person("production")


def test_who_covers_nobody_there_does_not(house: House, offered: Handoff) -> None:
    away(house, house.person("sales"), house.person("production"))
    with refused("This is for Oficina técnica", kind=NotAllowed):
        accept(house, offered, house.actor("production"))


@pytest.mark.parametrize("answer", ["accept", "propose", "give_back"])
def test_an_answer_given_twice_or_to_an_older_state_changes_nothing(
    house: House, offered: Handoff, answer: str
) -> None:
    act = {"accept": accept, "propose": propose, "give_back": give_back}[answer]
    with refused("Somebody changed this", kind=Stale):
        stale = Handoff.objects.get(pk=offered.pk)
        stale.version -= 1
        act(house, stale, house.actor("technical"))
    accept(house, offered, house.actor("technical"))
    with refused("already answered"):
        act(house, Handoff.objects.get(pk=offered.pk), house.head("technical"))


# Conditions -----------------------------------------------------------------------------------------------


def test_conditions_wait_for_the_giver_who_confirms_and_it_begins(house: House, offered: Handoff) -> None:
    later = offered.proposed_due + timedelta(days=5)
    propose(house, offered, house.actor("technical"), due=later, hours=Decimal("190"))
    assert (offered.state, design_of(offered).state) == ("conditional", "offered")
    thread = Thread.objects.get()
    assert (thread.next_kind, thread.turn_person) == ("confirm_conditions", house.person("sales"))

    with refused("gives this handoff", kind=NotAllowed):
        confirm_conditions(offered, seen=offered.version, by=house.actor("technical"), now=house.at)
    confirm_conditions(offered, seen=offered.version, by=house.actor("sales"), now=house.later(hours=1))

    design = design_of(offered)
    assert (offered.state, design.state, design.due_at) == ("accepted", "running", later)
    assert design.holder == house.person("technical")
    assert [(span.kind, span.ended_as) for span in design.spans.order_by("opened_at")] == [
        ("border", "accepted"),
        ("work", ""),
    ]
    with refused("no conditions to confirm"):
        confirm_conditions(offered, seen=offered.version, by=house.actor("sales"), now=house.at)


@pytest.mark.parametrize(
    ("facts", "sentence", "field"),
    [
        ({"due": None}, "Nothing changes", "due"),
        ({"conditions": ""}, "which conditions", "conditions"),
        ({"hours": Decimal(0)}, "greater than zero", "hours"),
        ({"read_back": ""}, "what will be done", "read_back"),
    ],
)
def test_what_conditions_need(
    house: House, offered: Handoff, facts: dict[str, object], sentence: str, field: str
) -> None:
    with refused(sentence, field=field):
        propose(house, offered, house.actor("technical"), **facts)


def test_conditions_can_be_taken_back_but_not_returned(house: House, offered: Handoff) -> None:
    propose(house, offered, house.actor("technical"))
    with refused("already answered"):
        give_back(house, offered, house.actor("technical"))
    withdraw_handoff(offered, reason="Así no", seen=offered.version, by=house.actor("sales"), now=house.at)
    assert (offered.state, design_of(offered).state) == ("withdrawn", "offered")


# Returning ------------------------------------------------------------------------------------------------


def test_a_return_goes_back_to_the_giver_and_charges_neither(house: House, offered: Handoff) -> None:
    drawing = offered.items.get(key="drawing")
    house.later(hours=2)
    give_back(
        house,
        offered,
        house.actor("technical"),
        reason="gaps",
        blocking_items=[drawing],
        missing_texts=["Altura de la nave", "  "],
    )
    design = design_of(offered)
    span = design.spans.get()
    assert (span.ended_as, span.closed_at, design.holder) == ("returned", house.at, None)
    assert LedgerEvent.objects.get(kind="handoff.returned").facts["blocking_items"] == [
        "drawing",
        "added-2",
    ]
    thread = Thread.objects.get()
    assert (thread.next_kind, thread.turn_person) == ("prepare_handoff", house.person("sales"))


@pytest.mark.parametrize(
    ("facts", "sentence", "field"),
    [
        ({"reason": "gaps"}, "Name what is missing", "missing"),
        ({"reason": "gaps", "missing_texts": ["  "]}, "Name what is missing", "missing"),
        ({"reason": "because"}, "Choose why", "reason"),
        ({"comment": " "}, "Say in a sentence", "comment"),
    ],
)
def test_a_return_says_why(
    house: House, offered: Handoff, facts: dict[str, object], sentence: str, field: str
) -> None:
    with refused(sentence, field=field):
        give_back(house, offered, house.actor("technical"), **facts)


def test_the_second_offer_is_no_first_time(house: House, offered: Handoff) -> None:
    give_back(house, offered, house.actor("technical"))
    again = prepare_handoff(design_of(offered), by=house.actor("sales"), now=house.later(hours=1))
    explain_gaps(again, by=house.actor("sales"), now=house.at)
    offer_handoff(
        again,
        ask="Otra vez",
        proposed_due=house.at + timedelta(days=9),
        seen=again.version,
        by=house.actor("sales"),
        now=house.at,
    )
    accepted(house, again, receiver="technical")
    assert LedgerEvent.objects.get(kind="handoff.accepted").facts["first_time"] is False


# Afterwards -----------------------------------------------------------------------------------------------


def test_what_was_missing_is_marked_with_one_click_after_accepting(house: House, offered: Handoff) -> None:
    item = offered.items.get(key="notes")
    with refused("Before you accept"):
        mark_missing(item, by=house.actor("technical"), now=house.at)
    accept(house, offered, house.actor("technical"))
    mark_missing(item, by=house.head("technical"), now=house.at)
    assert item.marked_missing_at == house.at
    with refused("marked as missing already"):
        mark_missing(item, by=house.actor("technical"), now=house.at)
