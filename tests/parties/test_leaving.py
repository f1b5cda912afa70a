from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties import holdings
from hilo.parties.actor import Actor
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.customers import add_customer
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.memberships import start_membership
from hilo.parties.commands.sign_in import accept_invitation, invite_person
from hilo.parties.holdings import Holding
from hilo.parties.models import Customer, Membership, Person
from hilo.parties.queries.people import hold_active
from tests.factories.parties import (
    NOW,
    Company,
    a_company,
    a_customer,
    a_manager,
    a_person,
    acting,
    give_authority,
)
from tests.parties.watching import at_once, refused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def leaves(company: Company, person: Person) -> Person:
    return leave_company(person, by=acting(company.administrator), now=NOW)


def test_sign_in_ends_at_once(company: Company) -> None:
    seller = company.people["sales"]
    token = invite_person(seller, by=acting(company.administrator), now=NOW)
    accept_invitation(token, password="cabo-suelto-y-nudo", now=NOW)
    seller.refresh_from_db()
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(seller)
    stranger = Client()
    stranger.force_login(company.director)
    leaves(company, seller)
    assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [
        str(company.director.pk)
    ]
    seller.refresh_from_db()
    assert (seller.is_active, seller.left_at, seller.has_usable_password()) == (False, NOW, False)
    assert not acting(seller).roles


def test_an_open_invitation_of_a_leaver_lets_nobody_in(company: Company) -> None:
    seller = company.people["sales"]
    token = invite_person(seller, by=acting(company.administrator), now=NOW)
    leaves(company, seller)
    with refused(saying="withdrawn"):
        accept_invitation(token, password="cabo-suelto-y-nudo", now=NOW)


def test_memberships_end_that_day_and_own_absences_are_cancelled(company: Company) -> None:
    seller = company.people["sales"]
    plan_absence(
        seller,
        substitute=company.people["technical"],
        first_day=TODAY,
        last_day=TODAY + timedelta(days=9),
        by=acting(seller),
        now=NOW,
    )
    leaves(company, seller)
    assert [each.ends_on for each in seller.memberships.all()] == [TODAY]
    assert seller.absences.get().cancelled_at == NOW


def test_the_caretaker_is_the_head_then_the_manager_then_a_director(company: Company) -> None:
    manager = a_manager(company, company.zaragoza)
    seller, head = company.people["sales"], company.heads["sales"]
    assert leaves(company, seller) == head
    assert leaves(company, head) == manager
    last = a_person(area=company.areas["sales"], delegation=company.zaragoza)
    leaves(company, manager)
    assert leaves(company, last) == company.director


def test_a_head_of_another_delegation_is_no_caretaker(company: Company) -> None:
    in_sevilla = a_person(area=company.areas["sales"], delegation=company.sevilla)
    assert leaves(company, in_sevilla) == company.director


def test_nobody_leaves_while_nobody_could_take_over(company: Company) -> None:
    lonely = a_person(area=company.areas["sales"], delegation=company.sevilla)
    give_authority(company.director, director=False)
    with refused(saying="Nobody could take over"):
        leaves(company, lonely)


def test_a_director_is_not_their_own_caretaker(company: Company) -> None:
    start_membership(
        company.director,
        area=company.areas["admin"],
        delegation=company.sevilla,
        primary=True,
        by=acting(company.administrator),
        now=NOW,
    )
    with refused(saying="Nobody could take over"):
        leaves(company, company.director)


def test_kept_customers_pass_to_the_caretaker_recorded_one_by_one(company: Company) -> None:
    seller, head = company.people["sales"], company.heads["sales"]
    kept = [a_customer(delegation=company.zaragoza, keeper=seller) for _each in range(3)]
    leaves(company, seller)
    assert set(Customer.objects.filter(keeper=head)) == set(kept)
    events = LedgerEvent.objects.filter(kind="customer.keeper_changed")
    assert {(event.customer_id, event.facts["new"]) for event in events} == {
        (customer.pk, head.pk) for customer in kept
    }
    left = LedgerEvent.objects.get(kind="person.left")
    assert left.facts["caretaker"] == head.pk
    assert ["customer", 3] in left.facts["counts"]


