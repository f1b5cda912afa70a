"""Lists as CSV and Excel, row by row: as much memory for 100,000 rows as for ten, and nothing that executes.

A list says its ``Field``s and yields a tuple of plain values per row. Texts are made harmless, numbers and
dates stay numbers and dates in the spreadsheet of whoever asked: in Spanish the decimals follow a comma
and the columns a semicolon, as a Spanish Excel reads them.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import batched
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone, translation

type Cell = str | int | float | Decimal | datetime | date | None
type Row = Sequence[Cell]

LINES_AT_ONCE = 500
EXCEL_MOST_ROWS = 1_048_576 - 1  # and the heads
EXCEL_LONGEST = 32_767
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM = "\ufeff"  # by which Excel knows UTF-8

_STARTS = "=+-@"
_SKIPPED = " \u00a0\"'`´‘’“”«»\u200b\u200c\u200d\u2060\ufeff"  # what stands before a formula and hides it
_BARE = re.compile(rf"([;,|\t\r\n][{_SKIPPED}]*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Field:
    """The head of a column; ``width`` in letters, for Excel."""

    label: str
    width: int = 18


def harmless(text: str) -> str:
    """As text, whatever the spreadsheet: an apostrophe before what it could take for a formula.

    Looked for through blanks, quotes and marks that do not show, in full width too, and after anything that
    another spreadsheet's separator would make the start of a cell.
    """
    text = _CONTROL.sub("", text)
    if not text:
        return text
    first = unicodedata.normalize("NFKC", text.lstrip(_SKIPPED + "\t\r\n")[:1])
    if text[0] in "\t\r\n" or (first and first[0] in _STARTS):
        text = f"'{text}"
    return _BARE.sub(r"\1'", text)


def csv_response(name: str, fields: Sequence[Field], rows: Iterable[Row]) -> StreamingHttpResponse:
    """``rows`` are asked for while the file is on its way, in the language and hours of who asked."""
    language, zone = translation.get_language(), timezone.get_current_timezone()
    lines = csv_lines(fields, rows, language=language or "es", zone=zone)
    response = StreamingHttpResponse(_spoken(lines, language, zone), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _spoken(lines: Iterator[bytes], language: str | None, zone: tzinfo) -> Iterator[bytes]:
    """The middleware that set them has long returned when a stream is read; each step sets them again."""
    while True:
        with translation.override(language), timezone.override(zone):
            chunk = next(lines, None)
        if chunk is None:
            return
        yield chunk


def csv_lines(
    fields: Sequence[Field], rows: Iterable[Row], *, language: str, zone: tzinfo
) -> Iterator[bytes]:
    is_spanish = not language.startswith("en")
    buffer = io.StringIO()
    # Every text in quotes: whichever separator a spreadsheet believes in, a text stays in its cell.
    writer = csv.writer(buffer, delimiter=";" if is_spanish else ",", quoting=csv.QUOTE_STRINGS)
    buffer.write(_BOM)
    writer.writerow([field.label for field in fields])
    for some in batched(rows, LINES_AT_ONCE):
        writer.writerows([[_in_csv(cell, zone, is_spanish) for cell in row] for row in some])
        yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


class _Bare:
    """Written without quotes, so that it is no text: a number, a date."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def _in_csv(cell: Cell, zone: tzinfo, is_spanish: bool) -> object:
    if cell is None:
        return None
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return _Bare(cell.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
    if isinstance(cell, date):
        return _Bare(cell.isoformat())
    figure = str(cell)
    return _Bare(figure.replace(".", ",") if is_spanish else figure)


def excel_response(
    name: str, title: str, fields: Sequence[Field], rows: Iterable[Row], *, more: str = ""
) -> FileResponse:
    file = excel_file(title, fields, rows, zone=timezone.get_current_timezone(), more=more)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def excel_file(
    title: str, fields: Sequence[Field], rows: Iterable[Row], *, zone: tzinfo, more: str = ""
) -> IO[bytes]:
    """A temporary file at its beginning, gone when closed. ``more`` stands in its last row if not all fit."""
    from openpyxl import Workbook  # not for every web process: it is large
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, field in enumerate(fields, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = field.width
    sheet.append([_in_excel(field.label, sheet, zone) for field in fields])
    for number, row in enumerate(rows, start=1):
        if number == EXCEL_MOST_ROWS:
            sheet.append([_in_excel(more, sheet, zone)])
            break
        sheet.append([_in_excel(cell, sheet, zone) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def _in_excel(cell: Cell, sheet: Any, zone: tzinfo) -> Any:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    if not isinstance(cell, str):
        return cell
    text = _CONTROL.sub("", cell)[:EXCEL_LONGEST]
    if text[:1] not in ("=", "#"):
        return text
    from openpyxl.cell import WriteOnlyCell

    written = WriteOnlyCell(sheet, text)
    written.data_type = "s"  # said outright: openpyxl takes "=…" for a formula and "#N/A" for an error
    return written
