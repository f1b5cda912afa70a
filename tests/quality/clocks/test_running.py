"""Clocks begin with the receipt, stop frozen, begin anew; many are read in as many queries as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.businesstime import weekly
from hilo.parties.actor import system
from hilo.parties.commands.calendars import assign_area_calendar, change_calendar
from hilo.parties.models import Customer
from hilo.quality.clocks import ClockState
from hilo.quality.commands.cases import change_severity, customer_learned
from hilo.quality.commands.closing import refuse_solution
from hilo.quality.commands.policies import drop_legal_deadline, set_legal_deadline
from hilo.quality.commands.running import restart_clocks, start_clocks, stop_clock, stop_clocks
from hilo.quality.jobs.calendars import settle_with_open_cases
from hilo.quality.models import Case, ClockRun, LegalDeadline
from hilo.quality.queries.clocks import CaseClocks, clocks_of, deadline_for, live_clocks
from hilo.work.commands.conversation import write_note
from hilo.work.commands.pausing import pause_thread
from hilo.work.models import Note, Thread
from tests.factories.parties import a_calendar
from tests.factories.quality import acknowledged, closed, leader, make_case, make_near_miss, responded
from tests.factories.work import House, a_thread
from tests.work.watching import refused

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # Monday in Madrid
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER_HOURS = weekly("Europe/Madrid", ["08:00-10:00"])
LATE_HOURS = weekly("Europe/Madrid", ["16:00-23:00"])


def clocks(case: Case, now: datetime = NOON) -> CaseClocks:
    return clocks_of([case], now)[case.pk]


def running(case: Case) -> list[tuple[str, int]]:
    runs = ClockRun.objects.filter(case=case, stopped_at__isnull=True)
    return [(run.clock, run.run) for run in runs.order_by("clock")]


def consumer(house: House) -> None:
    Customer.objects.filter(pk=house.customer.pk).update(kind="consumer")
    house.customer.refresh_from_db()


def test_clocks_run_from_the_receipt_however_late_it_is_written_down(house: House) -> None:
    case = make_case(house, received_at=house.at - 2 * DAY)
    assert set(case.clock_runs.values_list("started_at", flat=True)) == {house.at - 2 * DAY}
    start_clocks(case, now=house.at)
    assert running(case) == [("acknowledge", 1), ("response", 1)]  # once only


def test_a_receipt_of_another_age_is_a_slip_of_the_pen(house: House) -> None:
    house_thread = a_thread(house)
    with refused("more than ten years ago", field="received_at"):
        make_case(house, received_at=datetime(26, 11, 23, tzinfo=UTC), thread=house_thread)


def test_a_consumer_has_the_clock_of_the_law_as_well(house: House) -> None:
    consumer(house)
    case = make_case(house)
    assert running(case) == [("acknowledge", 1), ("legal", 1), ("response", 1)]
    legal = clocks(case).legal
    assert legal is not None and legal.due == datetime(2026, 12, 14, 18, tzinfo=UTC)  # the 15th working day
    bill = make_case(house, kind=Case.Kind.NONPAYMENT)
    short = clocks(bill).legal
    assert short is not None and short.due == datetime(2026, 11, 28, 22, 59, 59, 999_999, tzinfo=UTC)


def test_nobody_waits_for_what_nobody_outside_knows_until_they_do(house: House) -> None:
    case = make_near_miss(house)
    assert running(case) == [] and clocks(case) == CaseClocks()
    restart_clocks(case, at=NOON)
    assert running(case) == []
    internal = make_case(house, customer_knows=False, contact=None, remedy="", found_by_us=True)
    customer_learned(
        internal,
        contact=house.contact,
        at=NOON,
        seen=internal.version,
        by=leader(house, internal),
        now=NOON + HOUR,
    )
    assert running(internal) == [("acknowledge", 1), ("response", 1)]
    assert set(internal.clock_runs.values_list("started_at", flat=True)) == {NOON}


def test_a_clock_that_stopped_shows_for_ever_what_it_showed(house: House) -> None:
    case = acknowledged(house, make_case(house))
    house.at = NOON
    responded(house, case)
    before = clocks(case)
    assert before.response and before.response.state == ClockState.STOPPED
    assert (before.response.used, before.response.left) == (2 * HOUR, timedelta(0))
    change_calendar(house.company.calendar, rules=OTHER_HOURS, by=system(), now=NOON)
    after = clocks(case, NOON + 30 * DAY)
    assert (after.response, after.acknowledge) == (before.response, before.acknowledge)


def test_a_clock_that_runs_moves_with_its_calendar_and_with_the_areas_own(house: House) -> None:
    case = make_case(house)
    first = clocks(case).response
    change_calendar(house.company.calendar, rules=OTHER_HOURS, by=system(), now=NOON)
    second = clocks(case).response
    own = a_calendar(weekly("Europe/Madrid", ["09:00-17:00"]))
    assign_area_calendar(case.area, case.delegation, calendar=own, by=system(), now=NOON)
    third = clocks(case).response
    assert first and second and third
    assert first.due < second.due and third.due == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_the_night_after_a_change_of_calendar_the_thread_stands_where_its_case_belongs(house: House) -> None:
    case = make_case(house)
    before, first = Thread.objects.get(pk=case.thread_id).next_due, clocks(case, house.at).acknowledge
    change_calendar(house.company.calendar, rules=LATE_HOURS, by=system(), now=house.at)
    assert Thread.objects.get(pk=case.thread_id).next_due == before
    settle_with_open_cases(house.at)
    receipt = clocks(case, house.at).acknowledge
    assert first and receipt and first.due == before != receipt.due
    assert Thread.objects.get(pk=case.thread_id).next_due == receipt.due


def test_another_severity_keeps_the_start_and_takes_the_new_target(house: House) -> None:
    case = make_case(house)
    change_severity(
        case,
        impact="low",
        urgency="low",
        reason="Era menos",
        seen=case.version,
        by=leader(house, case),
        now=NOON,
    )
    response = clocks(case).response
    assert response and response.used == 2 * HOUR
    assert response.used + response.left == timedelta(minutes=15 * 480)


def test_the_customers_thanks_restart_nothing(house: House) -> None:
    case = responded(house, acknowledged(house, make_case(house)))
    before = clocks(case)
    news = case.thread.next_news_at
    write_note(
        case.thread,
        text="Muchas gracias, un saludo",
        kind=Note.Kind.CUSTOMER,
        contact=house.contact,
        by=leader(house, case),
        now=NOON,
    )
    case.thread.refresh_from_db()
    assert clocks(case) == before and case.thread.next_news_at == news and running(case) == []


def test_a_second_receipt_and_a_second_stop_change_nothing(house: House) -> None:
    case = acknowledged(house, make_case(house))
    before = clocks(case).acknowledge
    assert stop_clock(case, "acknowledge", at=NOON + DAY) is None
    stop_clocks(case, at=NOON + DAY)
    assert clocks(case).acknowledge == before


def test_a_solution_refused_begins_a_new_run_with_the_full_target(house: House) -> None:
    consumer(house)
    case = responded(house, acknowledged(house, make_case(house)))
    refuse_solution(
        case,
        contact=house.contact,
        reason="Sigue igual",
        seen=case.version,
        by=leader(house, case),
        now=NOON,
    )
    assert running(case) == [("legal", 2), ("response", 2)]  # the receipt is not owed twice
    response = clocks(case).response
    assert response and (response.used, response.left) == (timedelta(0), timedelta(minutes=2400))
    restart_clocks(case, at=NOON + HOUR)
    assert running(case) == [("legal", 2), ("response", 2)]


def test_a_stop_written_down_before_the_start_took_no_time(house: House) -> None:
    case = make_case(house)
    kept = stop_clock(case, "response", at=house.at - DAY)
    assert kept is not None and (kept.used_minutes, kept.was_late) == (0, False)
    assert ClockRun.objects.get(case=case, clock="response").stopped_at == house.at


def test_closing_leaves_no_clock_running(house: House) -> None:
    consumer(house)
    case = closed(house, make_case(house))
    assert running(case) == [] and clocks(case).news is None and live_clocks([case.pk]) == []


def test_the_news_clock_runs_on_while_the_thread_is_paused(house: House) -> None:
    case = make_case(house)
    before = clocks(case).news
    thread = case.thread
    thread.refresh_from_db()
    facts = {"reason": "Obras en su fábrica", "until": NOON + 20 * DAY, "seen": thread.version}
    pause_thread(thread, **facts, by=leader(house, case), now=house.at)  # type: ignore[arg-type]
    assert before is not None and clocks(case).news == before
    late = clocks(case, NOON + 10 * DAY).news
    assert late is not None and late.state == ClockState.LATE and late.left < timedelta(0)


def test_a_deadline_that_is_dropped_holds_for_the_cases_it_began_with(house: House) -> None:
    consumer(house)
    case = make_case(house)
    before = clocks(case).legal
    deadline = LegalDeadline.objects.get(customer_kind="consumer", case_kind="")
    drop_legal_deadline(deadline, seen=deadline.version, by=system(), now=NOON)
    assert clocks(case).legal == before
    assert deadline_for(case) is None and running(make_case(house)) == [("acknowledge", 1), ("response", 1)]


def test_another_number_of_days_moves_what_runs_and_not_what_stopped(house: House) -> None:
    consumer(house)
    runs, stopped = make_case(house), responded(house, make_case(house))
    before = clocks(stopped).legal
    facts = {"customer_kind": "consumer", "days": 3, "source": "Contrato marco"}
    set_legal_deadline(**facts, by=system(), now=NOON)  # type: ignore[arg-type]
    legal = clocks(runs).legal
    assert legal and legal.due == datetime(2026, 11, 26, 18, tzinfo=UTC)
    assert clocks(stopped).legal == before


@pytest.mark.parametrize("read", ["clocks_of", "live_clocks"])
def test_many_cases_are_read_in_as_many_queries_as_one(house: House, read: str) -> None:
    consumer(house)
    cases = [make_case(house, owner=code) for code in ("sales", "technical", "production", "sales")]
    cases.append(responded(house, make_case(house)))

    def queries(of: list[Case]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            if read == "clocks_of":
                assert len(clocks_of(of, NOON)) == len(of)
            else:
                assert live_clocks(case.pk for case in of)
        return len(captured)

    assert queries(cases) == queries(cases[:1]) == 1
