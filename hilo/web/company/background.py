"""*Trabajo de fondo*: what the queue holds, which clocks run, what failed and how to try it again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hilo.jobs.claims import FAILED, READY, RUNNING, run_again
from hilo.jobs.health import ClockHealth, clocks_health, failed_tasks, queue_health
from hilo.parties.permissions import may
from hilo.web.base.words import Status
from hilo.web.doing.asking import actor_of, now_of

JOB_WORDS: dict[str, str | Promise] = {
    "analysis.give_up": gettext_lazy("Diagnoses that take too long"),
    "analysis.sweep": gettext_lazy("What diagnoses leave behind is cleared away"),
    "channels.erp": gettext_lazy("Files of the ERP"),
    "channels.mail": gettext_lazy("Mail out"),
    "channels.uploads": gettext_lazy("Uploads that nobody finished are cleared away"),
    "jobs.forget_old": gettext_lazy("What is done is cleared away"),
    "ledger.digest": gettext_lazy("Digest of history, every night"),
    "parties.sessions": gettext_lazy("Devices that nobody uses are signed out"),
    "quality.actions": gettext_lazy("Windows of corrective actions"),
    "quality.causes": gettext_lazy("Looking for the causes of cases that ask for it"),
    "quality.clocks": gettext_lazy("Clocks of cases"),
    "quality.settling": gettext_lazy("Threads with cases take their place in the lists"),
    "work.clocks": gettext_lazy("Clocks of threads, promises and handoffs"),
}
"""What each periodic job is for; one without words here shows its name."""


@dataclass(frozen=True, slots=True)
class ShownClock:
    words: str
    last: datetime | None
    status: Status


@require_safe
def background(request: HttpRequest) -> HttpResponse:
    now = now_of(request)
    clocks = clocks_health(now=now)
    queue = queue_health(now=now)
    facts = {
        "queue": queue,
        "headline": _headline(
            queue.has_living_worker, queue.failed, [each for each in clocks if each.is_late]
        ),
        "clocks": [_shown(clock) for clock in clocks],
        "failed": failed_tasks(),
        "may_retry": may(actor_of(request), "job.manage"),
    }
    return render(request, "web_company/background.html", facts)


def _headline(has_worker: bool, failed: int, late: list[ClockHealth]) -> str:
    if not has_worker:
        return _("Nobody does the background work")
    if failed:
        return _("Some background work has failed")
    if late:
        return _("Some clocks stand still")
    return _("The background work runs well")


def _shown(clock: ClockHealth) -> ShownClock:
    last = clock.last_slot if clock.status else None  # a slot from before this installation was never run
    return ShownClock(str(JOB_WORDS.get(clock.name, clock.name)), last, _status(clock))


def _status(clock: ClockHealth) -> Status:
    if clock.is_late:
        return Status(_("stands still"), "hand-stop", "late")
    said = {
        READY: Status(_("waiting for its turn"), "clock"),
        RUNNING: Status(_("running"), "player-play", "accent"),
        FAILED: Status(_("failed"), "alert-triangle", "late"),
        "": Status(_("not run yet"), "clock"),
    }
    return said.get(clock.status, Status(_("well"), "check", "ok"))


@require_POST
def task_again(request: HttpRequest, task: str) -> HttpResponse:
    """A failed task gets fresh tries; one that somebody retried already is no longer failed."""
    known = _failed_task(task)
    if run_again(known, now=now_of(request)):
        messages.success(request, _("It is tried again."))
    else:
        messages.info(request, _("This task is no longer among the failed ones."))
    return HttpResponseRedirect(reverse("web:setting_background"))


def _failed_task(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error
