"""A process from BPMN 2.0, whoever drew it: bpmn.io, Camunda, Signavio, Hilo.

Names, lanes and flows are taken from BPMN's own terms; what Hilo wrote beside them comes back exactly. What
Hilo has no place for is left out or taken for something near, and a note says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.work.bpmn.names import FLAGS, HILO, LISTS, MODEL, TEXTS
from hilo.work.bpmn.tree import Element, read_tree
from hilo.work.models import Thread
from hilo.work.template_rules import LINE, Fault, FaultyTemplate, TemplateText, one_line, read_process

TASKS = ("task", "userTask", "manualTask")
OTHER_TASKS = (
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
    "transaction",
    "adHocSubProcess",
)
CHOICES = ("exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
GATEWAYS = ("parallelGateway", *CHOICES)
ENDS = ("startEvent", "endEvent")
EVENTS = ("intermediateCatchEvent", "intermediateThrowEvent")
DEFAULT_TARGET = "1d"
LEAVE_OUT = "-"
LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class LaneFound:
    """``area`` is the code of ours that it is, empty when none has that name."""

    id: str
    name: str
    area: str
    steps: int


@dataclass(frozen=True, slots=True)
class BpmnRead:
    process: TemplateText
    notes: tuple[str, ...]  # what was left out or taken for something else, a sentence each


def lanes_in(content: bytes, area_codes: Mapping[str, str]) -> tuple[LaneFound, ...]:
    """Whose steps the file has, so that somebody can say which area a lane is."""
    return tuple(_Drawing(read_tree(content), area_codes).lanes_with_steps())


def read_bpmn(
    content: bytes,
    area_codes: Mapping[str, str],
    *,
    lanes: Mapping[str, str] | None = None,
    kind: str = Thread.Kind.SERVICE,
) -> BpmnRead:
    """``lanes`` gives an area's code or ``LEAVE_OUT`` for the id of a lane; ``kind`` where the file has none.

    Raises FaultyTemplate with a sentence per fault, each naming the element by its name and id.
    """
    return _Drawing(read_tree(content), area_codes, dict(lanes or {}), kind).read()


@dataclass(slots=True)
class _Lane:
    id: str
    name: str
    area: str


@dataclass(slots=True)
class _Drawing:
    root: Element
    area_codes: Mapping[str, str]
    chosen: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    notes: list[str] = field(default_factory=list)
    nodes: dict[str, Element] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)
    lane_of: dict[str, _Lane] = field(default_factory=dict)
    head: Element | None = None

    def __post_init__(self) -> None:
        if (self.root.namespace, self.root.tag) != (MODEL, "definitions"):
            raise FaultyTemplate(
                [_("This is no BPMN 2.0: export the process as BPMN 2.0 XML.")], field="file"
            )
        processes = self.root.all(MODEL, "process")
        pools = self._pools()
        for process in processes:
            self._take(process, pools.get(process.get("id")))
        drawn = [each for each in processes if any(n.tag in (*TASKS, *OTHER_TASKS) for n in each.children)]
        self.head = next(iter(drawn or processes), None)
        if self.head is None:
            raise FaultyTemplate([_("The file has no process in it.")], field="file")

    def _pools(self) -> dict[str, Element]:
        found: dict[str, Element] = {}
        for together in self.root.all(MODEL, "collaboration"):
            for pool in together.all(MODEL, "participant"):
                found[pool.get("processRef").rpartition(":")[2]] = pool
        return found

    def _take(self, process: Element, pool: Element | None) -> None:
        whole = pool if pool is not None else process
        home = self._lane(whole, whole.get("name"))
        for element in process.all(MODEL):
            if element.tag in (*TASKS, *OTHER_TASKS, *GATEWAYS, *ENDS, *EVENTS) and element.get("id"):
                self.nodes[element.get("id")] = element
                self.lane_of[element.get("id")] = home
            elif element.tag == "sequenceFlow":
                self.flows.append((element.get("sourceRef"), element.get("targetRef")))
        waiting = process.all(MODEL, "laneSet")
        while waiting:
            for lane in waiting.pop().all(MODEL, "lane"):
                found = self._lane(lane, lane.get("name"))
                for node in lane.all(MODEL, "flowNodeRef"):
                    self.lane_of[node.text.strip()] = found
                waiting += lane.all(MODEL, "childLaneSet")

    def _lane(self, element: Element, name: str) -> _Lane:
        called = one_line(name)
        chosen = self.chosen.get(element.get("id"))
        if chosen is not None:
            return _Lane(element.get("id"), called, chosen)
        ours = _own(element, "area")
        if ours is not None and one_line(ours.get("name")) == called and ours.get("code") in self.area_codes:
            return _Lane(element.get("id"), called, ours.get("code"))
        found = self.area_codes.get(called.casefold()) or self.area_codes.get(slugify(called)) or ""
        return _Lane(element.get("id"), called, found)

    # What it has --------------------------------------------------------------------------------------

    def steps(self) -> list[Element]:
        return [each for each in self.nodes.values() if each.tag in (*TASKS, *OTHER_TASKS)]

    def lanes_with_steps(self) -> Iterable[LaneFound]:
        lanes = {self.lane_of[each.get("id")].id: self.lane_of[each.get("id")] for each in self.steps()}
        for lane in lanes.values():
            count = sum(self.lane_of[each.get("id")].id == lane.id for each in self.steps())
            yield LaneFound(lane.id, lane.name, lane.area, count)

    def read(self) -> BpmnRead:
        self._refuse_unknown_lanes()
        steps = [each for each in self.steps() if self.lane_of[each.get("id")].area != LEAVE_OUT]
        keys = _keys(steps)
        after = self._after({each.get("id") for each in steps})
        raw: dict[str, object] = self._header()
        raw["steps"] = [self._step(each, keys, after[each.get("id")]) for each in steps]
        by_key = {keys[each.get("id")]: each for each in steps}

        def told(fault: Fault) -> str:
            element = by_key.get(fault.step)
            return f"{_called(element)}: {fault.sentence}" if element is not None else fault.as_sentence

        try:
            process = read_process(raw, self.area_codes, told=told)
        except FaultyTemplate as faulty:
            raise FaultyTemplate(faulty.faults, field="file") from None
        self._note_what_is_left_out(steps)
        return BpmnRead(process, tuple(dict.fromkeys(self.notes)))

    def _refuse_unknown_lanes(self) -> None:
        faults = [
            _("The lane %(lane)s is no area of ours. Say which area it is, or leave its steps out.")
            % {"lane": _named(lane.name, lane.id)}
            for lane in self.lanes_with_steps()
            if not lane.area
        ]
        if faults:
            raise FaultyTemplate(faults, field="lanes")

    def _header(self) -> dict[str, object]:
        assert self.head is not None
        ours = _own(self.head, "process")
        pool = self._pools().get(self.head.get("id"))
        name = one_line(self.head.get("name") or (pool.get("name") if pool is not None else ""))
        name = name or self.head.get("id")
        facts: dict[str, object] = {"code": slugify(name)[:LONGEST_KEY].strip("-_"), "kind": self.kind}
        if ours is not None:
            facts = {"code": ours.get("code"), "kind": ours.get("kind")}
            if ours.get("runs_per_order"):
                facts["runs_per_order"] = _truth(ours.get("runs_per_order"))
        return {**facts, "name": name, LINE: self.head.line}

    def _step(self, element: Element, keys: Mapping[str, str], after: list[str]) -> dict[str, object]:
        raw: dict[str, object] = {"key": keys[element.get("id")], "name": element.get("name")}
        raw["area"] = self.lane_of[element.get("id")].area
        raw["after"] = [keys[each] for each in after]
        raw[LINE] = element.line
        ours = _own(element, "step")
        raw["target"] = (ours.get("target") if ours is not None else "") or DEFAULT_TARGET
        if ours is None:
            self.notes.append(
                _("%(step)s says no target: it got one working day. Put it right.")
                % {"step": _called(element)}
            )
            return raw
        raw |= {name: ours.get(name) for name in TEXTS if name in ours.attributes}
        raw |= {name: _truth(ours.get(name)) for name in FLAGS if name in ours.attributes}
        for name in LISTS:
            raw[name] = [each.text for each in ours.all(HILO, name)]
        raw["needs"] = [_need(each) for each in ours.all(HILO, "needs")]
        return raw

    # What comes after what ----------------------------------------------------------------------------

    def _after(self, steps: set[str]) -> dict[str, list[str]]:
        """Backwards from each step through gateways, events and what is left out, to the steps before it."""
        before: dict[str, list[str]] = {node: [] for node in self.nodes}
        for source, target in self._without_ways_back():
            before[target].append(source)
        return {step: _nearest(step, before, steps) for step in steps}

    def _without_ways_back(self) -> list[tuple[str, str]]:
        """A way back that a choice opens is no step of the plan: in Hilo a step is reopened or returned."""
        flows = list(dict.fromkeys(f for f in self.flows if f[0] in self.nodes and f[1] in self.nodes))
        lost = sum(1 for source, target in self.flows if source not in self.nodes or target not in self.nodes)
        if lost:
            self.notes.append(
                ngettext(
                    "%(n)d flow from an event at the edge of a step, or to nowhere, is left out.",
                    "%(n)d flows from events at the edge of a step, or to nowhere, are left out.",
                    lost,
                )
                % {"n": lost}
            )
        goes: dict[str, list[str]] = {}
        for source, target in flows:
            goes.setdefault(source, []).append(target)
        kept = set(flows)
        for circle in _circles(list(self.nodes), goes):
            if any(self.nodes[node].tag in CHOICES for node in circle):
                kept.discard((circle[-1], circle[0]))
                self.notes.append(
                    _("The way back from %(one)s to %(other)s is left out: in Hilo a step is reopened.")
                    % {"one": _called(self.nodes[circle[-1]]), "other": _called(self.nodes[circle[0]])}
                )
        return [flow for flow in flows if flow in kept]

    # What is left out ---------------------------------------------------------------------------------

    def _note_what_is_left_out(self, steps: list[Element]) -> None:
        taken = {each.get("id") for each in steps}
        for element in self.nodes.values():
            if note := _note_on(element, is_taken=element.get("id") in taken):
                self.notes.append(note)
        for lane in self.lanes_with_steps():
            if lane.area == LEAVE_OUT:
                told = {"lane": _named(lane.name, lane.id), "n": lane.steps}
                text = ngettext(
                    "%(n)d step of the lane %(lane)s is left out, as you chose.",
                    "%(n)d steps of the lane %(lane)s are left out, as you chose.",
                    lane.steps,
                )
                self.notes.append(text % told)
        if count := self._other_things():
            text = ngettext(
                "%(n)d thing beside the flow (notes, data, messages, events at the edge) is left out.",
                "%(n)d things beside the flow (notes, data, messages, events at the edge) are left out.",
                count,
            )
            self.notes.append(text % {"n": count})

    def _other_things(self) -> int:
        known = {*TASKS, *OTHER_TASKS, *GATEWAYS, *ENDS, *EVENTS, "sequenceFlow", "laneSet"}
        silent = {
            "extensionElements",
            "documentation",
            "ioSpecification",
            "property",
            "association",
            "dataObject",
        }
        inside = (each for process in self.root.all(MODEL, "process") for each in process.all(MODEL))
        beside = (each for part in self.root.all(MODEL, "collaboration") for each in part.all(MODEL))
        count = sum(each.tag not in known | silent for each in inside)
        return count + sum(each.tag not in {"participant", *silent} for each in beside)


def _note_on(element: Element, *, is_taken: bool) -> str:
    called = _called(element)
    if element.tag in CHOICES:
        return _(
            "%(element)s chooses a way. Hilo plans all of them: mark the step that is not needed as such."
        ) % {"element": called}
    if element.tag in EVENTS:
        return _("%(element)s is left out: Hilo waits for steps, not for events.") % {"element": called}
    if is_taken and element.tag in ("subProcess", "transaction", "adHocSubProcess", "callActivity"):
        return _("%(element)s is one step: what is inside it is left out.") % {"element": called}
    if is_taken and element.tag in OTHER_TASKS:
        return _("%(element)s ran by itself; in Hilo somebody does it.") % {"element": called}
    return ""


def _called(element: Element) -> str:
    name = one_line(element.get("name"))
    return _named(name, element.get("id"))


def _named(name: str, of: str) -> str:
    return _("“%(name)s” (%(id)s)") % {"name": name, "id": of} if name else f"({of})"


def _own(element: Element, tag: str) -> Element | None:
    """Hilo's own facts about an element, when it wrote them."""
    for extension in element.all(MODEL, "extensionElements"):
        for found in extension.all(HILO, tag):
            return found
    return None


