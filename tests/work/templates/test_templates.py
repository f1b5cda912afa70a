"""Processes as text: read with every fault at its line, versioned, seeded (SPEC 3.1-3.3)."""

from __future__ import annotations

import pytest

from hilo.errors import NotAllowed, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.work.commands.templates import (
    SEEDS,
    draft_template,
    export_template,
    publish_version,
    published_version,
    retire_template,
    seed_templates,
)
from hilo.work.models import ProcessTemplate, Step, TemplateVersion
from hilo.work.template_text import FaultyTemplate, duration
from tests.factories.work import TWO_STEPS, House
from tests.work.watching import refused

GOOD = TWO_STEPS % {"weight": "full"}


def faults_of(house: House, text: str) -> list[str]:
    with pytest.raises(FaultyTemplate) as refusal:
        draft_template(text, by=system(), now=house.at)
    assert not ProcessTemplate.objects.exists() and not Step.objects.exists()
    return refusal.value.faults


def with_steps(*steps: str) -> str:
    return "code: x\nname: X\nkind: service\nsteps:\n" + "\n".join(f"  - {{{step}}}" for step in steps)


FAULTS = [
    (with_steps(), "Line 1: A process needs at least one step."),
    (
        with_steps("key: a, name: A, area: sales, target: 1d", "key: a, name: B, area: sales, target: 1d"),
        "Line 6, step “a”: two steps are called “a”.",
    ),
    (
        with_steps("key: a, name: A, area: nowhere, target: 1d"),
        "Line 5, step “a”: there is no area “nowhere”. Use its code.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 0d"),
        "Line 5, step “a”: “target” needs working time like 90m, 4h or 2d, more than zero.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 3 weeks"),
        "Line 5, step “a”: “target” needs working time like 90m, 4h or 2d, more than zero.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 1d, after: [b]"),
        "Line 5, step “a”: it comes after “b”, which does not exist.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 1d, after: [a]"),
        "Line 5, step “a”: it waits for itself in a circle.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 1d, wieght: light"),
        "Line 5, step “a”: nobody knows the field “wieght”.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 1d, weight: heavy"),
        "Line 5, step “a”: “weight” is one of: light, full.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 1d, needs: [{key: n, text: N, prefill: magic}]"),
        "Line 5, step “a”: “prefill” is one of: approved_document, contacts, deadline, order, "
        "previous_step, promises, purpose, requirements.",
    ),
    (
        with_steps("key: a, name: A, area: sales, target: 1d, delivers: perhaps"),
        "Line 5, step “a”: “delivers” needs true or false.",
    ),
    (
        with_steps("key: Año, name: A, area: sales, target: 1d"),
        "Line 5, step “Año”: “key” needs small letters without accents, digits and hyphens, at most 40.",
    ),
    (
        "code: x\nname: [X]\nkind: service\nsteps: [{key: a, name: A, area: sales, target: 1d}]",
        "Line 1: “name” needs a text.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), FAULTS)
def test_a_fault_is_told_with_its_line_and_step(house: House, text: str, sentence: str) -> None:
    assert faults_of(house, text) == [sentence]


def test_all_faults_are_told_at_once(house: House) -> None:
    text = with_steps("key: a, name: A, area: x, target: 1d", "key: b, name: '', area: sales, target: 1")
    assert [fault[:22] for fault in faults_of(house, text)] == [
        "Line 5, step “a”: ther",
        "Line 6, step “b”: “nam",
        "Line 6, step “b”: “tar",
    ]


def test_a_circle_is_named_step_by_step_but_not_what_hangs_from_it(house: House) -> None:
    text = with_steps(
        "key: a, name: A, area: sales, target: 1d, after: [c]",
        "key: b, name: B, area: sales, target: 1d, after: [a]",
        "key: c, name: C, area: sales, target: 1d, after: [b]",
        "key: d, name: D, area: sales, target: 1d, after: [c]",
    )
    assert [fault.split("“")[1][0] for fault in faults_of(house, text)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "- a\n- b",
        "code: [",
        "a: &x [1]\nb: *x",
        "!!python/object/apply:os.system ['true']",
        "\x00",
        "code: \x07",
        "[" * 5000,
        "steps: 3",
        "steps: [3]",
        "? [a]\n: b",
        "x" * 300_000,
    ],
)
def test_what_is_no_process_is_refused_with_a_sentence(house: House, text: str) -> None:
    faults = faults_of(house, text)
    assert faults and all(fault.endswith(".") for fault in faults)


def test_an_unreadable_line_is_named(house: House) -> None:
    assert faults_of(house, "code: x\nname: [\n")[0].startswith("Line 3 cannot be read as YAML")


# Versions -------------------------------------------------------------------------------------------------


