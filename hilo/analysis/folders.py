"""Where the files of a diagnosis lie: one folder each under the attachments, named by a random token.

    files/<n>/<name>         what was uploaded, under the name its people know
    options/<random>/<name>  calendar, meanings, template
    look.json                what each column seemed to be, for whoever wants to correct it
    results/<random>/        es.html, en.html, es.json, en.json of one finished run

Names people gave are kept to be read, without anything that could lead a path elsewhere. Whatever is written
while somebody may be reading is written aside and renamed.
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

LANGUAGES = ("es", "en")
LEFT_BEHIND = timedelta(days=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_BYTES_OF_NAME = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """One file as it lies on the disk."""

    name: str
    size: int
    folder: str

    @property
    def said(self) -> dict[str, Any]:
        return {"name": self.name, "size": self.size, "folder": self.folder}


def new_token() -> str:
    return secrets.token_urlsafe(32)


def root() -> Path:
    return Path(settings.MEDIA_ROOT) / "diagnoses"


def folder_of(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise ValueError("no token of ours")
    return root() / token


def keep_file(token: str, kind: str, name: str, chunks: Iterable[bytes]) -> Kept:
    """``kind`` is files or options. Raises nothing for a strange name: it becomes a harmless one."""
    inner = secrets.token_hex(8)
    folder = folder_of(token) / kind / inner
    folder.mkdir(mode=0o700, parents=True)
    folder_of(token).chmod(0o700)
    path = folder / harmless_name(name)
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
    return Kept(path.name, path.stat().st_size, inner)


def path_of(token: str, kind: str, said: dict[str, Any]) -> Path:
    return folder_of(token) / kind / str(said["folder"]) / str(said["name"])


def result_folder(token: str, result: str) -> Path:
    return folder_of(token) / "results" / result


def report_path(token: str, result: str, lang: str, suffix: str) -> Path:
    """``es.html``; a programming error for a language or a kind that no report has."""
    if lang not in LANGUAGES or suffix not in ("html", "json"):
        raise ValueError(f"no report is called {lang}.{suffix}")
    return result_folder(token, result) / f"{lang}.{suffix}"


def room_aside(token: str) -> Path:
    """A folder for what is being made; ``keep_result`` gives it its name."""
    folder = folder_of(token) / "results" / f".{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700, parents=True)
    return folder


def keep_result(token: str, aside: Path) -> str:
    result = new_token()
    aside.rename(result_folder(token, result))
    return result


def forget_result(token: str, result: str) -> None:
    if result:
        shutil.rmtree(result_folder(token, result), ignore_errors=True)


def look_of(token: str) -> dict[str, Any] | None:
    try:
        look: dict[str, Any] = json.loads((folder_of(token) / "look.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return look


def keep_look(token: str, aside: Path) -> None:
    made = aside / "look.json"
    if made.is_file():
        made.replace(folder_of(token) / "look.json")


def forget(token: str) -> None:
    shutil.rmtree(folder_of(token), ignore_errors=True)


def sweep(known: Iterable[str], *, now: datetime) -> int:
    """Delete folders that no row names, and rooms that a killed worker left, once a day old; how many."""
    kept = set(known)
    found = [one for one in root().glob("*") if _TOKEN.fullmatch(one.name) and one.name not in kept]
    found += root().glob("*/results/.*")
    old = [one for one in found if one.stat().st_mtime + LEFT_BEHIND.total_seconds() <= now.timestamp()]
    for one in old:
        shutil.rmtree(one, ignore_errors=True)
    return len(old)


def harmless_name(name: str) -> str:
    """The last part of the name, of letters that can be seen, short enough for any disk; its endings stay."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"[^\w.() -]", "_", last).strip(" .")
    stem, ending = _parted(plain)
    return f"{_cut(stem, _MOST_BYTES_OF_NAME)}{_cut(ending, 24)}" or "file"


def stem_of(name: str) -> str:
    """``Pedidos 2026.csv.gz`` is called "Pedidos 2026"."""
    return _parted(name)[0].strip() or name


def _parted(name: str) -> tuple[str, str]:
    """A name and its endings: "log", ".xes.gz". A dot within a date begins no ending."""
    found = re.fullmatch(r"(.+?)((?:\.[A-Za-z][A-Za-z0-9]{0,9}){1,2})", name)
    return (found[1], found[2]) if found else (name, "")


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
