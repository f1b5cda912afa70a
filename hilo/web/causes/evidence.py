"""What a why may point at as its proof: things that stand on the threads of the analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.quality.analysing import cases_of
from hilo.quality.evidence import EVIDENCE
from hilo.quality.models import Analysis
from hilo.web.causes.fetching import why_asked
from hilo.web.causes.words import said_day
from hilo.web.doing.asking import actor_of
from hilo.work.access import threads_visible_to
from hilo.work.models import Document, Handoff, Promise, StepRun, Thread, Update

MOST_OFFERED = 40  # of each kind, the newest
ON_THE_PAGE = ("promise", "step_run", "document")  # what has its place on the thread's page


def offered(analysis: Analysis, actor: Actor, now: datetime) -> list[tuple[str, Any]]:
    """Choices by kind, of the threads that this person may read."""
    threads = _threads_of(analysis, actor)
    today = timezone.localtime(now).date()
    kinds: tuple[tuple[str, str, QuerySet[Any], Callable[[Any], str]], ...] = (
        ("document", _("Documents"), Document.objects.filter(thread__in=threads), str),
        (
            "handoff",
            _("Handoffs"),
            Handoff.objects.filter(thread__in=threads).select_related("step_run"),
            lambda row: str(row.step_run),
        ),
        ("promise", _("Promises"), Promise.objects.filter(thread__in=threads), str),
        ("step_run", _("Steps"), StepRun.objects.filter(thread__in=threads), str),
        (
            "update",
            _("Messages to the customer"),
            Update.objects.filter(thread__in=threads),
            lambda row: (
                _("Message of %(day)s") % {"day": said_day(timezone.localtime(row.said_at).date(), today)}
            ),
        ),
    )
    return [("", _("Nothing of Hilo")), *_grouped(kinds)]


def _grouped(kinds: Iterable[tuple[str, str, QuerySet[Any], Callable[[Any], str]]]) -> Iterator[Any]:
    for kind, label, rows, called in kinds:
        if found := [(f"{kind}:{row.pk}", called(row)) for row in rows.order_by("-pk")[:MOST_OFFERED]]:
            yield label, found


def _threads_of(analysis: Analysis, actor: Actor) -> list[Thread]:
    ids = {case.thread_id for case in cases_of(analysis)}
    return list(threads_visible_to(actor).filter(pk__in=ids))


def chosen(given: str, choices: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What the command is told: the thing, and its name as words where nothing was written."""
    names = {key: name for _label, group in choices if isinstance(group, list | tuple) for key, name in group}
    kind, _sep, pk = given.partition(":")
    if given not in names:
        return {"evidence_type": "", "evidence_id": None, "name": ""}
    return {"evidence_type": kind, "evidence_id": int(pk), "name": names[given][:300]}


@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands; whoever may not read that thread is told no more than that there is nothing."""
    why = why_asked(request, pk)
    model = EVIDENCE.get(why.evidence_type)
    row: Model | None = model._default_manager.filter(pk=why.evidence_id).first() if model else None
    thread = _thread_of(row, actor_of(request)) if row is not None else None
    if row is None or thread is None:
        raise Http404
    if why.evidence_type == "handoff":
        return HttpResponseRedirect(reverse("web:handoff", args=[row.pk]))
    anchor = f"#{why.evidence_type}-{row.pk}" if why.evidence_type in ON_THE_PAGE else ""
    return HttpResponseRedirect(reverse("web:thread", args=[thread.code]) + anchor)


def _thread_of(row: Model, actor: Actor) -> Thread | None:
    thread_id: int = row.thread_id  # type: ignore[attr-defined]
    return threads_visible_to(actor).filter(pk=thread_id).first()
