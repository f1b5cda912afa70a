"""Cases in every state, made through the commands themselves, on the threads of ``tests.factories.work``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Person
from hilo.quality.commands.cases import add_strand, assess_case, begin_investigation, open_case
from hilo.quality.commands.closing import close_case, verify_solution
from hilo.quality.commands.telling import acknowledge_case, respond_case, tell_decision
from hilo.quality.models import Case
from hilo.work.commands.handoffs import accept_handoff
from hilo.work.models import StepRun, Thread
from tests.factories.parties import acting
from tests.factories.work import House, a_thread, open_handoff

ANSWER = "Hemos cambiado la junta y la línea da 18.000 botellas por hora."


def make_case(
    house: House, thread: Thread | None = None, *, owner: str | Person = "sales", **facts: Any
) -> Case:
    """A complaint of the house's contact, received now on a thread of its own, led by that area's person."""
    given: dict[str, Any] = {
        "kind": Case.Kind.COMPLAINT,
        "title": "La línea 2 no llega a 18.000 botellas por hora",
        "text": "Desde el martes da 15.200.",
        "remedy": "Las 18.000 que firmamos",
        "contact": house.contact,
        "impact": "high",
        "urgency": "high",
        "owner": house.person(owner) if isinstance(owner, str) else owner,
        "by": house.actor(owner) if isinstance(owner, str) else house.actor("sales"),
        "now": house.at,
        **facts,
    }
    if thread is None and given.get("customer") is None:
        thread = a_thread(house, owner=owner if isinstance(owner, str) else "sales")
    return open_case(thread=thread, **given)


def make_near_miss(house: House, thread: Thread | None = None, **facts: Any) -> Case:
    """Ours alone: nobody outside has seen it."""
    given = {"kind": Case.Kind.NEAR_MISS, "contact": None, "remedy": "", **facts}
    return make_case(house, thread, **given)


def leader(house: House, case: Case) -> Actor:
    return acting(case.owner, house.at)


def told(house: House, case: Case) -> dict[str, Any]:
    """What every message needs besides its own facts; the date of the next news is prefilled."""
    case.refresh_from_db()
    assert case.contact is not None
    return {
        "contacts": [case.contact],
        "channel": "call",
        "seen": case.version,
        "by": leader(house, case),
        "now": house.at,
    }


def acknowledged(house: House, case: Case) -> Case:
    acknowledge_case(case, text="Lo tenemos, y lo llevo yo.", **told(house, case))
    return case


def assessed(house: House, case: Case) -> Case:
    if case.customer_knows:
        acknowledged(house, case)
    assess_case(
        case,
        impact=case.impact,
        urgency=case.urgency,
        seen=case.version,
        by=leader(house, case),
        now=house.at,
    )
    return case


def investigated(house: House, case: Case) -> Case:
    begin_investigation(assessed(house, case), seen=case.version, by=leader(house, case), now=house.at)
    return case


def responded(house: House, case: Case) -> Case:
    """Answered at once, whatever was before."""
    respond_case(case, solution=ANSWER, text=ANSWER, **told(house, case))
    return case


def decided(house: House, case: Case, *, outcome: str = Case.Outcome.UPHELD) -> Case:
    tell_decision(responded(house, case), outcome=outcome, text="Sí, como pedían.", **told(house, case))
    return case


def verified(house: House, case: Case, *, contact: Contact | None = None) -> Case:
    decided(house, case)
    verify_solution(
        case,
        contact=contact or case.contact,  # type: ignore[arg-type]
        how="Me lo dijo por teléfono",
        seen=case.version,
        by=leader(house, case),
        now=house.at,
    )
    return case


def closed(house: House, case: Case) -> Case:
    if case.customer_knows:
        verified(house, case)
    close_case(
        case, solution=case.solution or ANSWER, seen=case.version, by=leader(house, case), now=house.at
    )
    return case


def a_strand(
    house: House, case: Case, area: str, *, name: str = "", minutes: int = 960, accept: bool = False
) -> StepRun:
    """Another area asked to work on it; with ``accept`` its person has taken it on."""
    strand = add_strand(
        case,
        area=house.area(area),
        delegation=house.company.zaragoza,
        name=name or f"Mirar en {house.area(area).name}",
        target_minutes=minutes,
        by=leader(house, case),
        now=house.at,
    )
    if accept:
        take_on(house, strand, area)
    return strand


def take_on(house: House, strand: StepRun, area: str, *, at: datetime | None = None) -> StepRun:
    """The area's person accepts the offer with its date."""
    handoff = open_handoff(strand)
    accept_handoff(handoff, seen=handoff.version, by=house.actor(area), now=at or house.at)
    strand.refresh_from_db()
    return strand
