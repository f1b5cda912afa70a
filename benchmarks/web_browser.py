"""What a browser sees: weight and requests of a page, when its content is there, how long a click takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.figures import middle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TIMES = 3
_PAINTED = """() => new Promise(done => {
  const known = performance.getEntriesByName('first-contentful-paint')[0];
  if (known) return done(known.startTime);
  new PerformanceObserver(list => {
    const found = list.getEntriesByName('first-contentful-paint')[0];
    if (found) done(found.startTime);
  }).observe({type: 'paint', buffered: true});
})"""


@dataclass(slots=True)
class Visit:
    kilobytes: float = 0
    requests: int = 0
    visible_ms: float = 0
    kinds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    cold: Visit
    warm: Visit
    click_ms: float


def look(url: str, session: str, path: str, list_path: str) -> Seen | None:
    """None without a Chromium."""
    from tests.support.chromium import find_chromium

    program = find_chromium()
    if program is None:
        return None
    with _browser(program) as browser:
        pairs = [_cold_and_warm(browser, url, session, path) for _time in range(TIMES)]
        click = _click(browser, url, session, path, list_path)
    return Seen(_middle([cold for cold, _warm in pairs]), _middle([warm for _cold, warm in pairs]), click)


@contextmanager
def _browser(program: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from tests.support.browser import FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=FLAGS)
        yield browser
        browser.close()


def _cold_and_warm(browser: Browser, url: str, session: str, path: str) -> tuple[Visit, Visit]:
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="es-ES")
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    page = context.new_page()
    cold, warm = _visit(page, path), _visit(page, path)
    context.close()
    return cold, warm


def _visit(page: Page, path: str) -> Visit:
    """``encodedDataLength`` is what came over the wire: nothing for what the browser kept."""
    visit, sessions = Visit(), page.context.new_cdp_session(page)
    sessions.send("Network.enable")
    from_cache: set[str] = set()

    def served(event: dict[str, Any]) -> None:
        from_cache.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in from_cache and event["encodedDataLength"] > 0:
            visit.kilobytes += event["encodedDataLength"] / 1000
            visit.requests += 1

    sessions.on("Network.requestServedFromCache", served)
    sessions.on("Network.loadingFinished", finished)
    page.goto(path, wait_until="networkidle")
    visit.visible_ms = float(page.evaluate(_PAINTED))
    sessions.detach()
    return visit


def _click(browser: Browser, url: str, session: str, path: str, list_path: str) -> float:
    """From the click on a thread in the list to its title standing there."""
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900}, locale="es-ES")
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    taken = []
    for _time in range(TIMES):
        page.goto(list_path, wait_until="networkidle")
        link = page.locator('main a[href^="/hilos/2"]').first
        link.wait_for()
        link.evaluate(
            "link => { sessionStorage.clicked = String(performance.timeOrigin + performance.now());"
            " link.click(); }"
        )
        page.wait_for_url("**/hilos/2**", wait_until="commit")
        since = "performance.timeOrigin - Number(sessionStorage.clicked)"
        taken.append(float(page.evaluate(f"async () => {since} + await ({_PAINTED})()")))
    context.close()
    return middle(taken)


def _middle(visits: list[Visit]) -> Visit:
    return Visit(
        middle(each.kilobytes for each in visits),
        round(middle(each.requests for each in visits)),
        middle(each.visible_ms for each in visits),
    )
