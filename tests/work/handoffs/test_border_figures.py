"""Figures of each ordered pair of areas, against a slow and obvious twin (SPEC 4.4, DOMAIN 1)."""

from __future__ import annotations

from datetime import timedelta

from hilo.work.commands.handoffs import mark_missing, prepare_handoff, return_handoff
from hilo.work.commands.step_runs import finish_step, reopen_step
from hilo.work.models import Handoff, Thread
from hilo.work.queries.handoffs import BorderFigures, border_figures
from tests.factories.parties import NOW
from tests.factories.work import House, accepted, an_offer, open_handoff, step, two_steps


def sold(house: House, thread: Thread) -> Handoff:
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    return an_offer(house, open_handoff(step(thread, "design")))


def figures(house: House) -> dict[tuple[str, str], BorderFigures]:
    found = border_figures(house.actor("director"), since=NOW, until=house.at + timedelta(days=1))
    return {(each.from_area.code, each.to_area.code): each for each in found}


def test_right_first_time_returned_and_the_time_to_answer(house: House) -> None:
    good, gap, bounced = two_steps(house), two_steps(house), two_steps(house)
    offers = [sold(house, thread) for thread in (good, gap, bounced)]  # Monday 10:00 in Madrid
    house.later(hours=2)  # noon: two business hours
    accepted(house, offers[0], receiver="technical")
    accepted(house, offers[1], receiver="technical")
    mark_missing(offers[1].items.all()[0], by=house.actor("technical"), now=house.at)
    house.later(hours=5)  # 17:00: four and one
    return_handoff(
        offers[2],
        reason="not_ours",
        comment="Es de Compras",
        seen=offers[2].version,
        by=house.actor("technical"),
        now=house.at,
    )
    again = prepare_handoff(step(bounced, "design"), by=house.actor("sales"), now=house.at)
    an_offer(house, again)

    pair = figures(house)["sales", "technical"]
    assert (pair.offered, pair.first_time_right, pair.returned, pair.waiting) == (3, 1, 1, 1)
    assert sorted(pair.responses) == [timedelta(hours=2), timedelta(hours=2), timedelta(hours=5)]
    assert pair.median_response == timedelta(hours=2)


def test_work_that_comes_straight_back_is_counted_with_the_time_it_lost(house: House) -> None:
    thread = two_steps(house)
    accepted(house, sold(house, thread), receiver="technical")
    house.later(hours=3)
    sell = step(thread, "sell")
    reopen_step(sell, reason="Sin precio", seen=sell.version, by=house.actor("technical"), now=house.at)
    house.later(hours=4)  # 13:00 to 17:00 with the lunch between: two business hours
    accepted(house, open_handoff(sell), receiver="sales")

    found = figures(house)
    assert (found["sales", "technical"].came_back, found["sales", "technical"].time_lost) == (
        1,
        timedelta(hours=5),
    )
    assert found["technical", "sales"].came_back == 0


def test_what_happened_outside_the_period_does_not_count(house: House) -> None:
    sold(house, two_steps(house))
    early = border_figures(house.actor("director"), since=NOW - timedelta(days=9), until=NOW)
    assert early == []
