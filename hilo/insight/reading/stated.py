"""Columns of formats that state the type of each value (XES, OCEL): kept as codes while the file is read."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.lean import arrow, pc
from hilo.insight.reading.moments import State, read_moments

type Ints = NDArray[np.int64]

_NUMBERS = {"int": pa.int64(), "float": pa.float64()}


class Growing:
    """One attribute as its values come: each distinct text once, and its code for every owner (the number of
    an event, or of a case). ``kinds`` are the types that the file gave it: string, date, int, float, boolean.
    """

    __slots__ = ("_codes", "_words", "kinds")

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        self._codes = array("i")
        self.kinds: set[str] = set()

    def put(self, owner: int, value: str, kind: str) -> None:
        """Owners come in ascending order; a later value of the same owner replaces the earlier one."""
        words, codes = self._words, self._codes
        code = words.setdefault(value, len(words))
        if owner >= len(codes):
            if owner > len(codes):
                codes.extend([-1] * (owner - len(codes)))
            codes.append(code)
        else:
            codes[owner] = code
        self.kinds.add(kind)

    @property
    def is_date(self) -> bool:
        return self.kinds == {"date"}

    def column(self, owners: int, of_row: Ints | None = None) -> pa.ChunkedArray:
        """A column with a row per owner, or per element of ``of_row``, the owner of each row."""
        codes = np.full(owners, -1, np.int32)
        known = np.frombuffer(self._codes, np.int32)[:owners] if self._codes else codes[:0]
        codes[: len(known)] = known
        if of_row is not None:
            codes = codes[of_row]
        return pa.chunked_array([_typed(list(self._words), codes, self.kinds)])


def _typed(words: Sequence[str], codes: NDArray[np.int32], kinds: set[str]) -> pa.Array:
    texts = pa.array(words, pa.string())
    indices = arrow(codes, codes < 0)
    kind = next(iter(kinds)) if len(kinds) == 1 else "float" if kinds == {"int", "float"} else "string"
    values = _values(texts, kind)
    return pa.DictionaryArray.from_arrays(indices, texts) if values is None else values.take(indices)


def _values(texts: pa.Array, kind: str) -> pa.Array | None:
    """None when they stay text: for being one, or for not being what the file says they are."""
    if kind == "date":
        return _moments(texts)
    try:
        if kind in _NUMBERS:
            return pc.cast(pc.utf8_trim_whitespace(texts), _NUMBERS[kind])
        if kind == "boolean":
            return pc.cast(pc.utf8_lower(texts), pa.bool_())
    except pa.ArrowInvalid:
        return None
    return None


def _moments(texts: pa.Array) -> pa.Array | None:
    read = read_moments(pc.utf8_trim_whitespace(texts), compact=True)
    if (read.state != State.NAIVE).all() and (read.state == State.ZONED).any():
        kind = pa.timestamp("us", "UTC")
    elif (read.state != State.ZONED).all():
        kind = pa.timestamp("us")
    else:
        return None  # some with a zone and some without: settled, and said, with the columns of text
    if (read.state >= State.FAR).any():
        return None
    return arrow(read.micros).cast(kind)
