"""Corrective and preventive actions: the list, one of them, and what its two people do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Person
from hilo.parties.permissions import may
from hilo.parties.queries.company import areas_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.quality.analysing import cases_of
from hilo.quality.commands.actions import (
    drop_action,
    extend_action,
    finish_action,
    judge_action,
    plan_action,
)
from hilo.quality.models import AnalysedCase, Analysis, CorrectiveAction
from hilo.quality.queries.recurrence import rule_of_three, watch
from hilo.web.causes.action_words import OPEN_STATES, ActionRow, action_row
from hilo.web.causes.fetching import (
    action_asked,
    action_url,
    actions_visible_to,
    analysis_asked,
    cause_url,
    works_on,
)
from hilo.web.causes.forms import ActionForm, ExtendForm, FinishForm, JudgeForm, ReasonForm
from hilo.web.causes.words import cause_name
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import at_hour
from hilo.web.doing.submitting import done, run_command
from hilo.web.people.form_page import FormPage, show_form

State = CorrectiveAction.State
PER_PAGE = 50
FIRST_DUE = timedelta(days=14)

type Given = dict[str, Any]


# The list -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    key: str
    label: str
    count: int
    is_current: bool


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """*Mine*, what waits for somebody's judgement, all that are under way, and those that are over."""
    actor, now = actor_of(request), now_of(request)
    rows = _views(actor)
    asked = request.GET.get("view", "mine")
    view = asked if asked in rows else "mine"
    page = Paginator(_beside(rows[view]), PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "now": now,
        "headline": _headline(actor, now),
        "views": _counted(rows, view),
        "view": view,
        "page": page,
        "rows": _rows(page, actor, now),
    }
    return render(request, "web_causes/actions.html", facts)


def _views(actor: Actor) -> dict[str, QuerySet[CorrectiveAction]]:
    everything = actions_visible_to(actor)
    people = {actor.one.pk, *actor.covers_ids}
    open_ones = everything.filter(state__in=OPEN_STATES)
    mine = open_ones.filter(Q(owner__in=people) | Q(state=State.TO_JUDGE, checker__in=people))
    return {
        "mine": mine.order_by("due_at", "pk"),
        "judge": everything.filter(state=State.TO_JUDGE).order_by("due_at", "pk"),
        "all": open_ones.order_by("due_at", "pk"),
        "over": everything.exclude(state__in=OPEN_STATES).order_by("-pk"),
    }


def _counted(rows: dict[str, QuerySet[CorrectiveAction]], current: str) -> list[View]:
    labels = {
        "mine": pgettext("actions", "Mine"),
        "judge": _("To be judged"),
        "all": _("All under way"),
        "over": pgettext("actions", "Over"),
    }
    return [View(key, labels[key], each.count(), key == current) for key, each in rows.items()]


def _beside(rows: QuerySet[CorrectiveAction]) -> QuerySet[CorrectiveAction]:
    analysed = AnalysedCase.objects.select_related("case__thread__customer").order_by("pk")
    return rows.prefetch_related(Prefetch("analysis__analysed", analysed))


def _rows(page: Page[CorrectiveAction], actor: Actor, now: datetime) -> list[dict[str, object]]:
    return [{"row": action_row(each, actor, now), "case": _case_of(each)} for each in page]


def _case_of(action: CorrectiveAction) -> object:
    return next(each.case for each in action.analysis.analysed.all())


def _headline(actor: Actor, now: datetime) -> str:
    """The screen's question answered: how many are mine, and how many of them are late."""
    people = {actor.one.pk, *actor.covers_ids}
    mine = actions_visible_to(actor)
    to_do = mine.filter(state=State.OPEN, owner__in=people)
    late = to_do.filter(due_at__lt=now).count()
    judge = mine.filter(state=State.TO_JUDGE, checker__in=people).count()
    count = to_do.count()
    if not count and not judge:
        return _("You have no action to do or to judge")
    parts = []
    if count:
        parts.append(ngettext("%(n)d action to do", "%(n)d actions to do", count) % {"n": count})
    if late:
        parts.append(ngettext("%(n)d is late", "%(n)d are late", late) % {"n": late})
    if judge:
        parts.append(ngettext("%(n)d to judge", "%(n)d to judge", judge) % {"n": judge})
    return "; ".join(parts)


# One action -----------------------------------------------------------------------------------------------


@require_safe
def action(request: HttpRequest, pk: int) -> HttpResponse:
    found, actor, now = action_asked(request, pk), actor_of(request), now_of(request)
    standing = watch(found, now)
    facts = {
        "now": now,
        "row": action_row(found, actor, now),
        "action": found,
        "analysis": found.analysis,
        "cause": cause_name(found.analysis.cause) if found.analysis.cause else "",
        "cases": cases_of(found.analysis),
        "cause_url": cause_url(found.analysis),
        "standing": standing if found.done_at else None,
        "so_far": rule_of_three(standing.exposures, recurrences=standing.recurrences),
        "extensions": found.extensions.select_related("author").order_by("at", "pk"),
        "deeds": _deeds(found, actor),
    }
    return render(request, "web_causes/action.html", facts)


