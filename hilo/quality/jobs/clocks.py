"""What happens to cases because time passes: pauses end, lateness climbs. Idempotent by command.

Every step is a transaction of its own, and its command asks again whether its moment has come: a late,
repeated or parallel run, or one by a clock that jumped, tells nobody twice and forgets nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import batched

from django.utils import timezone

from hilo.errors import RuleViolation
from hilo.jobs import periodic
from hilo.parties.modules import is_on
from hilo.quality.clocks import Clock, TargetClock
from hilo.quality.commands.ladder import Climb, climb, climbs_of
from hilo.quality.commands.pausing import end_pause
from hilo.quality.models import Case, ClockPause, Rung
from hilo.quality.queries.clocks import NEWS, LiveClock, live_clocks

AT_ONCE = 500  # cases read together


@periodic(name="quality.clocks", every=timedelta(minutes=1), timeout=timedelta(minutes=5))
def check_case_clocks(slot: datetime) -> None:
    """Everything about cases whose moment has come."""
    if is_on("cases"):
        run_case_clocks(timezone.now())


def run_case_clocks(now: datetime) -> None:
    """Pauses first, then the ladder in the order in which it should have been climbed.

    One case that cannot be worked out keeps no other from its turn; it is raised when all had theirs.
    """
    troubles: list[Exception] = []
    for pause in ClockPause.objects.filter(resumed_at__isnull=True, until__lte=now).order_by("until", "pk"):
        _try(partial(end_pause, pause, now=now), troubles)
    for due in sorted(_climbs_due(now, troubles)):
        _try(partial(_climb, due, now), troubles)
    if troubles:
        raise ExceptionGroup("some clocks of cases could not be worked out", troubles)


def _try(step: Callable[[], object], troubles: list[Exception]) -> None:
    """Refused: somebody was quicker, or answered meanwhile."""
    try:
        step()
    except RuleViolation:
        return
    except Exception as error:
        troubles.append(error)


def _climb(due: Climb, now: datetime) -> None:
    climb(Case.objects.get(pk=due.case_id), key=due.key, step=due.step, now=now)


def _climbs_due(now: datetime, troubles: list[Exception]) -> list[Climb]:
    found: list[Climb] = []
    open_cases = Case.objects.filter(closed_at__isnull=True).order_by("received_at", "pk")
    for rows in batched(open_cases.values_list("pk", "thread_id"), AT_ONCE):
        threads = dict(rows)
        taken = _taken(threads)
        for live in live_clocks(threads):
            about = _about(live.key, live.case_id, threads[live.case_id])
            _try(partial(_add_climbs, found, live, now, taken.get(about, set())), troubles)
    return found


def _add_climbs(found: list[Climb], live: LiveClock, now: datetime, taken: set[str]) -> None:
    if _is_late(live.clock, now):
        found.extend(each for each in climbs_of(live) if each.moment < now and each.step not in taken)


def _is_late(clock: Clock, now: datetime) -> bool:
    """Business time never runs faster than time: most young clocks need no arithmetic at all."""
    if isinstance(clock, TargetClock) and clock.started_at + clock.target >= now:
        return False
    return clock.due < now


def _taken(threads: dict[int, int]) -> dict[tuple[int, str], set[str]]:
    """By case (for the news: by thread) and key, the steps taken; so that nothing is tried in vain."""
    rows = Rung.objects.filter(case__thread__in=set(threads.values()))
    taken: dict[tuple[int, str], set[str]] = {}
    for case_id, thread_id, key, step in rows.values_list("case_id", "case__thread_id", "key", "step"):
        taken.setdefault(_about(key, case_id, thread_id), set()).add(step)
    return taken


def _about(key: str, case_id: int, thread_id: int) -> tuple[int, str]:
    return (thread_id if key.startswith(f"{NEWS}:") else case_id, key)
