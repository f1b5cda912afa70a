"""Story 6. Logística mails "el viernes 12", the plan says the 15th, and an old promise says the 10th: the
contradiction is on the thread within the minute, before the customer finds it.

Mail itself comes with its own module; here it is the message that Logística writes to the customer.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hilo.errors import RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.deliverables import move_deliverable, plan_deliverable
from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.promises import make_promise, renegotiate_promise
from hilo.work.models import Contradiction, Deliverable, Promise, Thread
from hilo.work.queries.catch_up import catch_up
from tests.factories.work import House, a_thread

MADRID = ZoneInfo("Europe/Madrid")
SENT = datetime(2026, 12, 3, 11, 20, tzinfo=MADRID)


def noon(day: int) -> datetime:
    return datetime(2026, 12, day, 12, tzinfo=MADRID)


def three_dates(house: House) -> tuple[Thread, Deliverable, Promise]:
    thread = a_thread(house)
    by, now = house.actor("sales"), house.at
    line = plan_deliverable(thread, name="Línea instalada", planned_for=noon(9), by=by, now=now)
    promise = make_promise(
        thread,
        text="La línea instalada",
        due=date(2026, 12, 10),
        contact=house.contact,
        where="proposal",
        deliverable=line,
        by=by,
        now=now,
    )
    assert not Contradiction.objects.exists()  # a plan before the promised day is reserve
    told = Telling(text="La línea llega más tarde: el camión.", contacts=[house.contact], channel="call")
    moves = {"to": noon(15), "reason": "El camión", "seen": line.version, "by": house.actor("logistics")}
    with pytest.raises(RuleViolation, match="Tell them with this change"):
        move_deliverable(line, **moves, now=now)
    move_deliverable(line, **moves, telling=told, now=now)
    tell_customer(
        thread,
        text="La entrega sale el viernes 11 y llega el sábado 12.",
        contacts=[house.contact],
        by=house.actor("logistics"),
        now=SENT,
    )
    return thread, line, promise


def open_ones() -> dict[str, Contradiction]:
    return {each.kind: each for each in Contradiction.objects.filter(settled_at=None)}


def test_the_mail_is_held_against_plan_and_promise_in_its_own_transaction(house: House) -> None:
    _thread, line, promise = three_dates(house)
    found = open_ones()
    assert set(found) == {"promise_plan", "message_plan", "message_promise"}
    mail = found["message_plan"]
    assert (mail.one_type, mail.other_type, mail.other_id) == ("update", "deliverable", line.pk)
    assert mail.one_date.astimezone(MADRID).date() == date(2026, 12, 11)
    assert mail.other_date == noon(15)
    assert found["message_promise"].other_id == promise.pk
    for kind in ("message_plan", "message_promise"):
        assert found[kind].found_at - SENT < timedelta(minutes=1)
    said = LedgerEvent.objects.filter(kind="update.said").latest("id")
    newest = LedgerEvent.objects.filter(kind="contradiction.found").latest("id")
    assert (newest.recorded_at, newest.author_id) == (said.recorded_at, house.person("logistics").pk)

    story = catch_up(Thread.objects.get(), house.actor("sales"), kinds=frozenset(), now=SENT)
    assert {each.kind for each in story.warned} == set(found) and not story.is_calm
    assert story.promised == [promise]


def test_they_settle_by_themselves_once_the_dates_agree(house: House) -> None:
    thread, line, promise = three_dates(house)
    promise.refresh_from_db()
    successor = renegotiate_promise(
        promise,
        due=date(2026, 12, 15),
        contact=house.contact,
        where="call",
        evidence="Llamada con Diego",
        by=house.actor("sales"),
        now=SENT,
    )
    assert set(open_ones()) == {"message_plan", "message_promise"}
    tell_customer(
        thread,
        text="Corregimos: la línea se entrega el 15 de diciembre.",
        contacts=[house.contact],
        by=house.actor("logistics"),
        now=SENT + timedelta(minutes=5),
    )
    assert open_ones() == {}
    assert LedgerEvent.objects.filter(kind="contradiction.settled").count() == (
        LedgerEvent.objects.filter(kind="contradiction.found").count()
    )
    assert successor.first_due_at == promise.due_at and successor.due_at > promise.due_at
    assert Deliverable.objects.get(pk=line.pk).planned_for == noon(15)
