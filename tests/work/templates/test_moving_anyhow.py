"""Whatever the versions are and wherever the work stands, a move is refused or does what its plan said."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from hilo.errors import RuleViolation
from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.work.commands.handoffs import accept_handoff, offer_handoff, return_handoff
from hilo.work.commands.moving_versions import move_to_version
from hilo.work.commands.plan import OVER, in_order
from hilo.work.commands.step_runs import finish_step, skip_step
from hilo.work.commands.templates import keep_as_draft, publish_version
from hilo.work.models import Handoff, StepRun, StepRunLink, TemplateVersion, Thread
from hilo.work.template_rules import StepText, TemplateText
from hilo.work.version_moves import Fate, movable_items, plan_moves, standings_of
from tests.conformance import invariants
from tests.factories.work import House, a_house, a_thread

pytestmark = pytest.mark.django_db
MOVES = int(os.environ.get("HILO_MOVES") or 6)
AREAS = ("sales", "technical", "production")


@st.composite
def versions(draw: Any) -> tuple[TemplateText, TemplateText]:
    """A process and a later version of it: steps gone, new, elsewhere, linked otherwise."""
    keys = [f"s{number}" for number in range(draw(st.integers(2, 6)))]
    old = _chained(draw, keys, draw(st.lists(st.sampled_from(AREAS), min_size=len(keys), max_size=len(keys))))
    kept = [step for step in old if draw(st.integers(0, 4))]
    new_keys = [f"n{number}" for number in range(draw(st.integers(0, 2)))]
    later = draw(st.permutations([*(step.key for step in kept), *new_keys])) or ["n9"]
    area_of = {step.key: step.area for step in kept}
    areas = [area_of.get(key, "sales") if draw(st.integers(0, 5)) else "technical" for key in later]
    new = _chained(draw, later, areas)
    return _process(old), _process(new)


def _chained(draw: Any, keys: list[str], areas: list[str]) -> tuple[StepText, ...]:
    steps = []
    for place, key in enumerate(keys):
        earlier = keys[:place]
        after = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        after = after or earlier[-1:]  # nothing stands apart
        steps.append(
            StepText(key=key, name=f"Paso {key}", area=areas[place], target_minutes=480, after=tuple(after))
        )
    return tuple(steps)


def _process(steps: tuple[StepText, ...]) -> TemplateText:
    place = {step.key: number for number, step in enumerate(steps)}
    tidy = (replace(s, after=tuple(sorted(s.after, key=place.__getitem__))) for s in steps)
    return TemplateText(code="any", name="Cualquiera", kind="service", steps=tuple(tidy))


def published(text: TemplateText, house: House) -> TemplateVersion:
    with transaction.atomic():
        version = keep_as_draft(text, by=system(), now=house.at)
    publish_version(version, seen=version.version, by=system(), now=house.at)
    return version


def one_thing_happens(house: House, thread: Thread, data: st.DataObject) -> None:
    """Somebody ends a step, or an offer is made, accepted or returned."""
    house.later(hours=2)
    by, now = system(), house.at
    open_ones = list(Handoff.objects.filter(thread=thread, state__in=["draft", "offered"]).order_by("pk"))
    running = list(thread.step_runs.filter(state="running").order_by("pk"))
    if not [*open_ones, *running]:
        return
    one = data.draw(st.sampled_from([*open_ones, *running]))
    choice = data.draw(st.integers(0, 3))
    if isinstance(one, StepRun):
        if choice:
            finish_step(one, seen=one.version, by=by, now=now)
        else:
            skip_step(one, reason="No hace falta", seen=one.version, by=by, now=now)
    elif one.state == "draft":
        due = now + timedelta(days=5)
        offer_handoff(one, ask="Hazlo", proposed_due=due, seen=one.version, by=by, now=now)
    elif choice:
        theirs = house.actor(one.to_area.code)
        accept_handoff(one, read_back="Hecho el jueves", seen=one.version, by=theirs, now=now)
    else:
        theirs = house.actor(one.to_area.code)
        return_handoff(one, reason="no_capacity", comment="No", seen=one.version, by=theirs, now=now)


@pytest.fixture
def house() -> House:
    return a_house()


@given(versions(), st.data())
@settings(max_examples=MOVES, suppress_health_check=list(HealthCheck), phases=[Phase.reuse, Phase.generate])
def test_a_move_is_refused_whole_or_does_what_its_plan_said(
    house: House, pair: tuple[TemplateText, TemplateText], data: st.DataObject
) -> None:
    point = transaction.savepoint_create()
    try:
        play(replace(house), pair, data)
    finally:
        transaction.savepoint_rollback(point)


def play(house: House, pair: tuple[TemplateText, TemplateText], data: st.DataObject) -> None:
    thread = a_thread(house, published(pair[0], house), owner=data.draw(st.sampled_from(AREAS)))
    for _time in range(data.draw(st.integers(0, 6))):
        one_thing_happens(house, thread, data)
    version = published(pair[1], house)
    items = list(movable_items(version).filter(thread=thread))
    if not items:
        return
    plan = plan_moves(items, version, now=house.at)[0]
    before = {run.pk: run for run in thread.step_runs.select_related("step", "area")}
    offers = set(Handoff.objects.filter(thread=thread, state="offered").values_list("pk", "to_area"))
    seen = standings_of([thread.pk])[thread.pk]
    note(str([(each.name, each.fate.value, each.refusal) for each in plan.fates]))
    try:
        move_to_version(thread, version=version, seen=seen, by=system(), now=house.at)
    except RuleViolation as refusal:
        assert plan.refusals, refusal
        assert {run.pk: run.state for run in thread.step_runs.all()} == {
            pk: run.state for pk, run in before.items()
        }
        return
    assert not plan.refusals
    as_planned(plan, thread, before, version)
    still = set(Handoff.objects.filter(thread=thread, state="offered").values_list("pk", "to_area"))
    assert offers <= still
    sound(thread)
    invariants.check(house.at)
    to_the_end(house, thread, version)
    assert verify().holds


def as_planned(plan: Any, thread: Thread, before: dict[int, StepRun], version: TemplateVersion) -> None:
    after = {run.pk: run for run in thread.step_runs.select_related("step", "area")}
    assert before.keys() <= after.keys()
    made = [run for pk, run in after.items() if pk not in before]
    assert sorted(run.name for run in made) == sorted(each.name for each in plan.of(Fate.NEW))
    for each in plan.fates:
        if each.run is None:
            continue
        was, run = before[each.run.pk], after[each.run.pk]
        if each.fate == Fate.STAYS:
            assert (run.state, run.step_id, run.finished_at) == (was.state, was.step_id, was.finished_at)
        elif each.fate == Fate.TAKEN_OUT:
            assert run.state == "skipped"
        else:
            assert run.step is not None and run.step.template_version_id == version.pk
            if was.state == "running":
                assert (run.state, run.holder_id, run.area_id) == ("running", was.holder_id, was.area_id)


def sound(thread: Thread) -> None:
    """No circle, and nothing unbegun that waits for nothing lies about without anybody having it."""
    runs = list(thread.step_runs.all())
    before: dict[int, list[int]] = {}
    for link in StepRunLink.objects.filter(after__in=runs):
        before.setdefault(link.after_id, []).append(link.before_id)
    assert len(in_order(runs, before)) == len(runs)
    over = {run.pk for run in runs if run.state in OVER}
    for run in runs:
        if run.state in ("planned", "offered") and set(before.get(run.pk, [])) <= over:
            assert run.handoffs.exists(), f"nobody has {run.name}"


def to_the_end(house: House, thread: Thread, version: TemplateVersion) -> None:
    """The work can be carried to its end by ordinary means."""
    for _round in range(60):
        house.later(hours=2)
        running = thread.step_runs.filter(state="running").first()
        if running is not None:
            finish_step(running, seen=running.version, by=system(), now=house.at)
            continue
        handoff = Handoff.objects.filter(thread=thread, state__in=["draft", "offered"]).first()
        if handoff is None:
            break
        if handoff.state == "draft":
            due = house.at + timedelta(days=5)
            offer_handoff(
                handoff, ask="Hazlo", proposed_due=due, seen=handoff.version, by=system(), now=house.at
            )
        else:
            theirs = house.actor(handoff.to_area.code)
            accept_handoff(handoff, read_back="x", seen=handoff.version, by=theirs, now=house.at)
    left = thread.step_runs.exclude(state__in=OVER)
    returned = [run for run in left if run.handoffs.filter(state__in=["returned", "withdrawn"]).exists()]
    waits_for_those = {link.after_id for link in StepRunLink.objects.filter(before__in=left)}
    assert all(run in returned or run.pk in waits_for_those for run in left), list(left)
