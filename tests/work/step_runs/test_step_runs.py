"""Steps: planned, running, finished, skipped, reopened, moved, waiting (docs/model.md 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.work.commands.replanning import replan_step
from hilo.work.commands.step_runs import (
    STEP_FINISHED,
    WORK_ITEM_ENDED,
    add_step,
    finish_step,
    plan_steps,
    reopen_step,
    resume_step,
    skip_remaining,
    skip_step,
    wait_for,
)
from hilo.work.gate import what_hangs
from hilo.work.models import StepRun, Thread
from tests.factories.work import (
    House,
    a_thread,
    accepted,
    an_offer,
    branches,
    open_handoff,
    step,
    two_steps,
)
from tests.work.watching import refused


def finish(house: House, step_run: StepRun, by: str) -> None:
    step_run.refresh_from_db()
    finish_step(step_run, seen=step_run.version, by=house.actor(by), now=house.at)


def test_the_first_step_of_the_owners_area_is_theirs_at_once(house: House) -> None:
    thread = two_steps(house)
    sell, design = step(thread, "sell"), step(thread, "design")
    assert (sell.state, sell.holder, sell.started_at) == ("running", house.person("sales"), house.at)
    assert (design.state, design.holder) == ("planned", None)
    assert [link.before.name for link in design.links_before.all()] == ["Vender"]
    # two working days of 8 h from Monday 10:00: Wednesday 10:00; five more for the design
    assert sell.due_at.isoformat() == "2026-11-25T09:00:00+00:00"
    assert design.due_at.isoformat() == "2026-12-02T09:00:00+00:00"
    thread.refresh_from_db()
    assert (thread.next_kind, thread.next_due, thread.turn_person) == (
        "do_step",
        sell.due_at,
        house.person("sales"),
    )


def test_the_first_step_of_another_area_is_prepared_for_it(house: House) -> None:
    thread = two_steps(house)
    other = a_thread(house, thread.work_items.get().template_version, owner="technical", title="Otra")
    assert open_handoff(step(other, "sell")).giver == house.person("technical")


def test_steps_are_planned_once(house: House) -> None:
    thread = two_steps(house)
    item = thread.work_items.get()
    with refused("its steps already"):
        plan_steps(
            item,
            item.template_version,
            answerable=house.person("sales"),
            delegation=house.company.zaragoza,
            by=house.actor("sales"),
            now=house.at,
        )


# Finishing ------------------------------------------------------------------------------------------------


def test_parallel_branches_begin_together_and_join_at_the_last(house: House) -> None:
    thread = branches(house)
    finish(house, step(thread, "design"), "technical")
    for key, area in (("buy", "purchasing"), ("build", "production")):
        accepted(house, an_offer(house, open_handoff(step(thread, key)), giver="technical"), receiver=area)
    finish(house, step(thread, "build"), "production")
    assert step(thread, "mount").state == "planned"

    finish(house, step(thread, "buy"), "purchasing")
    assert open_handoff(step(thread, "mount")).giver == house.person("purchasing")


def test_a_join_whose_last_branch_is_of_its_own_area_goes_on_there(house: House) -> None:
    thread = branches(house)
    finish(house, step(thread, "design"), "technical")
    for key, area in (("buy", "purchasing"), ("build", "production")):
        accepted(house, an_offer(house, open_handoff(step(thread, key)), giver="technical"), receiver=area)
    finish(house, step(thread, "buy"), "purchasing")
    finish(house, step(thread, "build"), "production")
    mount = step(thread, "mount")
    assert (mount.state, mount.holder) == ("running", house.person("production"))
    assert not mount.handoffs.exists()


def test_hooks_hear_of_each_finished_step_and_of_the_end(house: House) -> None:
    heard: list[str] = []
    STEP_FINISHED.append(lambda run, /, *, by, now: heard.append(run.name))
    WORK_ITEM_ENDED.append(lambda item, /, *, by, now: heard.append("end"))
    try:
        thread = two_steps(house)
        finish(house, step(thread, "sell"), "sales")
        design = step(thread, "design")
        accepted(house, an_offer(house, open_handoff(design)), receiver="technical")
        finish(house, design, "technical")
    finally:
        STEP_FINISHED.pop()
        WORK_ITEM_ENDED.pop()
    assert heard == ["Vender", "Proyectar", "end"]
    assert not what_hangs_of_steps(thread, house)


def what_hangs_of_steps(thread: Thread, house: House) -> list[str]:
    kinds = {"running_step", "planned_step", "pending_handoff"}
    return [hang.kind for hang in what_hangs(thread, now=house.at) if hang.kind in kinds]


def test_the_gate_lists_each_step_once(house: House) -> None:
    thread = two_steps(house)
    assert what_hangs_of_steps(thread, house) == ["running_step", "planned_step"]
    finish(house, step(thread, "sell"), "sales")
    assert what_hangs_of_steps(thread, house) == ["pending_handoff"]


@pytest.mark.parametrize("who", ["technical", "production", "administrator", "director"])
def test_only_the_holders_side_works_on_a_running_step(house: House, who: str) -> None:
    sell = step(two_steps(house), "sell")
    by, seen = house.actor(who), sell.version
    with refused("", kind=NotAllowed):
        finish_step(sell, seen=seen, by=by, now=house.at)
    with refused("", kind=NotAllowed):
        skip_step(sell, reason="No hace falta", seen=seen, by=by, now=house.at)
    with refused("", kind=NotAllowed):
        wait_for(sell, whom="customer", what="Firma", seen=seen, by=by, now=house.at)
    with refused("", kind=NotAllowed):
        due = house.at + timedelta(days=9)
        replan_step(sell, edge="end", to=due, reason="x", seen=seen, by=by, now=house.at)


def test_the_head_may_finish_and_a_stale_view_may_not(house: House) -> None:
    sell = step(two_steps(house), "sell")
    with refused("Somebody changed this", kind=Stale):
        finish_step(sell, seen=sell.version - 1, by=house.actor("sales"), now=house.at)
    sell.refresh_from_db()
    finish_step(sell, seen=sell.version, by=house.head("sales"), now=house.at)
    with refused("not being done now"):
        finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)


# Skipping -------------------------------------------------------------------------------------------------


def test_a_skipped_step_lets_the_next_begin_and_takes_its_offer_back(house: House) -> None:
    thread = branches(house)
    finish(house, step(thread, "design"), "technical")
    buy = step(thread, "buy")
    an_offer(house, open_handoff(buy), giver="technical")
    buy.refresh_from_db()
    with refused("Say why this step", field="reason"):
        skip_step(buy, reason=" ", seen=buy.version, by=house.actor("technical"), now=house.at)
    skip_step(buy, reason="Ya la tenemos", seen=buy.version, by=house.actor("technical"), now=house.at)
    assert buy.handoffs.get().state == "withdrawn"
    assert [span.ended_as for span in buy.spans.all()] == ["skipped"]

    accepted(
        house,
        an_offer(house, open_handoff(step(thread, "build")), giver="technical"),
        receiver="production",
    )
    finish(house, step(thread, "build"), "production")
    assert step(thread, "mount").state == "running"


def test_skipping_a_planned_step_before_its_time_begins_nothing(house: House) -> None:
    thread = branches(house)
    buy = step(thread, "buy")
    skip_step(buy, reason="Ya la tenemos", seen=buy.version, by=house.actor("technical"), now=house.at)
    assert (step(thread, "buy").state, step(thread, "mount").state) == ("skipped", "planned")


def test_what_is_left_can_be_skipped_together(house: House) -> None:
    thread = branches(house)
    skipped = skip_remaining(
        thread.work_items.get(), reason="El cliente se retira", by=house.actor("technical"), now=house.at
    )
    assert skipped == 4
    assert set(thread.step_runs.values_list("state", flat=True)) == {"skipped"}
    assert not thread.handoffs.exists()


# Reopening ------------------------------------------------------------------------------------------------


def test_its_own_area_goes_on_with_a_reopened_step(house: House) -> None:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish(house, sell, "sales")
    offered = an_offer(house, open_handoff(step(thread, "design")))
    house.later(hours=2)
    with refused("Say what is not done", field="reason"):
        reopen_step(sell, reason="", seen=sell.version, by=house.actor("sales"), now=house.at)
    sell.refresh_from_db()
    reopen_step(sell, reason="Falta la firma", seen=sell.version, by=house.actor("sales"), now=house.at)
    offered.refresh_from_db()
    assert (sell.state, sell.holder, sell.reopened_count) == ("running", house.person("sales"), 1)
    assert offered.state == "withdrawn"
    assert [span.ended_as for span in sell.spans.order_by("opened_at")] == ["done", ""]
    assert Thread.objects.get().next_kind == "do_step"

    finish(house, sell, "sales")
    again = open_handoff(step(thread, "design"))
    assert (again.attempt, again.state) == (2, "draft")


def test_another_area_offers_it_again_with_its_reason(house: House) -> None:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish(house, sell, "sales")
    reopen_step(
        sell, reason="Sin precio acordado", seen=sell.version, by=house.actor("technical"), now=house.at
    )
    handoff = open_handoff(sell)
    assert (sell.state, sell.holder, handoff.state) == ("offered", None, "offered")
    assert (handoff.giver, handoff.ask) == (house.person("technical"), "Sin precio acordado")
    assert sell.spans.order_by("-opened_at", "-pk")[0].kind == "border"


def test_who_has_no_part_cannot_reopen(house: House) -> None:
    sell = step(two_steps(house), "sell")
    finish(house, sell, "sales")
    with refused("Only the owner and the areas", kind=NotAllowed):
        reopen_step(sell, reason="x", seen=sell.version, by=house.actor("logistics"), now=house.at)
    reopen_step(sell, reason="x", seen=sell.version, by=house.actor("sales"), now=house.at)
    with refused("Only a step that is done"):
        reopen_step(sell, reason="x", seen=sell.version, by=house.actor("sales"), now=house.at)


# Dates and waiting ----------------------------------------------------------------------------------------


def test_a_date_moves_with_its_reason_and_the_plan_behind_it_moves_along(house: House) -> None:
    thread = two_steps(house)
    sell, planned = step(thread, "sell"), step(thread, "design").due_at
    old, new = sell.due_at, sell.due_at + timedelta(days=2)
    facts = {"edge": "end", "seen": sell.version, "by": house.actor("sales"), "now": house.at}
    with refused("Say why the date", field="reason"):
        replan_step(sell, to=new, reason="", **facts)
    with refused("A date in the past", field="to"):
        replan_step(sell, to=house.at, reason="x", **facts)
    with refused("has already", field="to"):
        replan_step(sell, to=old, reason="x", **facts)
    replan_step(sell, to=new, reason="El cliente viaja", **facts)
    moved = LedgerEvent.objects.get(kind="plan.moved").facts
    assert (moved["old"], moved["new"]) == (
        old.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        new.isoformat(timespec="microseconds").replace("+00:00", "Z"),
    )
    assert step(thread, "design").due_at == planned + timedelta(days=2)
    assert Thread.objects.get().next_due == new


def test_an_offered_step_keeps_the_date_of_its_offer(house: House) -> None:
    thread = two_steps(house)
    finish(house, step(thread, "sell"), "sales")
    an_offer(house, open_handoff(step(thread, "design")))
    design = step(thread, "design")
    with refused("the offer carries its date"):
        replan_step(
            design,
            edge="end",
            to=house.at + timedelta(days=20),
            reason="x",
            seen=design.version,
            by=house.actor("sales"),
            now=house.at,
        )


def test_while_it_waits_the_turn_is_the_customers(house: House) -> None:
    thread = two_steps(house)
    sell = step(thread, "sell")
    for facts, sentence, field in (
        ({"whom": "nobody", "what": "x"}, "customer or for a supplier", "whom"),
        ({"whom": "customer", "what": " "}, "what you are waiting for", "what"),
    ):
        with refused(sentence, field=field):
            wait_for(sell, **facts, seen=sell.version, by=house.actor("sales"), now=house.at)
    wait_for(sell, whom="customer", what="Su firma", seen=sell.version, by=house.actor("sales"), now=house.at)
    thread.refresh_from_db()
    assert (thread.turn_of, thread.next_label) == ("customer", "Su firma")

    resume_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    thread.refresh_from_db()
    assert (thread.turn_of, thread.next_label) == ("area", "Vender")
    with refused("not waiting for anybody"):
        resume_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)


# Steps that no template foresaw ---------------------------------------------------------------------------


def test_a_step_of_ones_own_waits_for_those_before_it(house: House) -> None:
    thread = two_steps(house)
    sell = step(thread, "sell")
    added = add_step(
        thread.work_items.get(),
        name="Medir la nave",
        area=house.area("production"),
        delegation=house.company.zaragoza,
        after=[sell],
        target_minutes=480,
        by=house.actor("sales"),
        now=house.at,
    )
    assert (added.state, added.step, added.position) == ("planned", None, 3)
    finish(house, sell, "sales")
    handoff = open_handoff(added)
    assert (handoff.state, handoff.weight) == ("offered", "light")


@pytest.mark.parametrize(
    ("who", "facts", "sentence"),
    [
        ("logistics", {}, "Only the owner"),
        ("sales", {"name": " "}, "Say in a few words"),
        ("sales", {"target_minutes": 0}, "how much working time"),
    ],
)
def test_what_a_new_step_needs(house: House, who: str, facts: dict[str, object], sentence: str) -> None:
    thread = two_steps(house)
    with refused(sentence):
        add_step(
            thread.work_items.get(),
            **{  # type: ignore[arg-type]
                "name": "Medir",
                "area": house.area("production"),
                "delegation": house.company.zaragoza,
                "target_minutes": 60,
                "by": house.actor(who),
                "now": house.at,
                **facts,
            },
        )


def test_a_step_waits_only_for_steps_of_the_same_work(house: House) -> None:
    thread = two_steps(house)
    version = thread.work_items.get().template_version
    other = a_thread(house, version, title="Otra")
    with refused("only wait for steps of the same work", field="after"):
        add_step(
            thread.work_items.get(),
            name="Medir",
            area=house.area("production"),
            delegation=house.company.zaragoza,
            after=[step(other, "sell")],
            target_minutes=60,
            by=house.actor("sales"),
            now=house.at,
        )
