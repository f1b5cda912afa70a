"""An area is split or merged: who follows it, then where each person and the open work go, then the deed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.parties.commands.reorganising import reorganise_area
from hilo.parties.days import local_day
from hilo.parties.models import Area, Person
from hilo.parties.queries.company import areas_visible_to
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import Attempt, done, run_command
from hilo.web.people.fetching import area_at
from hilo.web.people.form_page import FormPage, show_form
from hilo.web.people.forms import Moves, Successors
from hilo.work.models import StepRun


def reorganise(request: HttpRequest, pk: int) -> HttpResponse:
    area = area_at(request, pk)
    if area.ended_on is not None:
        return redirect("web:areas")
    others = areas_visible_to(actor_of(request)).filter(ended_on__isnull=True).exclude(pk=area.pk)
    if request.method == "POST":
        return _do(request, area, others)
    if "successors" not in request.GET and "on" not in request.GET:
        start = {"on": local_day(now_of(request), actor_of(request).one.zone)}
        return _ask_successors(request, area, Successors(initial=start, others=others), 200)
    first = Successors(request.GET, others=others)
    if not first.is_valid():
        return _ask_successors(request, area, first, 422)
    return _ask_moves(request, area, _unsent(request, area, others), None)


def _do(request: HttpRequest, area: Area, others: QuerySet[Area]) -> HttpResponse:
    form = Moves(request.POST, others=others, people=_people(area))
    attempt = run_command(form, lambda given: _reorganise(request, area, form, given))
    if attempt.done:
        said = _("%(area)s is history from that day on; its people and open work are in their new place.")
        return done(request, reverse("web:areas"), said % {"area": area.name})
    return _ask_moves(request, area, form, attempt)


def _reorganise(request: HttpRequest, area: Area, form: Moves, given: dict[str, Any]) -> None:
    reorganise_area(
        area,
        successors=list(given["successors"]),
        open_work_to=given["open_work_to"],
        people=form.moves(),
        on=given["on"],
        seen=given["seen"],
        by=actor_of(request),
        now=now_of(request),
    )


def _people(area: Area) -> list[Person]:
    memberships = area.memberships.filter(ends_on__isnull=True, person__is_active=True)
    return list(Person.objects.filter(pk__in=memberships.values("person")).order_by("name", "pk"))


def _unsent(request: HttpRequest, area: Area, others: QuerySet[Area]) -> Moves:
    """What was chosen, with everybody where the open work goes until somebody says otherwise."""
    data = QueryDict(mutable=True)
    data.setlist("successors", request.GET.getlist("successors"))
    heir, people = request.GET.get("open_work_to", ""), _people(area)
    data["open_work_to"], data["on"] = heir, request.GET.get("on", "")
    data["seen"] = str(area.version)
    for person in people:
        data[f"person_{person.pk}"] = heir
    return Moves(data, others=others, people=people)


def _page(area: Area, button: str, template: str) -> FormPage:
    return FormPage(
        title=_("%(area)s is split or joined with others") % {"area": area.name},
        lead=_("What was done until that day stays under its name; no chain of history breaks."),
        button=button,
        back_url=reverse("web:areas"),
        back=_("Areas and delegations"),
        subject=area,
        kind="area",
        template=template,
    )


def _ask_successors(request: HttpRequest, area: Area, form: Successors, status: int) -> HttpResponse:
    page = _page(area, _("See where everything goes"), "web_people/reorganise.html")
    return show_form(request, page, form, Attempt(status), area=area)


def _ask_moves(request: HttpRequest, area: Area, form: Moves, attempt: Attempt | None) -> HttpResponse:
    page = _page(area, _("Reorganise"), "web_people/reorganise_moves.html")
    open_states = [StepRun.State.PLANNED, StepRun.State.OFFERED, StepRun.State.RUNNING]
    facts = {
        "area": area,
        "moves": [form[f"person_{person.pk}"] for person in form.people],
        "open_steps": StepRun.objects.filter(area=area, state__in=open_states).count(),
        "heir": _area_named(form, "open_work_to"),
        "is_sent": attempt is not None,
    }
    return show_form(request, page, form, attempt, **facts)


def _area_named(form: Moves, field: str) -> Area | None:
    text = form.data.get(field, "")
    return Area.objects.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() else None
