"""The calendar outside: what stands in it, who gets it, and what an unknown address says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from hilo.parties.models import Person
from hilo.work.commands.calendar_addresses import make_calendar_address
from hilo.work.commands.reviews import cancel_review, move_review
from hilo.work.commands.threads import make_confidential
from hilo.work.models import CalendarAddress
from tests.factories.planning import Scene, a_review, a_scene
from tests.web.clock import Clock, at
from tests.web.signed_in import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock: Clock) -> Scene:
    made = a_scene()
    at(made.now, clock)
    return made


@pytest.fixture
def token(scene: Scene) -> str:
    return make_calendar_address(by=scene.house.actor("sales"), now=scene.now)


def fetched(token: str, **headers: str) -> Any:
    return Client().get(f"/calendario/{token}.ics", headers=headers)


def events_at(token: str) -> list[Any]:
    answer = fetched(token)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    return list(calendar.walk("VEVENT"))


def by_owner(scene: Scene) -> dict[str, Any]:
    return {"by": scene.house.actor("sales"), "now": scene.now}


def test_a_review_stands_in_it_in_utc_with_its_thread(scene: Scene, token: str) -> None:
    review = a_review(scene)
    (event,) = events_at(token)
    assert event["UID"] == f"{review.uid}@hilo" and event["SEQUENCE"] == 0
    assert event["DTSTART"].dt == review.starts_at and event["DTEND"].dt - event["DTSTART"].dt == timedelta(
        minutes=30
    )
    assert b"DTSTART:20261" in event.to_ical() and event.to_ical().count(b"Z\r\n") >= 3
    assert event["DTSTAMP"].dt == review.changed_at.replace(microsecond=0)
    assert "Ver el bastidor con Producción" in event["SUMMARY"] and "Bodegas Albarín" in event["SUMMARY"]
    assert event["URL"].endswith(f"/hilos/{scene.thread.code}/mapa/")


def test_a_change_keeps_the_uid_and_counts_up_and_what_is_called_off_vanishes(
    scene: Scene, token: str
) -> None:
    review = a_review(scene)
    move_review(
        review, starts_at=review.starts_at + timedelta(hours=1), minutes=45, seen=1, **by_owner(scene)
    )
    (event,) = events_at(token)
    assert (event["UID"], event["SEQUENCE"]) == (f"{review.uid}@hilo", 1)
    assert event["DTSTART"].dt == review.starts_at
    cancel_review(review, reason="Ya se vio", seen=2, **by_owner(scene))
    assert events_at(token) == []


def test_it_is_the_same_until_something_changes(scene: Scene, token: str, clock: Clock) -> None:
    a_review(scene)
    first = fetched(token)
    clock.move_to(scene.now + timedelta(hours=2), tick=False)
    again = fetched(token, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert fetched(token).content == first.content
    a_review(scene, text="Otra cosa")
    assert fetched(token, if_none_match=first["ETag"]).status_code == 200


def test_of_a_confidential_thread_it_says_only_that_there_is_something(scene: Scene, token: str) -> None:
    a_review(scene)
    scene.thread.refresh_from_db()
    readers = [scene.owner, scene.house.company.heads["sales"]]
    make_confidential(
        scene.thread, readers=readers, seen=scene.thread.version, by=scene.house.head("sales"), now=scene.now
    )
    body = fetched(token).content.decode().replace("\r\n ", "")
    assert "Revisión (hilo confidencial)" in body
    for secret in ("bastidor", "Albarín", "PET"):
        assert secret not in body


def test_nobody_elses_reviews_are_in_it(scene: Scene) -> None:
    a_review(scene)
    theirs = make_calendar_address(by=scene.house.actor("technical"), now=scene.now)
    assert events_at(theirs) == []


def test_an_unknown_a_revoked_and_a_leavers_address_answer_alike(scene: Scene, token: str) -> None:
    unknown = fetched("x" * 43)
    CalendarAddress.objects.update(revoked_at=scene.now)
    revoked = fetched(token)
    fresh = make_calendar_address(by=scene.house.actor("technical"), now=scene.now)
    Person.objects.filter(pk=scene.house.person("technical").pk).update(is_active=False, left_at=scene.now)
    left = fetched(fresh)
    assert {(each.status_code, each.content) for each in (unknown, revoked, left)} == {
        (404, b"There is no calendar at this address.\n")
    }


def test_who_tries_addresses_is_slowed_down(scene: Scene) -> None:
    cache.clear()
    codes = [fetched(f"{number:043}").status_code for number in range(62)]
    assert codes[0] == 404 and codes[-1] == 429


def test_the_address_is_made_shown_once_and_revoked_on_its_page(scene: Scene) -> None:
    client = as_(scene.owner)
    page = client.post("/mi-cuenta/calendario/", {"do": "make"}).content.decode()
    (token,) = re.findall(r"/calendario/([\w-]{43})\.ics", page)
    assert fetched(token).status_code == 200
    assert token not in client.get("/mi-cuenta/calendario/").content.decode()
    address = CalendarAddress.objects.get()
    client.post("/mi-cuenta/calendario/", {"do": "revoke", "seen": str(address.version)})
    assert fetched(token).status_code == 404
