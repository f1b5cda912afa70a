"""Fields of processes: as text, as a file, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hilo.web.doing.fields import SeenForm
from hilo.web.people.forms import CHOOSE_AREA, Plain
from hilo.web.processes.words import FIELDS
from hilo.work.bpmn.reading import LEAVE_OUT, LaneFound
from hilo.work.models import Step, Thread, Weight
from hilo.work.prefill import PREFILLS
from hilo.work.template_rules import MOST_LINES, Need, StepText, duration, minutes_in

SPARE_NEEDS = 2
PLAIN = ("name", "area", "answerable", "entry", "exit", "advice_hints", "value", "weight", "finishes")
FLAGS = ("touches_customer", "joint_look", "delivers")
_NEED_FIELD = re.compile(r"need_([0-9]{1,3})_text")

PREFILL_WORDS = {
    "approved_document": _("the approved document"),
    "contacts": _("the customer's people"),
    "deadline": _("the date the customer expects"),
    "order": _("the order with its lines"),
    "previous_step": _("the end of the step before"),
    "promises": _("what was promised"),
    "purpose": _("what it is for"),
    "requirements": _("what the customer asks for"),
}


class ProcessText(Plain):
    yaml = forms.CharField(
        label=_("The process as text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "h-yaml"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
        error_messages={"empty": _("The file is empty.")},
    )


class ProcessName(SeenForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Give the process a name.")},
        help_text=_("Its code and its address stay as they are."),
    )


class NewProcess(Plain):
    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Give the process a name.")}
    )
    kind = forms.ChoiceField(label=_("For threads of the kind"), choices=Thread.Kind.choices)
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=40,
        help_text=_("Small letters, digits and hyphens; it never changes. Empty: made from the name."),
    )
    runs_per_order = forms.BooleanField(label=_("Once for each order of a supply thread"), required=False)


class BpmnFile(Plain):
    file = forms.FileField(
        label=_("BPMN 2.0 file"),
        widget=forms.FileInput(attrs={"accept": ".bpmn,.xml,application/xml,text/xml"}),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty.")},
    )
    kind = forms.ChoiceField(
        label=_("For threads of the kind"),
        choices=Thread.Kind.choices,
        help_text=_("Only if the file does not say: those that Hilo wrote do."),
    )


class BpmnLanes(Plain):
    """The file again, as text, with the area of each lane."""

    content = forms.CharField(widget=forms.HiddenInput, strip=False)
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=Thread.Kind.choices)

    def __init__(self, *args: Any, lanes: list[LaneFound], areas: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lanes = lanes
        choices = [("", _now("Choose…")), *areas.items(), (LEAVE_OUT, _now("leave its steps out"))]
        for place, lane in enumerate(lanes):
            self.fields[f"lane_{place}"] = forms.ChoiceField(
                label=lane.name or lane.id,
                choices=choices,
                initial=lane.area,
                error_messages={"required": _("Say which area it is, or leave its steps out.")},
            )

    def chosen(self) -> dict[str, str]:
        return {lane.id: self.cleaned_data[f"lane_{place}"] for place, lane in enumerate(self.lanes)}


# A step --------------------------------------------------------------------------------------------------


class Lines(forms.CharField):
    """A list as people write it: a line each."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=_("One thing per line."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, tuple | list) else value

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        return tuple(line.strip() for line in text.splitlines() if line.strip())


class Target(forms.CharField):
    def prepare_value(self, value: Any) -> Any:
        return duration(value) if isinstance(value, int) and value > 0 else value

    def clean(self, value: Any) -> Any:
        minutes = minutes_in(super().clean(value))
        if minutes is None:
            raise ValidationError(_now("Write working time like 90m, 4h or 2d; a day is eight hours."))
        return minutes


