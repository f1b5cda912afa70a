"""Event logs out of rows, the slow and obvious way; nothing of hilo.insight but the contract."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from hilo.insight.log import NO_TIME, Codes, EventLog

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
XES = "{http://www.xes-standard.org/}"


@dataclass(frozen=True, slots=True)
class Row:
    """One event. Times in microseconds since 1970; None where something is missing."""

    case: str
    activity: str
    time: int
    start: int | None = None
    area: str | None = None
    person: str | None = None
    site: str | None = None
    customer: str | None = None
    due: int | None = None
    segments: Mapping[str, str | None] = field(default_factory=dict)


def log_of(rows: Sequence[Row], zone: str = "UTC") -> EventLog:
    """Sorted by case (in order of appearance), time, place in ``rows``. A column nobody filled is None."""
    cases = list(dict.fromkeys(row.case for row in rows))
    number = {name: place for place, name in enumerate(cases)}
    order = sorted(range(len(rows)), key=lambda place: (number[rows[place].case], rows[place].time, place))
    ordered = [rows[place] for place in order]
    lengths = [sum(row.case == name for row in rows) for name in cases] if len(rows) < 1000 else None
    case = np.array([number[row.case] for row in ordered], np.int32)
    counts = np.array(lengths) if lengths else np.bincount(case)
    segments = sorted({name for row in rows for name in row.segments})
    activity = codes_of(row.activity for row in ordered)
    assert activity is not None
    return EventLog(
        case=case,
        case_names=cases,
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        activity=activity,
        time=np.array([row.time for row in ordered], np.int64),
        row=np.array(order, np.int64),
        start=_moments(row.start for row in ordered),
        area=codes_of(row.area for row in ordered),
        person=codes_of(row.person for row in ordered),
        site=codes_of(row.site for row in ordered),
        customer=codes_of(row.customer for row in ordered),
        due=_moments(row.due for row in ordered),
        segments={
            name: column
            for name in segments
            if (column := codes_of(row.segments.get(name) for row in ordered)) is not None
        },
        zone=zone,
    )


def codes_of(values: Iterable[str | None]) -> Codes | None:
    listed = list(values)
    names = list(dict.fromkeys(value for value in listed if value is not None))
    if not names:
        return None
    number = {name: place for place, name in enumerate(names)}
    return Codes(np.array([-1 if v is None else number[v] for v in listed], np.int32), names)


def _moments(values: Iterable[int | None]) -> np.typing.NDArray[np.int64] | None:
    listed = list(values)
    if all(value is None for value in listed):
        return None
    return np.array([NO_TIME if value is None else value for value in listed], np.int64)


def micros(at: str) -> int:
    return (datetime.fromisoformat(at) - EPOCH) // timedelta(microseconds=1)


def xes_events(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The name of the case and the attributes of each event, in file order. An event that lacks an attribute
    has the value that the log's globals give it (XES 4.5)."""
    given: dict[str, str] = {}
    with gzip.open(path) as file:
        for _event, element in ElementTree.iterparse(file):
            kind = element.tag.removeprefix(XES)
            if kind == "global" and element.get("scope") == "event":
                given = _attributes(element)
            if kind == "trace":
                name = _attributes(element)["concept:name"]
                for event in element.iterfind(f"{XES}event"):
                    yield name, given | _attributes(event)
                element.clear()


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("key")}
