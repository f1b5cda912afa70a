"""A date the customer was promised, tried from every page that moves one: none of them does so silently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hilo.work.commands.deliverables import plan_deliverable
from hilo.work.commands.promises import make_promise
from hilo.work.models import Deliverable, PlanMove, StepRun, Update
from tests.factories.planning import Scene, a_scene

type SignIn = Callable[[str], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned() -> Scene:
    return a_scene(promised_days_after=1)


@pytest.fixture
def signed_in(planned: Scene) -> Iterator[SignIn]:
    def sign_in(code: str) -> Client:
        client = Client()
        client.force_login(planned.house.person(code))
        return client

    with time_machine.travel(planned.now, tick=False):
        yield sign_in


def dates(scene: Scene) -> list[datetime | None]:
    return list(StepRun.objects.filter(thread=scene.thread).order_by("pk").values_list("due_at", flat=True))


def test_the_old_address_leads_to_where_consequences_are_seen(planned: Scene, signed_in: SignIn) -> None:
    run = planned.run("deliver")
    old = f"/hilos/{planned.thread.code}/pasos/{run.pk}/fecha/"
    stood = dates(planned)
    client = signed_in("sales")
    late = (planned.now + timedelta(days=60)).strftime("%Y-%m-%dT10:00")
    for answer in (client.get(old), client.post(old, {"due": late, "reason": "x", "seen": run.version})):
        assert answer.status_code == 302
        assert answer["Location"] == f"/hilos/{planned.thread.code}/mapa/mover/{run.pk}/"
    assert dates(planned) == stood and not Update.objects.exists()
    assert client.get(f"/hilos/{planned.thread.code}/pasos/99999/fecha/").status_code == 404


def test_the_thread_offers_the_page_that_shows_what_follows(planned: Scene, signed_in: SignIn) -> None:
    page = signed_in("sales").get(f"/hilos/{planned.thread.code}/").content.decode()
    assert f"/mapa/mover/{planned.run('deliver').pk}/" in page
    assert "/fecha/" not in page


def test_the_map_asks_for_the_message(planned: Scene, signed_in: SignIn) -> None:
    run, stood = planned.run("deliver"), dates(planned)
    given = {"edge": "end", "to": "2027-01-20", "reason": "El motor", "seen": run.version, "shown": "x"}
    address = f"/hilos/{planned.thread.code}/mapa/mover/{run.pk}/"
    answer = signed_in("sales").post(address, given)
    assert answer.status_code in (409, 422)
    assert dates(planned) == stood and not PlanMove.objects.exists() and not Update.objects.exists()


# ---- the date of what the customer receives ---------------------------------------------------------------


def a_promised_deliverable(scene: Scene) -> Deliverable:
    by, now = scene.house.actor("sales"), scene.now
    noon = datetime.combine(date(2026, 12, 14), datetime.min.time(), now.tzinfo) + timedelta(hours=12)
    thing = plan_deliverable(scene.thread, name="Bastidor", planned_for=noon, by=by, now=now)
    make_promise(
        scene.thread, text="El bastidor", due=date(2026, 12, 16), contact=scene.house.contact, where="call",
        deliverable=thing, by=by, now=now,
    )  # fmt: skip
    thing.refresh_from_db()
    return thing


def test_what_they_will_receive_moves_past_its_promise_only_with_a_message(
    planned: Scene, signed_in: SignIn
) -> None:
    thing = a_promised_deliverable(planned)
    address = f"/hilos/{planned.thread.code}/entregables/{thing.pk}/mover/"
    client = signed_in("sales")
    assert "Qué le decimos al cliente" in client.get(address).content.decode()
    given = {"to": "2026-12-21", "reason": "El acero", "seen": thing.version, "channel": "call"}
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert "Díselo con este cambio" in answer.content.decode()
    assert Deliverable.objects.get(pk=thing.pk).planned_for == thing.planned_for

    told = {"text": "Serán tres días más: el acero.", "contacts": [planned.house.contact.pk]}
    assert client.post(address, given | told).status_code in (302, 303)
    assert Deliverable.objects.get(pk=thing.pk).planned_for != thing.planned_for
    assert Update.objects.get().text == "Serán tres días más: el acero."


def test_within_the_promise_nobody_is_told(planned: Scene, signed_in: SignIn) -> None:
    thing = a_promised_deliverable(planned)
    given = {"to": "2026-12-15", "reason": "El acero", "seen": thing.version, "channel": "call"}
    given |= {"text": "Nada cambia.", "contacts": [planned.house.contact.pk]}
    address = f"/hilos/{planned.thread.code}/entregables/{thing.pk}/mover/"
    assert signed_in("sales").post(address, given).status_code in (302, 303)
    assert not Update.objects.exists()


def test_without_a_promise_the_page_asks_for_no_message(planned: Scene, signed_in: SignIn) -> None:
    by = planned.house.actor("sales")
    thing = plan_deliverable(planned.thread, name="Manual", by=by, now=planned.now)
    page = signed_in("sales").get(f"/hilos/{planned.thread.code}/entregables/{thing.pk}/mover/")
    assert "Qué le decimos al cliente" not in page.content.decode()
