"""BPMN that others drew: what fits is taken, what does not is said, what attacks is refused."""

from __future__ import annotations

import pytest

from hilo.work.bpmn.reading import LEAVE_OUT, BpmnRead, lanes_in, read_bpmn
from hilo.work.bpmn.tree import DEEPEST
from hilo.work.template_rules import FaultyTemplate

CODES = {"comercial": "sales", "sales": "sales", "taller": "production", "production": "production"}

# As bpmn.io writes it: a collaboration, a pool with lanes, another pool, a message between them.
COLLABORATION = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:collaboration id="Collaboration_1">
    <bpmn:participant id="Participant_1" name="Reparaciones" processRef="Process_1" />
    <bpmn:participant id="Participant_2" name="Cliente" />
    <bpmn:messageFlow id="Flow_m" sourceRef="Participant_2" targetRef="Activity_1" />
  </bpmn:collaboration>
  <bpmn:process id="Process_1" isExecutable="false">
    <bpmn:laneSet id="LaneSet_1">
      <bpmn:lane id="Lane_1" name="COMERCIAL"><bpmn:flowNodeRef>Activity_1</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="Lane_2" name="Taller"><bpmn:flowNodeRef>Activity_2</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Activity_3</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Start"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:task id="Activity_1" name="Recoger&#10;la avería" />
    <bpmn:exclusiveGateway id="Gateway_1" name="¿En garantía?" />
    <bpmn:userTask id="Activity_2" name="Reparar gratis" />
    <bpmn:scriptTask id="Activity_3" name="Presupuestar" />
    <bpmn:exclusiveGateway id="Gateway_2" />
    <bpmn:subProcess id="Activity_4" name="Devolver"><bpmn:task id="Inner" name="Embalar" /></bpmn:subProcess>
    <bpmn:intermediateCatchEvent id="Event_1" name="Esperar una semana" />
    <bpmn:boundaryEvent id="Event_2" attachedToRef="Activity_2" />
    <bpmn:endEvent id="End" />
    <bpmn:dataObjectReference id="Data_1" />
    <bpmn:textAnnotation id="Text_1" />
    <bpmn:sequenceFlow id="F1" sourceRef="Start" targetRef="Activity_1" />
    <bpmn:sequenceFlow id="F2" sourceRef="Activity_1" targetRef="Gateway_1" />
    <bpmn:sequenceFlow id="F3" sourceRef="Gateway_1" targetRef="Activity_2" />
    <bpmn:sequenceFlow id="F4" sourceRef="Gateway_1" targetRef="Activity_3" />
    <bpmn:sequenceFlow id="F5" sourceRef="Activity_2" targetRef="Gateway_2" />
    <bpmn:sequenceFlow id="F6" sourceRef="Activity_3" targetRef="Gateway_2" />
    <bpmn:sequenceFlow id="F7" sourceRef="Gateway_2" targetRef="Event_1" />
    <bpmn:sequenceFlow id="F8" sourceRef="Event_1" targetRef="Activity_4" />
    <bpmn:sequenceFlow id="F9" sourceRef="Activity_4" targetRef="End" />
    <bpmn:sequenceFlow id="F10" sourceRef="Gateway_2" targetRef="Activity_1" />
    <bpmn:sequenceFlow id="F11" sourceRef="Event_2" targetRef="Activity_3" />
  </bpmn:process>
