"""Causes that the clock begins to look for: broken promises, graver cases, slow answers. Each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hilo.parties.actor import system
from hilo.quality.commands.cases import change_severity, join_failure
from hilo.quality.jobs.actions import run_cause_triggers
from hilo.quality.models import Analysis, Case, CaseLink, CasePolicy
from hilo.quality.triggers import triggered
from hilo.work.commands.promises import break_promise, make_promise
from hilo.work.models import Promise, Thread
from tests.factories.quality import acknowledged, leader, make_case, responded
from tests.factories.work import House, a_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def a_broken_promise(house: House, thread: Thread, text: str = "La llenadora montada") -> Promise:
    promise = make_promise(
        thread, text=text, contact=house.contact, where="call", said_at=house.at,
        due=house.at + timedelta(days=1), by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    house.later(days=2)
    break_promise(promise, by=system(), now=house.at)
    return promise


def analyses() -> list[tuple[str, str]]:
    return list(Analysis.objects.order_by("pk").values_list("trigger", "analysed__case__title"))


def test_a_broken_promise_opens_a_case_whose_cause_is_looked_for_once(house: House) -> None:
    thread = a_thread(house)
    promise = a_broken_promise(house, thread)
    for _ in range(3):
        run_cause_triggers(house.later(minutes=5))
    case = Case.objects.get()
    assert (case.kind, case.found_by_us, case.customer_knows, case.contact, case.owner) == (
        "incident", True, True, house.contact, thread.owner,
    )  # fmt: skip
    assert case.received_at == promise.broken_at and case.author is None
    assert analyses() == [("broken", "No cumplido: La llenadora montada")]
    assert CaseLink.objects.get(case=case).object_id == promise.pk


def test_it_joins_the_failure_that_is_open_on_the_thread(house: House) -> None:
    thread = a_thread(house)
    case = make_case(house, thread, impact="low", urgency="low")
    promise = a_broken_promise(house, thread)
    run_cause_triggers(house.at)
    assert Case.objects.count() == 1
    assert CaseLink.objects.get(case=case).object_id == promise.pk
    assert [trigger for trigger, _title in analyses()] == ["broken"]


def test_a_second_one_on_the_thread_joins_the_first(house: House) -> None:
    thread = a_thread(house)
    for text in ("La llenadora montada", "El manual"):
        a_broken_promise(house, thread, text)
        run_cause_triggers(house.at)
    assert Case.objects.count() == Analysis.objects.count() == 1
    assert CaseLink.objects.count() == 2


def test_a_company_may_begin_these_by_hand(house: House) -> None:
    CasePolicy.objects.update(case_on_broken_promise=False)
    a_broken_promise(house, a_thread(house))
    run_cause_triggers(house.at)
    assert not Case.objects.exists()


@pytest.mark.parametrize("what", ["old", "archived"])
def test_what_is_long_past_is_left_alone(house: House, what: str) -> None:
    thread = a_thread(house)
    a_broken_promise(house, thread)
    if what == "archived":
        Thread.objects.filter(pk=thread.pk).update(state="archived", archived_at=house.at)
    run_cause_triggers(house.later(days=8) if what == "old" else house.at)
    assert not Case.objects.exists()


def test_a_case_that_becomes_grave_is_noticed(house: House) -> None:
    case = acknowledged(house, make_case(house, impact="low", urgency="low"))
    run_cause_triggers(house.at)
    assert analyses() == []
    change_severity(
        case, impact="high", urgency="high", reason="Para la línea", seen=case.version,
        by=leader(house, case), now=house.at,
    )  # fmt: skip
    run_cause_triggers(house.at)
    run_cause_triggers(house.at)
    assert [trigger for trigger, _title in analyses()] == ["customer"]


@pytest.mark.parametrize(("days", "begins"), [(35, []), (60, ["slow"])])
def test_an_answer_that_took_so_many_times_its_target_is_noticed(
    house: House, days: int, begins: list[str]
) -> None:
    """A low case of a tier B customer has 15 working days; twice that is slow."""
    case = make_case(house, impact="low", urgency="low", found_by_us=True)
    house.later(days=days)
    responded(house, case)
    for _ in range(2):
        run_cause_triggers(house.later(minutes=5))
    assert [trigger for trigger, _title in analyses()] == begins


def test_the_policy_says_from_which_severity_being_second_is_a_reason(house: House) -> None:
    CasePolicy.objects.update(customer_first_severity="low")
    make_case(house, impact="low", urgency="low")
    assert [trigger for trigger, _title in analyses()] == ["customer"]


def test_one_failure_at_several_customers_has_one_analysis(house: House) -> None:
    main = make_case(house)
    other = make_case(house, a_thread(house), impact="low", urgency="low")
    facts: dict[str, Any] = {"by": house.actor("sales"), "now": house.at}
    join_failure(other, main=main, seen=other.version, **facts)
    other.refresh_from_db()
    triggered(other, "escalation", house.at)
    assert Analysis.objects.count() == 1
    assert set(Analysis.objects.get().analysed.values_list("case", flat=True)) == {main.pk, other.pk}
