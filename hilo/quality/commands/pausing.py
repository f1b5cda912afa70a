"""The response clock stands still: who, why, until when. News clock and law know no pause (SPEC 7.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor, system
from hilo.parties.notice_words import register_notice
from hilo.quality.access import require_lead, require_on_case
from hilo.quality.commands.stages import CLOSED, OPEN, about, hold, hold_thread, tell
from hilo.quality.events.clocks import ClockPaused, ClockResumed
from hilo.quality.models import Case, ClockPause, ClockRun
from hilo.quality.queries.clocks import running_clock
from hilo.work.settling import settle
from hilo.work.texts import line

LONGEST_PAUSE = timedelta(days=366)
_NOT_PAUSED = gettext_lazy("This clock is not paused: it runs already.")
register_notice(
    "case_pause_over",
    gettext_lazy("The pause is over: the customer waits for our answer again."),
    "clock",
    daily=True,
)


@command
def pause_response(
    case: Case, *, reason: str, until: datetime, seen: int, by: Actor, now: datetime
) -> ClockPause:
    """We wait for somebody else, and the customer knows for whom. It goes on by itself at ``until``.

    An answer that is late already cannot be paused: that would only hide it.
    """
    require_lead(by, case)
    why = line(reason, field="reason", missing=_("Say what we wait for: the customer will ask."))
    if until <= now:
        raise RuleViolation(_("A pause ends in the future. Choose a later moment."), field="until")
    if until > now + LONGEST_PAUSE:
        raise RuleViolation(_("A pause lasts at most a year. Choose an earlier day."), field="until")
    hold(case)
    move(case, only_if=OPEN, refused=CLOSED, seen=seen)
    run = _run_to_pause(case, now)
    pause = ClockPause.objects.create(
        case=case, author=by.one, reason=why, paused_at=max(now, run.started_at), until=until
    )
    record(ClockPaused(**about(case), until=until, reason=seal(why)), by=by, now=now)
    settle(case.thread, now=now)
    return pause


def _run_to_pause(case: Case, now: datetime) -> ClockRun:
    run = ClockRun.objects.filter(
        case=case, clock=ClockRun.Clock.RESPONSE, stopped_at__isnull=True, started_at__lte=now
    ).first()
    if run is None:
        raise RuleViolation(_("Nobody waits for our answer now, so there is nothing to pause."))
    clock = running_clock(run)
    if clock.is_paused_at(now):
        raise RuleViolation(_("It is paused already. Resume it first, then pause it anew."))
    if clock.due < now:
        raise RuleViolation(
            _("Our answer is late already, and a pause would only hide it. Tell the customer how it stands.")
        )
    return run


@command
def resume_response(case: Case, *, seen: int, by: Actor, now: datetime) -> None:
    """What we waited for has come before the pause was over."""
    require_on_case(by, "case.work", case)
    hold(case)
    move(case, only_if=OPEN, refused=CLOSED, seen=seen)
    # By its moments, not by whether a job has been there: a clock set forward may have ended it too soon.
    holding = Q(resumed_at__isnull=True) | Q(resumed_at__gt=now)
    held = ClockPause.objects.filter(holding, case=case, paused_at__lte=now, until__gt=now)
    if not held.update(resumed_at=now):
        raise RuleViolation(_NOT_PAUSED)
    record(ClockResumed(**about(case), by_itself=False), by=by, now=now)
    settle(case.thread, now=now)


@command
def end_pause(pause: ClockPause, *, now: datetime) -> None:
    """Its time is over: written down by the job, however late, as having ended when it was to end."""
    case = Case.objects.select_related("owner").get(pk=pause.case_id)
    case.thread = hold_thread(case.thread_id)
    ended = ClockPause.objects.filter(pk=pause.pk, resumed_at__isnull=True, until__lte=now)
    if not ended.update(resumed_at=F("until")):
        raise RuleViolation(_NOT_PAUSED)
    pause.refresh_from_db()
    record(ClockResumed(**about(case), by_itself=True), by=system(), now=now, occurred_at=pause.until)
    tell(case.owner, case, "case_pause_over", str(pause.pk), interrupts=False, now=now)
    settle(case.thread, now=now)
