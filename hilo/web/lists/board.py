"""*Hilos* as a board: one process, its steps as columns. Cards move by the acts of the thread page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.web.doing.asking import actor_of
from hilo.web.lists.asked import Asked, asked_of
from hilo.web.lists.rows import ThreadRow, rows_of
from hilo.web.lists.views import Choice, frame_of, said_count
from hilo.work.access import threads_visible_to
from hilo.work.models import Handoff, ProcessTemplate, Step, StepRun, Thread
from hilo.work.queries.board import BoardColumn, columns_of_board, processes_with_a_board
from hilo.work.queries.thread_list import ListView, counts_of_views, with_row_facts

REFUSED = 422


@dataclass(frozen=True, slots=True)
class Card:
    run: StepRun
    row: ThreadRow
    move_url: str


@dataclass(frozen=True, slots=True)
class ShownColumn:
    column: BoardColumn
    cards: list[Card]
    count: str
    more: str
    all_url: str


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    processes = processes_with_a_board()
    process = next((each for each in processes if each.code == asked.given.get("process")), None)
    process = process or (processes[0] if processes else None)
    columns = columns_of_board(process, _threads(asked)) if process else []
    facts = {
        **frame_of(asked, counts_of_views(asked.actor, now=asked.now)),
        "is_board": True,
        "sees_money": asked.actor.sees_money,
        "process": process,
        "processes": [
            Choice(f"?{asked.url_query(process=each.code, step='')}", each.name, each == process)
            for each in processes
        ],
        "columns": _shown(asked, process, columns),
        "move_url": reverse("web:threads_move"),
    }
    return render(request, "web_lists/board.html", facts)


def _threads(asked: Asked) -> QuerySet[Thread]:
    """What the table would list, without the archive: what stands there is at no step."""
    listing = asked.listing
    narrowed = listing.narrowed
    if asked.view is ListView.ARCHIVED or narrowed.template_id:
        view = ListView.OPEN if asked.view is ListView.ARCHIVED else asked.view
        listing = replace(listing, view=view, narrowed=replace(narrowed, template_id=None, step_key=""))
    return listing.rows()


def _shown(asked: Asked, process: ProcessTemplate | None, columns: list[BoardColumn]) -> list[ShownColumn]:
    """Every thread on the board comes in one query, and its line in another."""
    ids = {run.thread_id for column in columns for run in column.runs}
    threads = with_row_facts(Thread.objects.filter(pk__in=ids), now=asked.now)
    rows = {row.thread.pk: row for row in rows_of(list(threads), asked.actor, now=asked.now)}
    return [
        ShownColumn(
            column=column,
            cards=[
                Card(run, rows[run.thread_id], f"{reverse('web:threads_move')}?tramo={run.pk}")
                for run in column.runs
                if run.thread_id in rows
            ],
            count=said_count(column.count),
            more=said_count(column.more) if column.more else "",
            all_url=f"{reverse('web:threads')}?"
            f"{asked.url_query(process=process.code if process else '', step=column.key)}",
        )
        for column in columns
    ]


# ---- moving a card ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """An act of the thread page that moves the card, and what comes of it."""

    url: str
    label: str
    detail: str


@require_safe
def moving(request: HttpRequest) -> HttpResponse:
    """``?tramo=17&a=mount``: to the act that moves it there, or the sentence that says why none does.

    Nothing is changed here. The act has its own form, its own gate and its own refusals.
    """
    actor = actor_of(request)
    if "tramo" not in request.GET:
        return redirect("web:threads_board")
    run = _run_at(actor, request.GET.get("tramo", ""))
    key = request.GET.get("a", "")
    wanted, refusal = (None, "") if not key else _to(run, key)
    if wanted is not None:
        return redirect(wanted.url)
    facts = {
        "run": run,
        "thread": run.thread,
        "ways": ways_of(run),
        "refusal": refusal,
        "steps": _steps_of(run),
        "back": _board_of(run),
    }
    return render(request, "web_lists/moving.html", facts, status=REFUSED if refusal else 200)


def _run_at(actor: Actor, given: str) -> StepRun:
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    runs = StepRun.objects.filter(thread__in=threads_visible_to(actor)).select_related(
        "thread__customer", "step__template_version__template", "area", "holder"
    )
    run = runs.filter(pk=number).first()
    if run is None:
        raise Http404
    return run


def ways_of(run: StepRun) -> list[Way]:
    """What can be done to it where it stands now; whether this person may is the act's to say."""
    code = run.thread.code
    match run.state:
        case StepRun.State.RUNNING:
            return [
                Way(_act("step_finish", code, run.pk), _("It is done"), _("What waits for it begins.")),
                Way(_act("step_colleague", code, run.pk), _("Offer it to a colleague"), ""),
                Way(_act("step_wait", code, run.pk), _("It waits for somebody outside"), ""),
            ]
        case StepRun.State.OFFERED | StepRun.State.PLANNED:
            handoff = _open_handoff(run)
            if handoff is None:
                return [
                    Way(
                        _act("step_handoff", code, run.pk), _("Prepare the handoff again"), _("It came back.")
                    )
                ]
            detail = (
                _("It is there once %(area)s accepts it.") % {"area": run.area.name}
                if handoff.state != Handoff.State.DRAFT
                else _("It is offered once what %(area)s needs is there.") % {"area": run.area.name}
            )
            return [Way(reverse("web:handoff", args=[handoff.pk]), _("See the handoff"), detail)]
        case _:
            return []


