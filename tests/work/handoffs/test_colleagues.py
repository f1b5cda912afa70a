"""Within an area: lighter, but no silent assignment either (SPEC 4.2)."""

from __future__ import annotations

import pytest

from hilo.errors import NotAllowed
from hilo.ledger.models import LedgerEvent
from hilo.work.commands.handoffs import (
    accept_handoff,
    accept_with_conditions,
    offer_to_colleague,
    return_handoff,
)
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, StepRun, Thread
from tests.factories.work import House, step, two_steps
from tests.work.watching import refused


@pytest.fixture
def sell(house: House) -> StepRun:
    return step(two_steps(house), "sell")


@pytest.fixture
def offer(house: House, sell: StepRun) -> Handoff:
    return offer_to_colleague(
        sell,
        colleague=house.company.heads["sales"],
        seen=sell.version,
        by=house.actor("sales"),
        now=house.later(hours=1),
    )


def test_the_step_stays_with_its_holder_until_the_colleague_starts(
    house: House, sell: StepRun, offer: Handoff
) -> None:
    sell.refresh_from_db()
    assert (sell.state, sell.holder) == ("running", house.person("sales"))

    accept_handoff(offer, seen=offer.version, by=house.head("sales"), now=house.later(hours=1))
    sell.refresh_from_db()
    assert (sell.holder, offer.state) == (house.company.heads["sales"], "accepted")
    assert LedgerEvent.objects.get(kind="step.passed").facts["why"] == "colleague"


def test_no_border_lies_between_colleagues(house: House, sell: StepRun, offer: Handoff) -> None:
    accept_handoff(offer, seen=offer.version, by=house.head("sales"), now=house.later(hours=1))
    span = sell.spans.get()
    assert (span.kind, span.closed_at) == ("work", None)


def test_a_returned_offer_changes_nothing_for_the_holder(house: House, sell: StepRun, offer: Handoff) -> None:
    return_handoff(
        offer,
        reason="no_capacity",
        comment="Estoy con la feria",
        seen=offer.version,
        by=house.head("sales"),
        now=house.at,
    )
    sell.refresh_from_db()
    assert (sell.state, sell.holder, sell.spans.get().closed_at) == ("running", house.person("sales"), None)
    assert Thread.objects.get().next_kind == "do_step"


def test_who_may_offer_and_to_whom(house: House, sell: StepRun) -> None:
    def offer_to(who: str, by: str) -> None:
        sell.refresh_from_db()
        offer_to_colleague(
            sell, colleague=house.person(who), seen=sell.version, by=house.actor(by), now=house.at
        )

    with refused("does not work in Comercial", field="colleague"):
        offer_to("technical", by="sales")
    with refused("have this step already", field="colleague"):
        offer_to("sales", by="sales")
    with refused("Only who has the step", kind=NotAllowed):
        offer_to("sales", by="technical")


def test_only_the_colleague_answers_and_without_conditions(house: House, offer: Handoff) -> None:
    for who in ("sales", "technical", "director"):
        with refused("", kind=NotAllowed):
            accept_handoff(offer, seen=offer.version, by=house.actor(who), now=house.at)
    with refused("there are no conditions"):
        accept_with_conditions(
            offer, conditions="Mañana", seen=offer.version, by=house.head("sales"), now=house.at
        )


def test_one_offer_at_a_time(house: House, sell: StepRun, offer: Handoff) -> None:
    sell.refresh_from_db()
    with refused("already offered to a colleague"):
        offer_to_colleague(
            sell,
            colleague=house.company.heads["sales"],
            seen=sell.version,
            by=house.actor("sales"),
            now=house.at,
        )


def test_a_finished_step_takes_its_offer_back(house: House, sell: StepRun, offer: Handoff) -> None:
    sell.refresh_from_db()
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    with refused("already answered"):
        accept_handoff(offer, seen=offer.version, by=house.head("sales"), now=house.at)
