"""A process brought in as BPMN 2.0: first whose each lane is, then the draft, with what was left out said."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.errors import RuleViolation
from hilo.parties.models import Area
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.form_page import FormPage, show_form
from hilo.web.processes.forms import BpmnFile, BpmnLanes
from hilo.web.processes.pages import url_of
from hilo.work.bpmn.reading import lanes_in, read_bpmn
from hilo.work.commands.drafting import draft_from_bpmn
from hilo.work.models import TemplateVersion
from hilo.work.template_rows import area_codes

LARGEST = 1_500_000
MOST_NOTES = 12


def process_from_bpmn(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show_form(request, _page(), BpmnFile())
    if "content" in request.POST:
        return _with_lanes(request)
    form = BpmnFile(request.POST, request.FILES)
    attempt = run_command(form, lambda given: _draft_or_lanes(request, given))
    if isinstance(attempt.result, TemplateVersion):
        return _brought(request, attempt.result)
    if isinstance(attempt.result, BpmnLanes):
        return show_form(request, _page(has_lanes=True), attempt.result)
    return show_form(request, _page(), form, attempt)


def _page(*, has_lanes: bool = False) -> FormPage:
    lead = _("It becomes a draft. What Hilo has no place for is left out, and it says what.")
    if has_lanes:
        lead = _("Some lanes have no area's name. Say whose each one is.")
    return FormPage(
        title=_("A process from BPMN"),
        lead=lead,
        button=_("Keep it as a draft") if has_lanes else _("Read it"),
        back_url=reverse("web:setting_processes"),
        back=_("Processes"),
        template="web_processes/bpmn.html",
    )


def _draft_or_lanes(request: HttpRequest, given: dict[str, Any]) -> TemplateVersion | BpmnLanes:
    content: bytes = given["file"].read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RuleViolation(
            _("The file is larger than a process can be. Export that process alone."), field="file"
        )
    lanes = list(lanes_in(content, area_codes(now_of(request))))
    if all(lane.area for lane in lanes):
        return _draft(request, content, given["kind"], {})
    initial = {"content": b64encode(content).decode(), "kind": given["kind"]}
    return BpmnLanes(initial=initial, lanes=lanes, areas=_areas())


def _with_lanes(request: HttpRequest) -> HttpResponse:
    try:
        content = b64decode(request.POST["content"], validate=True)
    except (binascii.Error, ValueError):
        return show_form(request, _page(), BpmnFile())
    lanes = list(lanes_in(content, area_codes(now_of(request))))
    form = BpmnLanes(request.POST, lanes=lanes, areas=_areas())
    attempt = run_command(form, lambda given: _draft(request, content, given["kind"], form.chosen()))
    if isinstance(attempt.result, TemplateVersion):
        return _brought(request, attempt.result)
    return show_form(request, _page(has_lanes=True), form, attempt)


def _areas() -> dict[str, str]:
    return dict(Area.objects.filter(ended_on__isnull=True).order_by("name").values_list("code", "name"))


def _draft(request: HttpRequest, content: bytes, kind: str, lanes: dict[str, str]) -> TemplateVersion:
    draft = draft_from_bpmn(content, kind=kind, lanes=lanes, by=actor_of(request), now=now_of(request))
    notes = read_bpmn(content, area_codes(now_of(request)), lanes=lanes, kind=kind).notes
    for note in notes[:MOST_NOTES]:
        messages.warning(request, note)
    left = len(notes) - MOST_NOTES
    if left > 0:
        text = ngettext("And %(n)d more thing of this kind.", "And %(n)d more things of this kind.", left)
        messages.warning(request, text % {"n": left})
    return draft


def _brought(request: HttpRequest, draft: TemplateVersion) -> HttpResponse:
    return done(request, url_of(draft), _("The draft is there. Look at its steps and publish it."))
