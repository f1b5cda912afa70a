"""What a case touches beyond its thread: other threads, the things it is about, the failure it is part of."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record
from hilo.parties.actor import Actor
from hilo.parties.texts import one_of
from hilo.quality.access import cases_visible_to, require_lead, require_on_case
from hilo.quality.commands.escalations import raise_second_failure
from hilo.quality.commands.stages import CLOSED, OPEN, about, hold
from hilo.quality.events.cases import (
    CaseFailureJoined,
    CaseFailureLeft,
    CaseLinked,
    CaseThreadTouched,
    CaseUnlinked,
)
from hilo.quality.linking import thread_of_linked
from hilo.quality.models import Analysis, Case, CaseLink, CaseThread
from hilo.quality.triggers import triggered
from hilo.work.access import require_on
from hilo.work.commands.threads import NOT_ARCHIVED
from hilo.work.models import Promise, Thread
from hilo.work.settling import settle


@command
def touch_thread(case: Case, thread: Thread, *, by: Actor, now: datetime) -> None:
    """The case also concerns another thread: its archive waits for the case too."""
    require_on_case(by, "case.work", case)
    for pk in sorted({case.thread_id, thread.pk}):
        Thread.objects.select_for_update().get(pk=pk)
    hold(case)
    move(case, only_if=OPEN, refused=CLOSED)
    touch(case, thread, by)
    record(CaseThreadTouched(**about(case), other=thread.pk), by=by, now=now)
    if case.customer_knows and case.kind in Case.FAILURES:
        raise_second_failure(case, by=by, now=now)
    settle(case.thread, now=now)


def touch(case: Case, thread: Thread, by: Actor) -> None:
    require_on(by, "case.work", thread)
    if case.thread.is_confidential or thread.is_confidential:
        raise RuleViolation(_("A confidential thread shares its cases with no other thread."), field="thread")
    if thread.pk == case.thread_id or CaseThread.objects.filter(case=case, thread=thread).exists():
        raise RuleViolation(_("The case is on that thread already."), field="thread")
    move(thread, only_if=NOT_ARCHIVED, refused=_("That thread is in the archive. Reopen it first."))
    CaseThread.objects.create(case=case, thread=thread)


@command
def link_case(
    case: Case,
    *,
    type: str,
    object_id: int,
    qualifier: str = CaseLink.As.ABOUT,
    by: Actor,
    now: datetime,
) -> CaseLink:
    """Say what it is about: an order line, a promise, a handoff... of a thread that the case touches."""
    require_on_case(by, "case.work", case)
    hold(case)
    one_of(qualifier, list(CaseLink.As.values), field="qualifier")
    thread_id = thread_of_linked(type, object_id)
    if thread_id is None or thread_id not in threads_of(case):
        raise RuleViolation(
            _("That stands on no thread of this case. Say first which other thread the case touches."),
            field="object_id",
        )
    move(case, only_if=OPEN, refused=CLOSED)
    link, is_new = CaseLink.objects.get_or_create(
        case=case, type=type, object_id=object_id, defaults={"qualifier": qualifier}
    )
    if not is_new:
        raise RuleViolation(_("The case says so already."), field="object_id")
    record(
        CaseLinked(
            **about(case, Related(type, object_id, qualifier)),
            linked=f"{type}:{object_id}",
            qualifier=qualifier,
        ),
        by=by,
        now=now,
    )
    if type == "promise" and _was_broken(object_id):
        triggered(case, Analysis.Trigger.BROKEN_PROMISE, now)
    settle(case.thread, now=now)
    return link


def threads_of(case: Case) -> set[int]:
    return {case.thread_id, *case.also_on.values_list("thread_id", flat=True)}


def _was_broken(promise_id: int) -> bool:
    return Promise.objects.filter(pk=promise_id, broken_at__isnull=False).exists()


@command
def unlink_case(link: CaseLink, *, by: Actor, now: datetime) -> None:
    """It is not about that after all."""
    case = link.case
    require_on_case(by, "case.work", case)
    hold(case)
    move(case, only_if=OPEN, refused=CLOSED)
    gone, _tables = CaseLink.objects.filter(pk=link.pk).delete()
    if not gone:
        raise RuleViolation(_("Somebody has taken that away already."))
    record(
        CaseUnlinked(
            **about(case, Related(link.type, link.object_id, link.qualifier)),
            linked=f"{link.type}:{link.object_id}",
            qualifier=link.qualifier,
        ),
        by=by,
        now=now,
    )
    settle(case.thread, now=now)


@command
def join_failure(case: Case, *, main: Case, seen: int, by: Actor, now: datetime) -> None:
    """One failure, several customers: the areas work on it once, in ``main``; each customer is told apart."""
    require_lead(by, case)
    if not cases_visible_to(by).filter(pk=main.pk).exists():
        raise NotAllowed(_("Only the people named on that thread can join it with another case."))
    for pk in sorted({case.thread_id, main.thread_id}):
        Thread.objects.select_for_update().get(pk=pk)
    thread = hold(case)
    main.refresh_from_db()
    _refuse_odd_failure(case, main)
    move(
        case,
        only_if={**OPEN, "same_failure_as": None},
        refused=_("This case is closed, or is part of another failure already."),
        seen=seen,
        same_failure_as=main,
    )
    record(
        CaseFailureJoined(**about(case, Related("case", main.pk, "failure")), main=main.pk), by=by, now=now
    )
    settle(thread, now=now)


def _refuse_odd_failure(case: Case, main: Case) -> None:
    if main.pk == case.pk:
        raise RuleViolation(_("A case is always its own failure. Choose another one."), field="main")
    if main.same_failure_as is not None:
        raise RuleViolation(
            _("The work on that failure is in %(code)s: join that one.")
            % {"code": main.same_failure_as.code},
            field="main",
        )
    if not main.is_open:
        raise RuleViolation(_("That case is closed. Choose an open one."), field="main")
    if case.others_of_failure.filter(closed_at__isnull=True).exists():
        raise RuleViolation(
            _("Other cases are part of this failure: let them join the other one first."), field="main"
        )


@command
def leave_failure(case: Case, *, seen: int, by: Actor, now: datetime) -> None:
    """It was a failure of its own after all."""
    require_lead(by, case)
    thread = hold(case)
    main = case.same_failure_as
    if main is None:
        raise RuleViolation(_("This case is part of no other failure."))
    move(
        case,
        only_if={**OPEN, "same_failure_as": main},
        refused=CLOSED,
        seen=seen,
        same_failure_as=None,
    )
    record(CaseFailureLeft(**about(case, Related("case", main.pk, "failure")), main=main.pk), by=by, now=now)
    settle(thread, now=now)
