"""A zone's UTC offsets, so that wall-clock windows can be cut exactly at every change of the clock.

Unit everywhere: microseconds as int; an instant counts from 1970-01-01T00:00Z, a local moment from 1970-01-01
00:00 of the wall clock. Source: the IANA database through zoneinfo.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import SupportsInt
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()
LAST_DAY = date.max.toordinal()
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
PROBE = 6 * 60 * MINUTE  # no zone has changed its offset there and back within six hours

FIRST_YEAR = 1900
LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class OffsetSpans:
    """Three tuples of one length: in [starts[i], ends[i]) the wall clock shows instant + offsets[i]."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    offsets: tuple[int, ...]

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Start, end and offset of each span."""
        return zip(self.starts, self.ends, self.offsets, strict=True)


def to_micros(at: datetime) -> int:
    """Microseconds since the epoch of an aware datetime. Raises ValueError for a naive one."""
    if at.utcoffset() is None:
        raise ValueError(f"An instant needs a time zone: {at!r}")
    return (at - EPOCH) // MICROSECOND


def from_micros(micros: SupportsInt) -> datetime:
    """The aware UTC datetime of microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=int(micros))


def local_midnight(day: date) -> int:
    """00:00 of the wall clock on that date, in local microseconds."""
    return (day.toordinal() - EPOCH_DAY) * DAY


def year_of(micros: int) -> int:
    """The UTC year of an instant; the nearest one there is for an instant no datetime can hold."""
    return date.fromordinal(max(1, min(LAST_DAY, micros // DAY + EPOCH_DAY))).year


@lru_cache(maxsize=2048)
def offset_spans(zone: str, year: int) -> OffsetSpans:
    """The offsets of a UTC calendar year, in order and without holes."""
    info = ZoneInfo(zone)
    first, end = local_midnight(date(year, 1, 1)), local_midnight(date(year + 1, 1, 1))
    starts, offsets = [first], [_offset(info, first)]
    for probe in range(first + PROBE, end, PROBE):
        offset = _offset(info, probe)
        if offset != offsets[-1]:
            starts.append(_change(info, probe - PROBE, probe))
            offsets.append(offset)
    return OffsetSpans(tuple(starts), (*starts[1:], end), tuple(offsets))


def end_of_local_day(zone: str, day: date) -> int:
    """The last instant whose wall clock has not yet left ``day``, even where clocks change at midnight."""
    midnight = local_midnight(day + timedelta(days=1))
    years = [offset_spans(zone, year) for year in (day.year, day.year + 1)]
    begun = (span for spans in years for span in spans if span[0] + span[2] < midnight)
    return max(min(end, midnight - offset) for _start, end, offset in begun) - 1


def _offset(info: ZoneInfo, micros: int) -> int:
    offset = from_micros(micros).astimezone(info).utcoffset()
    assert offset is not None
    return offset // MICROSECOND


def _change(info: ZoneInfo, before: int, after: int) -> int:
    """The first whole second in (before, after] that has the offset of ``after``: no change is finer."""
    target = _offset(info, after)
    while after - before > SECOND:
        middle = (before + after) // (2 * SECOND) * SECOND
        before, after = (before, middle) if _offset(info, middle) == target else (middle, after)
    return after
