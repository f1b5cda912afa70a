"""The directed part: every command once refused and once accepted, told as one long year at Envasa.

The invariants are checked after every step of it, as they are in the random part.
"""

from __future__ import annotations

from typing import Any, cast

from pyotp import TOTP

from hilo.businesstime import weekly
from hilo.parties.actor import system
from hilo.parties.models import Area, Membership, Person, WorkCalendar
from hilo.work.models import (
    Deliverable,
    OwnershipTransfer,
    Promise,
    Thread,
)
from tests.conformance.machine.driver import Driver
from tests.conformance.machine.script_of_access import (
    modules,
    passkeys,
    the_companys_provider,
    where_they_are_signed_in,
)
from tests.conformance.machine.script_of_analysis import diagnoses
from tests.conformance.machine.script_of_cases import cases
from tests.conformance.machine.script_of_causes import causes
from tests.conformance.machine.script_of_clocks import clocks
from tests.conformance.machine.script_of_lists import kept_views
from tests.conformance.machine.script_of_money import money
from tests.conformance.machine.script_of_planning import planning
from tests.conformance.machine.script_of_processes import a_process_changes
from tests.conformance.machine.script_of_steps import (
    handing_over,
    offered,
    orders,
    run_of,
    steps,
    the_clock_of_an_offer,
    within_an_area,
)
from tests.conformance.machine.scripting import CURRENT, NEXT_PASSWORD, PASSWORD, Script, opened, typed
from tests.conformance.machine.tries_of_parties import SECRET
from tests.conformance.machine.world import MARK, Cast
from tests.factories.work import BRANCHES, TWO_STEPS


def play(driver: Driver, people: Cast) -> None:
    s = Script(driver, people)
    versions = processes(s)
    company(s)
    thread = a_thread_begins(s, versions["two-steps"])
    what_is_said(s, thread)
    promises(s, thread)
    deliverables(s, thread)
    small_things(s, thread)
    handing_over(s, thread)
    within_an_area(s, thread)
    the_clock_of_an_offer(s, versions["two-steps"])
    steps(s, versions["branches"])
    planning(s, versions["branches"])
    orders(s)
    ownership(s, thread)
    confidential(s, thread)
    the_archive(s, thread)
    cases(s)
    causes(s)
    clocks(s)
    money(s)
    customers(s)
    diagnoses(s)
    kept_views(s)
    a_process_changes(s, versions["branches"])
    everybody(s, versions["two-steps"])
    the_year_goes_on(s)


# Processes and the company --------------------------------------------------------------------------------


def processes(s: Script) -> dict[str, Any]:
    by = s.people.administrator
    s.refused("work.templates.seed_templates", by=s.people.auditor)
    versions = {}
    for text in (TWO_STEPS % {"weight": "full"}, BRANCHES):
        version = s.both("work.templates.draft_template", text, by=by)
        s.both("work.templates.publish_version", version, once=True, seen=CURRENT, by=by)
        versions[version.template.code] = version
    old = s.accepted("work.templates.draft_template", BRANCHES, by=by)
    s.both("work.templates.retire_template", old, once=True, seen=CURRENT, by=by)
    return versions


def company(s: Script) -> None:
    by = s.people.administrator
    hours = weekly("Europe/Madrid", ["08:00-15:00"])
    calendar: WorkCalendar = s.both(
        "parties.calendars.add_calendar", name=typed("Verano"), rules=hours, once=True, by=by
    )
    s.both("parties.calendars.change_calendar", calendar, rules=hours, seen=CURRENT, by=by)
    vigo = s.both(
        "parties.company.add_delegation",
        code="vigo",
        name=typed("Vigo"),
        calendar=calendar,
        once=True,
        by=by,
    )
    s.both("parties.company.change_delegation", vigo, name=typed("Vigo puerto"), seen=CURRENT, by=by)
    quality: Area = s.both(
        "parties.company.add_area", code="quality", name=typed("Calidad"), once=True, by=by
    )
    s.both("parties.company.rename_area", quality, name=typed("Calidad total"), seen=CURRENT, by=by)
    s.both("parties.company.show_money_to_area", quality, sees_money=True, seen=CURRENT, by=by)
    s.both("parties.calendars.assign_area_calendar", quality, vigo, calendar=calendar, by=by)


