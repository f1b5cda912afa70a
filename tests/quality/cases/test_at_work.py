"""Several areas on one case, each with its own holder and time; and who leads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hilo.businesstime import SpecialDay
from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.calendars import change_calendar
from hilo.parties.models import CalendarVersion, Notice, WorkCalendar
from hilo.quality.commands.cases import (
    add_strand,
    change_severity,
    contain_case,
    join_failure,
    take_over_case,
)
from hilo.quality.commands.telling import tell_about_case
from hilo.quality.models import Case
from hilo.work.models import Handoff, Span
from hilo.work.news import NotAWorkingMoment
from tests.factories.parties import NOW, SPLIT_SHIFT, a_manager, a_person, acting
from tests.factories.quality import a_strand, closed, leader, make_case, make_near_miss, take_on, told
from tests.factories.work import House, open_handoff
from tests.work.watching import refused


def a_strand_of(house: House, case: Case, **facts: Any) -> dict[str, Any]:
    return {
        "area": house.area("production"),
        "delegation": house.company.zaragoza,
        "name": "Hacer el cabezal",
        "target_minutes": 480,
        "by": leader(house, case),
        "now": house.at,
        **facts,
    }


def test_a_strand_is_offered_and_its_time_is_nobodys_until_it_is_accepted(house: House) -> None:
    case = make_case(house)
    strand = a_strand(house, case, "production")
    assert (strand.state, strand.holder) == ("offered", None)
    border = Span.objects.get(step_run=strand)
    assert (border.kind, border.from_area, border.area) == ("border", house.area("sales"), strand.area)
    house.later(hours=2)
    take_on(house, strand, "production")
    assert strand.holder == house.person("production")
    spans = Span.objects.filter(step_run=strand).order_by("pk")
    assert [(each.kind, each.ended_as) for each in spans] == [("border", "accepted"), ("work", "")]
    event = LedgerEvent.objects.get(kind="case.strand_added")
    assert event.facts["area"] == strand.area_id and event.subject_id == case.pk


def test_in_ones_own_area_it_goes_on_with_oneself(house: House) -> None:
    case = make_case(house)
    strand = a_strand(house, case, "sales")
    assert strand.holder == case.owner and not Handoff.objects.filter(step_run=strand).exists()


def test_an_area_at_work_may_ask_another_one(house: House) -> None:
    case = make_case(house)
    a_strand(house, case, "production", accept=True)
    logistics = house.area("logistics")
    strand = add_strand(case, **a_strand_of(house, case, area=logistics, by=house.actor("production")))
    assert open_handoff(strand).from_area == house.area("production")


def test_an_area_that_has_nothing_to_do_with_it_does_not(house: House) -> None:
    case = make_case(house)
    with refused(saying="who leads the case and the areas at work", kind=NotAllowed):
        add_strand(case, **a_strand_of(house, case, by=house.actor("admin")))


@pytest.mark.parametrize(
    ("facts", "field"), [({"name": " "}, "name"), ({"target_minutes": 0}, "target_minutes")]
)
def test_what_a_strand_needs_is_asked_beside_its_field(
    house: House, facts: dict[str, object], field: str
) -> None:
    case = make_case(house)
    with refused(field=field):
        add_strand(case, **a_strand_of(house, case, **facts))


def test_what_is_over_takes_no_strand(house: House) -> None:
    case = closed(house, make_near_miss(house))
    with refused(saying="is closed"):
        add_strand(case, **a_strand_of(house, case))


def test_the_areas_work_where_the_failure_is_carried(house: House) -> None:
    main, other = make_case(house), make_case(house)
    join_failure(other, main=main, seen=other.version, by=leader(house, other), now=house.at)
    with refused(saying=f"work on this failure in {main.code}"):
        add_strand(other, **a_strand_of(house, other))


def test_a_colleague_takes_it_over_with_what_was_being_done(house: House) -> None:
    case = make_case(house)
    old = case.owner
    colleague = a_person(area=house.area("sales"), delegation=house.company.zaragoza)
    take_over_case(case, seen=case.version, by=acting(colleague, house.at), now=house.at)
    assert case.owner == colleague
    assert case.work_item.step_runs.get().holder == colleague
    assert Notice.objects.get(kind="case_taken").person == old
    passed = LedgerEvent.objects.get(kind="case.taken_over").facts
    assert (passed["old_owner"], passed["new_owner"], passed["why"]) == (old.pk, colleague.pk, "colleague")
    with refused(saying="lead this case already"):
        take_over_case(case, seen=case.version, by=acting(colleague, house.at), now=house.at)


def test_a_manager_or_a_director_may_take_it_over_and_others_may_not(house: House) -> None:
    case = make_case(house)
    with refused(saying="Only people of Comercial", kind=NotAllowed):
        take_over_case(case, seen=case.version, by=house.actor("logistics"), now=house.at)
    elsewhere = a_person(area=house.area("sales"), delegation=house.company.sevilla)
    with refused(saying="another delegation", kind=NotAllowed):
        take_over_case(case, seen=case.version, by=acting(elsewhere, house.at), now=house.at)
    with refused(kind=Stale):
        take_over_case(case, seen=case.version + 1, by=house.head("sales"), now=house.at)
    manager = a_manager(house.company, house.company.zaragoza)
    take_over_case(case, seen=case.version, by=acting(manager, house.at), now=house.at)
    take_over_case(case, seen=case.version, by=house.actor("director"), now=house.at)
    assert case.owner == house.company.director
    assert case.area == house.area("sales"), "whose hours count does not change with who leads it"


def test_it_turned_out_worse(house: House) -> None:
    case = make_case(house, impact="low", urgency="low")
    news = case.thread.next_news_at
    facts = {"reason": "Paran dos líneas", "by": leader(house, case), "now": house.at}
    change_severity(case, impact="high", urgency="high", seen=case.version, **facts)
    assert case.severity == "high"
    case.thread.refresh_from_db()
    assert news is not None and case.thread.next_news_at is not None and case.thread.next_news_at < news
    with refused(saying="severity it has already"):
        change_severity(case, impact="high", urgency="high", seen=case.version, **facts)
    with refused(field="reason"):
        change_severity(case, impact="low", urgency="high", seen=case.version, **{**facts, "reason": ""})
    with refused(saying="leads this case", kind=NotAllowed):
        by = house.actor("logistics")
        change_severity(case, impact="low", urgency="low", seen=case.version, **{**facts, "by": by})


def test_anybody_at_work_says_what_protects_the_customer_meanwhile(house: House) -> None:
    case = make_case(house)
    by = house.actor("production")
    contain_case(case, text="Turno de apoyo los sábados", seen=case.version, by=by, now=house.at)
    assert case.containment == "Turno de apoyo los sábados"
    with refused(field="text"):
        contain_case(case, text="", seen=case.version, by=by, now=house.at)


def test_on_a_holiday_nobody_promises_news(house: House) -> None:
    """Of the thread's owner: the sixth of December is one, and falls into a long weekend."""
    case = make_case(house)
    tuesday = (NOW + timedelta(days=15)).date()  # 8 December 2026
    holiday = SpecialDay(tuesday, (), "Inmaculada", "official")
    rules = type(SPLIT_SHIFT)(SPLIT_SHIFT.zone, SPLIT_SHIFT.seasons, (holiday,))
    calendar = WorkCalendar.objects.get(pk=house.company.calendar.pk)
    change_calendar(calendar, rules=rules, by=system(), now=house.at)
    assert CalendarVersion.objects.filter(calendar=calendar).count() == 2
    facts = {**told(house, case), "text": "Seguimos", "tone": "still"}
    when = NOW + timedelta(days=15, hours=2)
    with refused(saying="Wednesday, December 9, 09:00", kind=NotAWorkingMoment, field="next_news_at"):
        tell_about_case(case, next_news_at=when, **facts)
