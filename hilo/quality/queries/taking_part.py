"""Who had a part in a thread by a given moment: for thanking, and for nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from hilo.ledger.models import LedgerEvent
from hilo.parties.models import Person
from hilo.work.models import Thread

# Who held a step before somebody else did stands in the ledger alone.
_HELD = {"step.started": ("holder",), "step.passed": ("old_holder", "new_holder")}


def took_part(thread: Thread, *, by: datetime) -> list[Person]:
    """Whoever answered for it, did a step, gave or took a handoff, promised, wrote or was asked, by then.

    Who has left is not told; of a confidential thread only those named on it are.
    """
    found = {thread.owner_id, *_at_work(thread, by), *_speaking(thread, by), *_of_cases(thread, by)}
    people = Person.objects.filter(pk__in=[pk for pk in found if pk is not None], is_active=True)
    if thread.is_confidential:
        people = people.filter(Q(pk=thread.owner_id) | Q(pk__in=thread.readers.values("person")))
    return list(people.order_by("name", "pk"))


def _at_work(thread: Thread, by: datetime) -> set[int | None]:
    found: set[int | None] = set()
    for event in LedgerEvent.objects.filter(thread_id=thread.pk, kind__in=list(_HELD), occurred_at__lte=by):
        found |= {event.facts.get(name) for name in _HELD[event.kind]}  # type: ignore[misc]
    offered = thread.handoffs.filter(offered_at__lte=by)
    found |= set(offered.values_list("giver", flat=True))
    found |= set(offered.filter(answered_at__lte=by).values_list("answered_by", flat=True))
    passed = thread.ownership_transfers.filter(state="accepted", answered_at__lte=by)
    return found | set(passed.values_list("from_person", flat=True))


def _speaking(thread: Thread, by: datetime) -> set[int | None]:
    found: set[int | None] = set(
        thread.promises.filter(said_at__lte=by).values_list("promised_by", flat=True)
    )
    found |= set(thread.updates.filter(said_at__lte=by).values_list("said_by", flat=True))
    found |= set(thread.notes.filter(happened_at__lte=by).values_list("author", flat=True))
    asked = thread.asks.filter(asked_at__lte=by)
    found |= set(asked.values_list("asker", flat=True))
    return found | set(asked.filter(answered_at__lte=by).values_list("taker", flat=True))


def _of_cases(thread: Thread, by: datetime) -> set[int | None]:
    return set(thread.cases.filter(received_at__lte=by).values_list("owner", flat=True))
