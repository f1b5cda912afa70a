"""OCEL 2.0 in SQLite, JSON and XML, and OCEL 1.0 in JSON, each into the same ``ObjectLog``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from urllib.parse import quote

from hilo.insight.raw import Unreadable
from hilo.insight.reading.encodings import encoding_of
from hilo.insight.reading.kinds import Kind
from hilo.insight.reading.objects import ObjectLog, flattened
from hilo.insight.reading.piece import Piece
from hilo.insight.reading.told import Told
from hilo.insight.reading.unpacking import Source
from hilo.insight.reading.xml import Attributes, stream
from hilo.insight.speaking import _

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

_KINDS = {
    "string": "string",
    "str": "string",
    "time": "date",
    "date": "date",
    "timestamp": "date",
    "integer": "int",
    "int": "int",
    "float": "float",
    "double": "float",
    "real": "float",
    "boolean": "boolean",
    "bool": "boolean",
}

_DATES = ("TIMESTAMP", "DATETIME", "DATE")


def ocel_reader(kind: Kind, object_type: str | None) -> Callable[[Source, Told], Piece]:
    def read(source: Source, told: Told) -> Piece:
        match kind:
            case Kind.OCEL_SQLITE:
                log, format = _from_sqlite(source), "ocel2-sqlite"
            case Kind.OCEL_XML:
                log, format = _from_xml(source, told), "ocel2-xml"
            case _:
                log, format = _from_json(source)
        return flattened(log, format, object_type, source, told)

    return read


# SQLite --------------------------------------------------------------------------------------------------


def _from_sqlite(source: Source) -> ObjectLog:
    address = f"file:{quote(str(source.path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            _refuse_other_databases(database, source)
            return _Sqlite(database).log()
    except sqlite3.DatabaseError as error:
        raise Unreadable(
            _(
                "%(file)s is a SQLite file that cannot be read as OCEL 2.0 (%(reason)s): export it again.",
                file=source.name,
                reason=str(error),
            )
        ) from None


def _refuse_other_databases(database: sqlite3.Connection, source: Source) -> None:
    found = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    needed = {"event", "object", "event_object", "event_map_type", "object_map_type"}
    if needed - found:
        raise Unreadable(
            _(
                "%(file)s is a SQLite database but no OCEL 2.0 log: export the log as OCEL or CSV.",
                file=source.name,
            )
        )


class _Sqlite:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._log = ObjectLog()

    def log(self) -> ObjectLog:
        events = self._events()
        self._objects()
        for event, thing in self._rows("SELECT ocel_event_id, ocel_object_id FROM event_object"):
            if str(event) in events:
                self._log.link(events[str(event)], str(thing))
        return self._log

    def _events(self) -> dict[str, int]:
        """In the order of the table ``event``: those of one moment keep it."""
        numbers: dict[str, int] = {}
        for identity, kind in self._rows("SELECT ocel_id, ocel_type FROM event"):
            if str(identity) not in numbers:
                numbers[str(identity)] = self._log.add_event(str(identity), str(kind), "")
        for _kind, table in self._tables("event"):
            dates = self._dates(table)
            for row in self._records(table):
                number = numbers.get(str(row.pop("ocel_id")))
                if number is None:
                    continue
                self._log.times[number] = str(row.pop("ocel_time") or "")
                for name, value in row.items():
                    if value is not None:
                        text, kind = _text_and_kind(value)
                        self._log.attributes[name].put(number, text, "date" if name in dates else kind)
        return numbers

    def _objects(self) -> None:
        for identity, kind in self._rows("SELECT ocel_id, ocel_type FROM object"):
            self._log.add_object(str(identity), str(kind))
        for kind, table in self._tables("object"):
            for row in self._records(table):
                number = self._log.add_object(str(row.pop("ocel_id")), kind)
                time = str(row.pop("ocel_time", None) or "")
                changed = row.pop("ocel_changed_field", None)
                for name, value in row.items():
                    if value is not None and changed in (None, name):
                        self._log.say_of_object(number, name, _or_always(time), *_text_and_kind(value))

    def _tables(self, what: str) -> Iterator[tuple[str, str]]:
        mapped = self._rows(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type ORDER BY 1")
        for kind, suffix in list(mapped):
            yield str(kind), f"{what}_{suffix}"

    def _records(self, table: str) -> Iterator[dict[str, object]]:
        cursor = self._database.execute(f"SELECT * FROM {_quoted(table)}")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def _dates(self, table: str) -> set[str]:
        """Columns declared as times; SQLite keeps them as text."""
        described = self._rows(f"PRAGMA table_info({_quoted(table)})")
        return {str(name) for _at, name, kind, *_more in described if str(kind).upper() in _DATES}

    def _rows(self, query: str) -> Iterator[tuple[object, ...]]:
        yield from self._database.execute(query)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _or_always(time: str) -> str:
    """1970 stands for "from the beginning" in OCEL 2.0, in whatever zone it was written."""
    return "" if time.startswith(("1970-01-01", "1969-12-31")) else time


def _text_and_kind(value: object) -> tuple[str, str]:
    match value:
        case bool():
            return str(value).lower(), "boolean"
        case int():
            return str(value), "int"
        case float():
            return (
                (str(int(value)), "int")
                if value.is_integer() and abs(value) < 1e15
                else (str(value), "float")
            )
    return str(value), "string"


# JSON ----------------------------------------------------------------------------------------------------


def _from_json(source: Source) -> tuple[ObjectLog, str]:
    data = _parsed(source)
    if isinstance(data, dict) and "ocel:events" in data:
        return _from_json_1(data), "ocel1-json"
    if isinstance(data, dict) and "events" in data and "objects" in data:
        return _from_json_2(data), "ocel2-json"
    raise Unreadable(_("%(file)s is JSON but no OCEL log: export it as OCEL, XES or CSV.", file=source.name))


def _parsed(source: Source) -> Json:
    raw = source.path.read_bytes()
    encoding, mark = encoding_of(raw[:4096])
    try:
        parsed: Json = json.loads(raw[mark:].decode(encoding, "replace"))
        return parsed
    except json.JSONDecodeError as error:
        raise Unreadable(
            _(
                "%(file)s is no well-formed JSON (line %(line)s, column %(column)s): export it again.",
                file=source.name,
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except RecursionError:
        raise Unreadable(_("%(file)s is nested without end: this is no log.", file=source.name)) from None


def _from_json_1(data: Mapping[str, Json]) -> ObjectLog:
    log = ObjectLog()
    for identity, thing in _dict(data.get("ocel:objects")).items():
        facts = _dict(thing)
        number = log.add_object(identity, _text(facts.get("ocel:type")))
        for name, value in _dict(facts.get("ocel:ovmap")).items():
            if value is not None:
                log.say_of_object(number, name, "", *_text_and_kind(value))
    for identity, event in _dict(data.get("ocel:events")).items():
        facts = _dict(event)
        number = log.add_event(
            identity, _text(facts.get("ocel:activity")), _text(facts.get("ocel:timestamp"))
        )
        for name, value in _dict(facts.get("ocel:vmap")).items():
            if value is not None:
                log.attributes[name].put(number, *_text_and_kind(value))
        for thing in _list(facts.get("ocel:omap")):
            log.link(number, _text(thing))
    return log


def _from_json_2(data: Mapping[str, Json]) -> ObjectLog:
    log = ObjectLog()
    for thing in map(_dict, _list(data.get("objects"))):
        number = log.add_object(_text(thing.get("id")), _text(thing.get("type")))
        for said in map(_dict, _list(thing.get("attributes"))):
            if said.get("value") is not None:
                time = _or_always(_text(said.get("time")))
                log.say_of_object(number, _text(said.get("name")), time, *_text_and_kind(said["value"]))
    dates = _date_attributes(_list(data.get("eventTypes")))
    for event in map(_dict, _list(data.get("events"))):
        activity = _text(event.get("type"))
        number = log.add_event(_text(event.get("id")), activity, _text(event.get("time")))
        for said in map(_dict, _list(event.get("attributes"))):
            name, value = _text(said.get("name")), said.get("value")
            if value is not None:
                text, kind = _text_and_kind(value)
                log.attributes[name].put(number, text, "date" if (activity, name) in dates else kind)
        for relation in map(_dict, _list(event.get("relationships"))):
            log.link(number, _text(relation.get("objectId")))
    return log


def _date_attributes(types: list[Json]) -> set[tuple[str, str]]:
    return {
        (_text(kind.get("name")), _text(said.get("name")))
        for kind in map(_dict, types)
        for said in map(_dict, _list(kind.get("attributes")))
        if _KINDS.get(_text(said.get("type"))) == "date"
    }


def _dict(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str:
    return "" if value is None else str(value)


# XML -----------------------------------------------------------------------------------------------------


def _from_xml(source: Source, told: Told) -> ObjectLog:
    reading = _Xml()
    broken = stream(source, reading.start, reading.end, reading.text)
    log = reading.finished()
    if broken:
        if not log.ids:
            raise Unreadable(
                _(
                    "%(file)s breaks off in line %(line)s before its first event: export it again.",
                    file=source.name,
                    line=broken.line,
                )
            )
        told.say(
            _(
                "%(file)s breaks off in line %(line)s (%(reason)s): what stood before it was used.",
                file=source.name,
                line=broken.line,
                reason=broken.reason,
            )
        )
    return log


class _Xml:
    """Events may come before the objects they name, so links wait until the end."""

    def __init__(self) -> None:
        self._log = ObjectLog()
        self._types: dict[tuple[str, str, str], str] = {}
        self._defining: tuple[str, str] | None = None
        self._event: int | None = None
        self._object: int | None = None
        self._activity = self._object_type = ""
        self._attribute: Attributes | None = None
        self._said: list[str] = []
        self._links: list[tuple[int, str]] = []

    def finished(self) -> ObjectLog:
        for event, thing in self._links:
            self._log.link(event, thing)
        return self._log

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "event-type" | "object-type":
                self._defining = (name.removesuffix("-type"), attributes.get("name", ""))
            case "event":
                self._activity = attributes.get("type", "")
                self._event = self._log.add_event(
                    attributes.get("id", ""), self._activity, attributes.get("time", "")
                )
            case "object" if self._event is None and self._object is None:
                self._object_type = attributes.get("type", "")
                self._object = self._log.add_object(attributes.get("id", ""), self._object_type)
            case "relationship" | "object" if self._event is not None:
                self._links.append((self._event, attributes.get("object-id", "")))
            case "attribute":
                self._attribute, self._said = attributes, []
                if self._defining:
                    kind = _KINDS.get(attributes.get("type", ""), "string")
                    self._types[*self._defining, attributes.get("name", "")] = kind

    def text(self, said: str) -> None:
        if self._attribute is not None:
            self._said.append(said)

    def end(self, name: str) -> None:
        match name:
            case "event-type" | "object-type":
                self._defining = None
            case "event":
                self._event = None
            case "object":
                self._object = None
            case "attribute" if self._attribute is not None:
                self._end_of_attribute(self._attribute, "".join(self._said))
                self._attribute = None

    def _end_of_attribute(self, attributes: Attributes, value: str) -> None:
        name = attributes.get("name", "")
        if self._defining:
            return
        if self._event is not None:
            kind = self._types.get(("event", self._activity, name), "string")
            self._log.attributes[name].put(self._event, value, kind)
        elif self._object is not None:
            kind = self._types.get(("object", self._object_type, name), "string")
            self._log.say_of_object(self._object, name, _or_always(attributes.get("time", "")), value, kind)
