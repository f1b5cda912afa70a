"""From a path to plain files on disk: gzip and zip are unpacked, and no header is believed."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hilo.insight.raw import Unreadable
from hilo.insight.reading.told import Told
from hilo.insight.speaking import Number, _

BLOCK = 1 << 20
DEPTH = 3
"""An archive in an archive in an archive is somebody's joke."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a packed file may grow to, in bytes. ``ratio`` counts from ``ratio_from`` on, so that a small log
    that packs well passes."""

    unpacked: int = 8 << 30
    ratio: int = 200
    ratio_from: int = 50 << 20


@dataclass(frozen=True, slots=True)
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


def unpacked(path: Path, into: Path, limits: Limits, told: Told) -> list[Source]:
    """The plain files in ``path``, those of archives written under ``into``."""
    name = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Unreadable(_("%(file)s is a folder: name the files that are in it.", file=name))
        if size == 0:
            raise Unreadable(_("%(file)s is empty: export it again.", file=name))
        budget = Budget(name, size, limits)
        return list(_opened(Source(name, path), into, budget, told, DEPTH))
    except FileNotFoundError:
        raise Unreadable(_("There is no file %(file)s: check its name and folder.", file=str(path))) from None
    except PermissionError:
        raise Unreadable(
            _("%(file)s may not be read by you: copy it to a folder of yours.", file=name)
        ) from None


def head_of(path: Path, size: int = 1 << 16) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _opened(source: Source, into: Path, budget: Budget, told: Told, depth: int) -> Iterator[Source]:
    head = head_of(source.path, 8)
    packed = head.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))
    if not packed or _is_workbook(source, head, budget):
        yield source
        return
    if depth == 0:
        raise Unreadable(_("%(file)s is packed over and over: unpack it yourself first.", file=source.name))
    inner = _gunzipped if head.startswith(b"\x1f\x8b") else _unzipped
    for found in inner(source, into, budget, told):
        yield from _opened(found, into, budget, told, depth - 1)


def _is_workbook(source: Source, head: bytes, budget: Budget) -> bool:
    """Excel and OpenDocument sheets are zips themselves. What they unpack to is counted here, because the
    reader that opens them later would not."""
    if not head.startswith(b"PK"):
        return False
    with _zip(source) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" not in names and "content.xml" not in names:
            return False
        for name in names:
            with _member(archive, name, source) as file:
                for block in _blocks(file, source.name):
                    budget.spend(len(block))
    return True


def _gunzipped(source: Source, into: Path, budget: Budget, told: Told) -> Iterator[Source]:
    target = _new_file(into)
    with gzip.open(source.path) as packed, target.open("wb") as out:
        try:
            for block in iter(lambda: packed.read1(BLOCK), b""):
                budget.spend(len(block))
                out.write(block)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            if not out.tell():
                raise Unreadable(
                    _(
                        "%(file)s is damaged and nothing in it can be unpacked: copy it again.",
                        file=source.name,
                    )
                ) from None
            told.say(_("%(file)s is cut off or damaged: what could be unpacked was used.", file=source.name))
    yield Source(source.name, target)


def _unzipped(source: Source, into: Path, budget: Budget, told: Told) -> Iterator[Source]:
    with _zip(source) as archive:
        members = [each for each in archive.infolist() if _is_content(each)]
        if not members:
            raise Unreadable(_("%(file)s has no file inside: pack it again.", file=source.name))
        for member in members:
            target = _new_file(into)
            with _member(archive, member.filename, source) as packed, target.open("wb") as out:
                for block in _blocks(packed, source.name):
                    budget.spend(len(block))
                    out.write(block)
            if target.stat().st_size:
                yield Source(f"{source.name}/{member.filename}", target)


def _is_content(member: zipfile.ZipInfo) -> bool:
    """Not a folder, nor what macOS and file managers leave behind."""
    parts = member.filename.split("/")
    return not member.is_dir() and "__MACOSX" not in parts and not parts[-1].startswith((".", "Thumbs.db"))


def _zip(source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source.path)
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Unreadable(_("%(file)s is a damaged zip: copy it again.", file=source.name)) from None


def _member(archive: zipfile.ZipFile, name: str, source: Source) -> IO[bytes]:
    try:
        return archive.open(name)
    except (RuntimeError, NotImplementedError):  # zipfile's words for a password or an unknown method
        raise Unreadable(
            _(
                "%(file)s asks for a password or is packed in a rare way: unpack it yourself.",
                file=source.name,
            )
        ) from None
    except (zipfile.BadZipFile, KeyError):
        raise Unreadable(_("%(file)s is a damaged zip: copy it again.", file=source.name)) from None


def _blocks(file: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        yield from iter(lambda: file.read(BLOCK), b"")
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Unreadable(_("%(file)s is a damaged zip: copy it again.", file=name)) from None


def _new_file(into: Path) -> Path:
    return into / str(sum(1 for _each in into.iterdir()))
