"""The handoff's pages as people see them: on a desk and on a phone, light and dark, with keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.support.axe import axe_faults, overflow_faults
from tests.web.handoffs.scenes import Morning, a_long_name, a_morning
from tests.web.handoffs.shots import shoot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]


@pytest.fixture
def morning() -> Iterator[Morning]:
    made = a_morning()
    with time_machine.travel(made.house.at, tick=True):
        yield made


SIZES = [(1440, False), (1440, True), (390, False), (390, True)]


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_no_page_of_a_handoff_has_a_fault_or_sticks_out(
    morning: Morning, page_as: PageAs, width: int, dark: bool
) -> None:
    a_long_name(morning)
    receiver = page_as(morning.technician, width=width, dark=dark)
    giver = page_as(morning.seller, width=width, dark=dark)
    head = page_as(morning.house.company.heads["technical"], width=width, dark=dark)
    full = f"/traspasos/{morning.full.pk}/"
    for page, path, name in (
        (receiver, full, "receiver"),
        (receiver, f"/traspasos/{morning.light.pk}/", "light"),
        (receiver, "/traspasos/", "list"),
        (giver, full, "giver"),
        (giver, "/traspasos/?view=given", "given"),
        (head, "/traspasos/", "figures"),
    ):
        page.goto(path)
        shoot(page, f"handoff-{name}-{width}-{'dark' if dark else 'light'}")
        assert axe_faults(page) == []
        assert overflow_faults(page) == []


def test_each_answer_shows_its_own_fields_and_what_happens_next(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician)
    page.goto(f"/traspasos/{morning.full.pk}/")
    expect(page.get_by_role("button", name="Aceptar el traspaso")).to_be_visible()
    page.get_by_text("Me impide empezar").first.click()
    expect(page.get_by_role("button", name="Aceptar el traspaso")).to_be_hidden()
    page.get_by_text("Aceptar con condiciones", exact=True).click()
    expect(page.get_by_role("button", name="Proponer estas condiciones")).to_be_visible()
    shoot(page, "handoff-conditions-1440-light")
    page.get_by_text("Devolver", exact=True).click()
    expect(page.get_by_text("Cuenta como devuelto entre las dos áreas")).to_be_visible()
    page.get_by_role("button", name="Devolver a Comercial").click()
    expect(page.locator("#id_comment_error")).to_be_visible()
    shoot(page, "handoff-return-1440-light")
    page.get_by_label("Qué necesitas para aceptarlo").fill("El plano con la acometida")
    page.get_by_role("button", name="Devolver a Comercial").click()
    expect(page.get_by_text("vuelve a Comercial con tu motivo")).to_be_visible()
    giver = page_as(morning.seller)
    giver.goto(f"/traspasos/{morning.full.pk}/")
    expect(giver.get_by_text("«El plano con la acometida»").first).to_be_visible()
    shoot(giver, "handoff-returned-1440-light")
    giver.get_by_role("button", name="Completarlo y volver a ofrecer").click()
    shoot(giver, "handoff-again-1440-light")
    assert axe_faults(giver) == []


def test_it_can_be_answered_without_a_script(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician, scripts=False)
    page.goto(f"/traspasos/{morning.full.pk}/")
    page.get_by_role("button", name="Aceptar el traspaso").click()
    expect(page.get_by_text("queda en manos de Oficina técnica")).to_be_visible()
    morning.full.refresh_from_db()
    assert morning.full.state == "accepted"


def test_a_light_one_is_accepted_with_one_key_on_its_page(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician)
    page.goto(f"/traspasos/{morning.light.pk}/")
    page.keyboard.press("a")
    expect(page.get_by_text("queda en manos de Oficina técnica")).to_be_visible()
    morning.light.refresh_from_db()
    assert morning.light.state == "accepted"
