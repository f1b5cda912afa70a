"""A zone's UTC offsets as arrays, so that wall-clock windows can be cut exactly at every change of the clock.

Unit everywhere: int64 microseconds; an instant counts from 1970-01-01T00:00Z, a local moment from 1970-01-01
00:00 of the wall clock. Source: the IANA database through zoneinfo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

type Micros = npt.NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date().toordinal()
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
PROBE = 6 * 60 * MINUTE  # no zone has changed its offset there and back within six hours

FIRST_YEAR = 1900
LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class OffsetSpans:
    """Three arrays of one length: in [starts[i], ends[i]) the wall clock shows instant + offsets[i]."""

    starts: Micros
    ends: Micros
    offsets: Micros


def to_micros(at: datetime) -> int:
    """Microseconds since the epoch of an aware datetime. Raises ValueError for a naive one."""
    if at.utcoffset() is None:
        raise ValueError(f"An instant needs a time zone: {at!r}")
    return (at - EPOCH) // MICROSECOND


def from_micros(micros: int | np.int64) -> datetime:
    """The aware UTC datetime of microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=int(micros))


def local_midnight(day: date) -> int:
    """00:00 of the wall clock on that date, in local microseconds."""
    return (day.toordinal() - EPOCH_DAY) * DAY


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
    return OffsetSpans(
        np.array(starts, dtype=np.int64),
        np.array([*starts[1:], end], dtype=np.int64),
        np.array(offsets, dtype=np.int64),
    )


def end_of_local_day(zone: str, day: date) -> int:
    """The last instant whose wall clock has not yet left ``day``, even where clocks change at midnight."""
    midnight = local_midnight(day + timedelta(days=1))
    years = [offset_spans(zone, year) for year in (day.year, day.year + 1)]
    return max(_last_before(midnight, spans) for spans in years if _begun(midnight, spans).any())


def _begun(midnight: int, spans: OffsetSpans) -> npt.NDArray[np.bool_]:
    return spans.starts + spans.offsets < midnight


def _last_before(midnight: int, spans: OffsetSpans) -> int:
    return int(np.minimum(spans.ends, midnight - spans.offsets)[_begun(midnight, spans)].max()) - 1


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
