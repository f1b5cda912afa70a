"""From the rows of a simulated export to an event log, and whether findings are the faults planted in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import Codes, EventLog
from hilo.insight.results import Finding
from tests.simulation.company import Simulated
from tests.simulation.faults import Fault
from tests.simulation.words import Vocabulary

MEANT = {
    "request": "request",
    "incident_opened": "incident_opened",
    "incident_closed": "incident_closed",
    "news_to_customer": "news",
    "invoice": "invoice",
    "delivery": "delivery",
    "waiting_for_customer": "waiting_for_customer",
}


class Known:
    """The meanings of a simulated log's activities, from its vocabulary."""

    def __init__(self, log: EventLog, words: Vocabulary) -> None:
        self.places = {name: place for place, name in enumerate(log.activity.names)}
        self.words = words

    def codes(self, meaning: str, /) -> Collection[int]:
        key = MEANT.get(meaning)
        word = self.words.activities[key] if key else ""
        return [self.places[word]] if word in self.places else []


def event_log(simulated: Simulated, *, starts: bool = True, areas: NDArray[Any] | None = None) -> EventLog:
    """``areas`` stand in for the area labels of the rows."""
    column = {role: simulated.rows[name] for role, name in simulated.roles.items()}
    case = _coded(column["case"])
    micros = column["time"].astype("datetime64[us]").astype(np.int64)
    order = np.lexsort((np.arange(len(micros)), micros, case.codes))
    own = case.codes[order]
    first = np.searchsorted(own, np.arange(len(case.names) + 1))

    def taken(role: str, values: NDArray[Any] | None = None) -> Codes:
        codes = _coded(column[role] if values is None else values)
        return Codes(codes.codes[order], codes.names)

    return EventLog(
        case=own,
        case_names=case.names,
        first=first,
        activity=taken("activity"),
        time=micros[order],
        row=order,
        start=column["start"].astype("datetime64[us]").astype(np.int64)[order] if starts else None,
        person=taken("person"),
        area=taken("area", areas),
        site=taken("site"),
        customer=taken("customer"),
        due=column["due"].astype("datetime64[us]").astype(np.int64)[order],
        amount=column["amount"][order],
        segments={simulated.roles[role]: taken(role) for role in ("family", "channel")},
    )


def _coded(values: NDArray[Any]) -> Codes:
    """Numbered by first appearance, so that the words do not decide the order."""
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(value, len(places)) for value in values.tolist()], np.int32)
    return Codes(codes, tuple(places))


def is_right(finding: Finding, fault: Fault) -> bool:
    """The kind and the whole place. A bounce is between two areas, whichever comes first."""
    if finding.kind != fault.kind and finding.kind.value not in fault.also:
        return False
    return _place(finding.kind, finding.where) == _place(finding.kind, fault.where)


def _place(kind: str, where: Mapping[str, str]) -> object:
    if kind != "ping_pong":
        return dict(where)
    pair = frozenset((where["from"], where["to"]))
    return pair, {role: name for role, name in where.items() if role not in ("from", "to")}


def is_found(findings: Sequence[Finding], fault: Fault, first: int = 10) -> bool:
    return any(is_right(finding, fault) for finding in findings[:first])
