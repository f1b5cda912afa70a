"""XML as a stream of elements that trusts nobody: no document type, no entities, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from hilo.insight.raw import Unreadable
from hilo.insight.reading.unpacking import BLOCK, Source
from hilo.insight.records import record
from hilo.insight.speaking import Said, _

DEEPEST = 200
"""Elements within elements; a log needs about six."""

type Attributes = dict[str, str]


@record
class Break:
    """Where the XML stops making sense."""

    line: int
    reason: str


def stream(
    source: Source,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> Break | None:
    """Calls ``start`` and ``end`` for each element, prefixes of namespaces left out of their names. Returns
    where it broke off, if it did."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    # Called a dozen times per event: what can be decided once is decided outside.
    def deeper(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(_too_deep(source, parser.CurrentLineNumber))
        start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def higher(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2] if ":" in name else name)

    def refuse(*_facts: object) -> None:
        raise Unreadable(_hostile(source, parser.CurrentLineNumber))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = deeper
    parser.EndElementHandler = higher
    if text is not None:
        parser.CharacterDataHandler = text
    with source.path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            return Break(error.lineno, expat.ErrorString(error.code))
    return None


def _hostile(source: Source, line: int) -> Said:
    return _(
        "%(file)s declares a document type or entities (line %(line)s), which a log does not need "
        "and an attack does: export it without them.",
        file=source.name,
        line=line,
    )


def _too_deep(source: Source, line: int) -> Said:
    return _(
        "%(file)s nests its elements %(depth)s deep (line %(line)s): this is no log.",
        file=source.name,
        depth=DEEPEST,
        line=line,
    )
