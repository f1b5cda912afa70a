"""The page of a handoff through HTTP: the three answers, the giver's side, and what happens to late ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Person
from hilo.work.commands.documents import add_document, approve_document
from hilo.work.commands.handoffs import offer_handoff, offer_to_colleague
from hilo.work.commands.promises import make_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, StepRun, Weight
from tests.factories.parties import acting
from tests.factories.work import (
    House,
    a_house,
    accepted,
    an_offer,
    explain_gaps,
    open_handoff,
    step,
    two_steps,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house()


def draft(house: House, weight: str = Weight.FULL) -> Handoff:
    thread = two_steps(house, weight)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    return open_handoff(step(thread, "design"))


def offered(house: House, weight: str = Weight.FULL) -> Handoff:
    return an_offer(house, draft(house, weight))


def at_work(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(house: House, person: Person, path: str) -> HttpResponse:
    with time_machine.travel(house.at, tick=False):
        return at_work(person).get(path)


def post(house: House, person: Person, path: str, **data: Any) -> HttpResponse:
    with time_machine.travel(house.at, tick=False):
        return at_work(person).post(path, data)


def page_of(house: House, person: Person, handoff: Handoff) -> str:
    response = get(house, person, f"/traspasos/{handoff.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def answer(house: House, person: Person, handoff: Handoff, **data: Any) -> HttpResponse:
    """What the page's form sends, with the holder it prefills."""
    data = {"seen": handoff.version, "holder": person.pk, **data}
    return post(house, person, f"/traspasos/{handoff.pk}/responder/", **data)


# What each side sees --------------------------------------------------------------------------------------


def test_the_receiver_sees_who_has_charge_what_is_asked_the_gaps_and_the_promises(house: House) -> None:
    handoff = draft(house)
    seller = house.actor("sales")
    version = add_document(
        handoff.thread, name="Plano", file_name="plano.pdf", content=b"%PDF", by=seller, now=house.at
    )
    approve_document(version, contact=house.contact, evidence="Correo", by=seller, now=house.at)
    due = house.at + timedelta(days=20)
    make_promise(
        handoff.thread,
        text="Línea en marcha",
        due=due,
        contact=house.contact,
        where="mail",
        by=seller,
        now=house.at,
    )
    an_offer(house, handoff)
    page = page_of(house, house.person("technical"), handoff)
    for shown in (
        "Comercial te pasa «Proyectar»",
        "Hasta que se conteste, sigue a cargo de",
        "se avisa a la vez a los dos jefes de área",
        "Proyecto con plano y horas",
        "Faltan 2 datos",
        "Llega el jueves",
        "Me impide empezar",
        "Línea en marcha",
        f"Aprobado por {house.contact.name}",
        "Entrar en el canal hotel en marzo",
        "Devolver a Comercial",
        "En Oficina técnica haremos esto: Proyecto con plano y horas, para el lunes 30 de noviembre.",
    ):
        assert shown in page, shown


def test_the_giver_sees_the_clock_and_can_take_it_back_but_not_answer(house: House) -> None:
    handoff = offered(house)
    page = page_of(house, house.person("sales"), handoff)
    assert "Oficina técnica todavía no ha respondido" in page
    assert "Retirar el traspaso" in page
    assert "/responder/" not in page


def test_somebody_else_reads_it_without_a_single_button(house: House) -> None:
    handoff = offered(house)
    page = page_of(house, house.person("logistics"), handoff)
    assert "Proyecto con plano y horas" in page
    assert f'action="/traspasos/{handoff.pk}/' not in page


def test_a_light_one_needs_one_key_and_no_words(house: House) -> None:
    handoff = offered(house, Weight.LIGHT)
    page = page_of(house, house.person("technical"), handoff)
    assert 'data-key="a"' in page
    assert 'name="read_back"' not in page


# Answers --------------------------------------------------------------------------------------------------


