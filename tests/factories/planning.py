"""A line of bottles on its way to Bodegas Albarín: sold, being designed, four steps planned, one promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hilo.parties.models import Person
from hilo.work.commands.handoffs import accept_handoff, offer_handoff
from hilo.work.commands.promises import make_promise
from hilo.work.commands.reviews import plan_review
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.threads import open_thread, set_reserve
from hilo.work.models import Promise, ReviewMoment, StepRun, Thread
from hilo.work.queries.reviews import next_free_moment
from tests.factories.work import House, a_house, a_published_template, open_handoff, step

LINE = """
code: line
name: Línea de embotellado
kind: first_of_kind
steps:
  - {key: sell, name: Pedido firmado, area: sales, target: 1d}
  - {key: design, name: Ingeniería, area: technical, target: 5d, after: [sell]}
  - {key: buy, name: Comprar la llenadora, area: purchasing, target: 4d, after: [design]}
  - {key: build, name: Fabricación del bastidor, area: production, target: 5d, after: [design]}
  - {key: test, name: Prueba en fábrica, area: production, target: 2d, after: [buy, build]}
  - {key: deliver, name: Montaje en planta, area: technical, target: 3d, after: [test], delivers: true}
"""


@dataclass
class Scene:
    house: House
    thread: Thread
    promise: Promise

    @property
    def owner(self) -> Person:
        return self.house.person("sales")

    @property
    def now(self) -> datetime:
        return self.house.at

    def run(self, key: str) -> StepRun:
        return step(self.thread, key)


def a_scene(*, promised_days_after: int = 1) -> Scene:
    """Today the design has been in the technicians' hands for two days; the finish has a day to spare."""
    house = a_house()
    thread = open_thread(
        customer=house.customer,
        title="Línea 3 de PET, 24.000 botellas/h",
        purpose="Entrar en el canal hotel en marzo",
        kind=Thread.Kind.FIRST_OF_KIND,
        owner=house.person("sales"),
        template_version=a_published_template(LINE, now=house.at),
        by=house.actor("sales"),
        now=house.at,
    )
    _hand_over(house, thread)
    thread.refresh_from_db()
    set_reserve(thread, minutes=6 * 480, seen=thread.version, by=house.actor("sales"), now=house.at)
    finish = step(thread, "deliver").due_at
    assert finish is not None
    promise = make_promise(
        thread,
        text="La línea en marcha",
        due=finish + timedelta(days=promised_days_after),
        contact=house.contact,
        where="meeting",
        by=house.actor("sales"),
        now=house.at,
    )
    house.later(days=2)
    return Scene(house, thread, promise)


def _hand_over(house: House, thread: Thread) -> None:
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    handoff = open_handoff(step(thread, "design"))
    if handoff.state == "draft":
        due = house.at + timedelta(days=7)
        offer_handoff(
            handoff, ask="Proyecto completo", proposed_due=due, seen=handoff.version,
            by=house.actor("sales"), now=house.at,
        )  # fmt: skip
    handoff.refresh_from_db()
    accept_handoff(
        handoff, read_back="Lo haremos", seen=handoff.version, by=house.actor("technical"),
        now=house.later(hours=2),
    )  # fmt: skip


def a_review(scene: Scene, *, text: str = "Ver el bastidor con Producción") -> ReviewMoment:
    return plan_review(
        scene.thread,
        text=text,
        starts_at=next_free_moment(scene.thread, now=scene.now),
        by=scene.house.actor("sales"),
        now=scene.now,
    )
