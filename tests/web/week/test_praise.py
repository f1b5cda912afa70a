"""Praise reaches, by name, whoever took part: from a thread, from a customer, by anybody of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.parties.models import Notice
from hilo.quality.models import Praise
from tests.factories.parties import a_contact, a_customer, a_person, give_authority
from tests.factories.work import House, a_house, a_thread
from tests.web.clock import Clock, clock, no_rate_limits  # noqa: F401
from tests.web.signed_in import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def house() -> House:
    return a_house()


def test_it_is_given_from_the_thread_and_seen_in_mi_dia(house: House) -> None:
    thread = a_thread(house)
    giver = as_(house.person("logistics"))
    path = f"/hilos/{thread.code}/felicitacion/"
    assert path in giver.get(f"/hilos/{thread.code}/").content.decode()
    assert house.person("sales").name in giver.get(path).content.decode()
    given = {"text": "La línea va como la seda", "where": "mail", "contact": house.contact.pk, "said_at": ""}
    answer = giver.post(path, given, follow=True)
    assert "Ya se lo hemos hecho llegar a una persona." in answer.content.decode()
    praise = Praise.objects.get()
    assert (praise.contact, praise.thread) == (house.contact, thread)
    mine = as_(house.person("sales"))
    notice = Notice.objects.get(kind="praise", person=house.person("sales"))
    assert notice.subject_id == praise.pk
    assert f"/felicitaciones/{praise.pk}/" in mine.get("/").content.decode()
    led = mine.get(f"/felicitaciones/{praise.pk}/")
    assert led.headers["Location"].endswith(f"#praise-{praise.pk}")
    assert "La línea va como la seda" in mine.get(led.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "X" * 2001}, "text"),
        ({"where": "paloma"}, "where"),
        ({"said_at": "2030-01-01T10:00"}, "said_at"),
        ({"said_at": "ayer"}, "said_at"),
    ],
)
def test_what_is_refused_stands_beside_its_field(house: House, changes: dict[str, str], field: str) -> None:
    thread = a_thread(house)
    given = {"text": "Muy contentos", "where": "call", "contact": "", "said_at": "", **changes}
    answer = as_(house.person("sales")).post(f"/hilos/{thread.code}/felicitacion/", given)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert given["text"].strip()[:13] in answer.content.decode()
    assert not Praise.objects.exists()


def test_somebody_elses_contact_cannot_have_said_it(house: House) -> None:
    thread = a_thread(house)
    other = a_customer(delegation=house.company.zaragoza, keeper=house.person("sales"), now=house.at)
    stranger = a_contact(other, now=house.at)
    given = {"text": "Bien", "where": "call", "contact": stranger.pk, "said_at": ""}
    answer = as_(house.person("sales")).post(f"/hilos/{thread.code}/felicitacion/", given)
    assert answer.status_code == 422


def test_from_a_customer_one_chooses_the_thread(house: House) -> None:
    client = as_(house.person("logistics"))
    path = f"/clientes/{house.customer.pk}/felicitacion/"
    assert path in client.get(f"/clientes/{house.customer.pk}/").content.decode()
    assert "Aún no tienen ningún hilo" in client.get(path).content.decode()
    first = a_thread(house)
    assert client.get(path).headers["Location"] == f"/hilos/{first.code}/felicitacion/"
    house.later(minutes=1)
    second = a_thread(house, title="La segunda")
    page = client.get(path).content.decode()
    assert first.code in page
    assert second.code in page


def test_the_one_of_another_delegation_may_and_an_auditor_may_not(house: House) -> None:
    thread = a_thread(house)
    path, given = f"/hilos/{thread.code}/felicitacion/", {"text": "Bien", "where": "call", "said_at": ""}
    auditor = give_authority(
        a_person(area=house.area("management"), delegation=house.company.zaragoza, now=house.at), auditor=True
    )
    auditor.memberships.all().delete()
    assert as_(auditor).post(path, given).status_code == 403
    elsewhere = a_person(area=house.area("sales"), delegation=house.company.sevilla, now=house.at)
    assert as_(elsewhere).post(path, given).status_code == 302


def test_it_can_have_been_said_before(house: House) -> None:
    thread = a_thread(house)
    house.later(days=2)
    said = (house.at - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    given = {"text": "Bien", "where": "call", "contact": "", "said_at": said}
    answer = as_(house.person("sales")).post(f"/hilos/{thread.code}/felicitacion/", given)
    assert answer.status_code == 302
    assert Praise.objects.get().said_at < house.at - timedelta(days=1)