def _truth(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def _need(element: Element) -> dict[str, object]:
    need: dict[str, object] = {"key": element.get("key"), "text": element.text}
    need["required"] = _truth(element.get("required") or "true")
    if element.get("prefill"):
        need["prefill"] = element.get("prefill")
    return need


def _keys(steps: list[Element]) -> dict[str, str]:
    """Hilo's own keys as they are; the others from their names, none twice."""
    found: dict[str, str] = {}
    for element in steps:
        ours = _own(element, "step")
        if ours is not None and ours.get("key"):
            found[element.get("id")] = ours.get("key")
    taken = set(found.values())
    for element in steps:
        if element.get("id") not in found:
            plain = slugify(element.get("name"))[:LONGEST_KEY].strip("-_") or "step"
            tries = (plain, *(f"{plain[: LONGEST_KEY - 5]}-{number}" for number in range(2, 9999)))
            found[element.get("id")] = next(each for each in tries if each not in taken)
            taken.add(found[element.get("id")])
    return found


def _nearest(step: str, before: Mapping[str, list[str]], steps: set[str]) -> list[str]:
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(before[step])
    while waiting:
        node = waiting.pop(0)
        if node in steps:
            found[node] = None
        elif node not in seen:
            seen.add(node)
            waiting += before[node]
    return list(found)


def _circles(nodes: list[str], goes: Mapping[str, list[str]]) -> list[list[str]]:
    """For each flow that closes a circle, the nodes of it from where it leads to where it leaves."""
    reached = {target for targets in goes.values() for target in targets}
    done: set[str] = set()
    found = []
    for first in [*(node for node in nodes if node not in reached), *nodes]:
        if first in done:
            continue
        path, ways = [first], [iter(goes.get(first, ()))]
        while path:
            following = next(ways[-1], None)
            if following is None:
                done.add(path.pop())
                ways.pop()
            elif following in path:
                found.append(path[path.index(following) :])
            elif following not in done:
                path.append(following)
                ways.append(iter(goes.get(following, ())))
    return found
