"""What I owe: the rows of Mi día. Each noun registers its own; the screen orders them by consequence.

A source says what it reads for whoever owes, and how those rows are owed::

    def _mine(debtor: Debtor) -> QuerySet[LooseEnd]:
        return LooseEnd.objects.filter(debtor.on_threads(), owner__in=debtor.people)

    @owed(Reads(_mine, "thread", "owner"))
    def loose_ends_owed(debtor: Debtor, mine: Iterable[LooseEnd]) -> Iterator[Owed]: ...

The rows of all sources are one query and what they name a second one, however many there are of either. Both
are built once and asked again with other ids (``hilo.prepared``): a queryset is built of the debtor's ids and
moments without looking at them. A source that asks the database for more breaks the page's bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Contact, Customer, Person
from hilo.parties.modules import of_what_is_on
from hilo.parties.permissions import may
from hilo.work.access import visible_to
from hilo.work.models import StepRun, Thread
from hilo.work.queries.hours import Hours
from hilo.work.queries.together import Together
from hilo.work.sides import people_behind


class OwedTo(StrEnum):
    CUSTOMER = "customer"
    AREA = "area"
    SELF = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing a person owes. ``thread`` comes with its customer; ``label`` is the thing's own text."""

    kind: str  # "give_news", "answer_handoff", "do_step", "keep_promise", "settle_loose_end", ...
    type: str
    id: int
    version: int
    label: str
    due: datetime
    to: OwedTo
    thread: Thread
    whom: str = ""  # the name of the person or area waiting
    covers: str = ""  # the absent person in whose stead
    about: Any = field(default=None, compare=False)  # the row, for those whose words need more of it


@dataclass(frozen=True)
class Debtor:
    """Who owes, and when it is asked."""

    actor: Actor
    now: datetime
    today: date

    @cached_property
    def people(self) -> set[int]:
        """Whose work is theirs: their own, and that of whom they cover today."""
        return people_behind(self.actor)

    def on_threads(self, prefix: str = "thread__") -> Q:
        """Rows of threads that they may read and that are not archived; ``prefix`` leads to the thread."""
        going_on = (Thread.State.OPEN, Thread.State.PAUSED)
        return visible_to(self.actor, prefix) & Q(**{f"{prefix}state__in": going_on})

    def on_open_threads(self, prefix: str = "thread__") -> Q:
        """The same without those that rest."""
        return visible_to(self.actor, prefix) & Q(**{f"{prefix}state": Thread.State.OPEN})

    @cached_property
    def hours(self) -> Hours:
        """Of every place, and of the people whose work is theirs."""
        return Hours(self.people)

    def in_whose_stead(self, person: Person | None) -> str:
        if person is None or person.pk not in self.actor.covers_ids:
            return ""
        return person.name


class Reads:
    """Rows for a debtor, and the foreign keys of them that are to be at hand."""

    def __init__(self, rows: Callable[[Debtor], QuerySet[Any]], *names: str) -> None:
        self.rows, self.names = rows, names


type Source = Callable[..., Iterable[Owed]]

OWED: dict[Source, tuple[Reads, ...]] = {}


def owed[F: Source](*reads: Reads) -> Callable[[F], F]:
    """Register a source: it is called with the debtor and the rows of each of ``reads``."""

    def register(source: F) -> F:
        OWED[source] = reads
        return source

    return register


def owed_by(actor: Actor, *, now: datetime) -> list[Owed]:
    """Everything the actor owes today, the earliest due first; two queries, a third where hours count."""
    if actor.person is None or not may(actor, "thread.see"):
        return []
    debtor = Debtor(actor, now, now.date())
    found = [each for source, rows in _read(debtor) for each in source(debtor, *rows)]
    return sorted(found, key=lambda each: (each.due, each.type, each.id))


# Reading --------------------------------------------------------------------------------------------------


def _read(debtor: Debtor) -> list[tuple[Source, list[list[Any]]]]:
    """Of each source whose module is on, the rows of what it reads, with what they name attached."""
    sources = tuple(of_what_is_on(list(OWED)))
    rows = _rows(sources=sources, actor=debtor.actor, now=debtor.now, today=debtor.today)
    _attach([(each.names, found) for each, found in zip(_reads_of(sources), rows, strict=True)])
    left = iter(rows)
    return [(source, [next(left) for _each in OWED[source]]) for source in sources]


