"""Story 2. Bodegas Albarín wants a line for 0.1 l bottles, never built before. The template adds a joint
look; Oficina técnica says feasible if the cap supplier delivers samples; the aim ("entrar en el canal hotel
en marzo") stands on every page.
"""

from __future__ import annotations

from datetime import date

from hilo.ledger.models import LedgerEvent
from hilo.ledger.reading import open_texts
from hilo.parties.actor import system
from hilo.parties.search import find
from hilo.work.commands.conversation import state_requirement, write_note
from hilo.work.commands.promises import make_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.templates import published_version, seed_templates
from hilo.work.models import Note, Promise, StepRun, Thread
from hilo.work.queries.handoffs import handoff_package
from tests.factories.work import House, a_thread, accepted, an_offer, open_handoff, step
from tests.work.watching import refused

AIM = "Entrar en el canal hotel en marzo"


def promise(house: House, thread: Thread) -> Promise:
    return make_promise(
        thread,
        text="La línea de 0,1 l instalada",
        due=date(2027, 2, 26),
        contact=house.contact,
        where="proposal",
        by=house.actor("sales"),
        now=house.at,
    )


def finish(house: House, thread: Thread, key: str, by: str) -> None:
    run = step(thread, key)
    finish_step(run, seen=run.version, by=house.actor(by), now=house.later(hours=1))


def test_nothing_is_promised_before_the_joint_look(house: House) -> None:
    seed_templates(by=system(), now=house.at)
    thread = a_thread(house, published_version("first_of_kind"), title="Línea de 0,1 l")
    state_requirement(
        thread,
        text="4.500 botellines por hora",
        contact=house.contact,
        by=house.actor("sales"),
        now=house.at,
    )
    look = step(thread, "mirada-conjunta")
    assert look.step is not None and look.step.is_joint_look
    assert look.step.consulted == ["purchasing", "production", "logistics", "aftersales"]
    assert look.area == house.area("technical")
    with refused(saying="Mirada conjunta antes de prometer"):
        promise(house, thread)

    finish(house, thread, "escuchar", "sales")
    with refused(saying="comes first, then the promise"):
        promise(house, thread)
    offer = an_offer(house, open_handoff(look))
    filled = {item.key: item.state for item in offer.items.all()}
    assert {filled[key] for key in ("para-que", "requisitos", "contactos")} == {"complete"}
    accepted(house, offer, receiver="technical")
    with refused(saying="comes first, then the promise"):
        promise(house, thread)

    write_note(
        thread,
        text="Factible si el proveedor de tapones entrega muestras",
        kind="decision",
        by=house.actor("technical"),
        now=house.at,
    )
    finish(house, thread, "mirada-conjunta", "technical")
    made = promise(house, thread)
    assert (made.state, made.promised_by) == ("open", house.person("sales"))
    assert Note.objects.get().author == house.person("technical")


def test_the_aim_stands_on_the_thread_its_handoffs_its_first_event_and_in_the_search(house: House) -> None:
    seed_templates(by=system(), now=house.at)
    thread = a_thread(house, published_version("first_of_kind"), title="Línea de 0,1 l")
    finish(house, thread, "escuchar", "sales")
    package = handoff_package(open_handoff(step(thread, "mirada-conjunta")))
    assert package.handoff.thread.purpose == AIM == Thread.objects.get().purpose
    opened = LedgerEvent.objects.get(kind="thread.opened")
    assert AIM in open_texts([opened]).values()
    assert thread.pk in {hit.object_id for hit in find(house.actor("sales"), "canal hotel")}
    assert StepRun.objects.filter(thread=thread).count() == 10
