"""What an import says no to, and the file in which the refused rows go back to whoever sent them.

Cells that a spreadsheet would run as a formula are written with an apostrophe before them. Only files
written here carry the column of ``REASON_COLUMNS``; the reader drops that column and takes the
apostrophes off again, so a corrected file can be imported as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hilo.errors import RuleViolation

# Both languages are recognised whoever reads the file, so they are written here and not in a catalogue.
REASON_COLUMNS = ("reason (Hilo)", "motivo (Hilo)")

# "'*" makes the apostrophe reversible: a cell that already began with one gets a second.
_RUN_AS_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


class Unreadable(RuleViolation):
    """The file, or a whole column of it, cannot be read: nothing of it was taken."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One reason why one row cannot be imported. ``column`` is empty when it is the row as a whole."""

    number: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd that was kept as it was typed; the row is imported."""

    number: int
    column: str
    text: str


class RawRow(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def values(self) -> tuple[str, ...]: ...


class RawTable(Protocol):
    @property
    def path(self) -> Path: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def delimiter(self) -> str: ...
    def rows(self) -> Iterator[RawRow]: ...


def guarded(cell: str) -> str:
    return "'" + cell if _RUN_AS_FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The exact inverse of ``guarded``."""
    return cell[1:] if cell.startswith("'") and _RUN_AS_FORMULA.match(cell) else cell


def write_refused(table: RawTable, refused: Iterable[RefusedRow], folder: Path | None = None) -> Path:
    """Write the refused rows beside the input, in its order, reason first; give the file's path.

    The reason comes first and not last, so that a row with too many or too few cells keeps exactly its
    cells. An earlier file is never overwritten: somebody may be correcting it.
    """
    reasons = _reasons_by_row(refused)
    path = _free_path(folder or table.path.parent, table.path.stem)
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=table.delimiter, quoting=csv.QUOTE_ALL)
            writer.writerow([_("reason (Hilo)"), *map(guarded, table.columns)])
            for row in table.rows():
                if row.number in reasons:
                    writer.writerow([guarded(reasons[row.number]), *map(guarded, row.values)])
    except OSError as error:
        raise Unreadable(
            _("The refused rows could not be written to %(path)s. Choose a folder you may write to.")
            % {"path": path}
        ) from error
    return path


def _reasons_by_row(refused: Iterable[RefusedRow]) -> dict[int, str]:
    reasons: dict[int, str] = {}
    for one in refused:
        said = reasons.get(one.number)
        reasons[one.number] = f"{said} {one.reason}" if said else one.reason
    return reasons


def _free_path(folder: Path, stem: str) -> Path:
    word = pgettext("part of a file name", "refused")
    base = re.sub(rf"\.{re.escape(word)}(-\d+)?$", "", stem)
    path, turn = folder / f"{base}.{word}.csv", 1
    while path.exists():
        turn += 1
        path = folder / f"{base}.{word}-{turn}.csv"
    return path
