"""Processes: which there are, one version step by step, a new one as text, published or retired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hilo.errors import RuleViolation, Stale
from hilo.parties.models import Area
from hilo.parties.permissions import may
from hilo.web.base.words import Status
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.form_page import FormPage, rewrite, show_form
from hilo.web.processes.forms import ProcessText
from hilo.work.commands.templates import draft_template, export_template, publish_version, retire_template
from hilo.work.models import ProcessTemplate, Step, TemplateVersion

DAY = 480


@dataclass(frozen=True, slots=True)
class StepRow:
    step: Step
    target: str
    after: str
    consulted: str
    needs: list[str]
    marks: list[str]


@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    rows = ProcessTemplate.objects.prefetch_related("versions").order_by("kind", "name")
    shown = [{"process": each, "versions": _newest_first(each)} for each in rows]
    facts = {"processes": shown, "may_change": may(actor_of(request), "template.manage")}
    return render(request, "web_processes/processes.html", facts)


def _newest_first(process: ProcessTemplate) -> list[dict[str, object]]:
    ordered = sorted(process.versions.all(), key=lambda each: -each.number)
    return [{"version": each, "status": status_of(each)} for each in ordered]


def status_of(version: TemplateVersion) -> Status:
    shown: dict[str, Status] = {
        "draft": Status(_("Draft"), "pencil", "warn"),
        "published": Status(_("Published"), "circle-check", "ok"),
        "retired": Status(_("Retired"), "archive"),
    }
    return shown[version.state]


def version_at(request: HttpRequest, code: str, number: int) -> TemplateVersion:
    if not may(actor_of(request), "template.see"):
        raise Http404
    rows = TemplateVersion.objects.select_related("template")
    found = rows.filter(template__code=code, number=min(number, 2**31 - 1)).first()
    if found is None:
        raise Http404
    return found


def url_of(version: TemplateVersion) -> str:
    return reverse("web:setting_process", args=[version.template.code, version.number])


@require_safe
def process(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    steps = version.steps.select_related("area").prefetch_related("links_before__before")
    names = dict(Area.objects.values_list("code", "name"))
    facts = {
        "version": version,
        "status": status_of(version),
        "rows": [_row(step, names) for step in steps],
        "others": version.template.versions.exclude(pk=version.pk).order_by("-number"),
        "may_change": may(actor_of(request), "template.manage"),
    }
    return render(request, "web_processes/process.html", facts)


def _row(step: Step, names: dict[str, str]) -> StepRow:
    before = sorted((link.before for link in step.links_before.all()), key=lambda each: each.position)
    return StepRow(
        step,
        said_target(step.target_minutes),
        ", ".join(each.name for each in before),
        ", ".join(names.get(code, code) for code in step.consulted),
        [_need(need) for need in step.needs],
        _marks(step),
    )


def _need(need: dict[str, Any]) -> str:
    text = str(need.get("text", ""))
    return text if need.get("required", True) else _("%(need)s (if there is any)") % {"need": text}


def _marks(step: Step) -> list[str]:
    marks = {
        _("joint look before anything is promised"): step.is_joint_look,
        _("delivers"): step.delivers,
        _("the customer notices it"): step.touches_customer,
        _("light handoff"): step.weight == "light",
        _("ends by itself on its date"): step.finishes == Step.Finishes.ON_DATE,
    }
    return [mark for mark, holds in marks.items() if holds]


def said_target(minutes: int) -> str:
    """Working time: days of eight hours, hours, minutes."""
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    if minutes % 60 == 0:
        return f"{minutes // 60} h"
    return f"{minutes} min"


@require_safe
def process_text(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    name = f"{version.template.code}-v{version.number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(export_template(version), content_type="text/yaml; charset=utf-8", headers=headers)


# Changing ------------------------------------------------------------------------------------------------


def new_process(request: HttpRequest) -> HttpResponse:
    """``?from=supply&version=2`` begins with the text of that version."""
    page = FormPage(
        title=_("A process as text"),
        lead=_(
            "It becomes a draft: nothing runs on it until you publish it; what runs stays on its version."
        ),
        button=_("Keep it as a draft"),
        back_url=reverse("web:setting_processes"),
        back=_("Processes"),
        template="web_processes/process_new.html",
    )
    if request.method != "POST":
        return show_form(request, page, ProcessText(initial={"yaml": _text_to_begin_with(request)}))
    form = ProcessText(request.POST, request.FILES)
    attempt = run_command(form, lambda given: _draft(request, form, given))
    if isinstance(attempt.result, TemplateVersion):
        said = _("The draft is there. Look at its steps and publish it.")
        return done(request, url_of(attempt.result), said)
    return show_form(request, page, form, attempt)


def _text_to_begin_with(request: HttpRequest) -> str:
    code, number = request.GET.get("from", ""), request.GET.get("version", "")
    if not code or not (number.isascii() and number.isdecimal() and len(number) < 9):
        return ""
    return export_template(version_at(request, code, int(number)))


def _draft(request: HttpRequest, form: ProcessText, given: dict[str, Any]) -> TemplateVersion:
    text = _read(given["file"]) if given["file"] else given["yaml"]
    if given["file"]:  # whatever is wrong with it can be put right here
        rewrite(form, yaml=text)
    if not text.strip():
        raise RuleViolation(_("Write the process, or choose its file."), field="yaml")
    return draft_template(text, by=actor_of(request), now=now_of(request))


def _read(file: Any) -> str:
    try:
        return str(file.read(1_000_000).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RuleViolation(_("The file is no text in UTF-8. Save it again as such."), field="file") from None


@require_POST
def process_published(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    publish_version(version, seen=_seen(request), by=actor_of(request), now=now_of(request))
    return done(request, url_of(version), _("Published: new threads run on it from now on."))


@require_POST
def process_retired(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    retire_template(version, seen=_seen(request), by=actor_of(request), now=now_of(request))
    return done(request, url_of(version), _("Retired: no new thread runs on it; those that do go on."))


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Stale(_("Somebody changed this meanwhile. Look at it again."))
    return int(text)
