"""An opportunity of a CRM becomes a thread and goes from hand to hand, to the archive: the whole story.

Each person works in a browser of their own. What is typed goes through the pages' own forms.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from hilo.channels.imports import subcommand
from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.parties.models import Customer, Person
from hilo.work.commands.templates import draft_template, publish_version
from hilo.work.models import Handoff, Promise, StepRun, Thread
from tests.browser.by_hand import put, send
from tests.factories.parties import a_contact
from tests.factories.work import House, a_house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]

OWN_PROCESS = """
code: own-process
name: Proyecto
kind: new_account
steps:
  - {key: vender, name: Acordar el alcance, area: sales, target: 2d}
  - key: proyecto
    name: Proyectar
    area: technical
    target: 5d
    after: [vender]
    needs:
      - {key: plano, text: Plano de la nave con la acometida}
  - {key: comprar, name: Comprar, area: purchasing, target: 5d, after: [proyecto], weight: light}
  - {key: construir, name: Construir, area: production, target: 5d, after: [proyecto], weight: light}
  - key: enviar
    name: Enviar
    area: logistics
    target: 2d
    delivers: true
    after: [comprar, construir]
    weight: light
  - {key: facturar, name: Facturar, area: admin, target: 1d, after: [enviar], weight: light}
"""


@pytest.fixture
def house() -> Iterator[House]:
    made = a_house()
    version = draft_template(OWN_PROCESS, by=system(), now=made.at)
    publish_version(version, seen=version.version, by=system(), now=made.at)
    with time_machine.travel(made.at + timedelta(hours=1), tick=True):
        yield made


def bring_in(what: str, file: Path, owner: Person) -> None:
    parser = ArgumentParser()
    subcommand.add_arguments(parser)
    options = [what, str(file), "--source", "salesforce", "--owner", owner.email]
    assert subcommand.run(parser.parse_args([*options, "--delegation", "zaragoza"])) == 0


def answer(page: Page, handoff: Handoff, **typed: str) -> None:
    page.goto(f"/traspasos/{handoff.pk}/")
    for name, value in typed.items():
        put(page.locator(f"[name='{name}']").first, value)


def open_offer(thread: Thread, name: str) -> Handoff:
    return Handoff.objects.filter(thread=thread, step_run__name=name).latest("attempt")


def run_of(thread: Thread, name: str) -> StepRun:
    return StepRun.objects.get(thread=thread, name=name)


def finish(page: Page, thread: Thread, name: str) -> None:
    send(page, f"/hilos/{thread.code}/pasos/{run_of(thread, name).pk}/hecho/")


def test_an_opportunity_goes_from_the_crm_to_the_archive(house: House, page_as: PageAs, shared: Path) -> None:
    exports = shared / "channels" / "crm-exports" / "salesforce"
    seller_person = house.person("sales")
    bring_in("customers", exports / "accountData.csv", seller_person)
    bring_in("threads", exports / "opportunityData.csv", seller_person)
    thread = Thread.objects.filter(kind="new_account", amount__isnull=False).order_by("pk")[0]
    assert Customer.objects.count() > 400
    contact = a_contact(thread.customer, "Diego Arnal", now=house.at)
    base = f"/hilos/{thread.code}"
    today = house.at.date()

    # Requirements, a promise, a deliverable.
    seller = page_as(seller_person)
    send(seller, f"{base}/requisitos/nuevo/", text="Llenar botellas de 0,1 l sin espuma")
    send(seller, f"{base}/entregables/nuevo/", name="Línea de 0,1 l", criterion="12.000 botellas/h")
    seller.goto(f"{base}/?write=promise")
    composer = seller.locator("#write")
    composer.locator("[name=text]").fill("Línea instalada y probada")
    composer.locator("[name='promise-contact']").select_option(str(contact.pk))
    composer.locator("[name='promise-due_day']").fill((today + timedelta(days=40)).isoformat())
    composer.locator("[name='promise-where']").select_option("meeting")
    composer.locator("[data-for=promise] button").click()
    promise = Promise.objects.get(thread=thread)
    assert promise.state == "open"

    # Offered without its gap closed: refused; explained, offered; returned naming the gap.
    finish(seller, thread, "Acordar el alcance")
    draft = open_offer(thread, "Proyectar")
    assert draft.state == "draft"
    seller.goto(f"/traspasos/{draft.pk}/")
    item = draft.items.get()
    seller.locator(f"[name='item-{item.pk}-explanation']").fill("Lo trae el cliente el jueves")
    seller.locator("button[value=explained]").first.click()
    seller.locator("[name=ask]").fill("Proyecto de la llenadora con horas y compras")
    seller.locator("form[action$='/ofrecer/'] button.btn-primary").click()
    draft.refresh_from_db()
    assert draft.state == "offered"

    technician = page_as(house.person("technical"))
    answer(technician, draft)
    technician.get_by_text("Me impide empezar").first.click()
    technician.get_by_text("Devolver", exact=True).click()
    technician.locator("[name=comment]").fill("Sin el plano no sabemos dónde va la acometida")
    technician.get_by_role("button", name="Devolver a Comercial").click()
    expect(technician.get_by_text("vuelve a Comercial con tu motivo")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.state, draft.return_reason) == ("returned", "gaps")

    # Completed with the document, offered again, accepted with a read-back.
    seller.goto(f"/traspasos/{draft.pk}/")
    seller.get_by_role("button", name="Completarlo y volver a ofrecer").click()
    again = open_offer(thread, "Proyectar")
    item = again.items.get()
    opened = seller.locator(f"#item-{item.pk}")
    opened.locator("input[type=file]").set_input_files(
        {"name": "nave.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 plano"}
    )
    opened.locator("button[value=complete]").click()
    seller.locator("form[action$='/ofrecer/'] button.btn-primary").click()
    answer(technician, again, read_back="Haremos el proyecto completo para el lunes")
    technician.get_by_role("button", name="Aceptar el traspaso").click()
    again.refresh_from_db()
    assert (again.state, again.attempt, again.answered_by) == ("accepted", 2, house.person("technical"))

    # Two branches at once.
    finish(technician, thread, "Proyectar")
    for area, name in (("purchasing", "Comprar"), ("production", "Construir")):
        page = page_as(house.person(area))
        page.goto("/")
        page.keyboard.press("a")
        expect(page.get_by_text("queda en manos de").first).to_be_visible()
        assert run_of(thread, name).state == "running"

    # A date moved early, with the customer's agreement.
    send(
        seller,
        f"{base}/compromisos/{promise.pk}/renegociar/",
        due_day=(today + timedelta(days=45)).isoformat(),
        contact=str(contact.pk),
        where="call",
        evidence="Llamada de hoy con Diego",
    )
    promise.refresh_from_db()
    successor = Promise.objects.get(predecessor=promise)
    assert promise.state == "renegotiated" and successor.first_due_at == promise.first_due_at

    for area, name in (("purchasing", "Comprar"), ("production", "Construir")):
        finish(page_as(house.person(area)), thread, name)
    for area, name in (("logistics", "Enviar"), ("admin", "Facturar")):
        page = page_as(house.person(area))
        page.goto("/")
        page.keyboard.press("a")
        expect(page.get_by_text("queda en manos de").first).to_be_visible()
        finish(page, thread, name)

    # The archive refuses with the list of what hangs; each link leads to its place.
    seller.goto(f"{base}/cuelga/")
    links = seller.locator(".h-hang a")
    places = [links.nth(index).get_attribute("href") or "" for index in range(links.count())]
    assert len(places) >= 3
    for place in places:
        address, _, anchor = place.partition("#")
        answered = seller.goto(address)
        assert answered is not None and answered.ok, place
        assert not anchor or seller.locator(f"#{anchor}").count(), place
    thread.refresh_from_db()
    seller.request.post(f"{base}/archivar/", form={"seen": str(thread.version)})
    thread.refresh_from_db()
    assert thread.state == "open"

    # All closed.
    line = thread.deliverables.get()
    assert line.state == "delivered"
    accepted = {"contact": str(contact.pk), "evidence": "Acta firmada"}
    send(seller, f"{base}/entregables/{line.pk}/aceptado/", **accepted)
    send(seller, f"{base}/compromisos/{successor.pk}/cumplido/", evidence="Acta firmada")
    for loose_end in thread.loose_ends.filter(settled_at__isnull=True):
        send(seller, f"{base}/cabos/{loose_end.pk}/atar/", outcome="Hecho")
    send(seller, f"{base}/pregunta/", contact=str(contact.pk))
    seller.goto(f"{base}/cuelga/")
    seller.get_by_role("button", name="Archivar el hilo").click()
    thread.refresh_from_db()
    assert thread.state == "archived"

    # The whole story on one page, and the chains hold.
    seller.goto(f"{base}/")
    while (more := seller.get_by_role("link", name="anteriores")).count():
        before = seller.locator(".h-entry").count()
        more.first.click()
        expect(seller.locator(".h-entry").nth(before)).to_be_attached()
    story = seller.locator("main").inner_text()
    for words in (
        "Llenar botellas de 0,1 l sin espuma",
        "Línea instalada y probada",
        "Sin el plano no sabemos dónde va la acometida",
        "Haremos el proyecto completo para el lunes",
        "Llamada de hoy con Diego",
        "Acta firmada",
    ):
        assert words in story, words
    assert verify().holds
