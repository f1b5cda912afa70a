"""Did it come back? Counted from what happened since an action was done (SPEC 7.6, DOMAIN 4).

A recurrence is a case received after the action was done whose analysis named the same cause (at the same
place); an exposure is one more time that the step ran, or the handoff was taken, from beginning to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.quality.models import AnalysedCase, Analysis, CorrectiveAction
from hilo.work.models import Handoff, StepRun

Metric = CorrectiveAction.Metric


@dataclass(frozen=True, slots=True)
class Watched:
    """How an action stands: what came back, how often it could have, and until when it is watched."""

    recurrences: int
    exposures: int
    days_end: datetime | None  # None: it is not done
    exposures_left: int
    allowed: int

    @property
    def is_recurring(self) -> bool:
        return self.recurrences > self.allowed

    def window_ended(self, now: datetime) -> bool:
        """The later of both: so many days, so many exposures."""
        return self.days_end is not None and self.days_end <= now and self.exposures_left == 0


def watch(action: CorrectiveAction, now: datetime) -> Watched:
    """Counted up to ``now``; an action not done has nothing to count."""
    if action.done_at is None:
        return Watched(0, 0, None, action.window_exposures, action.allowed)
    exposures = count_exposures(action, until=now)
    return Watched(
        recurrences=count_recurrences(action, until=now),
        exposures=exposures,
        days_end=action.done_at + timedelta(days=action.window_days),
        exposures_left=max(0, action.window_exposures - exposures),
        allowed=action.allowed,
    )


def count_recurrences(action: CorrectiveAction, *, until: datetime) -> int:
    if action.metric == Metric.MISSING_ITEMS:
        return missing_since(action, until=until).count()
    return recurring_cases(action, until=until).count()


def recurring_cases(action: CorrectiveAction, *, until: datetime) -> QuerySet[AnalysedCase]:
    """Cases with the same cause (at the same place) that were received after the action was done."""
    analysis = action.analysis
    found = AnalysedCase.objects.filter(
        analysis__state=Analysis.State.CONCLUDED,
        analysis__cause=analysis.cause_id,
        case__received_at__gt=action.done_at,
        case__received_at__lte=until,
    )
    return found if action.metric == Metric.CAUSE else found.filter(same_place(analysis, "analysis__"))


def same_place(analysis: Analysis, prefix: str = "") -> Q:
    """The step by its key, in whatever version of the process; a border also by the area it comes from."""
    lost_at = analysis.lost_at
    if lost_at is None:
        return Q(pk__in=[])
    return Q(
        **{
            f"{prefix}lost_at__key": lost_at.key,
            f"{prefix}lost_at__template_version__template": lost_at.template_version.template_id,
            f"{prefix}lost_at_entry": analysis.lost_at_entry,
            f"{prefix}lost_from_area": analysis.lost_from_area_id,
        }
    )


def missing_since(action: CorrectiveAction, *, until: datetime) -> QuerySet[Handoff]:
    """Handoffs between these areas, offered since, in which the receiver marked something as missing."""
    marked = Q(items__marked_missing_at__isnull=False, items__marked_missing_at__lte=until)
    returned = Q(state=Handoff.State.RETURNED, items__prevents_start=True, answered_at__lte=until)
    return _handoffs_between(action).filter(marked | returned).distinct()


def _handoffs_between(action: CorrectiveAction) -> QuerySet[Handoff]:
    """Across the border where it got lost, whichever the step."""
    analysis = action.analysis
    return Handoff.objects.filter(
        is_within_area=False,
        from_area=analysis.lost_from_area_id,
        to_area=analysis.lost_at.area_id if analysis.lost_at else None,
        offered_at__gt=action.done_at,
    )


def count_exposures(action: CorrectiveAction, *, until: datetime) -> int:
    """How often it could have come back: begun after the action was done, and over by ``until``."""
    analysis, done_at = action.analysis, action.done_at
    if analysis.lost_at is None or done_at is None:
        return 0
    if action.metric == Metric.MISSING_ITEMS:
        answered = Q(state__in=[Handoff.State.ACCEPTED, Handoff.State.RETURNED], answered_at__lte=until)
        return _handoffs_between(action).filter(answered).count()
    step = Q(
        step__key=analysis.lost_at.key,
        step__template_version__template=analysis.lost_at.template_version.template_id,
    )
    if not analysis.lost_at_entry:
        runs = StepRun.objects.filter(step, state=StepRun.State.DONE, finished_at__lte=until)
        return runs.filter(started_at__gt=done_at).count()
    handed = Handoff.objects.filter(
        is_within_area=False,
        state=Handoff.State.ACCEPTED,
        offered_at__gt=done_at,
        answered_at__lte=until,
        step_run__in=StepRun.objects.filter(step),
    )
    if analysis.lost_from_area_id is not None:
        handed = handed.filter(from_area=analysis.lost_from_area_id)
    return handed.count()


def times_in(cause_id: int, *, since: datetime, until: datetime) -> int:
    """Cases received in that time whose analysis named this cause: "the seventh time in 12 months"."""
    return AnalysedCase.objects.filter(
        analysis__state=Analysis.State.CONCLUDED,
        analysis__cause=cause_id,
        case__received_at__gt=since,
        case__received_at__lte=until,
    ).count()


def causes_counted(*, since: datetime, until: datetime) -> dict[int, int]:
    """By cause of the catalogue, the cases received in that time. By cause: never by person."""
    rows = AnalysedCase.objects.filter(
        analysis__state=Analysis.State.CONCLUDED, case__received_at__gt=since, case__received_at__lte=until
    ).values_list("analysis__cause", flat=True)
    counted: dict[int, int] = {}
    for cause_id in rows:
        if cause_id is not None:
            counted[cause_id] = counted.get(cause_id, 0) + 1
    return counted


def actions_against(analysis: Analysis) -> QuerySet[CorrectiveAction]:
    """Earlier actions against the cause that this analysis names, which it may prove not to work."""
    same_cause = Q(analysis__cause=analysis.cause_id)
    here = Q(metric=Metric.CAUSE) | same_place(analysis, "analysis__") & Q(metric=Metric.RECURRENCES)
    return CorrectiveAction.objects.filter(same_cause & here, done_at__isnull=False)


def rule_of_three(exposures: int, *, recurrences: int = 0) -> str:
    """What so many uses without failure show, and what they do not (upper limit 3/n of the 95 % interval)."""
    if exposures <= 0:
        return _("It has not run since then: nothing can be said yet.")
    if recurrences:
        return ngettext(
            "It came back once in %(exposures)s uses.",
            "It came back %(count)s times in %(exposures)s uses.",
            recurrences,
        ) % {"count": recurrences, "exposures": exposures}
    if exposures < 4:
        return ngettext(
            "One use without failure shows nothing yet.",
            "%(count)s uses without failure show nothing yet.",
            exposures,
        ) % {"count": exposures}
    return _(
        "%(count)s uses without failure do not prove that it cannot happen again: only that it would fail "
        "fewer than 3 in every %(count)s times."
    ) % {"count": exposures}
