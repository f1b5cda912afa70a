"""The thread's own pages: the screen of one thread, its story further back, what hangs, catching up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilo.ledger.models import Place as StoryPlace
from hilo.parties.actor import Actor, Role
from hilo.parties.modules import is_on
from hilo.quality.queries.beside import NO_CASES, open_cases_on
from hilo.web.base.words import Turn
from hilo.web.cases.beside import cases_beside
from hilo.web.doing.asking import actor_of, is_htmx, now_of
from hilo.web.doing.submitting import done, look_again, run_command
from hilo.web.lines import line_shown, lines_shown
from hilo.web.lists.standing import customer_shown, next_step_said, rest_shown, turn_shown
from hilo.web.money.behind import money_of_thread
from hilo.web.threads.acting import stale_notice, visible_thread
from hilo.web.threads.composer import Composer
from hilo.web.threads.entries import Story, story_shown
from hilo.web.threads.entry_kinds import kind_of, known_kinds, story_kinds
from hilo.web.threads.entry_words import said_minutes
from hilo.web.threads.forms import Place
from hilo.web.threads.hanging import shown_hangs
from hilo.work.access import require_on
from hilo.work.gate import what_hangs
from hilo.work.models import DocumentVersion, Thread, TurnOf
from hilo.work.queries.catch_up import catch_up
from hilo.work.queries.thread_page import ThreadPage, thread_for, thread_page
from hilo.work.queries.timeline import PER_PAGE, StoryPage, story_of_thread
from hilo.work.relations import has_charge
from hilo.work.visits import mark_visit

KNOWN = "known"


@require_GET
def thread(request: HttpRequest, code: str) -> HttpResponse:
    found = _thread_with_story(request, code)
    page = thread_page(found, actor_of(request), now=now_of(request))
    composer = Composer(page, chosen=request.GET.get("write", "")) if page.may_work else None
    return _render(request, page, composer)


def _thread_with_story(request: HttpRequest, code: str) -> Thread:
    found = thread_for(actor_of(request), code, story_kinds=story_kinds())
    if found is None:
        raise Http404
    return found


@require_POST
def write(request: HttpRequest, code: str) -> HttpResponse:
    """What the composer sends; a refusal shows the page again with everything typed."""
    found = _thread_with_story(request, code)
    actor, now = actor_of(request), now_of(request)
    require_on(actor, "thread.work", found)
    page = thread_page(found, actor, now=now)
    composer = Composer(page, chosen=request.POST.get("kind", ""), data=request.POST)
    place = Place(found, found, actor, now)
    attempt = run_command(composer.form, lambda data: composer.kind.do(place, page, data))
    here = reverse("web:thread", args=[code])
    if attempt.done:
        return done(request, f"{here}#story", str(composer.kind.said))
    notice = None
    if attempt.is_stale:
        notice = stale_notice(found, "thread", found)
        look_again(composer.form, found.version)
    return _render(request, page, composer, status=attempt.status, notice=notice)


def _render(
    request: HttpRequest,
    page: ThreadPage,
    composer: Composer | None,
    *,
    status: int = 200,
    notice: object = None,
) -> HttpResponse:
    line = line_shown(page.line, now=page.now)
    shown, filters = _story_page(request, page.thread)
    cases = open_cases_on(page) if is_on("cases") else NO_CASES
    facts = {
        **_standing(page, actor_of(request)),
        **filters,
        "line": line,
        "composer": composer,
        "notice": notice,
        "story": story_shown(shown, line, thread=page.thread, now=page.now),
        "cases": cases_beside(cases.shown, page.now),
        "hanging": page.hanging + cases.hanging,
        "areas": _areas_of(page),
        "map_note": _reserve_said(page),
    }
    return render(request, "web_threads/thread.html", facts, status=status)


def _standing(page: ThreadPage, actor: Actor) -> dict[str, Any]:
    """What the head and the state band say."""
    thread = page.thread
    promise = page.delivery_promise
    return {
        "page": page,
        "thread": thread,
        "customer": customer_shown(thread),
        "now": page.now,
        "actor": actor,
        "turn": _turn_with_person(page, actor),
        "rest": rest_shown(thread),
        "next_step": next_step_said(thread),
        "in_charge": _still_in_charge(page),
        "promise": promise,
        "pause": next((each for each in page.line.pauses if each.woken_at is None), None),
        "is_news_late": thread.next_news_at is not None and thread.next_news_at < page.now,
        "sees_money": actor.sees_money,
        "money_behind": money_of_thread(page, actor),
        "is_director": Role.DIRECTOR in actor.roles,
        "is_mine_to_answer": page.transfer is not None and actor.acts_for(page.transfer.to_person_id),
        "steps": _steps_shown(page),
    }


def _turn_with_person(page: ThreadPage, actor: Actor) -> Turn | None:
    """On its own page a thread says whom to call, not only which area."""
    turn, thread = turn_shown(page.thread, actor, page.now), page.thread
    if turn is None or thread.turn_of != TurnOf.AREA or actor.acts_for(thread.turn_person_id):
        return turn
    whose = ": ".join(str(one) for one in (thread.turn_area, thread.turn_person) if one is not None)
    return replace(turn, label=_("Turn of %(whose)s") % {"whose": whose or thread.owner})


def _still_in_charge(page: ThreadPage) -> str:
    """While something waits at a border, who gave it answers for it: never a limbo."""
    if not page.thread.turn_waits:
        return ""
    offer = next((each for each in page.handoffs if each.pk == page.thread.next_id), None)
    return _("%(area)s (%(person)s)") % {"area": offer.from_area, "person": offer.giver} if offer else ""


def _steps_shown(page: ThreadPage) -> list[tuple[Any, Any]]:
    """What runs or waits first, then what is to come, then what is done; each with its open handoff."""
    rank = {"running": 0, "offered": 1, "planned": 2, "done": 3, "skipped": 4}
    steps = sorted(page.steps, key=lambda step: (rank[step.state], step.position, step.pk))
    return [(step, page.handoff_of(step)) for step in steps]


def _areas_of(page: ThreadPage) -> list[Any]:
    """The areas a story can be narrowed to: those with a step here, five at most."""
    return list({step.area_id: step.area for step in page.steps}.values())[:5]


def _reserve_said(page: ThreadPage) -> str:
    total, used = page.thread.reserve_minutes, page.line.reserve_used
    if not total:
        return _("No reserve in this plan")
    left = max(total - used, 0)
    return _("Reserve: %(left)s left of %(total)s") % {
        "left": said_minutes(left),
        "total": said_minutes(total),
    }


# ---- the story ------------------------------------------------------------------------------------------


@require_GET
def story(request: HttpRequest, code: str) -> HttpResponse:
    """Older entries, or the story narrowed: a piece of page for htmx, the whole page for a plain link."""
    if not is_htmx(request):
        return thread(request, code)
    found = _thread_with_story(request, code)
    now = now_of(request)
    shown, filters = _story_page(request, found)
    line = lines_shown([found], now=now)[found.pk]
    told: Story = story_shown(shown, line, thread=found, now=now)
    facts = {"thread": found, "story": told, "now": now, "is_more": "before" in request.GET, **filters}
    return render(request, "web_threads/_story_page.html", facts)


def _story_page(request: HttpRequest, thread: Thread) -> tuple[StoryPage, dict[str, Any]]:
    only = request.GET.get("only", "")
    area = int(only) if only.isdecimal() and len(only) < 12 else None
    kinds: Collection[str] = known_kinds() if only == KNOWN else story_kinds()
    before = _cursor(request.GET.get("before", ""))
    shown = story_of_thread(thread.pk, kinds=kinds, before=before, area_id=area)
    if only == KNOWN:  # an internal note and what the customer said share their code
        shown.events = [event for event in shown.events if kind_of(event.kind, event.facts).is_known]
    seen = _already(request.GET.get("seen", "0")) + len(shown.events)
    left = max(getattr(thread, "entries", 0) - seen, 0) if not only else 0
    return shown, {"only": only, "only_area": area, "seen_entries": seen, "left": min(left, PER_PAGE)}


def _already(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 9 else 0


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


@require_GET
def file(request: HttpRequest, code: str, pk: int) -> FileResponse:
    """Always a download: what a customer sent is never shown as a page of ours."""
    found = visible_thread(request, code)
    version = get_object_or_404(DocumentVersion, pk=pk, document__thread=found)
    return FileResponse(version.file.open("rb"), as_attachment=True, filename=version.file_name)


# ---- what hangs, catching up ----------------------------------------------------------------------------


@require_GET
def hanging(request: HttpRequest, code: str) -> HttpResponse:
    found = visible_thread(request, code)
    actor, now = actor_of(request), now_of(request)
    listed = what_hangs(found, now=now)
    facts = {
        "thread": found,
        "now": now,
        "hangs": shown_hangs(found, [hang for hang in listed if not hang.excused]),
        "excused": shown_hangs(found, [hang for hang in listed if hang.excused]),
        "has_charge": has_charge(actor, found),
        "is_director": Role.DIRECTOR in actor.roles,
    }
    return render(request, "web_threads/hanging.html", facts)


def catching_up(request: HttpRequest, code: str) -> HttpResponse:
    """Looking marks nothing: the reader says when they are up to date."""
    found = visible_thread(request, code)
    actor, now = actor_of(request), now_of(request)
    if request.method == "POST":
        mark_visit(found, by=actor, now=now)
        return done(request, reverse("web:thread", args=[code]), _("You are up to date with this thread."))
    kinds = story_kinds()
    told = catch_up(found, actor, kinds=kinds, now=now)
    shown = story_of_thread(found.pk, kinds=kinds)
    if told.since is not None:
        shown.events = [event for event in shown.events if event.recorded_at > told.since]
    shown.older = None
    facts = {
        "thread": found,
        "now": now,
        "told": told,
        "hangs": shown_hangs(found, told.hanging),
        "line": lines_shown([found], now=now)[found.pk],
        "story": story_shown(shown, None, thread=found, now=now),
    }
    return render(request, "web_threads/catch_up.html", facts)
