"""The response clock stands still: who, why, until when; nothing else ever does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent, PrivateText
from hilo.quality.clocks import ClockState
from hilo.quality.commands.pausing import end_pause, pause_response, resume_response
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.quality.models import Case, ClockPause
from hilo.quality.queries.clocks import CaseClocks, clocks_of
from tests.factories.parties import a_person, acting
from tests.factories.quality import closed, leader, make_case, make_near_miss, responded
from tests.factories.work import House
from tests.work.watching import refused

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # Monday in Madrid; the case was opened at 10:00 of the wall
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def pause(house: House, case: Case, *, until: datetime = NOON + DAY, at: datetime = NOON) -> ClockPause:
    case.refresh_from_db()
    facts = {"reason": "Esperamos su muestra", "until": until, "seen": case.version}
    return pause_response(case, **facts, by=leader(house, case), now=at)  # type: ignore[arg-type]


def clocks(case: Case, now: datetime) -> CaseClocks:
    return clocks_of([case], now)[case.pk]


def test_a_pause_moves_the_answer_and_nothing_else(house: House) -> None:
    case = make_case(house)
    before = clocks(case, NOON)
    pause(house, case)
    after = clocks(case, NOON)
    assert before.response and after.response
    assert (before.response.state, after.response.state) == (ClockState.RUNNING, ClockState.PAUSED)
    assert after.response.due == before.response.due + DAY  # one working day later
    assert (after.acknowledge, after.news, after.legal) == (before.acknowledge, before.news, before.legal)
    assert after.pause is not None and after.pause.author == case.owner


def test_it_goes_on_by_itself_whether_a_job_has_been_there_or_not(house: House) -> None:
    case = make_case(house)
    kept = pause(house, case)
    untouched = clocks(case, NOON + 2 * DAY)
    assert untouched.pause is None and untouched.response and untouched.response.state == ClockState.RUNNING
    run_case_clocks(NOON + 2 * DAY)
    assert clocks(case, NOON + 2 * DAY) == untouched
    kept.refresh_from_db()
    assert kept.resumed_at == kept.until == NOON + DAY
    assert [notice.kind for notice in case.owner.notices.filter(kind="case_pause_over")] == [
        "case_pause_over"
    ]
    event = LedgerEvent.objects.get(kind="clock.resumed")
    assert (event.occurred_at, event.author_kind) == (NOON + DAY, "system")
    run_case_clocks(NOON + 3 * DAY)
    assert LedgerEvent.objects.filter(kind="clock.resumed").count() == 1


def test_a_machine_whose_clock_jumped_ahead_ends_no_pause_before_its_hour(house: House) -> None:
    case = make_case(house)
    pause(house, case)
    before = clocks(case, NOON + HOUR)
    run_case_clocks(NOON + 2 * DAY)
    back = clocks(case, NOON + HOUR)
    assert back.response == before.response and back.pause == before.pause
    with refused("paused already"):
        pause(house, case, at=NOON + HOUR)
    case.refresh_from_db()
    resume_response(case, seen=case.version, by=leader(house, case), now=NOON + HOUR)
    assert clocks(case, NOON + HOUR).pause is None


def test_resumed_by_hand_it_runs_from_there(house: House) -> None:
    case = make_case(house)
    before = clocks(case, NOON).response
    pause(house, case)
    resume_response(case, seen=case.version, by=leader(house, case), now=NOON + HOUR)
    after = clocks(case, NOON + HOUR).response
    assert before and after and after.due == before.due + HOUR
    with refused("not paused"):
        resume_response(case, seen=case.version, by=leader(house, case), now=NOON + HOUR)
    pause(house, case, at=NOON + 5 * HOUR, until=NOON + 6 * HOUR)  # and once more
    assert ClockPause.objects.filter(case=case).count() == 2


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_pause_says_why(house: House, reason: str) -> None:
    case = make_case(house)
    with refused("Say what we wait for", field="reason"):
        pause_response(
            case, reason=reason, until=NOON + DAY, seen=case.version, by=leader(house, case), now=NOON
        )


@pytest.mark.parametrize("until", [NOON, NOON - DAY])
def test_a_pause_ends_in_the_future(house: House, until: datetime) -> None:
    case = make_case(house)
    with refused("ends in the future", field="until"):
        pause(house, case, until=until)


def test_a_pause_ends_within_a_year(house: House) -> None:
    case = make_case(house)
    with refused("at most a year", field="until"):
        pause(house, case, until=NOON + 367 * DAY)


def test_what_is_paused_cannot_be_paused_again(house: House) -> None:
    case = make_case(house)
    pause(house, case)
    with refused("paused already"):
        pause(house, case, at=NOON + HOUR)


def test_what_is_late_cannot_be_hidden_by_a_pause(house: House) -> None:
    case = make_case(house)
    late = NOON + 20 * DAY
    with refused("a pause would only hide it"):
        pause(house, case, at=late, until=late + DAY)


def test_nothing_is_paused_when_nobody_waits(house: House) -> None:
    answered, internal = responded(house, make_case(house)), make_near_miss(house)
    for case in (answered, internal):
        with refused("Nobody waits for our answer"):
            pause(house, case)
    over = closed(house, make_case(house))
    with refused("This case is closed"):
        pause(house, over)


def test_the_answer_ends_the_pause(house: House) -> None:
    case = make_case(house)
    kept = pause(house, case)
    house.at = NOON + HOUR
    responded(house, case)
    kept.refresh_from_db()
    assert kept.resumed_at == NOON + HOUR
    stopped = clocks(case, NOON + DAY)
    assert stopped.pause is None and stopped.response
    assert (stopped.response.state, stopped.response.used) == (ClockState.STOPPED, 2 * HOUR)


def test_a_pause_is_decided_by_who_leads_the_case(house: House) -> None:
    case = make_case(house)
    stranger = a_person(area=house.area("production"), delegation=house.company.sevilla, now=house.at)
    colleague = house.actor("production")
    for by in (colleague, acting(stranger, NOON)):
        with refused(kind=NotAllowed):
            pause_response(case, reason="Esperamos", until=NOON + DAY, seen=case.version, by=by, now=NOON)
    head = house.head("sales")
    pause_response(case, reason="Esperamos", until=NOON + DAY, seen=case.version, by=head, now=NOON)
    with refused(kind=NotAllowed):
        resume_response(case, seen=case.version, by=acting(stranger, NOON), now=NOON + HOUR)


def test_a_pause_on_an_old_page_is_stale(house: House) -> None:
    case = make_case(house)
    with refused(kind=Stale):
        pause_response(
            case, reason="Ya", until=NOON + DAY, seen=case.version - 1, by=leader(house, case), now=NOON
        )


def test_a_pause_is_not_ended_before_its_time_nor_twice(house: House) -> None:
    case = make_case(house)
    kept = pause(house, case)
    with refused("not paused"):
        end_pause(kept, now=NOON + HOUR)
    end_pause(kept, now=NOON + DAY)
    with refused("not paused"):
        end_pause(kept, now=NOON + DAY)


def test_the_reason_is_sealed(house: House) -> None:
    case = make_case(house)
    pause(house, case)
    event = LedgerEvent.objects.get(kind="clock.paused")
    assert "muestra" not in event.payload
    assert PrivateText.objects.filter(body="Esperamos su muestra").exists()
