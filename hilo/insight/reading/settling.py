"""The type of each column, settled over the whole of it: a text, a number, yes or no, a moment.

A column of text comes as strings or as a dictionary of strings; of the latter only the distinct values are
looked at. A sample says what a column cannot be, so that most texts cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.lean import arrow, pc
from hilo.insight.reading.figures import booleans, decimals, integers
from hilo.insight.reading.moments import Read, State, read_moments
from hilo.insight.reading.told import Told
from hilo.insight.records import record
from hilo.insight.speaking import Said, Share, _, ngettext

ENOUGH = 0.95
"""The share of values that must be moments for the column to be one of moments."""
SAMPLE = 500
MISSING = ("", "?")
SAID_MISSING = ("null", "na", "n/a", "nan", "none", "nat", "\\n", "-", "--", "#n/a", "#n/d")
"""Missing among times and decimal figures only: a case, a person or a country may be called NA."""

_NAMED_FOR_TIME = re.compile(
    r"(time|date|stamp|fecha|hora|momento|epoch|when|cuando|cuándo)|(^|[^a-z])(ts|dt|at|inicio|fin|start|end)$",
    re.IGNORECASE,
)
_EPOCHS = ((1, 1e8, 7.3e9), (1_000, 1e11, 7.3e12), (1_000_000, 1e14, 7.3e15))
_EXCEL_EPOCH = -2_209_161_600_000_000  # 30 December 1899
_SERIALS = (20_000, 80_000)  # 1954 to 2119

type Where = Callable[[int], tuple[str, int]]
"""From a row of the table to the file and the row in it."""


@record
class Setting:
    """What else decides: ``comma_is_likely`` when the cells are cut by semicolons, ``only_moments`` when the
    format states its types (then only ``dates`` and what is named for time is looked at), ``has_serials``
    when numbers can be Excel's dates."""

    where: Where
    comma_is_likely: bool = False
    only_moments: bool = False
    dates: frozenset[str] = frozenset()
    has_serials: bool = False


@dataclass(slots=True)
class _Moments:
    """A column found to be of moments, before the order of day and month is settled between columns."""

    column: pa.ChunkedArray
    values: list[pa.Array]
    reads: list[Read]
    compact: bool
    first_beyond: int = 0
    second_beyond: int = 0
    either: int = 0
    shapes: set[str] = field(default_factory=set)


def settle(columns: dict[str, pa.ChunkedArray], setting: Setting, told: Told) -> dict[str, pa.ChunkedArray]:
    """Takes the columns out of ``columns`` one by one, so that no more than one stands in memory twice."""
    settled: dict[str, pa.ChunkedArray] = {}
    moments: dict[str, _Moments] = {}
    for name in list(columns):
        column = settled[name] = columns.pop(name)
        if not _is_text(column.type):
            settled[name] = _number_as_moment(name, column, setting)
            continue
        column = _without_missing(column)
        found = _moments(name, column) if _may_be_moments(name, setting) else None
        if found is None:
            settled[name] = column if setting.only_moments else _figures(name, column, setting, told)
            settled[name] = _number_as_moment(name, settled[name], setting)
        else:
            moments[name] = found
            settled[name] = None  # its place among the columns
    for name, month_first in _orders(moments, told).items():
        settled[name] = _as_timestamps(name, moments.pop(name), month_first, setting, told)
    return settled


def _may_be_moments(name: str, setting: Setting) -> bool:
    """Where the format says that a column is text, its title has to contradict it."""
    return not setting.only_moments or name in setting.dates or bool(_NAMED_FOR_TIME.search(name))


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Strings in place of a dictionary of them."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _is_text(kind: pa.DataType) -> bool:
    words = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(words))


# Text ----------------------------------------------------------------------------------------------------


def _without_missing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(column.type):
        return _nulled(column)
    column = column.unify_dictionaries()
    if not column.num_chunks:
        return column
    words = _nulled(column.chunk(0).dictionary)
    if not words.null_count:
        return column
    # Codes of a missing word become null themselves: readers look at the codes, not at the words.
    kept = pc.fill_null(pc.is_valid(words), False).to_numpy(zero_copy_only=False)
    new = np.cumsum(kept) - 1
    chunks = [_recoded(chunk, kept, new, words.drop_null()) for chunk in column.chunks]
    return pa.chunked_array(chunks, column.type)


def _recoded(
    chunk: pa.DictionaryArray, kept: NDArray[np.bool_], new: NDArray[np.int64], words: pa.Array
) -> pa.DictionaryArray:
    codes = pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False)
    missing = (codes < 0) | ~kept[codes]
    return pa.DictionaryArray.from_arrays(arrow(new[codes].astype(np.int32), missing), words)


