"""The page of a cause, in whys or as 8D, whoever looks and whatever was refused just before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.quality.analysing import analyses_visible_to
from hilo.quality.blameless import customers_of, first_named, impersonal
from hilo.quality.commands.causes import DEEPEST
from hilo.quality.models import Analysis, Case
from hilo.quality.queries.recurrence import causes_counted, times_in
from hilo.web.base.words import Stale
from hilo.web.causes.fetching import case_asked
from hilo.web.causes.forms import BeginForm, ConcludeForm, JoinForm, LessonForm, WhyForm
from hilo.web.causes.others import A_YEAR, money_behind, others_of
from hilo.web.causes.page import (
    Branch,
    CausePage,
    branch_title,
    catalogue,
    counted_sentence,
    page_of,
    steps_to_choose,
)
from hilo.web.customers.fetching import who_was_quicker
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, Attempt, look_again

MOST_TO_JOIN = 50


@dataclass(slots=True)
class Tried:
    """The forms that were refused just before; those that were not are shown fresh."""

    begin: BeginForm | None = None
    join: JoinForm | None = None
    whys: dict[str, WhyForm] = field(default_factory=dict)
    conclude: ConcludeForm | None = None
    lesson: LessonForm | None = None

    @property
    def bound(self) -> list[BaseForm]:
        forms = (self.begin, self.join, self.conclude, self.lesson, *self.whys.values())
        return [form for form in forms if form is not None]


@dataclass(frozen=True, slots=True)
class Hint:
    """A person of ours is named: the gap is looked for. ``proposal`` may be empty."""

    field: str
    named: str
    proposal: str


@dataclass(frozen=True, slots=True)
class ShownBranch:
    branch: Branch
    form: WhyForm | None
    hint: Hint | None
    is_open: bool


@require_safe
def cause(request: HttpRequest, code: str) -> HttpResponse:
    return show(request, case_asked(request, code))


def show(
    request: HttpRequest, case: Case, *, tried: Tried | None = None, attempt: Attempt | None = None
) -> HttpResponse:
    """A bound form was refused: it shows again with everything typed."""
    actor, now, tried = actor_of(request), now_of(request), tried or Tried()
    page = page_of(case, actor, now=now)
    analysis = page.analysis
    notice = None
    if attempt is not None and attempt.is_stale and analysis is not None:
        notice = _quicker(analysis)
        for form in tried.bound:
            look_again(form, analysis.version)
    facts = {
        **frame_of(page, actor, now),
        "tab": "whys",
        "notice": notice,
        "refusal": str(attempt.refusal) if attempt and attempt.refusal and not tried.bound else "",
        "branches": [_shown(branch, page, tried) for branch in page.branches],
        "opened": _opened(page, tried),
        "begin": tried.begin or _begin_form(page),
        "join": tried.join or _join_form(page, actor),
        "conclude": tried.conclude or _conclude_form(page),
        "conclude_hint": _hint_of(tried.conclude, analysis, "conclusion"),
        "lesson": tried.lesson or _lesson_form(page),
        "catalogue": catalogue(
            causes_counted(since=now - A_YEAR, until=now), chosen=analysis.cause if analysis else None
        ),
        "others": others_of(analysis, actor),
    }
    status = attempt.status if attempt is not None else OK
    return render(request, "web_causes/cause.html", facts, status=status)


def frame_of(page: CausePage, actor: Actor, now: datetime) -> dict[str, object]:
    """What both tabs show: the head, the conclusion, the line."""
    counted = ""
    if page.analysis is not None and page.analysis.cause is not None:
        kind = page.analysis.cause
        times = times_in(kind.pk, since=now - A_YEAR, until=now)
        counted = counted_sentence(kind, times, money_behind(kind, actor, now=now))
    return {
        "now": now,
        "page": page,
        "case": page.case,
        "analysis": page.analysis,
        "counted": counted,
        "sees_money": actor.sees_money,
    }


def _quicker(analysis: Analysis) -> Stale:
    did = _("changed this analysis")
    return who_was_quicker("analysis", analysis.pk, did) or Stale(_("somebody"), did)


# The forms as they stand ----------------------------------------------------------------------------------


def _begin_form(page: CausePage) -> BeginForm | None:
    if page.analysis is not None or not page.may_work:
        return None
    return BeginForm(initial={"what_happened": page.case.title})


def _join_form(page: CausePage, actor: Actor) -> JoinForm | None:
    if page.analysis is not None or not page.may_work:
        return None
    form = join_form(actor)
    return form if form.has_choices else None


def join_form(actor: Actor, data: object = None) -> JoinForm:
    """Among the newest that are under way."""
    running = analyses_visible_to(actor).filter(state=Analysis.State.OPEN).order_by("-started_at", "-pk")
    ids = list(running.values_list("pk", flat=True)[:MOST_TO_JOIN])
    return JoinForm(data, analyses=Analysis.objects.filter(pk__in=ids))


def _conclude_form(page: CausePage) -> ConcludeForm | None:
    if page.analysis is None or not page.can_change:
        return None
    shown = {"cause": page.analysis.cause, "conclusion": page.analysis.conclusion}
    return ConcludeForm(initial=shown, seen=page.analysis.version)


def _lesson_form(page: CausePage) -> LessonForm | None:
    if page.analysis is None or page.next_list is None or not page.may_work:
        return None
    shown = {"where": page.next_list.where, "step": page.next_list.step}
    return LessonForm(steps=steps_to_choose(page.case, page.analysis), initial=shown)


def why_form(letter: str, data: object = None) -> WhyForm:
    return WhyForm(data, prefix=f"why-{letter}")


def _shown(branch: Branch, page: CausePage, tried: Tried) -> ShownBranch:
    if not page.can_change or (branch.last is not None and branch.last.depth >= DEEPEST):
        return ShownBranch(branch, None, None, is_open=False)
    bound = tried.whys.get(branch.letter)
    hint = _hint_of(bound, page.analysis, "text")
    asks = branch.root is None  # one goes on asking until something is found that can be changed
    return ShownBranch(branch, bound or why_form(branch.letter), hint, is_open=bound is not None or asks)


def _opened(page: CausePage, tried: Tried) -> ShownBranch | None:
    """The branch that can be opened beside those there are."""
    letter = page.next_letter
    if not letter or not page.can_change or any(not branch.whys for branch in page.branches):
        return None
    bound = tried.whys.get(letter)
    branch = Branch(letter, branch_title(letter), [])
    hint = _hint_of(bound, page.analysis, "text")
    return ShownBranch(branch, bound or why_form(letter), hint, is_open=bound is not None)


def _hint_of(form: BaseForm | None, analysis: Analysis | None, name: str) -> Hint | None:
    """Shown instead of an error where what was typed names one of our people."""
    if form is None or analysis is None or not form.has_error(name):
        return None
    text = str(form[name].value() or "")
    named = first_named(text, customers=customers_of(analysis))
    return Hint(name, named.words, impersonal(text, named)) if named is not None else None
