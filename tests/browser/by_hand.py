"""What a person does with the pages of Hilo: fill in a form and press its one button."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def send(page: Page, address: str, **typed: str | list[str]) -> None:
    """Fill in the page's form, choice or date as it comes, and press its one primary button."""
    page.goto(address)
    form = page.locator("form.h-form")
    for name, value in typed.items():
        put(form.locator(f"[name='{name}']").first, value)
    form.locator(".h-form__do button").click()
    page.wait_for_load_state()
    assert not page.locator(".h-error").count(), page.locator(".h-error").all_inner_texts()


def put(field, value: str | list[str]) -> None:  # type: ignore[no-untyped-def]
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(value)
    elif field.get_attribute("type") == "radio":
        field.page.locator(f"[name='{field.get_attribute('name')}'][value='{value}']").check(force=True)
    elif field.get_attribute("type") == "checkbox":
        field.check(force=True)
    else:
        field.fill(value)


def choose(where: Page | Locator, name: str, value: str) -> None:
    """A choice among several that are drawn as buttons: what one clicks is the label."""
    radio = where.locator(f"[name='{name}'][value='{value}']")
    page = where if isinstance(where, Page) else where.page
    if not radio.is_checked():
        page.locator(f"label[for='{radio.get_attribute('id')}']").click()
    expect(page.locator(f"[name='{name}'][value='{value}']")).to_be_checked()


def press(button: Locator) -> None:
    """And wait until the page that answers is there."""
    with button.page.expect_navigation():
        button.click()
