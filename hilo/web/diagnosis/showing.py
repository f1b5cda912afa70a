"""One diagnosis: under way, asking, refused, broken off, or its report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.analysis import folders
from hilo.analysis.access import may_change
from hilo.analysis.looking import ESSENTIAL, SURE_ENOUGH
from hilo.analysis.models import Diagnosis
from hilo.insight.raw import Role
from hilo.web.base.saying import said_number
from hilo.web.base.templatetags.hilo import lang
from hilo.web.diagnosis.fetching import above, diagnosis_at, go_to, url_of
from hilo.web.diagnosis.words import ROLES, last_place, place_of, spoken, status_of, steps_of, sureness
from hilo.web.doing.asking import actor_of, is_htmx

WORTH_A_LOOK = SURE_ENOUGH + 0.2
NOTHING_NEW = 204


@require_safe
def diagnosis(request: HttpRequest, pk: int) -> HttpResponse:
    one = diagnosis_at(request, pk)
    look = None if one.is_under_way else folders.look_of(one.token)
    facts = {
        "one": one,
        "heading": _heading(one),
        "status": status_of(one),
        "counts": _counts(one),
        "has_report": bool(one.result),
        "sentence": spoken(one.said),
        "may_change": may_change(actor_of(request), one),
        "columns": _columns(look),
        "doubts": _doubts(look) if one.state == Diagnosis.State.DONE else [],
        "has_look": look is not None,
        "above": above(request),
        **_progress(one),
    }
    return render(request, "web_diagnosis/page.html", facts)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page asks every few seconds: nothing new, the next phase, or go and see how it ended."""
    one = diagnosis_at(request, pk)
    if not one.is_under_way:
        return go_to(request, url_of(one))
    if not is_htmx(request):
        return redirect(url_of(one))
    if request.GET.get("seen") == str(place_of(one)):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "web_diagnosis/_progress.html", {"one": one, **_progress(one)})


def _progress(one: Diagnosis) -> dict[str, Any]:
    if not one.is_under_way:
        return {}
    return {"steps": steps_of(one), "place": place_of(one), "last_place": last_place()}


def _heading(one: Diagnosis) -> str:
    match one.state:
        case Diagnosis.State.DONE:
            return one.name  # the report begins with what was found
        case Diagnosis.State.ASKING:
            return _("Tell us what each column is")
        case Diagnosis.State.REFUSED:
            return _("This could not be read")
        case Diagnosis.State.FAILED:
            return _("The reading broke off")
    return _("Reading %(name)s") % {"name": one.name}


def _counts(one: Diagnosis) -> str:
    if one.cases is None or one.events is None or not one.result:
        return ""
    cases = ngettext("%(n)s case", "%(n)s cases", one.cases) % {"n": said_number(one.cases, lang())}
    events = ngettext("%(n)s event", "%(n)s events", one.events) % {"n": said_number(one.events, lang())}
    return f"{cases}, {events}"


def _columns(look: dict[str, Any] | None) -> list[dict[str, Any]]:
    taken = look["taken"] if look else {}
    return [
        {
            "label": label,
            "column": one["column"],
            "sure": sureness(one["certainty"], chosen=one["chosen"]),
            "why": spoken(one["why"]),
        }
        for role, (label, _hint) in ROLES.items()
        if (one := taken.get(role.value))
    ]


def _doubts(look: dict[str, Any] | None) -> list[str]:
    """Columns everything hangs on that could be something else."""
    taken = look["taken"] if look else {}
    roles = (*ESSENTIAL, Role.AREA)
    found = [one for role in roles if (one := taken.get(role.value))]
    return [one["column"] for one in found if not one["chosen"] and one["certainty"] < WORTH_A_LOOK]
