"""Cases: opened, told, worked, answered, verified, closed, reopened; by anybody, on any thread."""

from __future__ import annotations

from django.db.models import Q

from hilo.parties.models import Contact, Customer, Person
from hilo.quality.models import Case, CaseLink
from hilo.work.models import Promise, Requirement
from tests.conformance.machine.world import Call, World, tries

KINDS = ("complaint", "complaint", "incident", "return", "nonpayment", "query", "suggestion", "near_miss")
LEVELS = ("low", "medium", "high")
TONES = ("progress", "still", "bad_news", "answer")
BEFORE = ("received", "acknowledged", "assessed", "investigating")
OPEN = Q(closed_at=None, thread__state="open")
KNOWN = Q(customer_knows=True)


def a_case(w: World, likely: Q = OPEN) -> Case:
    return w.row(Case.objects.all(), OPEN & likely)


def leaders(w: World, case: Case) -> list[Person]:
    return [case.owner, case.owner, *Person.objects.filter(is_director=True).order_by("pk")]


def workers(w: World, case: Case) -> list[Person]:
    return [case.owner, *w.workers(case.thread)]


def told(w: World, case: Case) -> dict[str, object]:
    case.refresh_from_db()
    theirs = [case.contact] if case.contact and w.pick.in_ten(9) else [w.row(Contact.objects.all())]
    hours = w.pick.one((None, None, None, w.ahead()))  # mostly the one that policy proposes
    return {"text": w.words("Seguimos en ello"), "contacts": theirs, "channel": "call", "next_news_at": hours}


@tries("quality.cases.open_case")
def open_case(w: World) -> Call:
    on_thread = w.pick.in_ten(7)
    thread = w.thread() if on_thread else None
    customer = thread.customer if thread else w.row(Customer.objects.all())
    owner = w.row(Person.objects.all(), Q(is_active=True, memberships__delegation=customer.delegation))
    contact = w.row(Contact.objects.all(), Q(customer=customer, erased_at=None, left_at=None))
    return w.call(
        thread=thread,
        customer=None if thread else customer,
        kind=w.pick.one(KINDS),
        title=w.words("La línea 2 no llega"),
        text=w.words("Desde el martes"),
        remedy=w.words("Una rebaja"),
        contact=contact if w.pick.in_ten(9) else None,
        customer_knows=w.pick.in_ten(7),
        found_by_us=w.pick.in_ten(3),
        impact=w.pick.one(LEVELS),
        urgency=w.pick.one(LEVELS),
        received_at=w.before(),
        owner=owner if w.pick.in_ten(6) else None,
        also_on=[w.thread()] if w.pick.in_ten(1) else [],
        by=w.by(owner),
    )


@tries("quality.cases.assess_case")
def assess_case(w: World) -> Call:
    case = a_case(w, Q(stage="acknowledged") | Q(stage="received", customer_knows=False))
    levels = {"impact": w.pick.one(LEVELS), "urgency": w.pick.one(LEVELS)}
    meanwhile = w.words("Turno de apoyo")
    return w.call(case, containment=meanwhile, seen=w.seen(case), by=w.by(*leaders(w, case)), **levels)


@tries("quality.cases.change_severity")
def change_severity(w: World) -> Call:
    case = a_case(w)
    levels = {"impact": w.pick.one(LEVELS), "urgency": w.pick.one((*LEVELS, "huge"))}
    why = w.words("Paran dos líneas")
    return w.call(case, reason=why, seen=w.seen(case), by=w.by(*leaders(w, case)), **levels)


