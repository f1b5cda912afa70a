"""What axe finds wrong with a page for people who do not see it or do not use a mouse."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js"


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def axe_faults(page: Page) -> list[str]:
    """One line per fault and place. Evaluated over the debugging protocol, so the strict CSP stays on."""
    page.evaluate(_source())
    violations = page.evaluate("() => axe.run().then(found => found.violations)")
    return [
        f"{fault['id']} ({fault['help']}): {' '.join(map(str, node['target']))} in {node['html'][:160]}"
        for fault in violations
        for node in fault["nodes"]
    ]


def overflow_faults(page: Page) -> list[str]:
    """What sticks out of the window to the right, when the page can be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .map(one => one.outerHTML.slice(0, 160));
        }"""
    )
    return found
