"""The customer turns to management; the second failure on a thread reaches the directors by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hilo.errors import NotAllowed
from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Notice
from hilo.quality.commands.cases import touch_thread
from hilo.quality.commands.escalations import note_escalation
from hilo.quality.models import Case, CaseLink, CasePolicy, Escalation
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Promise
from tests.factories.parties import a_person, acting
from tests.factories.quality import closed, make_case, make_near_miss
from tests.factories.work import House, a_thread
from tests.work.watching import refused


def escalated(house: House, case: Case, **facts: Any) -> Escalation:
    given = {
        "case": case,
        "contact": house.contact,
        "owner": house.company.director,
        "text": "No sé a quién tengo que dirigirme",
        "promises": (("Un técnico en su planta", house.at + timedelta(days=3)),),
        "by": house.actor("sales"),
        "now": house.at,
        **facts,
    }
    return note_escalation(case.thread, **given)


def test_what_was_promised_there_is_the_managers_to_keep(house: House) -> None:
    case = make_case(house)
    escalation = escalated(house, case)
    promise = Promise.objects.get()
    assert (promise.promised_by, promise.area) == (house.company.director, house.area("management"))
    link = CaseLink.objects.get()
    assert (link.type, link.object_id, link.qualifier) == ("promise", promise.pk, "recovery")
    assert Notice.objects.get(kind="escalation").person == house.company.director
    event = LedgerEvent.objects.get(kind="escalation.noted")
    assert event.subject_id == escalation.pk and event.facts["promises"] == [promise.pk]
    house.later(days=4)
    run_clocks(house.at)
    promise.refresh_from_db()
    assert promise.state == "broken", "tracked like every other promise"


def test_yesterdays_call_to_the_director_happened_yesterday(house: House) -> None:
    case = make_case(house)
    yesterday = house.at - timedelta(days=1)
    escalation = escalated(house, case, at=yesterday)
    assert escalation.at == yesterday and Promise.objects.get().said_at == yesterday
    assert LedgerEvent.objects.get(kind="escalation.noted").occurred_at == yesterday


def test_without_a_case_it_stands_on_the_thread(house: House) -> None:
    thread = a_thread(house)
    escalation = note_escalation(
        thread,
        contact=house.contact,
        owner=house.company.heads["sales"],
        text="Seis días sin noticias",
        by=house.actor("sales"),
        now=house.at,
    )
    assert (escalation.case, escalation.thread) == (None, thread)


def test_it_goes_to_somebody_who_leads_and_says_what_was_said(house: House) -> None:
    case, other = make_case(house), make_case(house)
    with refused(saying="leads no area", field="owner"):
        escalated(house, case, owner=house.person("logistics"))
    with refused(field="text"):
        escalated(house, case, text=" ")
    with refused(saying="about another thread", field="case"):
        note_escalation(
            other.thread,
            case=case,
            contact=house.contact,
            owner=house.company.director,
            text="Nada",
            by=house.actor("sales"),
            now=house.at,
        )
    stranger = a_person(area=house.area("sales"), delegation=house.company.sevilla)
    with refused(saying="another delegation", kind=NotAllowed):
        escalated(house, case, by=acting(stranger, house.at))


def test_a_promise_refused_leaves_no_escalation(house: House) -> None:
    case = make_case(house)
    past = (("Un técnico", house.at - timedelta(days=3)),)
    with refused(saying="past when it was promised"):
        escalated(house, case, promises=past)
    assert not Escalation.objects.exists()


# The second failure ---------------------------------------------------------------------------------------


def test_the_second_failure_on_a_thread_reaches_every_director_once(house: House) -> None:
    thread = a_thread(house)
    first = closed(house, make_case(house, thread))
    assert not Escalation.objects.exists()
    second = make_case(house, thread, kind="return")
    escalation = Escalation.objects.get()
    assert (escalation.case, escalation.why, escalation.owner) == (second, "second", None)
    notice = Notice.objects.get(kind="case_second_failure")
    assert (notice.person, notice.subject_id, notice.interrupts) == (house.company.director, second.pk, True)
    facts = LedgerEvent.objects.get(kind="escalation.raised").facts
    assert (facts["earlier"], facts["directors"]) == (first.pk, [house.company.director.pk])
    touch_thread(second, a_thread(house), by=house.actor("sales"), now=house.at)
    assert Escalation.objects.count() == 1


def test_a_third_one_is_a_second_one_too(house: House) -> None:
    thread = a_thread(house)
    for _ in range(3):
        make_case(house, thread)
    assert Escalation.objects.count() == 2


@pytest.mark.parametrize("kind", ["query", "suggestion"])
def test_a_query_is_no_failure(house: House, kind: str) -> None:
    thread = a_thread(house)
    make_case(house, thread)
    make_case(house, thread, kind=kind)
    assert not Escalation.objects.exists()


def test_on_another_thread_or_unknown_outside_it_is_a_first(house: House) -> None:
    thread = a_thread(house)
    make_case(house, thread)
    make_case(house)
    make_near_miss(house, thread)
    make_near_miss(house, thread, kind="incident", customer_knows=False)
    assert not Escalation.objects.exists()


def test_a_thread_touched_by_a_failure_has_had_it(house: House) -> None:
    thread = a_thread(house)
    make_case(house, also_on=[thread])
    make_case(house, thread)
    assert Escalation.objects.count() == 1


def test_after_the_days_of_the_policy_it_is_a_first_again(house: House) -> None:
    CasePolicy.objects.update(second_failure_days=30)
    thread = a_thread(house)
    make_case(house, thread)
    house.later(days=31)
    make_case(house, thread)
    assert not Escalation.objects.exists()
    house.later(days=29)
    make_case(house, thread)
    assert Escalation.objects.count() == 1
