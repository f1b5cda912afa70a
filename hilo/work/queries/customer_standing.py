"""How we stand with a customer: counted over the threads the asker may see, and nothing else.

What belongs to somebody else's confidential thread appears in no row, no count and no sum here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet, Sum

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer
from hilo.work.access import threads_visible_to
from hilo.work.models import AffectedGroup, Note, Promise, Thread, Update
from hilo.work.queries.promises_kept import Kept, promises_kept
from hilo.work.queries.thread_list import by_consequence, frays, is_silent, with_rank, with_row_facts

ARCHIVED_SHOWN = 3
OPEN_SHOWN = 30
PROMISES_SHOWN = 24


@dataclass(frozen=True, slots=True)
class OpenMoney:
    currency: str
    amount: Decimal
    frayed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    open: int
    frayed: int
    silent: int
    archived: int
    unanswered: int  # broken promises nobody has answered for
    money: tuple[OpenMoney, ...]  # empty for whom money is not shown to
    kept: Kept


@dataclass(frozen=True, slots=True)
class ThreadCount:
    open: int = 0
    frayed: int = 0


def threads_of_customers(actor: Actor, customer_ids: Collection[int]) -> QuerySet[Thread]:
    return threads_visible_to(actor).filter(customer__in=customer_ids)


def standing_with(actor: Actor, customer_ids: Collection[int], *, now: datetime) -> Standing:
    threads = threads_of_customers(actor, customer_ids)
    is_open = ~Q(state=Thread.State.ARCHIVED)
    counts = threads.aggregate(
        open=Count("pk", filter=is_open),
        frayed=Count("pk", filter=frays(now)),
        silent=Count("pk", filter=is_silent(now)),
        archived=Count("pk", filter=Q(state=Thread.State.ARCHIVED)),
    )
    promises = Promise.objects.filter(thread__in=threads)
    unanswered = promises.filter(state=Promise.State.BROKEN, answered_at__isnull=True).count()
    return Standing(
        **counts,
        unanswered=unanswered,
        money=tuple(_open_money(threads.filter(is_open), now)) if actor.sees_money else (),
        kept=promises_kept(promises, now=now),
    )


def _open_money(threads: QuerySet[Thread], now: datetime) -> Iterable[OpenMoney]:
    sums = threads.filter(amount__isnull=False).values("currency")
    for row in sums.annotate(all=Sum("amount"), frayed=Sum("amount", filter=frays(now))).order_by("-all"):
        yield OpenMoney(row["currency"], row["all"], row["frayed"] or Decimal(0))


def open_threads_of(actor: Actor, customer_ids: Collection[int], *, now: datetime) -> list[Thread]:
    """By consequence, as in the list of threads."""
    threads = threads_of_customers(actor, customer_ids).exclude(state=Thread.State.ARCHIVED)
    threads = with_rank(with_row_facts(threads, now=now), now=now)
    return list(threads.order_by(*by_consequence(actor))[:OPEN_SHOWN])


def archived_threads_of(actor: Actor, customer_ids: Collection[int], *, now: datetime) -> list[Thread]:
    """The ones put away last."""
    threads = threads_of_customers(actor, customer_ids).filter(state=Thread.State.ARCHIVED)
    return list(with_row_facts(threads, now=now).order_by("-archived_at", "-pk")[:ARCHIVED_SHOWN])


def counts_of_customers(
    actor: Actor, customer_ids: Collection[int], *, now: datetime
) -> dict[int, ThreadCount]:
    """Open and fraying threads per customer row (aliases each by themselves), in one query."""
    threads = threads_of_customers(actor, customer_ids).exclude(state=Thread.State.ARCHIVED)
    rows = threads.order_by().values("customer").annotate(n=Count("pk"), f=Count("pk", filter=frays(now)))
    return {row["customer"]: ThreadCount(row["n"], row["f"]) for row in rows}


def latest_promises(actor: Actor, customer_ids: Collection[int]) -> list[Promise]:
    """The last ones by date, newest first; a renegotiated one stands as its successor."""
    threads = threads_of_customers(actor, customer_ids)
    shown = Promise.objects.filter(thread__in=threads, successor__isnull=True)
    return list(shown.select_related("thread").order_by("-due_at", "-pk")[:PROMISES_SHOWN])


def groups_not_ready(actor: Actor, customer_ids: Collection[int]) -> list[AffectedGroup]:
    """The customer's own people whom a launch touches and nobody has told, or trained (SPEC 5.4)."""
    threads = threads_of_customers(actor, customer_ids).exclude(state=Thread.State.ARCHIVED)
    groups = AffectedGroup.objects.filter(Q(told_at__isnull=True) | Q(trained_at__isnull=True))
    return list(groups.filter(thread__in=threads).select_related("thread").order_by("launch_at", "pk"))


def last_contacts(actor: Actor, contacts: Collection[Contact]) -> dict[int, datetime]:
    """When we last spoke with each: what we told them, or what they said, on threads the actor sees."""
    threads = threads_visible_to(actor)
    ids = [contact.pk for contact in contacts]
    told = Update.objects.filter(thread__in=threads, contacts__in=ids).values_list("contacts")
    said = Note.objects.filter(thread__in=threads, contact__in=ids).values_list("contact")
    found: dict[int, datetime] = {}
    for contact_id, when in (*told.annotate(last=Max("said_at")), *said.annotate(last=Max("happened_at"))):
        found[contact_id] = max(when, found.get(contact_id, when))
    return found


def supply_thread_of(actor: Actor, customer_ids: Collection[int], *, year: int) -> Thread | None:
    """The open supply thread of the year: where a repeat order goes (SPEC 2.3)."""
    theirs = threads_of_customers(actor, customer_ids).filter(kind=Thread.Kind.SUPPLY, year=year)
    return theirs.exclude(state=Thread.State.ARCHIVED).order_by("-pk").first()


def with_aliases(customer_ids: Iterable[int]) -> dict[int, int]:
    """Every customer merged into these, and these themselves, each with the one it stands under."""
    stands_under = {pk: pk for pk in customer_ids}
    newest = set(stands_under)
    while newest:
        rows = Customer.objects.filter(merged_into__in=newest).exclude(pk__in=stands_under)
        found = {pk: stands_under[into] for pk, into in rows.values_list("pk", "merged_into") if into}
        stands_under |= found
        newest = set(found)
    return stands_under
