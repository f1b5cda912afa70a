"""CSV, TSV and Excel files as tables of text; what is wrong with one row is said of that row."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.channels.imports import encodings, excel
from hilo.channels.imports.excel import Record
from hilo.channels.imports.refused import REASON_COLUMNS, Unreadable, unguarded

MOST_BYTES = 500 * 1024 * 1024
MOST_COLUMNS = 500
MOST_CELL_LETTERS = 131_072
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LETTERS = 1 << 16
_SAMPLE_RECORDS = 100
_PRINTABLE_CONTROLS = b"\t\n\r\f\x1a"
_EXCEL_SUFFIXES = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is the one a spreadsheet shows (the column names are row 1).

    A row with ``trouble`` (a sentence) keeps its cells as they came, any number of them; every other row
    has exactly as many as the table has columns.
    """

    number: int
    values: tuple[str, ...]
    trouble: str = ""


class Source(Protocol):
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def delimiter(self) -> str: ...
    def records(self) -> Iterator[Record]: ...


@dataclass(frozen=True)
class Table:
    """``rows()`` reads the file again each time: columns are settled in one pass and taken in the next."""

    path: Path
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    source: Source
    header_row: int
    is_refused_file: bool

    @property
    def delimiter(self) -> str:
        return self.source.delimiter

    def rows(self) -> Iterator[Row]:
        width = len(self.columns)
        for number, cells, trouble in self.source.records():
            if number <= self.header_row or not any(cells) or not any(map(str.strip, cells)):
                continue
            if self.is_refused_file and not trouble:
                cells = [unguarded(cell) for cell in cells[1:]]
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if not trouble and len(cells) != width:
                trouble = _ragged(self.path, number, len(cells), width)
            yield Row(number, tuple(cells), trouble)


def open_table(path: Path) -> Table:
    source = _source(path)
    records = source.records()
    number, names = _header(path, records)
    is_refused_file = names[0] in REASON_COLUMNS
    if is_refused_file:
        names = [unguarded(name) for name in names[1:]]
    columns, notes = _named(names)
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(
            _(
                "Row %(row)s of %(file)s has %(count)s columns, more than the %(most)s Hilo reads."
                " Check that the column names are in the first row."
            )
            % {"row": number, "file": path.name, "count": len(columns), "most": MOST_COLUMNS}
        )
    if not any(any(map(str.strip, cells)) for _number, cells, _trouble in records):
        raise Unreadable(
            _("%(file)s has column names in row %(row)s and no rows below them: nothing to import.")
            % {"file": path.name, "row": number}
        )
    return Table(path, columns, (*source.notes, *notes), source, number, is_refused_file)


