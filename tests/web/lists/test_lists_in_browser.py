"""Lists, a customer and Ctrl K as people see them: on a desk and on a phone, light and dark, with keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import axe_faults, overflow_faults
from tests.web.handoffs.shots import shoot
from tests.web.lists.scenes import HOSTILE, a_morning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]
SIZES = [(1440, False), (1440, True), (390, False), (390, True)]


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_no_page_has_a_fault_or_sticks_out(page_as: PageAs, width: int, dark: bool) -> None:
    house = a_morning()
    seller = page_as(house.person("sales"), width=width, dark=dark)
    director = page_as(house.company.director, width=width, dark=dark)
    customer = f"/clientes/{house.customer.pk}/"
    for page, path, name in (
        (seller, "/hilos/", "threads"),
        (seller, "/hilos/?q=zzz", "threads-none"),
        (seller, "/hilos/?view=archived", "threads-archived"),
        (seller, f"/hilos/nuevo/?customer={house.customer.pk}", "thread-new"),
        (seller, "/clientes/", "customers"),
        (director, customer, "customer"),
        (seller, f"{customer}datos/", "customer-edit"),
        (seller, f"/contactos/{house.contact.pk}/", "contact"),
        (director, f"/contactos/{house.contact.pk}/borrar/", "contact-erase"),
        (director, f"{customer}unir/", "merge"),
        (seller, "/buscar/?q=n", "search"),
    ):
        page.goto(path)
        shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
        assert axe_faults(page) == [], path
        assert overflow_faults(page) == [], path


def test_strange_names_run_no_script_and_stay_text(page_as: PageAs) -> None:
    house = a_morning()
    page = page_as(house.person("sales"))
    for path in ("/hilos/", "/clientes/", "/buscar/?q=negrita"):
        page.goto(path)
        expect(page.get_by_text(HOSTILE[3]).first).to_be_visible()


def test_ctrl_k_finds_as_one_types_and_the_arrows_open_it(page_as: PageAs) -> None:
    house = a_morning()
    page = page_as(house.person("sales"))
    page.goto("/hilos/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("heading", name="Hacer")).to_be_visible()
    page.keyboard.type("albar")
    expect(page.locator(".h-palette mark").first).to_have_text("Albar")
    shoot(page, "palette")
    assert axe_faults(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{page.url.split('/hilos')[0].split('/clientes')[0]}/clientes/{house.customer.pk}/"
    )


def test_a_thread_is_opened_with_three_fields(page_as: PageAs) -> None:
    house = a_morning()
    page = page_as(house.person("sales"))
    page.goto("/hilos/nuevo/")
    page.get_by_role("combobox", name="Cliente").fill("Bodegas Albar")
    expect(page.locator("#customer-options option")).to_have_count(1)
    page.get_by_label("De qué va").fill("Taponadora")
    page.get_by_label("Tipo").select_option("service")
    page.get_by_role("button", name="Abrir el hilo").click()
    expect(page.get_by_role("heading", name="Taponadora")).to_be_visible()


def test_filter_and_order_work_without_a_script(page_as: PageAs) -> None:
    house = a_morning()
    page = page_as(house.person("sales"), scripts=False)
    page.goto("/hilos/")
    page.get_by_text("Filtrar", exact=True).click()
    page.get_by_role("link", name="Elegir los filtros").click()
    page.get_by_label("Texto").fill("etiquetadora")
    page.get_by_role("button", name="Acotar la lista").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text("Por consecuencia").first.click()
    page.get_by_role("link", name="Los más antiguos primero").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_two_customers_are_joined_and_parted_again_in_the_browser(page_as: PageAs) -> None:
    house = a_morning()
    page = page_as(house.company.director)
    page.goto(f"/clientes/{house.customer.pk}/unir/")
    page.get_by_label("El otro cliente").fill(HOSTILE[2])
    page.get_by_role("button", name="Ver qué pasaría").click()
    expect(page.get_by_text("Lo que pasará")).to_be_visible()
    page.get_by_role("button", name="Unirlos").click()
    expect(page.get_by_text("es parte de este cliente")).to_be_visible()
    page.get_by_text("Deshacer", exact=True).click()
    page.get_by_role("button", name="Que vuelvan a ser dos").click()
    expect(page.get_by_role("heading", name=HOSTILE[2])).to_be_visible()