@tries("quality.cases.contain_case")
def contain_case(w: World) -> Call:
    case = a_case(w)
    return w.call(case, text=w.words("Turno de apoyo"), seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.cases.begin_investigation")
def begin_investigation(w: World) -> Call:
    case = a_case(w, Q(stage="assessed"))
    return w.call(case, seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.cases.add_strand")
def add_strand(w: World) -> Call:
    case = a_case(w)
    minutes = w.pick.one((240, 960, 0))
    words = w.words("Mirar el cabezal")
    where = {"area": w.area(), "delegation": case.delegation}
    return w.call(case, name=words, target_minutes=minutes, by=w.by(*leaders(w, case)), **where)


@tries("quality.cases.take_over_case")
def take_over_case(w: World) -> Call:
    case = a_case(w)
    colleagues = w.of_area(case.area_id, case.delegation_id)
    return w.call(case, seen=w.seen(case), by=w.by(*colleagues, *leaders(w, case)))


@tries("quality.touching.touch_thread")
def touch_thread(w: World) -> Call:
    case = a_case(w)
    return w.call(case, w.thread(), by=w.by(*workers(w, case)))


@tries("quality.touching.link_case")
def link_case(w: World) -> Call:
    case = a_case(w)
    model, kind = w.pick.one(((Promise, "promise"), (Requirement, "requirement"), (Promise, "invoice")))
    thing = w.row(model._default_manager.all(), Q(thread=case.thread))
    return w.call(case, type=kind, object_id=thing.pk, by=w.by(*workers(w, case)))


@tries("quality.touching.unlink_case")
def unlink_case(w: World) -> Call:
    link = w.row(CaseLink.objects.all(), Q(case__closed_at=None))
    return w.call(link, by=w.by(*workers(w, link.case)))


@tries("quality.touching.join_failure")
def join_failure(w: World) -> Call:
    case = a_case(w, Q(same_failure_as=None))
    return w.call(case, main=a_case(w), seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.touching.leave_failure")
def leave_failure(w: World) -> Call:
    case = a_case(w, ~Q(same_failure_as=None))
    return w.call(case, seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.cases.customer_learned")
def customer_learned(w: World) -> Call:
    case = a_case(w, ~KNOWN)
    contact, at = w.contact(case.thread), w.before() or w.now
    return w.call(case, contact=contact, at=at, seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.telling.acknowledge_case")
def acknowledge_case(w: World) -> Call:
    case = a_case(w, Q(stage="received") & KNOWN)
    return w.call(case, **told(w, case), seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.telling.tell_about_case")
def tell_about_case(w: World) -> Call:
    case = a_case(w, KNOWN)
    said = {**told(w, case), "tone": w.pick.one(TONES), "said_at": w.before()}
    said["next_news_at"] = case.thread.next_news_at if w.pick.in_ten(8) else w.ahead()
    return w.call(case, seen=w.seen(case), by=w.by(*workers(w, case)), **said)


@tries("quality.telling.respond_case")
def respond_case(w: World) -> Call:
    case = a_case(w, Q(stage__in=BEFORE) & KNOWN)
    done = w.words("Cambiamos la junta")
    return w.call(case, solution=done, **told(w, case), seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.telling.tell_decision")
def tell_decision(w: World) -> Call:
    case = a_case(w, Q(stage="responded"))
    outcome = w.pick.one(("upheld", "partly", "not_upheld", "maybe"))
    return w.call(case, outcome=outcome, **told(w, case), seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.closing.verify_solution")
def verify_solution(w: World) -> Call:
    case = a_case(w, Q(stage__in=["responded", "decided"], verified_at=None))
    contact = w.contact(case.thread)
    how = w.words("Por teléfono")
    return w.call(case, contact=contact, how=how, seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.closing.refuse_solution")
def refuse_solution(w: World) -> Call:
    case = a_case(w, Q(stage__in=["responded", "decided"]))
    contact = w.contact(case.thread)
    why = w.words("Sigue goteando")
    return w.call(case, contact=contact, reason=why, seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.closing.close_case")
def close_case(w: World) -> Call:
    ready = Q(stage="decided") & ~Q(verified_at=None)
    case = a_case(w, ready | ~KNOWN | Q(kind__in=["query", "suggestion"], stage="responded"))
    done = w.words("Hecho")
    return w.call(case, solution=done, seen=w.seen(case), by=w.by(*leaders(w, case)))


@tries("quality.closing.reopen_case")
def reopen_case(w: World) -> Call:
    case = w.row(Case.objects.all(), Q(stage="closed", thread__state="open"))
    contact = w.maybe(Contact.objects.filter(customer=case.thread.customer))
    why = w.words("Ha vuelto")
    return w.call(case, reason=why, contact=contact, seen=w.seen(case), by=w.by(*workers(w, case)))


@tries("quality.escalations.note_escalation")
def note_escalation(w: World) -> Call:
    case = w.maybe(Case.objects.filter(OPEN))
    thread = case.thread if case else w.thread()
    directors = Person.objects.filter(Q(is_director=True) | Q(memberships__is_head=True), is_active=True)
    owner = w.row(Person.objects.all(), Q(pk__in=directors.values("pk")))
    promised = ((w.words("Un técnico en planta"), w.ahead()),) if w.pick.in_ten(7) else ()
    return w.call(
        thread,
        case=case,
        contact=w.contact(thread),
        owner=owner,
        text=w.words("No sé a quién dirigirme"),
        at=w.before(),
        promises=promised,
        by=w.by(*w.workers(thread)),
    )
