"""What columns look like before anybody says what they mean: kinds, counts of values, behaviour in cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.lean import arrow
from hilo.insight.log import NO_TIME, Ints, Micros
from hilo.insight.raw import RawTable

ENOUGH_ROWS = 60_000
"""Of a longer table so many rows are looked at: whole cases, once the case is known."""
_BLOCKS = 6
_SOME_VALUES = 60


class Kind(Enum):
    LABEL = "label"
    NUMBER = "number"
    MOMENT = "moment"
    NOTHING = "nothing"  # not one value, or of a type without meaning here


@dataclass(frozen=True)
class Look:
    """Columns of some rows of a table, each encoded when first asked for."""

    table: pa.Table
    rows_in_all: int
    _codes: dict[str, tuple[Ints, pa.Array]] = field(default_factory=dict)
    _values: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def at(cls, raw: RawTable) -> Self:
        return cls(_blocks(raw.data), raw.data.num_rows)

    @property
    def rows(self) -> int:
        return int(self.table.num_rows)

    @property
    def names(self) -> list[str]:
        return list(self.table.column_names)

    def kind(self, name: str) -> Kind:
        column = self.table[name]
        kind = column.type
        if column.null_count == len(column):
            return Kind.NOTHING
        if pa.types.is_timestamp(kind):
            return Kind.MOMENT
        if pa.types.is_floating(kind):
            return Kind.NUMBER
        if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or is_text(kind):
            return Kind.LABEL
        return Kind.NOTHING

    def of_kind(self, *kinds: Kind) -> list[str]:
        return [name for name in self.names if self.kind(name) in kinds]

    def is_text(self, name: str) -> bool:
        return is_text(self.table[name].type)

    def codes(self, name: str) -> Ints:
        """(rows,): equal where values are equal, -1 where there is none."""
        return self._encoded(name)[0]

    def distinct(self, name: str) -> int:
        return len(self._encoded(name)[1])

    def known(self, name: str) -> float:
        """The share of rows with a value."""
        return 1 - self.table[name].null_count / self.rows if self.rows else 0.0

    def moments(self, name: str) -> Micros:
        return micros(self.table[name])

    def values(self, name: str) -> list[str]:
        """Some of the different ones."""
        if name not in self._values:
            some = self.table[name].unique()[:_SOME_VALUES].to_pylist()
            self._values[name] = [str(value) for value in some if value is not None]
        return self._values[name]

    def texts(self, name: str, rows: NDArray[np.int64]) -> list[str]:
        """What stands in these rows, "" where nothing does."""
        codes, names = self._encoded(name)
        codes = codes[rows]
        return [value or "" for value in names.take(arrow(codes, codes < 0)).to_pylist()]

    def _encoded(self, name: str) -> tuple[Ints, pa.Array]:
        if name not in self._codes:
            self._codes[name] = dictionary(self.table[name])
        return self._codes[name]


@dataclass(frozen=True)
class Cases:
    """The same rows sorted by a case column, then by a moment: how the other columns behave within cases."""

    look: Look
    order: NDArray[np.int64]
    same: NDArray[np.bool_]  # (rows - 1,): this row and the next are of one case
    of: Ints
    _changing: dict[str, float] = field(default_factory=dict)

    @classmethod
    def by(cls, raw: RawTable, look: Look, case: str, moment: str | None) -> Self:
        if raw.data.num_rows > look.rows:
            look = Look(_whole_cases(raw.data, case), raw.data.num_rows)
        codes = look.codes(case)
        times = look.moments(moment) if moment else np.zeros(look.rows, np.int64)
        order = np.lexsort((times, codes))
        order = order[codes[order] >= 0]
        of = codes[order]
        return cls(look, order, of[1:] == of[:-1], of)

    @cached_property
    def repeated(self) -> int:
        """Cases of more than one row."""
        return distinct_in_order(self.of[1:][self.same])

    @cached_property
    def rows_per_case(self) -> float:
        return len(self.of) / max(1, distinct_in_order(self.of))

    def changing(self, name: str) -> float:
        """The share of the cases of several rows in which the column changes from one value to another."""
        if name not in self._changing:
            self._changing[name] = self._share_of_cases(self._steps(name))
        return self._changing[name]

    def steps(self, name: str) -> float:
        """The share of steps within a case at which it changes."""
        return float(self._steps(name).sum()) / max(1, int(self.same.sum()))

    def regular_start(self, name: str) -> float:
        """0 to 1: how much more alike the first values of cases are than its values at large. Work starts
        with the same few steps; it seldom starts with the same few people."""
        codes = self.look.codes(name)[self.order]
        first = codes[np.r_[True, ~self.same]] if len(codes) else codes
        whole = _entropy(codes)
        return max(0.0, 1 - _entropy(first) / whole) if whole else 0.0

    def _steps(self, name: str) -> NDArray[np.bool_]:
        codes = self.look.codes(name)[self.order]
        after, before = codes[1:], codes[:-1]
        moved: NDArray[np.bool_] = self.same & (after != before) & (after >= 0) & (before >= 0)
        return moved

    def _share_of_cases(self, steps: NDArray[np.bool_]) -> float:
        return distinct_in_order(self.of[1:][steps]) / max(1, self.repeated)


def distinct_in_order(codes: NDArray[np.integer]) -> int:
    """How many different ones, of codes that are sorted."""
    return 1 + int(np.count_nonzero(codes[1:] != codes[:-1])) if len(codes) else 0


def is_text(kind: pa.DataType) -> bool:
    """Strings, or codes for strings."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def micros(column: pa.ChunkedArray) -> Micros:
    """Microseconds since 1970 of a timestamp column, as it says them; ``NO_TIME`` where it says none."""
    whole = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    found: Micros = whole.fill_null(NO_TIME).to_numpy()
    return found


