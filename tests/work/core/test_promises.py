from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.promises import (
    answer_broken_promise,
    break_promise,
    keep_promise,
    make_promise,
    release_promise,
    renegotiate_promise,
)
from hilo.work.commands.threads import open_thread
from hilo.work.gate import what_hangs
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Promise, Thread
from tests.factories.parties import NOW, a_contact, a_customer, acting
from tests.work.core.conftest import House

FRIDAY = date(2026, 12, 11)
AFTER = datetime(2026, 12, 14, 9, tzinfo=ZoneInfo("UTC"))


def promised(house: House, due: date | datetime = FRIDAY, **facts: object) -> Promise:
    given: dict[str, object] = {
        "text": "Plano de implantación",
        "contact": house.contact,
        "where": "call",
        "by": house.by_seller,
        "now": NOW,
        **facts,
    }
    return make_promise(house.thread, due=due, **given)  # type: ignore[arg-type]


def hanging(house: House) -> set[str]:
    return {hang.kind for hang in what_hangs(house.thread, now=AFTER)}


def test_a_promise_for_a_day_lasts_to_the_end_of_that_day_where_it_is_delivered(house: House) -> None:
    promise = promised(house)
    local = promise.due_at.astimezone(ZoneInfo("Europe/Madrid"))
    assert (local.date(), local.hour, local.minute) == (FRIDAY, 23, 59)
    assert promise.due_is_day and promise.first_due_at == promise.due_at


def test_the_earliest_of_steps_and_promises_is_the_next_step(house: House) -> None:
    promise = promised(house, NOW + timedelta(hours=1))
    house.thread.refresh_from_db()
    assert (house.thread.next_kind, house.thread.next_id) == ("keep_promise", promise.pk)


def test_the_clock_breaks_a_promise_once_and_nobody_else_does(house: House) -> None:
    promise = promised(house)
    with pytest.raises(RuleViolation, match="clock alone"):
        break_promise(promise, by=house.by_director, now=AFTER)
    with pytest.raises(RuleViolation, match="not due yet"):
        break_promise(promise, by=system(), now=NOW)

    run_clocks(AFTER)
    run_clocks(AFTER + timedelta(minutes=1))

    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("broken", promise.due_at)
    broken = LedgerEvent.objects.get(kind="promise.broken")
    assert broken.occurred_at == promise.due_at and broken.recorded_at == AFTER


def test_kept_in_time_but_noted_late_is_kept_and_kept_after_the_due_moment_is_kept_late(
    house: House,
) -> None:
    in_time, late = promised(house), promised(house, text="Otra cosa")
    run_clocks(AFTER)
    keep_promise(late, seen=None, by=house.by_seller, now=AFTER)
    assert late.state == "kept_late"
    in_time.refresh_from_db()
    assert in_time.state == "broken"  # the clock was not told in time; it stays kept late
    third = promised(house, date(2026, 12, 18), text="Tercera")
    keep_promise(
        third,
        kept_at=datetime(2026, 12, 17, 9, tzinfo=ZoneInfo("UTC")),
        by=house.by_seller,
        now=datetime(2026, 12, 18, 9, tzinfo=ZoneInfo("UTC")),
    )
    assert third.state == "kept"


def test_who_keeps_it_too_late_before_the_clock_came_round_leaves_it_broken_once(house: House) -> None:
    promise = promised(house)
    keep_promise(promise, seen=promise.version, by=house.by_seller, now=AFTER)
    assert (promise.state, promise.broken_at) == ("kept_late", promise.due_at)
    run_clocks(AFTER + timedelta(minutes=1))
    kinds = LedgerEvent.objects.filter(subject_type="promise", subject_id=promise.pk).order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == [
        "promise.made",
        "promise.broken",
        "promise.kept_late",
    ]
    broken = kinds.get(kind="promise.broken")
    assert (broken.occurred_at, broken.author_kind) == (promise.due_at, "system")


def test_a_broken_promise_hangs_until_the_customer_it_was_made_to_is_told(house: House) -> None:
    promise = promised(house)
    assert "open_promise" in hanging(house)
    run_clocks(AFTER)
    assert "broken_promise" in hanging(house)
    other = a_contact(house.customer, "Otra persona")

    def told(contact: object) -> object:
        return tell_customer(
            house.thread,
            text="Hemos fallado en el plano",
            contacts=[contact],  # type: ignore[list-item]
            channel="call",
            by=house.by_seller,
            now=AFTER,
        )

    with pytest.raises(RuleViolation, match="to whom it was promised"):
        answer_broken_promise(promise, update=told(other), by=house.by_seller, now=AFTER)  # type: ignore[arg-type]
    answer_broken_promise(promise, update=told(house.contact), by=house.by_seller, now=AFTER)  # type: ignore[arg-type]
    assert "broken_promise" not in hanging(house)


