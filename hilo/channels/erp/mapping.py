"""``mapping.yaml`` of a folder: what the ERP is called, how it writes, and which of its columns is what."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from django.utils.translation import gettext as _

from hilo.channels.erp.rows import COLUMNS, Kind
from hilo.channels.imports.refused import Unreadable
from hilo.channels.imports.settling import DecimalMark

NAME = "mapping.yaml"
MOST_BYTES = 100_000
_TOP = frozenset(
    (
        *("source", "follow_from", "delegation", "keeper", "zone", "currency", "decimals"),
        *("dates", "times", "report_after_days", "language", "files"),
    )
)


@dataclass(frozen=True)
class FileMapping:
    """``columns``: our name of each column, with the ERP's."""

    kind: Kind
    pattern: str
    columns: dict[str, str]

    def fits(self, name: str) -> bool:
        return fnmatch(name.lower(), self.pattern.lower())


@dataclass(frozen=True)
class SourceMapping:
    """Formats are tried in the order in which they are written; ISO is always understood."""

    source: str
    follow_from: date
    delegation: str
    keeper: str
    zone: ZoneInfo
    currency: str
    decimals: DecimalMark
    dates: tuple[str, ...]
    times: tuple[str, ...]
    report_after_days: int
    language: str
    files: tuple[FileMapping, ...]

    def of_file(self, name: str) -> FileMapping | None:
        return next((each for each in self.files if each.fits(name)), None)


def read_mapping(folder: Path) -> SourceMapping:
    path = folder / NAME
    try:
        text = path.read_bytes()[: MOST_BYTES + 1].decode("utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(
            _("There is no %(name)s in %(folder)s. Write it: docs/erp.md has an example.")
            % {"name": NAME, "folder": folder}
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, _("it cannot be read as UTF-8 text")) from error
    if len(text) > MOST_BYTES:
        raise _wrong(path, _("it is far too long"))
    try:
        facts = yaml.load(text, Loader=yaml.BaseLoader)  # texts alone: a column may be called No, or On
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(
            path, _("line %(line)s is no YAML") % {"line": mark.line + 1 if mark else "?"}
        ) from error
    if not isinstance(facts, dict):
        raise _wrong(path, _("it says nothing"))
    return _Reader(path, facts).mapping()


def _wrong(path: Path, why: str) -> Unreadable:
    return Unreadable(_("%(path)s cannot be used: %(why)s.") % {"path": path, "why": why})


class _Reader:
    def __init__(self, path: Path, facts: MappingOf[str, object]) -> None:
        self.path, self.facts = path, facts

    def mapping(self) -> SourceMapping:
        if unknown := sorted(str(key) for key in self.facts if key not in _TOP):
            raise self._wrong(_("nobody knows “%(key)s”") % {"key": unknown[0]})
        return SourceMapping(
            source=self._source(),
            follow_from=self._day("follow_from"),
            delegation=self._text("delegation"),
            keeper=self._text("keeper"),
            zone=self._zone(),
            currency=self._currency(),
            decimals=self._decimals(),
            dates=self._formats("dates"),
            times=self._formats("times"),
            report_after_days=self._days(),
            language=self._text("language"),
            files=self._files(),
        )

    def _wrong(self, why: str) -> Unreadable:
        return _wrong(self.path, why)

    def _text(self, key: str, *, default: str = "") -> str:
        said = self.facts.get(key, default)
        if not isinstance(said, str):
            raise self._wrong(_("“%(key)s” must be a text") % {"key": key})
        return said.strip()

    def _source(self) -> str:
        said = self._text("source").lower()
        if not said or len(said) > 40 or not said.replace("-", "").replace("_", "").isalnum():
            raise self._wrong(_("“source” must name the ERP in one word, for example: sap"))
        return said

    def _day(self, key: str) -> date:
        try:
            return date.fromisoformat(self._text(key))
        except ValueError:
            raise self._wrong(_("“%(key)s” must be a day, for example 2026-01-01") % {"key": key}) from None

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self._text("zone", default="Europe/Madrid"))
        except (ZoneInfoNotFoundError, ValueError):
            raise self._wrong(_("“zone” must be a time zone, for example Europe/Madrid")) from None

    def _currency(self) -> str:
        said = self._text("currency", default="EUR").upper()
        if len(said) != 3 or not said.isascii() or not said.isalpha():
            raise self._wrong(_("“currency” must have three letters, for example EUR"))
        return said

    def _decimals(self) -> DecimalMark:
        try:
            return DecimalMark(self._text("decimals", default="comma"))
        except ValueError:
            raise self._wrong(_("“decimals” must be comma or point")) from None

    def _formats(self, key: str) -> tuple[str, ...]:
        said = self.facts.get(key, [])
        formats = [said] if isinstance(said, str) else said
        if not isinstance(formats, list) or not all(
            isinstance(each, str) and "%" in each for each in formats
        ):
            raise self._wrong(_("“%(key)s” must be a format such as %%d.%%m.%%Y") % {"key": key})
        return tuple(formats)

    def _days(self) -> int:
        said = self._text("report_after_days", default="5")
        if not said.isdecimal() or len(said) > 3 or not 0 < int(said) <= 365:
            raise self._wrong(_("“report_after_days” must be a number of days"))
        return int(said)

    def _files(self) -> tuple[FileMapping, ...]:
        said = self.facts.get("files")
        if not isinstance(said, dict) or not said:
            raise self._wrong(_("“files” says nothing"))
        return tuple(self._file(str(kind), facts) for kind, facts in said.items())

    def _file(self, kind: str, facts: object) -> FileMapping:
        if kind not in set(Kind):
            raise self._wrong(
                _("“%(kind)s” is no kind of file. There are: %(kinds)s")
                % {"kind": kind, "kinds": ", ".join(Kind)}
            )
        columns = facts.get("columns") if isinstance(facts, dict) else None
        pattern = facts.get("name") if isinstance(facts, dict) else None
        if not isinstance(columns, dict) or not isinstance(pattern, str) or not pattern.strip():
            raise self._wrong(_("“%(kind)s” needs “name” and “columns”") % {"kind": kind})
        return FileMapping(Kind(kind), pattern.strip(), self._columns(Kind(kind), columns))

    def _columns(self, kind: Kind, given: MappingOf[object, object]) -> dict[str, str]:
        known = {column.name: column for column in COLUMNS[kind]}
        said = {str(name): str(column).strip() for name, column in given.items()}
        if unknown := sorted(said.keys() - known.keys()):
            raise self._wrong(
                _("“%(name)s” is no column of %(kind)s. There are: %(names)s")
                % {"name": unknown[0], "kind": kind.value, "names": ", ".join(known)}
            )
        missing = [name for name, column in known.items() if column.is_required and not said.get(name)]
        if missing:
            raise self._wrong(
                _("%(kind)s needs to know which column is “%(name)s”")
                % {"kind": kind.value, "name": missing[0]}
            )
        return {name: column for name, column in said.items() if column}
