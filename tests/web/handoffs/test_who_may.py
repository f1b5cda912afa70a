"""By every wrong person: nothing happens, and the database is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from hilo.parties.models import Person
from hilo.work.commands.threads import make_confidential
from tests.factories.parties import a_person, acting, give_authority
from tests.factories.work import House, a_house
from tests.web.handoffs.test_handoff_page import draft, offered

pytestmark = pytest.mark.django_db

WATCHED = ("ledger", "work", "parties")


def snapshot() -> dict[str, list[Any]]:
    """Every row of what Hilo keeps; a visit is not history."""
    models = [model for label in WATCHED for model in apps.get_app_config(label).get_models()]
    return {
        model._meta.label: sorted(map(str, model._default_manager.order_by("pk").values_list()))
        for model in models
        if model.__name__ != "Visit"
    }


def giver(house: House) -> Person:
    return house.person("sales")


def of_another_area(house: House) -> Person:
    return house.person("logistics")


def of_the_area_elsewhere(house: House) -> Person:
    return a_person(area=house.area("technical"), delegation=house.company.sevilla, now=house.at)


def an_auditor(house: House) -> Person:
    person = a_person(area=house.area("management"), delegation=house.company.zaragoza, now=house.at)
    return give_authority(person, auditor=True)


def an_administrator(house: House) -> Person:
    return house.company.administrator


WRONG: list[Callable[[House], Person]] = [
    giver,
    of_another_area,
    of_the_area_elsewhere,
    an_auditor,
    an_administrator,
]


@pytest.fixture
def house() -> House:
    return a_house()


def refused(house: House, person: Person, path: str, **data: Any) -> int:
    """The status, after making sure that not one row changed."""
    client = Client()
    client.force_login(person)
    before = snapshot()
    with time_machine.travel(house.at, tick=False):
        response = client.post(path, data)
    after = snapshot()
    assert {name for name in before if before[name] != after[name]} <= {
        "parties.Person",
        "parties.OpenSession",
    }  # last seen
    return response.status_code


@pytest.mark.parametrize("who", WRONG, ids=lambda who: who.__name__)
@pytest.mark.parametrize("kind", ["accept", "conditions", "return"])
def test_nobody_else_answers_an_offer(house: House, who: Callable[[House], Person], kind: str) -> None:
    handoff, person = offered(house), who(house)
    answers = {
        "read_back": "Lo haré",
        "read_back_conditions": "Lo haré",
        "due": "2026-12-09T18:00",
        "conditions": "Más tiempo",
        "reason": "not_ours",
        "comment": "No",
    }
    path = f"/traspasos/{handoff.pk}/responder/"
    assert refused(house, person, path, seen=handoff.version, answer=kind, **answers) == 403


@pytest.mark.parametrize("who", WRONG, ids=lambda who: who.__name__)
def test_nobody_else_accepts_with_one_key(house: House, who: Callable[[House], Person]) -> None:
    handoff, person = offered(house, "light"), who(house)
    assert refused(house, person, f"/traspasos/{handoff.pk}/aceptar/", seen=handoff.version) == 403


@pytest.mark.parametrize("who", WRONG[1:], ids=lambda who: who.__name__)
def test_nobody_else_takes_an_offer_back(house: House, who: Callable[[House], Person]) -> None:
    handoff, person = offered(house), who(house)
    path = f"/traspasos/{handoff.pk}/retirar/"
    assert refused(house, person, path, seen=handoff.version, reason="Porque sí") == 403


@pytest.mark.parametrize("who", WRONG[1:], ids=lambda who: who.__name__)
def test_nobody_else_completes_or_offers_a_draft(house: House, who: Callable[[House], Person]) -> None:
    handoff, person = draft(house), who(house)
    item = handoff.items.get(key="drawing")
    base = f"/traspasos/{handoff.pk}"
    filling = {"state": "explained", f"item-{item.pk}-explanation": "Da igual"}
    offer = {"seen": handoff.version, "ask": "Ya", "proposed_due": "2026-12-04T18:00"}
    assert refused(house, person, f"{base}/datos/{item.pk}/", **filling) == 403
    assert refused(house, person, f"{base}/datos/", text="Otra cosa") == 403
    assert refused(house, person, f"{base}/ofrecer/", **offer) == 403


def test_the_receiver_does_not_take_back_what_they_were_offered(house: House) -> None:
    handoff = offered(house)
    path = f"/traspasos/{handoff.pk}/retirar/"
    assert refused(house, house.person("technical"), path, seen=handoff.version, reason="No") == 403


def test_who_has_left_is_sent_to_sign_in(house: House) -> None:
    handoff, person = offered(house, "light"), house.person("technical")
    client = Client()
    client.force_login(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    before = snapshot()
    response = client.post(f"/traspasos/{handoff.pk}/aceptar/", {"seen": handoff.version})
    assert response.status_code == 302
    assert "next=" in response.headers["Location"]
    assert snapshot() == before


def test_a_confidential_handoff_does_not_exist_for_the_rest(house: House) -> None:
    handoff = offered(house, "light")
    thread = handoff.thread
    thread.refresh_from_db()
    make_confidential(
        thread,
        readers=[house.company.director],
        seen=thread.version,
        by=acting(house.company.director),
        now=house.at,
    )
    person = house.person("technical")
    client = Client()
    client.force_login(person)
    with time_machine.travel(house.at, tick=False):
        assert client.get(f"/traspasos/{handoff.pk}/").status_code == 404
        assert handoff.thread.title not in client.get("/traspasos/").content.decode()
    assert refused(house, person, f"/traspasos/{handoff.pk}/aceptar/", seen=handoff.version) == 404


def test_a_line_of_another_handoff_is_not_reached_through_this_one(house: House) -> None:
    mine = draft(house)
    other = draft(house)
    item = other.items.get(key="drawing")
    path = f"/traspasos/{mine.pk}/datos/{item.pk}/"
    assert refused(house, giver(house), path, state="complete") == 404


@pytest.mark.parametrize("path", ["/traspasos/{pk}/aceptar/", "/traspasos/{pk}/responder/"])
def test_an_answer_is_never_given_by_opening_a_link(house: House, path: str) -> None:
    handoff = offered(house, "light")
    client = Client()
    client.force_login(house.person("technical"))
    with time_machine.travel(house.at, tick=False):
        assert client.get(path.format(pk=handoff.pk)).status_code == 405
    handoff.refresh_from_db()
    assert handoff.state == "offered"
