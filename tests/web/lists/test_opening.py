"""Opening a thread: three fields, the rest prefilled, and nothing typed is lost."""

from __future__ import annotations

import pytest

from hilo.web.lists.opening import plain_figure
from hilo.work.models import Thread
from tests.factories.parties import a_customer
from tests.factories.work import House, a_house
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
ADDRESS = "/hilos/nuevo/"


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def typed(house: House, **changed: object) -> dict[str, object]:
    return {
        "customer": house.customer.name,
        "customer_id": "",
        "title": "Línea 3 de PET",
        "kind": "service",
        "purpose": "",
        "owner": house.person("sales").pk,
        "delegation": "",
        "priority": "normal",
        "amount": "",
        **changed,
    }


def test_three_fields_open_a_thread_with_owner_next_step_and_news(house: House) -> None:
    answer = as_(house.person("sales")).post(ADDRESS, typed(house))
    thread = Thread.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/hilos/{thread.code}/"
    assert (thread.customer, thread.owner) == (house.customer, house.person("sales"))
    assert thread.delegation == house.company.zaragoza
    assert thread.next_due is not None
    assert thread.next_news_at is not None


def test_from_a_customers_page_the_customer_is_filled_in(house: House) -> None:
    page = as_(house.person("sales")).get(ADDRESS, {"customer": house.customer.pk}).content.decode()
    assert house.customer.name in page
    assert f'name="customer_id" value="{house.customer.pk}"' in page


@pytest.mark.parametrize(
    ("written", "language", "figure"),
    [
        ("148.400,50", "es", "148400.50"),
        ("148.400", "es", "148400"),
        ("148400,5 €", "es", "148400.5"),
        ("148400.5", "es", "148400.5"),
        ("1.148.400", "es", "1148400"),
        ("148,400.50", "en", "148400.50"),
        ("148,400", "en", "148400"),
        ("12.5", "en", "12.5"),
        ("-5", "es", "-5"),
        ("", "es", ""),
    ],
)
def test_a_figure_is_read_as_people_write_it(written: str, language: str, figure: str) -> None:
    assert plain_figure(written, language) == figure


def test_an_amount_is_read_as_it_is_written_here(house: House) -> None:
    as_(house.person("sales")).post(ADDRESS, typed(house, amount="148.400,50"))
    assert str(Thread.objects.get().amount) == "148400.50"


def test_who_sees_no_money_is_not_asked_for_an_amount(house: House) -> None:
    page = as_(house.person("production")).get(ADDRESS).content.decode()
    assert 'name="amount"' not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"customer": ""}, "Escribe el nombre del cliente."),
        ({"customer": "Zzz Inexistente"}, "Nadie se llama así."),
        ({"title": "  "}, "Di en pocas palabras de qué se trata."),
        ({"kind": ""}, "Elige qué tipo de trabajo es."),
        ({"amount": "mucho"}, "Escribe el importe en cifras"),
        ({"amount": "-5"}, "id_amount_error"),
        ({"amount": "9" * 30}, "id_amount_error"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    house: House, changed: dict[str, object], sentence: str
) -> None:
    answer = as_(house.person("sales")).post(ADDRESS, typed(house, purpose="Para el canal hotel", **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Para el canal hotel" in page
    assert not Thread.objects.exists()


def test_when_several_customers_fit_it_asks_which_one(house: House) -> None:
    for city in ("Norte", "Sur"):
        a_customer(f"Aguas {city}", delegation=house.company.zaragoza, keeper=house.person("sales"))
    client = as_(house.person("sales"))
    asked = client.post(ADDRESS, typed(house, customer="aguas"))
    assert asked.status_code == 422
    assert "Encajan varios clientes" in asked.content.decode()
    chosen = next(each for each in asked.context["form"].fitting if each.name == "Aguas Sur")
    client.post(ADDRESS, typed(house, customer="aguas", customer_id=chosen.pk, offered="1"))
    assert Thread.objects.get().customer == chosen


def test_a_name_typed_over_the_one_filled_in_wins(house: House) -> None:
    other = a_customer("Aguas Norte", delegation=house.company.zaragoza, keeper=house.person("sales"))
    as_(house.person("sales")).post(
        ADDRESS, typed(house, customer="Aguas Norte", customer_id=house.customer.pk)
    )
    assert Thread.objects.get().customer == other


def test_a_second_supply_thread_leads_to_the_first(house: House) -> None:
    client = as_(house.person("sales"))
    client.post(ADDRESS, typed(house, kind="supply", title="Suministro"))
    first = Thread.objects.get()
    answer = client.post(ADDRESS, typed(house, kind="supply", title="Otro suministro"))
    assert answer.status_code == 422
    assert f"/hilos/{first.code}/" in answer.content.decode()


def test_who_may_open_none_is_refused_and_nothing_is_opened(house: House) -> None:
    administrator = house.company.administrator
    administrator.memberships.update(ends_on="2020-01-01", starts_on="2020-01-01")
    answer = as_(administrator).post(ADDRESS, typed(house))
    assert answer.status_code == 403
    assert not Thread.objects.exists()


def test_the_field_offers_customers_while_one_types(house: House) -> None:
    page = as_(house.person("sales")).get("/clientes/opciones/", {"customer": "alba"}).content.decode()
    assert f'<option value="{house.customer.name}">' in page
