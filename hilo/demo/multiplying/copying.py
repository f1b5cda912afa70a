"""One bundle copied: ids, then rows, then its history, chained anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hilo.demo.multiplying import anatomy
from hilo.demo.multiplying.facts import fields_of
from hilo.demo.multiplying.originals import Bundle, Originals, Row
from hilo.demo.multiplying.recipes import (
    Copy,
    Renaming,
    key_of_copy,
    moment_of_copy,
    recipes_of,
)
from hilo.demo.multiplying.writing import Numbers, Writer, as_kept
from hilo.ledger.canonical import Encoded, Facts
from hilo.ledger.copying import CopiedEvent, chained, sealed_again
from hilo.ledger.models import EventObject, LedgerEvent, PrivateText
from hilo.ledger.record import Ref

type FactRecipe = Callable[[Encoded, Copy], Encoded]

ORDERS = "order"
"""An order may have the number that a thread has; what people write to each other means the thread."""

_SERIES = {"payment": "invoice"}  # a payment names its invoice's number
_CODE = re.compile(r"(.*?)(\d{4}|\d{2})-(\d+)")


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A code of the original and how to number its copy: ``R-2026-0031``."""

    code: str
    prefix: str
    year_digits: int
    day: date
    series: str


@dataclass(frozen=True, slots=True)
class _Line:
    """An event of the original, with what changes of it."""

    event: LedgerEvent
    facts: Facts
    recipes: tuple[tuple[str, FactRecipe], ...]
    sealed: tuple[str, ...]
    related: tuple[tuple[str, int, str], ...]


class Template:
    """A bundle made ready to be copied any number of times."""

    def __init__(self, bundle: Bundle, originals: Originals, renaming: Renaming) -> None:
        texts = _texts_of(originals)
        self.threads, self.events = bundle.threads, len(bundle.events)
        self._texts, self._renaming = originals.texts, renaming
        self._names = [row.name for row in bundle.rows]
        self._numbered = [code for row in bundle.rows for code in _codes_of(row)]
        self._rows = [
            (row.model, list(row.values.values()), recipes_of(row, renaming, _text_of(row, texts)))
            for row in bundle.rows
        ]
        self._lines = [
            _line(event, originals) for event in bundle.events if event.kind not in anatomy.NEVER_COPIED
        ]

    def copy(self, copy: Copy, numbers: Numbers, writer: Writer) -> None:
        """``copy`` knows the people and customers already, and learns what this bundle adds."""
        for kind, number in self._names:
            copy.ids.setdefault(kind, {})[number] = numbers.next_id(kind)
        for code in self._numbered:
            copy.codes[code.series, code.code] = new = _next_code(code, copy, numbers)
            if code.series != ORDERS:
                copy.words[code.code] = new
        for model, values, recipes in self._rows:
            row = values.copy()
            for place, recipe in recipes:
                row[place] = recipe(copy)
            writer.add(model, row)
        self._copy_history(copy, numbers, writer)

    def _copy_history(self, copy: Copy, numbers: Numbers, writer: Writer) -> None:
        for sheet, digest in chained(self._copied_events(copy, numbers, writer)):
            row = [getattr(sheet, name) for name in _SHEET]
            row[_OCCURRED], row[_RECORDED] = as_kept(sheet.occurred_at), as_kept(sheet.recorded_at)
            writer.add(LedgerEvent, (*row, digest))

    def _copied_events(self, copy: Copy, numbers: Numbers, writer: Writer) -> Iterator[CopiedEvent]:
        for line in self._lines:
            copied = self._copied(line, copy, numbers.next_id("ledger_event"), numbers, writer)
            at = as_kept(copied.occurred_at)
            for kind, number, qualifier in copied.related:
                writer.add(EventObject, (copied.id, kind, number, qualifier, at))
            yield copied

    def _copied(self, line: _Line, copy: Copy, number: int, numbers: Numbers, writer: Writer) -> CopiedEvent:
        event, facts = line.event, dict(line.facts)
        for name, recipe in line.recipes:
            facts[name] = recipe(facts[name], copy)
        for name in line.sealed:
            facts[name] = self._sealed(facts[name], copy, numbers, writer)
        return CopiedEvent(
            id=number,
            subject=Ref(event.subject_type, copy.id(event.subject_type, event.subject_id)),
            kind=event.kind,
            occurred_at=event.occurred_at + copy.shift,
            recorded_at=event.recorded_at + copy.shift,
            author_kind=event.author_kind,
            author_id=None if event.author_id is None else copy.id(event.author_kind, event.author_id),
            door=event.door,
            thread_id=_other(copy, "thread", event.thread_id),
            customer_id=_other(copy, "customer", event.customer_id),
            area_id=event.area_id,
            delegation_id=event.delegation_id,
            facts=facts,
            related=tuple((kind, copy.id(kind, each), role) for kind, each, role in line.related),
        )

    def _sealed(self, value: Encoded, copy: Copy, numbers: Numbers, writer: Writer) -> Encoded:
        """A text of its own under a key of its own, about the copy's person or contact."""
        assert isinstance(value, dict)
        text = self._texts[int(str(value["text_id"]))]
        number, key, digest = numbers.next_id("private_text"), text.key, text.digest
        body = self._renaming.renamed(text.body, copy.words)
        if text.erased_at is None:
            key, digest = sealed_again(body)
        about = _other(copy, text.about_type, text.about_id)
        erased_at = None if text.erased_at is None else as_kept(text.erased_at)
        writer.add(PrivateText, (number, key, body, digest, text.about_type, about, erased_at))
        return {"digest": digest, "text_id": number}


