"""Mi día as people see and drive it: on a desk and on a phone, light and dark, with and without a mouse."""

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


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False), (390, True)])
def test_mi_dia_has_no_fault_and_nothing_sticks_out(
    morning: Morning, page_as: PageAs, width: int, dark: bool
) -> None:
    for person, name in ((morning.technician, "full"), (morning.house.person("logistics"), "clear")):
        page = page_as(person, width=width, dark=dark)
        page.goto("/")
        shoot(page, f"my-day-{name}-{width}-{'dark' if dark else 'light'}")
        assert axe_faults(page) == []
        assert overflow_faults(page) == []
    a_long_name(morning)
    page = page_as(morning.seller, width=width, dark=dark)
    page.goto("/")
    shoot(page, f"my-day-long-{width}-{'dark' if dark else 'light'}")
    assert axe_faults(page) == []
    assert overflow_faults(page) == []


def test_one_click_accepts_a_light_offer(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician)
    page.goto("/")
    page.get_by_role("button", name="Aceptar «Proyectar»").click()
    expect(page.get_by_text("queda en manos de Oficina técnica")).to_be_visible()
    morning.light.refresh_from_db()
    assert morning.light.state == "accepted"


def test_the_key_a_accepts_the_first_offer_when_no_row_is_chosen(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician)
    page.goto("/")
    page.keyboard.press("a")
    expect(page.get_by_text("queda en manos de Oficina técnica")).to_be_visible()
    morning.light.refresh_from_db()
    assert morning.light.state == "accepted"


def test_j_and_k_walk_the_rows_and_a_leaves_alone_a_row_without_an_offer(
    morning: Morning, page_as: PageAs
) -> None:
    page = page_as(morning.technician)
    page.goto("/")
    rows = page.locator("[data-row] [data-opens-row]")
    offer = page.locator("[data-row]:has([data-accepts])")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    while not offer.evaluate("row => row.contains(document.activeElement)"):
        page.keyboard.press("a")
        page.keyboard.press("j")
    morning.light.refresh_from_db()
    assert morning.light.state == "offered"
    page.keyboard.press("a")
    expect(page.get_by_text("queda en manos de Oficina técnica")).to_be_visible()


def test_enter_opens_the_row_in_focus(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician)
    page.goto("/")
    full = page.locator(f'[data-opens-row][href="/traspasos/{morning.full.pk}/"]')
    while not full.evaluate("link => link === document.activeElement"):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/traspasos')[0].rstrip('/')}/traspasos/{morning.full.pk}/")


def test_without_a_script_the_offer_is_accepted_all_the_same(morning: Morning, page_as: PageAs) -> None:
    page = page_as(morning.technician, scripts=False)
    page.goto("/")
    page.get_by_role("button", name="Aceptar «Proyectar»").click()
    expect(page.get_by_text("queda en manos de Oficina técnica")).to_be_visible()