def test_every_package_passes_on_what_the_leaver_held(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed: list[tuple[Person, Person, bool]] = []

    def pass_on(leaver: Person, caretaker: Person, *, by: Actor, now: object) -> int:
        passed.append((leaver, caretaker, Person.objects.get(pk=leaver.pk).is_active))
        return 31

    monkeypatch.setitem(holdings.HOLDINGS, "kite", Holding("kite", lambda person: 31, pass_on))
    seller = company.people["sales"]
    leaves(company, seller)
    assert passed == [(seller, company.heads["sales"], False)]
    assert ["kite", 31] in LedgerEvent.objects.get(kind="person.left").facts["counts"]


def test_if_one_package_cannot_pass_on_nothing_has_happened(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*people: Person, by: Actor, now: object) -> int:
        raise RuleViolation("Not now.")

    monkeypatch.setitem(holdings.HOLDINGS, "kite", Holding("kite", lambda person: 1, fails))
    with refused(saying="Not now."):
        leaves(company, company.people["sales"])


def test_who_counted_on_the_leaver_as_substitute_gets_the_caretaker(company: Company) -> None:
    technician, seller, head = company.people["technical"], company.people["sales"], company.heads["sales"]
    facts = {"substitute": seller, "first_day": TODAY, "last_day": TODAY + timedelta(days=9), "now": NOW}
    theirs = plan_absence(technician, by=acting(technician), **facts)
    heads = plan_absence(head, by=acting(head), **facts)
    leaves(company, seller)
    theirs.refresh_from_db()
    heads.refresh_from_db()
    # The caretaker himself is away: the technician's own head stands in; for him, a director.
    assert theirs.substitute == company.heads["technical"]
    assert heads.substitute == company.director
    assert LedgerEvent.objects.filter(kind="absence.substitute_changed").count() == 2


def test_nobody_leaves_twice(company: Company) -> None:
    leaves(company, company.people["sales"])
    with refused(saying="left already"):
        leaves(company, company.people["sales"])


def test_a_head_cannot_send_anybody_away(company: Company) -> None:
    with refused(kind=NotAllowed, saying="role"):
        leave_company(company.people["sales"], by=acting(company.heads["sales"]), now=NOW)


def test_a_leaver_is_given_nothing_new(company: Company) -> None:
    seller = company.people["sales"]
    leaves(company, seller)
    with refused(field="keeper", saying="no longer works"):
        a_customer(delegation=company.zaragoza, keeper=seller)
    with refused(field="person", saying="no longer works"):
        start_membership(
            seller,
            area=company.areas["admin"],
            delegation=company.zaragoza,
            by=acting(company.administrator),
            now=NOW,
        )
    with refused(saying="no longer works"):
        invite_person(seller, by=acting(company.administrator), now=NOW)
    with refused(field="owner", saying="Gone."):
        hold_active(seller, refused="Gone.", field="owner")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_leaving_while_somebody_gives_them_a_customer_leaves_no_orphan(round_: int) -> None:
    company = a_company()
    seller = company.people["sales"]
    by = acting(company.administrator)
    giver = acting(company.heads["sales"])
    results = at_once(
        lambda: leave_company(seller, by=by, now=NOW),
        lambda: add_customer(
            name="Aceites Lora", delegation=company.zaragoza, keeper=seller, by=giver, now=NOW
        ),
    )
    assert isinstance(results[0], Person), results
    assert isinstance(results[1], Customer | RuleViolation), results
    assert not Customer.objects.filter(keeper__is_active=False).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_leaving_while_joining_another_area_leaves_no_open_membership(round_: int) -> None:
    company = a_company()
    seller = company.people["sales"]
    by = acting(company.administrator)
    results = at_once(
        lambda: leave_company(seller, by=by, now=NOW),
        lambda: start_membership(
            seller, area=company.areas["admin"], delegation=company.zaragoza, by=by, now=NOW
        ),
    )
    assert isinstance(results[0], Person), results
    assert not Membership.objects.filter(person=seller, ends_on__isnull=True).exists()
