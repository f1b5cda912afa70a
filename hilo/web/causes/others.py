"""Does it happen on other threads? Those still open that run through the place where it got lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.quality.models import Analysis, CauseKind
from hilo.web.base import saying
from hilo.work.access import threads_visible_to
from hilo.work.models import HandoffItem, StepRun, Thread

A_YEAR = timedelta(days=365)
MOST_SHOWN = 6
State = StepRun.State
_STILL_TO_COME = (State.PLANNED, State.OFFERED)


@dataclass(frozen=True, slots=True)
class Other:
    """``is_in_time``: the place is still ahead of it, so the same need not happen."""

    thread: Thread
    said: str
    is_in_time: bool


@dataclass(frozen=True, slots=True)
class Others:
    shown: list[Other]
    more: int


def others_of(analysis: Analysis | None, actor: Actor) -> Others:
    if analysis is None or analysis.lost_at is None:
        return Others([], 0)
    runs = list(_runs(analysis, actor))
    missing = _missing_at(runs)
    found = [_other(run, missing) for run in runs]
    found.sort(key=lambda each: (not each.is_in_time, each.thread.opened_at))
    return Others(found[:MOST_SHOWN], max(len(found) - MOST_SHOWN, 0))


def _runs(analysis: Analysis, actor: Actor) -> QuerySet[StepRun]:
    """One per thread and time through the step, of threads not in the archive; its own cases' aside."""
    step = analysis.lost_at
    assert step is not None
    own = analysis.analysed.values("case__thread")
    return (
        StepRun.objects.filter(
            step__key=step.key,
            step__template_version__template=step.template_version.template_id,
            thread__in=threads_visible_to(actor).exclude(state=Thread.State.ARCHIVED).exclude(pk__in=own),
        )
        .exclude(state=State.SKIPPED)
        .select_related("thread__customer")
        .order_by("thread__opened_at", "pk")
    )


def _missing_at(runs: Iterable[StepRun]) -> dict[int, str]:
    """By step run, the first thing its handoff had missing or explained away."""
    rows = HandoffItem.objects.filter(handoff__step_run__in=runs).exclude(state=HandoffItem.State.COMPLETE)
    found: dict[int, str] = {}
    for pk, text in rows.order_by("pk").values_list("handoff__step_run", "text"):
        found.setdefault(pk, text)
    return found


def _other(run: StepRun, missing: dict[int, str]) -> Other:
    facts = {"step": run.name, "item": missing.get(run.pk, "")}
    if run.state in _STILL_TO_COME:
        said = _("«%(step)s» is still ahead: there is time.") % facts
    elif run.state == State.RUNNING:
        said = _("It is at «%(step)s» now.") % facts
    else:
        said = _("It has been through «%(step)s» already.") % facts
    if facts["item"]:
        said = f"{_('Without «%(item)s» in the handoff.') % facts} {said}"
    return Other(run.thread, said, run.state in _STILL_TO_COME)


# Money behind a cause -------------------------------------------------------------------------------------


def money_behind(cause: CauseKind, actor: Actor, *, now: datetime) -> str:
    """What the threads of its cases of these 12 months are worth; empty for whom money is not shown to."""
    if not actor.sees_money:
        return ""
    threads = threads_visible_to(actor).filter(
        amount__isnull=False,
        cases__received_at__gt=now - A_YEAR,
        cases__analysed__analysis__cause=cause,
        cases__analysed__analysis__state=Analysis.State.CONCLUDED,
    )
    return said_amounts(threads.distinct().values_list("pk", "currency", "amount"))


def said_amounts(rows: Iterable[tuple[int, str, Decimal | None]]) -> str:
    """Currencies side by side, never added up."""
    sums: dict[str, Decimal] = {}
    for _pk, currency, amount in rows:
        sums[currency] = sums.get(currency, Decimal(0)) + (amount or 0)
    lang = saying.language(get_language())
    return " + ".join(saying.said_money(sums[code], code, lang) for code in sorted(sums) if sums[code])
