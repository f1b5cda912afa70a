"""From a path to plain files on disk, those that are packed unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hilo.insight.raw import Unreadable
from hilo.insight.reading.told import Told
from hilo.insight.records import record
from hilo.insight.speaking import Number, _

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

BLOCK = 1 << 20
_END_OF_A_ZIP = (1 << 16) + 22
DEPTH = 3
"""An archive in an archive in an archive is somebody's joke."""


@record
class Limits:
    """What a packed file may grow to, in bytes. ``ratio`` counts from ``ratio_from`` on, so that a small log
    that packs well passes."""

    unpacked: int = 8 << 30
    ratio: int = 200
    ratio_from: int = 50 << 20


@record
class Source:
    """One file without wrapping. ``name`` is what people know it by: pedidos.zip/enero.csv."""

    name: str
    path: Path


class Budget:
    """Counts what comes out of one packed file, all its members and layers together."""

    def __init__(self, name: str, packed: int, limits: Limits) -> None:
        self._name, self._packed, self._limits, self._spent = name, max(packed, 1), limits, 0

    def spend(self, size: int) -> None:
        self._spent += size
        steep = self._spent > max(self._limits.ratio_from, self._limits.ratio * self._packed)
        if steep or self._spent > self._limits.unpacked:
            gigabytes = self._spent / (1 << 30)
            raise Unreadable(
                _(
                    "%(file)s swells to more than %(size)s GB when unpacked, so it was stopped; if it really "
                    "is your log, unpack it yourself and give the file that is inside.",
                    file=self._name,
                    size=Number(gigabytes, 2),
                )
            )


class Scratch:
    """A folder for what is unpacked: there once the first file is asked for, gone at the end."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def new_file(self) -> Path:
        if self._folder is None:
            from tempfile import TemporaryDirectory  # 0.01 s to import, which a plain file need not wait for

            self._folder = TemporaryDirectory(prefix="hilo-read-")
        self._files += 1
        return Path(self._folder.name) / str(self._files)


def unpacked(path: Path, scratch: Scratch, limits: Limits, told: Told) -> list[Source]:
    """The plain files in ``path``, those of archives written to ``scratch``."""
    name = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Unreadable(_("%(file)s is a folder: name the files that are in it.", file=name))
        if size == 0:
            raise Unreadable(_("%(file)s is empty: export it again.", file=name))
        budget = Budget(name, size, limits)
        return list(_opened(Source(name, path), scratch, budget, told, DEPTH))
    except FileNotFoundError:
        raise Unreadable(_("There is no file %(file)s: check its name and folder.", file=str(path))) from None
    except PermissionError:
        raise Unreadable(
            _("%(file)s may not be read by you: copy it to a folder of yours.", file=name)
        ) from None


def head_of(path: Path, size: int = 1 << 16) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def is_zip(path: Path) -> bool:
    """Also one with something before it, as archives that unpack themselves have. Any has this mark in its
    last bytes: only for a file that has, the reader of archives is loaded."""
    with path.open("rb") as file:
        file.seek(-min(file.seek(0, SEEK_END), _END_OF_A_ZIP), SEEK_END)
        if b"PK\x05\x06" not in file.read():
            return False
    import zipfile

    return zipfile.is_zipfile(path)


def _opened(source: Source, scratch: Scratch, budget: Budget, told: Told, depth: int) -> Iterator[Source]:
    head = head_of(source.path, 8)
    packed = head.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))
    if not packed:
        yield source
        return
    from hilo.insight.reading.archives import gunzipped, is_workbook, unzipped

    if is_workbook(source, head, budget):
        yield source
        return
    if depth == 0:
        raise Unreadable(_("%(file)s is packed over and over: unpack it yourself first.", file=source.name))
    inner = gunzipped if head.startswith(b"\x1f\x8b") else unzipped
    for found in inner(source, scratch, budget, told):
        yield from _opened(found, scratch, budget, told, depth - 1)
