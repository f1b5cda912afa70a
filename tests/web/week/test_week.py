"""*La semana*: what went well and what hurt, of this week and any before; money for whom it is shown to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Thread
from tests.factories.causes import an_action
from tests.factories.quality import make_case
from tests.factories.work import a_house, a_thread
from tests.web.causes.scene import Scene
from tests.web.clock import Clock, at, clock, no_rate_limits  # noqa: F401
from tests.web.signed_in import as_
from tests.web.week.scene import a_week, praised

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(clock: Clock) -> Scene:  # noqa: F811
    made = a_week()
    at(made.house.at, clock)
    return made


def page(person: Person, query: str = "") -> str:
    return as_(person).get(f"/la-semana/{query}").content.decode()


def test_it_counts_glory_and_pain_and_names_who_is_thanked(scene: Scene) -> None:
    said = page(scene.seller)
    assert "1 momento de gloria y 2 de pena" in said
    assert "«Vinieron un domingo y el lunes embotellábamos.»" in said
    assert "gracias a Nuria Lahoz" in said
    assert "Compromiso roto" in said
    assert "Los manuales en portugués" in said
    assert "Guion de prueba con tapones reales" in said
    assert 'href="/la-semana/" aria-current="page"' in said


def test_pain_says_the_place_in_the_process_and_leads_to_the_cause(scene: Scene) -> None:
    said = page(scene.seller)
    assert "Se perdió en el traspaso de Comercial a Oficina técnica." in said
    assert f'href="{scene.path}"' in said


def test_the_most_money_hurts_first_and_only_who_may_sees_it(scene: Scene) -> None:
    said = page(scene.seller)
    assert said.index("La línea 2 no llega") < said.index("Los manuales en portugués")
    assert "412.000" in said
    assert "412.000" not in page(scene.house.person("production"))
    assert "412.000" not in page(scene.house.person("production"), "?order=money")


def test_any_earlier_week_can_be_looked_at(scene: Scene, clock: Clock) -> None:  # noqa: F811
    scene.house.later(days=7)
    at(scene.house.at, clock)
    assert "Semana tranquila" in page(scene.seller)
    before = page(scene.seller, "?day=2026-11-26")
    assert "1 momento de gloria y 2 de pena" in before
    assert "La semana siguiente" in before
    for nonsense in ("ayer", "2026-13-40", "2099-01-01", "1800-01-01", "<b>"):
        assert "Semana tranquila" in page(scene.seller, f"?day={nonsense}")


def test_an_empty_house_has_a_quiet_week(clock: Clock) -> None:  # noqa: F811
    house = a_house()
    said = page(house.person("sales"))
    for sentence in ("Semana tranquila", "Ni una pena esta semana", "Nada enquistado", "Ninguna esta semana"):
        assert sentence in said


def test_what_is_stuck_is_by_age_or_by_money(scene: Scene, clock: Clock) -> None:  # noqa: F811
    scene.house.later(days=60)
    at(scene.house.at, clock)
    said = page(scene.seller)
    assert "Temas enquistados" in said
    assert "días laborables" in said
    by_money = page(scene.seller, "?order=money").partition('id="stuck"')[2]
    assert by_money.index("La línea 2 no llega") < by_money.index("Recambios de noviembre")


def test_it_speaks_english(scene: Scene) -> None:
    Person.objects.filter(pk=scene.seller.pk).update(language="en")
    assert "1 moment of glory and 2 of pain" in page(scene.seller)


def test_a_confidential_thread_is_not_told_to_others(scene: Scene) -> None:
    thread = Thread.objects.get(pk=scene.thread.pk)
    make_confidential(thread, readers=[scene.seller], seen=thread.version, by=system(), now=scene.house.at)
    said = page(scene.house.person("logistics"))
    assert "La línea 2 no llega" not in said
    assert "Vinieron un domingo" not in said
    assert "La línea 2 no llega" in page(scene.seller)


def test_as_many_queries_for_a_hundred_as_for_ten(scene: Scene) -> None:
    house, counts = scene.house, []
    thread = a_thread(house, title="Otra línea")
    client = as_(scene.seller)
    for wanted in (5, 15):
        while thread.cases.count() < wanted:
            make_case(house, thread, impact="low", urgency="low")
            praised(house, thread, text=f"Gracias, {thread.cases.count()}")
            an_action(house, scene.analysis, due_at=house.at + timedelta(days=1))
        client.get("/la-semana/")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/la-semana/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] < 45
