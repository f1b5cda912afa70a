"""Other columns worth comparing cases by: few values, and (nearly) the same all through a case."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hilo.insight.encoding.labels import codes_of
from hilo.insight.log import Codes
from hilo.insight.mapping import words
from hilo.insight.mapping.looking import dictionary, distinct_in_order, is_text
from hilo.insight.mapping.names import listed
from hilo.insight.raw import RawTable, Role

FEW, MANY = 2, 50
_CHANGING = 0.02  # of the cases of several events
_KNOWN = 0.05  # of the events
_LOOKED_AT = 50_000
_OF_THE_WHOLE_CASE = listed("variant variante index indice instance instancia duration duracion")


def segments_of(
    raw: RawTable,
    used: set[str],
    rows: NDArray[np.int64],
    same_case: NDArray[np.bool_],
    beside: Mapping[str, Codes],
) -> dict[str, Codes]:
    """By column, sorted as ``rows``; none that says the same as another or as one of ``beside``."""
    found: dict[str, Codes] = {}
    for column in raw.data.column_names:
        if column in used or not _may_be(raw, column):
            continue
        codes = codes_of(raw.data[column])
        codes = Codes(codes.codes[rows], codes.names)
        if _stays(codes, same_case) and not any(
            _says_the_same(codes, other) for other in (*beside.values(), *found.values())
        ):
            found[column] = codes
    return found


def _may_be(raw: RawTable, column: str) -> bool:
    values = raw.data[column]
    kind = values.type
    if not (is_text(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        return False
    if not _OF_THE_WHOLE_CASE.isdisjoint(words.split(column)) or words.evidence(Role.PERSON, column) >= 0.5:
        return False  # a person is no segment: no finding may name one
    return len(dictionary(values.slice(0, _LOOKED_AT))[1]) <= MANY


def _stays(codes: Codes, same_case: NDArray[np.bool_]) -> bool:
    counts = np.bincount(codes.codes[codes.codes >= 0], minlength=1)
    if not FEW <= int((counts > 0).sum()) <= MANY or counts.sum() < _KNOWN * len(codes):
        return False
    before, after = codes.codes[:-1], codes.codes[1:]
    moved = same_case & (before != after) & (before >= 0) & (after >= 0)
    cases = np.cumsum(~same_case)
    return distinct_in_order(cases[moved]) <= _CHANGING * max(1, distinct_in_order(cases[same_case]))


def _says_the_same(one: Codes, other: Codes) -> bool:
    width = len(other.names) + 1
    if len(one.names) != len(other.names) or width > 1000:
        return False
    cells = np.bincount((one.codes.astype(np.int64) + 1) * width + other.codes + 1)
    return int((cells > 0).sum()) <= max(len(one.names), len(other.names)) + 1
