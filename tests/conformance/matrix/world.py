"""One of everything that an address leads to, in our delegation, in another one, and confidential."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from hilo.parties.actor import Actor, system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Contact, Delegation, DelegationManagement, Membership, Person
from hilo.parties.queries.calendars import clock_of, close_of, day_of
from hilo.quality.commands.actions import plan_action
from hilo.quality.commands.cases import open_case
from hilo.quality.commands.causes import add_why, begin_analysis
from hilo.quality.commands.praise import give_praise
from hilo.quality.commands.touching import link_case
from hilo.quality.models import Case, CauseKind, LegalDeadline
from hilo.work.commands.archiving import ask_closing_question
from hilo.work.commands.asks import make_ask
from hilo.work.commands.conversation import name_affected_group, state_requirement, tell_customer
from hilo.work.commands.deliverables import plan_deliverable
from hilo.work.commands.documents import add_document
from hilo.work.commands.handoffs import offer_handoff
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.orders import place_order
from hilo.work.commands.ownership import offer_ownership
from hilo.work.commands.promises import make_promise
from hilo.work.commands.replanning import replan_step
from hilo.work.commands.reviews import plan_review
from hilo.work.commands.saved_views import save_view
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import BulkRun, Handoff, StepRun, Thread
from hilo.work.queries.reviews import next_free_moment
from tests.factories.analysis import a_finished_diagnosis
from tests.factories.parties import (
    Company,
    a_company,
    a_contact,
    a_customer,
    a_manager,
    a_person,
    acting,
    give_authority,
)


@dataclass
class Place:
    """A customer with a thread of each kind and one object of every kind, by the words of the routes."""

    codes: dict[str, str]  # "thread" and "supply" -> code
    ids: dict[str, int]
    items: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    company: Company
    roles: dict[str, Person | None]
    own: Place
    other: Place
    confidential: Place


def build_world() -> World:
    now = timezone.now() - timedelta(days=1)
    company = a_company(now=now)
    seed_templates(by=system(), now=now)
    for area in company.areas.values():  # Sevilla does its own work: nothing of it lies in Zaragoza
        a_person(area=area, delegation=company.sevilla, now=now)
    sevilla_seller = a_person(
        "Sara Sevilla", area=company.areas["sales"], delegation=company.sevilla, now=now
    )
    zaragoza_seller = a_person(
        "Zoe Zaragoza", area=company.areas["sales"], delegation=company.zaragoza, now=now
    )
    auditor = give_authority(
        a_person("Aud Ita", area=company.areas["management"], delegation=company.zaragoza, now=now),
        auditor=True,
    )
    Membership.objects.filter(person=auditor).delete()  # an auditor from outside: reads, belongs nowhere
    leaver = a_person("Leo Leaver", area=company.areas["sales"], delegation=company.zaragoza, now=now)
    Person.objects.filter(pk=leaver.pk).update(is_active=False, left_at=now)
    for person in Person.objects.all():
        plan_absence(
            person,
            substitute=company.director if person != company.director else sevilla_seller,
            first_day=date(2031, 1, 1),
            last_day=date(2031, 1, 2),
            by=system(),
            now=now,
        ) if person == sevilla_seller else None
    own = _place(company, company.zaragoza, zaragoza_seller, now)
    other = _place(company, company.sevilla, sevilla_seller, now)
    confidential = _place(company, company.zaragoza, zaragoza_seller, now)
    for thread in Thread.objects.filter(code__in=confidential.codes.values()):
        make_confidential(thread, readers=[zaragoza_seller], seen=thread.version, by=system(), now=now)
    return World(
        company=company,
        roles={
            "person": company.people["production"],
            "head": company.heads["production"],
            "manager": a_manager(company, company.zaragoza, now=now),
            "director": company.director,
            "administrator": company.administrator,
            "auditor": auditor,
            "left": leaver,
            "nobody": None,
        },
        own=own,
        other=other,
        confidential=confidential,
    )


def _place(company: Company, delegation: Delegation, seller: Person, now: object) -> Place:
    when = timezone.now() - timedelta(hours=20)
    by = acting(seller, when)
    customer = a_customer(delegation=delegation, keeper=seller, now=when)
    contact = a_contact(customer, now=when)
    thread = open_thread(
        customer=customer, title="Hilo de prueba", kind="service", owner=seller, by=by, now=when
    )
    supply = open_thread(customer=customer, title="Suministro", kind="supply", owner=seller, by=by, now=when)
    order = place_order(supply, text="Juntas", by=by, now=when)
    later = when + timedelta(days=30)
    step_run = thread.step_runs.get(state="running")
    finish_step(step_run, seen=step_run.version, by=by, now=when)
    handoff = Handoff.objects.filter(thread=thread).latest("pk")
    if handoff.state == "draft":
        handoff.items.filter(state="missing").update(state="complete")
        offer_handoff(handoff, ask="Hacerlo", proposed_due=later, seen=handoff.version, by=by, now=when)
    item = handoff.items.first()
    thread.refresh_from_db()
    promise = make_promise(thread, text="El plano", due=later, contact=contact, where="call", by=by, now=when)
    document = add_document(thread, name="Plano", file_name="plano.txt", content=b"plano", by=by, now=when)
    transfer = offer_ownership(
        thread,
        to=company.director,
        reason="x",
        seen=Thread.objects.get(pk=thread.pk).version,
        by=by,
        now=when,
    )
    tell_customer(thread, text="Seguimos", contacts=[contact], channel="call", by=by, now=when)
    ids = {
        "step_run": thread.step_runs.exclude(state="done").first().pk,  # type: ignore[union-attr]
        "handoff": handoff.pk,
        "promise": promise.pk,
        "deliverable": plan_deliverable(thread, name="Línea", by=by, now=when).pk,
        "order": order.pk,
        "ask": make_ask(
            thread, to_area=company.areas["production"], what="x", why="y", due_at=later, by=by, now=when
        ).pk,
        "loose_end": pin_loose_end(thread, text="¿Vale?", due_at=later, by=by, now=when).pk,
        "requirement": state_requirement(thread, text="24.000 botellas/h", by=by, now=when).pk,
        "affected_group": name_affected_group(thread, name="Operadores", by=by, now=when).pk,
        "document": document.document_id,
        "documentversion": document.pk,
        "ownership_transfer": transfer.pk,
        "closing_question": ask_closing_question(thread, contact=contact, by=by, now=when).pk,
        "customer": customer.pk,
        "contact": contact.pk,
        "person": seller.pk,
        "membership": Membership.objects.get(person=seller).pk,
        "delegation": delegation.pk,
    }
    ids |= _plan(thread, by, when)
    case, of_case = _case(thread, contact, company, by, when)
    link = link_case(case, type="promise", object_id=promise.pk, by=by, now=when)
    ids |= {**of_case, "case_link": link.pk}
    codes = {"thread": thread.code, "supply": supply.code, "case": case.code}
    return Place(codes, ids, {"item": item.pk if item else 0})


def _plan(thread: Thread, by: Actor, when: datetime) -> dict[str, int]:
    """A date moved on the map, and a moment to look in."""
    run = thread.step_runs.filter(state="planned").order_by("due_at").last()
    assert run is not None and run.due_at is not None
    clock = clock_of(run.area_id, run.delegation_id)
    later = close_of(clock, clock.add_working_days(day_of(clock, run.due_at), 1))
    moved = replan_step(run, edge="end", to=later, reason="x", seen=run.version, by=by, now=when)
    starts_at = next_free_moment(thread, now=when + timedelta(days=3))
    review = plan_review(thread, text="Ver cómo va", starts_at=starts_at, by=by, now=when)
    return {"plan_move": moved.pk, "review_moment": review.pk}


def _case(
    thread: Thread, contact: Contact, company: Company, by: Actor, when: datetime
) -> tuple[Case, dict[str, int]]:
    """With the search for its cause, an action agreed, and praise in spite of it all."""
    at = {"by": by, "now": when}
    case = open_case(
        thread=thread,
        kind=Case.Kind.COMPLAINT,
        title="Llegó tarde",
        contact=contact,
        impact="low",
        urgency="low",
        owner=by.one,
        **at,
    )
    analysis = begin_analysis([case], what_happened="Llegó dos días tarde", **at)
    strand = StepRun.objects.filter(work_item=case.work_item_id).values_list("pk", flat=True)[0]
    proof = {"evidence_type": "step_run", "evidence_id": strand}
    why = add_why(analysis, branch="A", text="No se avisó", evidence="albarán", **proof, **at)
    action = plan_action(
        analysis,
        text="La salida pide la fecha prometida",
        owner=by.one,
        checker=company.director,
        area=company.areas["sales"],
        criterion="Ninguna salida sin fecha",
        due_at=when + timedelta(days=30),
        **at,
    )
    praise = give_praise(thread, text="Gracias por avisar", where="call", **at)
    ids = {"case": case.pk, "analysis": analysis.pk, "why": why.pk, "action": action.pk, "praise": praise.pk}
    return case, ids


def shared_ids(world: World) -> dict[str, int]:
    """Things that belong to no delegation."""
    company = world.company
    management = DelegationManagement.objects.latest("pk")
    absence = Person.objects.get(name="Sara Sevilla").absences.get()
    return {
        "area": company.areas["logistics"].pk,
        "calendar": company.calendar.pk,
        "management": management.pk,
        "cause": CauseKind.objects.order_by("pk")[0].pk,
        "deadline": LegalDeadline.objects.order_by("pk")[0].pk,
        "absence": absence.pk,
        **_of_lists(company),
        "session": 99999998,  # one's own alone: ending it would sign the test itself out
        "passkey": 1,
        "diagnosis": a_finished_diagnosis(company.director, now=timezone.now() - timedelta(hours=2)).pk,
    }


def _of_lists(company: Company) -> dict[str, int]:
    """A view that everybody sees, and something the director did to several threads."""
    now = timezone.now() - timedelta(hours=1)
    by = acting(company.director, now)
    view = save_view(name="De todos", query={"view": "frayed"}, is_shared=True, by=by, now=now)
    run = BulkRun.objects.create(person=company.director, act="archive", asked_at=now, ended_at=now)
    return {"saved_view": view.pk, "bulk_run": run.pk}
