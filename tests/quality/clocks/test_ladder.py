"""A late clock reaches the owner, then the area head, then the director: each once, whatever happens."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.parties.commands.absences import plan_absence
from hilo.parties.models import Notice, Person
from hilo.quality.commands.ladder import climb
from hilo.quality.commands.pausing import pause_response
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.quality.models import Case, ClockRun, Rung
from hilo.quality.queries.clocks import live_clocks
from hilo.work.commands.conversation import tell_customer
from hilo.work.models import Thread
from tests.factories.quality import acknowledged, closed, leader, make_case, make_near_miss, responded
from tests.factories.work import House, a_thread
from tests.work.watching import refused

# Opened on Monday 23 November 2026 at 10:00 in Madrid, severity high, tier B: the receipt is due at 11:00,
# the news on Tuesday at 10:00, the answer on Monday 30 at 10:00; head after 2 hours more, director after 8.
MONDAY, TUESDAY, WEDNESDAY = (datetime(2026, 11, day, tzinfo=UTC) for day in (23, 24, 25))


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    """By the wall in Madrid."""
    return day + timedelta(hours=hour - 1, minutes=minute)


def climbed(case: Case | None = None) -> list[tuple[str, str]]:
    rungs = Rung.objects.order_by("pk")
    return [(rung.key.partition(":")[0], rung.step) for rung in (rungs.filter(case=case) if case else rungs)]


def told(person: Person) -> list[str]:
    return list(person.notices.filter(kind__startswith="late_").order_by("pk").values_list("kind", flat=True))


def test_nobody_is_told_until_the_due_moment_has_passed(house: House) -> None:
    make_case(house)
    run_case_clocks(at(MONDAY, 11))
    assert climbed() == [] and not Notice.objects.filter(kind__startswith="late_").exists()


def test_the_owner_then_the_head_then_the_director_are_told_each_at_their_moment(house: House) -> None:
    case = make_case(house)
    owner, head, director = case.owner, house.company.heads["sales"], house.company.director
    run_case_clocks(at(MONDAY, 11, 1))
    assert (told(owner), told(head), told(director)) == (["late_acknowledge"], [], [])
    run_case_clocks(at(MONDAY, 13))
    assert told(head) == []
    run_case_clocks(at(MONDAY, 13, 1))
    assert (told(head), told(director)) == (["late_acknowledge_for_long"], [])
    acknowledged_news(house, case, until=at(WEDNESDAY, 18))
    run_case_clocks(at(TUESDAY, 11, 1))
    assert told(director) == ["late_acknowledge_for_long"]
    assert climbed() == [("acknowledge", "owner"), ("acknowledge", "head"), ("acknowledge", "director")]


def acknowledged_news(house: House, case: Case, *, until: datetime) -> None:
    """The customer hears again later, so that only the receipt is late."""
    Thread.objects.filter(pk=case.thread_id).update(next_news_at=until)


def test_running_again_and_again_tells_nobody_twice(house: House) -> None:
    case = make_case(house)
    for minute in range(1, 200, 7):
        run_case_clocks(at(MONDAY, 11) + timedelta(minutes=minute))
    assert Counter(told(case.owner)) == {"late_acknowledge": 1}
    assert LedgerEvent.objects.filter(kind="lateness.told").count() == 2  # owner and head


def test_a_worker_stopped_for_two_nights_catches_up_in_the_right_order_without_a_storm(house: House) -> None:
    case = make_case(house)
    run_case_clocks(at(WEDNESDAY, 12))
    assert climbed(case) == [
        ("acknowledge", "owner"),
        ("acknowledge", "head"),
        ("news", "owner"),  # Tuesday 10:00
        ("acknowledge", "director"),  # Tuesday 11:00
        ("news", "head"),
        ("news", "director"),
    ]
    per_person = Counter(
        (notice.person_id, notice.key) for notice in Notice.objects.filter(kind__startswith="late_")
    )
    assert set(per_person.values()) == {1}
    assert told(case.owner) == ["late_acknowledge", "late_news"]
    assert told(house.company.director) == ["late_acknowledge_for_long", "late_news_for_long"]


def test_many_late_cases_interrupt_nobody_more_often_than_a_day_allows(house: House) -> None:
    thread = a_thread(house)
    for _ in range(6):
        make_case(house, thread)
    run_case_clocks(at(WEDNESDAY, 12))
    mine = house.person("sales").notices.filter(kind__startswith="late_")
    assert mine.count() == 7  # six receipts, and one date for news, which is the thread's
    assert mine.filter(interrupts=True).count() == 3


def test_an_owner_who_heads_the_area_is_told_once_and_the_ladder_goes_on(house: House) -> None:
    house.company.people["sales"] = house.company.heads["sales"]
    case = make_case(house)
    run_case_clocks(at(TUESDAY, 9, 30))
    assert climbed(case) == [("acknowledge", "owner"), ("acknowledge", "head")]
    assert told(case.owner) == ["late_acknowledge"]


def test_who_stands_in_for_the_owner_is_told_as_well(house: House) -> None:
    case, stand_in = make_case(house), house.person("technical")
    plan_absence(
        case.owner,
        substitute=stand_in,
        first_day=MONDAY.date(),
        last_day=WEDNESDAY.date(),
        by=house.actor("sales"),
        now=house.at,
    )
    run_case_clocks(at(MONDAY, 11, 1))
    assert told(stand_in) == told(case.owner) == ["late_acknowledge"]


def test_what_was_answered_meanwhile_reaches_nobody_else(house: House) -> None:
    case = make_case(house)
    run_case_clocks(at(MONDAY, 11, 1))
    house.at = at(MONDAY, 11, 30)
    acknowledged(house, case)
    acknowledged_news(house, case, until=at(WEDNESDAY, 18))
    run_case_clocks(at(TUESDAY, 18))
    assert climbed() == [("acknowledge", "owner")]


def test_a_pause_keeps_the_answer_from_being_late_but_neither_receipt_nor_news(house: House) -> None:
    case = make_case(house)
    pause_response(
        case,
        reason="Esperamos su muestra",
        until=at(MONDAY, 10) + timedelta(days=30),
        seen=case.version,
        by=leader(house, case),
        now=house.at,
    )
    run_case_clocks(at(MONDAY, 10) + timedelta(days=20))
    assert {key for key, _step in climbed(case)} == {"acknowledge", "news"}


def test_a_closed_case_and_one_that_nobody_outside_knows_reach_nobody(house: House) -> None:
    closed(house, make_case(house))
    make_near_miss(house)
    run_case_clocks(at(MONDAY, 10) + timedelta(days=60))
    assert climbed() == []


def test_a_solution_that_came_in_time_stays_in_time_and_the_news_climb_alone(house: House) -> None:
    case = responded(house, make_case(house))
    run_case_clocks(at(MONDAY, 10) + timedelta(days=60))
    assert {key for key, _step in climbed(case)} == {"news"}


def test_two_cases_of_one_thread_have_one_date_for_news_and_its_lateness_is_told_once(house: House) -> None:
    thread = a_thread(house)
    first, second = (acknowledged(house, make_case(house, thread)) for _ in range(2))
    run_case_clocks(at(WEDNESDAY, 9, 30))
    assert climbed(first) == [("news", "owner"), ("news", "head")] and climbed(second) == []
    house.at = at(WEDNESDAY, 9, 40)
    due = Thread.objects.get(pk=thread.pk).next_news_at
    closed_without_news(first)
    assert Thread.objects.get(pk=thread.pk).next_news_at == due
    run_case_clocks(at(WEDNESDAY, 10, 30))
    assert climbed(second) == [("news", "director")]  # the other case goes on where the first one stood
    assert told(second.owner) == ["late_news"]


def closed_without_news(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(
        stage="closed", closed_at=MONDAY, customer_knows=False, found_by_us=True
    )


def test_a_new_date_told_begins_a_new_lateness(house: House) -> None:
    case = acknowledged(house, make_case(house))
    run_case_clocks(at(TUESDAY, 10, 1))
    assert case.contact is not None
    tell_customer(
        case.thread,
        text="Seguimos en ello",
        contacts=[case.contact],
        channel="call",
        next_news_at=at(TUESDAY, 18),
        by=leader(house, case),
        now=at(TUESDAY, 11),
    )
    run_case_clocks(at(TUESDAY, 17, 59))
    assert climbed(case) == [("news", "owner")]
    run_case_clocks(at(TUESDAY, 18, 1))
    assert climbed(case) == [("news", "owner")] * 2
    assert told(case.owner) == ["late_news"] * 2


def test_who_owns_the_thread_hears_of_late_news_too(house: House) -> None:
    thread = a_thread(house, owner="sales")
    case = acknowledged(house, make_case(house, thread, owner="technical"))
    run_case_clocks(at(TUESDAY, 10, 1))
    assert told(case.owner) == told(thread.owner) == ["late_news"]


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)])
def test_a_machine_whose_clock_jumps_there_and_back_tells_nobody_twice_and_forgets_nobody(
    house: House, jump: timedelta
) -> None:
    case = make_case(house)
    now = at(MONDAY, 10, 30)
    while now < at(WEDNESDAY, 14):
        for told_time in (now, now + jump, now - jump, now):
            run_case_clocks(told_time)
        now += timedelta(minutes=90)
    assert sorted(climbed(case)) == sorted(
        (clock, step) for clock in ("acknowledge", "news") for step in ("owner", "head", "director")
    )
    order = [step for clock, step in climbed(case) if clock == "news"]
    assert order == ["owner", "head", "director"]


@pytest.mark.parametrize(
    ("key", "step", "hours"),
    [
        ("acknowledge:1", "owner", 1),  # due at that very moment
        ("acknowledge:1", "head", 5),  # the owner was not told yet
        ("acknowledge:1", "director", 30),
        ("acknowledge:2", "owner", 30),  # there is no such run
        ("response:1", "owner", 30),  # not late
        ("news:2026-11-24T09:00:01+00:00", "owner", 30),  # another date was told
    ],
)
def test_no_step_is_taken_too_early_or_past_another(house: House, key: str, step: str, hours: int) -> None:
    case = make_case(house)
    with refused("Nobody has to be told"):
        climb(case, key=key, step=step, now=house.at + timedelta(hours=hours))


def test_no_step_is_taken_twice(house: House) -> None:
    case = make_case(house)
    now = at(MONDAY, 11, 1)
    climb(case, key="acknowledge:1", step="owner", now=now)
    with refused("Nobody has to be told"):
        climb(case, key="acknowledge:1", step="owner", now=now)


def test_one_case_that_cannot_be_worked_out_keeps_no_other_from_its_turn(house: House) -> None:
    broken, sound = make_case(house), make_case(house)
    ClockRun.objects.filter(case=broken).update(started_at=datetime(1850, 1, 1, tzinfo=UTC))
    with pytest.raises(ExceptionGroup) as trouble:
        run_case_clocks(at(MONDAY, 11, 1))
    assert len(trouble.value.exceptions) == 2  # its receipt and its answer
    assert climbed(sound) == [("acknowledge", "owner")]


def test_the_event_says_which_lateness_reached_whom(house: House) -> None:
    case = make_case(house)
    run_case_clocks(at(MONDAY, 11, 1))
    event = LedgerEvent.objects.get(kind="lateness.told")
    assert (event.chain, event.author_kind, event.thread_id) == (f"case:{case.pk}", "system", case.thread_id)
    assert '"clock":"acknowledge:1"' in event.payload and f'"people":[{case.owner_id}]' in event.payload


def test_each_lateness_has_a_name_that_stays_within_its_column(house: House) -> None:
    case = make_case(house)
    keys = {live.key for live in live_clocks([case.pk])}
    assert {key.partition(":")[0] for key in keys} == {"acknowledge", "response", "news"}
    assert max(map(len, keys)) <= 40
