"""Story 1 and SPEC 16: an undisturbed repeat order costs six clicks and one typed line at most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Deliverable, StepRun, Thread
from tests.factories.work import House, a_house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]

MOST_CLICKS = 6
MOST_LINES = 1


@dataclass
class Burden:
    """What the people of all areas do together, counted by who does it."""

    clicks: int = 0
    lines: int = 0

    def press(self, page: Page, key: str) -> None:
        page.keyboard.press(key)
        self.clicks += 1

    def click(self, page: Page, role: str, name: str) -> None:
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.clicks += 1

    def type(self, page: Page, text: str) -> None:
        page.get_by_role("textbox", name="Texto").fill(text)
        self.lines += 1


@pytest.fixture
def monday() -> Iterator[tuple[House, Thread, time_machine.Traveller]]:
    house = a_house()
    seed_templates(by=system(), now=house.at)
    supply = open_thread(
        customer=house.customer,
        title="Suministro 2026",
        kind="supply",
        owner=house.person("sales"),
        by=house.actor("sales"),
        now=house.at,
    )
    with time_machine.travel(house.at + timedelta(minutes=5), tick=True) as clock:
        yield house, supply, clock


def test_an_order_passes_all_areas_in_six_clicks_and_one_line(
    monday: tuple[House, Thread, time_machine.Traveller], page_as: PageAs
) -> None:
    house, supply, clock = monday
    burden = Burden()

    seller = page_as(house.person("sales"))
    seller.goto("/")
    burden.click(seller, "link", "Suministro 2026")
    burden.type(seller, "4.000 juntas de silicona de 30 mm")
    burden.click(seller, "button", "Hacer el pedido")
    expect(seller.get_by_text("4.000 juntas de silicona de 30 mm").first).to_be_visible()

    for area in ("production", "logistics", "admin"):
        page = page_as(house.person(area))
        page.goto("/")
        burden.press(page, "a")
        expect(page.get_by_role("alert").or_(page.get_by_role("status")).first).to_be_visible()
        run = StepRun.objects.get(thread=supply, area=house.area(area))
        assert run.state == "running", area
        assert run.due_at is not None
        clock.move_to(run.due_at + timedelta(minutes=1))
        run_clocks(run.due_at + timedelta(minutes=1))  # what the worker does every minute

    assert set(StepRun.objects.values_list("state", flat=True)) == {"done"}
    delivered = Deliverable.objects.get()
    assert delivered.state == "delivered" and delivered.tacit_at is not None
    run_clocks(delivered.tacit_at + timedelta(minutes=1))
    delivered.refresh_from_db()
    assert delivered.state == "tacit"
    assert (burden.clicks <= MOST_CLICKS, burden.lines <= MOST_LINES) == (True, True), burden
    assert verify().holds
