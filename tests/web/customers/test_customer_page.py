"""One customer on one page: and nothing of what somebody else keeps confidential."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hilo.parties.actor import system
from hilo.parties.commands.merges import merge_customers
from hilo.parties.models import Customer, Person
from hilo.parties.queries.calendars import clock_of_person
from hilo.work.commands.conversation import name_affected_group, tell_customer
from hilo.work.commands.promises import make_promise
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import Promise, Thread
from hilo.work.queries.promises_kept import Kept
from tests.factories.parties import a_contact, a_customer
from tests.factories.work import House, a_house
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def page_of(person: Person, customer: Customer, **query: str) -> str:
    answer = as_(person).get(f"/clientes/{customer.pk}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def a_service(house: House, title: str, *, amount: int = 0, customer: Customer | None = None) -> Thread:
    return open_thread(
        customer=customer or house.customer,
        title=title,
        kind=Thread.Kind.SERVICE,
        owner=house.person("sales"),
        amount=Decimal(amount),
        by=system(),
        now=house.at,
    )


def tell(house: House, thread: Thread, text: str) -> None:
    now = timezone.now()
    tell_customer(
        thread,
        channel="call",
        text=text,
        contacts=[house.contact],
        next_news_at=clock_of_person(thread.owner_id).next_open(now + timedelta(days=5)),
        by=house.actor("sales"),
        now=now,
    )


def promise(house: House, thread: Thread, text: str) -> Promise:
    now = timezone.now()
    return make_promise(
        thread,
        text=text,
        due=now + timedelta(days=9),
        contact=house.contact,
        where="call",
        by=house.actor("sales"),
        now=now,
    )


def keep_secret(house: House, thread: Thread) -> None:
    thread.refresh_from_db()
    make_confidential(
        thread, readers=[house.person("sales")], seen=thread.version, by=system(), now=timezone.now()
    )


def test_it_shows_threads_people_promises_and_the_story(house: House) -> None:
    thread = a_service(house, "Línea 3 de PET", amount=742_000)
    tell(house, thread, "La fabricación terminó el día 11.")
    promise(house, thread, "Prueba en fábrica")
    page = page_of(house.person("sales"), house.customer)
    for said in (
        house.customer.name,
        "Línea 3 de PET",
        thread.code,
        house.contact.name,
        "decide",
        "742.000",
        "Prueba en fábrica",
        "La fabricación terminó el día 11.",
        "Último contacto",
    ):
        assert said in page, said


def test_nothing_of_a_confidential_thread_shows_to_others(house: House) -> None:
    a_service(house, "De todos", amount=1_000)
    secret = a_service(house, "Negociación secreta", amount=5_000_000)
    tell(house, secret, "Bajamos el precio un doce")
    promise(house, secret, "Descuento del doce")
    name_affected_group(secret, name="Sindicato", by=house.actor("sales"), now=timezone.now())
    keep_secret(house, secret)
    outsider = house.person("admin")
    for query in ({}, {"said": "1"}, {"area": str(house.area("sales").pk)}):
        page = page_of(outsider, house.customer, **query)
        for leak in (
            "Negociación",
            "doce",
            "Descuento",
            "Sindicato",
            "5.001.000",
            secret.code,
            "Último contacto",
        ):
            assert leak not in page, leak
        assert "1 abierto" in page
    insider = page_of(house.person("sales"), house.customer)
    assert "Bajamos el precio un doce" in insider
    assert "2 abiertos" in insider


def test_the_story_of_an_alias_stands_on_its_survivors_page_and_its_address_leads_there(house: House) -> None:
    thread = a_service(house, "De antes")
    tell(house, thread, "Se lo contamos antes de unirlos")
    survivor = a_customer("Grupo Nuevo", delegation=house.company.zaragoza, keeper=house.person("sales"))
    merge_customers(survivor, house.customer, by=system(), now=timezone.now())
    page = page_of(house.person("sales"), survivor)
    assert "De antes" in page
    assert "Se lo contamos antes de unirlos" in page
    assert house.contact.name in page
    answer = as_(house.person("sales")).get(f"/clientes/{house.customer.pk}/")
    assert answer["Location"] == f"/clientes/{survivor.pk}/"


def test_older_pages_of_the_story_hold_what_the_first_does_not(house: House) -> None:
    thread = a_service(house, "Larga")
    for number in range(40):
        tell(house, thread, f"Aviso número {number:03d}.")
    first = as_(house.person("sales")).get(f"/clientes/{house.customer.pk}/")
    assert "Aviso número 039." in first.content.decode()
    assert "Aviso número 000." not in first.content.decode()
    older = first.context["story"].older_url.partition("#")[0]
    assert (
        "Aviso número 000."
        in as_(house.person("sales")).get(f"/clientes/{house.customer.pk}/{older}").content.decode()
    )


@pytest.mark.parametrize("junk", ["x", "~", "2026-01-01~1", "9" * 50, "2026-13-01T00:00:00+00:00~1", "٣"])
def test_an_address_somebody_mistyped_still_shows_the_page(house: House, junk: str) -> None:
    for name in ("before", "area", "said"):
        assert (
            as_(house.person("sales")).get(f"/clientes/{house.customer.pk}/", {name: junk}).status_code == 200
        )


@pytest.mark.parametrize("pk", ["999999", "9" * 25])
def test_nobody_there_is_a_plain_404(house: House, pk: str) -> None:
    assert as_(house.person("sales")).get(f"/clientes/{pk}/").status_code == 404


def test_money_shows_only_to_who_sees_it(house: House) -> None:
    a_service(house, "Línea", amount=742_000)
    assert "742.000" in page_of(house.person("sales"), house.customer)
    other = page_of(house.person("production"), house.customer)
    assert "742.000" not in other
    assert "Dinero" not in other


def test_the_number_of_queries_does_not_grow_with_threads_and_promises(house: House) -> None:
    client = as_(house.person("sales"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/clientes/{house.customer.pk}/").status_code == 200
        return len(caught)

    def fill(count: int) -> None:
        for number in range(count):
            thread = a_service(house, f"Hilo {number}")
            tell(house, thread, "Todo va bien")
            promise(house, thread, f"Cosa {number}")
            a_contact(house.customer)

    fill(5)
    queries()
    few = queries()
    fill(15)
    assert queries() == few
    assert few <= 40, few


def test_few_promises_are_not_counted_some_are_counted_and_many_make_a_rate(house: House) -> None:
    from django.utils import translation

    from hilo.web.customers.standing import kept_said

    with translation.override("es"):
        assert kept_said(Kept(3, 4)).figure == ""
        assert kept_said(Kept(4, 5)).figure == "4 de 5"
        assert kept_said(Kept(4, 5)).note == "IC 95 %: 38–96 %"
        assert kept_said(Kept(80, 100)).figure == "80 de 100 · 80 %"
        assert kept_said(Kept(80, 100)).note == "IC 95 %: 71–87 %"


def test_moving_a_date_improves_no_figure(house: House) -> None:
    from hilo.work.commands.promises import keep_promise, renegotiate_promise
    from hilo.work.queries.promises_kept import promises_kept

    thread = a_service(house, "Línea")
    first = promise(house, thread, "Prueba")
    now = timezone.now()
    later = renegotiate_promise(
        first,
        where="call",
        due=first.due_at + timedelta(days=30),
        contact=house.contact,
        evidence="Correo de hoy",
        seen=first.version,
        by=house.actor("sales"),
        now=now,
    )
    after = first.due_at + timedelta(days=20)
    keep_promise(later, evidence="Acta", seen=later.version, by=house.actor("sales"), now=after)
    assert promises_kept(Promise.objects.all(), now=after) == Kept(0, 1)
