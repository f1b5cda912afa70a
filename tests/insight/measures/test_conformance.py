"""Cases beside the mainstream, a template in YAML, and a BPMN model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from hilo.insight.measures import conformance
from hilo.insight.measures.intended import Intended, from_bpmn, from_yaml, read_intended
from hilo.insight.raw import Unreadable
from hilo.insight.results import Conformance
from hilo.insight.speaking import _, speak
from tests.insight.measures import twins
from tests.insight.measures.logs import Row, log_of
from tests.insight.measures.strategies import many_cases, rows

SEEDS = Path(__file__).resolve().parents[3] / "hilo" / "work" / "templates_seed"


def bare(found: Conformance) -> Conformance:
    return replace(found, against=_("none"))


def cases(*sequences: str) -> list[Row]:
    """One letter per activity: "ABC" is a case that runs A, B, C."""
    return [
        Row(f"{number}", letter, place)
        for number, letters in enumerate(sequences)
        for place, letter in enumerate(letters)
    ]


@given(rows() | many_cases())
def test_mainstream_agrees_with_its_twin(events: list[Row]) -> None:
    assert bare(conformance(log_of(events))) == twins.mainstream(events)


def test_mainstream_names_what_is_left_out_strange_and_in_disorder() -> None:
    found = conformance(log_of(cases(*["ABC"] * 12, "AC", "ABXC", "ACB")))
    assert found.conforming_cases == 12
    assert found.skipped == (("B", 1),)
    assert found.unexpected == (("X", 1),)
    assert found.out_of_order == (("A", "C", 2), ("C", "B", 1))


def test_a_log_in_which_every_case_runs_alike_conforms() -> None:
    found = conformance(log_of(cases("AB", "AB")))
    assert bare(found) == Conformance(_("none"), 2, (), (), ())
    assert speak(found.against, "en") == "what 80 % of the cases do"


YAML = """
name: Supply
steps:
  - {key: order, name: Order}
  - {key: check, name: Check, after: [order]}
  - {key: ship, name: Ship, after: [check]}
  - {key: bill, name: Bill, after: [order], required: false}
"""
ORDER = [("Order", "Check"), ("Order", "Ship"), ("Check", "Ship"), ("Order", "bill")]


@given(rows() | many_cases())
def test_template_agrees_with_its_twin(events: list[Row]) -> None:
    intended = from_yaml(YAML.replace("name: Bill", "name: bill").encode(), "supply.yml")
    found = bare(conformance(log_of(events), intended))
    assert found == twins.along(events, ["Order", "Check", "Ship"], ORDER)


def test_activities_are_known_by_name_or_key_whatever_their_case_and_spaces() -> None:
    found = conformance(log_of(_named("ORDER", "check", " ship ")), from_yaml(YAML.encode(), "supply.yml"))
    assert found.conforming_cases == 1


def _named(*names: str) -> list[Row]:
    return [Row("1", name, place) for place, name in enumerate(names)]


def test_order_holds_across_a_step_that_was_left_out() -> None:
    found = conformance(log_of(_named("Ship", "Order")), from_yaml(YAML.encode(), "supply.yml"))
    assert found.out_of_order == (("Ship", "Order", 1),)
    assert found.skipped == (("Check", 1),)


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.yaml")), ids=lambda path: path.name)
def test_the_templates_of_the_house_can_be_read(path: Path) -> None:
    intended = read_intended(path)
    assert len(intended.steps) > 1
    assert any(step.after for step in intended.steps)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("steps: [", "t.yml is not YAML"),
        ("name: x", "t.yml names no steps"),
        ("steps: []", "t.yml names no steps"),
        ("steps: [{name: A, after: [B]}]", "t.yml has a step after “B”, which is not there."),
    ],
)
def test_what_is_no_template_is_refused_in_a_sentence(content: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        from_yaml(content.encode(), "t.yml")


def bpmn(*elements: str, prolog: str = "") -> bytes:
    namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    process = f'<d:process name="Supply">{"".join(elements)}</d:process>'
    return f'{prolog}<d:definitions xmlns:d="{namespace}">{process}</d:definitions>'.encode()


def nodes(**kinds: str) -> str:
    """Each id with its kind; tasks have their id as name."""
    return "".join(f'<d:{kind} id="{node}" name="{node}"/>' for node, kind in kinds.items())


def flows(text: str) -> str:
    ways = (way.split(">") for way in text.split())
    return "".join(f'<d:sequenceFlow sourceRef="{a}" targetRef="{b}"/>' for a, b in ways)


def precedence(intended: Intended) -> dict[str, set[str]]:
    names = [step.names[0] for step in intended.steps]
    return {name: {names[p] for p in step.after} for name, step in zip(names, intended.steps, strict=True)}


def test_of_parallel_branches_both_are_required_and_neither_comes_first() -> None:
    model = bpmn(
        nodes(s="startEvent", A="task", f="parallelGateway", B="userTask", C="task"),
        nodes(j="parallelGateway", D="serviceTask", e="endEvent"),
        flows("s>A A>f f>B f>C B>j C>j j>D D>e"),
    )
    intended = from_bpmn(model, "m.bpmn")
    assert intended.name == "Supply"
    assert all(step.is_required for step in intended.steps)
    assert precedence(intended) == {"A": set(), "B": {"A"}, "C": {"A"}, "D": {"A", "B", "C"}}
    found = conformance(log_of(cases("ABCD", "ACBD", "ADBC", "ABD")), intended)
    assert found.conforming_cases == 2
    assert found.out_of_order == (("D", "B", 1), ("D", "C", 1))
    assert found.skipped == (("C", 1),)


def test_of_exclusive_branches_neither_is_required_and_a_loop_may_be_run_again() -> None:
    model = bpmn(
        nodes(s="startEvent", A="task", x="exclusiveGateway", B="task", C="task"),
        nodes(m="exclusiveGateway", D="task", again="exclusiveGateway", e="endEvent"),
        flows("s>A A>x x>B x>C B>m C>m m>D D>again again>A again>e"),
    )
    intended = from_bpmn(model, "m.bpmn")
    required = {step.names[0] for step in intended.steps if step.is_required}
    assert required == {"A", "D"}
    assert precedence(intended) == {"A": set(), "B": {"A"}, "C": {"A"}, "D": {"A"}}
    found = conformance(log_of(cases("ABD", "ACDABD", "DAB")), intended)
    assert found.conforming_cases == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bpmn(prolog='<!DOCTYPE d [<!ENTITY a "b">]>'), "declares a document type"),
        (b"<open>", "m.bpmn is broken XML at line 1"),
        (bpmn(nodes(s="startEvent")), "m.bpmn has no task with a name"),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        from_bpmn(content, "m.bpmn")
