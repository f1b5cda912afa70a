"""One thing for many threads: each goes through the ordinary command and its gates, in its own transaction.

Nothing here has rules of its own. What a command refuses stays as it was, with its sentence; a worker that
dies in the middle leaves no thread half done, and the next one goes on with those that still wait.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties.actor import Actor, actor_for
from hilo.parties.models import Person
from hilo.work.access import threads_visible_to
from hilo.work.commands.archiving import archive_thread
from hilo.work.commands.ownership import offer_ownership
from hilo.work.commands.pausing import move_news
from hilo.work.models import BulkItem, BulkRun, Thread
from hilo.work.texts import line

AT_ONCE = 25  # up to so many the page waits; more are worked off behind it
ROLES_HOLD_FOR = 25  # threads: then it is asked again who the person is today
MOST_ATTEMPTS = 3
DOOR = "browser"


@dataclass(frozen=True, slots=True)
class Picked:
    """A thread as the person saw it."""

    thread_id: int
    seen: int


def most_at_once() -> int:
    return int(getattr(settings, "HILO_MOST_IN_BULK", 500))


def start_bulk(
    act: BulkRun.Act | str,
    picked: Sequence[Picked],
    *,
    to_person: Person | None = None,
    to_moment: datetime | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> BulkRun:
    """Write down what is to be done, and do it: at once if it is little, else in the background."""
    from hilo.work.jobs.bulk import run_bulk

    wanted = _readable(picked, by)
    _refuse_odd(act, len(wanted), to_person, to_moment)
    missing = _("Say why: it is written down with each of them.")
    why = "" if act == BulkRun.Act.ARCHIVE else line(reason, field="reason", missing=missing)
    with transaction.atomic():
        run = BulkRun.objects.create(
            person=by.one, act=act, to_person=to_person, to_moment=to_moment, reason=why, asked_at=now
        )
        BulkItem.objects.bulk_create(
            BulkItem(run=run, thread_id=each.thread_id, seen=each.seen) for each in wanted
        )
        if len(wanted) > AT_ONCE:
            run_bulk.enqueue(run.pk)
    if len(wanted) <= AT_ONCE:
        work_off(run)
    return run


def _readable(picked: Sequence[Picked], by: Actor) -> list[Picked]:
    """Each once, in the order given, and none that the person may not even see."""
    once = {each.thread_id: each for each in picked}
    visible = set(threads_visible_to(by).filter(pk__in=once).values_list("pk", flat=True))
    return [each for pk, each in once.items() if pk in visible]


def _refuse_odd(
    act: BulkRun.Act | str, count: int, to_person: Person | None, to_moment: datetime | None
) -> None:
    most = most_at_once()
    if not count:
        raise RuleViolation(_("Choose at least one thread."))
    if count > most:
        raise RuleViolation(
            _(
                "%(count)s threads are more than %(most)s, the most that are changed at once. "
                "Narrow the list, and go on with the rest afterwards."
            )
            % {"count": count, "most": most}
        )
    if act == BulkRun.Act.TRANSFER and to_person is None:
        raise RuleViolation(_("Choose to whom you offer them."), field="to")
    if act == BulkRun.Act.NEWS and to_moment is None:
        raise RuleViolation(_("Choose the day of the next news."), field="when")


def work_off(run: BulkRun) -> None:
    """Every item that still waits; called twice, the second finds nothing to do."""
    with translation.override(run.person.language):
        actor, left = None, 0
        for item in run.items.filter(state=BulkItem.State.WAITING).select_related("thread"):
            if actor is None or left == 0:
                actor = actor_for(Person.objects.get(pk=run.person_id), now=timezone.now(), door=DOOR)
                left = ROLES_HOLD_FOR
            left -= 1
            _do(run, item, actor)
    BulkRun.objects.filter(pk=run.pk, ended_at=None).update(ended_at=timezone.now())
    run.refresh_from_db()


def _do(run: BulkRun, item: BulkItem, by: Actor) -> None:
    """The command and the note that it was done are one transaction: of two workers one does it."""
    try:
        _again_when_busy(lambda: _claim_and_do(run, item, by))
    except RuleViolation as refusal:
        BulkItem.objects.filter(pk=item.pk, state=BulkItem.State.WAITING).update(
            state=BulkItem.State.REFUSED, sentence=str(refusal)
        )


def _claim_and_do(run: BulkRun, item: BulkItem, by: Actor) -> None:
    with transaction.atomic():
        waiting = BulkItem.objects.filter(pk=item.pk, state=BulkItem.State.WAITING)
        if waiting.update(state=BulkItem.State.DONE):
            _command(run, _thread(item, by), item.seen, by)


def _thread(item: BulkItem, by: Actor) -> Thread:
    """Read afresh: it may have become confidential since it was chosen."""
    thread = threads_visible_to(by).select_related("owner").filter(pk=item.thread_id).first()
    if thread is None:
        raise RuleViolation(_("You can no longer see this thread."))
    return thread


def _command(run: BulkRun, thread: Thread, seen: int, by: Actor) -> None:
    now = timezone.now()
    match run.act:
        case BulkRun.Act.TRANSFER:
            assert run.to_person is not None
            offer_ownership(thread, to=run.to_person, reason=run.reason, seen=seen, by=by, now=now)
        case BulkRun.Act.NEWS:
            assert run.to_moment is not None
            move_news(thread, to=run.to_moment, reason=run.reason, seen=seen, by=by, now=now)
        case BulkRun.Act.ARCHIVE:
            archive_thread(thread, seen=seen, by=by, now=now)
        case _:
            raise LookupError(run.act)


def _again_when_busy(call: Callable[[], None]) -> None:
    """A lock not got in time: a command within a transaction does not try again by itself."""
    for number in range(1, MOST_ATTEMPTS):
        try:
            return call()
        except OperationalError:
            time.sleep(random.uniform(0.01, 0.05) * number)
    return call()