# A thread -------------------------------------------------------------------------------------------------


def a_thread_begins(s: Script, version: Any) -> Thread:
    p = s.people
    facts: dict[str, Any] = {
        "customer": p.customer,
        "title": typed("Línea de 0,1 l"),
        "purpose": typed("Entrar en el canal hotel"),
        "kind": "new_account",
        "owner": p.seller,
        "template_version": version,
    }
    thread: Thread = s.both("work.threads.open_thread", by=p.seller, **facts)
    other = s.accepted(
        "work.threads.open_thread", **{**facts, "kind": "service", "template_version": None}, by=p.seller
    )
    s.both("work.threads.change_thread", thread, title=typed("Línea"), seen=CURRENT, by=p.technician)
    s.both("work.threads.relate_threads", thread, other=other, once=True, by=p.seller)
    s.both("work.threads.set_reserve", thread, minutes=960, seen=CURRENT, by=p.seller)
    s.both("work.threads.use_reserve", thread, minutes=30, reason=typed("El motor"), by=p.technician)
    until = s.ahead(7)
    s.both(
        "work.pausing.pause_thread",
        thread,
        reason=typed("Cierran"),
        until=until,
        once=True,
        seen=CURRENT,
        by=p.seller,
    )
    s.both("work.pausing.wake_thread", thread, once=True, seen=CURRENT, by=p.seller)
    s.both("work.pausing.move_news", thread, to=s.ahead(9), reason=typed("Pidió"), seen=CURRENT, by=p.head)
    return thread


def what_is_said(s: Script, thread: Thread) -> None:
    p = s.people
    for number, outcome in enumerate(("note_mailed", "note_mail_failed")):
        update = s.both(
            "work.conversation.tell_customer",
            thread,
            text=typed("Seguimos en ello"),
            contacts=[p.contact],
            by=p.seller,
        )
        facts: dict[str, object] = {"code": "550"} if number else {"message_id": "<1@hilo>"}
        s.accepted(f"work.mailing.{outcome}", update, by=system(), **facts)
        s.refused(f"work.mailing.{outcome}", update, by=system(), **facts)
    s.both(
        "work.conversation.write_note",
        thread,
        text=typed("Le corre prisa"),
        kind="customer",
        contact=p.contact,
        by=p.seller,
    )
    requirement = s.both(
        "work.conversation.state_requirement",
        thread,
        text=typed("Que no gotee"),
        contact=p.contact,
        by=p.seller,
    )
    s.both(
        "work.conversation.withdraw_requirement",
        requirement,
        reason=typed("Ya da igual"),
        once=True,
        seen=CURRENT,
        by=p.seller,
    )
    group = s.both("work.conversation.name_affected_group", thread, name=typed("Operarios"), by=p.seller)
    s.both(
        "work.conversation.say_group_is_ready",
        group,
        what="told",
        who=typed("Diego"),
        at=s.now,
        once=True,
        seen=CURRENT,
        by=p.seller,
    )


def promises(s: Script, thread: Thread) -> None:
    p = s.people
    said: dict[str, Any] = {"contact": p.contact, "where": "call", "by": p.seller}

    def promised(days: float) -> Promise:
        due, text = s.ahead(days), typed("La línea montada")
        return cast(Promise, s.both("work.promises.make_promise", thread, text=text, due=due, **said))

    first = promised(20)
    s.both(
        "work.promises.renegotiate_promise",
        first,
        due=s.ahead(30).date(),
        evidence=typed("Llamada"),
        once=True,
        seen=CURRENT,
        **said,
    )
    successor = Promise.objects.get(predecessor=first)
    released = {"contact": p.contact, "evidence": typed("Lo dijo él"), "by": p.seller}
    s.both("work.promises.release_promise", successor, once=True, seen=CURRENT, **released)
    kept = promised(8)
    s.both(
        "work.promises.keep_promise", kept, evidence=typed("Albarán"), once=True, seen=CURRENT, by=p.seller
    )
    broken = promised(0.05)
    s.refused("work.promises.break_promise", broken, by=system())
    s.later(hours=2)
    s.accepted("work.promises.break_promise", broken, by=system())
    s.refused("work.promises.break_promise", broken, by=system())
    sorry = s.accepted(
        "work.conversation.tell_customer",
        thread,
        text=typed("No llegamos"),
        contacts=[p.contact],
        by=p.seller,
    )
    s.both("work.promises.answer_broken_promise", broken, update=sorry, once=True, seen=CURRENT, by=p.seller)


