"""The chapters about steps, orders, and handoffs between and within areas."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hilo.parties.models import Area, Delegation, Person
from hilo.work.models import (
    Handoff,
    Span,
    StepRun,
    Thread,
    WorkItem,
)
from tests.conformance.machine.driver import Refused
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed

# Steps and handoffs ---------------------------------------------------------------------------------------


def run_of(thread: Thread, key: str) -> StepRun:
    return StepRun.objects.get(thread=thread, step__key=key)


def newest(run: StepRun) -> Handoff:
    return Handoff.objects.filter(step_run=run).order_by("-attempt")[0]


def offered(s: Script, run: StepRun) -> Handoff:
    """The draft made whole and offered."""
    handoff = newest(run)
    for item in handoff.items.filter(state="missing"):
        explained = {"state": "explained", "explanation": typed("Llega el jueves")}
        s.accepted("work.handoffs.fill_item", item, by=s.people.seller, **explained)
    offer = {"ask": typed("Proyecto"), "proposed_due": s.ahead(9), "seen": CURRENT, "by": s.people.seller}
    s.both("work.handoffs.offer_handoff", handoff, once=True, **offer)
    return handoff


def handing_over(s: Script, thread: Thread) -> None:
    p = s.people
    design = run_of(thread, "design")
    s.both("work.step_runs.finish_step", run_of(thread, "sell"), once=True, seen=CURRENT, by=p.seller)
    draft = newest(design)
    item = s.both("work.handoffs.add_item", draft, typed("La muestra"), by=p.seller)
    s.both("work.handoffs.fill_item", item, state="complete", by=p.seller)
    back = {"reason": "gaps", "comment": typed("Falta"), "missing_texts": [typed("Tensión")]}
    first = offered(s, design)
    s.both("work.handoffs.return_handoff", first, once=True, seen=CURRENT, by=p.technician, **back)
    s.both("work.handoffs.prepare_handoff", design, once=True, by=p.seller)
    second = offered(s, design)
    again = {"reason": typed("Otra vez"), "seen": CURRENT, "by": p.seller}
    s.both("work.handoffs.withdraw_handoff", second, once=True, **again)
    s.accepted("work.handoffs.prepare_handoff", design, by=p.seller)
    third = offered(s, design)
    terms = {"due": s.ahead(12), "hours": Decimal(12), "conditions": typed("Dos días más")}
    terms |= {"read_back": typed("El jueves"), "seen": CURRENT, "by": p.technician}
    s.both("work.handoffs.accept_with_conditions", third, once=True, **terms)
    s.both("work.handoffs.confirm_conditions", third, once=True, seen=CURRENT, by=p.seller)
    missed = third.items.order_by("position")[0]
    s.both("work.handoffs.mark_missing", missed, once=True, by=p.technician)
    waiting = {"whom": "customer", "what": typed("El plano"), "seen": CURRENT, "by": p.technician}
    s.both("work.step_runs.wait_for", design, **waiting)
    s.both("work.step_runs.resume_step", design, once=True, seen=CURRENT, by=p.technician)


def within_an_area(s: Script, thread: Thread) -> None:
    p = s.people
    design = run_of(thread, "design")
    colleague = Person.objects.get(name="Tomás Torno")
    facts = {"colleague": colleague, "ask": typed("¿Puedes?"), "seen": CURRENT, "by": p.technician}
    offer = s.both("work.handoffs.offer_to_colleague", design, once=True, **facts)
    s.both("work.handoffs.accept_handoff", offer, once=True, seen=CURRENT, by=colleague)
    s.accepted("work.step_runs.finish_step", design, seen=CURRENT, by=colleague)
    unfinished = {"reason": typed("Falta la mitad"), "seen": CURRENT, "by": colleague}
    s.both("work.step_runs.reopen_step", design, once=True, **unfinished)
    s.accepted("work.step_runs.finish_step", design, seen=CURRENT, by=colleague)
    sell = run_of(thread, "sell")
    sent_back = {"reason": typed("No era esto"), "seen": CURRENT, "by": colleague}
    s.accepted("work.step_runs.reopen_step", sell, **sent_back)
    handoff = newest(sell)
    taken = {"read_back": typed("Hoy"), "seen": CURRENT, "by": p.seller}
    s.accepted("work.handoffs.accept_handoff", handoff, **taken)
    s.accepted("work.step_runs.finish_step", sell, seen=CURRENT, by=p.seller)


def the_clock_of_an_offer(s: Script, version: Any) -> None:
    """Half time reminds, silence reaches both heads, once each."""
    p = s.people
    thread = opened(s, version, "new_account")
    s.accepted("work.step_runs.finish_step", run_of(thread, "sell"), seen=CURRENT, by=p.seller)
    handoff = offered(s, run_of(thread, "design"))
    for name, moment in (("remind_receiver", handoff.remind_at), ("escalate_silence", handoff.respond_by)):
        handoff.refresh_from_db()
        assert moment is not None
        for expected, at in ((False, s.now), (True, moment), (False, moment)):
            outcome = s.driver.run(f"work.silence.{name}", handoff, at)
            assert isinstance(outcome, Refused) is not expected
    assert handoff.respond_by is not None
    s.now = handoff.respond_by
    taken = {"read_back": typed("Hecho"), "seen": CURRENT, "by": p.technician}
    s.both("work.handoffs.accept_handoff", handoff, once=True, **taken)
    assert Span.objects.filter(step_run=handoff.step_run, closed_at=None).get().kind == "work"


def steps(s: Script, version: Any) -> None:
    p = s.people
    thread = opened(s, version, "first_of_kind")
    item = WorkItem.objects.get(thread=thread, kind="thread")
    added = s.both(
        "work.step_runs.add_step",
        item,
        name=typed("Prueba en su casa"),
        area=Area.objects.get(code="sales"),
        delegation=thread.delegation,
        target_minutes=60,
        by=p.seller,
    )
    unneeded = {"reason": typed("No hace falta"), "seen": CURRENT, "by": p.seller}
    s.both("work.step_runs.skip_step", added, once=True, **unneeded)
    over = {"reason": typed("Se acabó"), "by": p.seller}
    s.both("work.step_runs.skip_remaining", item, **over)
    sick = Delegation.objects.get(pk=thread.delegation_id)
    supply = opened(s, None, "supply")
    bare = WorkItem.objects.get(thread=supply, kind="thread")
    plan = {"answerable": p.seller, "delegation": sick, "by": p.seller}
    s.both("work.step_runs.plan_steps", bare, version, once=True, **plan)


def orders(s: Script) -> None:
    p = s.people
    supply = Thread.objects.get(kind="supply")
    order = s.both("work.orders.place_order", supply, text=typed("300 botellas"), by=p.seller)
    running = StepRun.objects.filter(work_item=order.work_item, state="running")
    if not running.exists():
        handoff = Handoff.objects.filter(step_run__work_item=order.work_item, state="offered").get()
        receiver = Person.objects.filter(memberships__area=handoff.to_area, is_active=True)[0]
        s.accepted("work.handoffs.accept_handoff", handoff, seen=CURRENT, by=receiver)
    run = running.get()
    s.refused("work.step_runs.finish_on_date", run)
    s.now = run.due_at
    s.accepted("work.step_runs.finish_on_date", run)
    s.refused("work.step_runs.finish_on_date", run)
    undone = {"reason": typed("Se lo pensó"), "seen": CURRENT, "by": p.seller}
    s.both("work.orders.cancel_order", order, once=True, **undone)
