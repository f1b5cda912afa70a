"""A cause worked by hand from the whys to the line that stops the next one; and how its pages look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from hilo.parties.models import Customer
from hilo.quality.models import Case, Lesson, Praise, Why
from hilo.work.models import TemplateVersion
from tests.factories.causes import an_analysis
from tests.factories.work import a_house
from tests.support.axe import axe_faults, overflow_faults
from tests.web.causes.scene import Scene, a_case_of_the_line, a_scene, named
from tests.web.handoffs.shots import shoot
from tests.web.week.scene import a_week

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

type PageAs = Callable[..., Page]


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = a_week()
    with time_machine.travel(made.house.at, tick=True):
        yield made


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, False), (390, True)])
def test_no_page_has_a_fault_or_sticks_out(scene: Scene, page_as: PageAs, width: int, dark: bool) -> None:
    _lengthen(scene)
    seller = page_as(scene.seller, width=width, dark=dark)
    admin = page_as(scene.house.company.administrator, width=width, dark=dark)
    for page, path, name in (
        (seller, scene.path, "cause"),
        (seller, f"{scene.path}8d/", "8d"),
        (seller, f"/causas/{scene.analysis.pk}/lugar/", "place"),
        (seller, f"/causas/{scene.analysis.pk}/acciones/nueva/", "action-new"),
        (seller, "/acciones/?view=all", "actions"),
        (seller, f"/acciones/{scene.action.pk}/", "action"),
        (seller, "/la-semana/", "week"),
        (seller, f"/hilos/{scene.thread.code}/felicitacion/", "praise"),
        (admin, "/ajustes/causas/", "causes"),
        (admin, "/ajustes/casos/", "policy"),
        (admin, "/ajustes/casos/cambiar/", "policy-form"),
    ):
        page.goto(path)
        shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
        assert axe_faults(page) == [], name
        assert overflow_faults(page) == [], name


def _lengthen(scene: Scene) -> None:
    """What must not break a page: long names, no spaces, right to left, markup, an emoji."""
    name = "<b>Sociedad Cooperativa de Envasadores del Valle Medio</b> شركة التعبئة 🍾 " * 3
    Customer.objects.filter(pk=scene.house.customer.pk).update(name=name[:200])
    Case.objects.filter(pk=scene.case.pk).update(title="X" * 90 + " " + "larga " * 18)
    why = Why.objects.filter(analysis=scene.analysis, branch="B").latest("pk")
    Why.objects.filter(pk=why.pk).update(text="Y" * 120 + " y sigue")
    Praise.objects.update(text="Gracias " * 120 + "Z" * 150)


def test_a_cause_is_worked_from_the_whys_to_a_line_of_the_list(page_as: PageAs) -> None:
    house = named(a_house())
    case = a_case_of_the_line(house)
    analysis = an_analysis(house, case)
    with time_machine.travel(house.at, tick=True):
        page = page_as(house.person("sales"))
        page.goto(f"/casos/{case.code}/causa/")
        page.get_by_role("link", name="Marcar dónde se perdió").click()
        page.get_by_label("Dónde se perdió").select_option(label="Diseño")
        page.get_by_label("En el traspaso a ese paso").check()
        page.get_by_label("El traspaso venía de").select_option(label="Comercial")
        page.get_by_role("button", name="Marcarlo en la línea").click()
        expect(page.get_by_role("heading", name="Se perdió en el traspaso de Comercial")).to_be_visible()

        branch = page.locator("#branch-A")
        branch.get_by_label("¿Por qué ocurrió?").fill("Óscar no preguntó por el tapón")
        branch.get_by_role("button", name="Añadir la respuesta").click()
        expect(branch.get_by_text("Aquí buscamos el hueco, no a la persona")).to_be_visible()
        shoot(page, "cause-suggestion-1440")
        assert axe_faults(page) == []
        branch.get_by_role("button", name="«No se preguntó por el tapón»").click()
        expect(branch.get_by_text("No se preguntó por el tapón", exact=True)).to_be_visible()
        branch.get_by_role("link", name="Falta la prueba").click()
        page.get_by_label("Cómo lo sabemos").fill("traspaso del 16 mar")
        page.get_by_role("button", name="Guardar la respuesta").click()
        branch.get_by_label("Qué hacer con la respuesta 1 de A").click()
        branch.get_by_role("button", name="Esto se puede cambiar: causa raíz").click()
        expect(branch.get_by_text("Causa raíz: se puede cambiar", exact=True)).to_be_visible()

        page.get_by_label("La línea que faltaba").fill("Tapón: tipo y diámetro, uno por formato")
        page.get_by_role("button", name="Añadir la línea al borrador v2").click()
        expect(page.get_by_text(f"Nueva · sale de {case.code}")).to_be_visible()
        page.get_by_text("Se perdió información en un traspaso").click()
        page.get_by_label("En una frase").fill("La lista del traspaso no pregunta por el tapón")
        page.get_by_role("button", name="Dar el análisis por concluido").click()
        expect(page.get_by_role("heading", name="La lista del traspaso no pregunta")).to_be_visible()
        expect(page.get_by_text("Es la primera vez en 12 meses")).to_be_visible()
        shoot(page, "cause-concluded-1440")
    analysis.refresh_from_db()
    assert analysis.state == "concluded"
    assert Why.objects.get().text == "No se preguntó por el tapón"
    assert Lesson.objects.get().draft == TemplateVersion.objects.get(number=2)


def test_8d_prints_on_paper_without_the_frame(page_as: PageAs) -> None:
    scene = a_scene()
    with time_machine.travel(scene.house.at, tick=True):
        page = page_as(scene.seller, width=794)
        page.goto(f"{scene.path}8d/")
        expect(page.get_by_role("button", name="Imprimir")).to_be_visible()
        page.emulate_media(media="print")
        shoot(page, "8d-print")
        expect(page.get_by_text(f"Informe 8D de {scene.case.code}")).to_be_visible()
        for hidden in (".h-nav", ".btn", ".q-seg", ".h-tabs-m"):
            assert page.locator(f"{hidden}:visible").count() == 0, hidden
        made = page.pdf(format="A4")
    assert made.startswith(b"%PDF")


def test_whys_are_asked_without_a_script(scene: Scene, page_as: PageAs) -> None:
    page = page_as(scene.seller, scripts=False)
    page.goto(scene.path)
    branch = page.locator("#branch-B")
    branch.get_by_label("¿Y eso por qué?").fill("El guion no dice quién pide las muestras")
    branch.get_by_role("button", name="Añadir la respuesta").click()
    expect(page.get_by_text("El guion no dice quién pide las muestras", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Imprimir")).to_have_count(0)
