"""Processes: which there are, one version as a picture and step by step, taken away as YAML or BPMN."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.errors import Stale
from hilo.parties.models import Area
from hilo.parties.permissions import may
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done
from hilo.web.processes.picture import pictures
from hilo.web.processes.words import marks_of, said_need, said_target, status_of
from hilo.work.bpmn.writing import write_bpmn
from hilo.work.commands.templates import export_template, publish_version, retire_template
from hilo.work.models import ProcessTemplate, TemplateVersion
from hilo.work.template_rows import text_of
from hilo.work.template_rules import StepText, TemplateText, without_place
from hilo.work.version_moves import movable_items


@dataclass(frozen=True, slots=True)
class StepRow:
    step: StepText
    number: int
    area: str
    target: str
    after: str
    consulted: str
    informed: str
    needs: list[str]
    marks: list[str]
    url: str
    up: int  # the place one higher; 0 for the first
    down: int


@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    rows = ProcessTemplate.objects.prefetch_related("versions").order_by("kind", "name")
    shown = [{"process": each, "versions": _newest_first(each)} for each in rows]
    facts = {"processes": shown, "may_change": may(actor_of(request), "template.manage")}
    return render(request, "web_processes/processes.html", facts)


def _newest_first(process: ProcessTemplate) -> list[dict[str, object]]:
    ordered = sorted(process.versions.all(), key=lambda each: -each.number)
    return [{"version": each, "status": status_of(each)} for each in ordered]


def version_at(request: HttpRequest, code: str, number: int) -> TemplateVersion:
    if not may(actor_of(request), "template.see"):
        raise Http404
    rows = TemplateVersion.objects.select_related("template")
    found = rows.filter(template__code=code, number=min(number, 2**31 - 1)).first()
    if found is None:
        raise Http404
    return found


def versions_of(request: HttpRequest, code: str) -> list[TemplateVersion]:
    """All of a process, the newest first, in one question."""
    if not may(actor_of(request), "template.see"):
        raise Http404
    rows = TemplateVersion.objects.select_related("template").filter(template__code=code)
    return list(rows.order_by("-number"))


def url_of(version: TemplateVersion) -> str:
    return reverse("web:setting_process", args=[version.template.code, version.number])


def step_url(version: TemplateVersion, key: str = "") -> str:
    url = reverse("web:setting_process_step", args=[version.template.code, version.number])
    return f"{url}?paso={key}" if key else url


def area_names() -> dict[str, str]:
    return dict(Area.objects.values_list("code", "name"))


@require_safe
def process(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    text, names = text_of(version), area_names()
    may_change = may(actor_of(request), "template.manage")
    edits = may_change and version.state == TemplateVersion.State.DRAFT
    others = list(version.template.versions.exclude(pk=version.pk).order_by("-number"))
    facts = {
        "version": version,
        "status": status_of(version),
        "rows": rows_of(version, text, names),
        "pictures": pictures(text, names, lambda key: step_url(version, key) if edits else f"#paso-{key}"),
        "others": others,
        "compared": _compared_with(version, others),
        "may_change": may_change,
        "edits": edits,
        "open_draft": _open_draft([version, *others]) if may_change and not edits else None,
        "loose": [fault.as_sentence for fault in without_place(text)] if edits else [],
        "behind": _running_elsewhere(version) if may_change else 0,
    }
    return render(request, "web_processes/process.html", facts)


def _open_draft(versions: list[TemplateVersion]) -> TemplateVersion | None:
    """As ``begin_draft`` asks, which would refuse a second one."""
    states = TemplateVersion.State
    published = max((each.number for each in versions if each.state == states.PUBLISHED), default=0)
    drafts = [each for each in versions if each.state == states.DRAFT and each.number > published]
    return max(drafts, key=lambda each: each.number, default=None)


def _compared_with(version: TemplateVersion, others: list[TemplateVersion]) -> TemplateVersion | None:
    """What a draft is compared with: what is published; any other version: the one before it."""
    if version.state == TemplateVersion.State.DRAFT:
        published = [each for each in others if each.state == TemplateVersion.State.PUBLISHED]
        if published:
            return published[0]
    return next((each for each in others if each.number < version.number), None)


def _running_elsewhere(version: TemplateVersion) -> int:
    if version.state != TemplateVersion.State.PUBLISHED:
        return 0
    counted = movable_items(version).select_related(None).aggregate(n=Count("thread", distinct=True))
    return int(counted["n"])


def rows_of(version: TemplateVersion, text: TemplateText, names: dict[str, str]) -> list[StepRow]:
    called = {step.key: step.name for step in text.steps}
    last = len(text.steps)
    return [
        StepRow(
            step,
            place,
            names.get(step.area, step.area),
            said_target(step.target_minutes),
            ", ".join(called.get(key, key) for key in step.after),
            ", ".join(names.get(area, area) for area in step.consulted),
            ", ".join(names.get(area, area) for area in step.informed),
            [said_need(need) for need in step.needs],
            marks_of(step),
            step_url(version, step.key),
            place - 1,
            place + 1 if place < last else 0,
        )
        for place, step in enumerate(text.steps, start=1)
    ]


@require_safe
def process_text(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    return _file(version, "yaml", export_template(version), "text/yaml; charset=utf-8")


@require_safe
def process_bpmn(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    return _file(
        version, "bpmn", write_bpmn(text_of(version), area_names()), "application/xml; charset=utf-8"
    )


def _file(version: TemplateVersion, ending: str, content: str | bytes, kind: str) -> HttpResponse:
    name = f"{version.template.code}-v{version.number}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


# Publishing ----------------------------------------------------------------------------------------------


@require_POST
def process_published(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    publish_version(version, seen=seen_in(request), by=actor_of(request), now=now_of(request))
    return done(request, url_of(version), _("Published: new threads run on it from now on."))


@require_POST
def process_retired(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    retire_template(version, seen=seen_in(request), by=actor_of(request), now=now_of(request))
    return done(request, url_of(version), _("Retired: no new thread runs on it; those that do go on."))


def seen_in(request: HttpRequest, name: str = "seen") -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Stale(_("Somebody changed this meanwhile. Look at it again."))
    return int(text)
