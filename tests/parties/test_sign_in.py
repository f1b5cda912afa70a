from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.commands.company import change_policy
from hilo.parties.commands.people import change_person
from hilo.parties.commands.sign_in import accept_invitation, change_password, invite_person
from hilo.parties.models import Invitation, Person
from hilo.parties.queries.invitations import open_invitation
from tests.factories.parties import NOW, Company, a_company, acting
from tests.parties.watching import at_once, refused

pytestmark = pytest.mark.django_db
PASSWORD = "cabo-suelto-y-nudo"


def invited(company: Company) -> tuple[Person, str]:
    person = company.people["sales"]
    return person, invite_person(person, by=acting(company.administrator), now=NOW)


def test_an_invitation_lets_the_person_choose_their_password(company: Company) -> None:
    person, token = invited(company)
    assert open_invitation(token, now=NOW).person == person
    assert accept_invitation(token, password=PASSWORD, now=NOW) == person
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    joined = LedgerEvent.objects.get(kind="person.joined")
    assert (joined.author_kind, joined.author_id) == ("person", person.pk)


def test_the_database_keeps_no_token_that_would_let_its_reader_in(company: Company) -> None:
    _person, token = invited(company)
    row = Invitation.objects.get()
    assert token not in str(vars(row))
    with refused(saying="not valid"):
        accept_invitation(row.token_digest, password=PASSWORD, now=NOW)


def test_an_invitation_is_used_once(company: Company) -> None:
    _person, token = invited(company)
    accept_invitation(token, password=PASSWORD, now=NOW)
    with refused(saying="used already"):
        accept_invitation(token, password="otra-clave-distinta", now=NOW)


def test_an_invitation_expires_when_the_policy_says(company: Company) -> None:
    change_policy(invitation_hours=2, by=acting(company.administrator), now=NOW)
    _person, token = invited(company)
    with refused(saying="expired"):
        accept_invitation(token, password=PASSWORD, now=NOW + timedelta(hours=2))
    accept_invitation(token, password=PASSWORD, now=NOW + timedelta(hours=2, seconds=-1))


def test_a_newer_invitation_withdraws_the_older(company: Company) -> None:
    person, old = invited(company)
    new = invite_person(person, by=acting(company.administrator), now=NOW)
    with refused(saying="withdrawn"):
        accept_invitation(old, password=PASSWORD, now=NOW)
    accept_invitation(new, password=PASSWORD, now=NOW)


def test_a_new_address_withdraws_what_was_sent_to_the_old_one(company: Company) -> None:
    person, token = invited(company)
    change_person(person, email="nueva@envasa.example", by=acting(company.administrator), now=NOW)
    with refused(saying="withdrawn"):
        accept_invitation(token, password=PASSWORD, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "á" * 500, "\ud800", "0" * 100_000])
def test_what_was_never_a_token_is_refused_alike(company: Company, token: str) -> None:
    invited(company)
    with refused(saying="not valid"):
        accept_invitation(token, password=PASSWORD, now=NOW)


@pytest.mark.parametrize("password", ["", "corta", "1234567890", "password123", "nul\0en-medio-de-todo"])
def test_a_weak_password_is_refused_and_the_invitation_stays_open(company: Company, password: str) -> None:
    _person, token = invited(company)
    with refused(field="password"):
        accept_invitation(token, password=password, now=NOW)
    accept_invitation(token, password=PASSWORD, now=NOW)


def test_an_area_head_invites_nobody(company: Company) -> None:
    with refused(kind=NotAllowed, saying="role"):
        invite_person(company.people["sales"], by=acting(company.heads["sales"]), now=NOW)


@pytest.fixture
def seller(company: Company) -> Person:
    person, token = invited(company)
    accept_invitation(token, password=PASSWORD, now=NOW)
    person.refresh_from_db()
    return person


def test_changing_the_password_ends_the_other_sessions(company: Company, seller: Person) -> None:
    other_browser = Client()
    other_browser.force_login(seller)
    key = other_browser.session.session_key
    change_password(seller, old=PASSWORD, new="otro-cabo-suelto", by=acting(seller), now=NOW)
    assert not SessionStore(key).exists(key)
    assert seller.check_password("otro-cabo-suelto")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not-the-password", "otro-cabo-suelto", "old"),
        (PASSWORD, PASSWORD, "new"),
        (PASSWORD, "12345", "new"),
    ],
)
def test_a_password_is_changed_by_who_knows_it_to_a_better_one(
    seller: Person, old: str, new: str, field: str
) -> None:
    with refused(field=field):
        change_password(seller, old=old, new=new, by=acting(seller), now=NOW)


def test_nobody_changes_the_password_of_another(company: Company, seller: Person) -> None:
    with refused(kind=NotAllowed, saying="Only they"):
        change_password(
            seller, old=PASSWORD, new="otro-cabo-suelto", by=acting(company.administrator), now=NOW
        )


def test_a_second_invitation_gives_a_forgotten_password_back_and_ends_sessions(
    company: Company, seller: Person
) -> None:
    browser = Client()
    browser.force_login(seller)
    token = invite_person(seller, by=acting(company.administrator), now=NOW)
    accept_invitation(token, password="recuperada-por-fin", now=NOW)
    assert not SessionStore(browser.session.session_key).exists(browser.session.session_key)
    assert LedgerEvent.objects.latest("id").kind == "person.password_changed"


def test_who_was_only_added_cannot_sign_in(company: Company) -> None:
    person = company.people["technical"]
    assert not person.has_usable_password()
    assert authenticate(None, email=person.email, password="") is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_one_invitation_at_once_one_gets_in() -> None:
    company = a_company()
    _person, token = invited(company)
    results = at_once(
        lambda: accept_invitation(token, password=PASSWORD, now=NOW),
        lambda: accept_invitation(token, password="la-otra-clave-larga", now=NOW),
    )
    winners = [each for each in results if isinstance(each, Person)]
    losers = [each for each in results if isinstance(each, RuleViolation)]
    assert (len(winners), len(losers)) == (1, 1), results
    assert "used already" in str(losers[0])
    assert LedgerEvent.objects.filter(kind="person.joined").count() == 1
