"""The map's page: the picture in its widths, what is being tried out, the list, the reserve and its log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hilo.parties.actor import Actor
from hilo.web.base.words import Stale
from hilo.web.doing.asking import actor_of, is_htmx, now_of
from hilo.web.lists.standing import customer_shown
from hilo.web.map.consequences import Consequences
from hilo.web.map.facts import reserve_said, shown_map
from hilo.web.threads.acting import visible_thread
from hilo.web.threads.entry_words import said_minutes
from hilo.work.commands.replanning import why_not_undone
from hilo.work.models import PlanMove, ReviewMoment, StepRun
from hilo.work.planned import Foresight
from hilo.work.queries.map_page import MapPage, map_page
from hilo.work.sides import heads

WHOLE = "todo"


@dataclass(slots=True)
class Board:
    """What stands beside the picture while a date is being tried out."""

    run: StepRun
    edge: str
    day: str
    trying: Any
    foresight: Foresight | None
    consequences: Consequences | None
    refused: str
    possible: str
    save: Any
    move_url: str
    notice: Stale | None = None


@require_GET
def thread_map(request: HttpRequest, code: str) -> HttpResponse:
    found = visible_thread(request, code)
    return rendered(request, map_page(found, actor_of(request), now=now_of(request)), None)


def rendered(request: HttpRequest, page: MapPage, board: Board | None, *, status: int = 200) -> HttpResponse:
    """A script that tries a date out gets the board alone; everybody else the page around it."""
    whole = request.GET.get("ver") == WHOLE
    shown = shown_map(page, board.foresight if board else None, whole=whole)
    facts = {
        "page": page,
        "thread": page.thread,
        "customer": customer_shown(page.thread),
        "now": page.now,
        "map": shown,
        "whole": whole,
        "board": board,
        "movable": bool(page.movable),
        "pause": next((each for each in page.line.pauses if each.woken_at is None), None),
    }
    if is_htmx(request):
        return render(request, "web_map/_board.html", facts, status=status)
    facts |= {
        "reserve": _reserve(page),
        "uses": [(use, said_minutes(use.minutes)) for use in page.uses],
        "reviews": [one for one in page.reviews if one.state == ReviewMoment.State.PLANNED],
        "undo": _undo(page, actor_of(request)) if board is None else None,
    }
    return render(request, "web_map/map.html", facts, status=status)


def _reserve(page: MapPage) -> str:
    left = page.reserve_left
    return reserve_said(left, page.thread.reserve_minutes) if left is not None else ""


def _undo(page: MapPage, actor: Actor) -> PlanMove | None:
    """The last change, while it can be put back by who looks."""
    if not page.may_work or not page.moves:
        return None
    last = page.moves[0]
    run = next((each for each in page.runs if each.pk == last.step_run_id), None)
    if run is None or last.undone_at is not None:
        return None
    theirs = run.pk in page.movable or heads(actor, run.area_id, run.delegation_id)
    return last if theirs and not why_not_undone(last, now=page.now) else None
