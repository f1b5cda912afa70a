"""One file as its reader leaves it, before the files are put together and the columns get their types."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import field

import pyarrow as pa

from hilo.insight.raw import Role
from hilo.insight.records import record


@record
class Piece:
    """``columns`` of equal length; text columns may be dictionaries and are not typed yet.

    ``states_types`` when the format says what is a number and what a time: then text stays text. ``refused``
    are the records of the file, counted from 1, that are not in the columns. ``has_serials`` when a number
    can be a date in disguise (Excel). ``dates`` are columns still of text that the format calls dates."""

    name: str
    format: str
    columns: dict[str, pa.ChunkedArray]
    rows: int
    states_types: bool = False
    has_serials: bool = False
    dates: frozenset[str] = frozenset()
    refused: Sequence[int] = ()
    first_record: int = 1
    encoding: str = ""
    separator: str = ""
    taken: Mapping[Role, str] = field(default_factory=dict)

    def record(self, row: int) -> int:
        """Where row ``row`` (from 0) stands in the file, the title row being 1 where there is one."""
        record = self.first_record + row
        before = 0
        while (now := bisect_left(self.refused, record + 1)) != before:
            record, before = self.first_record + row + now, now
        return record
