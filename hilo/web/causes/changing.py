"""What is done on the page of a cause: begin, ask why, mark the root, conclude, add what prevents it.

A refusal shows the page again, with everything typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hilo.parties.actor import Actor
from hilo.parties.queries.company import areas_visible_to
from hilo.quality.analysing import cases_of
from hilo.quality.commands.causes import (
    add_case_to_analysis,
    add_why,
    begin_analysis,
    change_why,
    conclude_analysis,
    mark_place,
    remove_why,
    reopen_analysis,
    set_root,
    set_team,
)
from hilo.quality.commands.lessons import add_lesson
from hilo.quality.models import Analysis, Case, Why
from hilo.web.causes.evidence import offered
from hilo.web.causes.fetching import analysis_asked, case_asked, cause_url, why_asked
from hilo.web.causes.forms import (
    BeginForm,
    ChangeWhyForm,
    ConcludeForm,
    LessonForm,
    PlaceForm,
    ReasonForm,
    TeamForm,
)
from hilo.web.causes.page import steps_to_choose
from hilo.web.causes.showing import Tried, join_form, show, why_form
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.submitting import Attempt, done, run_command
from hilo.web.people.form_page import FormPage, answer_form, rewrite, show_form
from hilo.work.models import Step

type Given = dict[str, Any]


def _home(request: HttpRequest, analysis: Analysis) -> Case:
    """The case whose page is shown again."""
    return case_asked(request, cases_of(analysis)[0].code)


def _again(
    request: HttpRequest, analysis: Analysis, attempt: Attempt, tried: Tried | None = None
) -> HttpResponse:
    return show(request, _home(request, analysis), tried=tried, attempt=attempt)


@require_safe
def cause_at(request: HttpRequest, pk: int) -> HttpResponse:
    """From Mi día and notices, which know the analysis alone."""
    return HttpResponseRedirect(cause_url(analysis_asked(request, pk)))


# Beginning ------------------------------------------------------------------------------------------------


@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    case = case_asked(request, code)
    form = BeginForm(request.POST)
    attempt = run_command(
        form,
        lambda given: begin_analysis(
            [case], what_happened=given["what_happened"], by=actor_of(request), now=now_of(request)
        ),
    )
    if attempt.done:
        return done(request, reverse("web:cause", args=[code]), _("Begun. First the place, then the whys."))
    return show(request, case, tried=Tried(begin=form), attempt=attempt)


@require_POST
def join(request: HttpRequest, code: str) -> HttpResponse:
    case, actor = case_asked(request, code), actor_of(request)
    form = join_form(actor, request.POST)
    attempt = run_command(
        form, lambda given: add_case_to_analysis(given["analysis"], case=case, by=actor, now=now_of(request))
    )
    if attempt.done:
        return done(
            request, reverse("web:cause", args=[code]), _("Joined: one cause is looked for, for both.")
        )
    return show(request, case, tried=Tried(join=form), attempt=attempt)


# Whys -----------------------------------------------------------------------------------------------------


@require_POST
def why_added(request: HttpRequest, pk: int) -> HttpResponse:
    """A sentence with a person's name comes back with its impersonal wording as a button."""
    analysis = analysis_asked(request, pk)
    letter = request.POST.get("branch", "")[:1].upper()
    form = why_form(letter, request.POST)
    if instead := request.POST.get("instead", ""):
        rewrite(form, text=instead[:300])
    parent = _last_of(analysis, letter)
    attempt = run_command(
        form,
        lambda given: add_why(
            analysis,
            branch=letter,
            parent=parent,
            text=given["text"],
            evidence=given["evidence"],
            by=actor_of(request),
            now=now_of(request),
        ),
    )
    if attempt.done:
        return done(request, cause_url(analysis, f"#branch-{letter}"), _("Noted."))
    return _again(request, analysis, attempt, Tried(whys={letter: form}))


def _last_of(analysis: Analysis, letter: str) -> Why | None:
    """Each answer explains the deepest one of its branch."""
    whys = analysis.whys.filter(branch=letter, removed_at__isnull=True)
    return whys.order_by("-depth", "-pk").first()