def _nulled(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    missing = pc.is_in(values, pa.array(MISSING, pa.string()))
    if not pc.any(missing).as_py():
        return values
    return pc.if_else(missing, pa.scalar(None, pa.string()), values)


def _words(column: pa.ChunkedArray) -> list[pa.Array]:
    """The distinct values of a dictionary, or all of a column of strings; trimmed, without nulls."""
    return [_trimmed(chunk) for chunk in _untrimmed(column)]


def _untrimmed(column: pa.ChunkedArray) -> list[pa.Array]:
    if pa.types.is_dictionary(column.type):
        return [column.chunk(0).dictionary] if column.num_chunks else []
    return [chunk.drop_null() if chunk.null_count else chunk for chunk in column.chunks]


def _trimmed(chunk: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(chunk)
    return chunk if trimmed.equals(chunk) else trimmed  # one copy is kept, not two


def _back(column: pa.ChunkedArray, words: list[pa.Array]) -> pa.ChunkedArray:
    """The inverse of ``_words``: what the words have become, at the places where they stood."""
    kind = words[0].type
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([words[0].take(chunk.indices) for chunk in column.chunks], kind)
    filled = []
    for chunk, became in zip(column.chunks, words, strict=True):
        if chunk.null_count:
            places = np.cumsum(chunk.is_valid().to_numpy(zero_copy_only=False)) - 1
            became = became.take(arrow(places, chunk.is_null().to_numpy(zero_copy_only=False)))
        filled.append(became)
    return pa.chunked_array(filled, kind)


def _cut_like(words: list[pa.Array], values: pa.ChunkedArray) -> list[pa.Array]:
    """``values`` in pieces as long as those of ``words``: Arrow drops empty ones on the way."""
    pieces, begin = [], 0
    for chunk in words:
        piece = values.slice(begin, len(chunk)).combine_chunks()
        pieces.append(piece.combine_chunks() if isinstance(piece, pa.ChunkedArray) else piece)
        begin += len(chunk)
    return pieces


def _sample(column: pa.ChunkedArray) -> pa.Array:
    """Some of its words."""
    words = _untrimmed(column)
    total = sum(map(len, words))
    step = max(total // SAMPLE, 1)
    picked = [chunk.take(arrow(np.arange(0, len(chunk), step))) for chunk in words if len(chunk)]
    return _trimmed(pa.concat_arrays(picked)) if picked else pa.array([], pa.string())


def _is_said_missing(words: pa.Array) -> pa.Array:
    return pc.is_in(pc.utf8_lower(words), pa.array(SAID_MISSING, pa.string()))


# Figures -------------------------------------------------------------------------------------------------


def _figures(name: str, column: pa.ChunkedArray, setting: Setting, told: Told) -> pa.ChunkedArray:
    sample = _sample(column)
    if not len(sample):
        return column
    for read in (integers, booleans):
        if read(_chunked([sample])) is None:
            continue
        words = _words(column)
        if (typed := read(_chunked(words))) is not None:
            return _back(column, _cut_like(words, typed))
    sample = sample.filter(pc.invert(_is_said_missing(sample)))
    if not len(sample) or decimals(_chunked([sample]), comma_is_likely=setting.comma_is_likely) is None:
        return column
    words = _words(column)
    missing = [_is_said_missing(chunk) for chunk in words]
    cleaned = [
        pc.if_else(where, pa.scalar(None, pa.string()), chunk)
        for where, chunk in zip(missing, words, strict=True)
    ]
    found = decimals(_chunked(cleaned), comma_is_likely=setting.comma_is_likely)
    if found is None or (integers(_chunked(cleaned)) is not None):
        return column  # whole numbers beside the word NA are codes: NA may be one of them
    numbers, unsure = found
    if unsure:
        told.say(_as_guessed(name, setting))
    return _back(column, _cut_like(words, numbers))


def _chunked(chunks: list[pa.Array]) -> pa.ChunkedArray:
    return pa.chunked_array(chunks, pa.string())


def _as_guessed(name: str, setting: Setting) -> Said:
    if setting.comma_is_likely:
        return _(
            "In “%(column)s” a point was taken for thousands: 1.234 is a thousand and more.", column=name
        )
    return _("In “%(column)s” a comma was taken for thousands: 1,234 is a thousand and more.", column=name)


def _number_as_moment(name: str, column: pa.ChunkedArray, setting: Setting) -> pa.ChunkedArray:
    """Seconds or milliseconds since 1970, and Excel's days, where the name says time."""
    whole = pa.types.is_integer(column.type)
    if not (whole or pa.types.is_floating(column.type)) or not _NAMED_FOR_TIME.search(name):
        return column
    low, high = (each.as_py() for each in pc.min_max(column).values())
    if low is None:
        return column
    if setting.has_serials and _SERIALS[0] <= low and high <= _SERIALS[1]:
        micros = pc.round(pc.multiply(pc.cast(column, pa.float64()), 86_400_000.0))
        return _shifted(pc.multiply(pc.cast(micros, pa.int64()), 1000), _EXCEL_EPOCH)
    for per_second, least, most in _EPOCHS:
        if least <= low and high <= most:
            micros = pc.multiply(pc.cast(column, pa.float64()), 1_000_000 / per_second)
            exact = (
                pc.multiply(column, 1_000_000 // per_second)
                if whole
                else pc.cast(pc.round(micros), pa.int64())
            )
            return pc.cast(pc.cast(exact, pa.int64()), pa.timestamp("us", "UTC"))
    return column


def _shifted(micros: pa.ChunkedArray, by: int) -> pa.ChunkedArray:
    return pc.cast(pc.add(micros, by), pa.timestamp("us"))


# Moments -------------------------------------------------------------------------------------------------


def _moments(name: str, column: pa.ChunkedArray) -> _Moments | None:
    compact = bool(_NAMED_FOR_TIME.search(name))
    sample = _sample(column)
    sample = sample.filter(pc.invert(_is_said_missing(sample)))
    if not len(sample):
        return None
    tried = read_moments(sample, compact=compact)
    if not _is_mostly_read(tried):
        if not tried.shapes:  # then it is not for the order of day and month
            return None
        if not _is_mostly_read(read_moments(sample, month_first=True, compact=compact)):
            return None
    words = _words(column)
    found = _Moments(column, words, [read_moments(chunk, compact=compact) for chunk in words], compact)
    for read in found.reads:
        found.first_beyond += read.first_beyond
        found.second_beyond += read.second_beyond
        found.either += read.either
        found.shapes.update(read.shapes)
    if found.second_beyond > found.first_beyond:
        _read_again(found)
    return found if _share_read(found) >= ENOUGH else None


def _is_mostly_read(sample: Read) -> bool:
    return bool(np.count_nonzero(sample.state == State.UNREAD) <= 0.2 * len(sample.state))


def _read_again(found: _Moments) -> None:
    found.reads = [read_moments(chunk, month_first=True, compact=found.compact) for chunk in found.values]


def _share_read(found: _Moments) -> float:
    """Of the values of all rows, not of the distinct ones; words for missing do not count."""
    states = _states(found)
    if not (states == State.UNREAD).any():
        return 1.0
    weights, missing = _weights(found), _said_missing(found)
    asked = weights[~missing].sum()
    return float(weights[~missing & (states != State.UNREAD)].sum() / asked) if asked else 0.0


def _states(found: _Moments) -> NDArray[np.uint8]:
    return np.concatenate([read.state for read in found.reads])


def _said_missing(found: _Moments) -> NDArray[np.bool_]:
    return np.concatenate([_is_said_missing(chunk).to_numpy(zero_copy_only=False) for chunk in found.values])


def _weights(found: _Moments) -> NDArray[np.int64]:
    size = sum(map(len, found.values))
    if not pa.types.is_dictionary(found.column.type):
        return np.ones(size, np.int64)
    counts = np.zeros(size, np.int64)
    for chunk in found.column.chunks:
        counts += np.bincount(chunk.indices.drop_null().to_numpy(zero_copy_only=False), minlength=size)
    return counts


def _orders(moments: Mapping[str, _Moments], told: Told) -> dict[str, bool]:
    """Whether the month comes first, by column. One whose days are all below 13 follows the others of the
    file; day before month when none of them tells."""
    month_first = {name: found.second_beyond > found.first_beyond for name, found in moments.items()}
    months = [name for name, is_first in month_first.items() if is_first]
    days = [name for name, found in moments.items() if found.first_beyond > found.second_beyond]
    for name, found in moments.items():
        if not found.either or found.first_beyond or found.second_beyond:
            continue
        if months and not days:
            month_first[name] = True
            _read_again(found)
            told.say(_("“%(column)s” was read as month/day, like “%(other)s”.", column=name, other=months[0]))
        elif not days:
            told.say(
                _(
                    "In “%(column)s” nothing tells day from month (no day is after the 12th); it was read as "
                    "day/month.",
                    column=name,
                )
            )
    return month_first


def _as_timestamps(
    name: str, found: _Moments, month_first: bool, setting: Setting, told: Told
) -> pa.ChunkedArray:
    states = _states(found)
    counts = _counts(found, states)
    if counts[State.UNREAD]:
        unread = (states == State.UNREAD) & ~_said_missing(found)
        if unread.any():
            told.say(_about_unread(name, found, unread, int(_weights(found)[unread].sum()), setting))
    if counts[State.FAR]:
        told.say(_about_far(name, found, states == State.FAR, counts[State.FAR], setting))
    if counts[State.NAIVE] and counts[State.ZONED]:
        told.say(_about_zones(name, counts))
    if month_first and found.first_beyond:
        told.say(_("“%(column)s” was read as month/day, as most of its values are written.", column=name))
    kind = pa.timestamp("us", "UTC") if counts[State.ZONED] else pa.timestamp("us")
    typed = [arrow(read.micros, read.state >= State.FAR).cast(kind) for read in found.reads] or [
        pa.array([], kind)
    ]
    return _back(found.column, typed)


def _counts(found: _Moments, states: NDArray[np.uint8]) -> dict[State, int]:
    """Of all rows, by how they were read."""
    if not pa.types.is_dictionary(found.column.type):
        return {state: int(np.count_nonzero(states == state)) for state in State}
    weights = _weights(found)
    return {state: int(weights[states == state].sum()) for state in State}


def _about_unread(
    name: str, found: _Moments, unread: NDArray[np.bool_], count: int, setting: Setting
) -> Said:
    value, file, row = _example(found, unread, setting)
    return ngettext(
        "%(n)s value of “%(column)s” is no time and was left blank: “%(value)s” (%(file)s, row %(row)s).",
        "%(n)s values of “%(column)s” are no times and were left blank, as “%(value)s” (%(file)s, row "
        "%(row)s).",
        n=count,
        column=name,
        value=value[:80],
        file=file,
        row=row,
    )


def _about_far(name: str, found: _Moments, far: NDArray[np.bool_], count: int, setting: Setting) -> Said:
    value, file, row = _example(found, far, setting)
    return ngettext(
        "%(n)s value of “%(column)s” lies in a year nobody means and was left blank: “%(value)s” (%(file)s, "
        "row %(row)s).",
        "%(n)s values of “%(column)s” lie in years nobody means and were left blank, as “%(value)s” "
        "(%(file)s, row %(row)s).",
        n=count,
        column=name,
        value=value[:80],
        file=file,
        row=row,
    )


def _about_zones(name: str, counts: Mapping[State, int]) -> Said:
    naive = counts[State.NAIVE]
    return ngettext(
        "%(n)s time in “%(column)s” (%(share)s) says no zone and the others do; it was read as UTC.",
        "%(n)s times in “%(column)s” (%(share)s) say no zone and the others do; those were read as UTC.",
        n=naive,
        share=Share(naive / (naive + counts[State.ZONED]), 1),
        column=name,
    )


def _example(found: _Moments, wanted: NDArray[np.bool_], setting: Setting) -> tuple[str, str, int]:
    """The first such value in the order of the rows, and where it stands."""
    sizes = np.cumsum([0, *map(len, found.values)])
    if pa.types.is_dictionary(found.column.type):
        row, word = _first_row_of(found.column, np.flatnonzero(wanted))
    else:
        word = int(np.argmax(wanted))
        row = _row_of_value(found.column, word)
    chunk = int(np.searchsorted(sizes, word, side="right")) - 1
    return (found.values[chunk][word - int(sizes[chunk])].as_py(), *setting.where(row))


def _first_row_of(column: pa.ChunkedArray, words: NDArray[np.int64]) -> tuple[int, int]:
    before = 0
    for chunk in column.chunks:
        codes = pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False)
        hits = np.flatnonzero(np.isin(codes, words))
        if len(hits):
            return before + int(hits[0]), int(codes[hits[0]])
        before += len(chunk)
    return 0, int(words[0])


def _row_of_value(column: pa.ChunkedArray, place: int) -> int:
    """The row of the ``place``-th value that is not null."""
    row = 0
    for chunk in column.chunks:
        values = len(chunk) - chunk.null_count
        if place < values:
            return row + int(np.flatnonzero(chunk.is_valid().to_numpy(zero_copy_only=False))[place])
        place -= values
        row += len(chunk)
    return row
