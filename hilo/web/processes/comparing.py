"""A version beside another one: steps that are new, gone or say something else, and what waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hilo.parties.permissions import may
from hilo.web.doing.asking import actor_of
from hilo.web.processes.pages import area_names, versions_of
from hilo.web.processes.words import FIELDS, said_target, said_value, status_of
from hilo.work.models import TemplateVersion
from hilo.work.template_diff import TemplateDiff, difference
from hilo.work.template_rows import text_of
from hilo.work.template_rules import StepText, TemplateText


@dataclass(frozen=True, slots=True)
class StepLine:
    name: str
    area: str
    target: str
    after: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    label: str
    old: list[str]
    new: list[str]


@dataclass(frozen=True, slots=True)
class ChangedStep:
    name: str
    rows: list[FieldRow]


@dataclass(frozen=True, slots=True)
class DiffShown:
    added: list[StepLine]
    removed: list[StepLine]
    changed: list[ChangedStep]
    moved: list[str]
    links_added: list[tuple[str, str]]  # before, after: by their names
    links_removed: list[tuple[str, str]]
    is_empty: bool


@require_safe
def compared(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """``?con=2`` is the other version; without it, the one before."""
    versions = versions_of(request, code)
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        raise Http404
    others = [each for each in versions if each is not version]
    other = _other(request, version, others)
    facts = {
        "version": version,
        "status": status_of(version),
        "other": other,
        "others": others,
        "diff": shown(text_of(other), text_of(version), area_names()) if other else None,
        "may_change": may(actor_of(request), "template.manage"),
    }
    return render(request, "web_processes/compared.html", facts)


def _other(
    request: HttpRequest, version: TemplateVersion, others: list[TemplateVersion]
) -> TemplateVersion | None:
    wanted = request.GET.get("con", "")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9:
        number = int(wanted)
        found = next((each for each in (version, *others) if each.number == number), None)
        if found is None:
            raise Http404
        return found
    return next((each for each in others if each.number < version.number), others[0] if others else None)


def shown(old: TemplateText, new: TemplateText, areas: Mapping[str, str]) -> DiffShown:
    diff = difference(old, new)
    names = {step.key: step.name for step in (*old.steps, *new.steps)}
    return DiffShown(
        _lines(diff.added, names, areas),
        _lines(diff.removed, names, areas),
        [ChangedStep(change.new.name, _rows(diff, change.new.key, areas)) for change in diff.changed],
        [step.name for step in diff.moved],
        [(names[before], names[after]) for before, after in diff.links_added],
        [(names[before], names[after]) for before, after in diff.links_removed],
        diff.is_empty,
    )


def _lines(steps: Iterable[StepText], names: Mapping[str, str], areas: Mapping[str, str]) -> list[StepLine]:
    return [
        StepLine(
            step.name,
            areas.get(step.area, step.area),
            said_target(step.target_minutes),
            ", ".join(names.get(key, key) for key in step.after),
        )
        for step in steps
    ]


def _rows(diff: TemplateDiff, key: str, areas: Mapping[str, str]) -> list[FieldRow]:
    change = next(each for each in diff.changed if each.new.key == key)
    return [
        FieldRow(
            str(FIELDS[each.field]),
            said_value(each.field, each.old, areas),
            said_value(each.field, each.new, areas),
        )
        for each in change.fields
    ]