def why(request: HttpRequest, pk: int) -> HttpResponse:
    found = why_asked(request, pk)
    page = FormPage(
        title=_("An answer and its evidence"),
        lead=_("Another person must be able to look it up."),
        button=_("Keep the answer"),
        back_url=cause_url(found.analysis, f"#why-{found.pk}"),
        back=_("The whys"),
        subject=found,
        kind="why",
    )
    things = offered(found.analysis, actor_of(request), now_of(request))
    if request.method != "POST":
        thing = f"{found.evidence_type}:{found.evidence_id}" if found.evidence_type else ""
        shown = {"text": found.text, "evidence": found.evidence, "thing": thing}
        return show_form(request, page, ChangeWhyForm(initial=shown, seen=found.version, things=things))
    return answer_form(
        request,
        page,
        ChangeWhyForm(request.POST, things=things),
        lambda given: change_why(found, **given, by=actor_of(request), now=now_of(request)),
        then=page.back_url,
        said=_("Kept."),
    )


@require_POST
def why_removed(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, why_asked(request, pk), remove_why, _("Taken away."))


@require_POST
def why_root(request: HttpRequest, pk: int) -> HttpResponse:
    """The same button marks it and takes the mark off again."""
    found = why_asked(request, pk)
    wanted = not found.is_root
    said = _("Marked: this we can change.") if wanted else _("It is no longer the root cause.")

    def mark(why: Why, **rest: Any) -> None:
        set_root(why, is_root=wanted, **rest)

    return _press(request, found, mark, said)


def _press(request: HttpRequest, why: Why, call: Callable[..., object], said: str) -> HttpResponse:
    """A button without fields."""
    form = SeenForm(request.POST)
    attempt = run_command(
        form, lambda given: call(why, seen=given["seen"], by=actor_of(request), now=now_of(request))
    )
    if attempt.done:
        return done(request, cause_url(why.analysis, f"#branch-{why.branch}"), said)
    return _again(request, why.analysis, attempt)


# Where ----------------------------------------------------------------------------------------------------

_MARKS = (("lost", "lost"), ("visible", "visible"), ("seen", "seen_by_customer"))


def place(request: HttpRequest, pk: int) -> HttpResponse:
    analysis, actor = analysis_asked(request, pk), actor_of(request)
    page = FormPage(
        title=_("Where, in the process"),
        lead=_("The place, with what was known there on that day. What is not known yet stays open."),
        button=_("Mark it on the line"),
        back_url=cause_url(analysis),
        back=_("The cause"),
        subject=analysis,
        kind="analysis",
        template="web_causes/place.html",
    )
    choices = {"steps": steps_to_choose(_home(request, analysis), analysis), "areas": _areas(actor)}
    if request.method != "POST":
        return show_form(
            request, page, PlaceForm(initial=_marked(analysis), seen=analysis.version, **choices)
        )
    return answer_form(
        request,
        page,
        PlaceForm(request.POST, **choices),
        lambda given: _mark_all(analysis, given, actor, request),
        then=page.back_url,
        said=_("Marked on the line."),
    )


def _areas(actor: Actor) -> Any:
    return areas_visible_to(actor).filter(ended_on__isnull=True).order_by("name")


def _marked(analysis: Analysis) -> dict[str, object]:
    shown: dict[str, object] = {
        "lost_at_entry": analysis.lost_at_entry,
        "lost_from_area": analysis.lost_from_area_id,
    }
    for mark, name in _MARKS:
        shown[name] = getattr(analysis, f"{mark}_at_id")
        shown[f"{mark}_on"] = getattr(analysis, f"{mark}_on")
    return shown


