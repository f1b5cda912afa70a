"""A draft begun and changed step by step: each form asks one command, which knows the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.errors import RuleViolation
from hilo.parties.models import Area
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.form_page import FormPage, answer_form, rewrite, show_form
from hilo.web.processes.forms import NewProcess, ProcessName, ProcessText, StepForm, initial_of
from hilo.web.processes.pages import area_names, seen_in, step_url, url_of, version_at
from hilo.web.processes.words import FIELDS, said_value
from hilo.work.commands.drafting import (
    add_draft_step,
    begin_draft,
    begin_process,
    change_draft_step,
    move_draft_step,
    remove_draft_step,
)
from hilo.work.commands.templates import draft_template, export_template, rename_process
from hilo.work.models import TemplateVersion
from hilo.work.template_rows import text_of
from hilo.work.template_rules import StepText, TemplateText


def begun_process(request: HttpRequest) -> HttpResponse:
    page = FormPage(
        title=_("A new process"),
        lead=_("It begins as a draft without steps; nothing runs on it until you publish it."),
        button=_("Begin it"),
        back_url=reverse("web:setting_processes"),
        back=_("Processes"),
    )
    if request.method != "POST":
        return show_form(request, page, NewProcess())
    form = NewProcess(request.POST)
    attempt = run_command(
        form, lambda given: begin_process(**given, by=actor_of(request), now=now_of(request))
    )
    if isinstance(attempt.result, TemplateVersion):
        return done(request, step_url(attempt.result), _("The draft is there. Write its first step."))
    return show_form(request, page, form, attempt)


def renamed(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    process = version.template
    page = FormPage(
        title=_("Rename “%(process)s”") % {"process": process.name},
        lead=_("All its versions are called so from then on, and so is what runs on them."),
        button=_("Rename it"),
        back_url=url_of(version),
        back=_("%(process)s, version %(number)s") % {"process": process.name, "number": version.number},
        subject=process,
        kind="template",
    )
    if request.method != "POST":
        return show_form(request, page, ProcessName(initial={"name": process.name}, seen=process.version))
    facts: dict[str, Any] = {"by": actor_of(request), "now": now_of(request)}
    return answer_form(
        request,
        page,
        ProcessName(request.POST),
        lambda given: rename_process(process, **given, **facts),
        then=url_of(version),
        said=_("Renamed."),
    )


@require_POST
def begun_draft(request: HttpRequest, code: str, number: int) -> HttpResponse:
    version = version_at(request, code, number)
    draft = begin_draft(version, by=actor_of(request), now=now_of(request))
    return done(request, url_of(draft), _("A draft like it. Change its steps and publish it."))


# A step --------------------------------------------------------------------------------------------------


def step(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """``?paso=`` is the key of the step; without it, a new one."""
    draft = version_at(request, code, number)
    process = text_of(draft)
    key = request.GET.get("paso", "")
    old = next((each for each in process.steps if each.key == key), None)
    if key and old is None:
        raise Http404
    if draft.state != TemplateVersion.State.DRAFT and request.method != "POST":
        return render(request, "web_processes/no_draft.html", {"version": draft})
    page = _step_page(draft, old)
    form = _step_form(request, draft, process, old)
    more: dict[str, Any] = {"old": old, "remove_url": f"{step_url(draft)}quitar/?paso={key}"}
    if request.method != "POST":
        return show_form(request, page, form, **more)
    attempt = run_command(form, lambda given: _keep(request, draft, form, old))
    if attempt.done:
        return done(request, url_of(draft), _("Kept in the draft."))
    stands = _now_says(draft, form, key) if attempt.is_stale else []
    return show_form(request, page, form, attempt, stands=stands, **more)


def _now_says(draft: TemplateVersion, form: StepForm, key: str) -> list[tuple[str, str]]:
    """Where the step says something else by now than what was typed."""
    now = next((each for each in text_of(draft).steps if each.key == key), None)
    if now is None:
        return []
    typed, names = form.step_given(key), area_names()
    told = []
    for name, label in FIELDS.items():
        value = getattr(now, name)
        if value != getattr(typed, name):
            told.append((str(label), " · ".join(said_value(name, value, names)) or _("nothing")))
    return told


def _step_page(draft: TemplateVersion, old: StepText | None) -> FormPage:
    return FormPage(
        title=old.name if old else _("A new step"),
        lead=_("What is written here is checked at once; nobody works by it until the draft is published."),
        button=_("Keep it in the draft"),
        back_url=url_of(draft),
        back=_("%(process)s, version %(number)s") % {"process": draft.template.name, "number": draft.number},
        subject=draft,
        template="web_processes/step.html",
    )


def _step_form(
    request: HttpRequest, draft: TemplateVersion, process: TemplateText, old: StepText | None
) -> StepForm:
    begun = old or _blank(process)
    used = {begun.area, *begun.consulted, *begun.informed}
    names = {
        area.code: area.name
        for area in Area.objects.order_by("name")
        if area.ended_on is None or area.code in used
    }
    others = {each.key: each.name for each in process.steps if each.key != begun.key}
    facts: dict[str, Any] = {"areas": names, "others": others, "needs": begun.needs, "seen": draft.version}
    if request.method == "POST":
        return StepForm(request.POST, **facts)
    return StepForm(initial=initial_of(begun), **facts)


def _blank(process: TemplateText) -> StepText:
    """After the last one, until somebody says otherwise."""
    waited_for = {key for each in process.steps for key in each.after}
    last = tuple(each.key for each in process.steps if each.key not in waited_for)
    return StepText(key="", name="", area="", target_minutes=0, after=last)


def _keep(
    request: HttpRequest, draft: TemplateVersion, form: StepForm, old: StepText | None
) -> TemplateVersion:
    facts: dict[str, Any] = {
        "seen": form.cleaned_data["seen"],
        "by": actor_of(request),
        "now": now_of(request),
    }
    given = form.step_given(old.key if old else "")
    if old is None:
        return add_draft_step(draft, step=given, **facts)
    return change_draft_step(draft, key=old.key, becomes=replace(given, key=old.key), **facts)


@require_POST
def step_moved(request: HttpRequest, code: str, number: int) -> HttpResponse:
    draft = version_at(request, code, number)
    to = request.POST.get("to", "")
    if not (to.isascii() and to.isdecimal() and len(to) < 5):
        raise RuleViolation(_("There is no other place there for this step."), field="to")
    key = request.POST.get("key", "")
    by, now = actor_of(request), now_of(request)
    move_draft_step(draft, key=key, to=int(to), seen=seen_in(request), by=by, now=now)
    return done(
        request, f"{url_of(draft)}#paso-{key}", _("Moved. When it runs is said by what it comes after.")
    )


@require_POST
def step_removed(request: HttpRequest, code: str, number: int) -> HttpResponse:
    draft = version_at(request, code, number)
    key = request.GET.get("paso", "")
    by, now = actor_of(request), now_of(request)
    remove_draft_step(draft, key=key, seen=seen_in(request), by=by, now=now)
    return done(request, url_of(draft), _("Taken out of the draft."))


# As text -------------------------------------------------------------------------------------------------


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
