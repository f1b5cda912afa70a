"""The file opened from disk in a real browser: light, dark, phone, keyboard, paper, and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hilo.insight.report import to_html
from tests.insight.report import diagnoses
from tests.support.axe import axe_faults, overflow_faults

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

type Open = Callable[..., Page]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for make in (diagnoses.rich, diagnoses.empty, diagnoses.hostile):
        (folder / f"{make.__name__}.html").write_text(to_html(make(), "es"), encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser: Browser, files: Path) -> Iterator[Open]:
    """``opened("rich", width=390, dark=True)``. A request that leaves the file fails the test."""
    asked: list[str] = []
    contexts = []

    def open_one(name: str = "rich", *, width: int = 1440, dark: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        context.on("weberror", lambda error: asked.append(f"a script broke: {error.error}"))
        context.on("console", lambda message: asked.append(f"said: {message.text}"))
        page = context.new_page()
        page.goto((files / f"{name}.html").as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not [one for one in asked if not one.startswith(("file:", "data:"))], asked


@pytest.mark.parametrize("dark", (False, True), ids=("light", "dark"))
@pytest.mark.parametrize("name", ("rich", "empty", "hostile"))
def test_axe_finds_nothing_and_nothing_sticks_out(opened: Open, name: str, dark: bool) -> None:
    page = opened(name, dark=dark)
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true; }")
    assert axe_faults(page) == []
    assert overflow_faults(page) == []


@pytest.mark.parametrize("name", ("rich", "empty", "hostile"))
@pytest.mark.parametrize("width", (390, 1024))
def test_nothing_sticks_out_on_a_phone_or_a_tablet(opened: Open, name: str, width: int) -> None:
    page = opened(name, width=width)
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    assert overflow_faults(page) == []
    assert axe_faults(page) == []


def test_the_five_findings_stand_on_the_first_screen(opened: Open) -> None:
    page = opened()
    last = page.locator(".finding").nth(4).bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 900


def test_a_table_is_sorted_by_keyboard(opened: Open) -> None:
    page = opened()
    table = page.locator("#borders table.sheet").first
    heading = table.locator("th button", has_text="Veces")
    heading.focus()
    page.keyboard.press("Enter")
    assert table.locator("th[aria-sort=descending]").inner_text().startswith("Veces")
    assert table.locator("tbody tr").first.locator("td").nth(1).inner_text() == "1.112"
    page.keyboard.press("Enter")
    assert table.locator("th[aria-sort=ascending]").count() == 1
    assert _figures(table) == sorted(_figures(table))


def _figures(table: Any) -> list[int]:
    return [
        int(text.replace(".", "")) for text in table.locator("tbody tr td:nth-child(3)").all_inner_texts()
    ]


def test_evidence_is_copied(opened: Open) -> None:
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first = page.locator(".finding").first
    first.locator("summary").click()
    first.locator("button.copy").click()
    page.wait_for_function("document.querySelector('button.copy').textContent === 'Copiada'")


def test_it_reads_well_with_scripts_switched_off(opened: Open) -> None:
    page = opened(scripts=False)
    assert page.locator(".finding").count() == 5
    assert page.locator(".map-wide svg").is_visible()
    page.locator(".finding summary").first.click()
    assert page.locator(".finding textarea").first.is_visible()
    assert page.locator("button.copy:visible").count() == 0  # nothing to press that does nothing


def test_light_dark_and_the_map_change_without_scripts(opened: Open) -> None:
    page = opened(scripts=False)
    before = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    page.get_by_text("Oscuro", exact=True).click()
    after = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    assert before != after
    assert page.locator(".map-wide .by-n").first.is_visible()
    page.locator(".map-switch").get_by_text("Tiempo").click()
    assert page.locator(".map-wide .by-t").first.is_visible()
    assert not page.locator(".map-wide .by-n").first.is_visible()


def test_a_phone_sees_tables_where_the_map_and_the_matrix_were(opened: Open) -> None:
    page = opened(width=390)
    assert page.locator(".map svg:visible").count() == 0
    assert page.locator(".matrix:visible").count() == 0
    assert page.locator("#map .only-phone table").is_visible()
    small = page.locator("summary:visible, .switch label:visible").evaluate_all(
        "all => all.filter(each => each.getBoundingClientRect().height < 40).map(each => each.outerHTML)"
    )
    assert small == []


def test_paper_is_light_and_has_the_cases_to_check(opened: Open) -> None:
    page = opened(dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    colour = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    assert colour == "rgb(255, 255, 255)"
    assert page.locator(".on-paper").first.is_visible()
    assert page.locator("nav:visible").count() == 0
    assert len(page.pdf(prefer_css_page_size=True)) > 10_000
