"""Nobody is charged for another's time: a property over random histories (SPEC 2.8).

The twin keeps no spans. After each act it looks at how each step stood while the time before it passed, and
adds that time to the border's or the area's account; the spans must tell exactly the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hilo.errors import RuleViolation
from hilo.parties.actor import Actor
from hilo.work.commands.handoffs import (
    accept_handoff,
    accept_with_conditions,
    confirm_conditions,
    offer_handoff,
    offer_to_colleague,
    prepare_handoff,
    return_handoff,
    withdraw_handoff,
)
from hilo.work.commands.step_runs import finish_step, reopen_step, skip_step
from hilo.work.models import Handoff, Span, StepRun, Thread
from tests.factories.parties import acting
from tests.factories.work import House, branches, explain_gaps

type Account = Counter[tuple[int, str]]
KEYS = ("design", "buy", "build", "mount")


class History:
    """One thread, and what people do to its steps at moments that never go back."""

    def __init__(self, house: House) -> None:
        self.house, self.thread = house, branches(house)
        self.at, self.expected = house.at, Counter[tuple[int, str]]()

    def run(self, place: int) -> StepRun:
        return StepRun.objects.select_related("area", "step").get(thread=self.thread, step__key=KEYS[place])

    def of_area(self, run: StepRun) -> Actor:
        return acting(self.house.person(run.area.code), self.at)

    def open_handoff(self, run: StepRun) -> Handoff:
        found = run.handoffs.filter(state__in=Handoff.OPEN_STATES).first()
        if found is None:
            raise RuleViolation("there is none.")
        return found

    def pass_time(self, minutes: int) -> None:
        delta = timedelta(minutes=minutes)
        for run in StepRun.objects.filter(thread=self.thread):
            if kind := self._whose_time(run):
                self.expected[run.pk, kind] += delta // timedelta(minutes=1)
        self.at += delta

    def _whose_time(self, run: StepRun) -> str:
        if run.state == "running":
            return "work"
        waiting = run.handoffs.filter(state__in=["offered", "conditional"])
        return "border" if run.state == "offered" and waiting.exists() else ""

    def spent(self) -> Account:
        account: Account = Counter()
        for span in Span.objects.filter(thread=self.thread):
            minutes = ((span.closed_at or self.at) - span.opened_at) // timedelta(minutes=1)
            if minutes:
                account[span.step_run_id, span.kind] += minutes
        return account


def finish(now: datetime, h: History, run: StepRun) -> None:
    finish_step(run, seen=run.version, by=acting(run.holder or h.house.person("technical"), now), now=now)


def skip(now: datetime, h: History, run: StepRun) -> None:
    skip_step(run, reason="No hace falta", seen=run.version, by=h.of_area(run), now=now)


def reopen(now: datetime, h: History, run: StepRun) -> None:
    reopen_step(run, reason="Falta algo", seen=run.version, by=h.of_area(run), now=now)


def reopen_from_outside(now: datetime, h: History, run: StepRun) -> None:
    other = "production" if run.area.code != "production" else "technical"
    reopen_step(run, reason="Falta", seen=run.version, by=acting(h.house.person(other), now), now=now)


def prepare(now: datetime, h: History, run: StepRun) -> None:
    last = run.handoffs.order_by("-attempt").first()
    prepare_handoff(run, by=acting(last.giver if last else h.thread.owner, now), now=now)


def offer(now: datetime, h: History, run: StepRun) -> None:
    handoff = h.open_handoff(run)
    by = acting(handoff.giver, now)
    explain_gaps(handoff, by=by, now=now)
    due = now + timedelta(days=30)
    offer_handoff(handoff, ask="Hacerlo", proposed_due=due, seen=handoff.version, by=by, now=now)


def accept(now: datetime, h: History, run: StepRun) -> None:
    handoff = h.open_handoff(run)
    accept_handoff(handoff, read_back="Sí", seen=handoff.version, by=answerer(now, h, handoff), now=now)


def answerer(now: datetime, h: History, handoff: Handoff) -> Actor:
    if handoff.to_person is not None:
        return acting(handoff.to_person, now)
    return h.of_area(handoff.step_run)


def propose(now: datetime, h: History, run: StepRun) -> None:
    handoff = h.open_handoff(run)
    accept_with_conditions(
        handoff,
        due=handoff.proposed_due + timedelta(days=3),
        conditions="Más tarde",
        read_back="Sí",
        seen=handoff.version,
        by=answerer(now, h, handoff),
        now=now,
    )


def confirm(now: datetime, h: History, run: StepRun) -> None:
    handoff = h.open_handoff(run)
    confirm_conditions(handoff, seen=handoff.version, by=acting(handoff.giver, now), now=now)


def give_back(now: datetime, h: History, run: StepRun) -> None:
    handoff = h.open_handoff(run)
    return_handoff(
        handoff,
        reason="no_capacity",
        comment="No llegamos",
        seen=handoff.version,
        by=answerer(now, h, handoff),
        now=now,
    )


def withdraw(now: datetime, h: History, run: StepRun) -> None:
    handoff = h.open_handoff(run)
    withdraw_handoff(handoff, reason="Espera", seen=handoff.version, by=acting(handoff.giver, now), now=now)


def to_colleague(now: datetime, h: History, run: StepRun) -> None:
    colleague = h.house.company.heads[run.area.code]
    offer_to_colleague(run, colleague=colleague, seen=run.version, by=h.of_area(run), now=now)


ACTS: list[Callable[[datetime, History, StepRun], None]] = [
    finish,
    skip,
    reopen,
    reopen_from_outside,
    prepare,
    offer,
    accept,
    propose,
    confirm,
    give_back,
    withdraw,
    to_colleague,
]
NEXT: dict[str, list[Callable[[datetime, History, StepRun], None]]] = {
    "planned": [skip, prepare],
    "draft": [offer, offer, offer, withdraw, skip],
    "offered": [accept, accept, accept, propose, give_back, withdraw, skip],
    "conditional": [confirm, confirm, withdraw],
    "nobody": [prepare, prepare, prepare, skip],
    "running": [finish, finish, finish, to_colleague, accept, give_back],
    "done": [reopen, reopen_from_outside],
    "skipped": [reopen],
}
HISTORIES = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(min_value=0, max_value=2000)), min_size=8, max_size=30
)


def chosen(history: History, number: int) -> tuple[Callable[[datetime, History, StepRun], None], StepRun]:
    """Three acts in four fit where a step under way stands; the rest is chance."""
    number, place = divmod(number, len(KEYS))
    number, chance = divmod(number, 4)
    if chance == 0:
        return ACTS[number % len(ACTS)], history.run(place)
    runs = [history.run(each) for each in range(len(KEYS))]
    under_way = [run for run in runs if run.state in ("running", "offered")]
    drafted = [run for run in runs if run.state == "planned" and run.handoffs.exists()]
    run = (under_way + drafted or runs)[place % len(under_way + drafted or runs)]
    return NEXT[standing(run)][number % len(NEXT[standing(run)])], run


def standing(run: StepRun) -> str:
    handoff = run.handoffs.filter(state__in=Handoff.OPEN_STATES, is_within_area=False).first()
    if handoff is not None:
        return handoff.state
    return "nobody" if run.state == "offered" else run.state


def assert_spans_are_in_order(history: History) -> None:
    for run in StepRun.objects.filter(thread=history.thread):
        spans = list(run.spans.order_by("opened_at", "pk"))
        for earlier, later in pairwise(spans):
            assert earlier.closed_at is not None and earlier.closed_at <= later.opened_at
        still_open = [span for span in spans if span.closed_at is None]
        expected = history._whose_time(run)
        assert [span.kind for span in still_open] == ([expected] if expected else [])
        assert run.state != "running" or run.holder is not None


def assert_the_thread_goes_on(history: History) -> None:
    thread = Thread.objects.get(pk=history.thread.pk)
    assert thread.next_kind and thread.next_due and thread.next_news_at and thread.turn_of
    unfinished = thread.step_runs.exclude(state__in=["done", "skipped"])
    assert (thread.next_kind == "decide") == (not unfinished.exists())


@pytest.fixture
def reached() -> Counter[str]:
    return Counter()


def test_spans_never_overlap_and_cover_exactly_what_each_side_spent(
    house: House, reached: Counter[str]
) -> None:
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(HISTORIES)
    def holds(acts: list[tuple[int, int]]) -> None:
        with transaction.atomic():
            history = History(house)
            for number, minutes in acts:
                history.pass_time(minutes)
                act, run = chosen(history, number)
                try:
                    act(history.at, history, run)
                    reached[act.__name__] += 1
                except RuleViolation:
                    reached["refused"] += 1
                assert_spans_are_in_order(history)
                assert_the_thread_goes_on(history)
                assert history.spent() == +history.expected
            transaction.set_rollback(True)

    holds()
    assert {"refused", "finish", "offer", "accept", "give_back", "withdraw"} <= set(reached)
