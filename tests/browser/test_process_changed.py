"""A process changed in the browser, out as BPMN and in again equal, published, and a running thread moved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from hilo.ledger.verify import verify
from hilo.work.models import TemplateVersion
from hilo.work.template_diff import difference
from hilo.work.template_rows import text_of
from tests.browser.by_hand import press, send
from tests.factories.work import House, a_house, branches
from tests.support.axe import axe_faults, overflow_faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]
HERE = "/ajustes/procesos/branches"


@pytest.fixture
def house() -> Iterator[House]:
    found = a_house()
    with time_machine.travel(found.at + timedelta(minutes=30), tick=True):
        yield found


def looked_at(page: Page, name: str) -> None:
    if folder := os.environ.get("HILO_SHOTS"):
        page.screenshot(path=Path(folder) / f"process-{name}.png", full_page=True)
    assert [*axe_faults(page), *overflow_faults(page)] == [], name


def test_a_process_is_changed_and_a_running_thread_moves_with_its_diff(
    house: House, page_as: PageAs, tmp_path: Path
) -> None:
    thread = branches(house)
    page = page_as(house.company.administrator)
    page.goto(f"{HERE}/1/")
    looked_at(page, "published")
    press(page.get_by_role("button", name="Cambiarlo en un borrador"))
    press(page.get_by_role("link", name="4. Montar, Producción").first)
    page.get_by_label("Tiempo de trabajo").fill("3d")
    page.get_by_label("Lo que necesita, 1", exact=True).fill("Plano con la última revisión")
    looked_at(page, "step")
    press(page.get_by_role("button", name="Guardarlo en el borrador"))
    send(page, f"{HERE}/2/paso/", name="Probar con el cliente", area="sales", target="4h")
    looked_at(page, "draft")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Como BPMN").click()
    file = tmp_path / "changed.bpmn"
    waited.value.save_as(file)

    page.goto("/ajustes/procesos/bpmn/")
    page.get_by_label("Fichero BPMN 2.0").set_input_files(file)
    press(page.get_by_role("button", name="Leerlo"))
    drafted, again = TemplateVersion.objects.filter(number__gte=2).order_by("number")
    assert difference(text_of(drafted), text_of(again)).is_empty
    assert text_of(drafted) == text_of(again)

    page.goto(f"{HERE}/3/cambios/?con=1")
    expect(page.get_by_text("Plano con la última revisión")).to_be_visible()
    expect(page.get_by_text("Probar con el cliente").first).to_be_visible()
    looked_at(page, "diff")
    page.locator("summary", has_text="Publicar").click()
    press(page.get_by_role("button", name="Publicarlo"))
    press(page.get_by_role("link", name="Ver qué cambiaría para ellos"))
    page.get_by_role("checkbox", name=f"Elegir {thread.code}").check()
    press(page.get_by_role("button", name="Ver qué pasaría"))
    expect(page.get_by_text("nuevo: queda previsto")).to_be_visible()
    expect(page.get_by_text("sigue como este paso")).to_be_visible()
    looked_at(page, "moving")
    assert thread.step_runs.count() == 4
    press(page.get_by_role("button", name="Pasarlos a la versión 3"))
    expect(page.get_by_text("1 hilo sigue con la versión 3.")).to_be_visible()
    states = dict(thread.step_runs.values_list("name", "state"))
    assert states["Proyectar"] == "running" and states["Probar con el cliente"] == "planned"
    page.goto(f"/hilos/{thread.code}/")
    expect(page.get_by_text("Sigue con una versión más nueva de su proceso")).to_be_visible()
    assert verify().holds


def test_the_graph_is_walked_with_the_keyboard_in_the_order_of_the_work(
    house: House, page_as: PageAs
) -> None:
    branches(house)
    page = page_as(house.company.administrator)
    page.goto(f"{HERE}/1/")
    page.locator(".hp-picture--wide a").first.focus()
    walked = []
    for _step in range(4):
        walked.append(
            page.evaluate("document.activeElement.querySelector('title').textContent").partition(",")[0]
        )
        page.keyboard.press("Tab")
    assert walked == ["1. Proyectar", "2. Comprar la llenadora", "3. Construir el bastidor", "4. Montar"]
    page.locator(".hp-picture--wide a").nth(3).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#paso-mount")).to_be_in_viewport()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_the_graph_stands_upright_and_nothing_sticks_out(
    house: House, page_as: PageAs, dark: bool
) -> None:
    branches(house)
    page = page_as(house.company.administrator, width=390, dark=dark)
    page.goto(f"{HERE}/1/")
    expect(page.locator(".hp-picture--narrow")).to_be_visible()
    expect(page.locator(".hp-picture--wide")).to_be_hidden()
    looked_at(page, f"phone-{dark}")
    press(page.get_by_role("button", name="Cambiarlo en un borrador"))
    looked_at(page, f"phone-draft-{dark}")
    press(page.get_by_role("link", name="2. Comprar la llenadora").first)
    looked_at(page, f"phone-step-{dark}")
