"""Two or more at once on one case: one wins, the others get a sentence, nothing is half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.quality.commands.cases import add_strand, open_case, take_over_case
from hilo.quality.commands.closing import close_case, refuse_solution, reopen_case, verify_solution
from hilo.quality.commands.telling import acknowledge_case
from hilo.quality.models import Case, Escalation
from hilo.work.commands.archiving import archive_thread, ask_closing_question
from hilo.work.models import StepRun, Thread
from tests.conformance import invariants
from tests.conformance.together import together, won
from tests.factories.parties import a_person, acting
from tests.factories.quality import closed, make_case, responded, told, verified
from tests.factories.work import House, a_house, a_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(db: None) -> Iterator[House]:
    house = a_house()
    yield house
    invariants.check(house.at)
    assert verify().holds


def fresh(command: Callable[..., object], case: Case, **facts: Any) -> Callable[[], object]:
    return lambda: command(Case.objects.get(pk=case.pk), **facts)


def events(kind: str) -> int:
    return LedgerEvent.objects.filter(kind=kind).count()


def test_two_who_acknowledge_tell_the_customer_once(house: House) -> None:
    case = make_case(house)
    facts = {**told(house, case), "text": "Lo tenemos"}
    outcomes = together([fresh(acknowledge_case, case, **facts) for _ in range(4)])
    assert len(won(outcomes)) == 1
    assert events("case.acknowledged") == events("update.said") == 1


def test_of_two_who_take_it_over_one_leads_it(house: House) -> None:
    case = make_case(house)
    area, where = house.area("sales"), house.company.zaragoza
    people = [acting(a_person(area=area, delegation=where), house.at) for _ in range(4)]
    calls = [fresh(take_over_case, case, seen=case.version, by=person, now=house.at) for person in people]
    winners = won(together(calls))
    assert len(winners) == 1
    case.refresh_from_db()
    assert case.owner == people[winners[0]].one
    assert case.work_item.step_runs.get().holder == case.owner


def test_it_is_not_closed_while_somebody_adds_an_area(house: House) -> None:
    """Whoever comes first: closed without the strand, or open with it."""
    case = verified(house, make_case(house))
    by = acting(case.owner, house.at)
    strand = {
        "area": house.area("production"),
        "delegation": house.company.zaragoza,
        "name": "Hacer el cabezal",
        "target_minutes": 480,
    }
    calls = [
        fresh(close_case, case, seen=case.version, by=by, now=house.at),
        fresh(add_strand, case, **strand, by=by, now=house.at),
    ]
    assert len(won(together(calls))) == 1
    case.refresh_from_db()
    left = case.work_item.step_runs.filter(state="offered").exists()
    assert left == case.is_open


def test_the_customer_cannot_have_said_both(house: House) -> None:
    case = responded(house, make_case(house))
    facts = {"contact": house.contact, "seen": case.version, "by": house.actor("sales"), "now": house.at}
    calls = [
        fresh(verify_solution, case, how="Por teléfono", **facts),
        fresh(refuse_solution, case, reason="Sigue goteando", **facts),
    ]
    assert len(won(together(calls))) == 1
    assert events("case.verified") + events("case.solution_refused") == 1


def test_it_is_reopened_once(house: House) -> None:
    case = closed(house, make_case(house))
    facts = {"reason": "Vuelve", "seen": case.version, "by": house.actor("sales"), "now": house.at}
    assert len(won(together([fresh(reopen_case, case, **facts) for _ in range(3)]))) == 1
    case.refresh_from_db()
    assert case.reopened_count == 1
    assert StepRun.objects.filter(work_item=case.work_item, state="running").count() == 1


def test_two_failures_noted_at_once_get_two_numbers_and_one_is_the_second(house: House) -> None:
    thread = a_thread(house)
    facts = {
        "kind": "complaint",
        "title": "Gotea",
        "contact": house.contact,
        "impact": "high",
        "urgency": "low",
        "by": house.actor("sales"),
        "now": house.at,
    }
    calls = [lambda: open_case(thread=Thread.objects.get(pk=thread.pk), **facts) for _ in range(2)]
    assert len(won(together(calls))) == 2
    assert set(Case.objects.values_list("code", flat=True)) == {"R-2026-0001", "R-2026-0002"}
    assert Escalation.objects.count() == 1


def test_the_archive_and_a_new_case_do_not_miss_each_other(house: House) -> None:
    thread = a_thread(house)
    ask_closing_question(thread, contact=house.contact, by=house.actor("sales"), now=house.at)
    thread.refresh_from_db()
    facts = {"kind": "query", "title": "¿Y el manual?", "impact": "low", "urgency": "low"}
    by, contact, seen = house.actor("sales"), house.contact, thread.version
    calls: list[Callable[[], object]] = [
        lambda: archive_thread(Thread.objects.get(pk=thread.pk), seen=seen, by=by, now=house.at),
        lambda: open_case(
            thread=Thread.objects.get(pk=thread.pk), contact=contact, by=by, now=house.at, **facts
        ),
    ]
    assert len(won(together(calls))) == 1
    thread.refresh_from_db()
    assert (thread.state == "archived") != Case.objects.exists()
