"""Cases as people see them: on a desk and on a phone, light and dark; and told by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.axe import axe_faults, overflow_faults
from tests.web.cases.scenes import a_week
from tests.web.handoffs.shots import shoot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]
SIZES = [(1440, False), (1440, True), (390, False), (390, True)]


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_no_page_has_a_fault_or_sticks_out(page_as: PageAs, width: int, dark: bool) -> None:
    week = a_week()
    seller = page_as(week.house.person("sales"), width=width, dark=dark)
    director = page_as(week.house.company.director, width=width, dark=dark)
    at = f"/casos/{week.complaint.code}"
    for page, path, name in (
        (seller, "/casos/", "cases"),
        (director, "/casos/?order=money", "cases-money"),
        (seller, "/casos/?kind=query", "cases-none"),
        (seller, "/casos/?view=closed", "cases-closed"),
        (director, f"{at}/", "case"),
        (seller, f"{at}/?only=known", "case-known"),
        (seller, f"/casos/{week.late.code}/", "case-late"),
        (seller, f"/casos/{week.paused.code}/", "case-paused"),
        (seller, f"/casos/{week.near_miss.code}/", "case-near-miss"),
        (seller, f"/casos/{week.strange.code}/", "case-strange"),
        (seller, f"/casos/{week.closed.code}/", "case-closed"),
        (seller, f"{at}/gravedad/", "case-severity"),
        (seller, f"{at}/direccion/", "case-escalate"),
        (seller, f"{at}/vinculo/", "case-link"),
        (seller, "/casos/nuevo/", "case-whose"),
        (seller, f"/casos/nuevo/?customer={week.house.customer.pk}", "case-new"),
    ):
        page.goto(path)
        shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
        assert axe_faults(page) == [], path
        assert overflow_faults(page) == [], path
