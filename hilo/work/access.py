"""Who sees which thread, and whose it is to act on: the questions every query and command asks first."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed
from hilo.parties.actor import Actor
from hilo.parties.permissions import may, require
from hilo.parties.search import register_visible_threads
from hilo.work.models import Handoff, StepRun, Thread, ThreadReader


def threads_visible_to(actor: Actor) -> QuerySet[Thread]:
    """All threads but the confidential ones on which the actor is not named; none for who has left."""
    return Thread.objects.filter(visible_to(actor))


def visible_to(actor: Actor, prefix: str = "") -> Q:
    """The same for rows that hang on a thread: ``prefix`` leads to it (``thread__``).

    The database then looks at the threads of those rows alone, where ``thread__in=threads_visible_to(actor)``
    may make it go through every thread there is.
    """
    if actor.is_system:
        return Q()
    if actor.person is None or not may(actor, "thread.see"):
        return Q(pk__in=[])
    named = ThreadReader.objects.filter(thread=OuterRef(f"{prefix}pk"), person=actor.person)
    open_to_all = Q(**{f"{prefix}is_confidential": False})
    return open_to_all | Q(**{f"{prefix}owner": actor.person}) | Q(Exists(named))


def is_own(actor: Actor, thread: Thread) -> bool:
    """Whether the thread concerns a delegation of the actor's, or the actor in person (or who they cover)."""
    if actor.is_system or thread.delegation_id in actor.delegation_ids or actor.acts_for(thread.owner_id):
        return True
    people = {actor.one.pk, *actor.covers_ids}
    works_there = Q(delegation__in=actor.delegation_ids) | Q(holder__in=people)
    return (
        StepRun.objects.filter(works_there, thread=thread).exists()
        or Handoff.objects.filter(
            Q(to_delegation__in=actor.delegation_ids) | Q(to_person__in=people), thread=thread
        ).exists()
        or thread.ownership_transfers.filter(to_person__in=people).exists()
    )


def require_on(actor: Actor, action: str, thread: Thread) -> None:
    """Refuse what the permission table does not allow this actor on this thread.

    A confidential one is there for the people named on it alone, whatever their role or area.
    """
    if thread.is_confidential and not threads_visible_to(actor).filter(pk=thread.pk).exists():
        raise NotAllowed(_("Only the people named on this thread can work on it."))
    require(actor, action, own=is_own(actor, thread))


def _readable_thread_ids(actor: Actor) -> QuerySet[Thread, int]:
    return threads_visible_to(actor).values_list("pk", flat=True)


register_visible_threads(_readable_thread_ids)
