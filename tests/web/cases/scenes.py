"""A week of cases: late news, an area that does not answer, a pause, an escalation, odd texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from hilo.money.models import Invoice, InvoiceLine
from hilo.parties.actor import system
from hilo.parties.commands.customers import add_customer
from hilo.parties.models import Contact
from hilo.quality.commands.cases import add_strand, assess_case, begin_investigation
from hilo.quality.commands.escalations import note_escalation
from hilo.quality.commands.pausing import pause_response
from hilo.quality.commands.telling import tell_about_case
from hilo.quality.models import Case, CaseLink
from hilo.quality.news import prefilled_news
from hilo.work.commands.conversation import write_note
from hilo.work.commands.handoffs import accept_handoff
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.models import Note, Thread
from tests.factories.parties import a_contact
from tests.factories.quality import acknowledged, closed, make_case, make_near_miss
from tests.factories.work import House, a_house, explain_gaps, open_handoff

LONG = "La línea no arranca y " + "nadie sabe por qué " * 9
HOSTILE = '<script>alert(1)</script> "مصنع" 🏭'


@dataclass
class Week:
    house: House
    complaint: Case  # worked in two areas, told, escalated
    late: Case  # received and silent
    paused: Case
    near_miss: Case
    strange: Case  # long and hostile texts
    closed: Case

    @property
    def open_codes(self) -> list[str]:
        cases = (self.complaint, self.late, self.paused, self.near_miss, self.strange)
        return [case.code for case in cases]


def a_week() -> Week:
    now = timezone.now()
    house = a_house(now=_at_nine(now - timedelta(days=11)))
    seed_templates(by=system(), now=house.at)
    person = house.person("sales")
    person.phone = "+34 976 000 123"
    person.save(update_fields=["phone"])
    complaint = _complaint(house, now)
    house.at = _at_nine(now - timedelta(days=6))
    late = make_case(
        house, _thread(house, "Llenadora de aceite", 74_500), title="El llenado gotea en la cuarta válvula",
        kind=Case.Kind.INCIDENT, impact="high", urgency="medium", remedy="",
    )  # fmt: skip
    paused = _paused(house, now)
    near_miss = make_near_miss(
        house, _thread(house, "Etiquetadora", 12_800), title="Casi sale un armario sin ensayo",
        impact="medium", urgency="low", text="Se vio al cargar el camión.",
    )  # fmt: skip
    strange = make_case(
        house, _thread(house, HOSTILE, 1_000), title=LONG[:200], remedy=f"{HOSTILE} {LONG * 3}",
        kind=Case.Kind.RETURN, impact="low", urgency="low",
    )  # fmt: skip
    done = closed(house, make_case(
        house, _thread(house, "Repuestos", None), title="Faltaba una junta en el envío",
        kind=Case.Kind.INCIDENT, impact="low", urgency="medium",
    ))  # fmt: skip
    return Week(house, complaint, late, paused, near_miss, strange, done)


def _at_nine(moment: datetime) -> datetime:
    """Nine in the morning in Madrid, on the last weekday up to then."""
    day = moment
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day.replace(hour=8, minute=0, second=0, microsecond=0)


def _thread(house: House, title: str, amount: int | None) -> Thread:
    thread = open_thread(
        customer=house.customer, title=title, kind="service", owner=house.person("sales"),
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    Thread.objects.filter(pk=thread.pk).update(amount=amount)
    thread.refresh_from_db()
    return thread


def _complaint(house: House, now: datetime) -> Case:
    """Received, acknowledged, assessed; one area accepted after two days, another has not answered."""
    thread = _thread(house, "Línea 2 de vidrio", 412_000)
    case = make_case(
        house, thread,
        remedy="Las 18.000 botellas por hora que firmamos, medidas un turno entero con nuestro tapón de "
        "38 mm. Si no se llega antes del 4 de diciembre, una rebaja del 4 %.",
        text="Desde que se montó, la línea da 15.200.",
    )  # fmt: skip
    house.later(minutes=45)
    acknowledged(house, case)
    house.later(hours=2)
    by = house.actor("sales")
    assess_case(
        case, impact="high", urgency="high", containment="turno de apoyo los sábados, a nuestro cargo",
        seen=case.version, by=by, now=house.at,
    )  # fmt: skip
    begin_investigation(case, seen=case.version, by=by, now=house.at)
    _design(house, case)
    house.at = _at_nine(now - timedelta(days=3))
    _escalated(house, case)
    _told(house, case, "Ya sabemos por qué: el cabezal se ajustó para tapón de 28 mm y usan el de 38.")
    house.later(hours=1)
    _offered(house, case, "logistics", "Llevar el cabezal a su planta")
    write_note(
        thread, text="¿Se mantiene la visita del jueves? Tengo que liberar el turno de mañana.",
        kind=Note.Kind.CUSTOMER, channel="mail", contact=house.contact, by=by, now=house.at,
    )  # fmt: skip
    _invoiced(house, case)
    case.refresh_from_db()
    return case


def _offered(house: House, case: Case, area: str, name: str) -> None:
    case.refresh_from_db()
    run = add_strand(
        case, area=house.area(area), delegation=house.company.zaragoza, name=name, target_minutes=2_400,
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    handoff = run.handoffs.latest("pk")
    if handoff.state == "draft":
        explain_gaps(handoff, by=house.actor("sales"), now=house.at)


def _design(house: House, case: Case) -> None:
    _offered(house, case, "technical", "Medir la cadencia con tapón de 38")
    run = case.work_item.step_runs.get(area=house.area("technical"))
    handoff = open_handoff(run)
    if handoff.state == "draft":
        return
    house.later(days=2)
    accept_handoff(
        handoff, read_back="Mediré la cadencia con tapón de 38 y propondré el cambio", seen=handoff.version,
        by=house.actor("technical"), now=house.at,
    )  # fmt: skip


def _told(house: House, case: Case, text: str) -> None:
    case.refresh_from_db()
    tell_about_case(
        case, text=text, contacts=[house.contact], tone="progress", channel="call", seen=case.version,
        next_news_at=prefilled_news(case, said_at=house.at, now=house.at), by=house.actor("sales"),
        now=house.at,
    )  # fmt: skip


def _escalated(house: House, case: Case) -> None:
    note_escalation(
        case.thread, case=case, contact=house.contact, owner=house.company.director,
        text="No sé a quién tengo que dirigirme.", at=house.at,
        promises=(("Un técnico nuestro en su planta", house.at + timedelta(days=9)),),
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip


def _paused(house: House, now: datetime) -> Case:
    case = make_case(
        house, _thread(house, "Etiquetadora de rollo", 48_200), kind=Case.Kind.INCIDENT,
        title="Parada de la etiquetadora dos veces por turno", impact="medium", urgency="medium",
    )  # fmt: skip
    acknowledged(house, case)
    pause_response(
        case, reason="Esperamos el registro de la línea que nos manda el cliente",
        until=now + timedelta(days=4), seen=case.version, by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    return case


def _invoiced(house: House, case: Case) -> None:
    invoice = Invoice.objects.create(
        number="F-2026-0412", customer=house.customer, thread=case.thread, issued_on=date(2026, 9, 1),
        due_on=date(2026, 10, 1), total=118_400, source="erp",
    )  # fmt: skip
    line = InvoiceLine.objects.create(
        invoice=invoice, position=1, text="Hito 4: aceptación final", amount=118_400
    )
    CaseLink.objects.create(case=case, type="invoice_line", object_id=line.pk)


def many_cases(house: House, count: int) -> None:
    """On five threads, as a busy month would leave them."""
    threads = [_thread(house, f"Hilo {n}", 1_000 * n) for n in range(1, 6)]
    for n in range(count):
        make_case(house, threads[n % 5], title=f"Caso número {n}", impact="low", urgency="low")


def another_customer(house: House) -> tuple[Contact, str]:
    customer = add_customer(
        name="Aguas de Arbilla", delegation=house.company.zaragoza, keeper=house.person("sales"),
        by=system(), now=house.at,
    )  # fmt: skip
    return a_contact(customer, now=house.at), customer.name
