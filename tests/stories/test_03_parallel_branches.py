"""Story 3. Parallel branches. Compras orders the filler while Producción builds the frame: two StepRuns, two
holders, one thread owner, next step is the earlier due; one branch returns twice, the other is not charged
for that time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from hilo.parties.queries.calendars import clock_of
from hilo.work.commands.handoffs import offer_handoff, prepare_handoff, return_handoff
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, Span, StepRun, Thread
from tests.factories.parties import NOW
from tests.factories.work import House, accepted, an_offer, branches, explain_gaps, open_handoff, step


def finish(house: House, step_run: StepRun, by: str) -> None:
    finish_step(step_run, seen=step_run.version, by=house.actor(by), now=house.at)


def give_back(house: House, handoff: Handoff, by: str) -> None:
    return_handoff(
        handoff,
        reason="not_feasible",
        comment="La llenadora pedida no cabe bajo la viga",
        seen=handoff.version,
        by=house.actor(by),
        now=house.at,
    )


def offer_again(house: House, step_run: StepRun) -> Handoff:
    again = prepare_handoff(step_run, by=house.actor("technical"), now=house.at)
    explain_gaps(again, by=house.actor("technical"), now=house.at)
    offer_handoff(
        again,
        ask="La de 44 cl, más baja",
        proposed_due=house.at + timedelta(days=14),
        seen=again.version,
        by=house.actor("technical"),
        now=house.at,
    )
    return again


def test_two_branches_run_at_once_and_only_one_pays_for_its_returns(house: House) -> None:
    thread = branches(house)
    finish(house, step(thread, "design"), "technical")
    buy, build = step(thread, "buy"), step(thread, "build")
    build_offer = an_offer(house, open_handoff(build), giver="technical", days=9)
    first = an_offer(house, open_handoff(buy), giver="technical")
    offered_at = house.at

    house.later(hours=1)
    accepted(house, build_offer, receiver="production")
    give_back(house, first, "purchasing")
    first_return = house.at
    second = offer_again(house, step(thread, "buy"))
    house.later(hours=2)
    give_back(house, second, "purchasing")
    second_return = house.at
    house.later(hours=1)
    third = offer_again(house, step(thread, "buy"))
    third_at = house.at
    accepted(house, third, receiver="purchasing")

    buy, build = step(thread, "buy"), step(thread, "build")
    assert (buy.holder, build.holder) == (house.person("purchasing"), house.person("production"))
    thread = Thread.objects.get()
    assert thread.owner == house.person("technical")
    assert (thread.next_id, thread.next_due) == (build.pk, build.due_at)
    assert build.due_at is not None and buy.due_at is not None and build.due_at < buy.due_at

    assert [spans(span) for span in buy.spans.order_by("opened_at", "pk")] == [
        ("border", offered_at, first_return, "returned"),
        ("border", first_return, second_return, "returned"),
        ("border", third_at, third_at, "accepted"),
        ("work", third_at, None, ""),
    ]
    assert [spans(span) for span in build.spans.order_by("opened_at", "pk")] == [
        ("border", offered_at, first_return, "accepted"),
        ("work", first_return, None, ""),
    ]


def test_each_area_is_charged_its_own_business_hours_and_nobody_the_time_in_between(house: House) -> None:
    """Monday from 10:00 in Zaragoza, closed from 14:00 to 16:00; counted at 17:00."""
    test_two_branches_run_at_once_and_only_one_pays_for_its_returns(house)
    thread = Thread.objects.get()
    five = NOW + timedelta(hours=7)
    clock = clock_of(None, thread.delegation_id)
    charged: dict[tuple[str, ...], timedelta] = defaultdict(timedelta)
    for span in Span.objects.filter(
        thread=thread, opened_at__gte=NOW, step_run__step__key__in=["buy", "build"]
    ):
        sides = (span.from_area.name, span.area.name) if span.from_area else (span.area.name,)
        charged[sides] += clock.between(span.opened_at, span.closed_at or five)
    hour = timedelta(hours=1)
    assert charged == {
        ("Oficina técnica", "Producción"): hour,  # 10 to 11
        ("Oficina técnica", "Compras"): 3 * hour,  # 10 to 11 and 11 to 13, returned both times
        ("Producción",): 4 * hour,  # 11 to 14 and 16 to 17, whatever became of the other branch
        ("Compras",): hour,  # from the third offer, accepted at 14: 16 to 17
    }
    # From 13 to 14 the filler was back with its giver: a gap in Compras' spans, nobody's charge.
    assert sum(charged.values(), timedelta()) == 9 * hour


def spans(span: Span) -> tuple[object, ...]:
    return span.kind, span.opened_at, span.closed_at, span.ended_as
