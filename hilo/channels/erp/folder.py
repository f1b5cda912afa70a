"""The watched folder: which files are ready, and where they go when they are done.

The ERP only ever writes here; nothing is written back to it. A file that is still being written is left
alone: its name ends in .tmp or .part until it is renamed, or it has changed within the last moments.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from hilo.channels.erp import mapping
from hilo.channels.erp.mapping import FileMapping, SourceMapping
from hilo.channels.erp.rows import Kind
from hilo.channels.imports.refused import Unreadable

DONE, REFUSED = "done", "refused"
_LOCK = ".hilo.lock"
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp")
_KINDS = list(Kind)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of a file that nobody touched meanwhile both are equal."""

    size: int
    changed_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Stamp:
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


@dataclass(frozen=True, slots=True)
class Ready:
    path: Path
    mapping: FileMapping
    stamp: Stamp


def source_folders(root: Path) -> list[Path]:
    """The folder itself when it has a mapping, else those in it that have one: one for each ERP."""
    if (root / mapping.NAME).is_file():
        return [root]
    try:
        inside = sorted(each for each in root.iterdir() if (each / mapping.NAME).is_file())
    except OSError as error:
        raise Unreadable(
            _("%(folder)s cannot be read. Check that it exists and that Hilo may read and write there.")
            % {"folder": root}
        ) from error
    if not inside:
        raise Unreadable(
            _("There is no %(name)s in %(folder)s. Write it: docs/erp.md has an example.")
            % {"name": mapping.NAME, "folder": root}
        )
    return inside


def ready_files(folder: Path, source: SourceMapping, *, now: datetime, quiet: timedelta) -> list[Ready]:
    """In the order in which they are taken: customers before orders, and within a kind by name."""
    found = [ready for path in list(folder.iterdir()) if (ready := _ready(path, source, now, quiet))]
    return sorted(found, key=lambda each: (_KINDS.index(each.mapping.kind), _natural(each.path.name)))


def _ready(path: Path, source: SourceMapping, now: datetime, quiet: timedelta) -> Ready | None:
    name = path.name
    of_file = source.of_file(name)
    if of_file is None or name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED):
        return None
    if path.is_symlink() or not path.is_file():
        return None
    try:
        stamp = Stamp.of(path)
    except FileNotFoundError:
        return None
    age = now.timestamp() - stamp.changed_ns / 1e9
    is_quiet = abs(age) >= quiet.total_seconds()  # a file server's clock may run ahead
    return Ready(path, of_file, stamp) if is_quiet else None


def _natural(name: str) -> list[tuple[int, int | str]]:
    """pedidos-2 before pedidos-10."""
    parts = re.split(r"(\d+)", name.lower())
    return [(0, int(part)) if part.isdecimal() and len(part) < 18 else (1, part) for part in parts]


def move_to(ready: Ready, folder: Path, *parts: str) -> Path:
    """Into a folder of its own; a file of that name there is never overwritten."""
    place = folder.joinpath(*parts)
    place.mkdir(parents=True, exist_ok=True)
    path, turn = place / ready.path.name, 1
    while path.exists():
        turn += 1
        path = place / f"{ready.path.stem}-{turn}{ready.path.suffix}"
    shutil.move(ready.path, path)
    return path


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Whether nobody else works through this folder now. The lock ends with the process, however it ends.

    Where the system has no such lock, the references in the database keep two from doing the same.
    """
    try:
        import fcntl
    except ImportError:
        yield True
        return
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unreadable(
            _("%(folder)s cannot be written to: Hilo moves what is done to a folder in it.")
            % {"folder": folder}
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
