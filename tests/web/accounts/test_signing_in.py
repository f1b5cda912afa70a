"""Coming in with e-mail and password: who may, what is said to who may not, and when a session ends."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.people import change_person
from hilo.parties.commands.sign_in import accept_invitation, invite_person
from hilo.parties.models import Person
from tests.factories.parties import NOW, Company, a_company, acting
from tests.web.clock import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PASSWORD = "cabo-suelto-y-nudo"


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def joined(person: Person, password: str = PASSWORD) -> Person:
    token = invite_person(person, by=system(), now=NOW)
    return accept_invitation(token, password=password, now=NOW)


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/entrar/", {"login": email, "password": password, **more})


def said(answer) -> str:  # type: ignore[no-untyped-def]
    """The page without what differs by itself: the tokens, and what was typed."""
    page = answer.content.decode()
    page = re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", page)
    page = re.sub(r'X-CSRFToken": "[^"]*"', "", page)
    return re.sub(r'name="login" value="[^"]*"', "", page)


def is_in(client: Client) -> bool:
    return client.get("/personas/").status_code == 200


def test_a_person_comes_in_and_goes_out(company: Company, client: Client) -> None:
    person = joined(company.people["sales"])
    answer = sign_in(client, person.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    assert client.get("/salir/").status_code == 405 and is_in(client)
    assert client.post("/salir/")["Location"] == "/entrar/"
    assert not is_in(client)


def test_nothing_tells_an_address_that_exists_from_one_that_does_not(company: Company) -> None:
    person = joined(company.people["sales"])
    never_invited = company.people["technical"]
    pages = [
        said(sign_in(Client(), email, "no-es-esta-clave"))
        for email in (person.email, never_invited.email, "nadie@envasa.example")
    ]
    assert len(set(pages)) == 1
    assert "no se corresponden" in pages[0]


def test_who_forgot_the_password_gets_the_same_answer_at_every_address(
    company: Company, settings: object
) -> None:
    person = joined(company.people["sales"])
    addresses = (person.email, "nadie@envasa.example")
    pages = [said(Client().post("/contrasena-olvidada/", {"email": email})) for email in addresses]
    assert pages[0] == pages[1]
    assert "va de camino" in pages[0]


def test_after_five_wrong_passwords_even_the_right_one_waits(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    for _try in range(5):
        sign_in(Client(), person.email, "no-es-esta-clave")
    answer = sign_in(Client(), person.email)
    assert answer.status_code == 422 and "Demasiados intentos" in answer.content.decode()
    clock.shift(301)
    assert sign_in(Client(), person.email).status_code == 302


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "https:evil.example",
        "/\\evil.example",
    ],
)
def test_next_never_leads_out_of_the_house(company: Company, onward: str) -> None:
    person = joined(company.people["sales"])
    assert sign_in(Client(), person.email, next=onward)["Location"] == "/"
    assert Client().post("/idioma/", {"language": "en", "next": onward})["Location"] == "/"
    assert Client().post("/salir/", {"next": onward})["Location"] == "/entrar/"
    client = Client()
    client.force_login(person)
    assert client.post("/mi-cuenta/tema/", {"theme": "dark", "next": onward})["Location"] == "/"


def test_next_leads_back_to_our_own_page(company: Company) -> None:
    person = joined(company.people["sales"])
    assert sign_in(Client(), person.email, next="/areas/")["Location"] == "/areas/"
    assert Client().get("/areas/")["Location"] == "/entrar/?next=/areas/"


def test_a_leaver_is_out_at_once(company: Company) -> None:
    person = joined(company.people["sales"])
    client = Client()
    sign_in(client, person.email)
    assert is_in(client)
    leave_company(person, by=acting(company.administrator), now=NOW)
    assert not is_in(client)
    assert sign_in(Client(), person.email).status_code == 422


def test_who_is_no_longer_active_is_out_even_if_a_session_was_left_over(company: Company) -> None:
    person = joined(company.people["sales"])
    client = Client()
    sign_in(client, person.email)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert Session.objects.exists()
    assert not is_in(client)


def test_the_old_address_no_longer_signs_in(company: Company) -> None:
    person = joined(company.people["sales"])
    old = person.email
    sign_in(Client(), old)
    change_person(person, email="nueva@envasa.example", by=acting(company.administrator), now=NOW)
    assert sign_in(Client(), old).status_code == 422
    assert sign_in(Client(), "nueva@envasa.example").status_code == 302


def test_the_door_speaks_spanish_until_somebody_asks_for_english(company: Company) -> None:
    client = Client(headers={"Accept-Language": "en"})
    assert "Contraseña" in client.get("/entrar/").content.decode()
    client.post("/idioma/", {"language": "en", "next": "/entrar/"})
    assert "Keep me signed in" in client.get("/entrar/").content.decode()
    client.post("/idioma/", {"language": "xx", "next": "/entrar/"})
    assert "Keep me signed in" in client.get("/entrar/").content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "account_signup", "account_email", "account_change_password", "account_set_password", "mfa_index",
        "account_reset_password", "account_reauthenticate", "mfa_reauthenticate", "account_inactive",
    ],
)  # fmt: skip
def test_the_doors_that_nobody_needs_are_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_every_address_has_a_row_of_the_permission_table() -> None:
    from hilo.web.doing.routes import ROUTES

    names = {
        f"web:{name}"
        for name in get_resolver().namespace_dict["web"][1].reverse_dict
        if isinstance(name, str)
    }
    assert names <= set(ROUTES)
    assert {"account_login", "account_logout", "mfa_authenticate"} <= set(ROUTES)


def test_forms_of_the_door_need_their_token(company: Company) -> None:
    strict = Client(enforce_csrf_checks=True)
    before = LedgerEvent.objects.count()
    for url in ("/entrar/", "/salir/", "/idioma/", "/contrasena-olvidada/", "/empezar/"):
        assert strict.post(url, {}).status_code == 403, url
    assert LedgerEvent.objects.count() == before


def test_a_flood_is_answered_with_a_page_in_our_words(company: Company) -> None:
    client = Client()
    for number in range(30):
        client.post("/entrar/", {"login": f"x{number}"})
    answer = client.post("/entrar/", {"login": "x"})
    assert answer.status_code == 429 and "Espera un minuto" in answer.content.decode()