def test_renegotiating_before_it_is_due_opens_a_successor_that_keeps_the_first_date(house: House) -> None:
    promise = promised(house)
    first = promise.due_at
    successor = renegotiate_promise(
        promise,
        due=date(2026, 12, 18),
        contact=house.contact,
        where="call",
        evidence="Llamada del lunes",
        by=house.by_seller,
        now=NOW + timedelta(days=1),
    )
    assert promise.state == "renegotiated"
    assert (successor.state, successor.first_due_at, successor.predecessor) == ("open", first, promise)
    again = renegotiate_promise(
        successor,
        due=date(2026, 12, 20),
        contact=house.contact,
        where="call",
        evidence="Otra llamada",
        by=house.by_seller,
        now=NOW + timedelta(days=2),
    )
    assert again.first_due_at == first


def test_it_is_too_late_to_renegotiate_what_was_due(house: House) -> None:
    promise = promised(house)
    with pytest.raises(RuleViolation, match="already due"):
        renegotiate_promise(
            promise,
            due=date(2026, 12, 30),
            contact=house.contact,
            where="call",
            evidence="x",
            by=house.by_seller,
            now=AFTER,
        )
    with pytest.raises(RuleViolation, match="how the customer agreed"):
        renegotiate_promise(
            promise,
            due=date(2026, 12, 30),
            contact=house.contact,
            where="call",
            evidence="",
            by=house.by_seller,
            now=NOW,
        )
    promise.refresh_from_db()
    assert promise.state == "open" and Promise.objects.count() == 1


def test_only_the_customer_releases_us_and_it_says_how(house: House) -> None:
    promise = promised(house)
    with pytest.raises(RuleViolation, match="how the customer released"):
        release_promise(promise, contact=house.contact, evidence="", by=house.by_seller, now=NOW)
    elsewhere = a_contact(a_customer(delegation=house.company.zaragoza, keeper=house.seller))
    with pytest.raises(RuleViolation, match="does not work at this customer"):
        release_promise(promise, contact=elsewhere, evidence="x", by=house.by_seller, now=NOW)
    release_promise(promise, contact=house.contact, evidence="Su correo", by=house.by_seller, now=NOW)
    assert promise.state == "released"
    with pytest.raises(RuleViolation, match="no longer open"):
        keep_promise(promise, by=house.by_seller, now=NOW)


def test_nobody_of_another_delegation_promises_or_keeps(house: House) -> None:
    promise = promised(house)
    before = LedgerEvent.objects.count()
    with pytest.raises(NotAllowed):
        promised(house, by=house.by_stranger)
    with pytest.raises(NotAllowed):
        keep_promise(promise, by=house.by_stranger, now=NOW)
    assert LedgerEvent.objects.count() == before


def test_first_of_its_kind_is_looked_at_together_before_anything_is_promised(house: House) -> None:
    thread = open_thread(
        customer=house.customer,
        title="Botellas de 0,1 l",
        kind="first_of_kind",
        owner=house.seller,
        by=house.by_seller,
        now=NOW,
    )
    with pytest.raises(RuleViolation, match="comes first, then the promise") as refusal:
        make_promise(
            thread,
            text="La línea",
            due=FRIDAY,
            contact=house.contact,
            where="meeting",
            by=house.by_seller,
            now=NOW,
        )
    assert refusal.value.field == "text"
    assert not Promise.objects.exists()


def test_a_promise_told_yesterday_says_when_it_was_said(house: House) -> None:
    monday = NOW - timedelta(hours=14)
    promised(house, said_at=monday)
    event = LedgerEvent.objects.get(kind="promise.made")
    assert (event.occurred_at, event.recorded_at) == (monday, NOW)
    with pytest.raises(RuleViolation, match="future"):
        promised(house, said_at=NOW + timedelta(hours=1))


def test_what_the_promiser_leaves_open_becomes_the_owners_turn(house: House) -> None:
    from hilo.parties.commands.leaving import leave_company

    technician = house.company.people["technical"]
    promised(house, NOW + timedelta(hours=2), by=acting(technician))
    leave_company(technician, by=system(), now=NOW + timedelta(minutes=30))
    thread = Thread.objects.get(pk=house.thread.pk)
    assert thread.next_kind == "keep_promise"
    assert thread.turn_person == house.seller