def deliverables(s: Script, thread: Thread) -> None:
    p = s.people

    def planned() -> Deliverable:
        name, when = typed("Llenadora"), s.ahead(6)
        made = s.both("work.deliverables.plan_deliverable", thread, name=name, planned_for=when, by=p.seller)
        return cast(Deliverable, made)

    each = planned()
    to = s.ahead(8)
    s.both("work.deliverables.move_deliverable", each, to=to, reason=typed("x"), seen=CURRENT, by=p.seller)
    s.both("work.deliverables.deliver", each, once=True, seen=CURRENT, by=p.technician)
    wrong = {"contact": p.contact, "reason": typed("Gotea"), "by": p.seller}
    s.both("work.deliverables.refuse_delivery", each, once=True, seen=CURRENT, **wrong)
    s.accepted("work.deliverables.deliver", each, seen=CURRENT, by=p.technician)
    signed = {"contact": p.contact, "evidence": typed("Firma"), "by": p.seller}
    s.both("work.deliverables.accept_delivery", each, once=True, seen=CURRENT, **signed)
    unwanted = planned()
    no_more = {"reason": typed("Ya no"), "seen": CURRENT, "by": p.seller}
    s.both("work.deliverables.cancel_deliverable", unwanted, once=True, **no_more)
    silent = planned()
    s.accepted("work.deliverables.deliver", silent, seen=CURRENT, by=p.technician)
    s.refused("work.deliverables.accept_tacitly", silent, by=system())
    silent.refresh_from_db()
    assert silent.tacit_at is not None
    s.now = silent.tacit_at
    s.accepted("work.deliverables.accept_tacitly", silent, by=system())

    version = s.both(
        "work.documents.add_document",
        thread,
        name=typed("Plano"),
        file_name=f"{MARK}.pdf",
        content=b"plano",
        by=p.seller,
    )
    newer = s.both(
        "work.documents.add_document_version",
        version.document,
        file_name="plano.pdf",
        content=b"otro",
        seen=CURRENT,
        by=p.technician,
    )
    approval = {"contact": p.contact, "evidence": typed("Correo"), "by": p.seller}
    s.both("work.documents.approve_document", newer, once=True, **approval)


def small_things(s: Script, thread: Thread) -> None:
    p = s.people
    doubt = s.both("work.loose_ends.pin_loose_end", thread, text=typed("¿Cabe?"), by=p.technician)
    s.both(
        "work.loose_ends.settle_loose_end",
        doubt,
        outcome=typed("Cabe"),
        once=True,
        seen=CURRENT,
        by=p.technician,
    )
    area = Area.objects.get(code="technical")

    def asked() -> Any:
        words = {"what": typed("Medidas"), "why": typed("Sin ellas no"), "due_at": s.ahead(3)}
        return s.both("work.asks.make_ask", thread, to_area=area, by=p.seller, **words)

    plain = asked()
    s.both("work.asks.accept_ask", plain, once=True, seen=CURRENT, by=p.technician)
    done = {"answer": typed("Ahí"), "seen": CURRENT, "by": p.technician}
    s.both("work.asks.finish_ask", plain, once=True, **done)
    bargained = asked()
    other_day = {"due_at": s.ahead(6), "comment": typed("Antes no"), "by": p.technician}
    s.both("work.asks.counter_ask", bargained, once=True, seen=CURRENT, **other_day)
    s.both("work.asks.agree_to_counter", bargained, once=True, seen=CURRENT, by=p.seller)
    s.both("work.asks.withdraw_ask", bargained, once=True, seen=CURRENT, by=p.seller)
    no = {"reason": typed("Sin manos"), "seen": CURRENT, "by": p.technician}
    s.both("work.asks.decline_ask", asked(), once=True, **no)


# Whose it is, who reads it, and its end -------------------------------------------------------------------


