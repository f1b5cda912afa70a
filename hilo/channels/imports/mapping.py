"""Which column is which field: guessed from names and values, shown, corrected, remembered."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from hilo.channels.imports import cleaning
from hilo.channels.imports.fields import FIELDS, REQUIRED, Field, Kind, Source, What
from hilo.channels.imports.refused import Unreadable
from hilo.channels.imports.tables import Table

SAMPLE_ROWS = 200
SURE, LIKELY, ALIKE, BY_VALUES = 1.0, 0.9, 0.6, 0.5
_ALIKE_FROM = 90.0  # below it "Contacto" passes for "Contrato"
_MOST_OF_THEM = 0.8


@dataclass(frozen=True, slots=True)
class Choice:
    """``confidence`` is 1 for the source's own column names and for whatever a person said."""

    column: str
    field: str
    confidence: float


@dataclass(frozen=True)
class Mapping:
    """``fits`` says whether a remembered one may be used again: the same columns, in any order."""

    what: What
    source: Source
    columns: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        used = {choice.column for choice in self.choices}
        return tuple(column for column in self.columns if column not in used)

    def column_of(self, field: str) -> str:
        return next((choice.column for choice in self.choices if choice.field == field), "")

    def fits(self, columns: Iterable[str]) -> bool:
        return set(self.columns) == set(columns)

    def overridden(self, rules: Iterable[str]) -> Self:
        """Corrections as typed: "Nombre=name" takes a column for a field, "Nombre=" leaves it out."""
        mapping = self
        for rule in rules:
            column, sign, field = (part.strip() for part in rule.rpartition("="))
            if not sign:
                raise Unreadable(
                    _('“%(rule)s” says no field: write it as --map "Column=field".') % {"rule": rule}
                )
            mapping = mapping._with(mapping._known_column(column), mapping._known_field(field))
        return mapping

    def _with(self, column: str, field: str) -> Self:
        kept = (one for one in self.choices if one.column != column and one.field != field)
        said = (Choice(column, field, SURE),) if field else ()
        return replace(self, choices=(*kept, *said))

    def _known_column(self, said: str) -> str:
        same = [one for one in self.columns if cleaning.squeezed(one) == cleaning.squeezed(said)]
        if said in self.columns or len(same) == 1:
            return said if said in self.columns else same[0]
        raise Unreadable(
            _("The file has no column “%(column)s”. It has: %(columns)s.")
            % {"column": said, "columns": ", ".join(self.columns)}
        )

    def _known_field(self, said: str) -> str:
        names = [field.name for field in FIELDS[self.what]]
        if said in names or not said:
            return said
        raise Unreadable(
            _("“%(field)s” is no field of these. There are: %(fields)s.")
            % {"field": said, "fields": ", ".join(names)}
        )

    def require(self, file: str) -> None:
        """Refuse to go on without the columns that nothing can be made of without."""
        taken = {choice.field for choice in self.choices}
        for group in REQUIRED[self.what]:
            if not taken.intersection(group):
                raise Unreadable(
                    _(
                        "No column of %(file)s was recognised as “%(field)s”. Say which one it is with"
                        ' --map "Column=%(field)s". The columns are: %(columns)s.'
                    )
                    % {"file": file, "field": group[-1], "columns": ", ".join(self.columns)}
                )

    def to_json(self) -> str:
        choices = [[one.column, one.field, one.confidence] for one in self.choices]
        facts = {"what": self.what, "source": self.source, "columns": self.columns, "choices": choices}
        return json.dumps(facts, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        facts = json.loads(text)
        return cls(
            What(facts["what"]),
            Source(facts["source"]),
            tuple(facts["columns"]),
            tuple(Choice(column, field, confidence) for column, field, confidence in facts["choices"]),
        )


def guess_mapping(table: Table, what: What, source: Source) -> Mapping:
    """By the source's words, then everybody's, then words almost alike, then (csv only) by what is in it.

    A column whose values cannot be of the field's kind is never taken for it: Odoo's "Customer" is a
    yes-or-no in one export and a company's name in the next.
    """
    samples = _samples(table)
    offers = sorted(
        (rank, confidence, column, field.name)
        for field in FIELDS[what]
        for rank, confidence, column in _offers(field, source, table.columns)
        if _may_be(field, samples[column])
    )
    taken: dict[str, Choice] = {}
    for _rank, confidence, column, field_name in offers:
        if column not in taken and all(choice.field != field_name for choice in taken.values()):
            taken[column] = Choice(column, field_name, confidence)
    if source is Source.CSV:
        _by_values(what, samples, taken)
    order = [taken[column] for column in table.columns if column in taken]
    return Mapping(what, source, table.columns, tuple(order))


def _samples(table: Table) -> dict[str, list[str]]:
    rows = [row.values for row in islice(table.rows(), SAMPLE_ROWS) if not row.trouble]
    return {
        column: [row[place].strip() for row in rows if row[place].strip()]
        for place, column in enumerate(table.columns)
    }


def _offers(field: Field, source: Source, columns: tuple[str, ...]) -> list[tuple[int, float, str]]:
    """(rank, confidence, column) for every column whose name means the field; the lowest rank wins."""
    words = [cleaning.squeezed(word) for word in field.words_for(source)]
    sure = len(words) - (0 if source is Source.CSV else len(field.words_for(Source.CSV)))
    offers = []
    for column in columns:
        name = cleaning.squeezed(column)
        if name in words:
            rank = words.index(name)
            offers.append((rank, SURE if rank < sure else LIKELY, column))
        elif len(name) > 5 and process.extractOne(name, words, scorer=fuzz.ratio, score_cutoff=_ALIKE_FROM):
            offers.append((1000, ALIKE, column))
    return offers


def _may_be(field: Field, values: list[str]) -> bool:
    if not values:
        return True
    if field.kind is Kind.FLAG:
        return all(map(cleaning.is_flag, values))
    if field.kind in (Kind.DATE, Kind.MONEY):
        return any(letter.isdigit() for value in values for letter in value)
    if field.kind is Kind.EMAIL:
        return any("@" in value for value in values)
    words = {cleaning.squeezed(value) for value in values}
    return not words <= {"true", "false"}


def _by_values(what: What, samples: dict[str, list[str]], taken: dict[str, Choice]) -> None:
    tests = {
        Kind.EMAIL: lambda value: "@" in value and "." in value.rpartition("@")[2],
        Kind.TAX_ID: lambda value: bool(cleaning.tax_id(value, "ES")),
        Kind.PHONE: lambda value: bool(cleaning.phone(value, "ES")),
        Kind.WEBSITE: cleaning.is_domain,
    }
    for field in FIELDS[what]:
        if field.kind not in tests or any(choice.field == field.name for choice in taken.values()):
            continue
        for column, values in samples.items():
            if column in taken or not values:
                continue
            if sum(map(tests[field.kind], values)) >= _MOST_OF_THEM * len(values):
                taken[column] = Choice(column, field.name, BY_VALUES)
                break
