"""The chapter about cases: a complaint from the receipt to the close, a near miss, one failure met twice."""

from __future__ import annotations

from typing import Any

from hilo.parties.models import Area, Contact, Person
from hilo.quality.models import Case
from hilo.work.models import StepRun, Thread
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed

CASES, TELLING, CLOSING = "quality.cases", "quality.telling", "quality.closing"
TOUCHING = "quality.touching"


def cases(s: Script) -> None:
    thread = opened(s, None, "service", s.people.customer)
    case = received(s, thread, s.people.contact)
    weighed(s, case)
    by_two_areas(s, case)
    about_what(s, case, thread)
    answered(s, case)
    over(s, case)
    near_miss(s, thread)
    one_failure(s, thread)


def received(s: Script, thread: Thread | None, contact: Contact | None, **facts: Any) -> Case:
    given: dict[str, Any] = {
        "thread": thread,
        "kind": "complaint",
        "title": typed("La línea 2 no llega"),
        "text": typed("Desde el martes"),
        "remedy": typed("Una rebaja"),
        "contact": contact,
        "impact": "high",
        "urgency": "medium",
        "by": s.people.seller,
        **facts,
    }
    case: Case = s.both(f"{CASES}.open_case", **given)
    return case


def said(s: Script, case: Case, **facts: Any) -> dict[str, Any]:
    assert case.contact is not None
    message = {"text": typed("Seguimos en ello"), "contacts": [case.contact], "channel": "call"}
    return {**message, "seen": CURRENT, "by": s.people.seller, **facts}


def weighed(s: Script, case: Case) -> None:
    by = s.people.seller
    levels = {"impact": "medium", "urgency": "medium", "by": by}
    s.refused(f"{CASES}.assess_case", case, seen=CURRENT, **levels)  # the customer comes first
    s.both(f"{TELLING}.acknowledge_case", case, once=True, **said(s, case))
    meanwhile = typed("Turno de apoyo")
    s.both(f"{CASES}.assess_case", case, once=True, seen=CURRENT, containment=meanwhile, **levels)
    worse = {"impact": "high", "urgency": "high", "reason": typed("Paran dos"), "seen": CURRENT, "by": by}
    s.both(f"{CASES}.change_severity", case, once=True, **worse)
    s.both(f"{CASES}.contain_case", case, text=typed("Y los sábados"), seen=CURRENT, by=by)
    s.both(f"{CASES}.begin_investigation", case, once=True, seen=CURRENT, by=by)
    s.both(f"{CASES}.take_over_case", case, once=True, seen=CURRENT, by=s.people.substitute)
    s.accepted(f"{CASES}.take_over_case", case, seen=CURRENT, by=by)


def by_two_areas(s: Script, case: Case) -> None:
    where = {"area": Area.objects.get(code="technical"), "delegation": case.delegation}
    what = {"name": typed("Mirar el cabezal"), "target_minutes": 480, "by": s.people.seller}
    strand: StepRun = s.both(f"{CASES}.add_strand", case, **where, **what)
    take = {"seen": CURRENT, "by": s.people.technician}
    s.accepted("work.handoffs.accept_handoff", strand.handoffs.get(), **take)
    s.refused(f"{CLOSING}.close_case", case, seen=CURRENT, by=s.people.seller)
    s.accepted("work.step_runs.finish_step", strand, **take)


def about_what(s: Script, case: Case, thread: Thread) -> None:
    by = s.people.seller
    other = opened(s, None, "service", s.people.customer)
    s.both(f"{TOUCHING}.touch_thread", case, other, once=True, by=by)
    wish = {"text": typed("Sin goteo"), "contact": case.contact, "by": by}
    requirement = s.accepted("work.conversation.state_requirement", other, **wish)
    about = {"type": "requirement", "object_id": requirement.pk, "by": by}
    link = s.both(f"{TOUCHING}.link_case", case, once=True, **about)
    s.both(f"{TOUCHING}.unlink_case", link, once=False, by=by)
    taken: dict[str, Any] = {
        "case": case,
        "contact": case.contact,
        "owner": s.people.director,
        "text": typed("No sé a quién dirigirme"),
        "promises": ((typed("Un técnico en planta"), s.ahead(9)),),
        "by": by,
    }
    s.both("quality.escalations.note_escalation", thread, **taken)


def answered(s: Script, case: Case) -> None:
    by, contact = s.people.seller, case.contact
    next_news = Thread.objects.values_list("next_news_at", flat=True).get(pk=case.thread_id)
    s.both(f"{TELLING}.tell_about_case", case, tone="still", **said(s, case, next_news_at=next_news))
    s.refused(f"{TELLING}.tell_about_case", case, tone="still", **said(s, case, next_news_at=None))
    solution = {"solution": typed("Cambiamos la junta")}
    s.both(f"{TELLING}.respond_case", case, once=True, **said(s, case, **solution))
    no = {"contact": contact, "reason": typed("Sigue igual"), "seen": CURRENT, "by": by}
    s.both(f"{CLOSING}.refuse_solution", case, once=True, **no)
    s.accepted(f"{TELLING}.respond_case", case, **said(s, case, **solution))
    s.both(f"{TELLING}.tell_decision", case, once=True, **said(s, case, outcome="partly"))
    s.refused(f"{CLOSING}.close_case", case, seen=CURRENT, by=by)  # nobody has said that it is solved
    yes = {"contact": contact, "how": typed("Por teléfono"), "seen": CURRENT, "by": by}
    s.both(f"{CLOSING}.verify_solution", case, once=True, **yes)


def over(s: Script, case: Case) -> None:
    by = s.people.seller
    s.both(f"{CLOSING}.close_case", case, once=True, seen=CURRENT, by=by)
    again = {"reason": typed("Ha vuelto"), "contact": case.contact, "seen": CURRENT, "by": by}
    s.both(f"{CLOSING}.reopen_case", case, once=True, **again)


def near_miss(s: Script, thread: Thread) -> None:
    contact = s.people.contact
    case = received(s, thread, None, kind="near_miss", customer_knows=False, remedy="")
    learned = {"contact": contact, "at": s.now, "seen": CURRENT, "by": s.people.seller}
    s.both(f"{CASES}.customer_learned", case, once=True, **learned)


def one_failure(s: Script, thread: Thread) -> None:
    """Two customers, one batch; and it is led by somebody when they leave."""
    main = received(s, thread, s.people.contact)
    other = received(s, None, s.people.other_contact, customer=s.people.other_customer)
    same = {"main": main, "seen": CURRENT, "by": s.people.seller}
    s.both(f"{TOUCHING}.join_failure", other, once=True, **same)
    s.both(f"{TOUCHING}.leave_failure", other, once=True, seen=CURRENT, by=s.people.seller)
    s.accepted(f"{TOUCHING}.join_failure", other, **same)
    assert Person.objects.get(pk=s.people.seller.pk).owned_cases.filter(closed_at=None).count() >= 4
