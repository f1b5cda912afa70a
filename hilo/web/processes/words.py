"""What a process says, as people say it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hilo.web.base.words import Status
from hilo.work.models import Step, TemplateVersion, Weight
from hilo.work.template_diff import Value
from hilo.work.template_rules import StepText, duration

DAY = 480

FIELDS = {
    "name": gettext_lazy("Name"),
    "area": gettext_lazy("Area"),
    "target_minutes": gettext_lazy("Working time"),
    "answerable": gettext_lazy("Who answers for it"),
    "consulted": gettext_lazy("Areas that are asked"),
    "informed": gettext_lazy("Areas that are told"),
    "entry": gettext_lazy("To look at before it begins"),
    "exit": gettext_lazy("To look at before it ends"),
    "needs": gettext_lazy("What it needs from the one before"),
    "advice_hints": gettext_lazy("To think of when advising"),
    "value": gettext_lazy("What it is for"),
    "touches_customer": gettext_lazy("The customer notices it"),
    "joint_look": gettext_lazy("Joint look before anything is promised"),
    "delivers": gettext_lazy("It delivers"),
    "weight": gettext_lazy("Weight of the handoff"),
    "finishes": gettext_lazy("How it ends"),
    "after": gettext_lazy("After"),
}


def status_of(version: TemplateVersion) -> Status:
    shown: dict[str, Status] = {
        "draft": Status(_("Draft"), "pencil", "warn"),
        "published": Status(_("Published"), "circle-check", "ok"),
        "retired": Status(_("Retired"), "archive"),
    }
    return shown[version.state]


def said_target(minutes: int) -> str:
    """Working time: days of eight hours, hours, minutes."""
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    return duration(minutes).replace("h", " h").replace("m", " min")


def said_need(need: Mapping[str, object]) -> str:
    text = str(need.get("text", ""))
    return text if need.get("required", True) else _("%(need)s (if there is any)") % {"need": text}


def marks_of(step: StepText) -> list[str]:
    marks = {
        _("joint look before anything is promised"): step.joint_look,
        _("delivers"): step.delivers,
        _("the customer notices it"): step.touches_customer,
        _("light handoff"): step.weight == Weight.LIGHT,
        _("ends by itself on its date"): step.finishes == Step.Finishes.ON_DATE,
        _("waste: a candidate to drop"): step.value == Step.Value.WASTE,
    }
    return [mark for mark, holds in marks.items() if holds]


def said_value(field: str, value: Value, areas: Mapping[str, str]) -> list[str]:
    """A field of a step in one line, or a line each when it is a list; nothing when it is empty."""
    if isinstance(value, bool):
        return [_("yes") if value else _("no")]
    if isinstance(value, int):
        return [said_target(value)]
    if isinstance(value, str):
        return [_one_said(field, value, areas)] if value else []
    return [said_need(each) if isinstance(each, dict) else areas.get(each, each) for each in value]


def _one_said(field: str, value: str, areas: Mapping[str, str]) -> str:
    choices = {"value": Step.Value, "weight": Weight, "finishes": Step.Finishes}
    if field in choices:
        return str(choices[field](value).label)
    return areas.get(value, value) if field == "area" else value
