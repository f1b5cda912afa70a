"""A real browser in front of a real server: fixtures ``browser``, ``open_page``, ``page``, ``page_as``.

Every page opened here fails its test when a script breaks, when the page asks for something its content
security policy forbids, and when anything at all is requested from another machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from tests.support.chromium import HOW_TO_GET_IT, obtain_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
    from pytest_django.live_server_helper import LiveServer

    from hilo.parties.models import Person

ON_CI = os.environ.get("CI", "").lower() == "true"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
LOCAL_SCHEMES = ("data", "blob", "about", "chrome", "chrome-error")

PATIENCE = 30_000  # milliseconds: on two busy cores a page may take its time

type OpenPage = Callable[..., Page]
type PageAs = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = obtain_chromium()
    if program is None:
        (pytest.fail if ON_CI else pytest.skip)(HOW_TO_GET_IT[0])
    # Playwright's event loop runs in this thread, which makes Django refuse every query of the test itself.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield running
        running.close()


@dataclass
class Watch:
    """What no page of Hilo may do, whatever the test is about."""

    home: str
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"a script broke: {error.error}"))

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.netloc != urlsplit(self.home).netloc:
            self.faults.append(f"left the machine: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """``open_page(width=390, dark=True)``: a page of its own, sharing cookies with no other."""
    watch = Watch(home=live_server.url)
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = 1440, height: int = 900, dark: bool = False, scripts: bool = True) -> Page:
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="es-ES",
            timezone_id="Europe/Madrid",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def page_as(open_page: OpenPage, live_server: LiveServer) -> PageAs:
    """``page_as(person, width=390)``: signed in already; each call is a browser of its own."""

    def open_as(person: Person, **how: int | bool) -> Page:
        page = open_page(**how)
        page.context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": live_server.url}])
        return page

    return open_as


def session_of(person: Person) -> str:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
