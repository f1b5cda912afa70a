"""What can be done to a thread and the things on it, each on a page of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hilo.ledger.models import LedgerEvent
from hilo.parties.permissions import PERMISSIONS
from hilo.web.doing.routes import ROUTES
from hilo.web.threads.acts_things import PROMISE_ACTS, SMALL_ACTS, STEP_ACTS
from hilo.web.threads.acts_thread import THREAD_ACTS
from hilo.work.commands.archiving import ask_closing_question
from hilo.work.commands.orders import place_order
from hilo.work.commands.ownership import offer_ownership
from hilo.work.gate import what_hangs
from hilo.work.models import (
    ClosingQuestion,
    Deliverable,
    Document,
    LooseEnd,
    OwnershipTransfer,
    Promise,
    StepRun,
    Visit,
)
from tests.factories.parties import acting
from tests.web.threads.conftest import SignedIn
from tests.web.threads.scene import Scene

ACTS = (*THREAD_ACTS, *PROMISE_ACTS, *STEP_ACTS, *SMALL_ACTS)


def path(scene: Scene, act, pk: int | None = None) -> str:
    return f"/hilos/{scene.thread.code}/{act.path.replace('<int:pk>', str(pk))}/"


def test_every_act_is_a_route_with_a_row_of_the_permission_table() -> None:
    for act in ACTS:
        route = ROUTES[f"web:thread_{act.name}"]
        assert route.changes and route.action in PERMISSIONS
        assert ("<int:pk>" in act.path) == (act.model is not None)


@pytest.mark.parametrize("act", THREAD_ACTS, ids=lambda act: act.name)
def test_every_page_of_the_thread_opens_and_an_empty_answer_changes_nothing(scene, signed_in, act) -> None:
    target = scene.thread
    if act.model is OwnershipTransfer:
        target = offer_ownership(
            scene.thread, to=scene.house.company.director, reason="Se va de vacaciones",
            seen=scene.thread.version, by=scene.house.actor("sales"), now=scene.now,
        )  # fmt: skip
    if act.model is ClosingQuestion:
        target = ask_closing_question(
            scene.thread, contact=scene.house.contact, by=scene.house.actor("sales"), now=scene.now
        )
    client = signed_in("director")
    page = client.get(path(scene, act, target.pk))
    assert page.status_code == 200 and str(act.title) in page.content.decode()
    events = LedgerEvent.objects.count()
    assert client.post(path(scene, act, target.pk), {}).status_code == 422
    assert LedgerEvent.objects.count() == events


@pytest.mark.parametrize("act", (*PROMISE_ACTS, *STEP_ACTS, *SMALL_ACTS), ids=lambda act: act.name)
def test_what_is_on_no_thread_or_on_another_one_is_not_found(scene: Scene, signed_in, act) -> None:
    client = signed_in("sales")
    assert client.get(path(scene, act, 987_654)).status_code == 404
    assert client.post(path(scene, act, 987_654), {"seen": 1}).status_code == 404


def done(client, url: str, seen: int, **data: object) -> None:
    answer = client.post(url, {"seen": seen, **data})
    assert answer.status_code == 302, answer.content.decode()[-4000:]


def test_from_the_gates_list_to_the_archive_each_link_leads_to_its_place(scene: Scene, signed_in) -> None:
    thread, seller, technician = scene.thread, signed_in("sales"), signed_in("technical")
    here = f"/hilos/{thread.code}/"
    refused = seller.post(f"{here}archivar/", {"seen": thread.version})
    assert refused.status_code == 422 and f"{here}cuelga/" in refused.content.decode()
    listed = seller.get(f"{here}cuelga/").content.decode()
    assert "6 cosas cuelgan e impiden archivar el hilo" in listed
    page = seller.get(here).content.decode()
    for hang in what_hangs(thread, now=scene.now):
        if hang.kind != "closing_question":
            assert f'href="{here}#{hang.type}-{hang.id}"' in listed
            assert f'id="{hang.type}-{hang.id}"' in page
    contact = scene.house.contact.pk
    step, promise = StepRun.objects.get(state="running"), Promise.objects.get()
    thing, doubt, ask = Deliverable.objects.get(), LooseEnd.objects.get(), thread.asks.get()
    done(technician, f"{here}pasos/{step.pk}/hecho/", step.version)
    done(seller, f"{here}compromisos/{promise.pk}/cumplido/", promise.version, evidence="Acta")
    done(seller, f"{here}entregables/{thing.pk}/entregado/", thing.version)
    done(
        seller,
        f"{here}entregables/{thing.pk}/aceptado/",
        thing.version + 1,
        contact=contact,
        evidence="Firma",
    )
    done(seller, f"{here}cabos/{doubt.pk}/atar/", doubt.version, outcome="Vale")
    done(signed_in("purchasing"), f"{here}peticiones/{ask.pk}/hecha/", ask.version, answer="Llegan el 24")
    done(seller, f"{here}pregunta/", 0, contact=contact)
    assert "No cuelga nada" in seller.get(f"{here}cuelga/").content.decode()
    thread.refresh_from_db()
    done(seller, f"{here}archivar/", thread.version)
    thread.refresh_from_db()
    assert thread.state == "archived"
    assert "Al archivo" in seller.get(here).content.decode()


def test_only_the_person_offered_is_asked_whether_they_take_the_thread(scene: Scene, signed_in) -> None:
    scene.thread.refresh_from_db()
    transfer = offer_ownership(
        scene.thread, to=scene.house.person("technical"), reason="Ya es cosa de ingeniería",
        seen=scene.thread.version, by=scene.house.actor("sales"), now=scene.now,
    )  # fmt: skip
    accept = f"/hilos/{scene.thread.code}/responsable/{transfer.pk}/aceptar/"
    assert accept in signed_in("technical").get(f"/hilos/{scene.thread.code}/").content.decode()
    assert accept not in signed_in("sales").get(f"/hilos/{scene.thread.code}/").content.decode()
    assert signed_in("sales").post(accept, {"seen": transfer.version}).status_code == 403
    done(signed_in("technical"), accept, transfer.version)
    scene.thread.refresh_from_db()
    assert scene.thread.owner == scene.house.person("technical")


def test_a_document_is_uploaded_versioned_approved_and_fetched_as_a_download(scene, signed_in) -> None:
    client, here = signed_in("sales"), f"/hilos/{scene.thread.code}/"
    document = Document.objects.get()
    file = SimpleUploadedFile("../../plano<2>.html", b"<script>1</script>")
    done(client, f"{here}documentos/{document.pk}/version/", document.version, file=file, note="Cotas")
    version = document.versions.get(number=2)
    approve = f"{here}documentos/version/{version.pk}/aprobada/"
    done(client, approve, 0, contact=scene.house.contact.pk, evidence="Correo del martes")
    fetched = client.get(f"{here}archivo/{version.pk}/")
    assert b"".join(fetched.streaming_content) == b"<script>1</script>"
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert "Aprobado" in client.get(here).content.decode()
    empty = client.post(f"{here}documentos/nuevo/", {"seen": 0, "file": SimpleUploadedFile("v.pdf", b"")})
    assert empty.status_code == 422


def test_money_in_the_details_is_only_for_whom_it_is_shown_to(scene: Scene, signed_in: SignedIn) -> None:
    url = f"/hilos/{scene.thread.code}/datos/"
    assert "amount" in signed_in("sales").get(url).content.decode()
    assert "742" not in signed_in("technical").get(url).content.decode()
    version = scene.thread.version
    done(signed_in("technical"), url, version, title="Línea 3", purpose="X", priority="high", amount="1")
    scene.thread.refresh_from_db()
    assert scene.thread.amount == 742000


def test_catching_up_tells_what_is_new_until_the_reader_says_they_are_up_to_date(scene, signed_in) -> None:
    client, url = signed_in("director"), f"/hilos/{scene.thread.code}/ponme-al-dia/"
    first = client.get(url).content.decode()
    assert "La historia de" in first and "Prueba en fábrica" in first and "Se usan 2 días" in first
    assert not Visit.objects.exists()
    assert client.post(url).status_code == 302
    assert "Han pasado 0 cosas" in client.get(url).content.decode()
    Visit.objects.update(seen_until=scene.now - timedelta(hours=1))
    since = client.get(url).content.decode()
    assert "Los moldes de 0,33 L" in since and "Empezamos hoy" not in since


def test_nobody_places_an_order_on_a_thread_that_is_no_supply_thread(scene: Scene, signed_in) -> None:
    assert 'value="order"' not in signed_in("sales").get(f"/hilos/{scene.thread.code}/").content.decode()
    from hilo.errors import RuleViolation

    with pytest.raises(RuleViolation):
        place_order(
            scene.thread, text="Juntas", by=acting(scene.house.person("sales"), scene.now), now=scene.now
        )