def test_draft_publish_retire(house: House) -> None:
    by = house.actor("administrator")
    first = draft_template(GOOD, by=by, now=house.at)
    assert (first.number, first.state, published_version("new_account")) == (1, "draft", None)
    with refused("Somebody changed this", kind=Stale):
        publish_version(first, seen=first.version - 1, by=by, now=house.at)
    first.refresh_from_db()
    publish_version(first, seen=first.version, by=by, now=house.at)
    assert published_version("new_account") == first

    second = draft_template(GOOD, by=by, now=house.at)
    publish_version(second, seen=second.version, by=by, now=house.at)
    first.refresh_from_db()
    assert (second.number, first.state, published_version("new_account")) == (2, "retired", second)
    assert LedgerEvent.objects.filter(kind="template.published").last().facts == {"number": 2, "retired": 1}
    with refused("Only a draft"):
        publish_version(first, seen=first.version, by=by, now=house.at)

    second.refresh_from_db()
    retire_template(second, seen=second.version, by=by, now=house.at)
    assert published_version("new_account") is None
    with refused("retired already"):
        retire_template(second, seen=second.version, by=by, now=house.at)


@pytest.mark.parametrize("who", ["sales", "director"])
def test_only_an_administrator_manages_processes(house: House, who: str) -> None:
    version = draft_template(GOOD, by=system(), now=house.at)
    with refused("", kind=NotAllowed):
        draft_template(GOOD, by=house.actor(who), now=house.at)
    with refused("", kind=NotAllowed):
        publish_version(version, seen=version.version, by=house.actor(who), now=house.at)
    with refused("", kind=NotAllowed):
        retire_template(version, seen=version.version, by=house.actor(who), now=house.at)
    with refused("", kind=NotAllowed):
        seed_templates(by=house.actor(who), now=house.at)


def test_a_code_keeps_its_kind_and_may_change_its_name(house: House) -> None:
    draft_template(GOOD, by=system(), now=house.at)
    with refused("a process of another kind", kind=FaultyTemplate):
        draft_template(GOOD.replace("new_account", "service"), by=system(), now=house.at)
    draft_template(GOOD.replace("Dos pasos", "Alta"), by=system(), now=house.at)
    assert ProcessTemplate.objects.get().name == "Alta"


# There and back -------------------------------------------------------------------------------------------


def test_what_is_exported_reads_back_the_same(house: House) -> None:
    for path in sorted(SEEDS.glob("*.yaml")):
        version = draft_template(path.read_text(encoding="utf-8"), by=system(), now=house.at)
        text = export_template(version)
        again = draft_template(text, by=system(), now=house.at)
        assert export_template(again) == text
        assert contents(again) == contents(version)


def contents(version: TemplateVersion) -> list[dict[str, object]]:
    steps = version.steps.prefetch_related("links_before__before")
    return [
        {
            field.name: getattr(step, field.attname)
            for field in Step._meta.concrete_fields
            if field.name not in ("id", "template_version")
        }
        | {"after": {link.before.key for link in step.links_before.all()}}
        for step in steps
    ]


@pytest.mark.parametrize(
    ("minutes", "text"), [(90, "90m"), (240, "4h"), (480, "1d"), (960, "2d"), (500, "500m")]
)
def test_durations_take_the_largest_whole_unit(minutes: int, text: str) -> None:
    assert duration(minutes) == text


# Seeds ----------------------------------------------------------------------------------------------------


def test_the_five_kinds_come_ready_and_seeding_again_does_nothing(house: House) -> None:
    assert len(seed_templates(by=system(), now=house.at)) == 5
    events = LedgerEvent.objects.count()
    assert seed_templates(by=system(), now=house.at) == []
    assert LedgerEvent.objects.count() == events
    for kind in ("new_account", "supply", "first_of_kind", "service", "complaint"):
        assert published_version(kind) is not None


def test_the_first_of_its_kind_is_looked_at_together_before_anything_is_promised(house: House) -> None:
    seed_templates(by=system(), now=house.at)
    version = published_version("first_of_kind")
    assert version is not None
    look = version.steps.get(is_joint_look=True)
    assert look.consulted == ["purchasing", "production", "logistics", "aftersales"]
    branches = version.steps.filter(links_before__before__key="proyecto")
    assert {branch.area.code for branch in branches} == {"purchasing", "production"}


def test_every_step_of_an_ordinary_order_is_light_and_ends_on_its_date(house: House) -> None:
    seed_templates(by=system(), now=house.at)
    version = published_version("supply")
    assert version is not None and version.template.runs_per_order
    assert set(version.steps.values_list("weight", "finishes")) == {("light", "on_date")}
    assert version.steps.get(delivers=True).area.code == "logistics"


def test_a_company_without_those_areas_is_seeded_with_what_fits(db: None) -> None:
    from tests.factories.parties import NOW, an_area

    an_area("comercial", "Comercial")
    assert seed_templates(by=system(), now=NOW) == []
