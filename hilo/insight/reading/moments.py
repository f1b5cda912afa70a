"""A column of texts to moments, in whatever way people and programs write them, over whole arrays.

Texts of one shape (layouts.py) are read together: the runs of digits of a whole block are cut out at once
with numpy, and each shape says which run is the year. 1 million values take about half a second.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.reading.layouts import Layout, layout_of
from hilo.insight.records import record

type Ints = NDArray[np.int64]

MOST_DIGITS = 18
FIRST_YEAR, LAST_YEAR = 1900, 2200
TURN_OF_CENTURY = 70
"""A year of two digits from here on is of the 20th century."""
MOST_SHAPES = 2000
"""In one block. A column of moments has a handful; a text has as many as it has values."""
_DAY = 86_400_000_000
_MINUTE = 60_000_000


class State(IntEnum):
    NAIVE = 0
    ZONED = 1
    FAR = 2  # a moment, but in a year nobody means
    UNREAD = 3


@dataclass(slots=True)
class Read:
    """Moments of one block: microseconds since 1970 (UTC where zoned), and how each was read.

    ``first_beyond`` and ``second_beyond`` count the dates of which only the first or the second number can be
    the day; ``either`` those that could be both and differ by it."""

    micros: Ints
    state: NDArray[np.uint8]
    first_beyond: int = 0
    second_beyond: int = 0
    either: int = 0
    shapes: Counter[str] = field(default_factory=Counter)


def read_moments(values: pa.Array, *, month_first: bool = False, compact: bool = False) -> Read:
    """``values``: strings without nulls. ``compact`` says that eight digits are a date."""
    n = len(values)
    read = Read(np.zeros(n, np.int64), np.full(n, State.UNREAD, np.uint8))
    if n == 0:
        return read
    runs = _runs(values)
    if len(runs.shapes) > MOST_SHAPES:
        return read
    for code, shape in enumerate(runs.shapes):
        layout = layout_of(shape)
        if layout is None or (layout.is_compact and not compact):
            continue
        rows = np.flatnonzero(runs.shape == code)
        read.shapes[shape] += len(rows)
        _read_shape(layout, runs, rows, month_first, read)
    return read


# Runs of digits ------------------------------------------------------------------------------------------


@record
class _Runs:
    """``value`` and ``length`` of every run of digits of the block; those of row r begin at ``first[r]``."""

    value: Ints
    length: NDArray[np.int64]
    first: Ints
    shape: NDArray[np.int32]
    shapes: list[str]

    def get(self, rows: Ints, run: int) -> Ints:
        return self.value[self.first[rows] + run]

    def digits(self, rows: Ints, run: int) -> Ints:
        return self.length[self.first[rows] + run]


@record
class _EvenRuns:
    """The same of a block whose texts have digits in the same places and the same letters between them, as
    programs write them; ``columns`` are the values run by run. Three times as fast."""

    columns: list[Ints]
    lengths: list[int]
    shape: NDArray[np.int32]
    shapes: list[str]

    def get(self, rows: Ints, run: int) -> Ints:
        return self.columns[run][rows]

    def digits(self, rows: Ints, run: int) -> Ints:
        return np.full(len(rows), self.lengths[run])


def _runs(values: pa.Array) -> _Runs | _EvenRuns:
    offsets, data = _bytes_of(values)
    return _even_runs(offsets, data) or _loose_runs(offsets, data)


def _even_runs(offsets: Ints, data: NDArray[np.uint8]) -> _EvenRuns | None:
    n = len(offsets) - 1
    width = len(data) // n
    if width * n != len(data) or (offsets != np.arange(n + 1) * width).any():
        return None
    texts = data.reshape(n, width)
    first = texts[0]
    is_digit = (first - np.uint8(48)) < 10
    if (texts[:, ~is_digit] != first[~is_digit]).any():
        return None
    if ((texts[:, is_digit] - np.uint8(48)) >= 10).any():
        return None
    found = [(each.start(), each.end()) for each in re.finditer(rb"\d+", first.tobytes())]
    columns = [_column(texts, start, min(end, start + MOST_DIGITS)) for start, end in found]
    lengths = [end - start for start, end in found]
    shape = re.sub(rb"\d+", lambda run: b"%d" % min(max(len(run[0]), 2), 9), first.tobytes())
    return _EvenRuns(columns, lengths, np.zeros(n, np.int32), [shape.decode("utf-8", "replace")])


def _column(texts: NDArray[np.uint8], start: int, end: int) -> Ints:
    value = np.zeros(len(texts), np.int64)
    for place in range(start, end):
        value *= 10
        value += texts[:, place] - np.uint8(48)
    return value


def _loose_runs(offsets: Ints, data: NDArray[np.uint8]) -> _Runs:
    digit = (data - np.uint8(48)) < 10
    at_row = np.zeros(len(data) + 1, np.bool_)
    at_row[offsets] = True
    before = np.concatenate([[False], digit[:-1]])
    begins = digit & (~before | at_row[:-1])
    after = np.concatenate([digit[1:], [False]])
    starts = np.flatnonzero(begins)
    length = np.flatnonzero(digit & (~after | at_row[1:])) + 1 - starts
    counted = np.concatenate([[0], np.cumsum(begins)])
    shape, shapes = _shapes(data, ~digit | begins, starts, length, offsets)
    return _Runs(_values(data, starts, length), length, counted[offsets[:-1]], shape, shapes)


def _bytes_of(values: pa.Array) -> tuple[Ints, NDArray[np.uint8]]:
    _valid, offsets, data = values.cast(pa.string()).buffers()
    places = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1].astype(
        np.int64
    )
    whole = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return places - places[0], whole[places[0] : places[-1]]


def _values(data: NDArray[np.uint8], starts: Ints, length: NDArray[np.int64]) -> Ints:
    value = np.zeros(len(starts), np.int64)
    longest = min(int(length.max(initial=0)), MOST_DIGITS)
    for place in range(longest):
        at = np.flatnonzero(length > place) if place else slice(None)
        value[at] = value[at] * 10 + (data[starts[at] + place] - np.uint8(48))
    return value


def _shapes(
    data: NDArray[np.uint8],
    keep: NDArray[np.bool_],
    starts: Ints,
    length: NDArray[np.int64],
    offsets: Ints,
) -> tuple[NDArray[np.int32], list[str]]:
    marked = data.copy()
    marked[starts] = np.clip(length, 2, 9).astype(np.uint8) + 48
    places = np.concatenate([[0], np.cumsum(keep)])[offsets].astype(np.int32)
    texts = pa.StringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(places.tobytes()), pa.py_buffer(marked[keep].tobytes())
    )
    coded = texts.dictionary_encode()
    return coded.indices.to_numpy(zero_copy_only=False), coded.dictionary.to_pylist()


# One shape -----------------------------------------------------------------------------------------------


def _read_shape(layout: Layout, runs: _Runs | _EvenRuns, rows: Ints, month_first: bool, read: Read) -> None:
    year, month, day = _date(layout, runs, rows, month_first, read)
    good = (month >= 1) & (month <= 12) & (day >= 1)
    month = np.where(good, month, 1)
    good &= day <= _days_in(year, month)
    clock, clock_good = _clock(layout, runs, rows)
    good &= clock_good
    if layout.is_short_year:
        good &= runs.digits(rows, layout.year) == 2
    far = good & ((year < FIRST_YEAR) | (year > LAST_YEAR))
    offset, offset_good = _offset(layout, runs, rows)
    good &= offset_good
    micros = _days_since_1970(year, month, day) * _DAY + clock - offset
    read.micros[rows] = np.where(good & ~far, micros, 0)
    fine = State.ZONED if layout.has_zone else State.NAIVE
    read.state[rows] = np.where(good, np.where(far, State.FAR, fine), State.UNREAD)


def _date(
    layout: Layout, runs: _Runs | _EvenRuns, rows: Ints, month_first: bool, read: Read
) -> tuple[Ints, Ints, Ints]:
    year = runs.get(rows, layout.year)
    if layout.is_compact:
        return year // 10_000, year // 100 % 100, year % 100
    if layout.is_short_year:
        year = year + np.where(year < TURN_OF_CENTURY, 2000, 1900)
    if layout.ends is None:
        day = runs.get(rows, layout.day or 0)
        month = (
            np.full(len(rows), layout.month) if layout.month_run is None else runs.get(rows, layout.month_run)
        )
        return year, month, day
    first, second = (runs.get(rows, run) for run in layout.ends)
    read.first_beyond += int(((first > 12) & (second <= 12)).sum())
    read.second_beyond += int(((second > 12) & (first <= 12)).sum())
    read.either += int(((first <= 12) & (second <= 12) & (first != second)).sum())
    return (year, first, second) if month_first else (year, second, first)


def _clock(layout: Layout, runs: _Runs | _EvenRuns, rows: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    zero = np.zeros(len(rows), np.int64)
    if layout.hour is None:
        return zero, np.ones(len(rows), np.bool_)
    hour = runs.get(rows, layout.hour)
    minute = zero if layout.minute is None else runs.get(rows, layout.minute)
    second = zero if layout.second is None else runs.get(rows, layout.second)
    good = (minute < 60) & (second < 60)
    if layout.half:
        good &= (hour >= 1) & (hour <= 12)
        hour = hour % 12 + (12 if layout.half == "p" else 0)
    good &= hour < 24
    micros = (hour * 60 + minute) * _MINUTE + second * 1_000_000
    return micros + _fraction(layout, runs, rows), good


def _fraction(layout: Layout, runs: _Runs | _EvenRuns, rows: Ints) -> Ints:
    if layout.fraction is None:
        return np.zeros(len(rows), np.int64)
    digits = runs.digits(rows, layout.fraction)
    value = runs.get(rows, layout.fraction)
    more = np.clip(6 - digits, 0, 6)
    fewer = np.clip(np.minimum(digits, MOST_DIGITS) - 6, 0, None)
    micros: Ints = value * 10**more // 10**fewer
    return micros


def _offset(
    layout: Layout, runs: _Runs | _EvenRuns, rows: Ints
) -> tuple[Ints | int, NDArray[np.bool_] | bool]:
    if layout.offset is not None:
        return layout.offset * _MINUTE, True
    if layout.offset_hour is None:
        return 0, True
    hours = runs.get(rows, layout.offset_hour)
    minutes = np.zeros(len(rows), np.int64)
    if layout.offset_is_joined:
        hours, minutes = hours // 100, hours % 100
    elif layout.offset_minute is not None:
        minutes = runs.get(rows, layout.offset_minute)
    return layout.east * (hours * 60 + minutes) * _MINUTE, (hours <= 18) & (minutes < 60)


def _days_in(year: Ints, month: Ints) -> Ints:
    days: Ints = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days += (month == 2) & leap
    return days


def _days_since_1970(year: Ints, month: Ints, day: Ints) -> Ints:
    """Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil."""
    year = year - (month <= 2)
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    days: Ints = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return days
