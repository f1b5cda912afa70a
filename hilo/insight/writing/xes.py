"""XES 1.0 (IEEE 1849), gzipped when the name ends in .gz."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hilo.insight.log import Codes, EventLog
from hilo.insight.writing.attributes import Attribute, attributes, blocks, clean, cleaned, moments

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""


def write_xes(log: EventLog, path: Path) -> None:
    """One trace per case, in the log's order, times in UTC. Characters that XML forbids are left out."""
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            # Without a name and a time of its own the same log gives the same bytes.
            with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                _write(log, TextIOWrapper(packed, "utf-8"))
        else:
            _write(log, TextIOWrapper(raw, "utf-8"))


def _write(log: EventLog, out: TextIOWrapper) -> None:
    out.write(_HEAD)
    out.write(f'<string key="zone" value={quoteattr(clean(log.zone))}/>\n')
    names = [quoteattr(name) for name in cleaned(log.case_names)]
    case = -1
    for now, event in zip(_cases(log), _events(log), strict=True):
        if now != case:
            out.write("</trace>\n" if case >= 0 else "")
            out.write(f'<trace>\n<string key="concept:name" value={names[now]}/>\n')
            case = now
        out.write(f"<event>{event}</event>\n")
    out.write("</trace>\n</log>\n" if case >= 0 else "</log>\n")
    out.flush()
    out.detach()


def _cases(log: EventLog) -> Iterator[int]:
    for begin, end in blocks(len(log)):
        yield from log.case[begin:end].tolist()


def _events(log: EventLog) -> Iterator[str]:
    """The attributes of each event as XML."""
    activity = Codes(log.activity.codes, cleaned(log.activity.names))
    columns = [_quoted(each) for each in (Attribute("concept:name", "string", activity), *attributes(log))]
    for begin, end in blocks(len(log)):
        texts = [
            [
                f'<date key="time:timestamp" value="{each}"/>' if each else ""
                for each in moments(log.time[begin:end])
            ],
            *(_elements(column, begin, end) for column in columns),
        ]
        yield from map("".join, zip(*texts, strict=True))


def _quoted(attribute: Attribute) -> Attribute:
    """Names are escaped once, not at each of their events."""
    if not isinstance(attribute.values, Codes):
        return attribute
    escaped = Codes(attribute.values.codes, [quoteattr(name) for name in attribute.values.names])
    return Attribute(attribute.name, attribute.kind, escaped)


def _elements(attribute: Attribute, begin: int, end: int) -> list[str]:
    head = f"<{attribute.kind} key={quoteattr(attribute.name)} value="
    is_quoted = isinstance(attribute.values, Codes)
    return [
        "" if text is None else f"{head}{text}/>" if is_quoted else f'{head}"{text}"/>'
        for text in attribute.texts(begin, end)
    ]
