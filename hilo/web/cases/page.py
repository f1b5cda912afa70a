"""One case on its page: what they want back, whose turn it is, both clocks, where it has been."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hilo.ledger.models import Place as StoryPlace
from hilo.parties.actor import Actor
from hilo.parties.modules import is_on
from hilo.parties.permissions import may
from hilo.quality.access import cases_visible_to, require_on_case
from hilo.quality.models import Case, CaseUpdate, Stage
from hilo.quality.queries.case_page import CasePage, case_for, case_page, story_of_case
from hilo.web.base import saying
from hilo.web.base.words import PersonChip
from hilo.web.cases.acts_shown import next_acts, other_acts
from hilo.web.cases.bar import response_bar
from hilo.web.cases.lanes import lanes_of, line_of
from hilo.web.cases.linked import links_shown
from hilo.web.cases.money import invoices_of, money_of
from hilo.web.cases.stale import stale_case
from hilo.web.cases.telling import Teller, tell
from hilo.web.cases.words import kind_said, severity_shown, turn_of
from hilo.web.doing.asking import actor_of, is_htmx, now_of
from hilo.web.doing.submitting import Attempt, done, look_again, run_command
from hilo.web.lists.standing import customer_shown
from hilo.web.threads.entries import Story, reverse_or_nothing, story_shown
from hilo.web.threads.entry_kinds import kind_of, known_kinds, story_kinds

KNOWN = "known"


def visible_case(request: HttpRequest, code: str) -> Case:
    """404 for what may not be seen: it does not even exist."""
    found = case_for(actor_of(request), code)
    if found is None:
        raise Http404
    return found


@require_GET
def case(request: HttpRequest, code: str) -> HttpResponse:
    page = case_page(visible_case(request, code), actor_of(request), now=now_of(request))
    return show(request, page, teller_of(page))


@require_GET
def case_at(request: HttpRequest, pk: int) -> HttpResponse:
    """By its number in the tables, for who only has that: the rows of Mi día, what hangs, a hit of Ctrl K."""
    found = cases_visible_to(actor_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return HttpResponseRedirect(reverse("web:case", args=[found.code]))


def teller_of(page: CasePage, **given: Any) -> Teller | None:
    """Nothing to tell about what nobody outside knows of, or what is closed."""
    tells = page.may_work and page.case.is_open and page.case.customer_knows
    return Teller(page, **given) if tells else None


def tell_them(request: HttpRequest, code: str) -> HttpResponse:
    """GET gives the composer for another tone; POST sends what was written, or shows it again refused."""
    found = visible_case(request, code)
    actor, now = actor_of(request), now_of(request)
    page = case_page(found, actor, now=now)
    require_on_case(actor, "case.work", page.case)
    if request.method != "POST":
        teller = teller_of(page, asked=request.GET)
        if is_htmx(request) and teller is not None:
            facts = {**_standing(page, actor), **_news(page), "teller": teller}
            return render(request, "web_cases/_tell.html", facts)
        return show(request, page, teller)
    teller = teller_of(page, data=request.POST)
    if teller is None:
        return show(request, page, None, status=409)
    attempt = run_command(teller.form, lambda data: tell(page, teller.form, data, by=actor, now=now))
    if attempt.done:
        update = attempt.result
        where = reverse("web:case", args=[code])
        return done(
            request,
            f"{where}?told={getattr(update, 'pk', '')}#tell",
            _("Told. The date is on the thread too."),
        )
    return _refused(request, page, teller, attempt)


def _refused(request: HttpRequest, page: CasePage, teller: Teller, attempt: Attempt) -> HttpResponse:
    notice = None
    if attempt.is_stale:
        notice = stale_case(page.case)
        page = case_page(page.case, actor_of(request), now=page.now)
        look_again(teller.form, page.case.version)
    return show(request, page, teller, status=attempt.status, notice=notice)


def show(
    request: HttpRequest, page: CasePage, teller: Teller | None, *, status: int = 200, notice: object = None
) -> HttpResponse:
    actor = actor_of(request)
    line = line_of(page)
    story, filters = _story_page(request, page, line)
    facts = {
        **_standing(page, actor),
        **_news(page),
        **filters,
        "teller": teller,
        "told": _told_just_now(request, page),
        "notice": notice,
        "bar": response_bar(page),
        "lanes": lanes_of(page, actor),
        "line": line,
        "story": story,
        "areas": _areas(page),
        "next_acts": next_acts(page, actor),
        "other_acts": other_acts(page, actor),
        "money": money_of(page.case, actor, page.now) if is_on("money") else None,
        "invoices": invoices_of(page, actor) if is_on("money") else [],
        "links": links_shown(page, actor),
        "cause_url": reverse_or_nothing("web:cause", page.case.code),
        "may_cause": may(actor, "cause.work"),
    }
    return render(request, "web_cases/case.html", facts, status=status)


def _standing(page: CasePage, actor: Actor) -> dict[str, Any]:
    found = page.case
    return {
        "page": page,
        "case": found,
        "thread": found.thread,
        "now": page.now,
        "customer": customer_shown(found.thread),
        "kind": kind_said(found),
        "severity": severity_shown(found.severity, long=True),
        "turn": turn_of(page.facts, actor, page.now),
        "stages": list(stages_shown(page)),
        "owner": PersonChip(found.owner.name, is_me=actor.acts_for(found.owner_id)),
        "is_mine": actor.acts_for(found.owner_id),
        "sees_money": actor.sees_money,
    }


@dataclass(frozen=True, slots=True)
class StageShown:
    label: str
    is_done: bool
    is_now: bool
    when: datetime | None


def stages_shown(page: CasePage) -> Iterator[StageShown]:
    """The way of ISO 10002, what is reached marked; a case of ours alone leaves out what is told outside."""
    labels = {
        Stage.RECEIVED: _("Received"),
        Stage.ACKNOWLEDGED: _("Acknowledged"),
        Stage.ASSESSED: _("Assessed"),
        Stage.INVESTIGATING: _("Investigating"),
        Stage.RESPONDED: _("Answered"),
        Stage.DECIDED: _("Decided"),
        Stage.CLOSED: _("Closed"),
    }
    told = (Stage.ACKNOWLEDGED, Stage.RESPONDED, Stage.DECIDED)
    last_run = 1 + page.case.reopened_count + page.case.refused_count
    reached = {row.stage: row.reached_at for row in page.stages if row.run == last_run}
    order = list(labels)
    current = order.index(Stage(page.case.stage))
    for place, stage in enumerate(order):
        if stage in told and not page.case.customer_knows:
            continue
        is_over = place < current or stage in reached or stage == Stage.CLOSED == page.case.stage
        yield StageShown(labels[stage], (is_over and place != current) or not page.case.is_open,
                         place == current and page.case.is_open, reached.get(stage))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """The date as a leaf of the calendar."""

    weekday: str
    day: int
    month: str


def _news(page: CasePage) -> dict[str, Any]:
    at = page.facts.news_at
    if at is None:
        return {"news_at": None}
    local, lang = timezone.localtime(at), saying.language(get_language())
    leaf = Leaf(saying.WEEKDAYS[lang][local.weekday()], local.day, saying.MONTHS[lang][local.month - 1])
    here = timezone.get_current_timezone()
    day = saying.said_day(at, page.now, here, lang)
    said = _("%(day)s, before %(time)s") % {"day": day[:1].upper() + day[1:], "time": f"{local:%H:%M}"}
    return {"news_at": at, "leaf": leaf, "news_said": said, "is_news_late": at < page.now}


def _told_just_now(request: HttpRequest, page: CasePage) -> CaseUpdate | None:
    """What was sent a moment ago, until they write again: only the last message can be it."""
    given = request.GET.get("told", "")
    last = page.updates[0] if page.updates else None
    return last if last is not None and given == str(last.update_id) else None


# ---- the story ------------------------------------------------------------------------------------------


@require_GET
def story(request: HttpRequest, code: str) -> HttpResponse:
    """Older entries: a piece of page for htmx, the whole page for a plain link."""
    if not is_htmx(request):
        return case(request, code)
    page = case_page(visible_case(request, code), actor_of(request), now=now_of(request))
    told, filters = _story_page(request, page, line_of(page))
    facts = {"case": page.case, "thread": page.case.thread, "story": told, "now": page.now, **filters}
    return render(request, "web_cases/_story_page.html", facts)


def _story_page(request: HttpRequest, page: CasePage, line: Any) -> tuple[Story, dict[str, Any]]:
    only = request.GET.get("only", "")
    area = int(only) if only.isdecimal() and len(only) < 12 else None
    kinds: Collection[str] = known_kinds() if only == KNOWN else story_kinds()
    found = story_of_case(page.case, kinds=kinds, before=_cursor(request.GET.get("before", "")), area_id=area)
    if only == KNOWN:  # an internal note and what the customer said share their code
        found.events = [event for event in found.events if kind_of(event.kind, event.facts).is_known]
    told = story_shown(found, line, thread=page.case.thread, now=page.now)
    return told, {"only": only, "only_area": area}


def _cursor(given: str) -> StoryPlace | None:
    """``2026-11-24T08:52:00+00:00~1234``; anything else begins at the newest."""
    moment, _tilde, number = given.partition("~")
    if not (number.isdecimal() and len(number) < 19):
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return StoryPlace(at, int(number)) if at.tzinfo else None


def _areas(page: CasePage) -> list[Any]:
    """The areas the story can be narrowed to: those at work on it, five at most."""
    return list({one.run.area_id: one.run.area for one in page.facts.strands}.values())[:5]
