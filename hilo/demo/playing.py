"""All plays together, in the order of time: the ledger grows as it would have grown."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from heapq import heapify, heappop, heappush
from random import Random

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hilo.demo import Tell
from hilo.demo.company import set_up
from hilo.demo.days import Days
from hilo.demo.plays import all_plays
from hilo.demo.stage import Play, Stage
from hilo.errors import RuleViolation
from hilo.parties.commands.notices import read_notices
from hilo.parties.queries.calendars import while_no_calendar_changes
from hilo.parties.seeds import is_founded
from hilo.work.commands.conversation import noting_only

type _Waiting = tuple[datetime, int, Play]


type Teller = Callable[[Stage], Play]


def play_everything(
    *, seed: int, now: datetime | None, tell: Tell | None, also: Iterable[Teller] = ()
) -> None:
    """One transaction: a demo company that did not load to its end leaves nothing behind."""
    if is_founded():
        raise RuleViolation(
            _("There are people here already. The demo company needs an empty data folder: set HILO_DATA.")
        )
    ends = now or timezone.now()
    days = Days(ends)
    begins = days.at(days.earliest, "08:30")
    stage = Stage(days=days, rng=Random(seed), now=begins, ends=ends)
    with transaction.atomic(), translation.override("es"), noting_only(), _without_collecting():
        set_up(stage)
        with while_no_calendar_changes():
            _play(stage, [*all_plays(stage), *(teller(stage) for teller in also)], tell)
            stage.end()
        _read_old_notices(stage)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Tens of thousands of short-lived querysets: collecting cycles among them takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _play(stage: Stage, plays: Iterable[Play], tell: Tell | None) -> None:
    waiting: list[_Waiting] = [(next(play), number, play) for number, play in enumerate(plays)]
    heapify(waiting)
    length = (stage.ends - stage.now).days
    begins = stage.now
    while waiting:
        moment, number, play = heappop(waiting)
        stage.go_on_to(moment)
        if tell is not None:
            tell(min((stage.now - begins).days, length), length)
        if (coming := next(play, None)) is not None:
            heappush(waiting, (coming, number, play))
    if tell is not None:
        tell(length, length)


def _read_old_notices(stage: Stage) -> None:
    """What they were told days ago they have seen."""
    before = stage.days.at(-3, "00:01")
    for person in stage.people.values():
        old = person.notices.filter(created_at__lt=before).values_list("pk", flat=True)
        read_notices(person, ids=list(old), now=before)