class StepForm(SeenForm):
    name = forms.CharField(
        label=FIELDS["name"],
        max_length=120,
        error_messages={"required": _("Say in a few words what is done.")},
    )
    area = forms.ChoiceField(label=FIELDS["area"], error_messages=CHOOSE_AREA)
    target = Target(
        label=FIELDS["target_minutes"],
        help_text=_("Like 90m, 4h or 2d; a day is eight hours of work."),
        error_messages={"required": _("Say how much working time it should take.")},
    )
    answerable = forms.CharField(
        label=FIELDS["answerable"], required=False, max_length=120, help_text=_("A role, not a person.")
    )
    after = forms.MultipleChoiceField(
        label=_("It begins when these are over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: it begins at once, beside the other first steps."),
    )
    consulted = forms.MultipleChoiceField(
        label=FIELDS["consulted"], required=False, widget=forms.CheckboxSelectMultiple
    )
    informed = forms.MultipleChoiceField(
        label=FIELDS["informed"], required=False, widget=forms.CheckboxSelectMultiple
    )
    entry = Lines(label=FIELDS["entry"])
    exit = Lines(label=FIELDS["exit"])
    advice_hints = Lines(label=FIELDS["advice_hints"])
    value = forms.ChoiceField(label=FIELDS["value"], choices=Step.Value.choices)
    weight = forms.ChoiceField(
        label=FIELDS["weight"],
        choices=Weight.choices,
        help_text=_("Full: the receiver says back in a line what will be done by when."),
    )
    finishes = forms.ChoiceField(label=FIELDS["finishes"], choices=Step.Finishes.choices)
    touches_customer = forms.BooleanField(label=FIELDS["touches_customer"], required=False)
    joint_look = forms.BooleanField(label=FIELDS["joint_look"], required=False)
    delivers = forms.BooleanField(label=FIELDS["delivers"], required=False)

    def __init__(
        self,
        *args: Any,
        areas: Mapping[str, str],
        others: Mapping[str, str],
        needs: tuple[Need, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = list(areas.items())
        self._offer("area", [("", _now("Choose…")), *choices])
        self._offer("consulted", choices)
        self._offer("informed", choices)
        self._offer("after", list(others.items()))
        posted = {int(match[1]) for name in self.data if (match := _NEED_FIELD.fullmatch(name))}
        count = max([len(needs) + SPARE_NEEDS, *(place + 1 for place in posted)])
        self.need_count = min(count, MOST_LINES + SPARE_NEEDS)
        for place in range(self.need_count):
            self._add_need(place, needs[place] if place < len(needs) else None)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _add_need(self, place: int, need: Need | None) -> None:
        """The key stays what it was: handoffs know the line by it."""
        told = need or {}
        prefills = [("", _now("nobody: whoever gives it fills it in")), *PREFILL_WORDS.items()]
        number = {"n": place + 1}
        self.fields |= {
            f"need_{place}_text": forms.CharField(
                label=_now("Need %(n)s") % number,
                required=False,
                max_length=200,
                initial=told.get("text", ""),
            ),
            f"need_{place}_key": forms.CharField(
                required=False, max_length=40, widget=forms.HiddenInput, initial=told.get("key", "")
            ),
            f"need_{place}_required": forms.BooleanField(
                label=_now("it cannot begin without need %(n)s") % number,
                required=False,
                initial=told.get("required", True),
            ),
            f"need_{place}_prefill": forms.ChoiceField(
                label=_now("Who fills in need %(n)s") % number,
                required=False,
                choices=[each for each in prefills if not each[0] or each[0] in PREFILLS],
                initial=told.get("prefill", ""),
            ),
        }

    def need_rows(self) -> Iterator[dict[str, Any]]:
        for place in range(self.need_count):
            yield {name: self[f"need_{place}_{name}"] for name in ("text", "key", "required", "prefill")}

    def needs_given(self) -> tuple[Need, ...]:
        found: list[Need] = []
        given = self.cleaned_data
        taken = {given[f"need_{place}_key"] for place in range(self.need_count)}
        for place in range(self.need_count):
            text = given[f"need_{place}_text"].strip()
            if not text:
                continue
            key = given[f"need_{place}_key"] or _free_key(text, taken)
            taken.add(key)
            need: Need = {"key": key, "text": text, "required": given[f"need_{place}_required"]}
            if given[f"need_{place}_prefill"]:
                need["prefill"] = given[f"need_{place}_prefill"]
            found.append(need)
        return tuple(found)

    def step_given(self, key: str) -> StepText:
        given = self.cleaned_data
        facts: dict[str, Any] = {name: given[name] for name in (*PLAIN, *FLAGS)}
        facts |= {name: tuple(given[name]) for name in ("after", "consulted", "informed")}
        return StepText(key=key, target_minutes=given["target"], needs=self.needs_given(), **facts)


def _free_key(text: str, taken: set[str]) -> str:
    plain = slugify(text)[:30].strip("-_") or "need"
    keys = (plain, *(f"{plain}-{number}" for number in range(2, 999)))
    return next(key for key in keys if key not in taken)


def initial_of(step: StepText) -> dict[str, Any]:
    names = [name for name in StepForm.base_fields if name not in ("seen", "target")]
    return {**{name: getattr(step, name) for name in names}, "target": step.target_minutes}
