"""*Traspasos*: the four lists, and how work crosses between areas."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hilo.parties.models import Area, Person
from hilo.web.handoffs.figures import _row, wilson
from hilo.work.commands.handoffs import return_handoff
from hilo.work.models import Weight
from hilo.work.queries.handoffs import BorderFigures
from tests.factories.parties import acting
from tests.factories.work import House, a_house
from tests.web.handoffs.test_handoff_page import draft, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house()


def listed(person: Person, at: datetime, view: str = "") -> str:
    client = Client()
    client.force_login(person)
    with time_machine.travel(at, tick=False):
        response = client.get("/traspasos/", {"view": view} if view else {})
    assert response.status_code == 200
    return response.content.decode()


def test_the_headline_counts_what_waits_for_me_and_what_is_past_its_time(house: House) -> None:
    offered(house)
    technician = house.person("technical")
    assert "1 traspaso espera tu respuesta" in listed(technician, house.at)
    assert "1 ya ha pasado su plazo" in listed(technician, house.at + timedelta(days=3))
    assert "Ningún traspaso espera tu respuesta" in listed(house.person("logistics"), house.at)


def test_each_list_of_the_giver_holds_its_own(house: House) -> None:
    waiting, returned, prepared = offered(house), offered(house), draft(house)
    return_handoff(
        returned,
        reason="not_ours",
        comment="Es de Compras",
        seen=returned.version,
        by=acting(house.person("technical"), house.at),
        now=house.at,
    )
    seller = house.person("sales")
    links = {each: f'href="/traspasos/{each.pk}/"' for each in (waiting, returned, prepared)}
    for view, expected in (("given", waiting), ("returned", returned), ("drafts", prepared)):
        page = listed(seller, house.at, view)
        assert [each for each in links if links[each] in page] == [expected], view
    assert "Es de Compras" in listed(seller, house.at, "returned")


def test_a_light_offer_is_accepted_from_the_list_too(house: House) -> None:
    handoff = offered(house, Weight.LIGHT)
    assert f"/traspasos/{handoff.pk}/aceptar/" in listed(house.person("technical"), house.at)


def test_the_list_makes_the_same_queries_however_long_it_is(house: House) -> None:
    counted = []
    for _time in range(2):
        for _number in range(3):
            offered(house)
        with CaptureQueriesContext(connection) as queries:
            listed(house.person("technical"), house.at)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_only_who_leads_sees_how_work_crosses_between_areas(house: House) -> None:
    offered(house)
    title = "Cómo pasa el trabajo de un área a otra"
    assert title not in listed(house.person("technical"), house.at)
    assert title in listed(house.company.heads["technical"], house.at)
    assert title in listed(house.company.director, house.at)
    assert "Comercial → Oficina técnica" not in listed(house.company.heads["logistics"], house.at)


def figures(offers: int, right: int) -> BorderFigures:
    pair = BorderFigures(Area(name="Comercial"), Area(name="Oficina técnica"))
    pair.offered, pair.first_time_right = offers, right
    return pair


def test_fewer_than_five_are_hidden_with_the_reason() -> None:
    row = _row(figures(4, 3))
    assert row.right == row.interval == ""
    assert "5" in str(row.hidden)


@pytest.mark.parametrize(("offers", "right", "shown"), [(5, 4, "4 de 5"), (29, 20, "20 de 29")])
def test_five_to_twenty_nine_are_counts_with_an_interval_and_no_rate(
    offers: int, right: int, shown: str
) -> None:
    row = _row(figures(offers, right))
    assert row.right == shown
    assert "%" not in row.right
    assert row.interval and row.is_few


def test_from_thirty_on_there_is_a_rate_with_its_counts() -> None:
    row = _row(figures(100, 80))
    assert row.right == "80 % (80 de 100)"
    assert row.interval == "IC 95 %: 71–87 %"
    assert not row.is_few


@pytest.mark.parametrize(("k", "n", "low", "high"), [(4, 5, 38, 96), (16, 20, 58, 92), (80, 100, 71, 87)])
def test_wilson_gives_the_published_intervals(k: int, n: int, low: int, high: int) -> None:
    assert tuple(round(100 * share) for share in wilson(k, n)) == (low, high)
