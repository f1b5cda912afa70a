"""The map's page through HTTP: what it shows, to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.threads import open_thread
from hilo.work.models import PlanMove, ReviewMoment, StepRun, StepRunLink, Thread
from tests.factories.planning import Scene, a_review, a_scene
from tests.web.clock import Clock, at
from tests.web.signed_in import as_

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def scene(clock: Clock) -> Scene:
    made = a_scene()
    at(made.now, clock)
    return made


def test_the_map_shows_steps_promises_reviews_news_and_the_reserve(scene: Scene) -> None:
    a_review(scene)
    page = as_(scene.owner).get(f"/hilos/{scene.thread.code}/mapa/").content.decode()
    for said in (
        "Fabricación del bastidor",
        "La línea en marcha: prometido a",
        "Ver el bastidor con Producción",
        "El cliente sabe de nosotros",
        "quedan 6 de 6 días laborables",
        "data-handle",
    ):
        assert said in page, said


def test_it_takes_few_queries_however_much_there_is(scene: Scene) -> None:
    client = as_(scene.owner)
    url = f"/hilos/{scene.thread.code}/mapa/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(5):
        a_review(scene, text=f"Revisión {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many) <= MOST_QUERIES


def shown(scene: Scene, who: str = "sales", query: str = "") -> str:
    answer = as_(scene.house.person(who)).get(f"/hilos/{scene.thread.code}/mapa/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_thread_without_a_plan_says_what_to_do(scene: Scene) -> None:
    bare = open_thread(
        customer=scene.house.customer, title="Consulta", kind="service", owner=scene.owner,
        by=scene.house.actor("sales"), now=scene.now,
    )  # fmt: skip
    page = shown(Scene(scene.house, bare, scene.promise))
    assert "Todavía no hay plan" in page and "Añadir un paso" in page


def test_who_answers_for_no_step_sees_the_map_and_moves_nothing(scene: Scene) -> None:
    assert "data-handle" not in shown(scene, "logistics")
    url = f"/hilos/{scene.thread.code}/mapa/mover/{scene.run('build').pk}/"
    answer = as_(scene.house.person("logistics")).get(url)
    assert answer.status_code == 403 and "responde de la fecha" in answer.content.decode()


def test_a_paused_thread_shows_until_when_and_nothing_to_hold(scene: Scene) -> None:
    scene.thread.refresh_from_db()
    pause_thread(
        scene.thread, reason="Obras en la nave", until=scene.now + timedelta(days=5),
        seen=scene.thread.version, by=scene.house.actor("sales"), now=scene.now,
    )  # fmt: skip
    page = shown(scene)
    assert "Obras en la nave" in page and "ninguna fecha se mueve hasta que despierte" in page
    assert "data-handle" not in page


def test_an_archived_thread_shows_how_it_went(scene: Scene) -> None:
    Thread.objects.filter(pk=scene.thread.pk).update(state="archived", archived_at=scene.now)
    StepRun.objects.filter(thread=scene.thread).update(state="done", finished_at=scene.now)
    page = shown(scene)
    assert "Así fue." in page and "data-handle" not in page


def test_sixty_steps_over_years_stay_readable_and_cost_no_more_queries(scene: Scene) -> None:
    client, url = as_(scene.owner), f"/hilos/{scene.thread.code}/mapa/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    item = scene.run("build").work_item
    for number in range(60):
        over = number < 40
        begun = scene.now - timedelta(days=900 - 20 * number)
        run = StepRun.objects.create(
            work_item=item, thread=scene.thread, name=f"Entrega parcial número {number} de la línea",
            position=10 + number, area=scene.house.area("production"),
            delegation=scene.house.company.zaragoza, state="done" if over else "planned",
            started_at=begun if over else None, finished_at=begun + timedelta(days=5) if over else None,
            due_at=scene.now + timedelta(days=10 + number),
        )  # fmt: skip
        StepRunLink.objects.create(before=scene.run("design"), after=run)
    Thread.objects.filter(pk=scene.thread.pk).update(opened_at=scene.now - timedelta(days=900))
    with CaptureQueriesContext(connection) as many:
        page = client.get(url).content.decode()
    assert len(many) == len(few) <= MOST_QUERIES
    assert "pasos hechos antes" in page and "Desde el primer día" in page
    assert "Entrega parcial número 0 " in page, "the list leaves nothing out"
    whole = client.get(f"{url}?ver=todo").content.decode()
    assert "Solo de ahora en adelante" in whole and len(whole) < 400_000


def test_a_closed_day_offers_the_one_that_would_do(scene: Scene) -> None:
    client, run = as_(scene.owner), scene.run("build")
    url = f"/hilos/{scene.thread.code}/mapa/mover/{run.pk}/"
    page = client.get(f"{url}?edge=end&to=2026-12-12").content.decode()
    assert "no trabaja entonces" in page and "to=2026-12-14" in page
    then = client.get(f"{url}?edge=end&to=2026-12-14").content.decode()
    assert "más tarde" in then and "m-save" in then


def test_seeing_what_follows_takes_few_queries_too(scene: Scene) -> None:
    client, run = as_(scene.owner), scene.run("build")
    url = f"/hilos/{scene.thread.code}/mapa/mover/{run.pk}/?edge=end&to=2026-12-10"
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:90] for query in asked)


def test_nonsense_in_the_address_changes_nothing(scene: Scene) -> None:
    client, run = as_(scene.owner), scene.run("build")
    url = f"/hilos/{scene.thread.code}/mapa/mover/{run.pk}/"
    for query in (
        "?edge=middle&to=ayer",
        "?to=9999-12-31",
        "?to=2026-12-10&steps=--3",
        "?steps=999",
        "?to=2500-01-04",
    ):
        assert client.get(url + query).status_code == 200, query
    assert client.get(f"/hilos/{scene.thread.code}/mapa/mover/99999999/").status_code == 404
    assert client.post(url, {"edge": "end", "to": "2026-12-10", "seen": "x"}).status_code == 422
    assert not PlanMove.objects.exists()


def test_the_week_names_reviews_and_what_has_none(scene: Scene) -> None:
    client = as_(scene.owner)
    assert "Ninguna revisión planeada esta semana" in (page := client.get("/mi-semana/").content.decode())
    assert scene.thread.title in page
    a_review(scene)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/mi-semana/").content.decode()
    assert "1 revisión esta semana: 30 min" in page and len(asked) <= MOST_QUERIES
    assert client.get("/mi-semana/?semana=never").status_code == 200


def test_a_review_is_planned_and_held_on_its_pages(scene: Scene) -> None:
    client, url = as_(scene.owner), f"/hilos/{scene.thread.code}/revision"
    form = {"text": "Ver el bastidor", "starts_at": "2026-11-26T10:00", "minutes": "30", "seen": "0"}
    assert client.post(f"{url}/nueva/", form).status_code == 302
    review = ReviewMoment.objects.get()
    assert "Ver el bastidor" in client.get(f"/hilos/{scene.thread.code}/").content.decode()
    held = {"outcome": "Falta una soldadura", "seen": str(review.version)}
    assert client.post(f"{url}/{review.pk}/hecha/", held).status_code == 302
    story = client.get(f"/hilos/{scene.thread.code}/").content.decode()
    assert "Falta una soldadura" in story and "Revisado" in story
