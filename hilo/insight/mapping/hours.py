"""A day in one column and its hour in the next, as many systems export them: one moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from hilo.insight.lean import arrow, pc
from hilo.insight.log import NO_TIME
from hilo.insight.mapping import words
from hilo.insight.mapping.looking import is_text, micros
from hilo.insight.mapping.names import listed
from hilo.insight.raw import RawTable
from hilo.insight.speaking import _

_DAY = 86_400_000_000
_HOUR_WORDS = listed("hora time hour hours")
_DATE_WORDS = listed("fecha date dia day")
_CLOCK = r"^\s*([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?\s*$"
_NEARLY_ALL = 0.95


def joined(raw: RawTable) -> RawTable:
    """The hours added to their days; the column of hours goes."""
    for hours in [name for name in raw.data.column_names if _are_hours(raw, name)]:
        days = next((name for name in raw.data.column_names if _belong(raw, name, hours)), None)
        if days:
            raw = _with_hours(raw, days, hours)
    return raw


def _are_hours(raw: RawTable, name: str) -> bool:
    column = raw.data[name]
    if not is_text(column.type) or _HOUR_WORDS.isdisjoint(words.split(name)):
        return False
    fits = pc.sum(pc.match_substring_regex(column.cast(pa.string()), _CLOCK)).as_py() or 0
    return bool(fits) and fits >= _NEARLY_ALL * (len(column) - column.null_count)


def _belong(raw: RawTable, days: str, hours: str) -> bool:
    """They are called alike but for "date" and "hour", and the days are whole ones."""
    column = raw.data[days]
    if not pa.types.is_timestamp(column.type) or column.type.tz:
        return False
    if _beside(days, _DATE_WORDS) != _beside(hours, _HOUR_WORDS) or _DATE_WORDS.isdisjoint(words.split(days)):
        return False
    moments = micros(column)
    return bool(np.all(moments[moments != NO_TIME] % _DAY == 0))


def _beside(name: str, dropped: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in words.split(name) if word not in dropped | words.NEUTRAL)


def _with_hours(raw: RawTable, days: str, hours: str) -> RawTable:
    parts = pc.extract_regex(raw.data[hours].cast(pa.string()), r"(?P<h>\d+):(?P<m>\d+):?(?P<s>\d*)")
    of_day = _number(parts, "h") * 3600 + _number(parts, "m") * 60 + _number(parts, "s")
    moments = micros(raw.data[days])
    moments = np.where(moments == NO_TIME, NO_TIME, moments + of_day * 1_000_000)
    column = arrow(moments, moments == NO_TIME).cast(pa.timestamp("us"))
    data = raw.data.set_column(raw.data.column_names.index(days), days, column).drop_columns([hours])
    said = _("“%(hours)s” was added to “%(days)s”.", hours=hours, days=days)
    return replace(raw, data=data, remarks=(*raw.remarks, said))


def _number(parts: pa.ChunkedArray, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    digits = pc.struct_field(parts, name)
    filled = pc.if_else(pc.equal(pc.fill_null(digits, ""), ""), "0", digits)
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]] = filled.cast(pa.int64()).to_numpy()
    return numbers
