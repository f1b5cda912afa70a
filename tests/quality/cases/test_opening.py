"""A case is received on its thread, or on one of its own; by whom it may be, with everything it begins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import NotAllowed
from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Notice
from hilo.quality.access import cases_visible_to
from hilo.quality.commands.cases import open_case
from hilo.quality.models import CaseStage, ClockRun
from hilo.work.commands.pausing import move_news, pause_thread
from hilo.work.commands.threads import make_confidential
from hilo.work.models import NewsMove, StepRun, Thread
from tests.factories.parties import a_contact, a_customer, a_person, acting
from tests.factories.quality import make_case, make_near_miss
from tests.factories.work import House, a_published_template, a_thread, open_handoff
from tests.work.watching import refused

COMPLAINT = """
code: reclamar
name: Reclamación
kind: complaint
steps:
  - {key: say, name: Acusar recibo, area: aftersales, target: 4h, weight: light}
  - {key: mend, name: Repararlo, area: production, target: 3d, after: [say]}
"""


def test_it_begins_with_its_clocks_its_strand_and_an_earlier_date_for_the_news(house: House) -> None:
    thread = a_thread(house)
    before = thread.next_news_at
    case = make_case(house, thread)
    assert case.code == "R-2026-0001"
    assert (case.stage, case.severity) == ("received", "high")
    assert (case.area, case.delegation) == (house.area("sales"), house.company.zaragoza)
    assert set(ClockRun.objects.values_list("clock", flat=True)) == {"acknowledge", "response"}
    strand = case.work_item.step_runs.get()
    assert (strand.state, strand.holder, strand.area) == ("running", case.owner, case.area)
    assert strand.due_at == house.at.replace(day=30, hour=9)  # five days of eight hours, at seven a day
    thread.refresh_from_db()
    assert before is not None and thread.next_news_at == house.at.replace(day=24) < before
    moved = NewsMove.objects.get()
    assert (moved.old, moved.new) == (before, thread.next_news_at) and moved.reason
    assert (thread.next_kind, thread.next_id) == ("acknowledge_case", case.pk)
    assert CaseStage.objects.get().stage == "received"
    kinds = set(LedgerEvent.objects.values_list("kind", flat=True))
    assert {"case.opened", "news.moved", "step.started"} <= kinds


def test_an_earlier_date_of_the_thread_stands(house: House) -> None:
    thread = a_thread(house)
    soon = house.at + timedelta(hours=2)
    move_news(thread, to=soon, reason="Lo pidió", seen=thread.version, by=house.actor("sales"), now=house.at)
    make_case(house, thread)
    thread.refresh_from_db()
    assert thread.next_news_at == soon and NewsMove.objects.count() == 1


def test_of_a_customer_without_a_thread_a_complaint_thread_carries_its_process(house: House) -> None:
    a_published_template(COMPLAINT)
    case = make_case(house, customer=house.customer)
    thread = case.thread
    assert (thread.kind, thread.owner, thread.title) == ("complaint", case.owner, case.title)
    assert not StepRun.objects.filter(work_item__kind="thread").exists()
    names = list(case.work_item.step_runs.values_list("name", "state"))
    assert names == [("Acusar recibo", "offered"), ("Repararlo", "planned")]
    assert open_handoff(case.work_item.step_runs.get(name="Acusar recibo")).to_area == house.area(
        "aftersales"
    )


def test_without_a_published_process_its_leader_begins_alone(house: House) -> None:
    case = make_case(house, customer=house.customer)
    assert case.work_item.step_runs.get().holder == case.owner


def test_a_near_miss_is_ours_alone(house: House) -> None:
    thread = a_thread(house)
    news = thread.next_news_at
    case = make_near_miss(house, thread, contact=house.contact, remedy="Nada")
    assert (case.customer_knows, case.found_by_us, case.contact, case.remedy) == (False, True, None, "")
    assert not ClockRun.objects.exists() and not NewsMove.objects.exists()
    thread.refresh_from_db()
    assert thread.next_news_at == news


def test_what_came_yesterday_counts_from_yesterday(house: House) -> None:
    friday = house.at - timedelta(days=3)
    case = make_case(house, received_at=friday)
    assert set(ClockRun.objects.values_list("started_at", flat=True)) == {friday}
    event = LedgerEvent.objects.get(kind="case.opened")
    assert (event.occurred_at, event.recorded_at) == (friday, house.at)
    assert case.stages.get().reached_at == friday
    with refused(saying="future", field="said_at"):
        make_case(house, case.thread, received_at=house.at + timedelta(hours=1))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "praise"}, "kind"),
        ({"impact": "huge"}, "impact"),
        ({"urgency": ""}, "urgency"),
        ({"contact": None}, "contact"),
    ],
)
def test_what_is_missing_is_asked_for_beside_its_field(
    house: House, facts: dict[str, object], field: str
) -> None:
    thread = a_thread(house)
    with refused(field=field):
        make_case(house, thread, **facts)


def test_neither_thread_nor_customer_is_too_little(house: House) -> None:
    facts = {"kind": "complaint", "title": "Gotea", "impact": "low", "urgency": "low"}
    with refused(saying="which customer", field="customer"):
        open_case(contact=house.contact, by=house.actor("sales"), now=house.at, **facts)  # type: ignore[arg-type]


def test_a_contact_of_another_customer_has_not_told_us(house: House) -> None:
    thread = a_thread(house)
    other = a_customer("Aceites Lora", delegation=house.company.zaragoza, keeper=house.person("sales"))
    theirs = a_contact(other)
    with refused(saying="does not work at this customer", field="contact"):
        make_case(house, thread, contact=theirs)


def test_another_delegation_reads_and_does_not_open(house: House) -> None:
    thread = a_thread(house)
    stranger = a_person(area=house.area("sales"), delegation=house.company.sevilla)
    with refused(saying="another delegation", kind=NotAllowed):
        make_case(house, thread, by=acting(stranger, house.at))
    with refused(saying="another delegation", kind=NotAllowed):
        make_case(house, customer=house.customer, by=acting(stranger, house.at))
    case = make_case(house, thread)
    assert case in cases_visible_to(acting(stranger, house.at))


def test_on_a_confidential_thread_there_is_no_case_for_the_others(house: House) -> None:
    case = make_case(house)
    thread = case.thread
    readers = [house.person("sales"), house.company.heads["sales"]]
    make_confidential(thread, readers=readers, seen=thread.version, by=house.head("sales"), now=house.at)
    assert case not in cases_visible_to(house.actor("logistics"))
    assert case in cases_visible_to(house.actor("sales"))
    with refused(saying="Only the people named", kind=NotAllowed):
        make_case(house, thread, by=house.actor("logistics"))
    with refused(saying="Choose one of them", field="owner"):
        make_case(house, thread, owner="logistics", by=house.actor("sales"))


def test_in_the_archive_nothing_begins_and_on_a_paused_thread_it_is_received(house: House) -> None:
    thread = a_thread(house)
    Thread.objects.filter(pk=thread.pk).update(state="archived", archived_at=house.at)
    with refused(saying="in the archive"):
        make_case(house, thread)
    paused = a_thread(house)
    until = house.at + timedelta(days=9)
    pause_thread(
        paused, reason="Agosto", until=until, seen=paused.version, by=house.actor("sales"), now=house.at
    )
    case = make_case(house, paused)
    assert case.is_open and case.thread.next_kind == "wake"


def test_who_is_given_a_case_is_told(house: House) -> None:
    case = make_case(house, owner="technical", by=house.actor("sales"))
    notice = Notice.objects.get(kind="case_given")
    assert (notice.person, notice.subject_type, notice.subject_id) == (case.owner, "case", case.pk)
    assert case.area == house.area("technical")


def test_who_has_left_leads_nothing(house: House) -> None:
    gone = a_person(area=house.area("sales"), delegation=house.company.zaragoza)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    thread = a_thread(house)
    with refused(saying="no longer works here", field="owner"):
        make_case(house, thread, owner=gone)
