"""A company in mid-morning: threads that move, wait, bounce, fall silent, rest; and names of every sort."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from hilo.parties.actor import system
from hilo.parties.commands.customers import add_contact, add_customer
from hilo.parties.models import Contact, Customer
from hilo.parties.queries.calendars import clock_of_person
from hilo.work.commands.conversation import name_affected_group, tell_customer, write_note
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.promises import keep_promise, make_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread
from tests.factories.work import TWO_STEPS, House, a_house, a_published_template, an_offer, open_handoff, step

HOSTILE = [
    "N" * 200,
    "مصنع المياه الصافية في الدار البيضاء",
    "🏭👩‍🔧 Planta de embotellado",
    "<script>alert(1)</script><b>negrita</b>",
    '=HYPERLINK("http://x","pulsa")',
]


def a_morning() -> House:
    now = timezone.now()
    then = (now - timedelta(days=20)).replace(hour=9, minute=0, second=0, microsecond=0)
    house = a_house(now=then)
    _with_phone(house)
    border = _opened(house, "Línea 3 de PET, 24.000 botellas/h", 742_000, template=True)
    house.later(days=8)
    selling = step(border, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    an_offer(house, open_handoff(step(border, "design")))
    _silent(_opened(house, "Etiquetadora de repuesto", 12_800))
    resting = _opened(house, "Pasteurizador", 289_000)
    pause_thread(
        resting,
        reason="el cliente espera su licencia",
        until=now + timedelta(days=6),
        seen=resting.version,
        by=house.actor("sales"),
        now=house.at,
    )
    _talked(house, _opened(house, "Contrato de mantenimiento 2026", 48_000))
    for name in HOSTILE:
        strange = add_customer(
            name=name,
            delegation=house.company.sevilla,
            keeper=house.person("sales"),
            by=system(),
            now=house.at,
        )
        _opened(house, name, 1_000, customer=strange)
    return house


def _with_phone(house: House) -> None:
    add_contact(
        house.customer,
        name="Javier Ruano",
        role=Contact.Role.USES,
        position="Jefe de mantenimiento",
        phone="+34 976 000 111",
        email="javier@albarin.example",
        by=system(),
        now=house.at,
    )
    add_contact(house.customer, name=HOSTILE[0], role=Contact.Role.PAYS, by=system(), now=house.at)


def _opened(
    house: House, title: str, amount: int, *, customer: Customer | None = None, template: bool = False
) -> Thread:
    version = a_published_template(TWO_STEPS % {"weight": "full"}, now=house.at) if template else None
    return open_thread(
        customer=customer or house.customer,
        title=title,
        kind=version.template.kind if version else Thread.Kind.SERVICE,
        owner=house.person("sales"),
        template_version=version,
        amount=Decimal(amount),
        by=house.actor("sales") if version else system(),
        now=house.at,
    )


def _silent(thread: Thread) -> None:
    """As time would: the promised news date has passed."""
    Thread.objects.filter(pk=thread.pk).update(next_news_at=timezone.now() - timedelta(days=3))


def _talked(house: House, thread: Thread) -> None:
    by = house.actor("sales")
    for number in range(7):
        kept = make_promise(
            thread,
            text=f"Visita de revisión número {number + 1}",
            due=house.at + timedelta(days=3),
            contact=house.contact,
            where="call",
            by=by,
            now=house.at,
        )
        if number < 5:
            keep_promise(kept, evidence="Parte firmado", by=by, now=house.at + timedelta(hours=1))
    write_note(thread, text="Paga a 28 días; Calidad está contenta.", kind="note", by=by, now=house.at)
    name_affected_group(thread, name="Turno de noche", people=12, by=by, now=house.at)
    tell_customer(
        thread,
        channel="call",
        text="Los husillos salen hoy de Zaragoza y llegan el jueves por la mañana.",
        contacts=[house.contact],
        next_news_at=clock_of_person(thread.owner_id).next_open(timezone.now() + timedelta(days=3)),
        by=by,
        now=house.at,
    )
