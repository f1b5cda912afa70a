"""Customers and cases as files: what the list shows, to whom, and as many queries for many as for few."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from hilo.parties.actor import system
from hilo.parties.models import Customer, Person
from hilo.parties.modules import forget
from hilo.quality.models import Case
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import Thread
from tests.factories.parties import a_customer
from tests.factories.work import House, a_house
from tests.web.cases.scenes import Week, a_week, many_cases
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
CUSTOMERS, CASES = "/clientes/exportar/clientes", "/casos/exportar/casos"
NASTY = '=HYPERLINK("http://x","y")'


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


@pytest.fixture
def week() -> Week:
    return a_week()


def body(person: Person, path: str, **query: str) -> bytes:
    answer = as_(person).get(path, query)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return b"".join(answer.streaming_content)


def rows(person: Person, path: str, **query: str) -> list[dict[str, str]]:
    text = body(person, f"{path}.csv", **query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def sheet(person: Person, path: str) -> list[list[object]]:
    book = load_workbook(io.BytesIO(body(person, f"{path}.xlsx")))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


# ---- customers ------------------------------------------------------------------------------------------


def test_customers_leave_as_they_are_narrowed_with_what_is_open(house: House) -> None:
    Customer.objects.filter(pk=house.customer.pk).update(tier="A", city="Haro")
    other = a_customer(delegation=house.company.zaragoza, keeper=house.person("sales"), now=house.at)
    Customer.objects.filter(pk=other.pk).update(tier="C", name=NASTY)
    open_thread(
        customer=house.customer, title="Línea", kind="service", owner=house.person("sales"),
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    found = {row["Cliente"]: row for row in rows(house.company.director, CUSTOMERS)}
    assert found[house.customer.name]["Ciudad"] == "Haro"
    assert found[house.customer.name]["Hilos abiertos"] == "1"
    assert f"'{NASTY}" in found, "nothing executes"
    assert [row["Cliente"] for row in rows(house.company.director, CUSTOMERS, tier="A")] == [
        house.customer.name
    ]
    assert NASTY in [line[0] for line in sheet(house.company.director, CUSTOMERS)]


def test_what_is_confidential_is_counted_in_nobody_elses_file(house: House) -> None:
    sales = house.person("sales")
    secret = open_thread(
        customer=house.customer, title="Secreta", kind="service", owner=sales,
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    make_confidential(secret, readers=[sales], seen=secret.version, by=system(), now=house.at)
    assert rows(sales, CUSTOMERS)[0]["Hilos abiertos"] == "1"
    assert rows(house.company.director, CUSTOMERS)[0]["Hilos abiertos"] == "0"


def test_many_customers_cost_as_many_queries_as_few(house: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            body(house.company.director, f"{CUSTOMERS}.csv")
        return len(caught)

    for number in range(4):
        a_customer(f"Bodegas {number}", delegation=house.company.zaragoza, keeper=house.person("sales"))
    asked()  # what is asked once per process
    few = asked()
    for number in range(4, 60):
        a_customer(f"Bodegas {number}", delegation=house.company.zaragoza, keeper=house.person("sales"))
    assert asked() == few <= 35


# ---- cases ----------------------------------------------------------------------------------------------


def test_cases_leave_in_the_order_of_the_list(week: Week) -> None:
    director = week.house.company.director
    found = rows(director, CASES, order="money")
    assert found[0]["Qué pasa"] == week.complaint.title
    assert len(found) == 5
    assert "Responsable" in found[0] and "Próximas noticias" in found[0]
    assert [row["Qué pasa"] for row in rows(director, CASES, kind="near_miss")] == [week.near_miss.title]
    Case.objects.filter(pk=week.complaint.pk).update(title=NASTY)
    assert rows(director, CASES, order="money")[0]["Qué pasa"] == f"'{NASTY}"
    assert NASTY in [line[1] for line in sheet(director, CASES)]


def test_closed_cases_leave_without_a_name(week: Week) -> None:
    (row,) = rows(week.house.company.director, CASES, view="closed")
    assert row["Qué pasa"] == week.closed.title
    assert "Responsable" not in row and row["Cerrado el"]


def test_money_stands_in_no_file_for_who_sees_none_or_while_it_rests(week: Week) -> None:
    director, other = week.house.company.director, week.house.person("technical")
    for path in (CASES, CUSTOMERS):
        assert "Moneda" in rows(director, path)[0]
        assert "Moneda" not in rows(other, path)[0]
    assert "118400" in body(director, f"{CASES}.csv").decode()
    assert "118400" not in body(other, f"{CASES}.csv").decode()
    forget(frozenset({"money", "erp"}))
    for path in (CASES, CUSTOMERS):
        assert "Moneda" not in rows(director, path)[0]
    assert "118400" not in body(director, f"{CASES}.csv").decode()


def test_while_cases_rest_there_is_no_file_of_them(week: Week) -> None:
    forget(frozenset({"cases", "causes", "week"}))
    assert as_(week.house.company.director).get(f"{CASES}.csv").status_code == 404


def test_a_case_of_a_confidential_thread_is_in_nobody_elses_file(week: Week) -> None:
    thread = Thread.objects.get(pk=week.complaint.thread_id)
    reader = week.house.person("sales")
    make_confidential(thread, readers=[reader], seen=thread.version, by=system(), now=week.house.at)
    titles = [row["Qué pasa"] for row in rows(week.house.company.director, CASES)]
    assert week.complaint.title not in titles


@pytest.mark.parametrize("view", ["open", "closed"])
def test_many_cases_cost_as_many_queries_as_few(house: House, view: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            body(house.company.director, f"{CASES}.csv", view=view)
        return len(caught)

    many_cases(house, 10)
    asked()
    few = asked()
    many_cases(house, 60)
    assert asked() == few <= 55


# ---- the page before ------------------------------------------------------------------------------------


def test_the_page_before_says_how_many_and_which_columns_and_keeps_the_filter(week: Week) -> None:
    client = as_(week.house.company.director)
    page = client.get("/casos/exportar/?order=severity&page=2").content.decode()
    assert "5 casos en un fichero" in page and "casos.xlsx?order=severity" in page
    assert 'casos.xlsx?order=severity"' in page, "the file has all pages"
    page = client.get("/clientes/exportar/").content.decode()
    assert "en un fichero" in page and "clientes.csv" in page
    assert "/casos/exportar/?order=severity" in client.get("/casos/?order=severity").content.decode()
    Customer.objects.update(tier="A")
    assert '/clientes/exportar/?tier=A"' in client.get("/clientes/?tier=A&page=3").content.decode()
