"""The map as people use it: dragging with the mouse, moving with keys, on a phone, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.replanning import replan_step
from hilo.work.models import PlanMove, StepRun, Update
from tests.factories.planning import Scene, a_review, a_scene
from tests.support.axe import axe_faults, overflow_faults
from tests.web.handoffs.shots import shoot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = a_scene()
    a_review(made)
    with time_machine.travel(made.now, tick=True):
        yield made


def address(scene: Scene) -> str:
    return f"/hilos/{scene.thread.code}/mapa/"


def handle(page: Page, run: StepRun, edge: str = "end") -> Locator:
    return page.locator(f"[data-handle][data-run='{run.pk}'][data-edge='{edge}']:visible")


def drag(page: Page, what: Locator, by: float) -> None:
    box = what.locator(".m-handle__knob").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, y, steps=4)
    page.mouse.move(x + by, y, steps=4)
    page.mouse.up()


@pytest.mark.parametrize(
    ("width", "dark"), [(1440, False), (1440, True), (1000, False), (390, False), (390, True)]
)
def test_no_page_of_the_map_has_a_fault_or_sticks_out(
    scene: Scene, page_as: PageAs, width: int, dark: bool
) -> None:
    page = page_as(scene.owner, width=width, dark=dark)
    mount = scene.run("deliver")
    name = f"{width}-{'dark' if dark else 'light'}"
    late = (scene.promise.due_at + timedelta(days=7)).date()
    for path, said in (
        (address(scene), "map"),
        (f"{address(scene)}mover/{mount.pk}/?edge=end&to={late}", "late"),
        ("/mi-semana/", "week"),
        ("/mi-cuenta/calendario/", "calendar"),
    ):
        page.goto(path)
        shoot(page, f"{said}-{name}")
        assert axe_faults(page) == [], path
        assert overflow_faults(page) == [], path


def test_a_date_is_dragged_what_follows_is_seen_and_then_saved(scene: Scene, page_as: PageAs) -> None:
    page = page_as(scene.owner)
    page.goto(address(scene))
    build = scene.run("build")
    drag(page, handle(page, build), 200)
    panel = page.locator("#consequences")
    expect(panel.get_by_role("heading", name="Mover «Fabricación del bastidor»")).to_be_visible()
    expect(panel.get_by_text("se mueven también")).to_be_visible()
    expect(panel.get_by_text("llegaría tarde").first).to_be_visible()
    assert not PlanMove.objects.exists(), "seeing changes nothing"
    shoot(page, "dragged-1440-light")
    panel.get_by_label("Por qué se mueve").fill("El acero llega una semana tarde")
    panel.get_by_role("button", name="Avisar al cliente y mover la fecha").click()
    expect(page.get_by_text("La fecha está movida y el cliente, avisado.")).to_be_visible()
    moved = PlanMove.objects.get()
    assert (moved.reason, moved.step_run_id) == ("El acero llega una semana tarde", build.pk)
    assert "24.000" in Update.objects.get().thread.title


def test_a_date_is_moved_with_keys_and_put_back(scene: Scene, page_as: PageAs) -> None:
    page = page_as(scene.owner)
    page.goto(address(scene))
    buy = scene.run("buy")
    before = buy.due_at
    handle(page, buy).focus()
    page.keyboard.press("ArrowRight")
    panel = page.locator("#consequences")
    expect(panel.get_by_role("heading", name="Mover «Comprar la llenadora»")).to_be_visible()
    expect(handle(page, buy)).to_be_focused()
    expect(handle(page, buy)).to_have_attribute("aria-valuetext", "el 8 dic")
    panel.get_by_label("Por qué se mueve").fill("El proveedor pide un día")
    panel.get_by_role("button", name="Mover la fecha").click()
    expect(page.get_by_text("La fecha está movida.")).to_be_visible()
    buy.refresh_from_db()
    assert before is not None and buy.due_at is not None and buy.due_at > before
    shoot(page, "moved-1440-light")
    page.get_by_role("button", name="Deshacerlo").click()
    expect(page.get_by_text("Todas las fechas están como antes.")).to_be_visible()
    buy.refresh_from_db()
    assert buy.due_at == before


def test_a_step_dragged_into_the_past_is_neither_begun_nor_done(scene: Scene, page_as: PageAs) -> None:
    page = page_as(scene.owner)
    page.goto(address(scene))
    buy = scene.run("buy")
    drag(page, handle(page, buy), -900)
    refusal = page.locator("#consequences").get_by_role("alert")
    expect(refusal).to_contain_text("Una fecha pasada no empieza ni termina un paso")
    assert page.locator("form.m-save").count() == 0, "there is nothing to save"
    drag(page, handle(page, buy, "start"), -120)
    expect(refusal).to_contain_text("espera a «Ingeniería»")
    shoot(page, "refused-1440-light")
    buy.refresh_from_db()
    assert buy.state == "planned" and not PlanMove.objects.exists()


def test_a_page_that_grew_old_saves_nothing_and_shows_what_would_follow_now(
    scene: Scene, page_as: PageAs
) -> None:
    page = page_as(scene.owner)
    buy = scene.run("buy")
    page.goto(f"{address(scene)}mover/{buy.pk}/?edge=end&to=2026-12-09")
    design = scene.run("design")
    replan_step(
        design, edge="end", to=scene.now + timedelta(days=7), reason="Más horas", seen=design.version,
        telling=Telling(text="Serán unos días más.", contacts=[scene.house.contact], channel="call"),
        by=scene.house.actor("technical"), now=scene.now,
    )  # fmt: skip
    page.get_by_label("Por qué se mueve").fill("El proveedor")
    page.get_by_role("button", name="Mover la fecha").or_(
        page.get_by_role("button", name="Avisar al cliente y mover la fecha")
    ).click()
    expect(page.locator(".h-stale").or_(page.locator(".h-alert--late")).first).to_be_visible()
    assert not PlanMove.objects.filter(step_run=buy).exists()


def test_it_works_without_a_script(scene: Scene, page_as: PageAs) -> None:
    page = page_as(scene.owner, scripts=False)
    page.goto(address(scene))
    page.get_by_role("link", name="Mover «Comprar la llenadora»").click()
    page.get_by_role("button", name="Un día laborable después").click()
    page.get_by_label("Por qué se mueve").fill("El proveedor pide un día")
    page.get_by_role("button", name="Mover la fecha").click()
    expect(page.get_by_text("La fecha está movida.")).to_be_visible()
    assert PlanMove.objects.count() == 1


def test_on_a_phone_a_finger_drags_as_well(scene: Scene, page_as: PageAs) -> None:
    page = page_as(scene.owner, width=390)
    page.goto(address(scene))
    drag(page, handle(page, scene.run("buy")), 30)
    expect(page.locator("#consequences").get_by_text("más tarde")).to_be_visible()
