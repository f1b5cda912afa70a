"""Story 12. The archive. The director asks to close the year's threads. Three refuse: one loose end, one
unanswered broken promise, one minutes unread by somebody who is present (a fourth, unread only by somebody on
leave, passes as excused). One is forced with a reason and shows as a signal on Monday.

Minutes and the radar come with their modules; here the event stands from which the signal is raised.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.ledger.reading import open_texts
from hilo.parties.actor import Actor
from hilo.work.commands.archiving import (
    StillHanging,
    archive_thread,
    ask_closing_question,
    force_archive,
    reopen_thread,
)
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.loose_ends import pin_loose_end, settle_loose_end
from hilo.work.commands.promises import answer_broken_promise, make_promise
from hilo.work.gate import HANGS, Hang, hangs, what_hangs
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Thread
from tests.factories.parties import acting
from tests.factories.work import House, a_thread
from tests.work.watching import refused

FRIDAY = datetime(2026, 12, 18, 12, 0, tzinfo=ZoneInfo("Europe/Madrid"))


@pytest.fixture
def year(house: House) -> dict[str, Thread]:
    """Four threads of the year: two are over, one has a loose end, one broke a promise."""
    seller = house.actor("sales")
    threads = {name: a_thread(house, title=name) for name in ("over", "over too", "doubt", "broken")}
    ask_closing_question(threads["over"], contact=house.contact, by=seller, now=house.at)
    for name in ("over too", "doubt", "broken"):  # asked this month: by rule not asked again
        question = ask_closing_question(threads[name], contact=house.contact, by=seller, now=house.at)
        assert question.state == "suppressed"
    pin_loose_end(threads["doubt"], text="Falta el acta firmada", by=seller, now=house.at)
    make_promise(
        threads["broken"],
        text="Manual en español",
        due=date(2026, 12, 4),
        contact=house.contact,
        where="mail",
        by=seller,
        now=house.at,
    )
    house.at = FRIDAY
    run_clocks(FRIDAY)
    return threads


def director(house: House) -> Actor:
    return acting(house.company.director, house.at)


def close_the_year(house: House) -> dict[str, list[tuple[str, str]]]:
    """By title, what each thread that refused says is hanging."""
    hanging = {}
    for thread in Thread.objects.exclude(state="archived"):
        try:
            archive_thread(thread, seen=thread.version, by=director(house), now=house.at)
        except StillHanging as refusal:
            hanging[thread.title] = [(hang.kind, hang.label) for hang in refusal.hanging]
    return hanging


def test_what_hangs_refuses_and_is_named_and_the_rest_goes_to_the_archive(
    house: House, year: dict[str, Thread]
) -> None:
    assert close_the_year(house) == {
        "doubt": [("loose_end", "Falta el acta firmada")],
        "broken": [("broken_promise", "Manual en español")],
    }
    states = dict(Thread.objects.values_list("title", "state"))
    assert states == {"over": "archived", "over too": "archived", "doubt": "open", "broken": "open"}
    archived = LedgerEvent.objects.filter(kind="thread.archived")
    assert {event.thread_id for event in archived} == {year["over"].pk, year["over too"].pk}
    assert not any(event.facts["forced"] for event in archived)


def test_settled_and_answered_they_go_too(house: House, year: dict[str, Thread]) -> None:
    close_the_year(house)
    seller = house.actor("sales")
    doubt = year["doubt"].loose_ends.get()
    settle_loose_end(doubt, outcome="Firmada y archivada", seen=doubt.version, by=seller, now=house.at)
    promise = year["broken"].promises.get()
    update = tell_customer(
        year["broken"], text="El manual no llegó a tiempo", contacts=[house.contact], by=seller, now=house.at
    )
    answer_broken_promise(promise, update=update, seen=promise.version, by=seller, now=house.at)
    assert close_the_year(house) == {}
    promise.refresh_from_db()
    assert (promise.state, promise.answered_at) == ("broken", FRIDAY)  # answered, not made good


def test_what_only_somebody_on_leave_has_not_done_is_listed_and_excused(
    house: House, year: dict[str, Thread]
) -> None:
    """The gate knows how to excuse before minutes exist: they will register like this."""

    def unread(thread: Thread, now: datetime) -> list[Hang]:
        return [
            Hang(kind="unread_minutes", type="minutes", id=1, label="Acta", excused=thread.title == "over")
        ]

    hangs(unread)
    try:
        hanging = close_the_year(house)
        assert "over" not in hanging and hanging["over too"] == [("unread_minutes", "Acta")]
        assert [hang.excused for hang in what_hangs(year["over"], now=house.at)] == [True]
    finally:
        HANGS.remove(unread)


def test_one_is_forced_by_the_director_with_a_reason_that_history_keeps(
    house: House, year: dict[str, Thread]
) -> None:
    thread = year["broken"]
    with refused(saying="role does not allow"):
        force_archive(thread, reason="Ya está", seen=thread.version, by=house.actor("sales"), now=house.at)
    with refused(saying="Say why it is put away", field="reason"):
        force_archive(thread, reason=" ", seen=thread.version, by=director(house), now=house.at)
    why = "El cliente cerró la planta y no hay a quién responder"
    thread.refresh_from_db()
    force_archive(thread, reason=why, seen=thread.version, by=director(house), now=house.at)
    event = LedgerEvent.objects.get(kind="thread.archived")
    assert (event.facts["forced"], event.facts["hanging"], event.recorded_at) == (True, 1, FRIDAY)
    assert event.author_id == house.company.director.pk
    assert why in open_texts([event]).values()
    assert not Thread.objects.get(pk=thread.pk).next_news_at

    monday = FRIDAY + timedelta(days=3)
    week = LedgerEvent.objects.filter(kind="thread.archived", recorded_at__gte=monday - timedelta(days=7))
    assert [each.thread_id for each in week if each.facts["forced"]] == [thread.pk]
    house.at = monday
    thread.refresh_from_db()
    reopen_thread(thread, reason="La planta reabre", seen=thread.version, by=director(house), now=monday)
    assert Thread.objects.get(pk=thread.pk).reopened_count == 1


def test_what_hangs_on_nothing_is_not_forced(house: House, year: dict[str, Thread]) -> None:
    thread = year["over"]
    with refused(saying="archive it the ordinary way"):
        force_archive(thread, reason="Por si acaso", seen=thread.version, by=director(house), now=house.at)
