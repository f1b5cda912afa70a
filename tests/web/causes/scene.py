"""A cap that was never asked for: a case whose cause is half found, as one would meet it on a Tuesday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hilo.parties.models import Person
from hilo.quality.commands.causes import add_why, mark_place, set_root, set_team
from hilo.quality.models import Analysis, Case, CorrectiveAction
from hilo.work.models import TemplateVersion, Thread
from tests.factories.causes import an_action, an_analysis, the_step
from tests.factories.quality import acknowledged, make_case
from tests.factories.work import House, a_house, a_published_template, a_thread

NEW_LINE = """
code: linea-nueva
name: Línea nueva
kind: new_account
steps:
  - {key: requisito, name: Requisito, area: sales, target: 2d}
  - {key: consejo, name: Consejo, area: sales, target: 2d, after: [requisito]}
  - {key: pedido, name: Pedido, area: sales, target: 1d, after: [consejo]}
  - key: design
    name: Diseño
    area: technical
    target: 10d
    after: [pedido]
    needs:
      - {key: envases, text: "Envases: formato y material"}
      - {key: cadencia, text: Cadencia prometida y cómo se mide}
      - {key: planos, text: Planos de la nave}
      - {key: acceso, text: Acceso y medios en casa del cliente}
      - {key: fechas, text: Fechas prometidas}
  - {key: fabricacion, name: Fabricación, area: production, target: 15d, after: [design]}
  - {key: prueba, name: Prueba en taller, area: production, target: 3d, after: [fabricacion]}
  - {key: montaje, name: Montaje, area: production, target: 5d, after: [prueba]}
  - {key: marcha, name: Producción del cliente, area: aftersales, target: 2d, after: [montaje]}
"""
NAMES = {"sales": "Nuria Lahoz", "technical": "Óscar Pueyo", "logistics": "Teresa Ibáñez"}


@dataclass
class Scene:
    house: House
    thread: Thread
    case: Case
    analysis: Analysis
    action: CorrectiveAction

    @property
    def seller(self) -> Person:
        return self.house.person("sales")

    @property
    def path(self) -> str:
        return f"/casos/{self.case.code}/causa/"


def named(house: House) -> House:
    for code, name in NAMES.items():
        Person.objects.filter(pk=house.company.people[code].pk).update(name=name)
        house.company.people[code].refresh_from_db()
    return house


def a_case_of_the_line(house: House, *, title: str = "La línea 2 no llega a 18.000 por hora") -> Case:
    """On a thread of the process «Línea nueva», which is published once."""
    thread = a_thread(house, a_line_process(house), title="Línea de vidrio de 75 cl")
    Thread.objects.filter(pk=thread.pk).update(amount=412_000)
    return make_case(house, thread, title=title, impact="high", urgency="medium")


def a_line_process(house: House) -> TemplateVersion:
    there = TemplateVersion.objects.filter(template__code="linea-nueva", state="published").first()
    return there or a_published_template(NEW_LINE, now=house.at)


def a_scene() -> Scene:
    house = named(a_house())
    case = a_case_of_the_line(house)
    house.later(minutes=45)
    acknowledged(house, case)
    analysis = an_analysis(
        house, case, what_happened="La línea 2 da 15.200 por hora con tapón de 38 mm. Se prometieron 18.000."
    )
    mark_all(house, case, analysis)
    ask_why(house, analysis)
    analysis.refresh_from_db()
    set_team(
        analysis,
        areas=[house.area("sales"), house.area("production"), house.area("technical")],
        seen=analysis.version,
        by=house.actor("sales"),
        now=house.at,
    )
    action = an_action(
        house,
        analysis,
        text="El traspaso pregunta siempre por el tapón, y sin respuesta no se puede ofrecer.",
    )
    a_thread(house, a_line_process(house), title="Línea 1")
    return Scene(house, case.thread, case, analysis, action)


def mark_all(house: House, case: Case, analysis: Analysis) -> None:
    by, day = house.actor("sales"), house.at.date()
    for mark, key, days, more in (
        ("lost", "design", 200, {"at_entry": True, "from_area": house.area("sales")}),
        ("visible", "prueba", 60, {}),
        ("seen", "marcha", 7, {}),
    ):
        mark_place(
            analysis,
            mark=mark,
            step=the_step(case.thread, key),
            on=day - timedelta(days=days),
            by=by,
            now=house.at,
            **more,  # type: ignore[arg-type]
        )


def ask_why(house: House, analysis: Analysis) -> None:
    by = house.actor("sales")
    answers = {
        "A": (
            ("El cabezal de taponado está ajustado para 28 mm y frena con 38.", "medición en planta, 18 nov"),
            ("El diseño partió de un solo tapón: el de 28.", "plano CAB-114, rev. B"),
            ("El traspaso no decía nada del tapón de 38.", "traspaso del 16 mar"),
            ("Se pidió por correo dos días antes y el correo no viaja con el traspaso.", "correo del 14 mar"),
            ("La lista del traspaso no pregunta por tipo y diámetro de tapón.", "lista del traspaso, v1"),
        ),
        "B": (
            ("La prueba en taller se hizo con tapones de 28 mm.", "acta de prueba, 2 sep"),
            ("El guion de la prueba no exige los envases y tapones reales del cliente.", ""),
        ),
    }
    for letter, whys in answers.items():
        parent = None
        for text, evidence in whys:
            parent = add_why(
                analysis, branch=letter, parent=parent, text=text, evidence=evidence, by=by, now=house.at
            )
        if letter == "A" and parent is not None:
            set_root(parent, by=by, now=house.at)
