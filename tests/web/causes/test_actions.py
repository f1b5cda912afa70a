"""Actions: the list, one of them, and what its two people do; as many queries for a hundred as for ten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hilo.parties.models import Person
from hilo.quality.models import Analysis, CorrectiveAction
from tests.factories.causes import an_action, an_analysis, done, to_judge
from tests.factories.parties import a_person
from tests.factories.work import House, a_house
from tests.web.causes.scene import Scene, a_case_of_the_line, a_scene, mark_all, named
from tests.web.clock import Clock, at, clock, no_rate_limits  # noqa: F401
from tests.web.signed_in import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(clock: Clock) -> House:  # noqa: F811
    return named(a_house())


@pytest.fixture
def scene(clock: Clock) -> Scene:  # noqa: F811
    return a_scene()


def marked(house: House) -> Analysis:
    case = a_case_of_the_line(house)
    analysis = an_analysis(house, case)
    mark_all(house, case, analysis)
    analysis.refresh_from_db()
    return analysis


def fields(house: House, **changes: Any) -> dict[str, Any]:
    return {
        "text": "El traspaso pregunta siempre por el tapón",
        "kind": "corrective",
        "owner": house.person("sales").pk,
        "checker": house.person("logistics").pk,
        "area": house.area("sales").pk,
        "due_at": "2026-12-11T18:00",
        "criterion": "Ningún traspaso aceptado sin tapón",
        "metric": "recurrences",
        "allowed": "0",
        "window_days": "90",
        "window_exposures": "20",
        **changes,
    }


def plan(client: Client, analysis: Analysis, given: dict[str, Any]):  # type: ignore[no-untyped-def]
    return client.post(f"/causas/{analysis.pk}/acciones/nueva/", given)


def test_an_action_is_agreed_and_stands_on_the_cause(house: House) -> None:
    analysis, client = marked(house), as_(house.person("sales"))
    assert client.get(f"/causas/{analysis.pk}/acciones/nueva/").status_code == 200
    answer = plan(client, analysis, fields(house))
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"].partition("#")[0]).content.decode()
    for said in ("Nuria Lahoz", "Teresa Ibáñez", "20 veces o 90 días", "Lo que llegue más tarde"):
        assert said in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"checker": "owner"}, "checker"),
        ({"text": "Óscar Pueyo avisará"}, "text"),
        ({"criterion": ""}, "criterion"),
        ({"due_at": "2026-11-01T18:00"}, "due_at"),
        ({"due_at": ""}, "due_at"),
        ({"window_days": "0"}, "window_days"),
        ({"window_days": "mil"}, "window_days"),
        ({"owner": ""}, "owner"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_the_rest_is_kept(
    house: House, changes: dict[str, str], field: str
) -> None:
    analysis = marked(house)
    given = fields(house, **changes)
    if given["checker"] == "owner":
        given["checker"] = given["owner"]
    answer = plan(as_(house.person("sales")), analysis, given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    kept = "criterion" if field != "criterion" else "text"
    assert str(given[kept]) in page
    assert not CorrectiveAction.objects.exists()


def test_its_owner_needs_longer_then_finishes_and_the_checker_judges(house: House, clock: Clock) -> None:  # noqa: F811
    action = an_action(house, marked(house), window_days=30, window_exposures=0)
    path, owner = f"/acciones/{action.pk}/", as_(house.person("sales"))
    assert "Está hecho" in owner.get(path).content.decode()
    longer = {"due_at": "2027-01-15T18:00", "reason": "Falta la plantilla", "seen": action.version}
    assert owner.post(f"{path}aplazar/", longer).status_code == 302
    page = owner.get(path).content.decode()
    assert "Falta la plantilla" in page
    assert "Primera fecha" in page
    action.refresh_from_db()
    assert (
        owner.post(f"{path}hecha/", {"how": "Línea en la lista v8", "seen": action.version}).status_code
        == 302
    )
    action.refresh_from_db()
    assert action.state == "watching"
    assert "Lo que se ha contado" in owner.get(path).content.decode()
    early = as_(house.person("logistics")).post(
        f"{path}valorar/", {"works": "yes", "judgement": "Bien", "seen": action.version}
    )
    assert early.status_code == 422


def test_the_checker_judges_with_what_was_counted(house: House, clock: Clock) -> None:  # noqa: F811
    action = to_judge(house, marked(house))
    at(house.at, clock)
    checker, path = as_(house.person("logistics")), f"/acciones/{action.pk}/"
    assert "Valorarla" in checker.get(path).content.decode()
    assert "1 por valorar" in checker.get("/acciones/").content.decode()
    action.refresh_from_db()
    refused = checker.post(
        f"{path}valorar/", {"works": "", "judgement": "Sin fallos", "seen": action.version}
    )
    assert refused.status_code == 422
    assert "Sin fallos" in refused.content.decode()
    given = {"works": "yes", "judgement": "Ningún caso en 30 días", "seen": action.version}
    assert checker.post(f"{path}valorar/", given).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.recurrences) == ("effective", 0)
    assert "Ningún caso en 30 días" in checker.get(path).content.decode()


def test_not_working_needs_another_date(house: House, clock: Clock) -> None:  # noqa: F811
    action = to_judge(house, marked(house))
    at(house.at, clock)
    checker = as_(house.person("logistics"))
    action.refresh_from_db()
    given = {"works": "no", "judgement": "Ha vuelto a pasar", "seen": action.version}
    assert checker.post(f"/acciones/{action.pk}/valorar/", given).status_code == 422
    due = (house.at + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    assert checker.post(f"/acciones/{action.pk}/valorar/", {**given, "due_at": due}).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.reopened_count) == ("open", 1)


def test_the_owner_cannot_judge_or_drop_it(house: House) -> None:
    action = done(house, an_action(house, marked(house)))
    owner, path = as_(house.person("sales")), f"/acciones/{action.pk}/"
    page = owner.get(path).content.decode()
    assert "Valorarla" not in page
    assert "Descartarla" not in page
    action.refresh_from_db()
    given = {"works": "yes", "judgement": "Bien", "seen": action.version}
    assert owner.post(f"{path}valorar/", given).status_code == 403


def test_the_checker_drops_it_with_a_reason(house: House) -> None:
    action = an_action(house, marked(house))
    checker, path = as_(house.person("logistics")), f"/acciones/{action.pk}/"
    assert checker.post(f"{path}descartar/", {"reason": "", "seen": action.version}).status_code == 422
    given = {"reason": "Otra acción lo cubre", "seen": action.version}
    assert checker.post(f"{path}descartar/", given).status_code == 302
    action.refresh_from_db()
    assert action.state == "dropped"


def test_a_stale_deed_says_who_was_quicker_and_keeps_the_words(house: House) -> None:
    action = an_action(house, marked(house))
    owner = as_(house.person("sales"))
    seen = action.version
    longer = {"due_at": "2027-01-15T18:00", "reason": "Falta la plantilla", "seen": seen}
    assert owner.post(f"/acciones/{action.pk}/aplazar/", longer).status_code == 302
    answer = owner.post(f"/acciones/{action.pk}/hecha/", {"how": "Ya está en la lista", "seen": seen})
    assert answer.status_code == 409
    assert "Ya está en la lista" in answer.content.decode()


def test_the_list_says_what_is_mine_and_what_is_late(scene: Scene) -> None:
    client = as_(scene.seller)
    assert "1 acción por hacer" in client.get("/acciones/").content.decode()
    CorrectiveAction.objects.update(due_at=scene.house.at - timedelta(days=1))
    assert "1 ya va tarde" in client.get("/acciones/").content.decode()
    other = as_(scene.house.person("production"))
    assert "No tienes ninguna acción por hacer ni por valorar" in other.get("/acciones/").content.decode()
    for view in ("judge", "all", "over", "nonsense"):
        assert other.get(f"/acciones/?view={view}&page=9").status_code == 200
    assert "El traspaso pregunta siempre" in other.get("/acciones/?view=all").content.decode()


def test_it_speaks_english(scene: Scene) -> None:
    Person.objects.filter(pk=scene.seller.pk).update(language="en")
    client = as_(scene.seller)
    assert "1 action to do" in client.get("/acciones/").content.decode()
    assert "Who else checks it" in client.get(f"/acciones/{scene.action.pk}/").content.decode()


def test_mi_dia_asks_for_the_cause_and_the_action(scene: Scene) -> None:
    mine = as_(scene.seller).get("/").content.decode()
    assert "Ver la acción" in mine
    assert f"/acciones/{scene.action.pk}/" in mine
    leader = scene.analysis.owner
    assert f"/causas/{scene.analysis.pk}/" in as_(leader).get("/").content.decode()
    led = as_(leader).get(f"/causas/{scene.analysis.pk}/")
    assert led.headers["Location"] == scene.path


def test_as_many_queries_for_a_hundred_actions_as_for_ten(scene: Scene) -> None:
    client, counts = as_(scene.seller), []
    for wanted in (10, 50):
        _fill(scene, wanted)
        client.get("/acciones/?view=all")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/acciones/?view=all").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] < 30


def test_as_many_queries_for_many_whys_as_for_few(scene: Scene) -> None:
    """Of one analysis with a hundred answers; other threads through the same place come in one query too."""
    from hilo.quality.models import Why

    client, counts = as_(scene.seller), []
    for wanted in (10, 100):
        there = Why.objects.filter(analysis=scene.analysis).count()
        Why.objects.bulk_create(
            Why(
                analysis=scene.analysis,
                branch="ABCDEF"[n % 6],
                depth=1,
                text=f"Respuesta {n}",
                author=scene.seller,
                at=scene.house.at,
            )
            for n in range(wanted - there)
        )
        client.get(scene.path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(scene.path).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] < 60


def _fill(scene: Scene, wanted: int) -> None:
    checker = a_person(
        area=scene.house.area("sales"), delegation=scene.house.company.zaragoza, now=scene.house.at
    )
    for _ in range(wanted - CorrectiveAction.objects.count()):
        an_action(scene.house, scene.analysis, checker=checker)
