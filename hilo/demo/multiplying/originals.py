"""The demo company as it was played: its rows, divided into what is copied together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from hilo.demo.multiplying import anatomy
from hilo.demo.multiplying.anatomy import Model
from hilo.demo.multiplying.facts import fields_of
from hilo.ledger.canonical import Facts, sealed_ids_of
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText

type Named = tuple[str, int]
"""An object by the type that events give it, and its id."""

LEVEL = {
    **dict.fromkeys(("person", "membership", "absence"), "people"),
    **dict.fromkeys(("customer", "contact", "customer_merge"), "customers"),
}


@dataclass(frozen=True, slots=True)
class Row:
    model: Model
    type: str
    values: dict[str, object]

    @property
    def name(self) -> Named:
        return self.type, int(str(self.values[self.model._meta.pk.attname]))


@dataclass(slots=True)
class Bundle:
    """What is copied together, with its history. ``beyond`` are the objects that it refers to elsewhere."""

    rows: list[Row] = field(default_factory=list)
    events: list[LedgerEvent] = field(default_factory=list)
    beyond: set[Named] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        """One archived thread or more, and nothing that there may be only once a year."""
        threads = [row.values for row in self.rows if row.type == "thread"]
        return bool(threads) and all(t["state"] == "archived" and t["year"] is None for t in threads)

    @property
    def stands_alone(self) -> bool:
        return all(kind in LEVEL for kind, _id in self.beyond)

    @property
    def threads(self) -> int:
        return sum(row.type == "thread" for row in self.rows)


@dataclass(slots=True)
class Originals:
    people: Bundle
    customers: Bundle
    stories: list[Bundle]
    texts: dict[int, PrivateText]
    related: dict[int, list[EventObject]]

    def whole(self) -> Bundle:
        """All stories as one, for a copy of the company entire."""
        rows = [row for story in self.stories for row in story.rows]
        events = sorted((each for story in self.stories for each in story.events), key=lambda one: one.id)
        return Bundle(rows, events)


def read_originals() -> Originals:
    rows = {row.name: row for row in _rows()}
    related: dict[int, list[EventObject]] = defaultdict(list)
    for each in EventObject.objects.all():
        related[each.event_id].append(each)
    home = _homes(rows)
    bundles: dict[Named | str, Bundle] = defaultdict(Bundle)
    for name, row in rows.items():
        bundles[home[name]].rows.append(row)
    for event in LedgerEvent.objects.order_by("id"):
        subject = (event.subject_type, event.subject_id)
        if subject in rows:
            bundles[home[subject]].events.append(event)
    for key, bundle in bundles.items():
        own = {name for name, at in home.items() if at == key}
        bundle.beyond = (_named_by_all(bundle, rows, related) & rows.keys()) - own
    people, customers = bundles.pop("people"), bundles.pop("customers")
    return Originals(
        people, customers, list(bundles.values()), _texts(bundles.values(), people, customers), related
    )


def _rows() -> Iterator[Row]:
    """As the database gives them: what comes out so can go in again."""
    for model in anatomy.copied():
        names = [each.attname for each in anatomy.columns(model)]
        columns = ", ".join(connection.ops.quote_name(str(each.column)) for each in anatomy.columns(model))
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
            for values in cursor.fetchall():
                yield Row(model, anatomy.type_of(model), dict(zip(names, values, strict=True)))


def _homes(rows: Mapping[Named, Row]) -> dict[Named, Named | str]:
    """People together, customers together, and of the rest what holds on to each other."""
    root: dict[Named, Named] = {name: name for name in rows}

    def top(name: Named) -> Named:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for name, row in rows.items():
        for other in names_in(row):
            if other in rows and not (level_of(rows[name]) or level_of(rows[other])):
                root[top(name)] = top(other)
    return {name: level_of(row) or top(name) for name, row in rows.items()}


def level_of(row: Row) -> str:
    """What can be found stands where the thing itself stands."""
    return LEVEL.get(str(row.values["kind"]) if row.type == "search_entry" else row.type, "")


def names_in(row: Row) -> Iterator[Named]:
    """Every copied object that a row refers to, by foreign key or by type and id."""
    label = anatomy.label(row.model)
    kinds = {anatomy.label(model): anatomy.type_of(model) for model in anatomy.copied()}
    for column, target in anatomy.targets(row.model).items():
        if anatomy.label(target) in kinds:
            yield from _one(kinds[anatomy.label(target)], row.values[column])
    for column in row.values:
        full = f"{label}.{column}"
        if full in anatomy.TYPED:
            yield from _one(str(row.values[anatomy.TYPED[full]]), row.values[column])
        elif full in anatomy.LOOSE:
            yield from _one(anatomy.LOOSE[full], row.values[column])


def _one(kind: str, number: object) -> Iterator[Named]:
    if isinstance(number, int):
        yield kind, number


def _named_by_all(
    bundle: Bundle, rows: Mapping[Named, Row], related: Mapping[int, list[EventObject]]
) -> set[Named]:
    found = {name for row in bundle.rows for name in names_in(row)}
    for event in bundle.events:
        found |= {(each.type, each.object_id) for each in related.get(event.id, [])}
        found |= set(_named_by_facts(event.kind, event.facts))
        if event.thread_id is not None:
            found.add(("thread", event.thread_id))
    return found


def _named_by_facts(kind: str, facts: Facts) -> Iterator[Named]:
    for name, role in fields_of(kind).items():
        value = facts.get(name)
        many = value if isinstance(value, list) else [value]
        for each in many:
            if isinstance(each, int) and not role.startswith("typed:"):
                yield role, each


def _texts(stories: Iterable[Bundle], *others: Bundle) -> dict[int, PrivateText]:
    events = [event for bundle in (*stories, *others) for event in bundle.events]
    wanted = {number for event in events for number in sealed_ids_of(event.payload).values()}
    return {text.pk: text for text in PrivateText.objects.all() if text.pk in wanted}