def test_accepting_with_a_read_back_makes_it_theirs(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    response = answer(house, technician, handoff, answer="accept", read_back="Plano el lunes")
    assert response.status_code == 302
    handoff.refresh_from_db()
    assert (handoff.state, handoff.read_back) == ("accepted", "Plano el lunes")
    assert StepRun.objects.get(pk=handoff.step_run_id).holder == technician


def test_without_a_read_back_it_is_refused_beside_the_field_and_the_rest_stays(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    response = answer(
        house,
        technician,
        handoff,
        answer="accept",
        read_back="  ",
        comment="a medio escribir",
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "id_read_back_error" in page
    assert "a medio escribir" in page
    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_a_colleague_chosen_is_offered_it_and_not_assigned(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    colleague = house.company.heads["technical"]
    answer(house, technician, handoff, answer="accept", read_back="Plano el lunes", holder=colleague.pk)
    step_run = StepRun.objects.get(pk=handoff.step_run_id)
    assert step_run.holder == technician
    within = open_handoff(step_run)
    assert (within.to_person, within.is_within_area, within.state) == (colleague, True, "offered")


def test_conditions_go_to_the_giver_who_confirms_them(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    response = answer(
        house,
        technician,
        handoff,
        answer="conditions",
        read_back_conditions="Plano el miércoles 9",
        due="2026-12-09T18:00",
        hours="190,5",
        conditions="Hay que medir antes",
    )
    assert response.status_code == 302
    handoff.refresh_from_db()
    assert handoff.state == "conditional"
    seller = house.person("sales")
    page = page_of(house, seller, handoff)
    assert "Hay que medir antes" in page
    assert "190,5" in page
    post(house, seller, f"/traspasos/{handoff.pk}/confirmar/", seen=handoff.version)
    handoff.refresh_from_db()
    assert handoff.state == "accepted"


def test_conditions_that_change_nothing_are_refused_beside_the_date(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    response = answer(
        house,
        technician,
        handoff,
        answer="conditions",
        read_back_conditions="Igual",
        due="2026-11-30T10:00",
        conditions="Nada",
    )
    assert response.status_code == 422
    assert "id_due_error" in response.content.decode()


def test_a_conditional_read_back_is_asked_for_in_its_own_field(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    response = answer(
        house, technician, handoff, answer="conditions", due="2026-12-09T18:00", conditions="Más tiempo"
    )
    assert "id_read_back_conditions_error" in response.content.decode()


def test_returning_names_the_gaps_and_shows_them_to_the_giver(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    item = handoff.items.get(key="drawing")
    response = answer(
        house,
        technician,
        handoff,
        answer="return",
        reason="gaps",
        comment="Sin plano no hay proyecto",
        blocks=[item.pk],
        missing="Acometida de CO₂\n\nAltura de la nave",
    )
    assert response.status_code == 302
    handoff.refresh_from_db()
    assert handoff.state == "returned"
    assert set(handoff.items.filter(prevents_start=True).values_list("text", flat=True)) == {
        "Plano aprobado",
        "Acometida de CO₂",
        "Altura de la nave",
    }
    page = page_of(house, house.person("sales"), handoff)
    assert "Sin plano no hay proyecto" in page
    assert "Completarlo y volver a ofrecer" in page
    assert "les impide empezar" in page


def test_returning_for_gaps_without_naming_one_says_so_and_keeps_the_comment(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    response = answer(house, technician, handoff, answer="return", reason="gaps", comment="Falta de todo")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Falta de todo" in page
    assert 'value="return" id="answer-return" checked' in page


def test_a_stale_answer_changes_nothing_and_keeps_what_was_typed(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    stale = handoff.version - 1
    response = answer(
        house,
        technician,
        handoff,
        seen=stale,
        answer="accept",
        read_back="Mi texto largo",
    )
    assert response.status_code == 409
    assert "Mi texto largo" in response.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_of_two_who_answer_the_second_reads_who_was_quicker_and_keeps_their_words(house: House) -> None:
    handoff = offered(house)
    first, second = house.person("technical"), house.company.heads["technical"]
    answer(house, first, handoff, answer="accept", read_back="Yo primero")
    response = answer(
        house, second, handoff, answer="return", reason="not_ours", comment="Esto no es nuestro"
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert f"Mientras escribías, {first.name} ha aceptado este traspaso" in page
    assert "Lo que habías escrito" in page
    assert "Esto no es nuestro" in page
    handoff.refresh_from_db()
    assert (handoff.state, handoff.answered_by) == ("accepted", first)


def test_one_key_on_an_offer_already_answered_says_who_was_quicker(house: House) -> None:
    handoff = offered(house, Weight.LIGHT)
    first, second = house.person("technical"), house.company.heads["technical"]
    for person in (first, second):
        response = post(house, person, f"/traspasos/{handoff.pk}/aceptar/", seen=handoff.version)
    assert response.status_code == 422
    assert first.name in response.content.decode()
    assert StepRun.objects.get(pk=handoff.step_run_id).holder == first


def test_a_full_one_cannot_be_accepted_with_one_key(house: House) -> None:
    handoff = offered(house)
    response = post(
        house, house.person("technical"), f"/traspasos/{handoff.pk}/aceptar/", seen=handoff.version
    )
    assert response.status_code == 422
    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_an_answer_without_the_version_it_saw_changes_nothing(house: House) -> None:
    handoff, technician = offered(house, Weight.LIGHT), house.person("technical")
    response = post(house, technician, f"/traspasos/{handoff.pk}/aceptar/")
    assert response.status_code == 422
    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_what_was_missing_is_marked_in_one_click_after_acceptance(house: House) -> None:
    handoff = accepted(house, offered(house), receiver="technical")
    technician, item = house.person("technical"), handoff.items.get(key="notes")
    assert "Faltaba" in page_of(house, technician, handoff)
    path = f"/traspasos/{handoff.pk}/datos/{item.pk}/faltaba/"
    assert post(house, technician, path).status_code == 302
    item.refresh_from_db()
    assert item.marked_missing_at == house.at
    assert post(house, house.person("sales"), path).status_code == 403


# The giver ------------------------------------------------------------------------------------------------


def test_a_draft_says_what_is_missing_and_is_completed_explained_and_offered(house: House) -> None:
    handoff, seller = draft(house), house.person("sales")
    page = page_of(house, seller, handoff)
    assert "Aún no se puede ofrecer: 1 dato de la lista" in page
    drawing, notes = handoff.items.get(key="drawing"), handoff.items.get(key="notes")
    file = SimpleUploadedFile("plano v3.pdf", b"%PDF-3")
    base = f"/traspasos/{handoff.pk}"
    post(
        house, seller, f"{base}/datos/{drawing.pk}/", **{"state": "complete", f"item-{drawing.pk}-file": file}
    )
    why = {"state": "explained", f"item-{notes.pk}-explanation": "Llegan el martes"}
    post(house, seller, f"{base}/datos/{notes.pk}/", **why)
    drawing.refresh_from_db()
    notes.refresh_from_db()
    assert (drawing.state, notes.state, notes.explanation) == ("complete", "explained", "Llegan el martes")
    assert drawing.document_version is not None
    assert drawing.document_version.file_name == "plano v3.pdf"
    handoff.refresh_from_db()
    response = post(
        house,
        seller,
        f"{base}/ofrecer/",
        seen=handoff.version,
        ask="Proyecto con plano",
        proposed_due="2026-12-04T18:00",
    )
    assert response.status_code == 302
    handoff.refresh_from_db()
    assert (handoff.state, handoff.ask) == ("offered", "Proyecto con plano")


def test_offering_with_gaps_is_refused_and_the_ask_stays_typed(house: House) -> None:
    handoff, seller = draft(house), house.person("sales")
    response = post(
        house,
        seller,
        f"/traspasos/{handoff.pk}/ofrecer/",
        seen=handoff.version,
        ask="Lo que iba a pedir",
        proposed_due="2026-12-04T18:00",
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "Lo que iba a pedir" in page
    assert "Plano aprobado" in page


def test_an_explanation_left_empty_is_refused_beside_its_line(house: House) -> None:
    handoff, seller = draft(house), house.person("sales")
    item = handoff.items.get(key="drawing")
    response = post(house, seller, f"/traspasos/{handoff.pk}/datos/{item.pk}/", state="explained")
    assert response.status_code == 422
    assert f"id_item-{item.pk}-explanation_error" in response.content.decode()


def test_one_more_line_can_be_added_to_the_list(house: House) -> None:
    handoff, seller = draft(house), house.person("sales")
    post(house, seller, f"/traspasos/{handoff.pk}/datos/", text="Curva de espumado")
    assert handoff.items.filter(text="Curva de espumado", state="missing").exists()


def test_after_a_return_the_giver_prepares_it_again_with_its_history(house: House) -> None:
    handoff, technician = offered(house), house.person("technical")
    blocks = [handoff.items.get(key="drawing").pk]
    answer(house, technician, handoff, answer="return", reason="gaps", comment="Sin plano no", blocks=blocks)
    seller = house.person("sales")
    response = post(house, seller, f"/tramos/{handoff.step_run_id}/traspaso/")
    again = Handoff.objects.get(step_run=handoff.step_run_id, attempt=2)
    assert response.headers["Location"] == f"/traspasos/{again.pk}/"
    page = page_of(house, seller, again)
    assert "Intentos anteriores" in page
    assert "Sin plano no" in page


def test_taking_it_back_needs_a_reason(house: House) -> None:
    handoff, seller = offered(house), house.person("sales")
    path = f"/traspasos/{handoff.pk}/retirar/"
    assert post(house, seller, path, seen=handoff.version, reason="").status_code == 422
    assert post(house, seller, path, seen=handoff.version, reason="Cambia el formato").status_code == 302
    handoff.refresh_from_db()
    assert handoff.state == "withdrawn"


def test_a_colleagues_offer_has_no_conditions_and_starting_on_it_accepts(house: House) -> None:
    handoff = accepted(house, offered(house), receiver="technical")
    colleague = house.company.heads["technical"]
    step_run = StepRun.objects.get(pk=handoff.step_run_id)
    offer_to_colleague(
        step_run,
        colleague=colleague,
        ask="¿Puedes tú?",
        seen=step_run.version,
        by=house.actor("technical"),
        now=house.at,
    )
    within = open_handoff(step_run)
    page = page_of(house, colleague, within)
    assert "Empezar" in page
    assert 'value="conditions"' not in page
    post(house, colleague, f"/traspasos/{within.pk}/aceptar/", seen=within.version)
    step_run.refresh_from_db()
    assert step_run.holder == colleague


def test_a_substitute_from_another_area_is_the_holder_they_see_chosen(house: House) -> None:
    handoff, named, substitute = draft(house), house.person("technical"), house.person("logistics")
    explain_gaps(handoff, by=house.actor("sales"), now=house.at)
    handoff.refresh_from_db()
    offer_handoff(
        handoff,
        ask="Proyecto",
        proposed_due=house.at + timedelta(days=7),
        to_person=named,
        seen=handoff.version,
        by=house.actor("sales"),
        now=house.at,
    )
    today = house.at.date()
    plan_absence(
        named, substitute=substitute, first_day=today, last_day=today, by=acting(named), now=house.at
    )
    page = page_of(house, substitute, handoff)
    assert f'<option value="{substitute.pk}" selected>{substitute.name} (yo)</option>' in page
    answer(house, substitute, handoff, answer="accept", read_back="Me encargo yo")
    assert StepRun.objects.get(pk=handoff.step_run_id).holder == substitute