def _header(path: Path, records: Iterator[Record]) -> tuple[int, list[str]]:
    for number, cells, trouble in records:
        if trouble:
            raise Unreadable(
                _("The column names of %(file)s cannot be read. %(trouble)s")
                % {"file": path.name, "trouble": trouble}
            )
        names = [" ".join(cell.split()) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if names:
            return number, names
    raise Unreadable(_("%(file)s is empty. Check the export and try again.") % {"file": path.name})


def _named(names: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names made unique: a second "Phone" is "Phone (2)", a nameless fourth column is "(4)"."""
    seen: Counter[str] = Counter()
    columns: list[str] = []
    for place, name in enumerate(names, start=1):
        seen[name] += 1
        unique = name if name and seen[name] == 1 else f"{name} ({seen[name] if name else place})".strip()
        while unique in columns:
            unique += "'"
        columns.append(unique)
    twice = [name for name, times in seen.items() if name and times > 1]
    if not twice:
        return tuple(columns), ()
    note = _("These column names stand more than once, so a number was added: %(names)s.")
    return tuple(columns), (note % {"names": ", ".join(twice)},)


def _ragged(path: Path, number: int, count: int, width: int) -> str:
    text = ngettext(
        "Row %(row)s of %(file)s has %(count)s cell where the column names are %(width)s:"
        " a separator or a quotation mark is missing or too many.",
        "Row %(row)s of %(file)s has %(count)s cells where the column names are %(width)s:"
        " a separator or a quotation mark is missing or too many.",
        count,
    )
    return text % {"row": number, "file": path.name, "count": count, "width": width}


def _source(path: Path) -> Source:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(encodings.SAMPLE)
    except OSError as error:
        raise Unreadable(
            _("%(path)s cannot be opened. Check the name, and that it is a file you may read.")
            % {"path": path}
        ) from error
    if size > MOST_BYTES:
        raise Unreadable(
            _("%(file)s is larger than %(most)s MB. Split it and import the parts one after the other.")
            % {"file": path.name, "most": MOST_BYTES // 1024 // 1024}
        )
    if head.startswith((excel.ZIP_MAGIC, excel.OLE_MAGIC)):
        return excel.open_sheet(path)
    if path.suffix.lower() in _EXCEL_SUFFIXES and head:
        raise _not_a_table(path)
    return _open_text(path, head)


def _not_a_table(path: Path) -> Unreadable:
    return Unreadable(
        _("%(file)s is not a table: it is neither text nor Excel. Export it as CSV or .xlsx.")
        % {"file": path.name}
    )


def _open_text(path: Path, head: bytes) -> Text:
    encoding = encodings.detect(path)
    if not encoding.name.startswith("utf-16") and not encoding.name.startswith("utf-32"):
        controls = sum(byte < 32 and byte not in _PRINTABLE_CONTROLS for byte in head)
        if head.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG")) or controls > len(head) // 100 + 2:
            raise _not_a_table(path)
    with _reading(path, encoding) as file:
        sample = file.read(_SAMPLE_LETTERS)
    said = re.match(r'"?sep=(.)"?\r?\n', sample)
    delimiter = said[1] if said else _sniff(sample)
    return Text(
        path,
        encoding,
        delimiter,
        skips_spaces=f'{delimiter} "' in sample,
        skipped_lines=1 if said else 0,
        notes=(encoding.note,) if encoding.note else (),
    )


def _reading(path: Path, encoding: encodings.Encoding) -> io.TextIOWrapper:
    return path.open(encoding=encoding.name, errors="replace" if encoding.is_lossy else "strict", newline="")


def _sniff(sample: str) -> str:
    """The separator for which most rows are as wide as the column names; the wider of two equals."""
    whole = sample if len(sample) < _SAMPLE_LETTERS else sample[: sample.rfind("\n") + 1]
    return max(_DELIMITERS, key=lambda delimiter: _agreement(whole, delimiter))


def _agreement(sample: str, delimiter: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        widths = [len(cells) for cells, _turn in zip(reader, range(_SAMPLE_RECORDS), strict=False) if cells]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


@dataclass(frozen=True)
class Text:
    path: Path
    encoding: encodings.Encoding
    delimiter: str
    skips_spaces: bool
    skipped_lines: int
    notes: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """Each record with its number. After one that cannot be parsed, reading goes on at the next line."""
        with _reading(self.path, self.encoding) as file:
            pending: list[str] = []
            reader = self._reader(_remembering(file, pending))
            number = 0
            while True:
                number += 1
                try:
                    cells, trouble = next(reader), ""
                except StopIteration:
                    return
                except csv.Error:
                    cells = ["".join(pending)[:MOST_CELL_LETTERS].rstrip("\r\n").replace("\0", "\ufffd")]
                    trouble = self._broken_quotes(number)
                else:
                    if any("\0" in line or "\ufffd" in line for line in pending):
                        trouble = self._unprintable(number, cells)
                        cells = [cell.replace("\0", "\ufffd") for cell in cells]
                pending.clear()
                if number > self.skipped_lines:
                    yield number, cells, trouble

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        # strict: without it an unclosed quotation mark swallows the rows after it without a word.
        csv.field_size_limit(MOST_CELL_LETTERS)
        return csv.reader(lines, delimiter=self.delimiter, skipinitialspace=self.skips_spaces, strict=True)

    def _broken_quotes(self, number: int) -> str:
        return _(
            "Row %(row)s of %(file)s has a quotation mark that is opened or closed in the wrong place:"
            " double it inside a text, or remove it."
        ) % {"row": number, "file": self.path.name}

    def _unprintable(self, number: int, cells: list[str]) -> str:
        if not self.encoding.is_lossy and not any("\0" in cell for cell in cells):
            return ""  # the file itself holds U+FFFD: odd, but text
        return _(
            "Row %(row)s of %(file)s holds a broken letter (shown as \ufffd):"
            " type it again and save the file as UTF-8."
        ) % {"row": number, "file": self.path.name}


def _remembering(file: io.TextIOWrapper, pending: list[str]) -> Iterator[str]:
    for line in file:
        pending.append(line)
        yield line
