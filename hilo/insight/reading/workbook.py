"""Excel and its kin (.xlsx, .xls, .xlsb, .ods): the first sheet that holds a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from hilo.insight.raw import Unreadable
from hilo.insight.reading.piece import Piece
from hilo.insight.reading.separators import names_of
from hilo.insight.reading.told import Told
from hilo.insight.reading.unpacking import Source
from hilo.insight.speaking import _, ngettext

type Cell = int | float | str | bool | time | date | datetime | timedelta
TITLES_WITHIN = 50
"""Rows in which the titles are looked for."""


def read_workbook(source: Source, told: Told) -> Piece:
    book = _opened(source)
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        at = _titles_at(rows)
        if at is not None:
            _say_other_sheets(book.sheet_names, sheet, source, told)
            return _piece(rows, at, source, told)
    raise Unreadable(
        _("No sheet of %(file)s holds a table with titles and rows: export the log again.", file=source.name)
    )


def _opened(source: Source) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(source.path))
    except CalamineError:
        raise Unreadable(
            _(
                "%(file)s cannot be opened as a workbook (damaged, or with a password): save it again as "
                ".xlsx or CSV.",
                file=source.name,
            )
        ) from None


def _titles_at(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row with as many filled cells as most of those below it: what is above is letterhead."""
    filled = [sum(cell != "" for cell in row) for row in rows[: TITLES_WITHIN * 4]]
    widest = max(filled, default=0)
    if widest < 2 or len(rows) < 2:
        return None
    return next(place for place, cells in enumerate(filled) if cells * 2 > widest and cells > 1)


def _piece(rows: Sequence[Sequence[Cell]], at: int, source: Source, told: Told) -> Piece:
    width = max(len(row) for row in rows)
    names, unnamed = names_of([str(cell) for cell in rows[at]], width)
    body = [row for row in rows[at + 1 :] if any(cell != "" for cell in row)]
    if at:
        told.say(
            ngettext(
                "%(n)s row above the titles of %(file)s was left out.",
                "%(n)s rows above the titles of %(file)s were left out.",
                n=at,
                file=source.name,
            )
        )
    columns = {
        name: pa.chunked_array([_column([row[place] for row in body])]) for place, name in enumerate(names)
    }
    kept = {
        name: column
        for name, column in columns.items()
        if name not in unnamed or column.null_count < len(column)
    }
    return Piece(source.name, "xlsx", kept, len(body), has_serials=True, first_record=at + 2)


def _column(cells: list[Cell]) -> pa.Array:
    """Typed when all cells are of one kind, text otherwise. Excel keeps whole numbers as floats."""
    values = [None if cell == "" else cell for cell in cells]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.array(values, pa.string())
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds <= {int, float}:
        return _numbers(values)
    if kinds <= {date, datetime}:
        return pa.array([None if value is None else _moment(value) for value in values], pa.timestamp("us"))
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _numbers(values: list[Cell | None]) -> pa.Array:
    whole = all(value is None or (value == value // 1 and abs(value) < 1e15) for value in values)  # type: ignore[operator,arg-type]
    if whole:
        return pa.array([None if value is None else int(value) for value in values], pa.int64())  # type: ignore[arg-type]
    return pa.array(values, pa.float64())


def _moment(value: Cell) -> datetime:
    if isinstance(value, datetime):
        return value
    assert isinstance(value, date)
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as the sheet says it, without a zone


def _text(value: Cell) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def _say_other_sheets(names: Sequence[str], used: str, source: Source, told: Told) -> None:
    others = len(names) - 1
    if others:
        told.say(
            ngettext(
                "Of %(file)s the sheet “%(sheet)s” was read; it has %(n)s more.",
                "Of %(file)s the sheet “%(sheet)s” was read; it has %(n)s more.",
                n=others,
                file=source.name,
                sheet=used,
            )
        )