def encoded(column: pa.ChunkedArray) -> tuple[Ints, int]:
    codes, names = dictionary(column)
    return codes, len(names)


def dictionary(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Codes in the order of first appearance, -1 where missing, and the values they stand for.

    The column of cases is looked at to guess, and then encoded: of millions of names in it, a dictionary is
    the dearest step of all, so the last one made of a long column is kept.
    """
    if len(column) < LONG:
        return _dictionary(column)
    where = _address(column)
    if _last_long.get("where") != where:
        _last_long.update(where=where, column=column, made=_dictionary(column))
    made: tuple[Ints, pa.Array] = _last_long["made"]
    return made


def forget_long_columns() -> None:
    """Once a log is encoded nobody asks again."""
    _last_long.clear()


LONG = 500_000
_last_long: dict[str, Any] = {}


def _address(column: pa.ChunkedArray) -> tuple[object, ...]:
    """The same for two views of the same memory; the one kept holds it, so that no other takes its place."""
    return tuple(_where(chunk) for chunk in column.chunks)


def _where(chunk: pa.Array) -> tuple[int | None, ...]:
    inner = _where(chunk.dictionary) if pa.types.is_dictionary(chunk.type) else ()
    return (
        chunk.offset,
        len(chunk),
        *(buffer.address if buffer else None for buffer in chunk.buffers()),
        *inner,
    )


def _dictionary(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    if not column.num_chunks or not len(column):
        return np.zeros(0, np.int32), pa.array([], column.type)
    is_coded = pa.types.is_dictionary(column.type)
    chunks = _of_one_dictionary(column if is_coded else column.dictionary_encode()).chunks
    codes = np.empty(len(column), np.int32)
    begin = 0
    for chunk in chunks:
        indices = chunk.indices
        codes[begin : begin + len(chunk)] = indices.fill_null(-1) if indices.null_count else indices
        begin += len(chunk)
    names = chunks[0].dictionary
    return _by_appearance(codes, names) if is_coded else (codes, names)


def _of_one_dictionary(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Arrow would number the names anew for each chunk, even where all chunks share them already."""
    held = {_where(chunk.dictionary) for chunk in column.chunks}
    return column if len(held) == 1 else column.unify_dictionaries()


def _by_appearance(codes: Ints, names: pa.Array) -> tuple[Ints, pa.Array]:
    """A dictionary that a reader made may have names of other rows, and any order."""
    if _appear_in_order(codes, len(names)):
        return codes, names
    first = np.full(len(names), len(codes), np.int64)
    for end in range(len(codes), 0, -LONG):
        part = codes[max(0, end - LONG) : end][::-1]
        places = np.arange(end - 1, end - 1 - len(part), -1)
        known = part >= 0
        first[part[known]] = places[known]  # of several the last one stays, which is the first in the file
    used = np.count_nonzero(first < len(codes))
    order = np.argsort(first, kind="stable")[:used]
    new = np.full(len(names) + 1, -1, np.int32)
    new[order] = np.arange(used, dtype=np.int32)
    return new[codes], names.take(arrow(order))


def _appear_in_order(codes: Ints, names: int) -> bool:
    """As in most tables: no code is more than one above all before it, and all appear."""
    highest = -1
    for begin in range(0, len(codes), LONG):
        tops = np.maximum(np.maximum.accumulate(codes[begin : begin + LONG]), np.int32(highest))
        if tops[0] > highest + 1 or bool((tops[1:] - tops[:-1] > 1).any()):
            return False
        highest = int(tops[-1])
    return highest == names - 1


def _blocks(data: pa.Table) -> pa.Table:
    """All of a short table; of a long one some blocks, so that one strange stretch does not decide."""
    if data.num_rows <= ENOUGH_ROWS:
        return data
    size = ENOUGH_ROWS // _BLOCKS
    places = np.linspace(0, data.num_rows - size, _BLOCKS).astype(np.int64)
    return pa.concat_tables(data.slice(int(place), size) for place in places)


def _whole_cases(data: pa.Table, case: str) -> pa.Table:
    codes, _count = encoded(data[case])
    wanted = np.flatnonzero(_thinned(codes))
    return data.take(arrow(wanted[:ENOUGH_ROWS]))


def _thinned(codes: Ints) -> NDArray[np.bool_]:
    every = max(1, len(codes) // ENOUGH_ROWS)
    mask: NDArray[np.bool_] = codes % every == 0
    return mask


def _entropy(codes: Ints) -> float:
    counts = np.bincount(codes[codes >= 0])
    shares = counts[counts > 0] / max(1, int(counts.sum()))
    return float(-(shares * np.log2(shares)).sum())
