"""Running work moved to a newer version: told before, done exactly so, refused where it would trample."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import LedgerEvent
from hilo.work.commands.handoffs import return_handoff, withdraw_handoff
from hilo.work.commands.moving_versions import move_to_version
from hilo.work.commands.orders import place_order
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.plan import OVER, in_order
from hilo.work.commands.step_runs import add_step, finish_step, reopen_step
from hilo.work.commands.templates import draft_template, publish_version, retire_template
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import StepRun, StepRunLink, TemplateVersion, Thread
from hilo.work.version_moves import MovePlan, movable_items, plan_moves, standings_of
from tests.factories.work import (
    BRANCHES,
    House,
    a_published_template,
    a_thread,
    accepted,
    an_offer,
    branches,
    open_handoff,
    step,
)
from tests.work.watching import refused


def newer(house: House, change: Callable[[str], str], text: str = BRANCHES) -> TemplateVersion:
    return a_published_template(change(text), now=house.at)


def without(key: str) -> Callable[[str], str]:
    return lambda text: "\n".join(row for row in text.splitlines() if f"key: {key}," not in row) + "\n"


def plan_of(thread: Thread, version: TemplateVersion, house: House) -> MovePlan:
    items = movable_items(version).filter(thread=thread)
    return plan_moves(items, version, now=house.at)[0]


def told(thread: Thread, version: TemplateVersion, house: House) -> dict[str, str]:
    return {each.name: each.fate.value for each in plan_of(thread, version, house).fates}


def move(thread: Thread, version: TemplateVersion, house: House, **facts: Any) -> None:
    given: dict[str, Any] = {
        "seen": standings_of([thread.pk])[thread.pk],
        "by": house.actor("administrator"),
        "now": house.at,
        **facts,
    }
    move_to_version(thread, version=version, **given)


def stands(thread: Thread) -> dict[str, str]:
    return dict(thread.step_runs.values_list("name", "state"))


def links(thread: Thread) -> set[tuple[str, str]]:
    found = StepRunLink.objects.filter(after__thread=thread)
    return set(found.values_list("before__name", "after__name"))


def add_painting(text: str) -> str:
    return text + "  - {key: paint, name: Pintar, area: production, target: 1d, after: [mount]}\n"


def test_what_is_told_before_is_what_happens(house: House) -> None:
    thread = branches(house)
    assert stands(thread) == {
        "Proyectar": "running", "Comprar la llenadora": "planned",
        "Construir el bastidor": "planned", "Montar": "planned",
    }  # fmt: skip
    version = newer(house, lambda text: add_painting(without("build")(text).replace(", build]", "]")))
    assert told(thread, version, house) == {
        "Proyectar": "goes_on", "Comprar la llenadora": "replaced",
        "Construir el bastidor": "taken_out", "Montar": "replaced", "Pintar": "new",
    }  # fmt: skip
    move(thread, version, house)
    assert stands(thread) == {
        "Proyectar": "running", "Comprar la llenadora": "planned", "Construir el bastidor": "skipped",
        "Montar": "planned", "Pintar": "planned",
    }  # fmt: skip
    assert links(thread) == {
        ("Proyectar", "Comprar la llenadora"), ("Comprar la llenadora", "Montar"), ("Montar", "Pintar"),
    }  # fmt: skip
    assert thread.work_items.get().template_version == version
    event = LedgerEvent.objects.get(kind="thread.process_moved")
    facts = {"from_number": 1, "to_number": 2, "planned": [step(thread, "paint").pk]}
    assert event.facts.items() >= facts.items()
    assert (event.thread_id, event.subject_id) == (thread.pk, thread.pk)
    unfinished = thread.step_runs.exclude(state__in=OVER)
    assert {run.step.template_version_id for run in unfinished if run.step} == {version.pk}
    dates = [step(thread, key).due_at for key in ("design", "buy", "mount", "paint")]
    assert dates == sorted(dates)  # type: ignore[type-var]


def test_what_was_done_stays_done_and_the_work_goes_on_to_its_end(house: House) -> None:
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    version = newer(house, add_painting)
    move(thread, version, house)
    design.refresh_from_db()
    assert (design.state, design.step.template_version.number) == ("done", 1)  # type: ignore[union-attr]
    for key in ("buy", "build", "mount", "paint"):
        run = step(thread, key)
        if run.state == "planned":
            giver = "production" if key in ("mount", "paint") else "technical"
            if run.handoffs.filter(state="draft").exists():
                an_offer(house, open_handoff(run), giver=giver, days=30)
                accepted(house, open_handoff(run), receiver=run.area.code)
        elif run.state == "offered":
            accepted(house, open_handoff(run), receiver=run.area.code)
        run.refresh_from_db()
        assert run.state == "running", key
        finish_step(run, seen=run.version, by=house.actor(run.area.code), now=house.later(hours=1))
    assert set(stands(thread).values()) == {"done"}


def test_a_new_step_before_what_has_begun_comes_too_late(house: House) -> None:
    thread = branches(house)
    first = "  - {key: look, name: Mirarlo juntos, area: sales, target: 1d}\n"
    version = newer(
        house,
        lambda text: text.replace("steps:\n", "steps:\n" + first).replace(
            "area: technical, target: 2d}", "area: technical, target: 2d, after: [look]}"
        ),
    )
    assert told(thread, version, house)["Mirarlo juntos"] == "passed"
    move(thread, version, house)
    assert "Mirarlo juntos" not in stands(thread)
    assert ("Proyectar", "Comprar la llenadora") in links(thread)


def offered_design_of(house: House) -> Thread:
    """Design is done and building is offered to production."""
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    an_offer(house, open_handoff(step(thread, "build")), giver="technical")
    return thread


def in_sales(text: str) -> str:
    return text.replace("bastidor, area: production", "bastidor, area: sales")


def later_build(text: str) -> str:
    return text.replace(
        "area: production, target: 3d, after: [design]", "area: production, target: 3d, after: [buy]"
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda text: without("build")(text).replace(", build]", "]"),
            "is offered, and version 2 no longer has it",
        ),
        (in_sales, "would have to wait or go elsewhere"),
        (later_build, "would have to wait or go elsewhere"),
    ],
)
def test_a_move_cannot_skip_an_open_handoff(
    house: House, change: Callable[[str], str], sentence: str
) -> None:
    thread = offered_design_of(house)
    version = newer(house, change)
    assert any(sentence in refusal for refusal in plan_of(thread, version, house).refusals)
    with refused(sentence):
        move(thread, version, house)
    handoff = open_handoff(step(thread, "build"))
    withdraw_handoff(
        handoff, reason="Cambia el proceso", seen=handoff.version, by=house.actor("technical"), now=house.at
    )
    move(thread, version, house)


def test_an_offer_that_stays_where_it_is_goes_on_as_it_was_made(house: House) -> None:
    thread = offered_design_of(house)
    handoff = open_handoff(step(thread, "build"))
    items = list(handoff.items.values_list("key", "state"))
    version = newer(house, add_painting)
    move(thread, version, house)
    handoff.refresh_from_db()
    assert (handoff.state, list(handoff.items.values_list("key", "state"))) == ("offered", items)
    accepted(house, handoff, receiver="production")
    assert step(thread, "build").state == "running"


def test_a_list_being_prepared_asks_for_what_the_new_version_needs(house: House) -> None:
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    need = "after: [design], needs: [{key: plano, text: Plano con revisión}]}"
    version = newer(house, lambda text: text.replace("target: 3d, after: [design]}", "target: 3d, " + need))
    move(thread, version, house)
    draft = open_handoff(step(thread, "build"))
    assert (draft.state, list(draft.items.values_list("key", flat=True))) == ("draft", ["plano"])
    due = house.at + timedelta(days=7)
    from hilo.work.commands.handoffs import offer_handoff

    with refused("still needs: Plano con revisión"):
        offer_handoff(
            draft, ask="x", proposed_due=due, seen=draft.version, by=house.actor("technical"), now=house.at
        )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: without("design")(text).replace(", after: [design]", ""), "version 2 no longer has"),
        (lambda text: text.replace("area: technical", "area: sales"), "in version 2 it is done in"),
    ],
)
def test_what_runs_is_not_taken_from_whoever_does_it(
    house: House, change: Callable[[str], str], sentence: str
) -> None:
    thread = branches(house)
    version = newer(house, change)
    with refused(sentence):
        move(thread, version, house)


def test_what_is_planned_elsewhere_goes_to_the_other_area_and_is_given_there(house: House) -> None:
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    assert open_handoff(step(thread, "build")).to_area.code == "production"
    move(thread, newer(house, in_sales), house)
    build = step(thread, "build")
    assert (build.area.code, open_handoff(build).to_area.code) == ("sales", "sales")
    assert build.handoffs.filter(state="withdrawn").count() == 1


def test_a_step_whose_way_becomes_free_begins_at_once(house: House) -> None:
    """Mounting no longer waits for the purchase that nobody has accepted."""
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    version = newer(house, lambda text: text.replace("after: [buy, build]", "after: [design]"))
    move(thread, version, house)
    assert open_handoff(step(thread, "mount")).state in ("draft", "offered")


def test_a_returned_offer_stays_with_who_gave_it(house: House) -> None:
    thread = offered_design_of(house)
    handoff = open_handoff(step(thread, "build"))
    return_handoff(
        handoff,
        reason="not_ours",
        comment="No",
        seen=handoff.version,
        by=house.actor("production"),
        now=house.at,
    )
    move(thread, newer(house, add_painting), house)
    run = step(thread, "build")
    assert [each.state for each in run.handoffs.all()] == ["returned"]


def test_a_step_added_by_hand_keeps_its_neighbours(house: House) -> None:
    thread = branches(house)
    item = thread.work_items.get()
    add_step(
        item, name="Probar", area=house.area("production"), delegation=thread.delegation,
        after=[step(thread, "build")], target_minutes=60, by=house.actor("technical"), now=house.at,
    )  # fmt: skip
    version = newer(house, lambda text: without("build")(text).replace(", build]", "]"))
    assert told(thread, version, house)["Probar"] == "by_hand"
    move(thread, version, house)
    assert ("Proyectar", "Probar") in links(thread)


def test_a_step_that_waited_again_begins_when_its_turn_comes(house: House) -> None:
    thread = offered_design_of(house)
    design = step(thread, "design")
    reopen_step(
        design, reason="Falta", seen=design.version, by=house.actor("technical"), now=house.later(hours=1)
    )
    assert not step(thread, "build").handoffs.filter(state__in=["draft", "offered"]).exists()
    move(thread, newer(house, lambda text: text.replace("3d, after: [design]", "3d")), house)
    assert open_handoff(step(thread, "build"))


def test_only_an_administrator_and_only_what_they_may_see(house: House) -> None:
    thread = branches(house)
    version = newer(house, add_painting)
    for who in ("technical", "director"):
        with refused(kind=NotAllowed):
            move(thread, version, house, by=house.actor(who))
    make_confidential(
        thread,
        readers=[house.person("technical")],
        seen=thread.version,
        by=house.actor("director"),
        now=house.at,
    )
    with refused("Only the people named", kind=NotAllowed):
        move(thread, version, house)


def test_who_looked_before_something_happened_looks_again(house: House) -> None:
    thread = branches(house)
    version = newer(house, add_painting)
    seen = standings_of([thread.pk])[thread.pk]
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    with refused("Look at what would happen now", kind=Stale):
        move(thread, version, house, seen=seen)
    move(thread, version, house)
    with refused("Nothing on this thread runs on another version"):
        move(thread, version, house)


def test_what_is_no_published_version_is_not_moved_to(house: House) -> None:
    thread = branches(house)
    draft = draft_template(add_painting(BRANCHES), by=house.actor("administrator"), now=house.at)
    with refused("Only a published version"):
        move(thread, draft, house)
    publish_version(draft, seen=draft.version, by=house.actor("administrator"), now=house.at)
    retire_template(draft, seen=draft.version, by=house.actor("administrator"), now=house.at)
    with refused("Only a published version"):
        move(thread, draft, house)


def test_a_paused_thread_waits(house: House) -> None:
    thread = branches(house)
    version = newer(house, add_painting)
    pause_thread(
        thread, reason="Cierran", until=house.at + timedelta(days=7), seen=thread.version,
        by=house.actor("technical"), now=house.at,
    )  # fmt: skip
    assert plan_of(thread, version, house).refusals == ("This thread is paused. Wake it first.",)
    with refused("paused"):
        move(thread, version, house)


def test_nothing_left_to_do_is_no_move(house: House) -> None:
    thread = branches(house)
    design = step(thread, "design")
    finish_step(design, seen=design.version, by=house.actor("technical"), now=house.later(hours=1))
    only = "code: branches\nname: Ramas\nkind: first_of_kind\nsteps:\n"
    only += "  - {key: design, name: Proyectar, area: technical, target: 2d}\n"
    version = a_published_template(only, now=house.at)
    with refused("Nothing would be left to do"):
        move(thread, version, house)


SUPPLY = """
code: supply
name: Suministro
kind: supply
runs_per_order: true
steps:
  - {key: take, name: Recoger, area: sales, target: 4h, weight: light, finishes: on_date}
  - key: send
    name: Enviar
    area: logistics
    target: 1d
    weight: light
    finishes: on_date
    after: [take]
    delivers: true