def renaming_of(originals: Originals, names: Iterable[str]) -> Renaming:
    """Everybody and everything that a copy calls otherwise."""
    codes = (code.code for code in _all_codes(originals) if code.series != ORDERS)
    return Renaming([*names, *codes])


def _all_codes(originals: Originals) -> Iterator[_Numbered]:
    return (code for story in originals.stories for row in story.rows for code in _codes_of(row))


def _codes_of(row: Row) -> Iterator[_Numbered]:
    for column in row.values:
        series, day = anatomy.NUMBERED.get(f"{anatomy.label(row.model)}.{column}", ("", ""))
        found = _CODE.fullmatch(str(row.values[column])) if series else None
        at = row.values.get(day)
        if found and isinstance(at, date):
            yield _Numbered(found[0], found[1], len(found[2]), at, series)


def take_numbers(originals: Originals, numbers: Numbers) -> None:
    """The originals have theirs; not every series is kept by us: an invoice has its number from outside."""
    for code in _all_codes(originals):
        numbers.begin_after(f"{code.series}:{code.day.year}", int(code.code.rpartition("-")[2]))


def _next_code(code: _Numbered, copy: Copy, numbers: Numbers) -> str:
    year = (code.day + copy.shift).year
    number = numbers.next_of(f"{code.series}:{year}")
    return f"{code.prefix}{str(year)[-code.year_digits :]}-{number:04d}"


def _texts_of(originals: Originals) -> dict[tuple[str, int], str]:
    """All that stands in a row, and the code of its thread: what a thing can be found by, and more."""
    everything = [originals.people, originals.customers, *originals.stories]
    rows = {row.name: row for bundle in everything for row in bundle.rows}
    texts = {name: " ".join(_strings(row)) for name, row in rows.items()}
    for name, row in rows.items():
        if isinstance(thread := row.values.get("thread_id"), int) and name[0] == "case":
            texts[name] += f" {rows['thread', thread].values['code']}"
    return texts


def _strings(row: Row) -> Iterator[str]:
    return (value for value in row.values.values() if isinstance(value, str))


def _text_of(row: Row, texts: Mapping[tuple[str, int], str]) -> str:
    if row.type != "search_entry":
        return ""
    return texts.get((str(row.values["kind"]), int(str(row.values["object_id"]))), "")


def _other(copy: Copy, kind: str, number: int | None) -> int | None:
    return None if number is None else copy.id(kind, number)


# What stands in an event ---------------------------------------------------------------------------------

_SHEET = [column.attname for column in anatomy.columns(LedgerEvent)][:-1]
_OCCURRED, _RECORDED = _SHEET.index("occurred_at"), _SHEET.index("recorded_at")


def _line(event: LedgerEvent, originals: Originals) -> _Line:
    facts = event.facts
    roles = fields_of(event.kind)
    recipes = [
        (name, _fact_recipe(role, facts, event.kind.partition(".")[0]))
        for name, role in roles.items()
        if facts.get(name) is not None
    ]
    related = originals.related.get(event.id, [])
    return _Line(
        event,
        facts,
        tuple(recipes),
        tuple(event.sealed_ids),
        tuple((each.type, each.object_id, each.qualifier) for each in related),
    )


def _fact_recipe(role: str, facts: Facts, noun: str) -> FactRecipe:
    kind = str(facts[role.removeprefix("typed:")]) if role.startswith("typed:") else role
    match kind:
        case "moment":
            return lambda value, copy: _moment(str(value), copy)
        case "day":
            return lambda value, copy: _day(str(value), copy.days)
        case "code":
            series = _SERIES.get(noun, noun)
            return lambda value, copy: copy.codes.get((series, str(value)), str(value))
        case "key":
            return lambda value, copy: key_of_copy(str(value), copy)
    return lambda value, copy: _ids(kind, value, copy)


def _moment(text: str, copy: Copy) -> str:
    return _day(text, copy.days) if len(text) == len("2026-01-01") else moment_of_copy(text, copy)


def _day(text: str, days: timedelta) -> str:
    return (date.fromisoformat(text) + days).isoformat()


def _ids(kind: str, value: Encoded, copy: Copy) -> Encoded:
    if isinstance(value, list):
        return [_ids(kind, each, copy) for each in value]
    return copy.id(kind, value) if isinstance(value, int) else value
