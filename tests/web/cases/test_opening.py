"""Opening a case: from a thread, a customer or the list; what is refused stands beside its field."""

from __future__ import annotations

from typing import Any

import pytest

from hilo.parties.actor import system
from hilo.quality.models import Case
from hilo.work.commands.templates import seed_templates
from hilo.work.models import Thread
from tests.factories.work import House, a_house, a_thread
from tests.web.cases.scenes import another_customer
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    found = a_house(now=yesterday())
    seed_templates(by=system(), now=found.at)
    return found


def given(house: House, **changed: Any) -> dict[str, Any]:
    return {
        "customer_id": house.customer.pk,
        "kind": "complaint",
        "title": "La línea no arranca",
        "remedy": "Que arranque",
        "contact": house.contact.pk,
        "customer_knows": "yes",
        "impact": "high",
        "urgency": "medium",
        "owner": house.person("sales").pk,
        "thread": "",
        **changed,
    }


def post(house: House, **changed: Any) -> Any:
    return as_(house.person("sales")).post("/casos/nuevo/", given(house, **changed))


def test_on_a_thread_it_is_already_chosen(house: House) -> None:
    thread = a_thread(house)
    html = as_(house.person("sales")).get(f"/casos/nuevo/?on={thread.code}").content.decode()
    assert f'value="{thread.code}" selected' in html
    assert post(house, thread=thread.code, on=thread.code).status_code == 302
    assert Case.objects.get().thread == thread


def test_without_a_fitting_thread_it_gets_one_of_its_own(house: House) -> None:
    response = post(house)
    case = Case.objects.get()
    assert response.headers["Location"] == f"/casos/{case.code}/"
    assert (case.thread.kind, case.severity, case.remedy) == (Thread.Kind.COMPLAINT, "high", "Que arranque")


def test_from_the_list_the_customer_is_asked_first_and_found_by_name(house: House) -> None:
    client = as_(house.person("sales"))
    assert "¿De qué cliente es?" in client.get("/casos/nuevo/").content.decode()
    assert client.get("/casos/nuevo/", {"customer": "Nadie S. A."}).status_code == 422
    found = client.get("/casos/nuevo/", {"customer": house.customer.name})
    assert found.status_code == 302 and f"customer={house.customer.pk}" in found.headers["Location"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "id_title"),
        ({"contact": ""}, "id_contact"),
        ({"kind": ""}, "id_kind"),
        ({"impact": ""}, "id_impact"),
        ({"received_at": "2031-01-01T10:00"}, "id_received_at"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept(
    house: House, changed: dict[str, Any], field: str
) -> None:
    response = post(house, **changed)
    html = response.content.decode()
    assert response.status_code == 422
    assert f'id="{field}_error"' in html
    assert "Que arranque" in html
    assert not Case.objects.exists()


def test_what_nobody_outside_knows_asks_for_no_contact(house: House) -> None:
    assert post(house, customer_knows="no", contact="").status_code == 302
    assert post(house, kind="near_miss", contact="").status_code == 302
    assert not Case.objects.filter(customer_knows=True).exists()
    assert Case.objects.filter(found_by_us=True).count() == 2


def test_threads_of_other_customers_are_not_offered_and_not_taken(house: House) -> None:
    _contact, name = another_customer(house)
    html = as_(house.person("sales")).get(f"/casos/nuevo/?customer={house.customer.pk}").content.decode()
    assert name not in html
    assert post(house, thread="2019-0001").status_code == 422


def test_praise_leads_to_its_own_form_with_what_was_typed(house: House) -> None:
    thread = a_thread(house)
    response = post(house, kind="praise", thread=thread.code, remedy="Gracias por el fin de semana")
    assert response.status_code == 302 and thread.code in response.headers["Location"]
    assert "Gracias" in response.headers["Location"]
    assert not Case.objects.exists()
