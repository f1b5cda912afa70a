"""An empty company: "/" leads to its first page, which works once, and everything after says what is next."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hilo.parties.models import Area, CompanyPolicy, Delegation, Person, WorkCalendar
from hilo.work.models import TemplateVersion
from tests.factories.parties import a_company
from tests.parties.watching import at_once
from tests.web.accounts.test_signing_in import is_in, sign_in

GIVEN = {
    "name": "Envasa Líneas S.A.",
    "country": "ES",
    "region": "AR",
    "city": "Zaragoza",
    "zone": "Europe/Madrid",
    "administrator_name": "Ada Sanz",
    "administrator_email": "Ada@envasa.example",
    "password": "cabo-suelto-y-nudo",
    "again": "cabo-suelto-y-nudo",
}


@pytest.mark.django_db
def test_the_first_visitor_sets_the_company_up_and_is_in(client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/empezar/"
    page = client.post("/empezar/", GIVEN, follow=True)
    assert page.redirect_chain[-1][0] == "/personas/"
    assert "Lo primero" in page.content.decode()
    ada = Person.objects.get()
    assert (ada.email, ada.is_administrator, ada.is_director) == ("ada@envasa.example", True, True)
    assert CompanyPolicy.objects.get().name == "Envasa Líneas S.A."
    assert (Delegation.objects.get().region, Area.objects.count()) == ("AR", 8)
    assert "Día de San Jorge" in str(WorkCalendar.objects.get().versions.get().rules)
    assert TemplateVersion.objects.filter(state="published").count() == 5
    assert sign_in(Client(), "ada@envasa.example", GIVEN["password"]).status_code == 302


@pytest.mark.django_db
def test_once_there_is_somebody_it_founds_nothing_more(client: Client) -> None:
    a_company()
    people = Person.objects.count()
    assert client.get("/empezar/")["Location"] == "/entrar/"
    answer = client.post("/empezar/", GIVEN)
    assert answer.status_code == 422 and "Ir a la entrada" in answer.content.decode()
    assert Person.objects.count() == people and not is_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Escribe el nombre de la empresa"),
        ({"password": "corta", "again": "corta"}, "corta"),
        ({"again": "otra-cosa-distinta"}, "No coinciden"),
        ({"zone": "Marte/Olimpo"}, "Europe/Madrid"),
        ({"administrator_email": "ada"}, "nombre@"),
        ({"country": "XX"}, ""),
    ],
)
def test_what_is_wrong_founds_nothing_and_keeps_what_was_typed(
    client: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.post("/empezar/", {**GIVEN, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert 'value="Ada Sanz"' in page and GIVEN["password"] not in page
    assert not Person.objects.exists() and not Area.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_founds_it() -> None:
    def founding(number: int) -> Callable[[], int]:
        mine = {**GIVEN, "administrator_email": f"ada{number}@envasa.example"}
        return lambda: Client().post("/empezar/", mine).status_code

    assert sorted(at_once(founding(1), founding(2)), key=str) == [302, 422]
    assert Person.objects.count() == 1 and Delegation.objects.count() == 1
