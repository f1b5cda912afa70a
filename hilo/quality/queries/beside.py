"""Open cases as they stand beside something else: on the page of a thread, of a customer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.quality.access import cases_visible_to
from hilo.quality.models import Case
from hilo.quality.queries.clocks import CaseClocks, Facts, clock_parts, stand
from hilo.work.models import Thread
from hilo.work.queries.thread_page import ThreadPage, beside
from hilo.work.queries.together import Columns, Part, Together, as_moment

MOST_BESIDE = 20  # cases that a thread's or a customer's page lists


@dataclass(frozen=True, slots=True)
class CaseInShort:
    """``case`` knows what its line says, and its owner's name."""

    case: Case
    clocks: CaseClocks


@dataclass(frozen=True, slots=True)
class CasesOn:
    """``hanging`` counts as many as the archive gate lists, also those the reader may not see."""

    shown: list[CaseInShort]
    hanging: int


NO_CASES = CasesOn([], 0)


@beside("cases of it")
def _living_here(thread: Thread, actor: Actor) -> Part:
    return _open(Case.objects.filter(thread=thread.pk), actor)


@beside("cases touching it")
def _touching(thread: Thread, actor: Actor) -> Part:
    return _open(Case.objects.filter(also_on__thread=thread.pk), actor)


def _open(cases: QuerySet[Case], actor: Actor) -> Columns:
    seen = Exists(cases_visible_to(actor).filter(pk=OuterRef("pk")))
    rows = cases.filter(closed_at__isnull=True).annotate(is_seen=seen)
    return Columns(rows, {"pk": None, "received_at": as_moment, "is_seen": bool})


def open_cases_on(page: ThreadPage) -> CasesOn:
    """Of a thread's own page: the cases that live on it, and those of other threads that touch it."""
    rows = {*page.beside["cases of it"], *page.beside["cases touching it"]}
    seen = sorted((received_at, pk) for pk, received_at, is_seen in rows if is_seen)
    return CasesOn(_in_short([pk for _at, pk in seen[:MOST_BESIDE]], now=page.now), len(rows))


def open_cases_of_customers(
    customer_ids: Collection[int], actor: Actor, *, now: datetime
) -> list[CaseInShort]:
    rows = cases_visible_to(actor).filter(closed_at__isnull=True, thread__customer__in=list(customer_ids))
    ids = list(rows.order_by("received_at").values_list("pk", flat=True)[:MOST_BESIDE])
    return _in_short(ids, now=now)


def _in_short(ids: list[int], *, now: datetime) -> list[CaseInShort]:
    if not ids:
        return []
    cases, owners, *of_clocks = _rows(ids=ids)
    names = {owner.pk: owner for owner in owners}
    clocks = stand(Facts.read(of_clocks), now)
    for case in cases:
        case.owner = names[case.owner_id]
    return [CaseInShort(case, clocks[case.pk]) for case in sorted(cases, key=lambda one: ids.index(one.pk))]


def _parts(*, ids: list[int]) -> list[Part]:
    cases = Case.objects.filter(pk__in=ids)
    return [
        cases.only("code", "title", "kind", "severity", "owner"),
        Person.objects.filter(pk__in=cases.values("owner")).only("name"),
        *clock_parts(ids=ids),
    ]


_rows = Together(_parts)