def _to(run: StepRun, key: str) -> tuple[Way | None, str]:
    """The act that leads to the step of that key, or why there is none."""
    here = run.step.key if run.step else ""
    if key == here:
        ways = ways_of(run) if run.state != StepRun.State.RUNNING else []
        return (ways[0], "") if ways else (None, _("«%(step)s» is where it stands.") % {"step": run.name})
    target = run.work_item.step_runs.filter(step__key=key).first()
    if target is None:
        return None, _("The process of this thread has no such step.")
    names = {"step": run.name, "target": target.name}
    if run.state != StepRun.State.RUNNING:
        return None, _(
            "«%(step)s» has not begun: nobody has accepted it yet. First it is handed over and accepted."
        ) % names
    if target.state in (StepRun.State.DONE, StepRun.State.SKIPPED):
        return Way(_act("step_reopen", run.thread.code, target.pk), "", ""), ""
    before = [link.before for link in target.links_before.select_related("before")]
    if run not in before:
        return None, _refused_jump(target, before, names)
    others = [each.name for each in before if each != run and each.state not in _OVER]
    if others:
        return None, _("«%(target)s» waits for «%(other)s» too: it begins when both are over.") % {
            **names,
            "other": others[0],
        }
    return Way(_act("step_finish", run.thread.code, run.pk), "", ""), ""


_OVER = (StepRun.State.DONE, StepRun.State.SKIPPED)


def _refused_jump(target: StepRun, before: list[StepRun], names: dict[str, str]) -> str:
    if not before:
        return _("«%(target)s» does not come after «%(step)s».") % names
    first = before[0].name
    return _(
        "No step is jumped over: «%(target)s» comes after «%(first)s». Finish or leave out what is between."
    ) % {
        **names,
        "first": first,
    }


def _open_handoff(run: StepRun) -> Handoff | None:
    return run.handoffs.filter(state__in=Handoff.OPEN_STATES).first()


def _steps_of(run: StepRun) -> list[tuple[StepRun, str]]:
    """The steps it could be taken to, for those who do not drag."""
    if run.step is None:
        return []
    here = reverse("web:threads_move")
    others = run.work_item.step_runs.exclude(pk=run.pk).select_related("step", "area")
    return [
        (each, f"{here}?{urlencode({'tramo': run.pk, 'a': each.step.key})}")
        for each in others
        if each.step is not None
    ]


def _board_of(run: StepRun) -> str:
    here = reverse("web:threads_board")
    step: Step | None = run.step
    return f"{here}?{urlencode({'process': step.template_version.template.code})}" if step else here


def _act(name: str, code: str, pk: int) -> str:
    return reverse(f"web:thread_{name}", args=[code, pk])