def ownership(s: Script, thread: Thread) -> None:
    p = s.people

    def offer(to: Person) -> OwnershipTransfer:
        facts = {"to": to, "reason": typed("Cambia de zona"), "seen": CURRENT, "by": p.seller}
        made = s.both("work.ownership.offer_ownership", thread, once=True, **facts)
        return cast(OwnershipTransfer, made)

    s.both("work.ownership.withdraw_ownership", offer(p.head), once=True, seen=CURRENT, by=p.seller)
    no = {"comment": typed("Llevo nueve"), "seen": CURRENT, "by": p.head}
    s.both("work.ownership.decline_ownership", offer(p.head), once=True, **no)
    s.both("work.ownership.accept_ownership", offer(p.head), once=True, seen=CURRENT, by=p.head)


def confidential(s: Script, thread: Thread) -> None:
    p = s.people
    readers = [p.head, p.seller]
    s.both("work.threads.make_confidential", thread, readers=readers, seen=CURRENT, by=p.head)
    s.both("work.threads.make_open", thread, once=True, seen=CURRENT, by=p.head)


def the_archive(s: Script, thread: Thread) -> None:
    p = s.people
    hung = {"seen": CURRENT, "by": p.head}
    s.refused("work.archiving.archive_thread", thread, **hung)
    question = s.both(
        "work.archiving.ask_closing_question", thread, contact=p.contact, once=True, by=p.seller
    )
    answer = {"aim_reached": True, "score": 9, "comment": typed("Muy bien"), "by": p.seller}
    s.both("work.archiving.answer_closing_question", question, once=True, **answer)
    s.both("work.archiving.archive_thread", thread, once=True, **hung)
    back = {"reason": typed("Vuelve"), "seen": CURRENT, "by": p.head}
    s.both("work.archiving.reopen_thread", thread, once=True, **back)
    s.accepted("work.loose_ends.pin_loose_end", thread, text=typed("¿Y el transporte?"), by=p.seller)
    forced = {"reason": typed("Quebró"), "seen": CURRENT, "by": p.director}
    s.both("work.archiving.force_archive", thread, once=True, **forced)


def customers(s: Script) -> None:
    p = s.people
    new = {"name": typed("Conservas Norte"), "delegation": p.customer.delegation, "keeper": p.seller}
    customer = s.both("parties.customers.add_customer", by=p.seller, **new)
    s.both("parties.customers.change_customer", customer, name=typed("Norte"), seen=CURRENT, by=p.seller)
    facts = {"name": typed("Norma"), "email": f"{MARK}@norte.example", "by": p.seller}
    contact = s.both("parties.customers.add_contact", customer, once=True, **facts)
    s.both("parties.customers.change_contact", contact, position=typed("Jefa"), seen=CURRENT, by=p.seller)
    s.both("parties.customers.mark_contact_left", contact, once=True, seen=CURRENT, by=p.seller)
    s.both("parties.customers.erase_contact", contact, once=True, seen=CURRENT, by=p.director)
    s.both("parties.merges.merge_customers", p.customer, customer, once=True, by=p.manager)
    s.both("parties.merges.undo_merge", customer, once=True, by=p.manager)


# People come and go ---------------------------------------------------------------------------------------


def everybody(s: Script, version: Any) -> None:
    p, by = s.people, s.people.administrator
    sales, zaragoza = Area.objects.get(code="sales"), p.customer.delegation
    facts = {"name": typed("Nuria"), "email": f"{MARK}@envasa.example", "area": sales, "delegation": zaragoza}
    person: Person = s.both("parties.people.add_person", once=True, by=by, **facts)
    s.both("parties.people.change_person", person, position=typed("Jefa"), seen=CURRENT, by=by)
    s.refused("parties.people.change_own_settings", theme="pink", by=person)
    s.accepted("parties.people.change_own_settings", theme="dark", by=person)
    may = {"director": True, "administrator": False, "auditor": False, "seen": CURRENT, "by": by}
    s.both("parties.people.set_authority", person, **may)
    memberships(s, person)
    signing_in(s, person)
    days = {"first_day": s.now.date(), "last_day": s.ahead(4).date(), "substitute": p.substitute}
    absence = s.both("parties.absences.plan_absence", person, once=True, by=person, **days)
    s.both("parties.absences.cancel_absence", absence, once=True, seen=CURRENT, by=person)
    with_hands_full(s, version)
    s.both("parties.leaving.leave_company", p.seller, once=True, seen=CURRENT, by=by)
    heir = s.accepted("parties.company.add_area", code="engineering", name=typed("Ingeniería"), by=by)
    old = Area.objects.get(code="technical")
    parts = {"successors": [heir], "open_work_to": heir, "on": s.now.date(), "seen": CURRENT, "by": by}
    s.both("parties.reorganising.reorganise_area", old, once=True, **parts)
    numbers = {"tacit_acceptance_working_days": 7, "by": by}
    s.both("parties.company.change_policy", **numbers)


