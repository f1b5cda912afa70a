"""Where one is signed in: seen, ended here, elsewhere, by an administrator, by leaving, by a new password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hilo.errors import NotAllowed
from hilo.ledger.models import LedgerEvent
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.sessions import end_session, end_sessions_of, forget_idle_sessions
from hilo.parties.models import CompanyPolicy, OpenSession, Person
from tests.factories.parties import NOW, Company, a_company, acting
from tests.parties.watching import refused
from tests.web.accounts.test_signing_in import PASSWORD, is_in, joined, sign_in
from tests.web.clock import Clock, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/mi-cuenta/sesiones/"
OTHERS = "/mi-cuenta/sesiones/otras/cerrar/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18.1 Safari/604.1"


@pytest.fixture
def company(db: None) -> Company:
    return a_company()


def signed_in(person: Person, agent: str = FIREFOX, address: str = "83.45.12.7") -> Client:
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    sign_in(client, person.email)
    assert is_in(client)
    return client


def end_url(row: OpenSession) -> str:
    return f"{LIST}{row.pk}/cerrar/"


def test_each_device_stands_in_words_with_its_network_and_this_one_first(
    company: Company, clock: Clock
) -> None:
    person = joined(company.people["sales"])
    here = signed_in(person)
    at(NOW + timedelta(hours=1), clock)
    signed_in(person, IPHONE, "2001:db8:1:2::9")
    page = here.get(LIST).content.decode()
    assert page.index("Firefox en Windows") < page.index("Safari en iPhone")
    assert "83.45.12.0" in page and "2001:db8:1::" in page
    assert "83.45.12.7" not in str(list(OpenSession.objects.values()))
    assert "Estás dentro aquí y en otro dispositivo" in page


def test_one_is_ended_and_the_others_go_on(company: Company) -> None:
    person = joined(company.people["sales"])
    here, there = signed_in(person), signed_in(person, IPHONE)
    row = OpenSession.objects.get(system="iphone")
    assert here.post(end_url(row)).status_code == 302
    assert is_in(here) and not is_in(there)
    ended = LedgerEvent.objects.get(kind="person.sessions_ended")
    assert (ended.facts["which"], ended.facts["count"]) == ("one", 1)
    assert here.post(end_url(row)).status_code == 404


def test_ending_the_present_one_is_signing_out(company: Company) -> None:
    here = signed_in(joined(company.people["sales"]))
    assert here.post(end_url(OpenSession.objects.get()))["Location"] == "/entrar/"
    assert not is_in(here) and not OpenSession.objects.exists()


def test_all_others_end_at_once(company: Company) -> None:
    person, colleague = joined(company.people["sales"]), joined(company.people["technical"])
    here, *elsewhere = signed_in(person), signed_in(person), signed_in(person, IPHONE)
    colleagues = signed_in(colleague)
    assert here.post(OTHERS).status_code == 302
    assert is_in(here) and is_in(colleagues) and not any(map(is_in, elsewhere))
    here.post(OTHERS)
    assert LedgerEvent.objects.filter(kind="person.sessions_ended").count() == 1


def test_nobody_ends_or_sees_a_colleagues(company: Company) -> None:
    theirs = signed_in(joined(company.people["sales"]), IPHONE)
    other = signed_in(joined(company.people["technical"]))
    row = OpenSession.objects.get(system="iphone")
    assert other.post(end_url(row)).status_code == 404
    assert "iPhone" not in other.get(LIST).content.decode()
    with refused(kind=NotAllowed):
        end_session(row, by=acting(company.people["technical"]), now=NOW)
    assert is_in(theirs) and not LedgerEvent.objects.filter(kind="person.sessions_ended").exists()


def test_an_administrator_ends_all_of_a_persons(company: Company) -> None:
    person = joined(company.people["sales"])
    theirs = [signed_in(person), signed_in(person, IPHONE)]
    url = f"/personas/{person.pk}/sesiones/cerrar/"
    for other in (company.people["technical"], company.heads["sales"]):
        client = Client()
        client.force_login(other)
        assert client.post(url).status_code == 403
    with refused():
        end_sessions_of(person, by=acting(company.heads["sales"]), now=NOW)
    assert all(map(is_in, theirs))
    admin = Client()
    admin.force_login(company.administrator)
    assert "Dentro en 2 dispositivos" in admin.get(f"/personas/{person.pk}/").content.decode()
    assert admin.post(url).status_code == 302
    assert not any(map(is_in, theirs)) and is_in(admin)


def test_a_new_password_ends_every_other_session_and_its_row(company: Company) -> None:
    person = joined(company.people["sales"])
    here, there = signed_in(person), signed_in(person, IPHONE)
    new = {"old": PASSWORD, "new": "otro-nudo-marinero", "again": "otro-nudo-marinero"}
    assert here.post("/mi-cuenta/contrasena/", new).status_code == 302
    assert is_in(here) and not is_in(there)
    row = OpenSession.objects.get()
    assert row.key == here.session.session_key and row.system == "windows"


def test_who_leaves_is_out_everywhere(company: Company) -> None:
    person = joined(company.people["sales"])
    theirs = [signed_in(person), signed_in(person, IPHONE)]
    leave_company(person, by=acting(company.administrator), now=NOW)
    assert not any(map(is_in, theirs))
    assert not OpenSession.objects.exists() and not Session.objects.exists()


def test_signing_out_forgets_the_device(company: Company) -> None:
    here = signed_in(joined(company.people["sales"]))
    here.post("/salir/")
    assert not OpenSession.objects.exists()


def test_last_seen_is_written_seldom(company: Company, clock: Clock) -> None:
    here = signed_in(joined(company.people["sales"]))
    at(NOW + timedelta(minutes=9), clock)
    here.get(LIST)
    assert OpenSession.objects.get().seen_at == NOW
    at(NOW + timedelta(minutes=11), clock)
    here.get(LIST)
    assert OpenSession.objects.get().seen_at == NOW + timedelta(minutes=11)


def test_what_nobody_uses_is_forgotten_when_the_company_says(company: Company, clock: Clock) -> None:
    idle, used = signed_in(joined(company.people["sales"])), signed_in(joined(company.people["technical"]))
    CompanyPolicy.objects.update(session_idle_days=3)
    at(NOW + timedelta(days=2), clock)
    used.get("/")
    at(NOW + timedelta(days=3, minutes=1), clock)
    assert forget_idle_sessions(NOW + timedelta(days=3, minutes=1)) == 1
    assert not is_in(idle) and is_in(used)
    assert OpenSession.objects.count() == Session.objects.count() == 1


def test_the_page_makes_as_many_queries_for_one_device_as_for_forty(company: Company) -> None:
    person = joined(company.people["sales"])
    here = signed_in(person)
    here.get(LIST)
    with CaptureQueriesContext(connection) as few:
        assert here.get(LIST).status_code == 200
    rows = [OpenSession(person=person, key=f"k{n}", opened_at=NOW, seen_at=NOW) for n in range(40)]
    OpenSession.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as many:
        assert here.get(LIST).status_code == 200
    assert len(few) == len(many) <= 12
