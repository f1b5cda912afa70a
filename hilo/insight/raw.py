"""What a reader makes of files: one table of columns as they stand, before anybody says what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from hilo.insight.records import record
from hilo.insight.speaking import Said

if TYPE_CHECKING:
    import pyarrow as pa  # 0.1 s and 40 MB, which whoever only names a role or a refusal need not pay


class Role(StrEnum):
    """What a column can be taken for. The values are the names of the command's options."""

    CASE = "case"
    ACTIVITY = "activity"
    TIME = "time"
    START = "start"
    PERSON = "person"
    AREA = "area"
    SITE = "site"
    CUSTOMER = "customer"
    DUE = "due"
    AMOUNT = "amount"
    LIFECYCLE = "lifecycle"  # start, complete: two rows of one activity


class Unreadable(Exception):
    """The file cannot be used. ``said`` says what is wrong, where (file, row, column) and what to do."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


@record
class ReadFile:
    """One file as it was read. ``rows`` went into the table, ``refused`` could not; ``first`` is the table's
    row at which this file begins."""

    name: str
    format: str  # "csv", "xlsx", "parquet", "xes", "ocel2-sqlite", "ocel2-json", "ocel2-xml", "ocel1-json"
    rows: int
    refused: int = 0
    first: int = 0
    encoding: str = ""
    separator: str = ""


@record
class RawTable:
    """Columns of equal length in file order: string, bool, int64, float64, timestamp[us] without a zone (as
    the file says it) or timestamp[us, UTC] where every value carries its offset.

    ``taken`` names the columns whose meaning the format itself states (XES extensions, OCEL). ``remarks``
    say what was done to read it: a Latin-1 file, ragged rows left out, dates read as day/month.
    """

    data: pa.Table
    files: tuple[ReadFile, ...]
    taken: Mapping[Role, str] = field(default_factory=dict)
    remarks: tuple[Said, ...] = ()