def _mark_all(analysis: Analysis, given: Given, actor: Actor, request: HttpRequest) -> None:
    """The marks that are new, all or none; the version seen holds for the first, the rest follow on it."""
    seen = given["seen"]
    with transaction.atomic():
        for mark, name in _MARKS:
            step, on = given[name], given[f"{mark}_on"]
            border = {"at_entry": given["lost_at_entry"], "from_area": given["lost_from_area"]}
            more = border if mark == "lost" else {}
            if not _is_new(analysis, mark, step, on, more):
                continue
            mark_place(
                analysis, mark=mark, step=step, on=on, seen=seen, by=actor, now=now_of(request), **more
            )
            seen = analysis.version


def _is_new(analysis: Analysis, mark: str, step: Step | None, on: object, more: Given) -> bool:
    now = (getattr(analysis, f"{mark}_at_id"), getattr(analysis, f"{mark}_on"))
    if now != (step.pk if step else None, on if step else None):
        return True
    if not more or step is None:
        return False
    area = more["from_area"] if more["at_entry"] else None
    return (analysis.lost_at_entry, analysis.lost_from_area_id) != (
        more["at_entry"],
        area.pk if area else None,
    )


def team(request: HttpRequest, pk: int) -> HttpResponse:
    analysis, actor = analysis_asked(request, pk), actor_of(request)
    page = FormPage(
        title=_("Which areas look for it together"),
        lead=_("Those whose work the thread ran through. They look at the process, not at each other."),
        button=_("Keep the team"),
        back_url=cause_url(analysis),
        back=_("The cause"),
        subject=analysis,
        kind="analysis",
    )
    if request.method != "POST":
        shown = {"areas": list(analysis.team.values_list("area", flat=True))}
        return show_form(request, page, TeamForm(initial=shown, seen=analysis.version, areas=_areas(actor)))
    return answer_form(
        request,
        page,
        TeamForm(request.POST, areas=_areas(actor)),
        lambda given: set_team(
            analysis, areas=given["areas"], seen=given["seen"], by=actor, now=now_of(request)
        ),
        then=page.back_url,
        said=_("Kept."),
    )


# Concluding -----------------------------------------------------------------------------------------------


@require_POST
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    analysis = analysis_asked(request, pk)
    form = ConcludeForm(request.POST)
    if instead := request.POST.get("instead", ""):
        rewrite(form, conclusion=instead[:500])
    attempt = run_command(
        form,
        lambda given: conclude_analysis(analysis, **given, by=actor_of(request), now=now_of(request)),
    )
    if attempt.done:
        said = _("Concluded. It counts from today in the catalogue, and against earlier actions.")
        return done(request, cause_url(analysis), said)
    return _again(request, analysis, attempt, Tried(conclude=form))


def reopened(request: HttpRequest, pk: int) -> HttpResponse:
    analysis = analysis_asked(request, pk)
    page = FormPage(
        title=_("Look again"),
        lead=_("What was concluded stays on record."),
        button=_("Open the analysis again"),
        back_url=cause_url(analysis),
        back=_("The cause"),
        subject=analysis,
        kind="analysis",
    )
    if request.method != "POST":
        return show_form(request, page, ReasonForm(seen=analysis.version))
    return answer_form(
        request,
        page,
        ReasonForm(request.POST),
        lambda given: reopen_analysis(analysis, **given, by=actor_of(request), now=now_of(request)),
        then=page.back_url,
        said=_("Open again."),
    )


# The line that prevents it --------------------------------------------------------------------------------


@require_POST
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    analysis = analysis_asked(request, pk)
    form = LessonForm(request.POST, steps=steps_to_choose(_home(request, analysis), analysis))
    attempt = run_command(form, lambda given: _add_lesson(request, analysis, given))
    if attempt.done:
        said = _("The line is in the draft. Threads already running do not change.")
        return done(request, cause_url(analysis, "#prevent"), said)
    return _again(request, analysis, attempt, Tried(lesson=form))


def _add_lesson(request: HttpRequest, analysis: Analysis, given: Given) -> object:
    step: Step = given["step"]
    return add_lesson(
        analysis,
        template=step.template_version.template,
        step_key=step.key,
        where=given["where"],
        text=given["text"],
        by=actor_of(request),
        now=now_of(request),
    )
