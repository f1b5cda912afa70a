"""The board, kept views, several at once and the file, in a browser: desk and phone, light and dark, keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import axe_faults, overflow_faults
from tests.web.handoffs.shots import shoot
from tests.web.lists.scenes import a_morning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]
PAGES = (
    ("/hilos/tablero/", "board"),
    ("/hilos/filtrar/", "filters"),
    ("/hilos/vistas/", "views"),
    ("/hilos/vistas/nueva/?view=silent", "view-new"),
    ("/hilos/exportar/", "export"),
)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_no_page_has_a_fault_or_sticks_out(page_as: PageAs, width: int, dark: bool) -> None:
    page = page_as(a_morning().person("sales"), width=width, dark=dark)
    for path, name in PAGES:
        page.goto(path)
        shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
        assert axe_faults(page) == [], path
        assert overflow_faults(page) == [], path


def test_a_view_is_kept_and_found_again_and_what_was_refused_stays_ticked(page_as: PageAs) -> None:
    page = page_as(a_morning().person("sales"))
    page.goto("/hilos/?view=open&q=etiquetadora")
    page.get_by_role("link", name="Guardar esta vista").click()
    page.get_by_label("Nombre de la vista").fill("Etiquetadoras")
    page.get_by_role("button", name="Guardar la vista").click()
    expect(page.get_by_role("link", name="Etiquetadoras")).to_have_attribute("aria-current", "true")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("checkbox", name="Marcar Etiquetadora de repuesto").check()
    page.get_by_role("button", name="Hacer algo con los marcados").click()
    page.get_by_label("Enviar al archivo").check()
    assert axe_faults(page) == []
    shoot(page, "bulk")
    page.get_by_role("button", name="Hacerlo con el hilo").click()
    expect(page.get_by_role("heading", name="Lo que no se ha hecho, y por qué")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Marcar Etiquetadora de repuesto")).to_be_checked()
    assert axe_faults(page) == []
    shoot(page, "bulk-run")


def test_the_list_is_saved_as_a_file_by_a_click(page_as: PageAs) -> None:
    page = page_as(a_morning().person("sales"))
    page.goto("/hilos/")
    page.get_by_role("link", name="Exportar").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="Guardar en Excel").click()
    assert caught.value.suggested_filename.endswith(".xlsx")


def test_the_filters_come_when_they_are_opened(page_as: PageAs) -> None:
    page = page_as(a_morning().person("sales"))
    page.goto("/hilos/")
    page.get_by_text("Filtrar", exact=True).click()
    page.get_by_label("Texto").fill("etiquetadora")
    page.get_by_role("button", name="Acotar la lista").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_card_is_dragged_or_moved_by_keys_to_the_page_that_does_it(page_as: PageAs) -> None:
    house = a_morning()
    page = page_as(house.person("sales"))
    page.goto("/hilos/tablero/")
    card = page.locator("[data-card]").first
    card.drag_to(page.locator("[data-column=sell]"))
    expect(page.get_by_role("alert").or_(page.locator(".h-alert"))).to_contain_text("nadie lo ha aceptado")
    page.goto("/hilos/tablero/")
    page.get_by_role("link", name="Mover Línea 3 de PET, 24.000 botellas/h").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Ver el traspaso")).to_be_visible()
    assert axe_faults(page) == []
    shoot(page, "moving")
