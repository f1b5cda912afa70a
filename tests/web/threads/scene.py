"""A thread with everything on it, told through the commands: Línea 3 of Aguas Sierra Clara."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hilo.work.commands.asks import make_ask
from hilo.work.commands.conversation import (
    name_affected_group,
    state_requirement,
    tell_customer,
    write_note,
)
from hilo.work.commands.deliverables import plan_deliverable
from hilo.work.commands.documents import add_document
from hilo.work.commands.handoffs import accept_handoff, prepare_handoff, return_handoff
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.promises import make_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.threads import change_thread, use_reserve
from hilo.work.models import Handoff, StepRun, Thread
from tests.factories.parties import a_contact
from tests.factories.work import (
    TWO_STEPS,
    House,
    a_house,
    a_published_template,
    a_thread,
    an_offer,
    branches,
    open_handoff,
    step,
)

__all__ = ["Scene", "a_full_thread", "bare_thread", "branches"]


@dataclass
class Scene:
    house: House
    thread: Thread

    @property
    def now(self) -> datetime:
        return self.house.at


def bare_thread() -> Scene:
    house = a_house()
    return Scene(house, a_thread(house))


def a_full_thread() -> Scene:
    """Bounced once, silent for a while, waiting at a border now; promises, doubts and requests open."""
    house = a_house()
    version = a_published_template(TWO_STEPS % {"weight": "full"}, now=house.at)
    thread = a_thread(house, version, title="Línea 3 de PET, 24.000 botellas/h")
    by = house.actor("sales")
    change_thread(thread, amount=742000, seen=thread.version, by=by, now=house.at)
    a_contact(house.customer, "Javier Ruano", role="uses", now=house.at)
    state_requirement(
        thread, text="Tres formatos sin parar la línea", contact=house.contact, by=by, now=house.at
    )
    _first_step(house, thread)
    _bounce_and_silence(house, thread)
    _today(house, thread)
    thread.refresh_from_db()
    return Scene(house, thread)


def _first_step(house: House, thread: Thread) -> None:
    by = house.actor("sales")
    tell_customer(
        thread, text="Empezamos hoy. Os contamos el jueves.", contacts=[house.contact], by=by, now=house.at
    )
    house.later(days=3)
    selling = step(thread, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    an_offer(house, open_handoff(step(thread, "design")))
    house.later(days=1)
    handoff = Handoff.objects.get(thread=thread, state="offered")
    return_handoff(
        handoff,
        reason="gaps",
        comment="Falta el plano neumático",
        missing_texts=["Plano neumático"],
        seen=handoff.version,
        by=house.actor("technical"),
        now=house.at,
    )


def _bounce_and_silence(house: House, thread: Thread) -> None:
    house.later(days=8)
    by = house.actor("sales")
    prepare_handoff(StepRun.objects.get(thread=thread, step__key="design"), by=by, now=house.at)
    an_offer(house, open_handoff(step(thread, "design")))
    handoff = Handoff.objects.get(thread=thread, state="offered")
    house.later(hours=5)
    accept_handoff(
        handoff,
        read_back="Proyecto con plano",
        seen=handoff.version,
        by=house.actor("technical"),
        now=house.at,
    )
    house.later(days=5)
    tell_customer(
        thread,
        text="La fabricación terminó el día 11. La prueba sigue prevista para el jueves 26.",
        contacts=[house.contact],
        by=by,
        now=house.at,
    )


def _today(house: House, thread: Thread) -> None:
    by, now = house.actor("sales"), house.later(days=2)
    make_promise(
        thread,
        text="Prueba en fábrica con los tres formatos",
        due=date(2027, 1, 14),
        contact=house.contact,
        where="meeting",
        criterion="la línea hace 24.000 botellas/h durante 4 h",
        by=by,
        now=now,
    )
    write_note(thread, text="Los moldes de 0,33 L llegan el 24.", by=by, now=now)
    write_note(thread, text="Se usan 2 días de la reserva.", kind="decision", by=by, now=now)
    write_note(
        thread,
        text="Necesito saber esta mañana si la prueba del jueves sigue en pie.",
        kind="customer",
        channel="call",
        contact=house.contact,
        happened_at=now - timedelta(days=1),
        by=by,
        now=now,
    )
    use_reserve(thread, minutes=240, reason="El motor llegó tarde", by=by, now=now)
    plan_deliverable(
        thread, name="Línea montada y probada", planned_for=now + timedelta(days=60), by=by, now=now
    )
    pin_loose_end(thread, text="¿Vale la rosca PCO 1881 para el tapón nuevo?", by=by, now=now)
    make_ask(
        thread,
        to_area=house.area("purchasing"),
        what="Plazo de los moldes de 0,33 L",
        why="Sin él no hay prueba con los tres formatos",
        due_at=now + timedelta(days=3),
        by=by,
        now=now,
    )
    name_affected_group(thread, name="Los operadores de la línea", people=14, by=by, now=now)
    add_document(thread, name="Plano neumático", file_name="plano.pdf", content=b"%PDF-", by=by, now=now)
