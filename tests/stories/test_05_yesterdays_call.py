"""Story 5. A seller enters on Tuesday a call of Monday 18:40 in which the customer was told a date. The news
clock knows Monday; the audit knows Tuesday.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hilo.ledger.models import LedgerEvent
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.promises import make_promise
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Promise, Thread, Update
from hilo.work.queries.catch_up import changes_since
from hilo.work.queries.thread_line import lines_of
from tests.factories.work import House, a_thread
from tests.work.watching import refused

MADRID = ZoneInfo("Europe/Madrid")
CALLED = datetime(2026, 11, 23, 18, 40, tzinfo=MADRID)  # Monday
ENTERED = datetime(2026, 11, 24, 9, 15, tzinfo=MADRID)  # Tuesday


def tell_of_the_call(house: House, thread: Thread) -> Update:
    return tell_customer(
        thread,
        text="Le dije que la prueba es el 4 de diciembre",
        contacts=[house.contact],
        channel="call",
        said_at=CALLED,
        by=house.actor("sales"),
        now=ENTERED,
    )


def test_the_news_clock_knows_monday_and_the_audit_knows_tuesday(house: House) -> None:
    thread = a_thread(house)
    update = tell_of_the_call(house, thread)
    event = LedgerEvent.objects.get(kind="update.said")
    assert (event.occurred_at, event.recorded_at) == (CALLED, ENTERED)
    assert update.said_at == CALLED and update.mail == "none"
    # Five of the owner's working days after Monday 23, not after Tuesday 24: Monday 30 at close of business.
    monday = datetime(2026, 11, 30, 19, 0, tzinfo=MADRID)
    assert (update.next_news_at, Thread.objects.get().next_news_at) == (monday, monday)
    line = lines_of([Thread.objects.get()], now=ENTERED)[thread.pk]
    assert line.silences == []


def test_what_was_noted_on_tuesday_is_new_to_who_looked_on_monday_night(house: House) -> None:
    thread = a_thread(house)
    tell_of_the_call(house, thread)
    looked = datetime(2026, 11, 23, 21, 0, tzinfo=MADRID)
    assert [each.kind for each in changes_since(thread, looked, frozenset({"update.said"}))] == [
        "update.said"
    ]


def test_the_date_told_is_a_promise_of_monday(house: House) -> None:
    thread = a_thread(house)
    promise = make_promise(
        thread,
        text="Prueba con su vino",
        due=date(2026, 12, 4),
        contact=house.contact,
        where="call",
        said_at=CALLED,
        by=house.actor("sales"),
        now=ENTERED,
    )
    event = LedgerEvent.objects.get(kind="promise.made")
    assert (event.occurred_at, event.recorded_at) == (CALLED, ENTERED)
    assert promise.due_at.astimezone(MADRID).date() == date(2026, 12, 4)
    assert (promise.said_at, promise.due_is_day) == (CALLED, True)


def test_a_date_already_past_when_it_is_noted_breaks_by_the_clock_at_its_own_moment(house: House) -> None:
    thread = a_thread(house)
    due = datetime(2026, 11, 23, 20, 0, tzinfo=MADRID)
    make_promise(
        thread,
        text="Le llamo antes de las ocho",
        due=due,
        contact=house.contact,
        where="call",
        said_at=CALLED,
        by=house.actor("sales"),
        now=ENTERED,
    )
    run_clocks(ENTERED)
    assert Promise.objects.get().state == "broken"
    broken = LedgerEvent.objects.get(kind="promise.broken")
    assert (broken.occurred_at, broken.recorded_at) == (due, ENTERED)


def test_nothing_is_said_in_the_future(house: House) -> None:
    thread = a_thread(house)
    with refused(saying="in the future", field="said_at"):
        tell_customer(
            thread,
            text="Mañana le diré",
            contacts=[house.contact],
            said_at=ENTERED,
            by=house.actor("sales"),
            now=CALLED,
        )
