"""A small doubt in one line, with an owner and a date (SPEC 2.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.parties.holdings import Holding, locked, register_holding
from hilo.parties.models import Person
from hilo.parties.queries.calendars import clock_of_person, end_of_next_working_day
from hilo.parties.queries.people import hold_active
from hilo.rows import insert
from hilo.work.access import require_on
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.place import place_of
from hilo.work.events.small import LooseEndPassed, LooseEndPinned, LooseEndSettled
from hilo.work.gate import Hang, hangs
from hilo.work.models import LooseEnd, Thread
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.relations import has_charge
from hilo.work.settling import settle
from hilo.work.texts import line, no_longer_here


@command
def pin_loose_end(
    thread: Thread,
    *,
    text: str,
    owner: Person | None = None,
    due_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> LooseEnd:
    """One line is enough: it is the pinner's, for the end of their next working day, unless they say more."""
    require_on(by, "thread.work", thread)
    words = line(text, field="text", missing=_("Write the doubt in one line."))
    owner = owner or by.one
    hold_active(owner, refused=no_longer_here(owner), field="owner")
    if due_at is not None and due_at <= now:
        raise RuleViolation(_("Choose a moment still to come."), field="due_at")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    loose_end = insert(
        LooseEnd(
            thread=thread,
            text=words,
            owner=owner,
            due_at=due_at or end_of_next_working_day(clock_of_person(owner.pk), now),
            pinned_by=by.one,
            pinned_at=now,
        )
    )
    record(
        LooseEndPinned(
            **place_of("loose_end", loose_end.pk, thread),
            text=seal(words),
            owner=owner.pk,
            due=loose_end.due_at,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return loose_end


@command
def settle_loose_end(loose_end: LooseEnd, *, outcome: str, seen: int, by: Actor, now: datetime) -> None:
    """Say what came of it; the owner, who pinned it, or who has charge of the thread."""
    thread = loose_end.thread
    require_on(by, "thread.work", thread)
    if not (by.acts_for(loose_end.owner_id) or by.acts_for(loose_end.pinned_by_id) or has_charge(by, thread)):
        raise NotAllowed(_("This one is %(name)s's: ask them.") % {"name": loose_end.owner.name})
    words = line(outcome, field="outcome", missing=_("Say in a line what came of it."))
    move(
        loose_end,
        only_if={"settled_at": None},
        refused=_("Somebody has settled this already."),
        seen=seen,
        settled_at=now,
        outcome=words,
    )
    record(
        LooseEndSettled(**place_of("loose_end", loose_end.pk, thread), outcome=seal(words)), by=by, now=now
    )
    settle(thread, now=now)


@hangs
def loose_ends_open(thread: Thread, now: datetime) -> Iterator[Hang]:
    for each in thread.loose_ends.filter(settled_at__isnull=True):
        yield Hang(
            kind="loose_end",
            type="loose_end",
            id=each.pk,
            label=each.text,
            due=each.due_at,
            person_id=each.owner_id,
        )


def _unsettled(debtor: Debtor) -> QuerySet[LooseEnd]:
    return LooseEnd.objects.filter(debtor.on_threads(), owner__in=debtor.people, settled_at__isnull=True)


@owed(Reads(_unsettled, "thread", "owner", "pinned_by"))
def loose_ends_owed(debtor: Debtor, mine: Iterable[LooseEnd]) -> Iterator[Owed]:
    for each in mine:
        yield Owed(
            kind="settle_loose_end",
            type="loose_end",
            id=each.pk,
            version=each.version,
            label=each.text,
            due=each.due_at,
            to=OwedTo.SELF,
            thread=each.thread,
            covers=debtor.in_whose_stead(each.owner),
            about=each,
        )


def _pass_on(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    mine = LooseEnd.objects.filter(owner=leaver, settled_at__isnull=True)
    held = list(locked(mine.select_related("thread")))
    for each in held:
        move(each, only_if={"settled_at": None}, refused=_("Settled meanwhile."), owner=caretaker)
        record(
            LooseEndPassed(
                **place_of("loose_end", each.pk, each.thread),
                old_owner=leaver.pk,
                new_owner=caretaker.pk,
            ),
            by=by,
            now=now,
        )
    return len(held)


register_holding(
    Holding(
        kind="loose_end",
        count=lambda person: LooseEnd.objects.filter(owner=person, settled_at__isnull=True).count(),
        pass_on=_pass_on,
    )
)
