"""Neither a process that answers the web nor one that does the background work carries the libraries of
analysis: they cost memory and time at every start, and only a diagnosis, in a process apart, needs them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.quality import make_case
from tests.factories.work import House, a_house, two_steps
from tests.support.processes import run_at_once
from tests.web.signed_in import yesterday

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    *("my_day", "threads", "threads_board", "my_reviews", "handoffs", "search", "cases", "actions", "week"),
    *("customers", "people", "areas", "calendars", "settings", "setting_case_policy", "setting_processes"),
    *("diagnoses", "erp"),
)


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def test_the_pages_are_answered_without_the_libraries_of_analysis(house: House) -> None:
    thread = two_steps(house)
    case = make_case(house, thread)
    addresses = [reverse(f"web:{name}") for name in PAGES]
    addresses += [reverse("web:thread", args=[thread.code]), reverse("web:case", args=[case.code])]
    addresses += [reverse("web:customer", args=[house.customer.pk]), reverse("web:search") + "?q=linea"]
    call = {"person": house.company.administrator.pk, "addresses": addresses}
    [outcome] = run_at_once("tests.web.base.serving:serve", [call])
    assert outcome.value == []


def test_the_background_work_is_done_without_them(house: House) -> None:
    make_case(house, two_steps(house))
    [outcome] = run_at_once("tests.web.base.serving:work", [{}])
    assert outcome.value == []
