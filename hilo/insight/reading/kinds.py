"""What a file is, by what is in it: names lie, and people rename .xls to .csv."""

from __future__ import annotations

import re
from enum import StrEnum

from hilo.insight.raw import Unreadable
from hilo.insight.reading.encodings import encoding_of
from hilo.insight.reading.unpacking import Source, head_of, is_zip
from hilo.insight.speaking import _


class Kind(StrEnum):
    CSV = "csv"
    WORKBOOK = "xlsx"
    PARQUET = "parquet"
    XES = "xes"
    OCEL_SQLITE = "ocel2-sqlite"
    OCEL_JSON = "ocel-json"
    OCEL_XML = "ocel2-xml"


_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"BZh", "bzip2"),
    (b"(\xb5/\xfd", "Zstandard"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def kind_of(source: Source) -> Kind:
    head = head_of(source.path)
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head.startswith(b"SQLite format 3\0"):
        return Kind.OCEL_SQLITE
    if head.startswith(b"\xd0\xcf\x11\xe0") or is_zip(source.path):
        return Kind.WORKBOOK
    _refuse_foreign(source, head)
    return _kind_of_text(source, head)


def _refuse_foreign(source: Source, head: bytes) -> None:
    for mark, name in _FOREIGN:
        if head.startswith(mark) and (mark == b"%PDF" or _CONTROLS.search(head)):
            raise Unreadable(
                _(
                    "%(file)s is no log but a file of another kind (%(kind)s): export the table as CSV or "
                    "Excel.",
                    file=source.name,
                    kind=name,
                )
            )


def _kind_of_text(source: Source, head: bytes) -> Kind:
    encoding, mark = encoding_of(head)
    text = head[mark:].decode(encoding, "ignore").replace("\0", "")
    if encoding == "utf-8" and len(_CONTROLS.findall(head)) > len(head) * 0.02 + 2:
        raise Unreadable(
            _(
                "%(file)s is no text and no format known here: export the table as CSV or Excel.",
                file=source.name,
            )
        )
    begin = text.lstrip()
    if begin.startswith("<"):
        return _kind_of_xml(source, begin)
    if begin.startswith(("{", "[")) and re.match(r'[{\[]\s*(["{\[}\]]|$)', begin):
        return Kind.OCEL_JSON
    return Kind.CSV


def _kind_of_xml(source: Source, begin: str) -> Kind:
    if re.search(r"<(object-types|event-types|objects)\b", begin):
        return Kind.OCEL_XML
    if re.match(r"<(!doctype html|html|table|head|body)\b", begin, re.IGNORECASE):
        raise Unreadable(
            _("%(file)s is a web page, whatever its name says: save it as Excel or CSV.", file=source.name)
        )
    return Kind.XES
