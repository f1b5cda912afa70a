from datetime import date, timedelta

import pytest

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.ledger.record import Ref
from hilo.parties.commands.absences import cancel_absence, plan_absence
from hilo.parties.commands.company import change_policy
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.notices import notify
from hilo.parties.models import Absence, Notice, Person
from hilo.parties.queries.people import is_absent, substitute_of
from tests.factories.parties import NOW, Company, a_company, a_person, acting
from tests.parties.watching import at_once, refused

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2026, 11, 30), date(2026, 12, 4)
THREAD = Ref("thread", 1)


def away(company: Company, who: str = "sales", substitute: str = "technical", **days: date) -> Absence:
    person = company.people[who]
    return plan_absence(
        person,
        substitute=company.people[substitute],
        first_day=days.get("first_day", MONDAY),
        last_day=days.get("last_day", FRIDAY),
        by=acting(person),
        now=NOW,
    )


def test_while_away_the_substitute_covers_and_not_a_day_longer(company: Company) -> None:
    away(company)
    seller, technician = company.people["sales"], company.people["technical"]
    covered = [substitute_of(seller, MONDAY + timedelta(days=day)) for day in (-1, 0, 4, 5)]
    assert covered == [None, technician, technician, None]
    during, after = NOW + timedelta(days=7), NOW + timedelta(days=12)
    assert acting(technician, during).acts_for(seller.pk)
    assert not acting(technician, after).acts_for(seller.pk)


def test_the_absence_is_on_the_history_of_both(company: Company) -> None:
    absence = away(company)
    event = LedgerEvent.objects.get(kind="absence.planned")
    related = {(each.qualifier, each.object_id) for each in event.related.all()}
    assert related == {("absent", absence.person_id), ("substitute", absence.substitute_id)}
    assert event.facts["first_day"] == "2026-11-30"


def test_nobody_stands_in_for_themselves(company: Company) -> None:
    with refused(field="substitute", saying="themselves"):
        away(company, substitute="sales")


def test_who_has_left_stands_in_for_nobody(company: Company) -> None:
    leave_company(company.people["technical"], by=acting(company.administrator), now=NOW)
    with refused(field="substitute", saying="no longer works"):
        away(company)


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [(FRIDAY, MONDAY), (NOW.date() - timedelta(days=9), NOW.date() - timedelta(days=1))],
)
def test_days_in_order_and_to_come(company: Company, first_day: date, last_day: date) -> None:
    with refused(field="last_day"):
        away(company, first_day=first_day, last_day=last_day)


def test_two_absences_of_one_person_do_not_overlap(company: Company) -> None:
    away(company)
    with refused(field="first_day", saying="away already"):
        away(company, substitute="logistics", first_day=FRIDAY, last_day=FRIDAY + timedelta(days=3))
    away(company, first_day=FRIDAY + timedelta(days=1), last_day=FRIDAY + timedelta(days=1))


def test_the_substitute_is_here_in_those_days(company: Company) -> None:
    away(company, who="technical", substitute="logistics", first_day=FRIDAY, last_day=FRIDAY)
    with refused(field="substitute", saying="away too"):
        away(company)


def test_who_stands_in_for_somebody_does_not_go_away_meanwhile(company: Company) -> None:
    away(company)
    with refused(field="first_day", saying="stands in for"):
        away(company, who="technical", substitute="logistics", first_day=FRIDAY, last_day=FRIDAY)


def test_a_cancelled_absence_frees_the_days_and_is_cancelled_once(company: Company) -> None:
    absence = away(company)
    cancel_absence(absence, by=acting(company.people["sales"]), now=NOW)
    assert not is_absent(company.people["sales"], MONDAY)
    with refused(saying="already"):
        cancel_absence(absence, by=acting(company.people["sales"]), now=NOW)
    away(company, substitute="logistics")


def test_an_absence_that_is_over_stays_in_the_records(company: Company) -> None:
    absence = away(company)
    with refused(saying="over"):
        cancel_absence(absence, by=acting(company.people["sales"]), now=NOW + timedelta(days=30))


def test_a_head_plans_the_absence_of_their_delegation_and_a_colleague_of_nobody_else(
    company: Company,
) -> None:
    in_sevilla = a_person(area=company.areas["sales"], delegation=company.sevilla)
    facts = {"substitute": company.people["technical"], "first_day": MONDAY, "last_day": FRIDAY, "now": NOW}
    with refused(kind=NotAllowed, saying="role"):
        plan_absence(company.people["admin"], by=acting(company.people["sales"]), **facts)
    with refused(kind=NotAllowed, saying="another delegation"):
        plan_absence(in_sevilla, by=acting(company.heads["sales"]), **facts)
    plan_absence(company.people["admin"], by=acting(company.heads["sales"]), **facts)


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_absences_planned_at_once_one_is_refused() -> None:
    company = a_company()
    results = at_once(lambda: away(company), lambda: away(company, substitute="logistics"))
    assert sorted(type(each).__name__ for each in results) == ["Absence", "RuleViolation"], results


@pytest.mark.django_db(transaction=True)
def test_two_cannot_count_on_each_other_in_the_same_days() -> None:
    company = a_company()
    results = at_once(lambda: away(company), lambda: away(company, who="technical", substitute="sales"))
    assert sorted(type(each).__name__ for each in results) == ["Absence", "RuleViolation"], results


def tell(person: Person, key: str, *, interrupts: bool = True, hours: float = 0) -> list[Notice]:
    return notify(
        person,
        key=key,
        kind="handoff.offered",
        thread_id=1,
        subject=THREAD,
        interrupts=interrupts,
        now=NOW + timedelta(hours=hours),
    )


def test_a_notice_is_told_once(company: Company) -> None:
    seller = company.people["sales"]
    assert len(tell(seller, "offer:1")) == 1
    assert tell(seller, "offer:1") == []
    assert seller.notices.count() == 1


def test_at_most_three_interrupt_in_a_day_and_the_rest_waits(company: Company) -> None:
    seller = company.people["sales"]
    interrupted = [tell(seller, f"offer:{number}")[0].interrupts for number in range(5)]
    assert interrupted == [True, True, True, False, False]
    assert tell(seller, "quiet", interrupts=False)[0].interrupts is False
    past_midnight_in_madrid = 14.5  # 23:30 UTC
    assert tell(seller, "tomorrow", hours=past_midnight_in_madrid)[0].interrupts is True


def test_the_company_may_allow_fewer_interruptions(company: Company) -> None:
    change_policy(interruptions_per_day=1, by=acting(company.administrator), now=NOW)
    seller = company.people["sales"]
    assert [tell(seller, key)[0].interrupts for key in "ab"] == [True, False]


def test_the_substitute_is_told_as_well(company: Company) -> None:
    away(company, first_day=NOW.date())
    told = tell(company.people["sales"], "offer:1")
    assert {notice.person.pk for notice in told} == {
        company.people["sales"].pk,
        company.people["technical"].pk,
    }


def test_who_has_left_is_told_nothing(company: Company) -> None:
    seller = company.people["sales"]
    leave_company(seller, by=acting(company.administrator), now=NOW)
    assert tell(seller, "offer:1") == []


@pytest.mark.django_db(transaction=True)
def test_five_at_once_still_interrupt_three_times() -> None:
    company = a_company()
    seller = company.people["sales"]
    results = at_once(*[lambda key=f"offer:{number}": tell(seller, key) for number in range(5)])
    assert not [each for each in results if isinstance(each, Exception | RuleViolation)], results
    assert seller.notices.filter(interrupts=True).count() == 3
