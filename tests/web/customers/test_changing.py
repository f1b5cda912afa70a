"""Customers and their people changed from the browser: refused beside the field, stale changes nothing."""

from __future__ import annotations

import pytest

from hilo.parties.actor import system
from hilo.parties.commands.customers import change_contact, change_customer
from hilo.parties.models import Contact, Customer, CustomerMerge
from hilo.work.commands.threads import make_confidential, open_thread
from tests.factories.parties import a_contact, a_customer
from tests.factories.work import House, a_house
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def customer_typed(house: House, **changed: object) -> dict[str, object]:
    return {
        "name": "Aguas Sierra Clara",
        "tier": "A",
        "delegation": house.company.zaragoza.pk,
        "keeper": house.person("sales").pk,
        **changed,
    }


def contact_typed(**changed: object) -> dict[str, object]:
    return {"name": "Teresa Molina", "role": "decides", "language": "es", **changed}


def test_a_customer_is_added_and_its_page_opens(house: House) -> None:
    answer = as_(house.person("sales")).post("/clientes/nuevo/", customer_typed(house))
    added = Customer.objects.get(name="Aguas Sierra Clara")
    assert answer["Location"] == f"/clientes/{added.pk}/"
    assert added.tier == "A"


def test_a_consumer_is_one_for_the_law_until_somebody_says_otherwise(house: House) -> None:
    client, address = as_(house.person("sales")), f"/clientes/{house.customer.pk}/datos/"
    assert house.customer.kind == "company"
    client.post(address, customer_typed(house, kind="consumer", seen=house.customer.version))
    house.customer.refresh_from_db()
    assert house.customer.kind == "consumer"
    client.post(address, customer_typed(house, city="Haro", seen=house.customer.version))  # says nothing
    house.customer.refresh_from_db()
    assert (house.customer.kind, house.customer.city) == ("consumer", "Haro")


def test_one_we_may_have_already_is_asked_about_first(house: House) -> None:
    client = as_(house.person("sales"))
    asked = client.post("/clientes/nuevo/", customer_typed(house, name="Bodegas Albarin S.A."))
    assert asked.status_code == 422
    assert "¿Es uno de estos?" in asked.content.decode()
    assert Customer.objects.count() == 1
    client.post("/clientes/nuevo/", customer_typed(house, name="Bodegas Albarin S.A.", sure="on"))
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [{"name": " "}, {"tier": "Z"}, {"kind": "alien"}, {"keeper": ""}, {"since": "ayer"}, {"name": "a" * 201}],
)
def test_what_is_wrong_with_a_customer_stands_beside_its_field(
    house: House, changed: dict[str, object]
) -> None:
    answer = as_(house.person("sales")).post(
        "/clientes/nuevo/", customer_typed(house, city="Vigo", **changed)
    )
    assert answer.status_code == 422
    assert "h-error" in answer.content.decode()
    assert "Vigo" in answer.content.decode()
    assert Customer.objects.count() == 1


def test_a_stale_change_of_a_customer_changes_nothing_and_loses_nothing(house: House) -> None:
    seen = house.customer.version
    change_customer(house.customer, city="Haro", by=house.actor("technical"), now=house.at)
    address = f"/clientes/{house.customer.pk}/datos/"
    answer = as_(house.person("sales")).post(address, customer_typed(house, name="Otro nombre", seen=seen))
    page = answer.content.decode()
    house.customer.refresh_from_db()
    assert answer.status_code == 409
    assert house.customer.name == "Bodegas Albarín"
    assert "Otro nombre" in page
    assert house.person("technical").name in page
    again = customer_typed(house, name="Otro nombre", seen=house.customer.version)
    assert as_(house.person("sales")).post(address, again).status_code == 302


