"""Between the rows of a version and the process as it is read and written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.text import slugify

from hilo.parties.models import Area
from hilo.work.models import ProcessTemplate, Step, StepLink, TemplateVersion
from hilo.work.template_rules import StepText, TemplateText


def area_codes(now: datetime) -> dict[str, str]:
    """Every way to name an area in force: its code, its name, its name as a code."""
    today = now.date()
    areas = Area.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))
    found: dict[str, str] = {}
    for area in areas:
        for name in (slugify(area.name), area.name.casefold(), area.code.casefold()):
            found[name] = area.code
    return found


def text_of(version: TemplateVersion) -> TemplateText:
    return texts_of([version])[0]


def texts_of(versions: Sequence[TemplateVersion]) -> list[TemplateText]:
    """Of each in its place, in two queries."""
    steps: dict[int, list[Step]] = {version.pk: [] for version in versions}
    for step in Step.objects.filter(template_version__in=steps).select_related("area"):  # in their order
        steps[step.template_version_id].append(step)
    links = StepLink.objects.filter(after__template_version__in=steps).values_list("before_id", "after_id")
    known = set(links)
    return [_text(version.template, steps[version.pk], known) for version in versions]


def _text(template: ProcessTemplate, steps: list[Step], links: set[tuple[int, int]]) -> TemplateText:
    key_of = {step.pk: step.key for step in steps}
    return TemplateText(
        code=template.code,
        name=template.name,
        kind=template.kind,
        runs_per_order=template.runs_per_order,
        steps=tuple(
            _step_text(step, tuple(key for pk, key in key_of.items() if (pk, step.pk) in links))
            for step in steps
        ),
    )


def _step_text(step: Step, after: tuple[str, ...]) -> StepText:
    return StepText(
        key=step.key,
        name=step.name,
        area=step.area.code,
        target_minutes=step.target_minutes,
        answerable=step.answerable,
        consulted=tuple(step.consulted),
        informed=tuple(step.informed),
        entry=tuple(step.entry_checklist),
        exit=tuple(step.exit_checklist),
        needs=tuple(step.needs),
        advice_hints=tuple(step.advice_hints),
        value=step.value,
        touches_customer=step.touches_customer,
        joint_look=step.is_joint_look,
        delivers=step.delivers,
        weight=step.weight,
        finishes=step.finishes,
        after=after,
    )


def write_steps(version: TemplateVersion, steps: tuple[StepText, ...]) -> None:
    """Make the rows of a draft say these steps. A step keeps its row while it keeps its key.

    Raises ProtectedError when a step that goes is pointed to.
    """
    areas = {area.code: area for area in Area.objects.all()}
    rows = {row.key: row for row in version.steps.all()}
    StepLink.objects.filter(after__template_version=version).delete()
    for key in rows.keys() - {step.key for step in steps}:
        rows.pop(key).delete()
    for place, step in enumerate(steps, start=1):
        row = rows.setdefault(step.key, Step(template_version=version, key=step.key))
        row.position, row.area = place, areas[step.area]
        _fill(row, step)
        row.save()
    StepLink.objects.bulk_create(
        StepLink(before=rows[before], after=rows[step.key]) for step in steps for before in step.after
    )


def _fill(row: Step, step: StepText) -> None:
    row.name, row.answerable, row.target_minutes = step.name, step.answerable, step.target_minutes
    row.consulted, row.informed = list(step.consulted), list(step.informed)
    row.entry_checklist, row.exit_checklist = list(step.entry), list(step.exit)
    row.needs, row.advice_hints = list(step.needs), list(step.advice_hints)
    row.value, row.weight, row.finishes = step.value, step.weight, step.finishes
    row.touches_customer, row.is_joint_look = step.touches_customer, step.joint_look
    row.delivers = step.delivers
