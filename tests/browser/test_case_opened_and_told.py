"""A complaint by telephone: opened from the list, the customer told at once, with the date everybody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.quality.models import Case, Stage
from hilo.work.commands.templates import seed_templates
from hilo.work.models import Update
from tests.factories.work import House, a_house, a_thread
from tests.support.axe import axe_faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]


@pytest.fixture
def house() -> Iterator[House]:
    found = a_house()
    seed_templates(by=system(), now=found.at)
    a_thread(found, title="Línea 2 de vidrio")
    with time_machine.travel(found.at + timedelta(minutes=30), tick=True):
        yield found


def open_a_case(page: Page) -> None:
    page.goto("/casos/")
    page.get_by_role("link", name="Abrir un caso").first.click()
    page.get_by_role("combobox", name="Cliente").fill("Bodegas Albarín")
    page.get_by_role("button", name="Seguir").click()
    page.get_by_text("Reclamación", exact=True).click()
    page.get_by_label("Qué pasa, en una frase").fill("La línea 2 no llega a 18.000 botellas")
    page.get_by_label("Qué pide, con sus palabras").fill("Las 18.000 que firmamos")
    page.get_by_label("Alto: no pueden trabajar").check()
    expect(page.locator("[data-levels='high:medium']")).to_be_visible()
    expect(page.locator("[data-levels='medium:medium']")).to_be_hidden()
    page.get_by_label("En qué hilo").select_option(index=0)
    page.get_by_role("button", name="Abrir el caso").click()
    expect(page.get_by_role("heading", name="La línea 2 no llega a 18.000 botellas")).to_be_visible()


def test_a_case_is_opened_and_the_customer_told(house: House, page_as: PageAs) -> None:
    page = page_as(house.person("sales"))
    open_a_case(page)
    case = Case.objects.get()
    assert (case.severity, case.thread.title) == ("high", "Línea 2 de vidrio")

    text = page.get_by_role("textbox", name="Mensaje")
    receipt = text.input_value()
    page.get_by_text("Hay avance", exact=True).click()
    expect(text).not_to_have_value(receipt)
    text.fill("Ya sabemos por qué: el cabezal es de 28 mm.")
    page.get_by_text("Mala noticia", exact=True).click()
    expect(page.get_by_label("Mala noticia")).to_be_checked()
    expect(text).to_have_value("Ya sabemos por qué: el cabezal es de 28 mm.")
    page.locator("label[for^=when-]").first.click()
    page.get_by_role("button", name="Avisar al cliente y quedar para mañana").click()

    expect(page.get_by_text("Lo que le has dicho")).to_be_visible()
    assert axe_faults(page) == []
    case.refresh_from_db()
    update = Update.objects.get()
    assert case.stage == Stage.ACKNOWLEDGED
    assert update.next_news_at == case.thread.next_news_at
    page.goto("/casos/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 caso abierto, y cada cliente sabe")
    assert verify().holds


def test_it_works_without_a_script(house: House, page_as: PageAs) -> None:
    page = page_as(house.person("sales"), scripts=False)
    open_a_case(page)
    page.get_by_role("textbox", name="Mensaje").fill("Lo tenemos.")
    page.get_by_role("button", name="Avisar al cliente y quedar para").click()
    expect(page.get_by_text("Lo que le has dicho")).to_be_visible()