def _reads_of(sources: Iterable[Source]) -> Iterator[Reads]:
    return (each for source in sources for each in OWED[source])


@Together
def _rows(*, sources: Iterable[Source], actor: Actor, now: datetime, today: date) -> list[QuerySet[Any]]:
    debtor = Debtor(actor, now, today)
    return [_slim(each.rows(debtor)) for each in _reads_of(sources)]


type _Kind = type[Model]

# Of what many rows name, only what a row of Mi día shows or is worked out from.
_SHOWN: dict[_Kind, tuple[str, ...]] = {
    Thread: (
        *("code", "title", "purpose", "kind", "priority", "state", "is_confidential", "version"),
        *("customer", "owner", "delegation", "amount", "currency", "opened_at"),
        *("next_news_at", "next_kind", "next_due"),
    ),
    Customer: ("name", "kind", "tier"),
    Person: ("name", "is_active"),
    Contact: ("name",),
    Area: ("name",),
}
_OFTEN_NAMED: tuple[_Kind, ...] = (
    *_SHOWN,
    StepRun,
)  # asked for even when nobody names one: the SQL remains the same
_OF_EACH_THREAD = ("customer", "owner")


def _slim(rows: QuerySet[Any]) -> QuerySet[Any]:
    chosen, _is_deferred = rows.query.deferred_loading
    shown = _SHOWN.get(rows.model, ())
    return rows if chosen or not shown else rows.only(*shown)


# What the rows name ---------------------------------------------------------------------------------------

type _Found = Sequence[tuple[tuple[str, ...], list[Any]]]  # rows, and the names of their foreign keys
type _Known = dict[_Kind, dict[int, Any]]


def _attach(found: _Found) -> None:
    """Every foreign key a source asked for, and of each thread its customer and its owner."""
    threads = {row.pk: row for _names, rows in found for row in rows if isinstance(row, Thread)}
    wanted = _wanted([*found, (_OF_EACH_THREAD, list(threads.values()))])
    wanted[Thread] -= threads.keys()
    if not any(wanted.values()):
        return
    known = _fetch(wanted)
    known[Thread] |= threads
    for names, rows in (*found, (_OF_EACH_THREAD, list(known[Thread].values()))):
        _point(rows, names, known)


def _wanted(found: _Found) -> dict[_Kind, set[int]]:
    wanted: dict[_Kind, set[int]] = {model: set() for model in _OFTEN_NAMED}
    for names, rows in found:
        for column, model in _columns(rows, names).values():
            ids = {getattr(row, column) for row in rows}
            wanted.setdefault(model, set()).update(ids - {None})
    return wanted


def _columns(rows: list[Any], names: Iterable[str]) -> dict[str, tuple[str, _Kind]]:
    """By name of a foreign key, where its id is and whose it is."""
    fields = {name: rows[0]._meta.get_field(name) for name in names} if rows else {}
    return {name: (each.attname, each.related_model) for name, each in fields.items()}


def _point(rows: list[Any], names: Iterable[str], known: _Known) -> None:
    for name, (column, model) in _columns(rows, names).items():
        for row in rows:
            if (pk := getattr(row, column)) is not None:
                setattr(row, name, known[model][pk])


def _fetch(wanted: dict[_Kind, set[int]]) -> _Known:
    models = sorted(wanted, key=lambda model: model._meta.label)
    *found, customers, owners = _named(**{model._meta.label: wanted[model] for model in models})
    known: _Known = {model: {row.pk: row for row in rows} for model, rows in zip(models, found, strict=True)}
    for model, rows in ((Customer, customers), (Person, owners)):
        known[model] = {row.pk: row for row in rows} | known[model]
    return known


@Together
def _named(**ids: set[int]) -> list[QuerySet[Any]]:
    """By primary key, and those whom the threads among them name in turn."""
    parts = {label: _named_by(apps.get_model(label)).filter(pk__in=pks) for label, pks in ids.items()}
    threads = Thread.objects.filter(pk__in=ids[Thread._meta.label])
    return [
        *parts.values(),
        _named_by(Customer).filter(pk__in=threads.values("customer")),
        _named_by(Person).filter(pk__in=threads.values("owner")),
    ]


def _named_by(model: type[Model]) -> QuerySet[Any]:
    return _slim(model._default_manager.all())
