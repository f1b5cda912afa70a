"""The thread page as one sees it: what fits without scrolling, at 390 px, in the dark, without a script."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from hilo.work.models import Note
from tests.support.axe import axe_faults, overflow_faults
from tests.web.threads.scene import Scene, a_full_thread

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("", "?write=promise", "cuelga/", "ponme-al-dia/", "datos/")


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return a_full_thread()


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)])
def test_axe_finds_nothing_and_nothing_sticks_out(scene: Scene, page_as: Any, width: int, dark: bool) -> None:
    with time_machine.travel(scene.now, tick=True):
        page = page_as(scene.house.person("sales"), width=width, dark=dark)
        for rest in PAGES:
            page.goto(f"/hilos/{scene.thread.code}/{rest}")
            assert axe_faults(page) == [] and overflow_faults(page) == [], rest
        if width == 1440:
            page.goto(f"/hilos/{scene.thread.code}/")
            for wanted in (".h-composer .btn-primary", ".h-entry .h-entry__head"):
                box = page.locator(wanted).locator("visible=true").first.bounding_box()
                assert box["y"] + box["height"] <= 900, wanted
        else:
            page.goto(f"/hilos/{scene.thread.code}/")
            folded = page.locator(".h-mapbox__tall > summary")
            assert folded.locator(".h-mini").is_visible(), "the thread shows before its map is unfolded"
            folded.click()
            assert not folded.locator(".h-mini").is_visible() and page.locator(".h-rungs").is_visible()
            assert axe_faults(page) == [] and overflow_faults(page) == []


def test_writing_a_note_needs_no_script(scene: Scene, page_as: Any) -> None:
    with time_machine.travel(scene.now, tick=True):
        page = page_as(scene.house.person("sales"), scripts=False)
        page.goto(f"/hilos/{scene.thread.code}/")
        page.get_by_text("Nota interna").first.click()
        page.fill("textarea[name=text]", "Apuntado sin programa alguno")
        page.get_by_role("button", name="Guardar la nota").click()
        page.wait_for_selector("text=Apuntado sin programa alguno")
    assert Note.objects.filter(text="Apuntado sin programa alguno", kind="note").exists()
