"""The list with nothing in it, and with a hundred: the way on, and as many queries as for ten."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hilo.quality.models import Case
from tests.factories.quality import make_case
from tests.factories.work import House, a_house, a_thread
from tests.web.cases.reading import heading, text_of, titles
from tests.web.cases.scenes import many_cases
from tests.web.signed_in import as_

pytestmark = pytest.mark.django_db


def test_an_empty_company_is_told_what_to_do() -> None:
    house = a_house()
    with time_machine.travel(house.at, tick=False):
        html = text_of(as_(house.person("sales")), "/casos/")
    assert heading(html) == "No hay casos abiertos"
    assert "/casos/nuevo/" in html


def queries(client: Client, path: str) -> int:
    client.get(path)  # what is asked once per process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("order", ["news", "response", "severity", "money"])
def test_a_hundred_cases_cost_no_more_queries_than_ten(order: str) -> None:
    house = _busy_house()
    client = as_(house.company.director)
    many_cases(house, 10)
    few = queries(client, f"/casos/?order={order}")
    many_cases(house, 90)
    assert queries(client, f"/casos/?order={order}") == few
    assert "100 casos abiertos" in text_of(client, "/casos/")
    assert len(titles(text_of(client, "/casos/?page=2"))) == 50


def _busy_house() -> House:
    house = a_house(now=timezone.now())
    make_case(house, a_thread(house))
    Case.objects.update(stage="closed", closed_at=house.at, customer_knows=False, found_by_us=True)
    return house
