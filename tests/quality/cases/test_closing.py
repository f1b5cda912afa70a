"""The customer says that it is solved, every area has finished, and only then the case is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Notice
from hilo.quality.commands.cases import join_failure
from hilo.quality.commands.closing import (
    StillAtWork,
    close_case,
    refuse_solution,
    reopen_case,
    verify_solution,
)
from hilo.quality.models import Case, ClockRun
from hilo.work.commands.handoffs import return_handoff
from hilo.work.commands.step_runs import add_step, finish_step, reopen_step, skip_step
from hilo.work.models import StepRun
from tests.factories.parties import a_contact, a_customer, a_person, acting
from tests.factories.quality import (
    a_strand,
    closed,
    decided,
    investigated,
    leader,
    make_case,
    make_near_miss,
    responded,
    take_on,
    verified,
)
from tests.factories.work import House, open_handoff
from tests.work.watching import refused


def close(house: House, case: Case, **facts: object) -> None:
    case.refresh_from_db()
    given = {"seen": case.version, "by": leader(house, case), "now": house.at, **facts}
    close_case(case, **given)  # type: ignore[arg-type]


def test_from_the_receipt_to_the_close(house: House) -> None:
    case = verified(house, investigated(house, make_case(house)))
    house.later(hours=1)
    close(house, case)
    assert (case.stage, case.closed_at, case.outcome) == ("closed", house.at, "upheld")
    assert case.verified_by == house.contact
    stages = list(case.stages.values_list("stage", flat=True))
    assert stages == [
        "received",
        "acknowledged",
        "assessed",
        "investigating",
        "responded",
        "decided",
        "closed",
    ]
    assert case.work_item.step_runs.get().state == "done"
    assert LedgerEvent.objects.get(kind="step.finished").facts["by_rule"] == "case_closed"
    assert not ClockRun.objects.filter(stopped_at__isnull=True).exists()
    with refused(saying="closed already"):
        close(house, case)


def test_not_while_an_area_is_at_work_nor_while_its_offer_waits(house: House) -> None:
    case = investigated(house, make_case(house))
    production = a_strand(house, case, "production", accept=True)
    logistics = a_strand(house, case, "logistics")
    verified(house, case)
    with refused(saying="Producción, Logística", kind=StillAtWork):
        close(house, case)
    finish_step(production, seen=production.version, by=house.actor("production"), now=house.at)
    with refused(saying="Still at work on it: Logística", kind=StillAtWork):
        close(house, case)
    offer = open_handoff(logistics)
    return_handoff(
        offer,
        reason="not_ours",
        comment="Lo lleva Posventa",
        seen=offer.version,
        by=house.actor("logistics"),
        now=house.at,
    )
    with refused(saying="Logística", kind=StillAtWork):
        close(house, case)
    logistics.refresh_from_db()
    skip_step(
        logistics, reason="Lo hizo Posventa", seen=logistics.version, by=house.actor("sales"), now=house.at
    )
    close(house, case)
    assert case.stage == "closed"


@pytest.mark.parametrize(
    ("come_as_far_as", "saying"),
    [
        (investigated, "no answer yet"),
        (responded, "Tell the customer the decision first"),
        (decided, "Nobody at the customer has said yet"),
    ],
)
def test_not_before_the_customer_was_answered_and_says_that_it_is_solved(
    house: House, come_as_far_as: object, saying: str
) -> None:
    case = make_case(house)
    come_as_far_as(house, case)  # type: ignore[operator]
    with refused(saying=saying):
        close(house, case)


def test_the_database_refuses_a_close_that_no_command_would_make(house: House) -> None:
    case = decided(house, make_case(house))
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage="closed", closed_at=house.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage="closed")


def test_a_query_closes_with_our_answer(house: House) -> None:
    case = responded(house, make_case(house, kind="query"))
    assert case.thread.next_kind in ("close_case", "give_case_news", "do_step")
    close(house, case)
    assert case.stage == "closed"


def test_what_nobody_outside_knows_closes_with_what_was_done(house: House) -> None:
    case = make_near_miss(house)
    with refused(saying="what was done", field="solution"):
        close(house, case)
    close(house, case, solution="Apretamos los tornillos")
    assert (case.stage, case.solution) == ("closed", "Apretamos los tornillos")


def test_only_who_leads_it_closes_and_never_from_a_stale_page(house: House) -> None:
    case = verified(house, make_case(house))
    with refused(saying="leads this case", kind=NotAllowed):
        close(house, case, by=house.actor("logistics"))
    with refused(kind=Stale):
        close(house, case, seen=case.version - 1)
    elsewhere = a_person(area=house.area("sales"), delegation=house.company.sevilla, is_head=True)
    with refused(kind=NotAllowed):
        close(house, case, by=acting(elsewhere, house.at))
    close(house, case, by=house.actor("director"))
    assert case.stage == "closed"


def test_a_solution_refused_is_looked_into_again_and_owed_anew(house: House) -> None:
    case = decided(house, make_case(house))
    house.later(days=1)
    reason = {"contact": house.contact, "reason": "Sigue goteando"}
    refuse_solution(case, **reason, seen=case.version, by=house.actor("logistics"), now=house.at)
    assert (case.stage, case.outcome, case.refused_count) == ("investigating", "", 1)
    again = case.clock_runs.get(clock="response", run=2)
    assert (again.started_at, again.stopped_at) == (house.at, None)
    assert case.stages.get(stage="investigating", run=2).reached_at == house.at
    assert Notice.objects.get(kind="case_refused").person == case.owner
    with refused(saying="no answer of ours"):
        refuse_solution(case, **reason, seen=case.version, by=house.actor("sales"), now=house.at)
    closed(house, case)
    assert case.is_open is False and case.stages.filter(stage="decided").count() == 2


def test_a_verified_case_can_still_be_refused(house: House) -> None:
    case = verified(house, make_case(house))
    refuse_solution(
        case,
        contact=house.contact,
        reason="Ha vuelto esta noche",
        seen=case.version,
        by=house.actor("sales"),
        now=house.at,
    )
    assert (case.verified_at, case.verified_by, case.verified_how) == (None, None, "")


def test_only_the_customers_people_say_that_it_is_solved(house: House) -> None:
    case = responded(house, make_case(house))
    other = a_customer(delegation=house.company.zaragoza, keeper=house.person("sales"))
    theirs = a_contact(other)
    facts = {"how": "Por teléfono", "seen": case.version, "by": house.actor("sales"), "now": house.at}
    with refused(saying="does not work at this customer", field="contact"):
        verify_solution(case, contact=theirs, **facts)
    with refused(field="how"):
        verify_solution(case, contact=house.contact, **{**facts, "how": " "})
    verify_solution(case, contact=house.contact, **facts)
    with refused(saying="nothing to verify"):
        verify_solution(case, contact=house.contact, **{**facts, "seen": case.version})


def test_a_reopened_case_is_counted_and_begins_anew(house: House) -> None:
    case = closed(house, make_case(house))
    house.later(days=9)
    reopen_case(
        case,
        reason="Vuelve a gotear",
        contact=house.contact,
        seen=case.version,
        by=house.actor("logistics"),
        now=house.at,
    )
    assert (case.stage, case.closed_at, case.reopened_count) == ("investigating", None, 1)
    assert case.verified_at is None and case.outcome == ""
    again = case.clock_runs.get(clock="response", run=2)
    assert (again.started_at, again.stopped_at) == (house.at, None)
    strand = case.work_item.step_runs.get(state="running")
    assert strand.holder == case.owner and strand.started_at == house.at
    assert LedgerEvent.objects.get(kind="case.reopened").facts["count"] == 1
    with refused(saying="nothing to reopen"):
        reopen_case(case, reason="Otra", seen=case.version, by=house.actor("sales"), now=house.at)
    closed(house, case)
    assert case.reopened_count == 1


def test_who_reopens_the_case_of_somebody_who_left_leads_it(house: House) -> None:
    case = closed(house, make_case(house, owner="technical"))
    type(case.owner).objects.filter(pk=case.owner_id).update(is_active=False)
    case.refresh_from_db()
    reopen_case(case, reason="Vuelve", seen=case.version, by=house.actor("sales"), now=house.at)
    assert case.owner == house.person("sales")
    assert case.work_item.step_runs.get(state="running").holder == case.owner


def test_no_step_of_a_closed_case_is_taken_up_behind_its_back(house: House) -> None:
    case = investigated(house, make_case(house))
    strand = a_strand(house, case, "production", accept=True)
    finish_step(strand, seen=strand.version, by=house.actor("production"), now=house.at)
    closed(house, case)
    strand = StepRun.objects.get(pk=strand.pk)
    by = house.actor("production")
    with refused(saying="This case is closed"):
        reopen_step(strand, reason="No estaba", seen=strand.version, by=by, now=house.at)
    with refused(saying="This case is closed"):
        add_step(
            case.work_item,
            name="Otra cosa",
            area=house.area("sales"),
            delegation=house.company.zaragoza,
            target_minutes=60,
            by=house.actor("sales"),
            now=house.at,
        )


def test_the_others_of_a_failure_wait_for_the_areas_of_the_one_that_carries_it(house: House) -> None:
    main = investigated(house, make_case(house))
    strand = a_strand(house, main, "production")
    other = make_case(house)
    join_failure(other, main=main, seen=other.version, by=house.actor("sales"), now=house.at)
    verified(house, other)
    with refused(saying="Producción", kind=StillAtWork):
        close(house, other)
    take_on(house, strand, "production")
    finish_step(strand, seen=strand.version, by=house.actor("production"), now=house.at + timedelta(hours=1))
    close(house, other)
    assert other.stage == "closed" and main.is_open
