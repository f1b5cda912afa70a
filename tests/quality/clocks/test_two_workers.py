"""Several workers, and people beside them, at the same clocks: each step once, in order, none half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.models import Notice
from hilo.quality.commands.ladder import climb
from hilo.quality.commands.pausing import pause_response, resume_response
from hilo.quality.jobs.clocks import run_case_clocks
from hilo.quality.models import Case, ClockPause, ClockRun, Rung
from tests.conformance.together import together, won
from tests.factories.quality import acknowledged, leader, make_case
from tests.factories.work import House, a_house, a_thread

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # Monday in Madrid; the cases were opened at 10:00 of the wall
STEPS = ["owner", "head", "director"]


@pytest.fixture
def house() -> Iterator[House]:
    yield a_house()
    assert verify().holds


@pytest.mark.parametrize("workers", [2, 5])
def test_several_workers_catch_up_a_night_and_every_step_is_taken_once_in_order(
    house: House, workers: int
) -> None:
    threads = [a_thread(house) for _ in range(2)]
    cases = [make_case(house, thread) for thread in threads for _ in range(2)]
    together([partial(run_case_clocks, NOON + timedelta(days=4))] * workers)
    for case in cases:
        rungs = case.rungs.filter(key="acknowledge:1").order_by("pk")
        assert list(rungs.values_list("step", flat=True)) == STEPS
    for thread in threads:
        news = Rung.objects.filter(case__thread=thread, key__startswith="news:").order_by("pk")
        assert list(news.values_list("step", flat=True)) == STEPS
    told = Notice.objects.filter(kind__startswith="late_").values_list("person_id", "key")
    assert max(Counter(told).values()) == 1
    assert LedgerEvent.objects.filter(kind="lateness.told").count() == Rung.objects.count() == 18


def test_one_step_climbed_by_many_is_climbed_once(house: House) -> None:
    case = make_case(house)

    def up() -> object:
        return climb(
            Case.objects.get(pk=case.pk), key="acknowledge:1", step="owner", now=NOON + timedelta(hours=1)
        )

    assert len(won(together([up] * 6))) == 1
    assert Rung.objects.count() == case.owner.notices.filter(kind="late_acknowledge").count() == 1


def test_a_receipt_that_comes_while_a_worker_climbs_leaves_no_step_behind_it(house: House) -> None:
    """Whoever comes first: a clock that stopped is climbed no further."""
    case = make_case(house)
    house.at = NOON + timedelta(days=3)

    def receipt() -> object:
        return acknowledged(house, Case.objects.get(pk=case.pk))

    together([partial(run_case_clocks, house.at), receipt])
    run = ClockRun.objects.get(case=case, clock="acknowledge")
    assert run.stopped_at == house.at and run.was_late
    steps = list(case.rungs.filter(key="acknowledge:1").order_by("pk").values_list("step", flat=True))
    assert steps == STEPS[: len(steps)]


def test_two_who_pause_at_once_pause_once(house: House) -> None:
    case = make_case(house)
    facts: dict[str, Any] = {"reason": "Esperamos", "until": NOON + timedelta(days=2), "seen": case.version}

    def pause() -> object:
        found = Case.objects.get(pk=case.pk)
        return pause_response(found, **facts, by=leader(house, found), now=NOON)

    assert len(won(together([pause] * 4))) == 1
    assert ClockPause.objects.count() == 1


def test_a_pause_that_ends_while_somebody_resumes_it_has_one_end(house: House) -> None:
    case = make_case(house)
    until = NOON + timedelta(hours=1)
    facts: dict[str, Any] = {"reason": "Esperamos", "until": until, "seen": case.version}
    pause_response(case, **facts, by=leader(house, case), now=NOON)

    def resume() -> object:
        found = Case.objects.get(pk=case.pk)
        now = until - timedelta(seconds=1)
        return resume_response(found, seen=found.version, by=leader(house, found), now=now)

    together([partial(run_case_clocks, until), resume, partial(run_case_clocks, until)])
    pause = ClockPause.objects.get()
    assert pause.resumed_at in (until, until - timedelta(seconds=1))
    assert LedgerEvent.objects.filter(kind="clock.resumed").count() in (1, 2)
