"""Any process comes back from its YAML and from its BPMN exactly as it was; the drawing is a drawing."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given, settings

from hilo.work.bpmn.names import DIAGRAM, LINES, MODEL, SHAPES
from hilo.work.bpmn.reading import read_bpmn
from hilo.work.bpmn.writing import write_bpmn
from hilo.work.template_diff import difference
from hilo.work.template_layout import NARROW, WIDE, Box, lay_out
from hilo.work.template_rules import TemplateText, faults_of
from hilo.work.template_text import parse_template, write_template
from tests.work.templates.any_process import CODES, NAMES, processes

B = f"{{{MODEL}}}"


@given(processes())
@settings(max_examples=60)
def test_its_yaml_reads_back_as_the_same_process(process: TemplateText) -> None:
    assert parse_template(write_template(process), CODES) == process


@given(processes())
@settings(max_examples=60)
def test_its_bpmn_reads_back_as_the_same_process_with_nothing_to_note(process: TemplateText) -> None:
    read = read_bpmn(write_bpmn(process, NAMES), CODES)
    assert read.process == process
    assert read.notes == ()


@given(processes())
@settings(max_examples=40)
def test_its_bpmn_is_whole(process: TemplateText) -> None:
    """Every reference leads to an element, every element is drawn once, every flow ends at its elements."""
    root = ElementTree.fromstring(write_bpmn(process, NAMES))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    body = root.find(f"{B}process")
    assert body is not None
    flows = {flow.get("id"): flow for flow in body.iter(f"{B}sequenceFlow")}
    nodes = [n for n in body if n.tag not in (f"{B}sequenceFlow", f"{B}laneSet", f"{B}extensionElements")]
    for node in nodes:
        for tag, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            told = [each.text for each in node.findall(B + tag)]
            assert told == [name for name, flow in flows.items() if flow.get(end) == node.get("id")]
    in_lanes = [each.text for each in body.iter(f"{B}flowNodeRef")]
    assert sorted(filter(None, in_lanes)) == sorted(str(node.get("id")) for node in nodes)
    shapes = {shape.get("bpmnElement"): shape[0] for shape in root.iter(f"{{{DIAGRAM}}}BPMNShape")}
    assert {node.get("id") for node in nodes} <= shapes.keys()
    for edge in root.iter(f"{{{DIAGRAM}}}BPMNEdge"):
        flow = flows[edge.get("bpmnElement")]
        points = [(float(p.get("x", "")), float(p.get("y", ""))) for p in edge.iter(f"{{{LINES}}}waypoint")]
        assert len(points) >= 2
        for point, end in ((points[0], "sourceRef"), (points[-1], "targetRef")):
            assert on_edge(point, shapes[flow.get(end)])
    assert root.find(f".//{{{SHAPES}}}Bounds") is not None


def on_edge(point: tuple[float, float], bounds: ElementTree.Element) -> bool:
    x, y, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    return point[0] in (x, x + width) and y <= point[1] <= y + height


@given(processes(most=12))
@settings(max_examples=60)
def test_no_two_steps_overlap_and_no_line_crosses_a_step(process: TemplateText) -> None:
    for measures in (WIDE, NARROW):
        drawing = lay_out(process.steps, measures)
        boxes = list(drawing.boxes.values())
        assert not any(overlap(one, other) for one in boxes for other in boxes if one is not other)
        assert all(
            box.x + box.width <= drawing.width and box.y + box.height <= drawing.height for box in boxes
        )
        for line in drawing.lines:
            for (x1, y1), (x2, y2) in pairwise(line.points):
                assert x1 == x2 or y1 == y2
                for box in boxes:
                    inside_x = min(x1, x2) < box.x + box.width and max(x1, x2) > box.x
                    inside_y = min(y1, y2) < box.y + box.height and max(y1, y2) > box.y
                    assert not (inside_x and inside_y), (line, box)
        for lane in drawing.lanes:
            own = {step.key for step in process.steps if step.area == lane.area}
            inside = {
                box.key for box in boxes if lane.y <= box.y and box.y + box.height <= lane.y + lane.height
            }
            assert own == inside


def overlap(one: Box, other: Box) -> bool:
    return (
        abs(one.middle[0] - other.middle[0]) < one.width and abs(one.middle[1] - other.middle[1]) < one.height
    )


@given(processes(), processes())
@settings(max_examples=40)
def test_a_diff_tells_what_is_different_and_nothing_else(one: TemplateText, other: TemplateText) -> None:
    assert difference(one, one).is_empty
    diff = difference(one, other)
    was, is_now = {step.key for step in one.steps}, {step.key for step in other.steps}
    assert {step.key for step in diff.added} == is_now - was
    assert {step.key for step in diff.removed} == was - is_now
    assert diff.is_empty == (one.steps == other.steps)


@given(processes())
@settings(max_examples=30)
def test_the_rules_find_no_fault_in_it(process: TemplateText) -> None:
    assert faults_of(process, CODES) == (process, [])
