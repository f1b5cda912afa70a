"""The map's page through HTTP: what it shows, to whom, and at what cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
    print(len(few), len(many), *[q["sql"][:150] for q in few], sep="\n")
    assert len(few) == len(many) <= MOST_QUERIES