def _deeds(action: CorrectiveAction, actor: Actor) -> set[str]:
    """Which buttons stand there; the commands refuse the rest anyhow."""
    if not may(actor, "cause.work", own=True) or not _takes_part(action, actor):
        return set()
    does = actor.acts_for(action.owner_id) or action.area_id in actor.headed_area_ids
    checks = actor.acts_for(action.checker_id) and action.owner_id != actor.one.pk
    decides = checks or actor.acts_for(action.analysis.owner_id) or actor.one.is_director
    by_state = {
        "finish": does and action.state == State.OPEN,
        "extend": action.state == State.OPEN,
        "judge": checks and action.state in (State.TO_JUDGE, State.WATCHING),
        "drop": decides and action.owner_id != actor.one.pk and action.state in OPEN_STATES,
    }
    return {name for name, stands in by_state.items() if stands}


def _takes_part(action: CorrectiveAction, actor: Actor) -> bool:
    named = actor.acts_for(action.owner_id) or actor.acts_for(action.checker_id)
    return named or may(actor, "cause.work", own=works_on(actor, action.analysis))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing done to an action, on a page of its own."""

    title: str | Promise
    button: str | Promise
    said: str | Promise
    form: type[BaseForm]
    do: Callable[[CorrectiveAction, Given, Actor, datetime], object]
    lead: str | Promise = ""
    is_danger: bool = False

    def __call__(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = action_asked(request, pk)
        page = FormPage(
            title=str(self.title),
            lead=f"«{found.text}» {self.lead}".strip(),
            button=str(self.button),
            back_url=action_url(found),
            back=_("The action"),
            is_danger=self.is_danger,
            subject=found,
            kind="action",
        )
        if request.method != "POST":
            return show_form(request, page, self.form(seen=found.version))  # type: ignore[call-arg]
        form = self.form(request.POST)
        attempt = run_command(form, lambda given: self.do(found, given, actor_of(request), now_of(request)))
        if attempt.done:
            return done(request, action_url(found), str(self.said))
        return show_form(request, page, form, attempt)


def _judge(action: CorrectiveAction, given: Given, by: Actor, now: datetime) -> None:
    works = given["works"] == "yes"
    judge_action(
        action,
        works=works,
        judgement=given["judgement"],
        due_at=None if works else given["due_at"],
        seen=given["seen"],
        by=by,
        now=now,
    )


extend = Deed(
    title=gettext_lazy("It needs longer"),
    lead=gettext_lazy("The first date stays on record."),
    button=gettext_lazy("Move the date"),
    said=gettext_lazy("Moved, with its reason."),
    form=ExtendForm,
    do=lambda action, given, by, now: extend_action(action, **given, by=by, now=now),
)
finish = Deed(
    title=gettext_lazy("It is done"),
    lead=gettext_lazy("From now on it is watched whether it comes back."),
    button=gettext_lazy("It is done: begin to watch"),
    said=gettext_lazy("Done. Now it is watched."),
    form=FinishForm,
    do=lambda action, given, by, now: finish_action(action, **given, by=by, now=now),
)
judge = Deed(
    title=gettext_lazy("Does it work?"),
    lead=gettext_lazy("What was counted until today is kept with your judgement."),
    button=gettext_lazy("Give the judgement"),
    said=gettext_lazy("Judged, with what was counted."),
    form=JudgeForm,
    do=_judge,
)
drop = Deed(
    title=gettext_lazy("Drop the action"),
    lead=gettext_lazy("It stays on record, with the reason."),
    button=gettext_lazy("Drop it"),
    said=gettext_lazy("Dropped."),
    form=ReasonForm,
    do=lambda action, given, by, now: drop_action(action, **given, by=by, now=now),
    is_danger=True,
)


# A new one ------------------------------------------------------------------------------------------------


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    analysis, actor, now = analysis_asked(request, pk), actor_of(request), now_of(request)
    page = FormPage(
        title=_("An action so that it cannot happen again"),
        lead=_("Something that changes in the process; reminding people is no action."),
        button=_("Agree the action"),
        back_url=cause_url(analysis),
        back=_("The cause"),
        template="web_causes/action_form.html",
    )
    if request.method != "POST":
        return show_form(request, page, _form(actor, None, initial=_first_words(analysis, now)))
    form = _form(actor, request.POST)
    attempt = run_command(form, lambda given: plan_action(analysis, **given, by=actor, now=now))
    if attempt.done:
        return done(request, cause_url(analysis, "#actions"), _("Agreed. Both see it in My day."))
    return show_form(request, page, form, attempt)


def _form(actor: Actor, data: object, **more: object) -> ActionForm:
    return ActionForm(
        data,
        people=_people(actor),
        areas=_areas(actor),
        kinds=CorrectiveAction.Kind.choices,
        metrics=CorrectiveAction.Metric.choices,
        **more,
    )


def _people(actor: Actor) -> QuerySet[Person]:
    return people_visible_to(actor).filter(is_active=True).order_by("name")


def _areas(actor: Actor) -> QuerySet[Area]:
    return areas_visible_to(actor).filter(ended_on__isnull=True).order_by("name")


def _first_words(analysis: Analysis, now: datetime) -> Given:
    area = analysis.lost_from_area_id or (analysis.lost_at.area_id if analysis.lost_at else None)
    return {
        "kind": CorrectiveAction.Kind.CORRECTIVE,
        "area": area,
        "metric": CorrectiveAction.Metric.RECURRENCES,
        "allowed": 0,
        "window_days": 90,
        "window_exposures": 20,
        "due_at": at_hour(timezone.localtime(now + FIRST_DUE).date()),
    }


def rows_of(actions: Sequence[CorrectiveAction], actor: Actor, now: datetime) -> list[ActionRow]:
    return [action_row(each, actor, now) for each in actions]


def list_url(view: str) -> str:
    return f"{reverse('web:actions')}?view={view}"
