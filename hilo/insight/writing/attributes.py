"""What an event log says of each event, under the names that XES and the tools that read it know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import NO_TIME, Codes, EventLog, Micros
from hilo.insight.records import record

type Floats = NDArray[np.float64]

BLOCK = 50_000
"""Events whose texts are made at once."""
# All that XML 1.0 forbids, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@record
class Attribute:
    """One value per event; ``kind`` is XES's: string, date or float. None where there is none."""

    name: str
    kind: str
    values: Codes | Micros | Floats

    def texts(self, begin: int, end: int) -> list[str | None]:
        if isinstance(self.values, Codes):
            names = self.values.names
            return [names[code] if code >= 0 else None for code in self.values.codes[begin:end].tolist()]
        part = self.values[begin:end]
        if self.kind == "date":
            return moments(part.astype(np.int64, copy=False))
        return [None if value != value else repr(value) for value in part.tolist()]


def attributes(log: EventLog) -> list[Attribute]:
    """All but the case, the activity and the time, which every format writes its own way."""
    taken = {"concept:name", "time:timestamp"}
    found: list[Attribute] = []

    def add(name: str, kind: str, values: Codes | Micros | Floats | None) -> None:
        if values is None:
            return
        if isinstance(values, Codes):
            values = Codes(values.codes, cleaned(values.names))
        found.append(Attribute(_free(clean(name) or "attribute", taken), kind, values))

    add("start_timestamp", "date", log.start)
    add("detail", "string", log.detail)
    add("org:resource", "string", log.person)
    add("org:group", "string", log.area)
    add("site", "string", log.site)
    add("customer", "string", log.customer)
    add("due", "date", log.due)
    add("amount", "float", log.amount)
    for name, codes in log.segments.items():
        add(name, "string", codes)
    return found


def moments(values: Micros) -> list[str | None]:
    """ISO 8601 in UTC."""
    texts = np.datetime_as_string(np.where(values == NO_TIME, 0, values).astype("datetime64[us]")).tolist()
    missing = (values == NO_TIME).tolist()
    return [None if gone else f"{text}+00:00" for text, gone in zip(texts, missing, strict=True)]


def clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def cleaned(names: Sequence[str]) -> list[str]:
    """The names without what XML forbids, still different from each other."""
    taken: set[str] = set()
    return [_free(clean(name), taken) for name in names]


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free


def blocks(n: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, n, BLOCK):
        yield begin, min(begin + BLOCK, n)
