"""Broken rows of a text table, one by one: a quote that is never closed costs its own line and no more."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice

MOST_LINES = 2000
"""Of one record. Longer ones are taken for a quote that nobody closed."""

type Row = list[str]


def records(text: str, separator: str, width: int) -> Iterator[tuple[Row | None, int]]:
    """Every record of ``text`` with the number of its cells that the file gives; None where it is broken.

    Rows come out ``width`` wide: blank cells too many are dropped, cells too few are filled with blanks (the
    number tells, and the caller knows whether that is right)."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip("\r\n"):
            at += 1
            continue
        row, used = _record(lines, at, separator)
        if (
            row is None
            or (used > 1 and len(row) != width)
            or (used > 1 and _are_rows(lines[at + 1 : at + used - 1], separator, width))
        ):
            row, used = None, 1
        yield _fitted(row, width)
        at += used


def swallowed_rows(cell: str, separator: str, width: int) -> bool:
    """Whether a cell of several lines is rows that a stray quote ran together."""
    return _are_rows(cell.splitlines()[1:-1], separator, width)


def _record(lines: Sequence[str], at: int, separator: str) -> tuple[Row | None, int]:
    line = lines[at]
    if '"' not in line:
        return line.rstrip("\r\n").split(separator), 1
    reader = csv.reader(islice(lines, at, at + MOST_LINES), delimiter=separator, strict=True)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return _by_its_letters(line, separator), 1


def _by_its_letters(line: str, separator: str) -> Row | None:
    """A line whose quotes make no sense (24" screen, "Bar "El Sol""), if it can be cut at all."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), None)
    except csv.Error:
        return None


def _are_rows(lines: Sequence[str], separator: str, width: int) -> bool:
    return sum(line.count(separator) == width - 1 for line in lines) * 2 > len(lines)


def _fitted(row: Row | None, width: int) -> tuple[Row | None, int]:
    if row is None:
        return None, 0
    if len(row) > width:
        return (None, 0) if any(cell.strip() for cell in row[width:]) else (row[:width], width)
    return row + [""] * (width - len(row)), len(row)
