"""The money of a thread and a customer, and the ERP's page, as one sees them; at 390 px and in the dark."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from hilo.channels.erp.models import TakenFile, UnsettledRow
from tests.support.axe import axe_faults, overflow_faults
from tests.web.money.conftest import a_billed_house
from tests.web.signed_in import yesterday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("HILO_SHOTS", "")


def something_came() -> None:
    at = yesterday()
    TakenFile.objects.create(
        source="sap",
        kind="orders",
        name="pedidos-2026-11-23-con-un-nombre-muy-largo-que-no-se-acaba-nunca.csv",
        digest="x",
        taken_at=at,
        rows=1203,
        added=1200,
        refused=3,
        refusals=["Fila 3, columna «Pos»: «x» no es un número de línea: va del 1 al 32767, sin decimales."],
        refused_file="pedidos.rechazadas.1a2b3c4d.csv",
    )
    for number in range(2):
        UnsettledRow.objects.create(
            source="sap",
            kind="deliveries",
            key=f"A-{number}",
            needs_kind="order",
            needs_id="4711",
            rows=[],
            file="albaranes.csv",
            first_seen_at=at - timedelta(days=9 * number),
        )


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)])
def test_axe_finds_nothing_and_nothing_sticks_out(page_as: Any, width: int, dark: bool) -> None:
    house, order = a_billed_house()
    something_came()
    people = {"director": "customer", "sales": "thread", "administrator": "erp"}
    urls = {
        "customer": reverse("web:customer", args=[house.customer.pk]),
        "thread": reverse("web:thread", args=[order.thread.code]),
        "erp": reverse("web:erp"),
    }
    for who, name in people.items():
        page = page_as(house.person(who), width=width, dark=dark)
        page.goto(urls[name])
        for details in page.locator("main details:not([data-menu])").all():
            details.evaluate("one => { one.open = true }")
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}-{dark}.png"), full_page=True)
        assert axe_faults(page) == [] and overflow_faults(page) == [], name
