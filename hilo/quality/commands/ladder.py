"""Lateness reaches the owner, then the area head, then the director: each once, in that order (SPEC 7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record
from hilo.parties.actor import system
from hilo.parties.commands.notices import notify
from hilo.parties.models import Person
from hilo.parties.notice_words import register_notice
from hilo.parties.queries.people import directors
from hilo.quality.clocks import climbs_at
from hilo.quality.commands.stages import about, hold
from hilo.quality.events.clocks import LatenessTold
from hilo.quality.models import Case, ClockRun, PolicyRule, Rung
from hilo.quality.queries.clocks import NEWS, LiveClock, live_clocks
from hilo.work.models import Thread
from hilo.work.sides import heads_for

STEPS = tuple(Rung.Step)  # in the order in which lateness climbs
_NOT_NOW = _("Nobody has to be told about this clock now.")

for _clock, _to_owner, _upwards in (
    (
        ClockRun.Clock.ACKNOWLEDGE,
        _("The customer has not heard yet that we have their case. Tell them."),
        _("A customer has waited long to hear that we have their case. Its owner knows."),
    ),
    (
        ClockRun.Clock.RESPONSE,
        _("Our answer to the customer is late. Tell them how it stands."),
        _("Our answer to a customer has been late for a while. Its owner knows: ask what would help."),
    ),
    (
        ClockRun.Clock.LEGAL,
        _("The legal deadline of this case has passed. Answer the customer today."),
        _("The legal deadline of a case has passed. Its owner knows: ask what would help."),
    ),
    (
        NEWS,
        _("We told the customer they would hear from us by now. Tell them how it stands."),
        _("A customer waits for the news we told them to expect. The owner knows: ask what would help."),
    ),
):
    register_notice(f"late_{_clock}", _to_owner, "clock")
    register_notice(f"late_{_clock}_for_long", _upwards, "clock")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Climb:
    """A step of the ladder, from the moment on at which the lateness reaches it."""

    moment: datetime
    rank: int
    case_id: int
    key: str

    @property
    def step(self) -> Rung.Step:
        return STEPS[self.rank]


def climbs_of(live: LiveClock) -> list[Climb]:
    """All of its steps, whether their moments have come or not."""
    return [
        Climb(
            moment=climbs_at(live.clock, _after(live.rule, step)),
            rank=rank,
            case_id=live.case_id,
            key=live.key,
        )
        for rank, step in enumerate(STEPS)
    ]


def _after(rule: PolicyRule, step: Rung.Step) -> timedelta:
    minutes = {
        Rung.Step.OWNER: 0,
        Rung.Step.HEAD: rule.head_after_minutes,
        Rung.Step.DIRECTOR: rule.director_after_minutes,
    }
    return timedelta(minutes=minutes[step])


@command
def climb(case: Case, *, key: str, step: str, now: datetime) -> Rung:
    """Told by the job alone. Refused unless that very clock is late enough now and the steps below were
    taken; of two workers at once the second is refused."""
    thread = hold(case)  # two workers queue here
    live = next((each for each in live_clocks([case.pk]) if each.key == key), None)
    if live is None or not _has_come(live, step, now) or _taken(case, key) != list(STEPS[: _rank(step)]):
        raise RuleViolation(_NOT_NOW)
    rung = Rung.objects.create(case=case, key=key, step=step, at=now)
    reached = _people(case, thread, live, step, now)
    record(
        LatenessTold(
            **about(case),
            clock=key,
            due=live.clock.due,
            step=step,
            people=tuple(person.pk for person in reached),
        ),
        by=system(),
        now=now,
    )
    for person in reached:
        _tell(person, case, live, step, now)
    return rung


def _rank(step: str) -> int:
    return STEPS.index(Rung.Step(step))


def _has_come(live: LiveClock, step: str, now: datetime) -> bool:
    return climbs_of(live)[_rank(step)].moment < now


def _taken(case: Case, key: str) -> list[Rung.Step]:
    """The steps taken already. The date for news is the thread's: another case on it may have climbed."""
    of_this = Q(case__thread=case.thread_id) if key.startswith(f"{NEWS}:") else Q(case=case)
    taken = set(Rung.objects.filter(of_this, key=key).values_list("step", flat=True))
    return [step for step in STEPS if step in taken]


def _people(case: Case, thread: Thread, live: LiveClock, step: str, now: datetime) -> list[Person]:
    """For the news both who repairs and who owns the thread: either of them can tell the customer."""
    if step == Rung.Step.OWNER:
        found = [case.owner, thread.owner] if live.name == NEWS else [case.owner]
    elif step == Rung.Step.HEAD:
        found = heads_for(case.area_id, case.delegation_id, now=now)
    else:
        found = list(directors())
    return list({person.pk: person for person in found}.values())


def _tell(person: Person, case: Case, live: LiveClock, step: str, now: datetime) -> None:
    """Once per lateness: an owner who heads the area as well has been told already."""
    about = case.thread_id if live.name == NEWS else case.pk
    notify(
        person,
        key=f"late:{about}:{live.key}",
        kind=f"late_{live.name}" if step == Rung.Step.OWNER else f"late_{live.name}_for_long",
        thread_id=case.thread_id,
        subject=Ref("case", case.pk),
        interrupts=True,
        now=now,
    )