</bpmn:definitions>"""


def read(text: str, **lanes: str) -> BpmnRead:
    return read_bpmn(text.encode(), CODES, lanes=lanes)


def test_a_collaboration_is_taken_with_its_lanes_and_everything_left_out_is_said() -> None:
    found = read(COLLABORATION, Participant_1="production")
    assert (found.process.code, found.process.name) == ("reparaciones", "Reparaciones")
    assert [(s.key, s.name, s.area, s.after) for s in found.process.steps] == [
        ("recoger-la-averia", "Recoger la avería", "sales", ()),
        ("reparar-gratis", "Reparar gratis", "production", ("recoger-la-averia",)),
        ("presupuestar", "Presupuestar", "production", ("recoger-la-averia",)),
        ("devolver", "Devolver", "production", ("reparar-gratis", "presupuestar")),
    ]
    said = "\n".join(found.notes)
    for part in (
        "“¿En garantía?” (Gateway_1) chooses a way",
        "The way back from (Gateway_2) to “Recoger la avería” (Activity_1) is left out",
        "“Esperar una semana” (Event_1) is left out",
        "“Presupuestar” (Activity_3) ran by itself",
        "“Devolver” (Activity_4) is one step",
        "1 flow from an event at the edge of a step",
        "4 things beside the flow",
        "“Reparar gratis” (Activity_2) says no target",
    ):
        assert part in said, part


def test_a_lane_that_is_no_area_is_named_and_can_be_said_or_left_out() -> None:
    with pytest.raises(FaultyTemplate) as refusal:
        read(COLLABORATION)
    assert refusal.value.faults == [
        "The lane “Reparaciones” (Participant_1) is no area of ours. "
        "Say which area it is, or leave its steps out."
    ]
    lanes = {lane.id: (lane.area, lane.steps) for lane in lanes_in(COLLABORATION.encode(), CODES)}
    assert lanes == {"Lane_1": ("sales", 1), "Lane_2": ("production", 2), "Participant_1": ("", 1)}
    found = read(COLLABORATION, Participant_1=LEAVE_OUT)
    assert [step.name for step in found.process.steps][-1] == "Presupuestar"
    assert "1 step of the lane “Reparaciones” (Participant_1) is left out, as you chose." in found.notes


def process(inside: str, head: str = 'name="Algo"') -> str:
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
        f'<process id="P" {head}><laneSet id="L"><lane id="L1" name="Taller">'
        + "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in "ABC")
        + f"</lane></laneSet>{inside}</process></definitions>"
    )


A_TO_B = (
    '<task id="A" name="Uno"/><task id="B" name="Dos"/><sequenceFlow id="f" sourceRef="A" targetRef="B"/>'
)


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyTemplate) as refusal:
        read(text)
    return refusal.value.faults


def test_every_fault_names_the_element() -> None:
    circle = A_TO_B + '<sequenceFlow id="g" sourceRef="B" targetRef="A"/>'
    assert faults(process(circle)) == [
        "“Uno” (A): it waits for itself in a circle.",
        "“Dos” (B): it waits for itself in a circle.",
    ]
    assert faults(process(A_TO_B.replace("Dos", "uno"))) == ["“uno” (B): another step is named “uno” too."]
    assert faults(process('<task id="A"/>')) == ["(A): “name” needs a text."]
    assert faults(process("")) == ["A process needs at least one step."]
    bad = '<extensionElements><h:step xmlns:h="urn:hilo:process:1" key="a" target="x"/></extensionElements>'
    assert faults(process(f'<task id="A" name="Uno">{bad}</task>')) == [
        "“Uno” (A): “target” needs working time like 90m, 4h or 2d, more than zero."
    ]


def test_the_name_and_the_lane_of_a_file_of_ours_win_over_what_it_was_called_here() -> None:
    own = (
        '<extensionElements><h:step xmlns:h="urn:hilo:process:1" key="k" target="4h" delivers="true"/>'
        "</extensionElements>"
    )
    found = read(process(f'<task id="A" name="Renombrado en el modelador">{own}</task>'))
    step = found.process.steps[0]
    assert (step.key, step.name, step.area, step.target_minutes, step.delivers) == (
        "k", "Renombrado en el modelador", "production", 240, True,
    )  # fmt: skip


def test_parallel_branches_and_longer_ways_round_are_contracted_to_what_waits_for_what() -> None:
    ways = (
        '<task id="A" name="Uno"/><task id="B" name="Dos"/><task id="C" name="Tres"/>'
        '<parallelGateway id="G"/><parallelGateway id="H"/>'
        '<sequenceFlow id="1" sourceRef="A" targetRef="G"/><sequenceFlow id="2" sourceRef="G" targetRef="B"/>'
        '<sequenceFlow id="3" sourceRef="G" targetRef="H"/><sequenceFlow id="4" sourceRef="B" targetRef="H"/>'
        '<sequenceFlow id="5" sourceRef="H" targetRef="C"/>'
    )
    steps = {step.name: step.after for step in read(process(ways)).process.steps}
    assert steps == {"Uno": (), "Dos": ("uno",), "Tres": ("uno", "dos")}


ATTACKS = [
    '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>',
    '<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>',
    '<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><d/>',
    "<a>" * (DEEPEST + 5) + "</a>" * (DEEPEST + 5),
    "<a>" + "<b/>" * 60_000 + "</a>",
    "<a>" + "x" * 5_100_000 + "</a>",
    '<?xml version="1.0" encoding="klingon"?><a/>',
    "",
    "plain text",
    "<definitions/>",
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    "\x00",
    "<a>\x0b</a>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_attacks_or_is_no_process_is_refused_with_a_sentence(text: str) -> None:
    assert all(fault.endswith(".") for fault in faults(text))


def test_a_file_of_a_million_ways_round_is_read_in_no_time() -> None:
    """A ladder of gateways has two to the thousandth ways through; each node is looked at once."""
    rungs = range(500)
    nodes = "".join(f'<exclusiveGateway id="g{n}"/><parallelGateway id="h{n}"/>' for n in rungs)
    flows = "".join(
        f'<sequenceFlow id="{kind}{n}" sourceRef="{kind}{n}" targetRef="{to}{n + 1}"/>'
        for n in rungs[:-1]
        for kind in "gh"
        for to in "gh"
    )
    ends = '<sequenceFlow id="x" sourceRef="A" targetRef="g0"/>'
    ends += '<sequenceFlow id="y" sourceRef="g499" targetRef="B"/>'
    found = read(process('<task id="A" name="Uno"/><task id="B" name="Dos"/>' + nodes + flows + ends))
    assert found.process.steps[1].after == ("uno",)
