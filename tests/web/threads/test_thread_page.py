"""The screen of one thread: what it says, what it costs the database, whom it is shown to."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hilo.ledger.record import record, seal
from hilo.work.commands.archiving import force_archive
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.threads import make_confidential
from hilo.work.events.conversation import NoteWritten
from hilo.work.events.place import place_of
from hilo.work.gate import what_hangs
from hilo.work.queries.thread_page import thread_page
from tests.factories.parties import acting
from tests.web.threads.conftest import SignedIn
from tests.web.threads.scene import Scene

MOST_QUERIES = 12


def address(scene: Scene, rest: str = "") -> str:
    return f"/hilos/{scene.thread.code}/{rest}"


def shown(scene: Scene, signed_in: SignedIn, code: str = "sales", rest: str = "") -> str:
    answer = signed_in(code).get(address(scene, rest))
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_answers_whose_turn_until_when_who_owns_it_and_what_hangs(scene: Scene, signed_in) -> None:
    html = shown(scene, signed_in)
    owner, holder = scene.house.person("sales"), scene.house.person("technical")
    assert f"Le toca a Oficina técnica: {holder.name}" in html
    assert "Proyectar" in html and "venció hoy 10:00" in html
    assert f"<dd>{owner.name}<small>Comercial, Zaragoza</small>" in html
    assert "Prueba en fábrica con los tres formatos" in html
    assert ">6 cosas</a>" in html
    assert "Entrar en el canal hotel en marzo" in html


def test_what_hangs_is_counted_as_the_gate_counts_it(scene: Scene, signed_in) -> None:
    actor = scene.house.actor("sales")
    page = thread_page(scene.thread, actor, now=scene.now)
    assert page.hanging == len(what_hangs(scene.thread, now=scene.now)) == 6


def test_the_story_says_who_said_what_to_the_customer_and_when_it_was_written_down(scene, signed_in) -> None:
    html = shown(scene, signed_in)
    seller, contact = scene.house.person("sales").name, scene.house.contact.name
    assert f"{seller} a {contact} · Correo" in html or f"{seller} a {contact} · Mail" in html
    assert f"{contact} · apuntado por {seller}" in html
    assert "apuntado hoy" in html  # said yesterday, noted today
    assert "Rebotó en Oficina técnica: Falta el plano neumático" in html


def test_money_is_shown_only_to_whom_it_may_be(scene: Scene, signed_in: SignedIn) -> None:
    assert "742.000" in shown(scene, signed_in, "sales")
    assert "742.000" not in shown(scene, signed_in, "technical")


def test_a_story_of_ten_thousand_entries_costs_no_more_queries(scene: Scene, signed_in: SignedIn) -> None:
    client = signed_in("sales")
    few = queries_of(client, address(scene))
    _bulk(scene, 10_000)
    many = queries_of(client, address(scene))
    assert many == few <= MOST_QUERIES
    html = client.get(address(scene)).content.decode()
    assert "Ver 50 entradas anteriores" in html
    older = client.get(address(scene, "historia/"), headers={"HX-Request": "true"}).content.decode()
    assert older.count('class="h-entry ') == 50 and "<html" not in older


def queries_of(client, url: str) -> int:
    client.get(url)  # what is cached once (the session, compiled calendars) is not counted
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def _bulk(scene: Scene, count: int) -> None:
    by = scene.house.actor("sales")
    with transaction.atomic():
        text = seal("Una nota entre muchas")
        for number in range(count):
            place = place_of("note", 1_000_000 + number, scene.thread)
            event = NoteWritten(**place, note_kind="note", text=text, channel="", contact=None)
            record(event, by=by, now=scene.now)


def test_every_entry_stands_on_exactly_one_page_of_the_story(scene: Scene, signed_in: SignedIn) -> None:
    _bulk(scene, 120)
    client, found, url = signed_in("sales"), [], address(scene, "historia/")
    for _page in range(5):
        html = client.get(url, headers={"HX-Request": "true"}).content.decode()
        found += [piece.split('"')[0] for piece in html.split('id="e')[1:]]
        if "hx-get=" not in html:
            break
        url = html.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert len(found) == len(set(found)) == 144


def test_the_story_narrows_to_what_the_customer_knows_and_to_an_area(scene: Scene, signed_in) -> None:
    known = shown(scene, signed_in, rest="?only=known")
    assert "La fabricación terminó" in known and "Los moldes de 0,33 L llegan" not in known
    area = scene.house.area("technical").pk
    assert "Empezamos hoy" not in shown(scene, signed_in, rest=f"?only={area}")


@pytest.mark.parametrize(
    "before", ["x", "2026-13-45~1", "2026-01-01~1", "~", "2026-01-01T00:00:00+00:00~" + "9" * 30]
)
def test_a_broken_cursor_begins_at_the_newest(scene: Scene, signed_in: SignedIn, before: str) -> None:
    assert signed_in("sales").get(address(scene), {"before": before, "only": before}).status_code == 200


def test_a_confidential_thread_does_not_exist_for_others(scene: Scene, signed_in: SignedIn) -> None:
    head = scene.house.head("sales")
    make_confidential(scene.thread, readers=[head.one], seen=scene.thread.version, by=head, now=scene.now)
    for rest in ("", "historia/", "cuelga/", "ponme-al-dia/", "pausar/", "archivar/"):
        assert signed_in("technical").get(address(scene, rest)).status_code == 404
    assert signed_in("sales").get(address(scene)).status_code == 200


def test_a_paused_thread_says_until_when_and_why(scene: Scene, signed_in: SignedIn) -> None:
    by = scene.house.actor("sales")
    until = scene.now.replace(month=12, day=28)
    pause_thread(
        scene.thread,
        reason="Espera su licencia",
        until=until,
        seen=scene.thread.version,
        by=by,
        now=scene.now,
    )
    html = shown(scene, signed_in)
    assert "En pausa hasta" in html and "Espera su licencia" in html and "Despertarlo ya" in html


def test_an_archived_thread_can_be_read_and_reopened_but_not_written_on(scene: Scene, signed_in) -> None:
    director = acting(scene.house.company.director, scene.now)
    force_archive(
        scene.thread, reason="Cierre del año", seen=scene.thread.version, by=director, now=scene.now
    )
    html = shown(scene, signed_in)
    assert "En el archivo desde" in html and "h-composer" not in html
    assert "Forzado por Dirección con 6 cosas colgando." in html
    assert f"/hilos/{scene.thread.code}/reabrir/" in html


def test_who_is_not_signed_in_is_led_to_the_door(scene: Scene, client) -> None:
    answer = client.get(address(scene))
    assert answer.status_code == 302 and "next=" in answer.headers["Location"]
    assert client.get(address(scene), headers={"HX-Request": "true"}).headers["HX-Redirect"]


def test_the_browsers_own_language_changes_nothing(scene: Scene, signed_in: SignedIn) -> None:
    html = signed_in("sales").get(address(scene), headers={"Accept-Language": "en"}).content.decode()
    assert "Historia" in html and '<html lang="es"' in html
    person = scene.house.person("sales")
    type(person).objects.filter(pk=person.pk).update(language="en")
    english = signed_in("sales").get(address(scene)).content.decode()
    assert ">Story</h2>" in english and "What the customer knows" in english
