"""The whole way in a real browser: nothing overflows on a telephone, axe finds no fault."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from hilo.parties.models import Customer
from tests.factories.parties import a_company
from tests.support.axe import axe_faults, overflow_faults
from tests.support.browser import PageAs
from tests.web.signed_in import yesterday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "Código;Nombre;Ciudad;Fax\n1;Bodegas Lora;Haro;1\n2;;Avilés;2\n3;{long};Jaén;3\n".format(
    long="n" * 200
)


def looked_at(page: Page, name: str) -> None:
    folder = os.environ.get("HILO_SHOTS")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow_faults(page) == []
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
    assert axe_faults(page) == []


def test_a_file_is_brought_in_by_hand(page_as: PageAs, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    company = a_company(now=yesterday())
    page = page_as(company.administrator)
    path = tmp_path / "clientes.csv"
    path.write_text(ROWS, encoding="utf-8")
    page.goto("/importar/")
    looked_at(page, "upload")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Mirar el fichero").click()
    page.get_by_text("Lo que pasará").first.wait_for()
    looked_at(page, "look")
    page.get_by_label("Dejar fuera las filas rechazadas").check()
    page.get_by_role("button", name="Traerlo").click()
    page.get_by_text("2 nuevos").wait_for()
    looked_at(page, "done")
    assert Customer.objects.count() == 2
