"""OCEL 2.0 (Berti and others, 2024) in its three forms: SQLite, JSON, XML. Each case is an object."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from hilo.insight.log import EventLog
from hilo.insight.records import record
from hilo.insight.writing.attributes import Attribute, attributes, blocks, cleaned, moments

CASE = "case"
QUALIFIER = "of"
_TYPES = {"string": "string", "date": "time", "float": "float"}
_BEGINNING = "1970-01-01T00:00:00+00:00"


@record
class _Event:
    identity: str
    activity: str
    time: str | None
    case: str
    said: Sequence[tuple[Attribute, str]]


def write_ocel2(log: EventLog, path: Path) -> None:
    """``path`` ends in .sqlite, .json or .xml. What else the log says of an event are its attributes."""
    writers = {".sqlite": _write_sqlite, ".json": _write_json, ".xml": _write_xml}
    if path.suffix not in writers:
        raise ValueError(f"an OCEL 2.0 log ends in {', '.join(writers)}, not in {path.suffix!r}")
    writers[path.suffix](log, path)


def _events(log: EventLog) -> Iterator[_Event]:
    activities = [*cleaned(log.activity.names), ""]  # the last for code -1
    cases = cleaned(log.case_names)
    columns = attributes(log)
    for begin, end in blocks(len(log)):
        times = moments(log.time[begin:end])
        texts = [column.texts(begin, end) for column in columns]
        codes = log.activity.codes[begin:end].tolist()
        for place, case in enumerate(log.case[begin:end].tolist()):
            said = [
                (column, text)
                for column, values in zip(columns, texts, strict=True)
                if (text := values[place]) is not None
            ]
            yield _Event(f"e{begin + place + 1}", activities[codes[place]], times[place], cases[case], said)


def _types(log: EventLog) -> list[str]:
    named = cleaned(log.activity.names)
    return [*named, ""] if (log.activity.codes < 0).any() else named


# JSON ----------------------------------------------------------------------------------------------------


def _write_json(log: EventLog, path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        said = [{"name": each.name, "type": _TYPES[each.kind]} for each in attributes(log)]
        types = [{"name": name, "attributes": said} for name in _types(log)]
        out.write('{"objectTypes": [{"name": "case", "attributes": []}],\n"eventTypes": ')
        json.dump(types, out, ensure_ascii=False)
        out.write(',\n"objects": [')
        _listed(out, ({"id": name, "type": CASE, "attributes": []} for name in cleaned(log.case_names)))
        out.write('],\n"events": [')
        _listed(out, map(_as_json, _events(log)))
        out.write("]}\n")


def _listed(out: TextIO, things: Iterator[dict[str, object]]) -> None:
    for number, thing in enumerate(things):
        out.write(",\n" if number else "\n")
        json.dump(thing, out, ensure_ascii=False)


def _as_json(event: _Event) -> dict[str, object]:
    return {
        "id": event.identity,
        "type": event.activity,
        "time": event.time,
        "attributes": [
            {"name": each.name, "value": float(text) if each.kind == "float" else text}
            for each, text in event.said
        ],
        "relationships": [{"objectId": event.case, "qualifier": QUALIFIER}],
    }


# XML -----------------------------------------------------------------------------------------------------


def _write_xml(log: EventLog, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log>\n')
        out.write('<object-types><object-type name="case"><attributes/></object-type></object-types>\n')
        said = "".join(
            f"<attribute name={quoteattr(each.name)} type={quoteattr(_TYPES[each.kind])}/>"
            for each in attributes(log)
        )
        types = "".join(
            f"<event-type name={quoteattr(name)}><attributes>{said}</attributes></event-type>\n"
            for name in _types(log)
        )
        out.write(f"<event-types>\n{types}</event-types>\n<objects>\n")
        for name in cleaned(log.case_names):
            out.write(f'<object id={quoteattr(name)} type="case"><attributes/></object>\n')
        out.write("</objects>\n<events>\n")
        out.writelines(map(_as_xml, _events(log)))
        out.write("</events>\n</log>\n")


def _as_xml(event: _Event) -> str:
    time = f' time="{event.time}"' if event.time else ""
    said = "".join(
        f"<attribute name={quoteattr(each.name)}>{escape(text, {chr(13): '&#13;'})}</attribute>"
        for each, text in event.said
    )
    return (
        f"<event id={quoteattr(event.identity)} type={quoteattr(event.activity)}{time}>"
        f'<objects><relationship object-id={quoteattr(event.case)} qualifier="{QUALIFIER}"/></objects>'
        f"<attributes>{said}</attributes></event>\n"
    )


# SQLite --------------------------------------------------------------------------------------------------


def _write_sqlite(log: EventLog, path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        columns = attributes(log)
        tables = _table_names(_types(log))
        _create(database, tables, columns)
        cases = cleaned(log.case_names)
        database.executemany("INSERT INTO object VALUES (?, ?)", ((name, CASE) for name in cases))
        database.executemany(
            "INSERT INTO object_case VALUES (?, ?, NULL)", ((name, _BEGINNING) for name in cases)
        )
        names = [column.name for column in columns]
        marks = ", ".join("?" * (len(names) + 2))
        for event in _events(log):
            database.execute("INSERT INTO event VALUES (?, ?)", (event.identity, event.activity))
            database.execute(
                "INSERT INTO event_object VALUES (?, ?, ?)", (event.identity, event.case, QUALIFIER)
            )
            said = {each.name: float(text) if each.kind == "float" else text for each, text in event.said}
            database.execute(
                f"INSERT INTO {_name('event_' + tables[event.activity])} VALUES ({marks})",
                (event.identity, event.time, *(said.get(name) for name in names)),
            )


def _create(database: sqlite3.Connection, tables: dict[str, str], columns: Sequence[Attribute]) -> None:
    for statement in (
        "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
        "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT)",
        "CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT)",
        "CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT)",
        "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT, "
        "PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier))",
        "CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT, "
        "PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier))",
        "CREATE TABLE object_case (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT)",
        "INSERT INTO object_map_type VALUES ('case', 'case')",
    ):
        database.execute(statement)
    kinds = {"string": "TEXT", "date": "TIMESTAMP", "float": "REAL"}
    titles = _distinct([each.name for each in columns], {"ocel_id", "ocel_time"})
    defined = "".join(
        f", {_name(title)} {kinds[each.kind]}" for title, each in zip(titles, columns, strict=True)
    )
    for kind, table in tables.items():
        database.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, table))
        database.execute(
            f"CREATE TABLE {_name('event_' + table)} (ocel_id TEXT PRIMARY KEY, ocel_time TIMESTAMP{defined})"
        )


def _table_names(types: Sequence[str]) -> dict[str, str]:
    """Letters and digits of each activity."""
    short = [re.sub(r"\W+", "", kind)[:60] or "Activity" for kind in types]
    return dict(zip(types, _distinct(short, {"map_type", "object"}), strict=True))


def _distinct(names: Sequence[str], taken: set[str]) -> list[str]:
    """SQLite takes Envio and ENVIO for one name."""
    distinct = []
    for name in names:
        free, number = name, 2
        while free.casefold() in taken:
            free, number = f"{name} {number}", number + 1
        taken.add(free.casefold())
        distinct.append(free)
    return distinct


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
