"""The second step: set up with a real app's codes, asked for at the door, switched off with the password."""

from __future__ import annotations

import re

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from hilo.parties.commands.sign_in import invite_person
from hilo.parties.models import Person
from tests.factories.parties import NOW, Company, a_company, acting
from tests.web.accounts.test_signing_in import PASSWORD, is_in, joined, sign_in
from tests.web.clock import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SETUP = "/mi-cuenta/segundo-factor/activar/"


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, person.email)
    return client


def key_on(page: str) -> str:
    found = re.search(r'<code class="h-key">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


def set_up(person: Person, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    client = signed_in(person)
    app = pyotp.TOTP(key_on(client.get(SETUP).content.decode()))
    page = client.post(SETUP, {"code": app.at(clock_now(clock)), "password": PASSWORD})
    codes = re.findall(r"<li><code>([0-9 ]+)</code>", page.content.decode())
    assert page.status_code == 200 and len(codes) == 10
    return app, codes


def clock_now(clock: Clock) -> int:
    import time

    return int(time.time())


def test_the_code_of_the_app_is_asked_for_after_the_password(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    app, _codes = set_up(person, clock)
    client = Client()
    assert sign_in(client, person.email)["Location"] == "/entrar/codigo/"
    assert not is_in(client)
    assert client.post("/entrar/codigo/", {"code": "000000"}).status_code == 422
    assert client.post("/entrar/codigo/", {}).status_code == 422
    assert not is_in(client)
    assert client.post("/entrar/codigo/", {"code": app.at(clock_now(clock))}).status_code == 302
    assert is_in(client)


def test_a_code_lets_in_once(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    app, _codes = set_up(person, clock)
    code = app.at(clock_now(clock))
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, person.email)
        client.post("/entrar/codigo/", {"code": code})
    assert is_in(first) and not is_in(second)


def test_a_recovery_code_lets_in_once(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    _app, codes = set_up(person, clock)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, person.email)
        client.post("/entrar/codigo/", {"code": codes[0]})
    assert is_in(first) and not is_in(second)
    assert "Quedan 9" in first.get("/mi-cuenta/segundo-factor/").content.decode()


def test_wrong_codes_are_not_tried_for_ever(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    app, _codes = set_up(person, clock)
    client = Client()
    sign_in(client, person.email)
    for number in range(5):
        client.post("/entrar/codigo/", {"code": f"{number:06}"})
    answer = client.post("/entrar/codigo/", {"code": app.at(clock_now(clock))})
    assert "Demasiados intentos" in answer.content.decode() and not is_in(client)


def test_the_database_holds_no_secret_in_the_clear(company: Company, clock: Clock) -> None:
    app, codes = set_up(joined(company.people["sales"]), clock)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in kept and codes[0].replace(" ", "") not in kept


@pytest.mark.parametrize(
    ("code", "password"), [("right", "no-es-esta-clave"), ("000000", PASSWORD), ("", "")]
)
def test_setting_up_needs_the_right_code_and_the_password(
    company: Company, clock: Clock, code: str, password: str
) -> None:
    client = signed_in(joined(company.people["sales"]))
    app = pyotp.TOTP(key_on(client.get(SETUP).content.decode()))
    typed = app.at(clock_now(clock)) if code == "right" else code
    page = client.post(SETUP, {"code": typed, "password": password})
    assert page.status_code == 422
    assert key_on(page.content.decode()) == app.secret  # the app need not be set up again
    assert not Authenticator.objects.exists()


def test_switching_off_needs_the_password(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    app, _codes = set_up(person, clock)
    client = Client()
    sign_in(client, person.email)
    client.post("/entrar/codigo/", {"code": app.at(clock_now(clock))})
    off = "/mi-cuenta/segundo-factor/desactivar/"
    assert client.get(off).status_code == 405
    assert client.post(off, {"password": "no-es-esta-clave"}).status_code == 422
    assert Authenticator.objects.count() == 2
    assert client.post(off, {"password": PASSWORD}).status_code == 302
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), person.email)["Location"] == "/"


def test_new_recovery_codes_end_the_old_ones(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    app, old = set_up(person, clock)
    client = Client()
    sign_in(client, person.email)
    client.post("/entrar/codigo/", {"code": app.at(clock_now(clock))})
    page = client.post("/mi-cuenta/segundo-factor/codigos/", {"password": PASSWORD})
    new = re.findall(r"<li><code>([0-9 ]+)</code>", page.content.decode())
    assert len(new) == 10 and not set(new) & set(old)
    late = Client()
    sign_in(late, person.email)
    late.post("/entrar/codigo/", {"code": old[0]})
    assert not is_in(late)


def test_a_new_password_by_link_does_not_go_round_the_second_step(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    set_up(person, clock)
    token = invite_person(person, by=acting(company.administrator), now=NOW)
    client = Client()
    new = {"password": "otro-nudo-marinero", "again": "otro-nudo-marinero"}
    assert client.post(f"/invitacion/{token}/", new)["Location"] == "/entrar/codigo/"
    assert not is_in(client)


def test_an_administrator_switches_it_off_for_who_lost_everything(company: Company, clock: Clock) -> None:
    person = joined(company.people["sales"])
    set_up(person, clock)
    url = f"/personas/{person.pk}/segundo-factor/"
    for other in (company.people["technical"], company.heads["sales"], person):
        client = Client()
        client.force_login(other)
        assert client.post(url).status_code == 403
    assert Authenticator.objects.count() == 2
    client.force_login(company.administrator)
    assert client.post(url).status_code == 302
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), person.email)["Location"] == "/"
