"""How work is meant to run, read from a template (YAML) or a BPMN 2.0 model: what must be, and what first.

Both say an order, not a sequence: of two steps without an order between them either may come first, as steps
in parallel do. That two ways of a BPMN model exclude each other is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hilo.insight.raw import Unreadable
from hilo.insight.records import record
from hilo.insight.speaking import Said, _

if TYPE_CHECKING:
    from xml.parsers import expat

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TASKS = frozenset(
    {f"{kind}Task" for kind in ("user", "manual", "service", "send", "receive", "script", "businessRule")}
    | {"task", "callActivity"}
)
GATEWAYS = {f"{kind}Gateway" for kind in ("exclusive", "inclusive", "parallel", "eventBased", "complex")}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
NODES = TASKS | GATEWAYS | EVENTS | {"subProcess"}
MOST_STEPS = 500


@record
class Step:
    """An activity of the log is this step when its name is one of ``names``, case and spaces aside."""

    names: tuple[str, ...]
    is_required: bool
    after: frozenset[int]  # places of all the steps that come before it, not only the ones just before


@record
class Intended:
    name: str
    steps: tuple[Step, ...]


def read_intended(path: Path) -> Intended:
    """Raises Unreadable."""
    content = path.read_bytes()
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return from_bpmn(content, path.name) if is_xml else from_yaml(content, path.name)


def from_yaml(content: bytes, file: str) -> Intended:
    """``steps``, each with a ``name``, a ``key`` and the keys it comes ``after``; ``required: false`` where
    it may be left out. Other entries are for the template's own use."""
    import yaml  # few logs come with a template; a cold start need not have it

    try:
        said = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unreadable(_("%(file)s is not YAML: %(error)s", file=file, error=str(error))) from None
    steps = said.get("steps") if isinstance(said, Mapping) else None
    if not isinstance(steps, list) or not steps or not all(isinstance(step, Mapping) for step in steps):
        raise Unreadable(_("%(file)s names no steps: list them under “steps”, each with a name.", file=file))
    keys = [str(step.get("key", step.get("name", ""))) for step in steps]
    before = [_places(keys, step, file) for step in steps]
    closed = _closed(before)
    return _intended(
        str(said.get("name", file)),
        (
            Step(
                tuple(dict.fromkeys((str(step.get("name", key)), key))),
                step.get("required") is not False,
                after,
            )
            for key, step, after in zip(keys, steps, closed, strict=True)
        ),
        file,
    )


def _places(keys: list[str], step: Mapping[str, object], file: str) -> frozenset[int]:
    after = step.get("after") or []
    listed = [str(key) for key in after] if isinstance(after, list) else [str(after)]
    for key in listed:
        if key not in keys:
            raise Unreadable(
                _("%(file)s has a step after “%(key)s”, which is not there.", file=file, key=key)
            )
    return frozenset(keys.index(key) for key in listed)


def _closed(before: list[frozenset[int]]) -> list[frozenset[int]]:
    """With what comes before those before, and so on."""
    closed = list(before)
    for _round in before:
        wider = [after.union(*(closed[place] for place in after)) for after in closed]
        if wider == closed:
            break
        closed = wider
    return [after - {place} for place, after in enumerate(closed)]


def _intended(name: str, steps: Iterable[Step], file: str) -> Intended:
    found = tuple(steps)
    if len(found) > MOST_STEPS:
        raise Unreadable(_("%(file)s has more than %(most)s steps.", file=file, most=MOST_STEPS))
    return Intended(name, found)


# BPMN ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Graph:
    """Nodes by id with their kind and name, and the flows between them."""

    name: str
    kinds: dict[str, str]
    names: dict[str, str]
    flows: list[tuple[str, str]]


def from_bpmn(content: bytes, file: str) -> Intended:
    """Tasks are steps. A task comes after another when no way leads to it but through the other: at an
    exclusive join what all its branches have done is sure, at a parallel join what any has done."""
    graph = _parsed(content, file)
    tasks = [node for node, kind in graph.kinds.items() if kind in TASKS and graph.names[node].strip()]
    if not tasks:
        raise Unreadable(_("%(file)s has no task with a name.", file=file))
    if len(graph.kinds) > 4 * MOST_STEPS:
        raise Unreadable(_("%(file)s has more than %(most)s steps.", file=file, most=MOST_STEPS))
    sure = _sure_before(graph, frozenset(tasks))
    ends = [node for node, kind in graph.kinds.items() if kind == "endEvent"]
    required = frozenset.intersection(*(sure[end] for end in ends)) if ends else frozenset[str]()
    place = {task: number for number, task in enumerate(tasks)}
    steps = (
        Step((graph.names[task],), task in required, frozenset(place[t] for t in sure[task] - {task}))
        for task in tasks
    )
    return _intended(graph.name or file, steps, file)


def _sure_before(graph: _Graph, tasks: frozenset[str]) -> dict[str, frozenset[str]]:
    """By node, the tasks done when it has been passed, whichever way was taken: the largest solution."""
    coming = {node: [a for a, b in graph.flows if b == node and a in graph.kinds] for node in graph.kinds}
    sure = dict.fromkeys(graph.kinds, tasks)
    changed = True
    while changed:
        changed = False
        for node, kind in graph.kinds.items():
            ways = [sure[before] for before in coming[node]]
            joined = _joined(kind, ways) | ({node} & tasks)
            changed |= joined != sure[node]
            sure[node] = joined
    return sure


def _joined(kind: str, ways: list[frozenset[str]]) -> frozenset[str]:
    if not ways:
        return frozenset()
    together = frozenset.union if kind == "parallelGateway" else frozenset.intersection
    return together(*ways)


def _parsed(content: bytes, file: str) -> _Graph:
    from xml.parsers import expat

    graph = _Graph("", {}, {}, [])
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        namespace, _space, kind = tag.rpartition(" ")
        if namespace != BPMN:
            return
        if kind in NODES and "id" in attributes:
            graph.kinds[attributes["id"]] = kind
            graph.names[attributes["id"]] = attributes.get("name", "")
        elif kind == "sequenceFlow":
            graph.flows.append((attributes.get("sourceRef", ""), attributes.get("targetRef", "")))
        elif kind == "process":
            graph.name = graph.name or attributes.get("name", "")
        for boundary in filter(None, [attributes.get("attachedToRef")]):
            graph.flows.append((boundary, attributes["id"]))

    def refuse(*_facts: object) -> None:
        raise Unreadable(_("%(file)s declares a document type; save it as plain BPMN 2.0.", file=file))

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Unreadable(_broken(file, error)) from None
    return graph


def _broken(file: str, error: expat.ExpatError) -> Said:
    return _("%(file)s is broken XML at line %(line)s.", file=file, line=error.lineno)


def compared_as(name: str) -> str:
    """Case and spaces aside; accents tell steps apart."""
    return " ".join(name.casefold().split())
