"""Two to sixteen people, as separate processes, answer one handoff: exactly one wins (issue, 4)."""

from __future__ import annotations

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, Span
from tests.factories.parties import a_person
from tests.factories.work import House, a_house, an_offer, open_handoff, step, two_steps
from tests.support.processes import run_at_once

ANSWERS = ("accept", "return", "conditions")


def an_offered_handoff(house: House) -> Handoff:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    return an_offer(house, open_handoff(step(thread, "design")))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [2, 5, 16])
def test_of_many_who_answer_at_once_exactly_one_wins(many: int) -> None:
    house = a_house()
    handoff = an_offered_handoff(house)
    people = [a_person(area=house.area("technical"), delegation=house.company.zaragoza) for _ in range(many)]
    calls = [
        {
            "handoff": handoff.pk,
            "person": person.pk,
            "seen": handoff.version,
            "how": ANSWERS[place % 3],
            "now": house.at.isoformat(),
        }
        for place, person in enumerate(people)
    ]
    outcomes = run_at_once("tests.work.handoffs.racing:answer", calls)

    won = [outcome for outcome in outcomes if outcome.succeeded]
    assert len(won) == 1
    assert all(outcome.refusal.endswith(".") for outcome in outcomes if not outcome.succeeded)
    handoff.refresh_from_db()
    state = {"accept": "accepted", "return": "returned", "conditions": "conditional"}[str(won[0].value)]
    assert handoff.state == state
    answers = ("handoff.accepted", "handoff.returned", "handoff.conditions_proposed")
    assert LedgerEvent.objects.filter(kind__in=answers).count() == 1
    assert Span.objects.filter(step_run=handoff.step_run, closed_at__isnull=True).count() <= 1
