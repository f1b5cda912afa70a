"""Files that wait between the steps of an import on the screen: one folder each, one person's, a day at most.

The folder's name is a random token and the only way to it. The name a file came with is kept for people to
read, without anything that could lead a path elsewhere; what is inside is never served as a page.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from hilo.channels.imports.fields import Source, What

KEPT_FOR = timedelta(hours=24)
MOST_BYTES = 20 * 1024 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ABOUT = "about.json"


@dataclass(frozen=True)
class Upload:
    token: str
    folder: Path
    about: dict[str, Any]

    @property
    def file(self) -> Path:
        return self.folder / "file" / str(self.about["name"])

    @property
    def what(self) -> What:
        return What(self.about["what"])

    @property
    def source(self) -> Source:
        return Source(self.about["source"])

    @property
    def refused_folder(self) -> Path:
        return self.folder / "refused"

    @property
    def refused_file(self) -> Path | None:
        return next(iter(sorted(self.refused_folder.glob("*.csv"))), None)

    @property
    def result(self) -> dict[str, Any] | None:
        return self.about.get("result")

    def finish(self, result: dict[str, Any]) -> None:
        """The file has done its service and goes; what came of it stays to be read."""
        self.about["result"] = result
        _write_about(self.folder, self.about)
        shutil.rmtree(self.folder / "file", ignore_errors=True)

    def make_room_for_refused(self) -> Path:
        shutil.rmtree(self.refused_folder, ignore_errors=True)
        self.refused_folder.mkdir(mode=0o700)
        return self.refused_folder

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def keep_upload(
    name: str, chunks: Iterable[bytes], *, person_id: int, what: What, source: Source, now: datetime
) -> Upload:
    token = secrets.token_urlsafe(32)
    folder = uploads_folder() / token
    (folder / "file").mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)
    about = {
        "person": person_id,
        "name": harmless_name(name),
        "what": what.value,
        "source": source.value,
        "kept_at": now.isoformat(),
    }
    upload = Upload(token, folder, about)
    with upload.file.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    _write_about(folder, about)
    return upload


def find_upload(token: str, *, person_id: int, now: datetime) -> Upload | None:
    """None for a token that is none, for somebody else's, and for one whose day is over."""
    if not _TOKEN.fullmatch(token):
        return None
    upload = _read(uploads_folder() / token)
    if upload is None or upload.about["person"] != person_id or _is_over(upload, now):
        return None
    return upload


def sweep_uploads(now: datetime) -> int:
    """Delete what nobody came back for; how many."""
    folders = [folder for folder in uploads_folder().glob("*") if _TOKEN.fullmatch(folder.name)]
    over = [folder for folder in folders if _is_left_behind(folder, now)]
    for folder in over:
        shutil.rmtree(folder, ignore_errors=True)
    return len(over)


def uploads_folder() -> Path:
    return Path(settings.DATA_DIR) / "uploads"


def harmless_name(name: str) -> str:
    """The last part of the name, of letters that can be seen; ``clientes.csv`` stays as it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"[^\w.() -]", "_", last).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:80]}.{suffix[:8]}" if dot and stem else plain[:80] or "file"


def _read(folder: Path) -> Upload | None:
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Upload(folder.name, folder, about)


def _is_over(upload: Upload, now: datetime) -> bool:
    return datetime.fromisoformat(upload.about["kept_at"]) + KEPT_FOR <= now


def _is_left_behind(folder: Path, now: datetime) -> bool:
    """One without a word about it was cut short while it came, or is coming right now."""
    upload = _read(folder)
    if upload is not None:
        return _is_over(upload, now)
    return folder.stat().st_mtime + KEPT_FOR.total_seconds() <= now.timestamp()


def _write_about(folder: Path, about: dict[str, Any]) -> None:
    aside = folder / f"{_ABOUT}.new"
    aside.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    aside.replace(folder / _ABOUT)