@pytest.mark.parametrize("seen", [None, "", "x", "-1"])
def test_a_change_that_does_not_say_what_it_saw_is_refused(house: House, seen: str | None) -> None:
    typed = customer_typed(house, name="Otro nombre", **({} if seen is None else {"seen": seen}))
    answer = as_(house.person("sales")).post(f"/clientes/{house.customer.pk}/datos/", typed)
    house.customer.refresh_from_db()
    assert answer.status_code == 422
    assert house.customer.name == "Bodegas Albarín"


def test_another_delegations_customer_can_be_read_but_not_changed(house: House) -> None:
    theirs = a_customer("De Sevilla", delegation=house.company.sevilla, keeper=house.person("sales"))
    client = as_(house.person("sales"))
    page = client.get(f"/clientes/{theirs.pk}/").content.decode()
    assert f"/clientes/{theirs.pk}/datos/" not in page
    typed = customer_typed(house, name="Nuestro", seen=theirs.version)
    assert client.post(f"/clientes/{theirs.pk}/datos/", typed).status_code == 403
    theirs.refresh_from_db()
    assert theirs.name == "De Sevilla"


def test_a_contact_is_added_changed_and_marked_as_gone(house: House) -> None:
    client = as_(house.person("sales"))
    client.post(f"/clientes/{house.customer.pk}/contactos/nuevo/", contact_typed())
    contact = Contact.objects.get(name="Teresa Molina")
    client.post(f"/contactos/{contact.pk}/", contact_typed(position="Directora", seen=contact.version))
    contact.refresh_from_db()
    assert contact.position == "Directora"
    client.post(f"/contactos/{contact.pk}/se-ha-ido/", {"seen": contact.version})
    contact.refresh_from_db()
    assert contact.left_at is not None
    assert "ya no está" in client.get(f"/clientes/{house.customer.pk}/").content.decode()


@pytest.mark.parametrize("seen", [None, "999", "x"])
def test_who_saw_something_else_marks_nobody_as_gone(house: House, seen: str | None) -> None:
    answer = as_(house.person("sales")).post(
        f"/contactos/{house.contact.pk}/se-ha-ido/", {} if seen is None else {"seen": seen}
    )
    house.contact.refresh_from_db()
    assert answer.status_code == 409
    assert house.contact.left_at is None


def test_a_second_contact_with_the_same_address_is_refused_beside_it(house: House) -> None:
    answer = as_(house.person("sales")).post(
        f"/clientes/{house.customer.pk}/contactos/nuevo/", contact_typed(email=house.contact.email)
    )
    assert answer.status_code == 422
    assert "id_email_error" in answer.content.decode()
    assert house.customer.contacts.count() == 1


def test_a_stale_change_of_a_contact_changes_nothing(house: House) -> None:
    seen = house.contact.version
    change_contact(house.contact, position="Jefa", by=house.actor("technical"), now=house.at)
    answer = as_(house.person("sales")).post(
        f"/contactos/{house.contact.pk}/", contact_typed(name="Otra", seen=seen)
    )
    house.contact.refresh_from_db()
    assert answer.status_code == 409
    assert house.contact.name != "Otra"
    assert "Otra" in answer.content.decode()


def test_only_a_director_or_administrator_erases_a_contact(house: House) -> None:
    address = f"/contactos/{house.contact.pk}/borrar/"
    assert as_(house.person("sales")).post(address, {"seen": house.contact.version}).status_code == 403
    house.contact.refresh_from_db()
    assert house.contact.erased_at is None
    client = as_(house.company.director)
    assert "Qué desaparece" in client.get(address).content.decode()
    stale = client.post(address, {"seen": house.contact.version + 1})
    assert stale.status_code == 409
    name = house.contact.name
    client.post(address, {"seen": house.contact.version})
    house.contact.refresh_from_db()
    assert house.contact.erased_at is not None
    assert name not in client.get(f"/clientes/{house.customer.pk}/").content.decode()