"""


def test_the_open_orders_of_a_supply_thread_move_together_and_the_closed_ones_stay(house: House) -> None:
    a_published_template(SUPPLY, now=house.at)
    supply = open_thread(
        customer=house.customer, title="Suministro", kind="supply", owner=house.person("sales"),
        by=house.actor("sales"), now=house.at,
    )  # fmt: skip
    orders = [place_order(supply, text=text, by=house.actor("sales"), now=house.at) for text in ("A", "B")]
    bill = "  - {key: bill, name: Facturar, area: aftersales, target: 1d, after: [send], weight: light}\n"
    version = a_published_template(SUPPLY + bill, now=house.at)
    type(orders[1]).objects.filter(pk=orders[1].pk).update(state="closed", closed_at=house.at)
    move(supply, version, house)
    numbers = dict(
        supply.work_items.filter(kind="order").values_list("order__text", "template_version__number")
    )
    assert numbers == {"A": 2, "B": 1}
    assert StepRun.objects.filter(thread=supply, name="Facturar").count() == 1
    assert (
        place_order(supply, text="C", by=house.actor("sales"), now=house.at).work_item.template_version
        == version
    )


def test_moving_again_and_back_leaves_a_sound_graph(house: House) -> None:
    thread = branches(house)
    for change in (add_painting, later_build, without("nothing"), add_painting):
        try:
            move(thread, newer(house, change), house)
        except RuleViolation as refusal:
            pytest.fail(str(refusal))
        runs = list(thread.step_runs.all())
        before: dict[int, list[int]] = {}
        for link in StepRunLink.objects.filter(after__in=runs):
            before.setdefault(link.after_id, []).append(link.before_id)
        assert len(in_order(runs, before)) == len(runs)
    assert a_thread(house, TemplateVersion.objects.get(state="published"), owner="technical")
