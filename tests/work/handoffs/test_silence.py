"""The response clock: half time reminds, silence reaches both heads together, each once (SPEC 4.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Notice
from hilo.work.commands.handoffs import accept_handoff, accept_with_conditions
from hilo.work.commands.silence import escalate_silence, remind_receiver
from hilo.work.commands.step_runs import finish_step
from hilo.work.jobs.handoffs import run_handoff_clocks
from hilo.work.models import Handoff
from tests.factories.work import House, an_offer, open_handoff, step, two_steps
from tests.work.watching import refused


@pytest.fixture
def offered(house: House) -> Handoff:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    handoff = an_offer(house, open_handoff(step(thread, "design")))
    handoff.refresh_from_db()
    return handoff


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("person__name", flat=True))


def half(handoff: Handoff) -> datetime:
    assert handoff.remind_at is not None
    return handoff.remind_at


def end(handoff: Handoff) -> datetime:
    assert handoff.respond_by is not None
    return handoff.respond_by


def test_nobody_is_told_before_half_time(house: House, offered: Handoff) -> None:
    early = half(offered) - timedelta(seconds=1)
    run_handoff_clocks(early)
    assert not Notice.objects.exists()
    with refused("Nobody has to be told"):
        remind_receiver(offered, early)
    with refused("Nobody has to be told"):
        escalate_silence(offered, end(offered) - timedelta(seconds=1))


def test_half_time_reminds_who_heads_the_receivers_once(house: House, offered: Handoff) -> None:
    run_handoff_clocks(half(offered))
    run_handoff_clocks(half(offered) + timedelta(minutes=1))
    assert told("handoff_reminder") == {house.company.heads["technical"].name}
    assert LedgerEvent.objects.filter(kind="handoff.reminded").count() == 1


def test_the_person_named_is_reminded_instead(house: House, offered: Handoff) -> None:
    Handoff.objects.filter(pk=offered.pk).update(to_person=house.person("technical"))
    run_handoff_clocks(half(offered))
    assert told("handoff_reminder") == {house.person("technical").name}


def test_silence_reaches_both_heads_together_once(house: House, offered: Handoff) -> None:
    heads = {house.company.heads["sales"], house.company.heads["technical"]}
    run_handoff_clocks(end(offered))
    run_handoff_clocks(end(offered) + timedelta(days=3))
    assert told("handoff_silence") == {head.name for head in heads}
    event = LedgerEvent.objects.get(kind="handoff.escalated")
    assert event.facts["heads"] == sorted(head.pk for head in heads)


def test_an_answer_in_time_stops_the_clock(house: House, offered: Handoff) -> None:
    accept_handoff(
        offered, read_back="El lunes", seen=offered.version, by=house.actor("technical"), now=house.at
    )
    run_handoff_clocks(end(offered))
    assert not Notice.objects.exists()


def test_with_conditions_proposed_it_is_the_givers_turn(house: House, offered: Handoff) -> None:
    accept_with_conditions(
        offered,
        due=offered.proposed_due + timedelta(days=1),
        conditions="Medir antes",
        read_back="El martes",
        seen=offered.version,
        by=house.actor("technical"),
        now=house.later(hours=1),
    )
    offered.refresh_from_db()
    run_handoff_clocks(half(offered))
    assert told("handoff_reminder") == {house.person("sales").name}
