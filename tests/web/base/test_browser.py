"""The components in a real browser: nothing axe objects to, nothing sticks out, keys and menus work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.factories.parties import a_delegation, a_person, an_area
from tests.support.axe import axe_faults, overflow_faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.browser import PageAs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.any_database,
    pytest.mark.urls("tests.web.base.urls"),
    pytest.mark.django_db(transaction=True),
]


type SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(page_as: PageAs) -> SignedIn:
    """Behind the door, and of the house since today; whom the frame greets is tests/web/base/urls.py's
    business."""
    now = timezone.now()
    person = a_person(area=an_area(now=now), delegation=a_delegation(now=now), now=now)
    return lambda **how: page_as(person, **how)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_components_have_no_fault_and_nothing_sticks_out(
    signed_in: SignedIn, width: int, theme: str
) -> None:
    page = signed_in(width=width)
    page.goto(f"/componentes/?theme={theme}")
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert axe_faults(page) == []
    assert overflow_faults(page) == []


def test_auto_follows_the_device(signed_in: SignedIn) -> None:
    for dark, shown in ((True, "dark"), (False, "light")):
        page = signed_in(dark=dark)
        page.goto("/componentes/")
        assert page.locator("html").get_attribute("data-bs-theme") == shown


def test_ctrl_k_finds_and_opens_by_keyboard_alone(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/componentes/")
    page.keyboard.press("Control+k")
    page.keyboard.type("sierra")
    page.locator(".h-hit").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Recambios"
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/")


def test_an_answer_that_comes_late_leaves_one_where_one_is(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/componentes/")
    page.keyboard.press("Control+k")
    page.locator(".h-hit").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator(".h-hit").first.evaluate("hit => hit.dataset.old = 1")
    page.evaluate("document.querySelector('#palette input').dispatchEvent(new CustomEvent('hilo:opened'))")
    page.locator(".h-hit[data-old]").wait_for(state="detached")
    page.locator(".h-hit:focus", has_text="Recambios").wait_for()


def test_escape_closes_the_search_and_gives_the_focus_back(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/componentes/")
    page.locator(".h-search").click()
    page.locator("#palette[open]").wait_for()
    assert axe_faults(page) == []
    page.keyboard.press("Escape")
    page.locator("#palette[open]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.className") == "h-search"


def test_the_person_menu_opens_by_keyboard_and_closes_from_outside(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/componentes/")
    page.locator(".h-me").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mis datos").wait_for()
    assert axe_faults(page) == []
    page.locator("h1").click()
    assert page.locator(".h-menu-of").get_attribute("open") is None


def test_without_scripts_everything_still_leads_somewhere(signed_in: SignedIn) -> None:
    page = signed_in(scripts=False)
    page.goto("/componentes/")
    page.locator(".h-me").click()
    page.get_by_role("button", name="Salir").wait_for()
    page.locator(".h-confirm summary").first.click()
    page.get_by_role("button", name="Retirar el traspaso").wait_for()
    page.locator(".h-search").click()
    page.wait_for_url("**/search/")


def test_the_frame_stays_in_sight_while_scrolling(signed_in: SignedIn) -> None:
    page = signed_in()
    page.goto("/componentes/")
    page.evaluate("scrollTo(0, 2000)")
    assert page.locator(".h-nav").bounding_box() == {"x": 0, "y": 0, "width": 1440, "height": 53}


def test_a_page_is_light_to_fetch(signed_in: SignedIn) -> None:
    """At most twelve requests, and the second font only where a letter needs it."""
    page = signed_in()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/componentes/")
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 12
    assert not [url for url in asked if "latin-ext" in url]
