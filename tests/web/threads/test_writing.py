"""The composer: each kind is written down, a refusal loses nothing, who is slower is told so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.work.commands.conversation import write_note
from hilo.work.commands.promises import keep_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.templates import published_version, seed_templates
from hilo.work.commands.threads import change_thread, open_thread
from hilo.work.models import Ask, Handoff, LooseEnd, Note, Order, Promise, Thread, Update
from tests.factories.parties import a_person
from tests.factories.work import branches, step
from tests.web.threads.conftest import SignedIn
from tests.web.threads.scene import Scene


def write(client: Client, thread: Thread, **data: object):
    thread.refresh_from_db()
    return client.post(f"/hilos/{thread.code}/escribir/", {"seen": thread.version, **data})


def day(scene: Scene, days: int) -> str:
    return (scene.now + timedelta(days=days)).date().isoformat()


def test_a_message_moves_the_news_date_and_says_so(scene: Scene, signed_in: SignedIn) -> None:
    answer = write(
        signed_in("sales"),
        scene.thread,
        kind="message",
        text="La prueba sigue en pie.",
        **{
            "message-contacts": [scene.house.contact.pk],
            "message-channel": "call",
            "message-next_news_at": f"{day(scene, 4)}T12:00",
            "message-said_at": f"{day(scene, -1)}T10:00",
        },
    )
    assert answer.status_code == 302
    told = Update.objects.latest("pk")
    assert (told.channel, told.text) == ("call", "La prueba sigue en pie.")
    assert told.said_at < scene.now and told.next_news_at.isoformat() == f"{day(scene, 4)}T11:00:00+00:00"
    scene.thread.refresh_from_db()
    assert scene.thread.next_news_at == told.next_news_at


@pytest.mark.parametrize(
    ("kind", "fields", "model"),
    [
        ("note", {}, Note),
        ("decision", {}, Note),
        ("customer", {"contact": "CONTACT", "channel": "call"}, Note),
        (
            "promise",
            {"contact": "CONTACT", "due_day": 40, "where": "mail", "criterion": "24.000 b/h"},
            Promise,
        ),
        ("loose_end", {"owner": "ME", "due": 3}, LooseEnd),
        ("ask", {"to_area": "AREA", "why": "Sin ellos no hay prueba", "due": 3}, Ask),
    ],
)
def test_each_kind_is_written_down(scene: Scene, signed_in: SignedIn, kind, fields, model) -> None:
    stand_for = {
        "CONTACT": scene.house.contact.pk,
        "ME": scene.house.person("sales").pk,
        "AREA": scene.house.area("logistics").pk,
    }
    data = {
        f"{kind}-{name}": day(scene, value) if isinstance(value, int) else stand_for.get(value, value)
        for name, value in fields.items()
    }
    before = model.objects.count()
    answer = write(signed_in("sales"), scene.thread, kind=kind, text="Lo que hay que saber", **data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert model.objects.count() == before + 1


def test_an_order_of_one_line_rides_on_the_supply_thread(scene: Scene, signed_in: SignedIn) -> None:
    house = scene.house
    seed_templates(by=system(), now=scene.now)
    supply = open_thread(
        customer=house.customer, title="Suministro", kind="supply", owner=house.person("sales"),
        template_version=published_version("supply"), by=house.actor("sales"), now=scene.now,
    )  # fmt: skip
    client = signed_in("sales")
    html = client.get(f"/hilos/{supply.code}/").content.decode()
    assert 'value="order" id="kind-order"' in html and html.index('value="order"') < html.index(
        'value="message"'
    )
    assert write(client, supply, kind="order", text="40 cajas de juntas").status_code == 302
    assert Order.objects.get().text == "40 cajas de juntas"


def test_a_handoff_is_offered_from_the_thread_or_says_what_to_complete(scene, signed_in) -> None:
    house = scene.house
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=scene.now)
    buy = step(thread, "buy")
    client = signed_in("technical")
    page = client.get(f"/hilos/{thread.code}/").content.decode()
    assert 'id="kind-handoff"' in page and "Traspasar" in page
    answer = write(
        client, thread, kind="handoff", text="Comprar la llenadora",
        **{"handoff-step": buy.pk, "handoff-due": day(scene, 10)},
    )  # fmt: skip
    assert answer.status_code == 302
    assert Handoff.objects.get(step_run=buy).state == "offered"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("note", "text"),
        ("promise", "promise-contact"),
        ("ask", "ask-to_area"),
        ("message", "message-next_news_at"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(scene, signed_in, kind, field) -> None:
    typed = "" if kind == "note" else "<b>Texto</b> a medias 🙂 \u05e9\u05dc\u05d5\u05dd"
    events = LedgerEvent.objects.count()
    answer = write(
        signed_in("sales"),
        scene.thread,
        kind=kind,
        text=typed,
        **{"promise-criterion": "lo de siempre", "loose_end-owner": "999999", "ask-why": "porque sí"},
    )
    html = answer.content.decode()
    assert answer.status_code == 422 and LedgerEvent.objects.count() == events
    assert "checked" in html.split(f'id="kind-{kind}"')[1][:200]
    assert f'id="id_{field}"' in html and f'href="#id_{field}"' in html
    assert "lo de siempre" in html and "porque sí" in html
    if typed:
        assert "&lt;b&gt;Texto&lt;/b&gt; a medias 🙂" in html and "<b>Texto" not in html


def test_a_date_before_now_is_refused_by_the_command_beside_its_field(scene, signed_in) -> None:
    answer = write(
        signed_in("sales"),
        scene.thread,
        kind="promise",
        text="Prueba",
        **{
            "promise-contact": scene.house.contact.pk,
            "promise-due_day": day(scene, -9),
            "promise-where": "call",
        },
    )
    assert answer.status_code == 422
    assert 'id="id_promise-due_error"' in answer.content.decode()


@pytest.mark.parametrize(
    "when", ["ayer", "2026-02-30T10:00", "99999-01-01T00:00", "0001-01-01T00:00", "2026-10-25"]
)
def test_a_moment_that_is_none_is_refused_with_a_sentence(scene, signed_in, when: str) -> None:
    answer = write(
        signed_in("sales"), scene.thread, kind="message", text="Hola",
        **{"message-contacts": [scene.house.contact.pk], "message-channel": "call"},
        **{"message-next_news_at": when},
    )  # fmt: skip
    assert answer.status_code == 422


def test_who_was_slower_is_told_who_was_quicker_and_loses_nothing(scene: Scene, signed_in) -> None:
    house, client = scene.house, signed_in("sales")
    url, seen = f"/hilos/{scene.thread.code}/datos/", scene.thread.version
    change_thread(scene.thread, title="Línea 4", seen=seen, by=house.head("sales"), now=scene.now)
    typed = {"seen": seen, "title": "Línea 5, la buena", "purpose": "Para el hotel", "priority": "high"}
    answer = client.post(url, typed)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert house.company.heads["sales"].name in html and "Datos cambiados" in html
    assert 'value="Línea 5, la buena"' in html
    scene.thread.refresh_from_db()
    assert scene.thread.title == "Línea 4"
    assert f'name="seen" value="{scene.thread.version}"' in html  # sent again, it has seen the change
    assert client.post(url, {**typed, "seen": scene.thread.version}).status_code == 302


def test_a_promise_kept_meanwhile_is_not_kept_twice(scene: Scene, signed_in: SignedIn) -> None:
    promise = Promise.objects.get()
    keep_promise(promise, seen=promise.version, by=scene.house.head("sales"), now=scene.now)
    url = f"/hilos/{scene.thread.code}/compromisos/{promise.pk}/cumplido/"
    answer = signed_in("sales").post(url, {"seen": 1, "evidence": "Acta firmada"})
    assert answer.status_code == 422 and "Acta firmada" in answer.content.decode()


def test_people_of_another_delegation_read_but_do_not_write(scene: Scene, signed_in: SignedIn) -> None:
    company = scene.house.company
    stranger = a_person(
        "Ana de Sevilla", area=company.areas["sales"], delegation=company.sevilla, now=scene.now
    )
    client = Client()
    client.force_login(stranger)
    page = client.get(f"/hilos/{scene.thread.code}/")
    assert page.status_code == 200 and "h-composer" not in page.content.decode()
    events = LedgerEvent.objects.count()
    assert write(client, scene.thread, kind="note", text="Hola").status_code == 403
    assert client.get(f"/hilos/{scene.thread.code}/pausar/").status_code == 403
    assert client.post(f"/hilos/{scene.thread.code}/pausar/", {"seen": 1}).status_code == 403
    assert LedgerEvent.objects.count() == events


def test_a_note_written_by_somebody_else_does_not_stop_a_note(scene: Scene, signed_in: SignedIn) -> None:
    seen = scene.thread.version
    write_note(scene.thread, text="La otra nota", by=scene.house.head("sales"), now=scene.now)
    answer = signed_in("sales").post(
        f"/hilos/{scene.thread.code}/escribir/", {"seen": seen, "kind": "note", "text": "La mía"}
    )
    assert answer.status_code == 302 and Note.objects.filter(text="La mía").exists()
