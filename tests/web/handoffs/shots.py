"""Pictures of the pages a test opens, kept when ``HILO_SHOTS`` names a folder: to look at, not to compare."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("HILO_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
