"""A process as YAML: read with every fault told at its line, written so that reading it again gives the same.

Durations are business time: ``90m``, ``4h``, ``2d``, where a day is 8 hours of work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.work.models import Step, Thread, Weight
from hilo.work.prefill import PREFILLS

LONGEST_TEXT = 200_000
MOST_STEPS = 200
MINUTES = {"m": 1, "h": 60, "d": 480}
_DURATION = re.compile(r"([1-9][0-9]{0,5})([mhd])")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HEADER = {"code", "name", "kind", "runs_per_order", "steps"}
_STEP = {
    "key",
    "name",
    "area",
    "answerable",
    "consulted",
    "informed",
    "entry",
    "exit",
    "needs",
    "advice_hints",
    "target",
    "value",
    "touches_customer",
    "joint_look",
    "delivers",
    "weight",
    "finishes",
    "after",
}
_NEED = {"key", "text", "required", "prefill"}

type Need = dict[str, str | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    key: str
    name: str
    area: str  # a code
    target_minutes: int
    answerable: str = ""
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    advice_hints: tuple[str, ...] = ()
    value: str = Step.Value.CUSTOMER.value
    touches_customer: bool = False
    joint_look: bool = False
    delivers: bool = False
    weight: str = Weight.FULL.value
    finishes: str = Step.Finishes.BY_HAND.value
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    code: str
    name: str
    kind: str
    runs_per_order: bool = False
    steps: tuple[StepText, ...] = ()


class FaultyTemplate(RuleViolation):
    """``faults`` are sentences, each with its line; the message is all of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults), field="yaml")
        self.faults = faults


