"""Ctrl K: what it finds, marks and offers; what it must not tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.web.search.marking import marked
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import Thread, Visit
from tests.factories.parties import a_contact
from tests.factories.work import House, a_house
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
ADDRESS = "/buscar/"


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def hits(person: Person, query: str) -> str:
    """The fragment that the dialog shows."""
    answer = as_(person).get(ADDRESS, {"q": query}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def a_service(house: House, title: str) -> Thread:
    return open_thread(
        customer=house.customer,
        title=title,
        kind=Thread.Kind.SERVICE,
        owner=house.person("sales"),
        by=system(),
        now=house.at,
    )


def test_it_finds_customers_threads_and_people_of_both_sides(house: House) -> None:
    a_service(house, "Albarán perdido")
    a_contact(house.customer, "Alba Ruiz")
    Person.objects.filter(pk=house.person("technical").pk).update(name="Nadie")
    page = hits(house.person("sales"), "alba")
    for said in (
        "Clientes",
        "Bodegas <mark>Alba</mark>rín",
        "<mark>Alba</mark>rán perdido",
        "Gente del cliente",
    ):
        assert said in page, said
    assert "1 hilo abierto" in page


def test_it_offers_to_give_news_to_what_it_found_and_to_note_a_loose_end(house: House) -> None:
    thread = a_service(house, "Línea 3")
    page = hits(house.person("sales"), "linea")
    assert f"Dar noticias a {house.customer.name}" in page
    assert f"/hilos/{thread.code}/?write=message#write" in page


def test_deeds_and_pages_are_found_by_their_words(house: House) -> None:
    assert "/hilos/nuevo/" in hits(house.person("sales"), "abrir hilo")
    assert 'href="/clientes/"' in hits(house.person("sales"), "clien")


def test_what_nobody_may_do_is_not_offered(house: House) -> None:
    auditor = house.company.administrator
    auditor.memberships.update(ends_on="2020-01-01", starts_on="2020-01-01")
    page = hits(auditor, "hilo")
    assert "/hilos/nuevo/" not in page


@pytest.mark.parametrize("who", ["production", "head", "director", "administrator"])
def test_everything_it_offers_opens(house: House, who: str, settings: Any, tmp_path: Path) -> None:
    settings.HILO_ERP_FOLDER = str(tmp_path)
    company = house.company
    people = {"director": company.director, "administrator": company.administrator}
    person = people.get(who) or (house.head("sales").one if who == "head" else house.person(who))
    led_to = re.findall(r'href="(/[^"]*)"', hits(person, ""))
    assert len(led_to) > 5
    client = as_(person)
    assert {url: status for url in led_to if (status := client.get(url).status_code) != 200} == {}


def test_pages_of_a_few_are_offered_to_those_alone(house: House, settings: Any, tmp_path: Path) -> None:
    settings.HILO_ERP_FOLDER = str(tmp_path)
    few = tuple(reverse(f"web:{name}") for name in ("imports", "diagnoses", "erp"))
    for person, expected in ((house.person("production"), False), (house.company.director, True)):
        page = hits(person, "")
        for url in few:
            is_theirs = as_(person).get(url).status_code == 200
            assert (f'href="{url}"' in page) == is_theirs, (person, url)
        assert ('href="/diagnostico/"' in page) is expected


def test_before_anything_is_typed_it_shows_where_one_was_last(house: House) -> None:
    older, newer = a_service(house, "Uno"), a_service(house, "Dos")
    person = house.person("sales")
    for number, thread in enumerate((older, newer)):
        Visit.objects.create(thread=thread, person=person, seen_until=house.later(hours=number + 1))
    page = hits(person, "")
    assert page.index("Dos") < page.index("Uno")
    assert "Hacer" in page


def test_a_confidential_thread_is_found_by_nobody_else(house: House) -> None:
    secret = a_service(house, "Negociación secreta")
    outsider = house.person("admin")
    Visit.objects.create(thread=secret, person=outsider, seen_until=house.at)
    make_confidential(
        secret, readers=[house.person("sales")], seen=secret.version, by=system(), now=timezone.now()
    )
    for query in ("negociacion", "secreta", secret.code, house.customer.name, ""):
        page = hits(outsider, query)
        assert "secreta" not in page.replace("«secreta»", "")
        assert f"/hilos/{secret.code}/" not in page
        assert "1 hilo abierto" not in page
    assert "<mark>secreta</mark>" in hits(house.person("sales"), "secreta")


def test_the_same_answer_is_a_page_of_its_own_without_a_script(house: House) -> None:
    page = as_(house.person("sales")).get(ADDRESS, {"q": "bodegas"}).content.decode()
    assert page.startswith("<!doctype html>")
    assert "<mark>Bodegas</mark>" in page


def test_nothing_found_says_what_to_try(house: House) -> None:
    assert "Nada se llama «zzzz»" in hits(house.person("sales"), "zzzz")


@pytest.mark.parametrize("junk", ["\x00", "'", '"', "*", "a" * 500, "<script>", "( OR", "🏭", "مصنع", " "])
def test_whatever_is_typed_is_answered(house: House, junk: str) -> None:
    assert "<script>" not in hits(house.person("sales"), junk)


def test_it_asks_few_questions_of_the_database(house: House) -> None:
    for number in range(12):
        a_service(house, f"Albarán {number}")
        a_contact(house.customer, f"Alba {number}")
    client = as_(house.person("sales"))
    client.get(ADDRESS, {"q": "alba"}, headers={"HX-Request": "true"})
    with CaptureQueriesContext(connection) as caught:
        client.get(ADDRESS, {"q": "alba"}, headers={"HX-Request": "true"})
    assert len(caught) <= 10, [each["sql"] for each in caught]


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Aguas Sierra Clara", "sierra", "Aguas <mark>Sierra</mark> Clara"),
        ("Línea 3", "lin", "<mark>Lín</mark>ea 3"),
        ("Straße", "strass", "<mark>Straß</mark>e"),
        ("<b>Uno</b>", "uno", "&lt;b&gt;<mark>Uno</mark>&lt;/b&gt;"),
        ("=SUM(1)", "sum", "=<mark>SUM</mark>(1)"),
        ("مصنع المياه", "مصنع", "<mark>مصنع</mark> المياه"),
        ("Aguas", "guas", "Aguas"),
        ("Dos dos", "dos", "<mark>Dos</mark> <mark>dos</mark>"),
        ("Niño", "nin", "<mark>Niñ</mark>o"),
    ],
)
def test_the_beginnings_of_words_are_marked_and_nothing_else_is_markup(
    text: str, query: str, shown: str
) -> None:
    assert marked(text, query) == shown
