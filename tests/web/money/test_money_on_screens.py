"""The money and the invoices on the pages of customers and threads; for whom it is not, no trace of it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from hilo.channels.erp.models import TakenFile, UnsettledRow
from hilo.money.commands.invoices import BilledLine
from hilo.parties.models import Person
from hilo.work.models import Order
from tests.factories.parties import a_company
from tests.factories.work import House
from tests.money.conftest import an_invoice
from tests.web.signed_in import as_, yesterday


def page_of(person: Person, url: str) -> str:
    found = as_(person).get(url)
    assert found.status_code == 200
    return re.sub(r"\s+", " ", found.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def test_a_thread_shows_its_money_and_the_documents_behind_it(house: House, order: Order) -> None:
    page = page_of(house.person("sales"), reverse("web:thread", args=[order.thread.code]))
    assert "F-26-0874" in page
    assert "Juntas de tapa" in page and "Discos de cierre" in page
    for label, amount in (("En riesgo", "300 €"), ("Pendiente de cobro", "1.500 €")):
        assert label in page and amount in page
    assert "Con un caso abierto" in page


def test_a_customer_shows_the_year_the_open_and_what_is_at_risk(house: House, order: Order) -> None:
    page = page_of(house.person("director"), reverse("web:customer", args=[house.customer.pk]))
    assert "Facturado en 12 meses" in page and "1.500 €" in page and "300 €" in page


def test_who_does_not_see_money_sees_neither_sums_nor_invoices(house: House, order: Order) -> None:
    for url in (
        reverse("web:thread", args=[order.thread.code]),
        reverse("web:customer", args=[house.customer.pk]),
    ):
        page = page_of(house.person("technical"), url)
        for word in ("Pendiente de cobro", "Facturado en 12 meses", "1.500", "Discos de cierre</span>"):
            assert word not in page, word


def test_the_story_names_the_invoice_to_everybody_and_its_amount_to_nobody(
    house: House, order: Order
) -> None:
    page = page_of(house.person("technical"), reverse("web:thread", args=[order.thread.code]))
    assert "Número F-26-0874." in page
    assert "1.500" not in page


def test_an_unknown_rate_is_said_and_not_guessed(house: House, order: Order) -> None:
    today = house.at.date()
    an_invoice(house.customer, 70, number="F-2", currency="USD", issued_on=today, due_on=None, now=house.at)
    page = page_of(house.person("sales"), reverse("web:customer", args=[house.customer.pk]))
    assert "No hay cambio conocido para USD" in page


def test_many_invoices_take_no_more_queries_than_few(house: House, order: Order) -> None:
    client, url = as_(house.person("sales")), reverse("web:thread", args=[order.thread.code])
    client.get(url)
    counts = []
    for batch in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for number in range(6):
            line = BilledLine(position=1, text="x", amount=Decimal(1), order_line=order.lines.first())
            an_invoice(
                house.customer,
                line,
                number=f"{batch}-{number}",
                issued_on=house.at.date(),
                due_on=None,
                now=house.at,
            )
    assert counts[0] == counts[1] <= 12


# What the ERP sends ---------------------------------------------------------------------------------------


def test_the_administrator_sees_files_refusals_and_what_waits(house: House) -> None:
    TakenFile.objects.create(
        source="sap",
        kind="orders",
        name="pedidos.csv",
        digest="x",
        taken_at=house.at,
        rows=3,
        added=2,
        refused=1,
        refusals=["Fila 3, columna «Pos»: <b>10</b>"],
        refused_file="pedidos.rechazadas.csv",
    )
    UnsettledRow.objects.create(
        source="sap",
        kind="deliveries",
        key="A-1",
        digest="",
        needs_kind="order",
        needs_id="4711",
        rows=[],
        file="albaranes.csv",
        first_seen_at=house.at,
    )
    page = page_of(house.person("administrator"), reverse("web:erp"))
    assert "Una fila del ERP espera a otra" in page
    assert "no ha llegado el pedido 4711" in page
    assert "pedidos.csv" in page and "pedidos.rechazadas.csv" in page
    assert "&lt;b&gt;10&lt;/b&gt;" in page


def test_nobody_else_sees_that_page(house: House) -> None:
    for who in ("sales", "technical"):
        assert as_(house.person(who)).get(reverse("web:erp")).status_code in (403, 404)


def test_an_empty_feed_says_what_to_do(db: None) -> None:
    company = a_company(now=yesterday())
    assert "HILO_ERP_FOLDER" in page_of(company.administrator, reverse("web:erp"))


def test_a_folder_that_cannot_be_used_is_said_on_that_page(
    db: None, settings: Settings, tmp_path: Path
) -> None:
    company = a_company(now=yesterday())
    settings.HILO_ERP_FOLDER = str(tmp_path)
    page = page_of(company.administrator, reverse("web:erp"))
    assert f"Falta mapping.yaml en {tmp_path}" in page
