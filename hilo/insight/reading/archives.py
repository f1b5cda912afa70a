"""gzip and zip, taken apart without believing a header: what they unpack to is counted as it comes."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from hilo.insight.raw import Unreadable
from hilo.insight.reading.told import Told
from hilo.insight.reading.unpacking import BLOCK, Budget, Scratch, Source
from hilo.insight.speaking import _


def is_workbook(source: Source, head: bytes, budget: Budget) -> bool:
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


def gunzipped(source: Source, scratch: Scratch, budget: Budget, told: Told) -> Iterator[Source]:
    target = scratch.new_file()
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


def unzipped(source: Source, scratch: Scratch, budget: Budget, told: Told) -> Iterator[Source]:
    with _zip(source) as archive:
        members = [each for each in archive.infolist() if _is_content(each)]
        if not members:
            raise Unreadable(_("%(file)s has no file inside: pack it again.", file=source.name))
        for member in members:
            target = scratch.new_file()
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
