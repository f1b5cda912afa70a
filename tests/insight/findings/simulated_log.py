"""From the rows of a simulated export to an event log, and whether findings are the faults planted in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import Codes, EventLog
from hilo.insight.meanings import Meaning, Meanings
from hilo.insight.results import Finding
from tests.simulation.company import Simulated
from tests.simulation.faults import Fault
from tests.simulation.words import Vocabulary

MEANT = {
    Meaning.REQUEST: "request",
    Meaning.INCIDENT_OPENED: "incident_opened",
    Meaning.INCIDENT_CLOSED: "incident_closed",
    Meaning.NEWS_TO_CUSTOMER: "news",
    Meaning.INVOICE: "invoice",
    Meaning.DELIVERY: "delivery",
    Meaning.WAITING_FOR_CUSTOMER: "waiting_for_customer",
}


def meanings_of(words: Vocabulary) -> Meanings:
    """What the simulator means by its activities, whatever would be guessed from the words."""
    return Meanings({m: frozenset([words.activities[MEANT[m]]] if m in MEANT else []) for m in Meaning})


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
