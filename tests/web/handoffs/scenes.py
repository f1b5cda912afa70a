"""A believable morning at Envasa Líneas for the browser: names one would read, rows of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hilo.ledger.record import Ref
from hilo.parties.actor import system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.notices import notify
from hilo.parties.models import Customer, Person
from hilo.work.commands.asks import make_ask
from hilo.work.commands.documents import add_document, approve_document
from hilo.work.commands.handoffs import offer_handoff
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.promises import make_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, Thread, Weight
from tests.factories.parties import acting
from tests.factories.work import (
    House,
    a_house,
    a_thread,
    an_offer,
    explain_gaps,
    open_handoff,
    step,
    two_steps,
)

NAMES = {
    "sales": "Marta Gil",
    "technical": "Lucía Herrera",
    "production": "Raúl Ortega",
    "logistics": "Pablo Núñez",
}
HEADS = {"sales": "Rosa Benítez", "technical": "Andrés Lahoz"}


@dataclass
class Morning:
    house: House
    light: Handoff
    full: Handoff

    @property
    def technician(self) -> Person:
        return self.house.person("technical")

    @property
    def seller(self) -> Person:
        return self.house.person("sales")


def a_morning() -> Morning:
    """The technician has a light offer, a full one, a loose end, an ask, a promise; the seller the rest."""
    house = a_house()
    _name(house)
    light = _light(house)
    full = _full(house)
    _small_things(house, full.thread)
    house.later(minutes=85)
    return Morning(house, light, full)


def _name(house: House) -> None:
    for people, names in ((house.company.people, NAMES), (house.company.heads, HEADS)):
        for code, name in names.items():
            Person.objects.filter(pk=people[code].pk).update(name=name)
            people[code].refresh_from_db()


def _sold(house: House, thread: Thread) -> Handoff:
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    return open_handoff(step(thread, "design"))


def _light(house: House) -> Handoff:
    thread = two_steps(house, Weight.LIGHT)
    _retitle(thread, "Juntas de recambio de noviembre", 8_400)
    return an_offer(house, _sold(house, thread))


def _retitle(thread: Thread, title: str, amount: int) -> None:
    Thread.objects.filter(pk=thread.pk).update(title=title, amount=amount)


def _full(house: House) -> Handoff:
    thread = two_steps(house)
    _retitle(thread, "Línea de latas de 44 cl", 318_000)
    seller = house.actor("sales")
    version = add_document(
        thread, name="Plano de implantación", file_name="plano.pdf", content=b"%PDF", by=seller, now=house.at
    )
    approve_document(version, contact=house.contact, evidence="Correo", by=seller, now=house.at)
    handoff = _sold(house, thread)
    explain_gaps(handoff, by=seller, now=house.at)
    handoff.refresh_from_db()
    offer_handoff(
        handoff,
        ask="Estudio de la llenadora isobárica de 44 cl: plano de implantación, horas y lista de compras",
        proposed_due=house.at + timedelta(days=11),
        seen=handoff.version,
        by=seller,
        now=house.at,
    )
    return handoff


def _small_things(house: House, thread: Thread) -> None:
    at, technician = house.at, house.person("technical")
    mine = acting(technician, at)
    make_promise(
        thread,
        text="Plano de implantación v3",
        due=at + timedelta(hours=5),
        contact=house.contact,
        where="meeting",
        by=mine,
        now=at,
    )
    pin_loose_end(
        thread,
        text="¿Vale la rosca PCO 1881 para el tapón nuevo?",
        owner=technician,
        due_at=at + timedelta(hours=7),
        by=mine,
        now=at,
    )
    make_ask(
        thread,
        to_area=house.area("technical"),
        what="Horas del cambio de formato",
        why="Las necesita para cerrar los turnos de diciembre",
        due_at=at + timedelta(minutes=45),
        by=house.actor("production"),
        now=at,
    )
    notify(
        technician,
        key="k",
        kind="handoff_reminder",
        thread_id=thread.pk,
        subject=Ref("handoff", thread.handoffs.get(step_run__step__key="design").pk),
        interrupts=True,
        now=at,
    )
    day = at.date()
    head = house.company.heads["technical"]
    plan_absence(head, substitute=technician, first_day=day, last_day=day, by=acting(head, at), now=at)


def a_long_name(morning: Morning) -> None:
    """What must not break a row: 200 characters, right to left, markup, an emoji."""
    long = "Sociedad Cooperativa Agroalimentaria de Envasadores del Valle Medio " * 2
    name = f"<b>{long}</b> شركة التعبئة 🍾"[:200]
    Customer.objects.filter(pk=morning.house.customer.pk).update(name=name)
    thread = a_thread(morning.house, title="X" * 200)
    assert thread.owner == morning.seller
    assert system().is_system
