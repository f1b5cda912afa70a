"""Story 7. August. The owner is away three weeks; the substitute sees the story so far; nothing waits; on
return the owner catches up on one page.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Notice, Person
from hilo.web.threads.entry_kinds import story_kinds
from hilo.work.commands.conversation import tell_customer, write_note
from hilo.work.commands.handoffs import accept_with_conditions, confirm_conditions
from hilo.work.commands.loose_ends import pin_loose_end, settle_loose_end
from hilo.work.commands.promises import make_promise, renegotiate_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Thread
from hilo.work.owed import owed_by
from hilo.work.queries.catch_up import catch_up
from hilo.work.queries.thread_line import lines_of
from hilo.work.visits import mark_visit
from tests.factories.parties import acting
from tests.factories.work import House, a_house, an_offer, open_handoff, step, two_steps
from tests.work.watching import refused

MADRID = ZoneInfo("Europe/Madrid")
FIRST, LAST = date(2026, 8, 3), date(2026, 8, 21)


@pytest.fixture
def house(db: None) -> House:
    return a_house(now=datetime(2026, 7, 30, 10, 0, tzinfo=MADRID))


def on(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 8, day, hour, tzinfo=MADRID)


def owner(house: House) -> Person:
    return house.person("sales")


def substitute(house: House, at: datetime) -> Actor:
    house.at = at
    return acting(house.company.heads["sales"], at)


def leave_for_august(house: House) -> Thread:
    thread = two_steps(house)
    by = house.actor("sales")
    make_promise(
        thread,
        text="Plano de la llenadora",
        due=date(2026, 8, 12),
        contact=house.contact,
        where="call",
        by=by,
        now=house.at,
    )
    pin_loose_end(thread, text="¿Quién firma el plano?", due_at=on(6), by=by, now=house.at)
    write_note(thread, text="Se hace en acero 316", kind="decision", by=by, now=house.at)
    mark_visit(thread, by=by, now=house.at)
    plan_absence(
        owner(house),
        substitute=house.company.heads["sales"],
        first_day=FIRST,
        last_day=LAST,
        by=by,
        now=house.at,
    )
    return thread


def test_the_substitute_sees_the_story_and_all_that_is_owed(house: House) -> None:
    thread = leave_for_august(house)
    before = substitute(house, on(1))
    assert not before.acts_for(owner(house).pk)
    by = substitute(house, on(3))
    story = catch_up(thread, by, kinds=story_kinds(), now=house.at)
    assert (story.since, story.changes) == (None, 5)  # opened, started, promised, pinned, decided
    assert [each.text for each in story.decided] == ["Se hace en acero 316"]
    assert [each.text for each in story.promised] == ["Plano de la llenadora"]
    rows = {(each.kind, each.covers) for each in owed_by(by, now=house.at) if each.thread == thread}
    name = owner(house).name
    assert rows == {
        ("do_step", name),
        ("keep_promise", name),
        ("settle_loose_end", name),
        ("give_news", name),
    }


def test_nothing_waits_and_nothing_changes_owner(house: House) -> None:
    thread = leave_for_august(house)
    doubt = thread.loose_ends.get()
    settle_loose_end(
        doubt, outcome="Firma Diego", seen=doubt.version, by=substitute(house, on(5)), now=house.at
    )
    tell_customer(
        thread,
        text="Les atiendo yo hasta el lunes 24.",
        contacts=[house.contact],
        channel="call",
        by=substitute(house, on(5)),
        now=house.at,
    )
    promise = thread.promises.get()
    renegotiate_promise(
        promise,
        due=date(2026, 8, 19),
        contact=house.contact,
        where="call",
        evidence="Llamada: su planta cierra esa semana",
        by=substitute(house, on(6)),
        now=house.at,
    )
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=substitute(house, on(7)), now=house.at)
    by_head = house.company.heads["sales"]
    house.company.people["sales"], kept = by_head, owner(house)
    offer = an_offer(house, open_handoff(step(thread, "design")))
    house.company.people["sales"] = kept
    assert offer.giver == kept  # the substitute offers in the owner's name
    accept_with_conditions(
        offer,
        due=offer.proposed_due + timedelta(days=7),
        conditions="Una semana más",
        read_back="Proyecto con plano y horas",
        seen=offer.version,
        by=house.actor("technical"),
        now=house.at,
    )
    offer.refresh_from_db()
    confirm_conditions(offer, seen=offer.version, by=substitute(house, on(10)), now=house.at)
    thread.refresh_from_db()
    assert thread.owner == kept and not thread.is_caretaken
    assert step(thread, "design").holder == house.person("technical")
    author = LedgerEvent.objects.get(kind="handoff.conditions_confirmed").author_id
    assert author == by_head.pk
    # The news clock ran in August too, and the substitute's call of the 5th fed it.
    quiet = lines_of([thread], now=on(10))[thread.pk].silences
    assert quiet == []


def test_on_return_one_page_tells_what_happened(house: House) -> None:
    thread = leave_for_august(house)
    left = house.at
    doubt = thread.loose_ends.get()
    settle_loose_end(
        doubt, outcome="Firma Diego", seen=doubt.version, by=substitute(house, on(5)), now=house.at
    )
    run_clocks(on(13))
    by = acting(owner(house), on(24))
    story = catch_up(Thread.objects.get(), by, kinds=story_kinds(), now=on(24))
    assert story.since == left
    changed = LedgerEvent.objects.filter(thread_id=thread.pk, recorded_at__gt=left, kind__in=story_kinds())
    assert story.changes == changed.count() >= 2
    assert [each.text for each in story.broken] == ["Plano de la llenadora"]
    assert not story.is_calm
    mark_visit(thread, by=by, now=on(24))
    assert catch_up(Thread.objects.get(), by, kinds=story_kinds(), now=on(24, 11)).changes == 0


def test_a_reminder_reaches_both_and_after_the_last_day_only_the_owner_acts(house: House) -> None:
    thread = leave_for_august(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=substitute(house, on(4)), now=house.at)
    after = substitute(house, on(24))
    assert not after.acts_for(owner(house).pk)
    doubt = thread.loose_ends.get()
    stranger = acting(house.person("logistics"), on(10))
    with refused(saying="ask them"):
        settle_loose_end(doubt, outcome="Nada", seen=doubt.version, by=stranger, now=on(10))
    assert not Notice.objects.filter(person=house.person("logistics")).exists()
