"""The chapter about dates that move on the map, moments to look in, and one's calendar outside."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hilo.ledger.record import AuthorKind
from hilo.parties.actor import Actor
from hilo.parties.queries.calendars import clock_of, clock_of_person, close_of, day_of
from hilo.work.commands.promised_dates import Telling
from hilo.work.models import CalendarAddress, PlanMove, ReviewMoment, StepRun
from tests.conformance.machine.script_of_steps import run_of
from tests.conformance.machine.scripting import CURRENT, Script, opened, typed


def planning(s: Script, version: Any) -> None:
    p = s.people
    thread = opened(s, version, "first_of_kind")
    build = run_of(thread, "build")
    later = {"edge": "end", "to": days_on(build, 3), "reason": typed("El motor"), "seen": CURRENT}
    moved: PlanMove = s.both("work.replanning.replan_step", build, once=True, by=p.seller, **later)
    s.both("work.replanning.undo_replan", moved, once=True, seen=CURRENT, by=p.seller)
    said = {"contact": p.contact, "where": "call", "text": typed("El montaje")}
    mount = run_of(thread, "mount")
    s.accepted("work.promises.make_promise", thread, due=mount.due_at, by=p.director, **said)
    past_it = {"edge": "end", "to": days_on(mount, 2), "reason": typed("El motor"), "seen": CURRENT}
    s.refused("work.replanning.replan_step", mount, by=p.seller, **past_it)
    telling = Telling(text=typed("Serán dos días más"), contacts=[p.contact], channel="call")
    s.accepted("work.replanning.replan_step", mount, telling=telling, by=p.seller, **past_it)
    reviews(s, thread)
    calendar(s)


def days_on(run: StepRun, days: int) -> datetime:
    run.refresh_from_db()
    assert run.due_at is not None
    clock = clock_of(run.area_id, run.delegation_id)
    return close_of(clock, clock.add_working_days(day_of(clock, run.due_at), days))


def reviews(s: Script, thread: Any) -> None:
    p, clock = s.people, clock_of_person(s.people.seller.pk)
    first = clock.next_open(s.ahead(2))
    facts = {"text": typed("Ver el bastidor"), "starts_at": first, "by": p.seller}
    review: ReviewMoment = s.both("work.reviews.plan_review", thread, once=True, **facts)
    elsewhen = {"starts_at": first + timedelta(hours=1), "minutes": 45, "seen": CURRENT, "by": p.seller}
    s.both("work.reviews.move_review", review, once=True, **elsewhen)
    seen = {"outcome": typed("Va bien"), "seen": CURRENT, "by": p.seller}
    s.both("work.reviews.hold_review", review, once=True, **seen)
    other = s.accepted("work.reviews.plan_review", thread, **facts)
    dropped = {"reason": typed("Ya se vio"), "seen": CURRENT, "by": p.seller}
    s.both("work.reviews.cancel_review", other, once=True, **dropped)


def calendar(s: Script) -> None:
    p = s.people
    nobody = Actor(kind=AuthorKind.PERSON, door="web", person=p.technician)  # without any role
    s.refused("work.calendar_addresses.make_calendar_address", by=nobody)
    s.accepted("work.calendar_addresses.make_calendar_address", by=p.technician)
    s.accepted("work.calendar_addresses.make_calendar_address", by=p.technician)
    address = CalendarAddress.objects.get(person=p.technician, revoked_at=None)
    revoke = {"seen": CURRENT, "by": p.technician}
    s.both("work.calendar_addresses.revoke_calendar_address", address, once=True, **revoke)
