"""A draft edited step by step: the rules of its text, one event each, the later of two is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.ledger.reading import open_texts
from hilo.parties.actor import system
from hilo.parties.models import Area
from hilo.work.commands.drafting import (
    add_draft_step,
    begin_draft,
    begin_process,
    change_draft_step,
    draft_from_bpmn,
    move_draft_step,
    remove_draft_step,
)
from hilo.work.commands.templates import (
    amend_draft,
    draft_template,
    publish_version,
    rename_process,
    retire_template,
)
from hilo.work.models import StepLink, TemplateVersion
from hilo.work.template_rows import text_of
from hilo.work.template_rules import StepText
from tests.factories.causes import an_analysis, lost_in_handoff
from tests.factories.quality import make_case
from tests.factories.work import BRANCHES, House, a_published_template
from tests.work.watching import refused


def published(house: House) -> TemplateVersion:
    return a_published_template(BRANCHES, now=house.at)


def draft_of(house: House) -> TemplateVersion:
    return begin_draft(published(house), by=house.actor("administrator"), now=house.at)


def step(version: TemplateVersion, key: str) -> StepText:
    return next(each for each in text_of(version).steps if each.key == key)


def change(house: House, draft: TemplateVersion, key: str, **facts: Any) -> None:
    becomes = replace(step(draft, key), **facts)
    by = house.actor("administrator")
    change_draft_step(draft, key=key, becomes=becomes, seen=draft.version, by=by, now=house.at)


def add(house: House, draft: TemplateVersion, **facts: Any) -> None:
    new = StepText(**{"key": "", "area": "sales", "target_minutes": 480, **facts})
    add_draft_step(draft, step=new, seen=draft.version, by=house.actor("administrator"), now=house.at)


def last_event() -> tuple[str, dict[str, Any]]:
    event = LedgerEvent.objects.latest("id")
    return event.kind, event.facts


def test_a_draft_begins_as_a_copy_and_what_is_published_stays(house: House) -> None:
    version = published(house)
    draft = begin_draft(version, by=house.actor("administrator"), now=house.at)
    assert (draft.number, draft.state) == (2, "draft")
    assert text_of(draft) == text_of(version)
    change(house, draft, "buy", name="Comprar fuera")
    assert step(version, "buy").name == "Comprar la llenadora"
    with refused("Version 2 is a draft already"):
        begin_draft(version, by=house.actor("administrator"), now=house.at)
    retire_template(draft, seen=draft.version, by=system(), now=house.at)
    assert begin_draft(version, by=house.actor("administrator"), now=house.at).number == 3


def test_nobody_but_an_administrator_edits(house: House) -> None:
    draft = draft_of(house)
    for who in ("sales", "director"):
        facts: dict[str, Any] = {"seen": draft.version, "by": house.actor(who), "now": house.at}
        with refused(kind=NotAllowed):
            change_draft_step(draft, key="buy", becomes=replace(step(draft, "buy"), name="x"), **facts)
        with refused(kind=NotAllowed):
            add_draft_step(draft, step=replace(step(draft, "buy"), key="", name="x"), **facts)
        with refused(kind=NotAllowed):
            remove_draft_step(draft, key="buy", **facts)
        with refused(kind=NotAllowed):
            move_draft_step(draft, key="buy", to=1, **facts)
        with refused(kind=NotAllowed):
            begin_draft(draft, by=house.actor(who), now=house.at)
        with refused(kind=NotAllowed):
            begin_process(code="x", name="X", kind="service", by=house.actor(who), now=house.at)
        with refused(kind=NotAllowed):
            draft_from_bpmn(b"<x/>", kind="service", by=house.actor(who), now=house.at)


@pytest.mark.parametrize("state", ["published", "retired"])
def test_what_is_no_draft_is_never_changed(house: House, state: str) -> None:
    version = published(house)
    if state == "retired":
        retire_template(version, seen=version.version, by=system(), now=house.at)
    facts: dict[str, Any] = {"by": house.actor("administrator"), "now": house.at, "seen": version.version}
    with refused("Only a draft can be changed"):
        change_draft_step(version, key="buy", becomes=replace(step(version, "buy"), name="x"), **facts)
    with refused("Only a draft can be changed"):
        add_draft_step(version, step=replace(step(version, "buy"), key="", name="x"), **facts)
    with refused("Only a draft can be changed"):
        remove_draft_step(version, key="buy", **facts)
    with refused("Only a draft can be changed"):
        move_draft_step(version, key="buy", to=1, **facts)


def test_each_change_is_one_event_that_says_what_and_not_the_words(house: House) -> None:
    draft = draft_of(house)
    change(house, draft, "buy", name="Comprar fuera", delivers=True, exit=("Mirar el plazo",))
    assert last_event() == (
        "template.step_changed",
        {"number": 2, "step": "buy", "fields": ["name", "exit", "delivers"]},
    )
    add(house, draft, name="Avisar al cliente", after=("mount",))
    assert last_event() == ("template.step_added", {"number": 2, "step": "avisar-al-cliente"})
    by = house.actor("administrator")
    move_draft_step(draft, key="mount", to=1, seen=draft.version, by=by, now=house.at)
    assert last_event() == ("template.step_moved", {"number": 2, "step": "mount", "position": 1})
    assert text_of(draft).steps[0].key == "mount"
    remove_draft_step(draft, key="design", seen=draft.version, by=by, now=house.at)
    assert last_event() == ("template.step_removed", {"number": 2, "step": "design"})
    assert step(draft, "buy").after == ()
    assert draft.version == 5


def test_what_came_after_a_removed_step_comes_after_what_it_waited_for(house: House) -> None:
    draft = draft_of(house)
    by = house.actor("administrator")
    remove_draft_step(draft, key="buy", seen=draft.version, by=by, now=house.at)
    assert step(draft, "mount").after == ("design", "build")


def test_two_people_at_once_and_the_later_one_is_told(house: House) -> None:
    draft = draft_of(house)
    seen = draft.version
    change(house, draft, "buy", name="Comprar fuera")
    with refused("Somebody changed this", kind=Stale):
        by = house.actor("administrator")
        becomes = replace(step(draft, "build"), name="y")
        change_draft_step(draft, key="build", becomes=becomes, seen=seen, by=by, now=house.at)


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("design", {"after": ("mount",)}, "after", "It waits for itself in a circle."),
    ("buy", {"after": ("buy",)}, "after", "It waits for itself in a circle."),
    ("buy", {"after": ("nothing",)}, "after", "It comes after “nothing”, which does not exist."),
    ("buy", {"name": "MONTAR"}, "name", "Another step is named “Montar” too."),
    ("buy", {"name": " "}, "name", "“name” needs a text."),
    ("buy", {"name": "x" * 121}, "name", "“name” fits 120 characters."),
    ("buy", {"name": "ab\u202ecd"}, "name", "“name” has an invisible character."),
    ("buy", {"area": "nowhere"}, "area", "There is no area “nowhere”. Use its code."),
    ("buy", {"consulted": ("nowhere",)}, "consulted", "There is no area “nowhere”. Use its code."),
    (
        "buy",
        {"target_minutes": 0},
        "target",
        "“target” needs working time like 90m, 4h or 2d, more than zero.",
    ),
    ("buy", {"exit": ("x" * 201,)}, "exit", "“exit” needs a list of short texts."),
    (
        "buy",
        {"exit": tuple(f"Mirar {n}" for n in range(101))},
        "exit",
        "“exit” has 101 lines: nobody reads more than 100. Shorten it.",
    ),
    ("buy", {"value": "gold"}, "value", "“value” is one of: customer, ours, waste."),
    ("buy", {"weight": "heavy"}, "weight", "“weight” is one of: light, full."),
    ("buy", {"finishes": "never"}, "finishes", "“finishes” is one of: by_hand, on_date."),
    (
        "buy",
        {"needs": ({"key": "a", "text": "A", "required": True},) * 2},
        "needs",
        "Two needs are called “a”.",
    ),
    (
        "buy",
        {"needs": ({"key": "Ñ", "text": "A", "required": True},)},
        "needs",
        "“key” needs small letters without accents, digits and hyphens, at most 40.",
    ),
    ("buy", {}, "", "That is what it says already."),
]


@pytest.mark.parametrize(("key", "facts", "field", "sentence"), FAULTS)
def test_the_rules_of_the_text_hold_beside_the_field(
    house: House, key: str, facts: dict[str, Any], field: str, sentence: str
) -> None:
    draft = draft_of(house)
    with refused(sentence.replace("(", r"\("), field=field or None):
        change(house, draft, key, **facts)


def test_a_new_step_is_refused_by_the_same_rules(house: House) -> None:
    draft = draft_of(house)
    with refused("Two steps are called “buy”", field="key"):
        add(house, draft, key="buy", name="Otra cosa")
    with refused("Another step is named “montar” too", field="name"):
        add(house, draft, name="montar")
    add(house, draft, name="Montar después")
    add(house, draft, name="Montar; después")
    assert {"montar-despues", "montar-despues-2"} <= {each.key for each in text_of(draft).steps}


def test_what_is_not_there_any_more_is_said(house: House) -> None:
    draft, by = draft_of(house), house.actor("administrator")
    with refused("no longer has this step"):
        remove_draft_step(draft, key="gone", seen=draft.version, by=by, now=house.at)
    for to in (0, 2, 5):
        with refused("no other place", field="to"):
            move_draft_step(draft, key="buy", to=to, seen=draft.version, by=by, now=house.at)


def test_a_new_process_begins_empty_and_is_not_published_so(house: House) -> None:
    by = house.actor("administrator")
    draft = begin_process(code="", name="Puesta en marcha", kind="service", by=by, now=house.at)
    assert (draft.template.code, draft.number) == ("puesta-en-marcha", 1)
    with refused("has no step yet"):
        publish_version(draft, seen=draft.version, by=by, now=house.at)
    with refused("has that code already", field="code"):
        begin_process(code="puesta-en-marcha", name="Otra", kind="service", by=by, now=house.at)
    with refused("options", field="kind"):
        begin_process(code="x", name="Otra", kind="nothing", by=by, now=house.at)
    add(house, draft, name="Llegar")
    publish_version(draft, seen=draft.version, by=by, now=house.at)
    assert draft.state == "published"


def test_a_step_that_nothing_leads_to_is_not_published(house: House) -> None:
    draft, by = draft_of(house), house.actor("administrator")
    add(house, draft, name="Suelto")
    with refused("Nothing leads to “Suelto” and it leads nowhere"):
        publish_version(draft, seen=draft.version, by=by, now=house.at)
    change(house, draft, "suelto", after=("mount",))
    publish_version(draft, seen=draft.version, by=by, now=house.at)
    assert draft.state == "published"


def test_an_area_that_ended_does_not_keep_the_other_steps_from_being_changed(house: House) -> None:
    draft = draft_of(house)
    area = Area.objects.filter(code="purchasing")
    area.update(started_on=house.at.date() - timedelta(days=9), ended_on=house.at.date() - timedelta(days=1))
    change(house, draft, "build", name="Construirlo")
    with refused("no longer exists", field="area"):
        publish_version(draft, seen=draft.version, by=system(), now=house.at)


def test_a_step_keeps_its_row_so_what_points_to_it_still_does(house: House) -> None:
    draft = draft_of(house)
    row = draft.steps.get(key="buy")
    amend_draft(
        draft.template,
        step_key="buy",
        where="needs",
        line="El albarán",
        key="albaran",
        by=house.actor("sales"),
        now=house.at,
    )
    draft.refresh_from_db()
    change(house, draft, "design", name="Proyectarlo")
    assert draft.steps.get(pk=row.pk).needs[-1]["key"] == "albaran"
    assert StepLink.objects.filter(after__template_version=draft).count() == 4


def test_a_step_that_a_search_for_causes_points_to_is_not_removed(house: House) -> None:
    draft = draft_of(house)
    analysis = an_analysis(house, make_case(house))
    lost_in_handoff(house, analysis, draft.steps.get(key="buy"))
    with refused("A search for causes points to this step"):
        remove_draft_step(draft, key="buy", seen=draft.version, by=house.actor("administrator"), now=house.at)


# The name ------------------------------------------------------------------------------------------------


def test_a_process_is_renamed_in_all_its_versions_and_what_runs_on_it_goes_on(house: House) -> None:
    draft = draft_of(house)
    process, by = draft.template, house.actor("administrator")
    old = process.name
    rename_process(process, name="  Puesta en   marcha ", seen=process.version, by=by, now=house.at)
    process.refresh_from_db()
    assert (process.name, process.code) == ("Puesta en marcha", "branches")
    event = LedgerEvent.objects.latest("id")
    assert (event.kind, event.subject_type, event.subject_id) == ("template.renamed", "template", process.pk)
    assert sorted(open_texts([event]).values()) == sorted([old, "Puesta en marcha"])
    assert {text_of(each).name for each in process.versions.all()} == {"Puesta en marcha"}


def test_the_name_it_has_is_no_change(house: House) -> None:
    process, events = draft_of(house).template, LedgerEvent.objects.count()
    by = house.actor("administrator")
    rename_process(process, name=process.name, seen=process.version, by=by, now=house.at)
    assert LedgerEvent.objects.count() == events


def test_renaming_asks_for_a_name_the_right_and_what_was_seen(house: House) -> None:
    process, by = draft_of(house).template, house.actor("administrator")
    facts = {"seen": process.version, "now": house.at}
    with refused("Give the process a name", field="name"):
        rename_process(process, name="  ", by=by, **facts)
    for who in ("sales", "technical"):
        with refused("", kind=NotAllowed):
            rename_process(process, name="Otra", by=house.actor(who), **facts)
    rename_process(process, name="Una", by=by, **facts)
    with refused("Somebody changed this", kind=Stale):
        rename_process(process, name="Otra", by=by, **facts)


def test_a_text_with_another_name_renames_on_record(house: House) -> None:
    process = published(house).template
    text = BRANCHES.replace(f"name: {process.name}", "name: Otra manera")
    draft_template(text, by=house.actor("administrator"), now=house.at)
    process.refresh_from_db()
    assert process.name == "Otra manera"
    kinds = LedgerEvent.objects.order_by("-id").values_list("kind", flat=True)[:2]
    assert list(kinds) == ["template.drafted", "template.renamed"]
