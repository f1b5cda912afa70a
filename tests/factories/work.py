"""Threads at work in the company of ``tests.factories.parties``, made through the commands themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hilo.parties.actor import Actor, system
from hilo.parties.models import Area, Contact, Customer, Person
from hilo.work.commands.handoffs import accept_handoff, fill_item, offer_handoff
from hilo.work.commands.templates import draft_template, publish_version
from hilo.work.commands.threads import open_thread
from hilo.work.models import Handoff, HandoffItem, StepRun, TemplateVersion, Thread, Weight
from tests.factories.parties import NOW, Company, a_company, a_contact, a_customer, acting

TWO_STEPS = """
code: two-steps
name: Dos pasos
kind: new_account
steps:
  - {key: sell, name: Vender, area: sales, target: 2d}
  - key: design
    name: Proyectar
    area: technical
    target: 5d
    weight: %(weight)s
    after: [sell]
    needs:
      - {key: drawing, text: Plano aprobado, prefill: approved_document}
      - {key: notes, text: Notas de la visita, required: false}
"""

BRANCHES = """
code: branches
name: Ramas en paralelo
kind: first_of_kind
steps:
  - {key: design, name: Proyectar, area: technical, target: 2d}
  - {key: buy, name: Comprar la llenadora, area: purchasing, target: 4d, after: [design]}
  - {key: build, name: Construir el bastidor, area: production, target: 3d, after: [design]}
  - {key: mount, name: Montar, area: production, target: 2d, after: [buy, build]}
"""


@dataclass
class House:
    """A company with one customer. ``at`` is the hour of whoever acts next."""

    company: Company
    customer: Customer
    contact: Contact
    at: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, code: str) -> Actor:
        return acting(self.company.people[code], self.at)

    def head(self, code: str) -> Actor:
        return acting(self.company.heads[code], self.at)

    def person(self, code: str) -> Person:
        return self.company.people[code]

    def area(self, code: str) -> Area:
        return self.company.areas[code]

    def later(self, **delta: float) -> datetime:
        self.at += timedelta(**delta)
        return self.at


def a_house(*, now: datetime = NOW) -> House:
    company = a_company(now=now)
    customer = a_customer(
        "Bodegas Albarín", delegation=company.zaragoza, keeper=company.people["sales"], now=now
    )
    return House(company, customer, a_contact(customer, now=now), now)


def a_published_template(text: str, *, now: datetime = NOW) -> TemplateVersion:
    version = draft_template(text, by=system(), now=now)
    publish_version(version, seen=version.version, by=system(), now=now)
    return version


def a_thread(
    house: House, version: TemplateVersion | None = None, *, owner: str = "sales", title: str = "Línea nueva"
) -> Thread:
    """Owned by that area's person, who is at work on the first step if it is their area's."""
    return open_thread(
        customer=house.customer,
        title=title,
        purpose="Entrar en el canal hotel en marzo",
        kind=version.template.kind if version else Thread.Kind.SERVICE,
        owner=house.person(owner),
        template_version=version,
        by=house.actor(owner),
        now=house.at,
    )


def two_steps(house: House, weight: str = Weight.FULL) -> Thread:
    return a_thread(house, a_published_template(TWO_STEPS % {"weight": weight}, now=house.at))


def branches(house: House) -> Thread:
    return a_thread(house, a_published_template(BRANCHES, now=house.at), owner="technical")


def step(thread: Thread, key: str) -> StepRun:
    return StepRun.objects.select_related("step", "area").get(thread=thread, step__key=key)


def open_handoff(step_run: StepRun) -> Handoff:
    return step_run.handoffs.get(state__in=Handoff.OPEN_STATES)


def explain_gaps(handoff: Handoff, *, by: Actor, now: datetime) -> None:
    for item in handoff.items.filter(state=HandoffItem.State.MISSING):
        fill_item(item, state="explained", explanation="Llega el jueves", by=by, now=now)


def an_offer(house: House, handoff: Handoff, *, giver: str = "sales", days: int = 7) -> Handoff:
    by = house.actor(giver)
    explain_gaps(handoff, by=by, now=house.at)
    handoff.refresh_from_db()
    due = house.at + timedelta(days=days)
    offer_handoff(
        handoff, ask="Proyecto con plano y horas", proposed_due=due, seen=handoff.version, by=by, now=house.at
    )
    return handoff


def accepted(house: House, handoff: Handoff, *, receiver: str) -> Handoff:
    handoff.refresh_from_db()
    accept_handoff(
        handoff,
        read_back="Lo haremos para esa fecha",
        seen=handoff.version,
        by=house.actor(receiver),
        now=house.at,
    )
    return handoff
