"""What a process must be, whatever it is written in: YAML, BPMN or the editor in the browser.

Each of them puts what it read into one plain form (``raw``: the fields of the YAML) and tells its faults in
its own way: at a line, at an element, beside a field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.work.models import Step, Thread, Weight
from hilo.work.prefill import PREFILLS

MOST_STEPS = 200
MOST_LINES = 100
MOST_CHARACTERS = 200
LINE = "\0line"  # where in the text a mapping stood; no field can be called so
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """``step`` is the key of the step, ``field`` the field as the YAML calls it; empty if neither applies."""

    sentence: str
    step: str = ""
    field: str = ""
    line: int = 1

    @property
    def as_sentence(self) -> str:
        """Where no place stands before it."""
        return self.sentence[:1].upper() + self.sentence[1:]


class FaultyTemplate(RuleViolation):
    """``faults`` are sentences, each with its place; the message is all of them."""

    def __init__(self, faults: list[str], *, field: str = "yaml") -> None:
        super().__init__("\n".join(faults), field=field)
        self.faults = faults


def read_process(raw: object, area_codes: Mapping[str, str], *, told: Callable[[Fault], str]) -> TemplateText:
    """``area_codes`` gives the code for every way to name an area in force."""
    reader = _Reader(area_codes)
    read = reader.read(raw)
    if reader.faults:
        raise FaultyTemplate([told(fault) for fault in reader.faults])
    return read


def faults_of(template: TemplateText, area_codes: Mapping[str, str]) -> tuple[TemplateText, list[Fault]]:
    """What is wrong with it, and the process as it would be kept: every text one clean line."""
    reader = _Reader(area_codes)
    return reader.read(as_fields(template)), reader.faults


def without_place(process: TemplateText) -> list[Fault]:
    """Steps that nothing leads to and that lead nowhere: fine while drafting, no process to run."""
    if len(process.steps) < 2:
        return []
    linked = {key for step in process.steps if step.after for key in (step.key, *step.after)}
    return [
        Fault(
            sentence=_("nothing leads to “%(name)s” and it leads nowhere. Link it, or take it out.")
            % {"name": step.name},
            step=step.key,
            field="after",
        )
        for step in process.steps
        if step.key not in linked
    ]


@dataclass
class _Reader:
    area_codes: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def read(self, raw: object) -> TemplateText:
        if not isinstance(raw, dict):
            return self._no_process()
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
        return replace(read, steps=_in_one_way(read.steps))

    def _no_process(self) -> TemplateText:
        sentence = _("write the process as “code:”, “name:”, “kind:” and “steps:”.")
        self.faults.append(Fault(sentence=sentence))
        return TemplateText(code="", name="", kind="")

    def _step(self, raw: object, place: int) -> StepText | None:
        if not isinstance(raw, dict):
            sentence = _("step %(number)s is not a list of fields.") % {"number": place + 1}
            self.faults.append(Fault(sentence=sentence))
            return None
        name = str(raw.get("key") or place + 1)
        self._known(raw, _STEP, name)
        return StepText(
            key=self._key(raw, "key", name),
            name=self._text(raw, "name", name, most=120),
            area=self._area(raw, raw.get("area"), name),
            target_minutes=self._minutes(raw, name),
            answerable=self._text(raw, "answerable", name, most=120, optional=True),
            consulted=self._areas(raw, "consulted", name),
            informed=self._areas(raw, "informed", name),
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

    def _fault(self, raw: Mapping[str, object], sentence: str, step: str = "", where: str = "") -> None:
        line = raw.get(LINE, 1)
        at = line if isinstance(line, int) else 1
        self.faults.append(Fault(sentence=sentence, step=step, field=where, line=at))

    def _known(self, raw: Mapping[str, object], known: set[str], step: str) -> None:
        for name in raw:
            if name != LINE and name not in known:
                self._fault(raw, _("nobody knows the field “%(name)s”.") % {"name": name}, step)

    def _text(
        self, raw: Mapping[str, object], name: str, step: str, *, most: int, optional: bool = False
    ) -> str:
        value = raw.get(name, "" if optional else None)
        if not isinstance(value, str) or not (optional or value.strip()):
            self._fault(raw, _("“%(name)s” needs a text.") % {"name": name}, step, name)
            return ""
        text = one_line(value)
        if not _is_readable(text):
            self._fault(raw, _("“%(name)s” has an invisible character.") % {"name": name}, step, name)
        if len(text) > most:
            sentence = _("“%(name)s” fits %(most)s characters.") % {"name": name, "most": most}
            self._fault(raw, sentence, step, name)
        return text

    def _key(self, raw: Mapping[str, object], name: str, step: str) -> str:
        value = str(raw.get(name, ""))
        if not _KEY.fullmatch(value):
            self._fault(
                raw,
                _("“%(name)s” needs small letters without accents, digits and hyphens, at most 40.")
                % {"name": name},
                step,
                name,
            )
        return value

    def _list(self, raw: Mapping[str, object], name: str, step: str) -> list[object]:
        value = raw.get(name) or []
        if not isinstance(value, list):
            self._fault(raw, _("“%(name)s” needs a list.") % {"name": name}, step, name)
            return []
        if step and len(value) > MOST_LINES:
            sentence = _("“%(name)s” has %(count)s lines: nobody reads more than %(most)s. Shorten it.")
            told = {"name": name, "count": len(value), "most": MOST_LINES}
            self._fault(raw, sentence % told, step, name)
        return value

    def _texts(self, raw: Mapping[str, object], name: str, step: str) -> tuple[str, ...]:
        values = self._list(raw, name, step)
        texts = [one_line(each) if isinstance(each, str) else "" for each in values]
        if any(not each or len(each) > MOST_CHARACTERS or not _is_readable(each) for each in texts):
            self._fault(raw, _("“%(name)s” needs a list of short texts.") % {"name": name}, step, name)
            return ()
        return tuple(texts)

    def _flag(self, raw: Mapping[str, object], name: str, step: str) -> bool:
        value = raw.get(name, False)
        if not isinstance(value, bool):
            self._fault(raw, _("“%(name)s” needs true or false.") % {"name": name}, step, name)
        return value is True

    def _one_of(
        self, raw: Mapping[str, object], name: str, allowed: list[str], step: str, default: str
    ) -> str:
        value = str(raw.get(name, default))
        if value not in allowed:
            told = {"name": name, "allowed": ", ".join(allowed)}
            self._fault(raw, _("“%(name)s” is one of: %(allowed)s.") % told, step, name)
        return value

    def _areas(self, raw: Mapping[str, object], name: str, step: str) -> tuple[str, ...]:
        codes = (self._area(raw, each, step, name) for each in self._list(raw, name, step))
        return tuple(dict.fromkeys(codes))

    def _area(self, raw: Mapping[str, object], value: object, step: str, name: str = "area") -> str:
        code = self.area_codes.get(str(value or "").strip().casefold())
        if code is None:
            sentence = _("there is no area “%(area)s”. Use its code.") % {"area": value or ""}
            self._fault(raw, sentence, step, name)
        return code or ""

    def _minutes(self, raw: Mapping[str, object], step: str) -> int:
        minutes = minutes_in(str(raw.get("target", "")))
        if minutes is None:
            sentence = _("“target” needs working time like 90m, 4h or 2d, more than zero.")
            self._fault(raw, sentence, step, "target")
        return minutes or 0

    def _needs(self, raw: Mapping[str, object], step: str) -> tuple[Need, ...]:
        read = [need for each in self._list(raw, "needs", step) if (need := self._need(raw, each, step))]
        for key in _repeated(str(need["key"]) for need in read):
            self._fault(raw, _("two needs are called “%(key)s”.") % {"key": key}, step, "needs")
        return tuple(read)

    def _need(self, raw: Mapping[str, object], each: object, step: str) -> Need | None:
        if not isinstance(each, dict):
            self._fault(raw, _("each of “needs” has a key and a text."), step, "needs")
            return None
        before = len(self.faults)
        need = self._read_need(each, step)
        self.faults[before:] = [replace(fault, field="needs") for fault in self.faults[before:]]
        return need

    def _read_need(self, each: dict[str, object], step: str) -> Need:
        self._known(each, _NEED, step)
        need: Need = {
            "key": self._key(each, "key", step),
            "text": self._text(each, "text", step, most=MOST_CHARACTERS),
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
            self._fault(lines.get(key, raw), _("two steps are called “%(key)s”.") % {"key": key}, key, "key")
        self._check_names(lines, raw, steps)
        keys = {step.key for step in steps}
        for step in steps:
            for other in dict.fromkeys(step.after):
                if other not in keys:
                    sentence = _("it comes after “%(other)s”, which does not exist.") % {"other": other}
                    self._fault(lines.get(step.key, raw), sentence, step.key, "after")
        for key in _in_a_circle(steps):
            self._fault(lines.get(key, raw), _("it waits for itself in a circle."), key, "after")

    def _check_names(
        self,
        lines: Mapping[str, Mapping[str, object]],
        raw: Mapping[str, object],
        steps: tuple[StepText, ...],
    ) -> None:
        """On a thread people tell steps apart by their names alone."""
        first: dict[str, StepText] = {}
        for step in steps:
            other = first.setdefault(step.name.casefold(), step)
            if step.name and other.key != step.key:
                sentence = _("another step is named “%(name)s” too.") % {"name": step.name}
                self._fault(lines.get(step.key, raw), sentence, step.key, "name")


def one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_readable(text: str) -> bool:
    """What XML could not carry, and the marks that make a text read backwards."""
    return not any(
        unicodedata.category(sign) in ("Cc", "Cs") or sign in "\u202d\u202e" or ord(sign) & 0xFFFE == 0xFFFE
        for sign in text
    )


def minutes_in(text: str) -> int | None:
    """``2d`` is 960; None when it is no working time."""
    match = _DURATION.fullmatch(text.strip())
    return int(match[1]) * MINUTES[match[2]] if match else None


def _in_one_way(steps: tuple[StepText, ...]) -> tuple[StepText, ...]:
    """Each ``after`` once and in the order of the steps, so that equal processes are equal texts."""
    place = {step.key: number for number, step in enumerate(steps)}
    return tuple(
        replace(step, after=tuple(sorted(set(step.after), key=lambda key: (place.get(key, -1), key))))
        for step in steps
    )


def _repeated(keys: Iterable[str]) -> list[str]:
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


def as_fields(template: TemplateText) -> dict[str, object]:
    """The plain form that is read; what keeps its default is left out."""
    document: dict[str, object] = {"code": template.code, "name": template.name, "kind": template.kind}
    if template.runs_per_order:
        document["runs_per_order"] = True
    document["steps"] = [_written(step) for step in template.steps]
    return document


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