def memberships(s: Script, person: Person) -> None:
    by = s.people.administrator
    quality, zaragoza = Area.objects.get(code="quality"), s.people.customer.delegation
    where = {"area": quality, "delegation": zaragoza, "by": by}
    second: Membership = s.both("parties.memberships.start_membership", person, once=True, **where)
    s.both("parties.memberships.change_membership", second, is_head=True, by=by)
    s.both("parties.memberships.end_membership", second, once=True, by=by)
    led = {"delegation": zaragoza, "by": by}
    management = s.both("parties.memberships.start_management", person, once=True, **led)
    s.both("parties.memberships.end_management", management, once=True, by=by)


def signing_in(s: Script, person: Person) -> None:
    token = s.both("parties.sign_in.invite_person", person, by=s.people.administrator)
    s.refused("parties.sign_in.accept_invitation", token, password="1234")
    s.accepted("parties.sign_in.accept_invitation", token, password=PASSWORD)
    s.refused("parties.sign_in.accept_invitation", token, password=PASSWORD)
    change = {"old": PASSWORD, "new": NEXT_PASSWORD, "by": person}
    s.both("parties.sign_in.change_password", person, once=True, **change)
    code = TOTP(SECRET).now()
    s.refused("parties.second_factor.renew_recovery_codes", person, by=person)
    s.refused("parties.second_factor.turn_second_factor_on", person, secret=SECRET, code="1", by=person)
    s.both(
        "parties.second_factor.turn_second_factor_on", person, once=True, secret=SECRET, code=code, by=person
    )
    s.accepted("parties.second_factor.renew_recovery_codes", person, by=person)
    s.both("parties.second_factor.turn_second_factor_off", person, once=True, by=person)
    where_they_are_signed_in(s, person)
    passkeys(s, person)
    the_companys_provider(s, person)
    modules(s)


def with_hands_full(s: Script, version: Any) -> None:
    """What the seller holds when they leave: everything there is to hold."""
    p = s.people
    thread = opened(s, version, "new_account", p.other_customer)
    doubt = {"text": typed("¿Y el seguro?"), "by": p.seller}
    s.accepted("work.loose_ends.pin_loose_end", thread, **doubt)
    technical = Area.objects.get(code="technical")
    need = {"what": typed("Las medidas"), "why": typed("Sin ellas no"), "due_at": s.ahead(4), "by": p.seller}
    s.accepted("work.asks.make_ask", thread, to_area=technical, **need)
    said = {"contact": p.other_contact, "where": "call", "due": s.ahead(3), "text": typed("La oferta")}
    s.accepted("work.promises.make_promise", thread, by=p.seller, **said)
    given = opened(s, version, "new_account", p.other_customer)
    s.accepted("work.step_runs.finish_step", run_of(given, "sell"), seen=CURRENT, by=p.seller)
    offered(s, run_of(given, "design"))
    to_them = opened(s, None, "complaint")
    away = {"to": p.head, "reason": typed("Es suyo"), "seen": CURRENT, "by": p.seller}
    transfer = s.accepted("work.ownership.offer_ownership", to_them, **away)
    s.accepted("work.ownership.accept_ownership", transfer, seen=CURRENT, by=p.head)
    back = {"to": p.seller, "reason": typed("Mejor tú"), "seen": CURRENT, "by": p.head}
    s.accepted("work.ownership.offer_ownership", to_them, **back)
    days = {"first_day": s.ahead(2).date(), "last_day": s.ahead(9).date(), "substitute": p.seller}
    s.accepted("parties.absences.plan_absence", p.substitute, by=p.substitute, **days)


def the_year_goes_on(s: Script) -> None:
    """Nobody does anything: what time decides is decided, late as well as in time."""
    for days in (1, 5, 30):
        s.time_passes(days=days)
