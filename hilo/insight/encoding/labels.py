"""Columns of labels as codes: spaces around them aside, and blanks missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from hilo.insight.lean import pc
from hilo.insight.log import Codes
from hilo.insight.mapping.looking import dictionary, is_text

MISSING = ("", "?", "null", "NULL", "NaN", "nan", "N/A", "n/a", "#N/A", "#N/D")
"""What exports write where they have nothing. "NA", "-" and "UNKNOWN" may be names, so they stay."""


def codes_of(column: pa.ChunkedArray, *, missing: Sequence[str] = MISSING) -> Codes:
    """The names stand in the order of their first appearance."""
    codes, values = dictionary(_whole_numbers(column))
    names = _as_text(values)
    trimmed = pc.utf8_trim_whitespace(names)
    absent = pc.is_in(trimmed, value_set=pa.array(missing, trimmed.type))
    if trimmed.equals(names) and not pc.any(absent).as_py():
        return Codes(codes, names.to_pylist())
    return _recoded(codes, trimmed, absent)


def _recoded(codes: np.ndarray[tuple[int], np.dtype[np.int32]], names: pa.Array, absent: pa.Array) -> Codes:
    """After trimming, two names may be one and some none."""
    kept = pc.if_else(absent, pa.scalar(None, names.type), names)
    places, unique = dictionary(pa.chunked_array([kept]))
    return Codes(np.append(places, np.int32(-1))[codes], unique.to_pylist())


def _as_text(values: pa.Array) -> pa.Array:
    return values if is_text(values.type) else values.cast(pa.string())


def _whole_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Case 1001.0 of a spreadsheet is case 1001."""
    if not pa.types.is_floating(column.type):
        return column
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        return column
