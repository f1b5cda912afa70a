"""One import from file to rows: settle the columns, check every row, then hand the rows over.

Each step reads the file again instead of holding it. What is kept per row is its id, to find repeated ones,
and for customers the name, to find duplicates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hilo.channels.imports.building import Cells, Settled, build, skip_reason
from hilo.channels.imports.duplicates import Duplicate, DuplicateFinder, KnownCustomer
from hilo.channels.imports.fields import FIELDS, CustomerRow, ImportedRow, Kind, field_of
from hilo.channels.imports.mapping import Mapping
from hilo.channels.imports.refused import RefusedRow, Remark
from hilo.channels.imports.settling import AmountColumn, DayColumn, DayOrder, DecimalMark
from hilo.channels.imports.tables import Row, Table

SAMPLE = 5
MOST_REMARKS = 1_000
MOST_DUPLICATES = 1_000


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What holds where the file says nothing; ``dates`` and ``decimals`` for columns that decide nothing."""

    country: str = "ES"
    currency: str = "EUR"
    zone: ZoneInfo = field(default_factory=partial(ZoneInfo, "Europe/Madrid"))
    dates: DayOrder | None = None
    decimals: DecimalMark | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row: taken, refused (why), or skipped (why it is none of ours)."""

    number: int
    row: ImportedRow | None
    refused: tuple[RefusedRow, ...] = ()
    remarks: tuple[Remark, ...] = ()
    skipped: str = ""


@dataclass(frozen=True)
class Check:
    """The whole file looked at before anything is written; this is what --dry-run shows."""

    mapping: Mapping
    total: int
    ready: int
    skipped: dict[str, int]
    refused: tuple[RefusedRow, ...]
    remarks: tuple[Remark, ...]
    remark_count: int
    duplicates: tuple[Duplicate, ...]
    duplicate_count: int
    sample: tuple[ImportedRow, ...]
    notes: tuple[str, ...]

    @property
    def refused_rows(self) -> int:
        return len({one.number for one in self.refused})


class Intake:
    """Raises Unreadable at once when a required column is missing or a column cannot be settled."""

    def __init__(self, table: Table, mapping: Mapping, assumed: Assumptions | None = None) -> None:
        mapping.require(table.path.name)
        self.table, self.mapping = table, mapping
        self.settled = _settle(table, mapping, assumed or Assumptions())
        self._places = {
            choice.field: table.columns.index(choice.column)
            for choice in mapping.choices
            if choice.column in table.columns
        }

    def results(self) -> Iterator[Result]:
        first_at: dict[str, int] = {}
        for row in self.table.rows():
            yield self._result(row, first_at)

    def rows(self) -> Iterator[ImportedRow]:
        """The sound rows alone; whether to import them beside refused ones is decided after ``check``."""
        for result in self.results():
            if result.row is not None:
                yield result.row

    def check(
        self, existing: Iterable[KnownCustomer] = (), tell: Callable[[int], None] | None = None
    ) -> Check:
        """Look at every row. ``tell`` hears how many are done, every thousand."""
        tally = _Tally(existing)
        for result in self.results():
            tally.add(result)
            if tell and tally.total % 1_000 == 0:
                tell(tally.total)
        return tally.check(self.mapping, (*self.table.notes, *self._notes()))

    def _notes(self) -> Iterator[str]:
        if self.mapping.column_of("amount") and not self.mapping.column_of("currency"):
            note = _("Amounts without a currency are read as %(currency)s.")
            yield note % {"currency": self.settled.currency}
        if self.settled.borrowed:
            note = _("Days and months of %(columns)s are read as in the file's other dates. Look at them.")
            yield note % {"columns": ", ".join(f"“{column}”" for column in self.settled.borrowed)}

    def _result(self, row: Row, first_at: dict[str, int]) -> Result:
        if row.trouble:
            return Result(row.number, None, (RefusedRow(row.number, "", row.trouble),))
        values = {name: row.values[place] for name, place in self._places.items() if row.values[place]}
        cells = Cells(row.number, values, self.settled)
        if skipped := skip_reason(cells, self.mapping.what):
            return Result(row.number, None, skipped=skipped)
        built = build(cells, self.mapping.what)
        if not cells.refused:
            _refuse_repeated(cells, built, first_at)
        sound = None if cells.refused else built
        return Result(row.number, sound, tuple(cells.refused), tuple(cells.remarks))


def _refuse_repeated(cells: Cells, built: ImportedRow, first_at: dict[str, int]) -> None:
    earlier = first_at.setdefault(built.external_id, cells.number)
    if earlier == cells.number:
        return
    if cells.settled.columns.get("external_id"):
        why = _("“%(id)s” already stands in row %(row)s: each id once. Delete one of the two.")
        cells.refuse("external_id", why % {"id": built.external_id, "row": earlier})
    else:
        why = _("it cannot be told from row %(row)s: add a column with ids, or delete one of the two.")
        cells.refuse("", why % {"row": earlier})


def _settle(table: Table, mapping: Mapping, assumed: Assumptions) -> Settled:
    fields = {choice.field: field_of(mapping.what, choice.field) for choice in mapping.choices}
    columns = {choice.field: choice.column for choice in mapping.choices}
    file = table.path.name
    days = {
        name: DayColumn(file, columns[name], assumed.dates)
        for name, one in fields.items()
        if one.kind is Kind.DATE
    }
    amounts = {
        name: AmountColumn(file, columns[name], assumed.decimals)
        for name, one in fields.items()
        if one.kind is Kind.MONEY
    }
    if days or amounts:
        _gather(table, columns, days | amounts)
    return Settled(
        source=mapping.source,
        fields={one.name: one for one in FIELDS[mapping.what]},
        columns=columns,
        country=assumed.country,
        currency=assumed.currency,
        zone=assumed.zone,
        day_orders={name: column.settled(_beside(column, days)) for name, column in days.items()},
        borrowed=tuple(column.column for column in days.values() if column.is_open()),
        decimal_marks={name: column.settled() for name, column in amounts.items()},
    )


def _beside(column: DayColumn, all_of_them: dict[str, DayColumn]) -> set[DayOrder]:
    return {order for other in all_of_them.values() if other is not column for order in other.found()}


def _gather(table: Table, columns: dict[str, str], gathering: dict[str, DayColumn | AmountColumn]) -> None:
    places = [(table.columns.index(columns[name]), column.see) for name, column in gathering.items()]
    for row in table.rows():
        if row.trouble:
            continue
        for place, see in places:
            if row.values[place]:
                see(row.number, row.values[place])


class _Tally:
    def __init__(self, existing: Iterable[KnownCustomer]) -> None:
        self.total = self.ready = self.remark_count = self.duplicate_count = 0
        self.skipped: Counter[str] = Counter()
        self.refused: list[RefusedRow] = []
        self.remarks: list[Remark] = []
        self.duplicates: list[Duplicate] = []
        self.sample: list[ImportedRow] = []
        self.finder = DuplicateFinder()
        self.finder.know(existing)

    def add(self, result: Result) -> None:
        self.total += 1
        self.refused += result.refused
        self.remark_count += len(result.remarks)
        if len(self.remarks) < MOST_REMARKS:
            self.remarks += result.remarks
        if result.skipped:
            self.skipped[result.skipped] += 1
        if result.row is not None:
            self._ready(result.row)

    def _ready(self, row: ImportedRow) -> None:
        self.ready += 1
        if len(self.sample) < SAMPLE:
            self.sample.append(row)
        if isinstance(row, CustomerRow) and (found := self.finder.see(row)):
            self.duplicate_count += 1
            if len(self.duplicates) < MOST_DUPLICATES:
                self.duplicates.append(found)

    def check(self, mapping: Mapping, notes: tuple[str, ...]) -> Check:
        return Check(
            mapping=mapping,
            total=self.total,
            ready=self.ready,
            skipped=dict(self.skipped),
            refused=tuple(self.refused),
            remarks=tuple(self.remarks),
            remark_count=self.remark_count,
            duplicates=tuple(self.duplicates),
            duplicate_count=self.duplicate_count,
            sample=tuple(self.sample),
            notes=notes,
        )
