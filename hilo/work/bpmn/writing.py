"""A process as BPMN 2.0 with its drawing. What BPMN can say stands in its own terms: names, lanes, flows.

The rest of a step (checklists, needs, target...) is in ``extensionElements``, which modellers keep.
A step with several before it has a parallel join in front of it, one with several after it a fork behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from hilo.work.bpmn.names import DIAGRAM, FLAGS, HILO, LINES, LISTS, MODEL, PREFIXES, SHAPES, TEXTS
from hilo.work.template_layout import END, START, Drawing, Point, lay_out
from hilo.work.template_rules import StepText, TemplateText, as_fields

EVENT, GATEWAY, ASIDE = 36, 40, 10


@dataclass
class _Flow:
    """What is drawn: nodes with their corner and size, and flows with their corners."""

    nodes: dict[str, tuple[str, int, int, int, int]] = field(default_factory=dict)
    flows: list[tuple[str, str, tuple[Point, ...]]] = field(default_factory=list)


def write_bpmn(process: TemplateText, area_names: Mapping[str, str]) -> bytes:
    """``area_names`` are the names of the lanes, by code."""
    for prefix, namespace in PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    drawing = lay_out(process.steps, with_ends=True)
    flow = _flow(process, drawing)
    code = process.code
    root = Element(f"{{{MODEL}}}definitions", {"id": f"definitions_{code}", "targetNamespace": HILO})
    root.set("exporter", "Hilo")
    together = _sub(root, "collaboration", id=f"collaboration_{code}")
    _sub(together, "participant", id=f"pool_{code}", name=process.name, processRef=f"process_{code}")
    _process(root, process, flow, area_names)
    _diagram(root, process, drawing, flow)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _sub(parent: Element, tag: str, namespace: str = MODEL, **attributes: str) -> Element:
    return SubElement(parent, f"{{{namespace}}}{tag}", attributes)


def _id(key: str) -> str:
    return {START: "start", END: "end"}.get(key, f"step_{key}")


# What flows -----------------------------------------------------------------------------------------------


def _flow(process: TemplateText, drawing: Drawing) -> _Flow:
    flow = _Flow()
    for key, box in drawing.boxes.items():
        x, y = box.middle
        if key in (START, END):
            kind = "startEvent" if key == START else "endEvent"
            flow.nodes[_id(key)] = (kind, x - EVENT // 2, y - EVENT // 2, EVENT, EVENT)
        else:
            flow.nodes[_id(key)] = ("userTask", box.x, box.y, box.width, box.height)
    comes, goes = {}, {}
    for key in drawing.boxes:
        comes[key] = _gateway(flow, drawing, key, sum(line.after == key for line in drawing.lines), "join")
        goes[key] = _gateway(flow, drawing, key, sum(line.before == key for line in drawing.lines), "fork")
    for line in drawing.lines:
        source, target = goes[line.before], comes[line.after]
        corners = ((_right_of(flow, source), line.points[0][1]), *line.points[1:-1])
        flow.flows.append((source, target, (*corners, (flow.nodes[target][1], line.points[-1][1]))))
    return flow


def _gateway(flow: _Flow, drawing: Drawing, key: str, ways: int, kind: str) -> str:
    """The element at which flows meet or part beside a step: a gateway of its own, or the step itself."""
    own = _id(key)
    if ways < 2:
        return own
    _tag, left, _top, width, _height = flow.nodes[own]
    middle = drawing.boxes[key].middle[1]
    before = kind == "join"
    x = left - ASIDE - GATEWAY if before else left + width + ASIDE
    name = f"{kind}_{own}"
    flow.nodes[name] = ("parallelGateway", x, middle - GATEWAY // 2, GATEWAY, GATEWAY)
    ends = (name, own) if before else (own, name)
    points = ((_right_of(flow, ends[0]), middle), (flow.nodes[ends[1]][1], middle))
    flow.flows.append((*ends, points))
    return name


def _right_of(flow: _Flow, name: str) -> int:
    return flow.nodes[name][1] + flow.nodes[name][3]


# The process ----------------------------------------------------------------------------------------------


def _process(root: Element, process: TemplateText, flow: _Flow, area_names: Mapping[str, str]) -> None:
    body = _sub(root, "process", id=f"process_{process.code}", name=process.name, isExecutable="false")
    facts = {"code": process.code, "kind": process.kind}
    if process.runs_per_order:
        facts["runs_per_order"] = "true"
    _sub(_sub(body, "extensionElements"), "process", HILO, **facts)
    _lanes(body, process, flow, area_names)
    steps = {
        _id(step.key): (step, fields) for step, fields in zip(process.steps, _fields_of(process), strict=True)
    }
    numbered = [(f"flow_{number}", *each) for number, each in enumerate(flow.flows, start=1)]
    order = [*steps, *(name for name in flow.nodes if name not in steps)]
    for name in order:
        element = _sub(body, flow.nodes[name][0], id=name)
        if name in steps:
            step, fields = steps[name]
            element.set("name", step.name)
            _own_facts(element, step, fields)
        for flow_id, _source, target, _points in numbered:
            if target == name:
                _sub(element, "incoming").text = flow_id
        for flow_id, source, _target, _points in numbered:
            if source == name:
                _sub(element, "outgoing").text = flow_id
    for flow_id, source, target, _points in numbered:
        _sub(body, "sequenceFlow", id=flow_id, sourceRef=source, targetRef=target)


def _fields_of(process: TemplateText) -> list[dict[str, object]]:
    steps = as_fields(process)["steps"]
    assert isinstance(steps, list)
    return steps


def _lanes(body: Element, process: TemplateText, flow: _Flow, area_names: Mapping[str, str]) -> None:
    areas = dict.fromkeys(step.area for step in process.steps)
    if not areas:
        return
    lanes = _sub(body, "laneSet", id=f"lanes_{process.code}")
    first = {"start": _first_area(process, at_end=False), "end": _first_area(process, at_end=True)}
    of_step = {_id(step.key): step.area for step in process.steps}
    for area in areas:
        name = area_names.get(area, area)
        lane = _sub(lanes, "lane", id=f"lane_{area}", name=name)
        _sub(_sub(lane, "extensionElements"), "area", HILO, code=area, name=name)
        for node in flow.nodes:
            own = node.removeprefix("fork_").removeprefix("join_")
            if {**of_step, **first}[own] == area:
                _sub(lane, "flowNodeRef").text = node


def _first_area(process: TemplateText, *, at_end: bool) -> str:
    """In whose lane the start or the end is drawn."""
    waited_for = {key for step in process.steps for key in step.after}
    steps = (step for step in process.steps if (step.key not in waited_for if at_end else not step.after))
    return next(steps, process.steps[0]).area


def _own_facts(element: Element, step: StepText, fields: Mapping[str, object]) -> None:
    own = _sub(_sub(element, "extensionElements"), "step", HILO, key=step.key)
    for name in TEXTS:
        if name in fields:
            own.set(name, str(fields[name]))
    for name in FLAGS:
        if name in fields:
            own.set(name, "true")
    for name in LISTS:
        for text in getattr(step, name):
            _sub(own, name, HILO).text = text
    for need in step.needs:
        facts = {"key": str(need["key"]), "required": "true" if need.get("required", True) else "false"}
        if "prefill" in need:
            facts["prefill"] = str(need["prefill"])
        _sub(own, "needs", HILO, **facts).text = str(need["text"])


# The drawing ----------------------------------------------------------------------------------------------


def _diagram(root: Element, process: TemplateText, drawing: Drawing, flow: _Flow) -> None:
    diagram = _sub(root, "BPMNDiagram", DIAGRAM, id=f"diagram_{process.code}")
    plane = _sub(diagram, "BPMNPlane", DIAGRAM, id=f"plane_{process.code}")
    plane.set("bpmnElement", f"collaboration_{process.code}")
    pool = (0, drawing.lanes[0].y if drawing.lanes else 0, drawing.width, _pool_height(drawing))
    _shape(plane, f"pool_{process.code}", *pool, is_lying=True)
    for lane in drawing.lanes:
        _shape(plane, f"lane_{lane.area}", 30, lane.y, drawing.width - 30, lane.height, is_lying=True)
    for name, (_kind, x, y, width, height) in flow.nodes.items():
        _shape(plane, name, x, y, width, height)
    for number, (_source, _target, points) in enumerate(flow.flows, start=1):
        edge = _sub(plane, "BPMNEdge", DIAGRAM, id=f"di_flow_{number}", bpmnElement=f"flow_{number}")
        for x, y in points:
            _sub(edge, "waypoint", LINES, x=str(x), y=str(y))


def _pool_height(drawing: Drawing) -> int:
    return sum(lane.height for lane in drawing.lanes) or drawing.height


def _shape(
    plane: Element, name: str, x: int, y: int, width: int, height: int, *, is_lying: bool = False
) -> None:
    shape = _sub(plane, "BPMNShape", DIAGRAM, id=f"di_{name}", bpmnElement=name)
    if is_lying:
        shape.set("isHorizontal", "true")
    bounds = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
    _sub(shape, "Bounds", SHAPES, **bounds)
