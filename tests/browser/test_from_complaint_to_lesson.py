"""A complaint over a late delivery, repaired, told, verified, understood, and made impossible.

Each person works in a browser of their own; what is typed goes through the pages' own forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.quality.jobs.actions import run_action_windows
from hilo.quality.models import Analysis, Case, CaseUpdate, CauseKind, CorrectiveAction, Lesson
from hilo.work.commands.templates import draft_template, publish_version, published_version
from hilo.work.models import Handoff, Step, StepRun, TemplateVersion, Thread
from tests.browser.by_hand import choose, press, send
from tests.factories.work import House, a_house, a_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]

PROCESS = """
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
      - {key: plano, text: Plano de la nave}
"""
LINE = "Fecha que se le dijo al cliente"
OFFER = "form[action$='/ofrecer/'] button.btn-primary"


@dataclass
class Scene:
    house: House
    clock: time_machine.Traveller
    page_as: PageAs

    def page(self, who: str) -> Page:
        return self.page_as(self.house.person(who))


@pytest.fixture
def scene(page_as: PageAs) -> Iterator[Scene]:
    house = a_house()
    version = draft_template(PROCESS, by=system(), now=house.at)
    publish_version(version, seen=version.version, by=system(), now=house.at)
    with time_machine.travel(house.at + timedelta(hours=1), tick=True) as clock:
        yield Scene(house, clock, page_as)


def test_a_complaint_is_repaired_told_verified_and_made_impossible(scene: Scene) -> None:
    thread = a_project(scene.house)
    case = received_and_acknowledged(scene, thread)
    worked_on_in_two_areas(scene, case)
    told_twice_with_dates(scene, case)
    answered_verified_and_closed(scene, case)

    analysis = analysed(scene, case)
    action = acted_upon(scene, analysis)
    published(scene, analysis)
    stops_the_next_handoff(scene)
    judged_after_its_window(scene, action)
    assert verify().holds


def a_project(house: House) -> Thread:
    """On whatever version of the process is published by then."""
    return a_thread(house, published_version("new_account"))


def received_and_acknowledged(scene: Scene, thread: Thread) -> Case:
    seller = scene.page("sales")
    seller.goto(f"/casos/nuevo/?on={thread.code}")
    for name, value in (("kind", "complaint"), ("impact", "high"), ("urgency", "high")):
        choose(seller, name, value)
    seller.locator("[name=title]").fill("La línea llegó con tres semanas de retraso")
    seller.locator("[name=remedy]").fill("La línea montada antes del viernes y un descuento")
    seller.locator("[name=contact]").select_option(str(scene.house.contact.pk))
    seller.locator("[name=thread]").select_option(thread.code)
    seller.get_by_role("button", name="Abrir el caso").click()
    expect(seller.get_by_text("«La línea montada antes del viernes y un descuento»")).to_be_visible()
    case = Case.objects.get()

    tell(seller, case, "receipt")
    case.refresh_from_db()
    receipt = case.stages.get(stage="acknowledged")
    assert receipt.reached_at - case.received_at < timedelta(minutes=10)
    return case


def tell(page: Page, case: Case, tone: str, **more: str) -> None:
    """As the page offers it: the text and the next date are prefilled."""
    page.goto(f"/casos/{case.code}/")
    teller = page.locator("#teller")
    choose(teller, "tone", tone)
    page.wait_for_load_state("networkidle")
    for name, value in more.items():
        field = teller.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            choose(teller, name, value)
        else:
            field.fill(value)
    before = CaseUpdate.objects.count()
    press(teller.locator("button.btn-primary"))
    assert CaseUpdate.objects.count() == before + 1, page.locator("#teller").inner_text()


def worked_on_in_two_areas(scene: Scene, case: Case) -> None:
    seller = scene.page("sales")
    send(seller, f"/casos/{case.code}/valorar/", containment="Prestamos una línea de la sala de pruebas")
    send(seller, f"/casos/{case.code}/investigar/")
    for code, words in (("logistics", "Traer el cabezal"), ("technical", "Montarlo y medir")):
        area = scene.house.company.areas[code]
        send(seller, f"/casos/{case.code}/area/", area=str(area.pk), name=words)
        strand = StepRun.objects.get(work_item=case.work_item, name=words)
        page = scene.page(code)
        page.goto("/")
        page.keyboard.press("a")  # the only offer they have: one key accepts it
        expect(page.get_by_text("queda en manos de").first).to_be_visible()
        strand.refresh_from_db()
        assert strand.state == "running" and strand.holder == scene.house.person(code)

    # It does not close over their heads.
    case.refresh_from_db()
    seller.goto(f"/casos/{case.code}/cerrar/")
    seller.locator("form.h-form .h-form__do button").click()
    case.refresh_from_db()
    assert case.is_open


def told_twice_with_dates(scene: Scene, case: Case) -> None:
    for tone in ("progress", "still"):
        tell(scene.page("sales"), case, tone)
    dates = {each.update.next_news_at for each in CaseUpdate.objects.select_related("update")}
    case.thread.refresh_from_db()
    assert CaseUpdate.objects.count() == 3 and case.thread.next_news_at in dates


def answered_verified_and_closed(scene: Scene, case: Case) -> None:
    for code in ("logistics", "technical"):
        run = StepRun.objects.get(work_item=case.work_item, area=scene.house.company.areas[code])
        send(scene.page(code), f"/hilos/{case.thread.code}/pasos/{run.pk}/hecho/")
    seller = scene.page("sales")
    tell(seller, case, "answer", solution="La línea está montada y da su cadencia")
    tell(seller, case, "decision", outcome="upheld")
    send(
        seller,
        f"/casos/{case.code}/resuelto/",
        contact=str(scene.house.contact.pk),
        how="Nos lo dijo en la visita de hoy",
    )
    send(seller, f"/casos/{case.code}/cerrar/")
    case.refresh_from_db()
    assert not case.is_open and case.verified_by == scene.house.contact


def analysed(scene: Scene, case: Case) -> Analysis:
    seller = scene.page("sales")
    seller.goto(f"/casos/{case.code}/causa/")
    if not Analysis.objects.exists():
        seller.locator("[name=what_happened]").fill("La línea llegó tres semanas tarde")
        seller.get_by_role("button", name="Empezar").click()
    analysis = Analysis.objects.get()
    step = Step.objects.get(template_version__state="published", key="proyecto")
    send(
        seller,
        f"/causas/{analysis.pk}/lugar/",
        lost=str(step.pk),
        lost_from_area=str(scene.house.company.areas["sales"].pk),
        lost_at_entry="on",
    )
    for words, proof in (
        ("El proyecto se hizo para otra fecha", "plan del 3 de noviembre"),
        ("El traspaso no decía la fecha prometida", "traspaso del 1 de noviembre"),
        ("La lista del traspaso no pregunta por ella", "lista de Comercial a Oficina técnica, v1"),
    ):
        seller.goto(f"/casos/{case.code}/causa/")
        form = seller.locator("form[action$='/porques/']").first
        form.locator("[name$=text]").fill(words)
        form.locator("[name$=evidence]").fill(proof)
        press(form.locator("[name=add]"))
        expect(seller.get_by_text(words).first).to_be_visible()
    root = analysis.whys.get(text__startswith="La lista del traspaso")
    mark = seller.locator(f"form[action='/porques/{root.pk}/raiz/'] button")
    seller.locator("details").filter(has=mark).last.locator("summary").first.click()
    press(mark)
    cause = CauseKind.objects.get(code="information_lost_in_handoff")
    conclude = seller.locator("form[action$='/concluir/']")
    conclude.locator(f"[name=cause][value='{cause.pk}']").check()
    conclude.locator("[name=conclusion]").fill(
        "La fecha prometida se perdió en el traspaso a Oficina técnica"
    )
    press(conclude.locator("[name=conclude]"))
    analysis.refresh_from_db()
    assert analysis.state == "concluded" and analysis.cause == cause

    seller.goto(f"/casos/{case.code}/causa/")
    seller.locator("#prevent [name=text]").fill(LINE)
    press(seller.locator("#prevent button.btn-primary"))
    expect(seller.locator("#prevent").get_by_text(LINE)).to_be_visible()
    return analysis


def acted_upon(scene: Scene, analysis: Analysis) -> CorrectiveAction:
    doer, checker = scene.house.person("sales"), scene.house.person("logistics")
    send(
        scene.page("sales"),
        f"/causas/{analysis.pk}/acciones/nueva/",
        text="El traspaso pregunta siempre por la fecha prometida",
        owner=str(doer.pk),
        checker=str(checker.pk),
        area=str(scene.house.company.areas["sales"].pk),
        criterion="Ningún traspaso aceptado sin la fecha",
        window_days="90",
        window_exposures="1",
    )
    action = CorrectiveAction.objects.get()
    send(scene.page("sales"), f"/acciones/{action.pk}/hecha/", how="La línea está en el borrador de la lista")
    action.refresh_from_db()
    assert action.state == "watching" and action.checker == checker
    return action


def published(scene: Scene, analysis: Analysis) -> None:
    draft = TemplateVersion.objects.get(state="draft")
    admin = scene.page_as(administrator(scene.house))
    admin.goto(f"/ajustes/procesos/own-process/{draft.number}/")
    publish = admin.locator("form[action$='/publicar/'] button")
    admin.locator("details").filter(has=publish).last.locator("summary").first.click()
    press(publish)
    draft.refresh_from_db()
    assert draft.state == "published" and Lesson.objects.get().draft == draft


def administrator(house: House) -> Person:
    return house.company.administrator


def stops_the_next_handoff(scene: Scene) -> None:
    """The next thread runs on the new version: without the date its handoff cannot be offered."""
    thread = a_project(scene.house)
    seller = scene.page("sales")
    first = StepRun.objects.get(thread=thread, name="Acordar el alcance")
    send(seller, f"/hilos/{thread.code}/pasos/{first.pk}/hecho/")
    draft = Handoff.objects.get(thread=thread)
    plan, lesson = draft.items.get(key="plano"), draft.items.get(key=Lesson.objects.get().key)
    seller.goto(f"/traspasos/{draft.pk}/")
    explain(seller, plan.pk, "Lo trae el cliente el jueves")
    expect(seller.locator(OFFER)).to_have_count(0)  # the line stops an incomplete handoff
    draft.refresh_from_db()
    assert draft.state == "draft"

    seller.goto(f"/traspasos/{draft.pk}/")
    expect(seller.get_by_text(LINE).first).to_be_visible()
    explain(seller, lesson.pk, "El 15 de enero, por escrito")
    offer(seller)
    technician = scene.page("technical")
    technician.goto(f"/traspasos/{draft.pk}/")
    technician.locator("[name=read_back]").fill("Haremos el proyecto para el 15 de enero")
    press(technician.get_by_role("button", name="Aceptar el traspaso"))
    draft.refresh_from_db()
    assert draft.state == "accepted"


def explain(page: Page, item: int, words: str) -> None:
    page.locator(f"[name='item-{item}-explanation']").fill(words)
    press(page.locator(f"#item-{item} button[value=explained]"))


def offer(page: Page) -> None:
    page.locator("[name=ask]").fill("Proyecto de la línea con horas y compras")
    press(page.locator(OFFER))


def judged_after_its_window(scene: Scene, action: CorrectiveAction) -> None:
    """From the recurrences counted, by somebody other than who did it."""
    scene.clock.shift(timedelta(days=100))
    run_action_windows(scene.house.at + timedelta(days=100))
    action.refresh_from_db()
    assert action.state == "to_judge"
    page = scene.page("logistics")
    page.goto(f"/acciones/{action.pk}/")
    send(
        page,
        f"/acciones/{action.pk}/valorar/",
        works="yes",
        judgement="Todos los traspasos llevan la fecha",
    )
    action.refresh_from_db()
    assert (action.state, action.recurrences, action.exposures) == ("effective", 0, 1)
    judged = LedgerEvent.objects.get(kind="action.judged", subject_id=action.pk)
    assert judged.facts["recurrences"] == 0
