"""One page for each thing somebody can do with a case: what it is, what is asked, one button.

A ``CaseAct`` names the command and the form, as ``web.threads.acting`` does for threads; adding one is a row
in ``acts.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils.functional import Promise as Lazy

from hilo.parties.permissions import may
from hilo.quality.access import require_on_case
from hilo.quality.models import Case
from hilo.web.cases.page import visible_case
from hilo.web.cases.severity import severities
from hilo.web.cases.stale import stale_case
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.routes import route
from hilo.web.doing.submitting import Attempt, done, look_again, run_command
from hilo.web.threads.forms import ActForm, ConfirmForm, Place

type Do = Callable[[Place, dict[str, Any]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAct:
    """``anchor`` is where on the case's page it leads when done; ``levels`` shows what severity follows."""

    name: str
    path: str
    title: Lazy
    button: Lazy
    said: Lazy
    do: Do
    form: type[ActForm] = ConfirmForm
    lead: Lazy | str = ""
    anchor: str = ""
    danger: bool = False
    has_levels: bool = False


def view_of(act: CaseAct) -> Callable[..., HttpResponseBase]:
    def view(request: HttpRequest, code: str) -> HttpResponse:
        place = _place(request, code)
        if request.method != "POST":
            return _page(request, act, place, act.form(what=place, seen=place.target.version))
        form = act.form(request.POST, what=place)
        attempt = run_command(form, lambda data: act.do(place, data))
        if attempt.done:
            return done(request, _where(act, place), str(act.said))
        return _page(request, act, place, form, attempt)

    return view


def _place(request: HttpRequest, code: str) -> Place:
    found, actor = visible_case(request, code), actor_of(request)
    if not may(actor, "case.work", own=False):
        require_on_case(actor, "case.work", found)
    return Place(found.thread, found, actor, now_of(request))


def _where(act: CaseAct, place: Place) -> str:
    here = reverse("web:case", args=[place.target.code])
    return f"{here}#{act.anchor}" if act.anchor else here


def _page(
    request: HttpRequest, act: CaseAct, place: Place, form: ActForm, attempt: Attempt | None = None
) -> HttpResponse:
    notice, case = None, place.target
    assert isinstance(case, Case)
    if attempt is not None and attempt.is_stale:
        notice = stale_case(case)
        case.refresh_from_db()
        look_again(form, case.version)
    facts = {
        "act": act,
        "case": case,
        "form": form,
        "notice": notice,
        "severities": severities(case.policy, case.thread.customer.tier) if act.has_levels else (),
        "at_work": getattr(attempt.refusal if attempt else None, "strands", None),
        "now": place.now,
        "back": reverse("web:case", args=[case.code]),
    }
    return render(request, "web_cases/act.html", facts, status=attempt.status if attempt else 200)


def act_route(act: CaseAct) -> URLPattern:
    return route(
        f"casos/<slug:code>/{act.path}/",
        view_of(act),
        name=f"case_{act.name}",
        action="case.work",
        of="case",
        changes=True,
    )