def test_merging_shows_what_will_happen_before_anything_does(house: House) -> None:
    other = a_customer("Albarín Bodegas", delegation=house.company.zaragoza, keeper=house.person("sales"))
    address, director = f"/clientes/{house.customer.pk}/unir/", as_(house.company.director)
    typed = {"customer": other.name, "customer_id": "", "stands": "other", "seen": house.customer.version}
    preview = director.post(address, typed)
    assert preview.status_code == 200
    assert "Lo que pasará" in preview.content.decode()
    assert not CustomerMerge.objects.exists()
    answer = director.post(address, {**typed, "seen_other": other.version})
    house.customer.refresh_from_db()
    assert answer["Location"] == f"/clientes/{other.pk}/"
    assert house.customer.merged_into == other
    director.post(f"/clientes/{house.customer.pk}/separar/", {"seen": house.customer.version})
    house.customer.refresh_from_db()
    assert house.customer.merged_into is None


def test_a_merge_that_saw_another_version_joins_nothing(house: House) -> None:
    other = a_customer("Albarín Bodegas", delegation=house.company.zaragoza, keeper=house.person("sales"))
    typed = {"customer": other.name, "stands": "this", "seen": house.customer.version, "seen_other": 99}
    answer = as_(house.company.director).post(f"/clientes/{house.customer.pk}/unir/", typed)
    assert answer.status_code == 409
    assert not CustomerMerge.objects.exists()


def test_who_may_not_merge_is_refused_and_sees_no_way_to(house: House) -> None:
    other = a_customer("Albarín Bodegas", delegation=house.company.zaragoza, keeper=house.person("sales"))
    client = as_(house.person("sales"))
    address = f"/clientes/{house.customer.pk}/unir/"
    assert address not in client.get(f"/clientes/{house.customer.pk}/").content.decode()
    typed = {"customer": other.name, "stands": "this", "seen": 1, "seen_other": other.version}
    assert client.post(address, typed).status_code == 403
    assert not CustomerMerge.objects.exists()


def test_what_a_merge_counts_leaves_confidential_threads_out(house: House) -> None:
    other = a_customer("Albarín Bodegas", delegation=house.company.zaragoza, keeper=house.person("sales"))
    secret = open_thread(
        customer=other,
        title="Secreto",
        kind="service",
        owner=house.person("sales"),
        by=system(),
        now=house.at,
    )
    make_confidential(secret, readers=[house.person("sales")], seen=secret.version, by=system(), now=house.at)
    typed = {"customer": other.name, "stands": "this", "seen": house.customer.version}
    answer = as_(house.company.director).post(f"/clientes/{house.customer.pk}/unir/", typed)
    assert [each["threads"] for each in answer.context["both"]] == [0, 0]


def test_the_list_of_customers_counts_only_what_one_may_see(house: House) -> None:
    for title in ("De todos", "Secreto"):
        thread = open_thread(
            customer=house.customer,
            title=title,
            kind="service",
            owner=house.person("sales"),
            by=system(),
            now=house.at,
        )
    make_confidential(thread, readers=[house.person("sales")], seen=thread.version, by=system(), now=house.at)
    rows = as_(house.person("admin")).get("/clientes/").context["rows"]
    assert [(row.customer.name, row.open) for row in rows] == [("Bodegas Albarín", 1)]


def test_customers_are_found_by_their_old_name_after_a_merge(house: House) -> None:
    from hilo.parties.commands.merges import merge_customers

    survivor = a_customer("Grupo Nuevo", delegation=house.company.zaragoza, keeper=house.person("sales"))
    merge_customers(survivor, house.customer, by=system(), now=house.at)
    rows = as_(house.person("sales")).get("/clientes/", {"q": "albarin"}).context["rows"]
    assert [row.customer.name for row in rows] == ["Grupo Nuevo"]


def test_the_list_of_customers_asks_the_same_number_of_questions_however_long(house: House) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(house.person("sales"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/clientes/")
        return len(caught)

    def fill(count: int) -> None:
        for _number in range(count):
            a_contact(a_customer(delegation=house.company.zaragoza, keeper=house.person("sales")))

    fill(10)
    queries()
    ten = queries()
    fill(35)
    assert queries() == ten
