"""Excel sheets as rows of text, behind guards: a workbook is a zip that a stranger may have made.

Three bombs are measured before the reader sees the file: bytes after unpacking (really unpacked and
counted, because a zip's own figures can lie), packing ratio, and the rectangle between A1 and the
furthest cell, which the reader would allocate whole for two lone cells.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine
from django.utils.translation import gettext as _

from hilo.channels.imports.refused import Unreadable

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL_AT = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,8})\b""")
_TAIL = 64  # a reference cut by the edge of a chunk is found with this much of the chunk before


@dataclass(frozen=True, slots=True)
class Guard:
    unpacked_bytes: int = 400 * 1024 * 1024
    ratio: int = 300
    members: int = 2_000
    cells: int = 8_000_000


type Record = tuple[int, list[str], str]


@dataclass(frozen=True)
class Sheet:
    """One worksheet. ``records`` gives (row number as Excel shows it, cells as text, no trouble)."""

    path: Path
    name: str
    notes: tuple[str, ...]
    delimiter: str = ";"

    def records(self) -> Iterator[Record]:
        cells = _opened(self.path).get_sheet_by_name(self.name)
        for number, row in enumerate(cells.to_python(skip_empty_area=False), start=1):
            yield number, [as_text(value) for value in row], ""


def open_sheet(path: Path, guard: Guard | None = None) -> Sheet:
    """The first visible sheet that holds anything."""
    with path.open("rb") as file:
        is_zip = file.read(8).startswith(ZIP_MAGIC)
    if is_zip:
        _refuse_bombs(path, guard or Guard())
    book = _opened(path)
    shown = [
        sheet.name for sheet in book.sheets_metadata if sheet.visible is calamine.SheetVisibleEnum.Visible
    ]
    for name in shown:
        try:
            height = book.get_sheet_by_name(name).height
        except Exception as error:
            raise _damaged(path) from error
        if height:
            return Sheet(path, name, _sheet_note(name, shown))
    raise Unreadable(
        _("%(file)s has no sheet with anything in it. Check that it is the right file.") % {"file": path.name}
    )


def as_text(value: object) -> str:
    """A cell as it would be typed without ambiguity: ISO dates, a decimal point, whole numbers whole."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number_as_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _number_as_text(value: float) -> str:
    # 15 digits are what Excel itself shows; calamine gives the binary float behind them.
    text = format(Decimal(format(value, ".15g")), "f")
    # A typed 1.234 is no thousand: a fourth decimal says so to whoever settles the column's marks.
    return text + "0" if re.search(r"\.\d{3}$", text) else text


def _opened(path: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise Unreadable(
            _("%(file)s is protected with a password. Save it without one and import it again.")
            % {"file": path.name}
        ) from error
    except Exception as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> Unreadable:
    return Unreadable(
        _("%(file)s is not a sound Excel file. Open it in Excel, save it as .xlsx or CSV, and try again.")
        % {"file": path.name}
    )


def _sheet_note(name: str, shown: list[str]) -> tuple[str, ...]:
    if len(shown) == 1:
        return ()
    others = ", ".join(other for other in shown if other != name)
    return (_("Only the sheet “%(sheet)s” is read; not %(others)s.") % {"sheet": name, "others": others},)


def _refuse_bombs(path: Path, guard: Guard) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            members = book.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(path) from error
    if len(members) > guard.members or not any(m.filename.startswith("xl/") for m in members):
        raise _damaged(path)
    left = min(guard.unpacked_bytes, max(path.stat().st_size, 50_000) * guard.ratio)
    for member in members:
        left -= _measure(path, member, left, guard.cells)


def _measure(path: Path, member: zipfile.ZipInfo, most: int, most_cells: int) -> int:
    """Unpack one member to nowhere; give its true size, refusing once past ``most``."""
    size, last_row, last_column, tail = 0, 1, 1, b""
    is_sheet = member.filename.startswith("xl/worksheets/")
    for piece in _unpacked(path, member):
        size += len(piece)
        if size > most:
            raise _too_big(path)
        if is_sheet:
            for letters, digits in set(_CELL_AT.findall(tail + piece)):
                last_row, last_column = max(last_row, int(digits)), max(last_column, _column(letters))
            tail = piece[-_TAIL:]
    if last_row * last_column > most_cells:
        raise _too_big(path)
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _unpacked(path: Path, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes, by the packed size alone: zipfile itself stops at the size the file claims."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged(path)
    inflate = zlib.decompressobj(-15)
    with path.open("rb") as file:
        file.seek(member.header_offset)
        header = file.read(30)
        file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
        left = member.compress_size
        try:
            while left > 0 and (packed := file.read(min(left, 1 << 16))):
                left -= len(packed)
                yield from (
                    [packed] if member.compress_type == zipfile.ZIP_STORED else _inflated(inflate, packed)
                )
        except zlib.error as error:
            raise _damaged(path) from error


def _inflated(inflate: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    while packed:
        yield inflate.decompress(packed, 1 << 20)
        packed = inflate.unconsumed_tail


def _too_big(path: Path) -> Unreadable:
    return Unreadable(
        _(
            "%(file)s grows far beyond a list of rows when it is opened. Delete what lies outside the table,"
            " or save the sheet as CSV."
        )
        % {"file": path.name}
    )
