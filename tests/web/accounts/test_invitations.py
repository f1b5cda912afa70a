"""The page behind an invitation, the forgotten password, and changing it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from hilo.channels.mail.sign_in_links import mail_forgotten_link, mail_invitation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.sign_in import accept_invitation, invite_person
from hilo.parties.models import Invitation, Person
from tests.factories.parties import NOW, Company, a_company, acting
from tests.parties.watching import everything
from tests.web.accounts.test_signing_in import PASSWORD, is_in, joined, sign_in
from tests.web.clock import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BOTH = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def invited(company: Company) -> tuple[Person, str]:
    person = company.people["sales"]
    token = invite_person(person, by=acting(company.administrator), now=NOW)
    return person, f"/invitacion/{token}/"


def test_the_link_lets_them_choose_a_password_and_brings_them_in(company: Company, client: Client) -> None:
    person, url = invited(company)
    page = client.get(url)
    assert page.status_code == 200 and person.email in page.content.decode()
    assert "no-cache" in page["Cache-Control"]
    assert client.post(url, BOTH)["Location"] == "/"
    assert is_in(client)
    assert sign_in(Client(), person.email).status_code == 302


def test_a_used_an_expired_a_withdrawn_and_a_mangled_link_each_say_so(company: Company, clock: Clock) -> None:
    _person, url = invited(company)
    mangled = Client().get("/invitacion/abc/")
    assert mangled.status_code == 410 and "Este enlace no vale" in mangled.content.decode()
    accept_invitation(url.split("/")[2], password=PASSWORD, now=NOW)
    assert "ya se usó" in refused_at(url)
    _person, second = invited(company)
    _person, third = invited(company)
    assert "se retiró" in refused_at(second)
    clock.shift(timedelta(hours=72))
    assert "ha caducado" in refused_at(third)


def refused_at(url: str) -> str:
    before = everything()
    answer = Client().post(url, BOTH)
    assert answer.status_code == 410
    after = everything()
    assert {**after, "sessions.Session": 0} == {**before, "sessions.Session": 0}
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": PASSWORD, "again": "otra-cosa-distinta"}, "No coinciden"),
        ({"password": "corta", "again": "corta"}, "corta"),
        ({"password": "", "again": ""}, "Escribe tu contraseña"),
        ({"password": "cabo\0suelto-y-nudo", "again": "cabo\0suelto-y-nudo"}, ""),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_open(
    company: Company, typed: dict[str, str], sentence: str
) -> None:
    person, url = invited(company)
    answer = Client().post(url, typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Invitation.objects.get().used_at is None
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert "corta" not in re.findall(r'value="([^"]*)"', answer.content.decode())


def test_the_link_of_somebody_else_puts_one_out_of_ones_own_session(company: Company) -> None:
    person, url = invited(company)
    client = Client()
    client.force_login(company.administrator)
    client.post(url, BOTH)
    assert person.name in client.get("/mi-cuenta/").content.decode()


def test_a_forgotten_password_is_mailed_a_link_that_no_table_holds(company: Company, settings) -> None:  # type: ignore[no-untyped-def]
    person = joined(company.people["sales"])
    Client().post("/contrasena-olvidada/", {"email": person.email.upper()})
    task = DBTaskResult.objects.get(task_path__endswith="mail_forgotten_link")
    assert task.args_kwargs["args"] == [person.email, "http://testserver/"]
    mail_forgotten_link(*task.args_kwargs["args"])
    [letter] = mail.outbox
    assert letter.to == [person.email] and "Hola" in letter.body
    link = re.search(r"http://testserver(/invitacion/\S+/)", letter.body)
    assert link is not None
    token = link[1].split("/")[2]
    assert token not in str(everything()) and token not in str(task.args_kwargs)
    Client().post(link[1], {"password": "otro-nudo-marinero", "again": "otro-nudo-marinero"})
    assert sign_in(Client(), person.email).status_code == 422
    assert sign_in(Client(), person.email, "otro-nudo-marinero").status_code == 302


def test_to_an_address_nobody_has_and_to_a_leaver_nothing_goes(company: Company) -> None:
    gone = company.people["sales"]
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    before = LedgerEvent.objects.count()
    mail_forgotten_link("nadie@envasa.example", "http://testserver/")
    mail_forgotten_link(gone.email, "http://testserver/")
    mail_invitation(gone.pk, company.administrator.pk, "http://testserver/")
    assert mail.outbox == [] and LedgerEvent.objects.count() == before


def test_where_no_mail_is_sent_the_page_says_whom_to_ask(company: Company, settings) -> None:  # type: ignore[no-untyped-def]
    settings.HILO_SENDS_MAIL = False
    person = joined(company.people["sales"])
    for answer in (
        Client().get("/contrasena-olvidada/"),
        Client().post("/contrasena-olvidada/", {"email": person.email}),
    ):
        assert "invitación nueva" in answer.content.decode()
    assert not DBTaskResult.objects.exists()


def test_changing_the_password_ends_every_other_session(company: Company) -> None:
    person = joined(company.people["sales"])
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, person.email)
    new = "otro-nudo-marinero"
    answer = here.post("/mi-cuenta/contrasena/", {"old": PASSWORD, "new": new, "again": new})
    assert answer["Location"] == "/mi-cuenta/"
    assert is_in(here) and not is_in(elsewhere)
    assert LedgerEvent.objects.filter(kind="person.password_changed").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"old": "no-es-esta-clave", "new": "otro-nudo-marinero", "again": "otro-nudo-marinero"},
            "contraseña",
        ),
        ({"old": PASSWORD, "new": "otro-nudo-marinero", "again": "otro"}, "No coinciden"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "Elige otra"),
        ({"old": PASSWORD, "new": "1234567890", "again": "1234567890"}, "contraseña"),
    ],
)
def test_a_refused_change_leaves_the_password_as_it_was(
    company: Company, typed: dict[str, str], sentence: str
) -> None:
    person = joined(company.people["sales"])
    client = Client()
    sign_in(client, person.email)
    answer = client.post("/mi-cuenta/contrasena/", typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert sign_in(Client(), person.email).status_code == 302
    assert is_in(client)


def test_at_an_unlocked_screen_nobody_guesses_on_and_on(company: Company) -> None:
    person = joined(company.people["sales"])
    client = Client()
    sign_in(client, person.email)
    guess = {"old": "no-es-esta-clave", "new": "otro-nudo-marinero", "again": "otro-nudo-marinero"}
    for _try in range(5):
        client.post("/mi-cuenta/contrasena/", guess)
    answer = client.post("/mi-cuenta/contrasena/", {**guess, "old": PASSWORD})
    assert "Demasiados intentos" in answer.content.decode()


def test_a_system_invitation_can_be_made_for_somebody_who_never_joined(company: Company) -> None:
    person = company.people["technical"]
    token = invite_person(person, by=system("mail"), now=NOW)
    assert Client().get(f"/invitacion/{token}/").status_code == 200