class _Loader(yaml.SafeLoader):
    """Plain YAML whose mappings know their line; no aliases, by which a short text could grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = yaml.reader.Reader.get_mark(self)
            raise yaml.MarkedYAMLError(problem=_("references (*name) are not used here"), problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=True)
        mapping[_LINE] = node.start_mark.line + 1
        return mapping


_LINE = "\0line"


def _mapping(loader: _Loader, node: yaml.Node) -> dict[Any, Any]:
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_template(text: str, area_codes: Mapping[str, str]) -> TemplateText:
    """Read the text. ``area_codes`` gives the code for every way to name an area in force."""
    return _Reader(area_codes).read(_load(text))


def _load(text: str) -> object:
    if len(text) > LONGEST_TEXT or "\0" in text:
        raise FaultyTemplate([_("This is no process: it is too long, or no text at all.")])
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FaultyTemplate(
            [
                _("Line %(line)s cannot be read as YAML: %(problem)s.")
                % {"line": mark.line + 1 if mark else 1, "problem": error.problem or error.context}
            ]
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise FaultyTemplate([_("This cannot be read as YAML. Check its characters and indents.")]) from None


@dataclass
class _Reader:
    area_codes: Mapping[str, str]
    faults: list[str] = field(default_factory=list)

    def read(self, raw: object) -> TemplateText:
        if not isinstance(raw, dict):
            raise FaultyTemplate([_("Line 1: write the process as “code:”, “name:”, “kind:” and “steps:”.")])
        self._known(raw, _HEADER, "")
        steps = [self._step(each, place) for place, each in enumerate(self._list(raw, "steps", ""))]
        if not steps:
            self._fault(raw, _("A process needs at least one step."))
        if len(steps) > MOST_STEPS:
            self._fault(raw, _("A process has at most %(most)s steps.") % {"most": MOST_STEPS})
        read = TemplateText(
            code=self._key(raw, "code", ""),
            name=self._text(raw, "name", "", most=120),
            kind=self._one_of(raw, "kind", list(Thread.Kind.values), "", ""),
            runs_per_order=self._flag(raw, "runs_per_order", ""),
            steps=tuple(step for step in steps if step),
        )
        self._check_graph(raw, read.steps)
        if self.faults:
            raise FaultyTemplate(self.faults)
        return read

    def _step(self, raw: object, place: int) -> StepText | None:
        if not isinstance(raw, dict):
            self.faults.append(_("Step %(number)s is not a list of fields.") % {"number": place + 1})
            return None
        name = str(raw.get("key") or place + 1)
        self._known(raw, _STEP, name)
        return StepText(
            key=self._key(raw, "key", name),
            name=self._text(raw, "name", name, most=120),
            area=self._area(raw, raw.get("area"), name),
            target_minutes=self._minutes(raw, name),
            answerable=self._text(raw, "answerable", name, most=120, optional=True),
            consulted=tuple(self._area(raw, each, name) for each in self._list(raw, "consulted", name)),
            informed=tuple(self._area(raw, each, name) for each in self._list(raw, "informed", name)),
            entry=self._texts(raw, "entry", name),
            exit=self._texts(raw, "exit", name),
            needs=self._needs(raw, name),
            advice_hints=self._texts(raw, "advice_hints", name),
            value=self._one_of(raw, "value", list(Step.Value.values), name, Step.Value.CUSTOMER.value),
            touches_customer=self._flag(raw, "touches_customer", name),
            joint_look=self._flag(raw, "joint_look", name),
            delivers=self._flag(raw, "delivers", name),
            weight=self._one_of(raw, "weight", list(Weight.values), name, Weight.FULL.value),
            finishes=self._one_of(
                raw, "finishes", list(Step.Finishes.values), name, Step.Finishes.BY_HAND.value
            ),
            after=self._texts(raw, "after", name),
        )

    def _fault(self, raw: Mapping[str, object], sentence: str, step: str = "") -> None:
        line = raw.get(_LINE, 1)
        where = _("Line %(line)s, step “%(step)s”: %(fault)s") if step else _("Line %(line)s: %(fault)s")
        self.faults.append(where % {"line": line, "step": step, "fault": sentence})

    def _known(self, raw: Mapping[str, object], known: set[str], step: str) -> None:
        for name in raw:
            if name != _LINE and name not in known:
                self._fault(raw, _("nobody knows the field “%(name)s”.") % {"name": name}, step)

    def _text(
        self, raw: Mapping[str, object], name: str, step: str, *, most: int, optional: bool = False
    ) -> str:
        value = raw.get(name, "" if optional else None)
        if not isinstance(value, str) or not (optional or value.strip()):
            self._fault(raw, _("“%(name)s” needs a text.") % {"name": name}, step)
            return ""
        if len(value) > most:
            self._fault(raw, _("“%(name)s” fits %(most)s characters.") % {"name": name, "most": most}, step)
        return value.strip()

    def _key(self, raw: Mapping[str, object], name: str, step: str) -> str:
        value = str(raw.get(name, ""))
        if not _KEY.fullmatch(value):
            self._fault(
                raw,
                _("“%(name)s” needs small letters without accents, digits and hyphens, at most 40.")
                % {"name": name},
                step,
            )
        return value

    def _list(self, raw: Mapping[str, object], name: str, step: str) -> list[object]:
        value = raw.get(name) or []
        if not isinstance(value, list):
            self._fault(raw, _("“%(name)s” needs a list.") % {"name": name}, step)
            return []
        return value

    def _texts(self, raw: Mapping[str, object], name: str, step: str) -> tuple[str, ...]:
        values = self._list(raw, name, step)
        if any(not isinstance(each, str) or not each.strip() or len(each) > 200 for each in values):
            self._fault(raw, _("“%(name)s” needs a list of short texts.") % {"name": name}, step)
            return ()
        return tuple(str(each).strip() for each in values)

    def _flag(self, raw: Mapping[str, object], name: str, step: str) -> bool:
        value = raw.get(name, False)
        if not isinstance(value, bool):
            self._fault(raw, _("“%(name)s” needs true or false.") % {"name": name}, step)
        return value is True

    def _one_of(
        self, raw: Mapping[str, object], name: str, allowed: list[str], step: str, default: str
    ) -> str:
        value = str(raw.get(name, default))
        if value not in allowed:
            self._fault(
                raw,
                _("“%(name)s” is one of: %(allowed)s.") % {"name": name, "allowed": ", ".join(allowed)},
                step,
            )
        return value

    def _area(self, raw: Mapping[str, object], value: object, step: str) -> str:
        code = self.area_codes.get(str(value or "").strip().casefold())
        if code is None:
            self._fault(raw, _("there is no area “%(area)s”. Use its code.") % {"area": value or ""}, step)
        return code or ""

    def _minutes(self, raw: Mapping[str, object], step: str) -> int:
        match = _DURATION.fullmatch(str(raw.get("target", "")).strip())
        if match is None:
            self._fault(raw, _("“target” needs working time like 90m, 4h or 2d, more than zero."), step)
            return 0
        return int(match[1]) * MINUTES[match[2]]

    def _needs(self, raw: Mapping[str, object], step: str) -> tuple[Need, ...]:
        read = [need for each in self._list(raw, "needs", step) if (need := self._need(raw, each, step))]
        for key in _repeated(str(need["key"]) for need in read):
            self._fault(raw, _("two needs are called “%(key)s”.") % {"key": key}, step)
        return tuple(read)

    def _need(self, raw: Mapping[str, object], each: object, step: str) -> Need | None:
        if not isinstance(each, dict):
            self._fault(raw, _("each of “needs” has a key and a text."), step)
            return None
        self._known(each, _NEED, step)
        need: Need = {
            "key": self._key(each, "key", step),
            "text": self._text(each, "text", step, most=200),
            "required": self._flag({**each, "required": each.get("required", True)}, "required", step),
        }
        if "prefill" in each:
            need["prefill"] = self._one_of(each, "prefill", sorted(PREFILLS), step, "")
        return need

    def _check_graph(self, raw: Mapping[str, object], steps: tuple[StepText, ...]) -> None:
        lines = {
            str(each.get("key")): each for each in self._list(raw, "steps", "") if isinstance(each, dict)
        }
        for key in _repeated(step.key for step in steps):
            self._fault(lines.get(key, raw), _("two steps are called “%(key)s”.") % {"key": key}, key)
        keys = {step.key for step in steps}
        for step in steps:
            for other in step.after:
                if other not in keys:
                    self._fault(
                        lines.get(step.key, raw),
                        _("it comes after “%(other)s”, which does not exist.") % {"other": other},
                        step.key,
                    )
        for key in _in_a_circle(steps):
            self._fault(lines.get(key, raw), _("it waits for itself in a circle."), key)


def _repeated(keys: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [key for key in keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]


def _in_a_circle(steps: tuple[StepText, ...]) -> list[str]:
    """What is left after taking away, again and again, the steps that wait for none of those left."""
    left = {step.key: set(step.after) for step in steps}
    while free := [key for key, before in left.items() if not before & left.keys()]:
        for key in free:
            del left[key]
    return [key for key in left if _reaches_itself(key, left)]


def _reaches_itself(key: str, before: dict[str, set[str]]) -> bool:
    """Steps that only wait for a circle are not part of it."""
    seen: set[str] = set()
    to_visit = list(before[key])
    while to_visit:
        each = to_visit.pop()
        if each == key:
            return True
        if each not in seen:
            seen.add(each)
            to_visit.extend(before.get(each, ()))
    return False


def write_template(template: TemplateText) -> str:
    """The same process as text; what keeps its default is left out."""
    document: dict[str, object] = {"code": template.code, "name": template.name, "kind": template.kind}
    if template.runs_per_order:
        document["runs_per_order"] = True
    document["steps"] = [_written(step) for step in template.steps]
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100))


def _written(step: StepText) -> dict[str, object]:
    written: dict[str, object] = {"key": step.key, "name": step.name, "area": step.area}
    written["target"] = duration(step.target_minutes)
    for name in sorted(_STEP - {"key", "name", "area", "target", "needs"}):
        value = getattr(step, name)
        if value != StepText.__dataclass_fields__[name].default:
            written[name] = list(value) if isinstance(value, tuple) else value
    if step.needs:
        written["needs"] = [_written_need(need) for need in step.needs]
    return written


def _written_need(need: Need) -> dict[str, str | bool]:
    return {name: value for name, value in need.items() if (name, value) != ("required", True)}


def duration(minutes: int) -> str:
    """The largest unit that keeps it whole: 960 is 2d, 90 is 90m."""
    unit = next(unit for unit in ("d", "h", "m") if minutes % MINUTES[unit] == 0)
    return f"{minutes // MINUTES[unit]}{unit}"
