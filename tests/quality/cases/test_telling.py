"""What the customer hears about a case, always with the date on which they hear next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Notice
from hilo.quality.commands.cases import assess_case, begin_investigation
from hilo.quality.commands.telling import (
    acknowledge_case,
    respond_case,
    suggested_text,
    tell_about_case,
    tell_decision,
)
from hilo.quality.models import Case, CaseUpdate, ClockRun
from hilo.work.models import Update
from hilo.work.news import NotAWorkingMoment
from tests.factories.parties import a_contact, a_customer, a_person, acting
from tests.factories.quality import (
    ANSWER,
    a_strand,
    acknowledged,
    assessed,
    investigated,
    leader,
    make_case,
    make_near_miss,
    responded,
    told,
)
from tests.factories.work import House
from tests.work.watching import refused

TUESDAY_NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # 12:00 in Madrid, in the morning shift


def clock(case: Case, name: str) -> ClockRun:
    return case.clock_runs.get(clock=name)


def news(house: House, case: Case, **facts: Any) -> dict[str, Any]:
    given = {"text": "Seguimos en ello", "tone": "still", "next_news_at": TUESDAY_NOON}
    return {**told(house, case), **given, **facts}


def test_the_receipt_is_acknowledged_with_a_date_and_the_clock_stops_where_it_was(house: House) -> None:
    case = make_case(house)
    house.later(minutes=30)
    update = acknowledge_case(case, text="Lo tenemos", **told(house, case))
    assert case.stage == "acknowledged"
    assert (update.of_case.tone, update.said_by) == ("receipt", case.owner)
    receipt = clock(case, "acknowledge")
    assert (receipt.stopped_at, receipt.used_minutes, receipt.was_late) == (house.at, 30, False)
    assert clock(case, "response").stopped_at is None
    case.thread.refresh_from_db()
    assert case.thread.next_news_at == update.next_news_at > house.at
    assert case.stages.get(stage="acknowledged").author == case.owner
    with refused(saying="knows already"):
        acknowledge_case(case, text="Otra vez", **told(house, case))


def test_whoever_works_there_may_tell_and_the_leader_and_those_who_wait_read_it(house: House) -> None:
    case = make_case(house)
    a_strand(house, case, "production", accept=True)
    tell_about_case(case, **news(house, case, by=house.actor("logistics")))
    readers = set(Notice.objects.filter(kind="case_update").values_list("person", flat=True))
    assert readers == {case.owner_id, house.person("production").pk}
    assert not Notice.objects.filter(kind="case_update", interrupts=True).exists()


def test_the_first_message_acknowledges_too(house: House) -> None:
    case = make_case(house)
    tell_about_case(case, **news(house, case))
    assert case.stage == "acknowledged" and clock(case, "acknowledge").stopped_at == house.at
    assert set(LedgerEvent.objects.values_list("kind", flat=True)) >= {"case.told", "case.acknowledged"}


def test_yesterdays_call_counts_from_yesterday(house: House) -> None:
    case = make_case(house, received_at=house.at - timedelta(days=4))
    friday = house.at - timedelta(days=3)
    tell_about_case(case, **news(house, case, said_at=friday))
    assert case.stages.get(stage="acknowledged").reached_at == friday
    assert clock(case, "acknowledge").stopped_at == friday
    assert LedgerEvent.objects.get(kind="case.told").occurred_at == friday


def test_without_a_date_for_the_next_news_nothing_is_said(house: House) -> None:
    case = acknowledged(house, make_case(house))
    facts = news(house, case, next_news_at=None)
    with refused(saying="when they will hear from us next", field="next_news_at"):
        tell_about_case(case, **facts)


@pytest.mark.parametrize(
    ("when", "saying", "instead"),
    [
        # The morning: it is 10:00 in Madrid and the house is open.
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "has passed", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        # Saturday, and a weekday at 20:00 and at 15:00, between the two shifts.
        (datetime(2026, 11, 28, 10, tzinfo=UTC), "Nobody works", datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (datetime(2026, 11, 24, 19, tzinfo=UTC), "Nobody works", datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (datetime(2026, 11, 24, 14, tzinfo=UTC), "Nobody works", datetime(2026, 11, 24, 15, tzinfo=UTC)),
    ],
)
def test_a_date_on_which_nobody_works_names_the_next_working_moment(
    house: House, when: datetime, saying: str, instead: datetime
) -> None:
    case = acknowledged(house, make_case(house))
    facts = news(house, case, next_news_at=when)
    with refused(saying=saying, field="next_news_at", kind=NotAWorkingMoment) as _nothing:
        try:
            tell_about_case(case, **facts)
        except NotAWorkingMoment as refusal:
            assert refusal.next_moment == instead
            raise


def test_the_end_of_a_shift_is_a_working_moment(house: House) -> None:
    case = acknowledged(house, make_case(house))
    two = datetime(2026, 11, 24, 13, tzinfo=UTC)  # "before 14:00"
    tell_about_case(case, **news(house, case, next_news_at=two))
    case.thread.refresh_from_db()
    assert case.thread.next_news_at == two


def test_a_stale_page_and_a_stranger_say_nothing(house: House) -> None:
    case = acknowledged(house, make_case(house))
    facts = news(house, case)
    with refused(kind=Stale):
        tell_about_case(case, **{**facts, "seen": case.version - 1})
    stranger = a_person(area=house.area("sales"), delegation=house.company.sevilla)
    with refused(saying="another delegation", kind=NotAllowed):
        tell_about_case(case, **{**facts, "by": acting(stranger, house.at)})
    other = a_customer(delegation=house.company.zaragoza, keeper=house.person("sales"))
    theirs = a_contact(other)
    with refused(saying="does not work at this customer", field="contacts"):
        tell_about_case(case, **{**facts, "contacts": [theirs]})
    with refused(field="tone"):
        tell_about_case(case, **{**facts, "tone": "answer"})


def test_what_nobody_outside_knows_is_told_to_nobody(house: House) -> None:
    case = make_near_miss(house)
    facts = {**told(house, make_case(house, case.thread)), "seen": case.version}
    with refused(saying="Nobody outside knows"):
        acknowledge_case(case, text="Lo tenemos", **facts)
    with refused(saying="Nobody outside knows"):
        respond_case(case, solution="Hecho", text="Hecho", **facts)


def test_the_customer_comes_before_the_assessment(house: House) -> None:
    case = make_case(house)
    facts = {"impact": "low", "urgency": "low", "seen": case.version, "by": leader(house, case)}
    with refused(saying="Tell the customer first"):
        assess_case(case, now=house.at, **facts)
    with refused(saying="Assess the case first"):
        begin_investigation(case, seen=case.version, by=leader(house, case), now=house.at)
    assessed(house, case)
    with refused(saying="assessed already"):
        assess_case(case, now=house.at, **{**facts, "seen": case.version})


def test_the_answer_stops_the_clock_and_what_is_left_follows_the_news(house: House) -> None:
    case = investigated(house, make_case(house))
    house.later(days=7)  # the response was due this morning at 10:00
    update = respond_case(case, solution=ANSWER, text=ANSWER, **told(house, case))
    assert (case.stage, case.solution) == ("responded", ANSWER)
    answer = clock(case, "response")
    assert (answer.stopped_at, answer.was_late) == (house.at, False)
    strand = case.work_item.step_runs.get()
    assert strand.due_at == update.next_news_at
    with refused(saying="answered already"):
        respond_case(case, solution=ANSWER, text=ANSWER, **told(house, case))
    facts = {**told(house, case), "solution": " "}
    with refused(field="solution"):
        respond_case(case, text=ANSWER, **facts)


def test_who_does_not_lead_it_neither_answers_nor_decides(house: House) -> None:
    case = make_case(house)
    facts = {**told(house, case), "by": house.actor("logistics")}
    with refused(saying="leads this case", kind=NotAllowed):
        respond_case(case, solution=ANSWER, text=ANSWER, **facts)
    responded(house, case)
    facts = {**told(house, case), "by": house.actor("logistics")}
    with refused(saying="leads this case", kind=NotAllowed):
        tell_decision(case, outcome="upheld", text="Sí", **facts)
    tell_decision(case, outcome="partly", text="Sí", **{**facts, "by": house.head("sales")})
    assert (case.stage, case.outcome) == ("decided", "partly")


def test_the_decision_comes_after_the_answer(house: House) -> None:
    case = acknowledged(house, make_case(house))
    with refused(saying="Answer the case first"):
        tell_decision(case, outcome="upheld", text="Sí", **told(house, case))
    responded(house, case)
    with refused(field="outcome"):
        tell_decision(case, outcome="maybe", text="Sí", **told(house, case))


def test_every_message_about_a_case_is_a_message_of_the_thread(house: House) -> None:
    case = acknowledged(house, make_case(house))
    assert Update.objects.get().thread == case.thread
    assert CaseUpdate.objects.get().case == case


@pytest.mark.parametrize("tone", CaseUpdate.Tone.values)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_text_to_begin_from_names_the_case_and_whom_to_call(house: House, tone: str, language: str) -> None:
    case = make_case(house)
    with translation.override("en"):
        text = suggested_text(case, tone, language)
    assert case.code in text and case.owner.name in text and case.owner.email in text
    assert house.contact.name in text and "%(" not in text


def test_the_customer_is_spoken_to_with_usted(house: House) -> None:
    case = make_case(house)
    text = suggested_text(case, "receipt", "es")
    assert "nos ha contado" in text and " tu " not in text and "!" not in text
