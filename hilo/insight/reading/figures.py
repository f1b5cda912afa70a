"""A column of texts to numbers or yes and no, when every value is one."""

from __future__ import annotations

import re

import pyarrow as pa

from hilo.insight.lean import pc

_SIGN = "[-\u2212]?"
_SPACES = " \u00a0\u202f"
_CURRENCY = r"(?:€|\$|£|EUR|USD|GBP)"
_MONEY = rf"(?:[{_SPACES}]?{_CURRENCY})?"
_WHOLE = r"(?:0|[1-9]\d{0,17})"

INTEGER = rf"^-?{_WHOLE}$"
"""No leading zeros and no plus: those are codes and telephones."""
# An exponent needs its sign or a point before it: 12E5 is a code.
_POINT = rf"^{_SIGN}(?:(?:{_WHOLE}(?:\.\d*)?|\.\d+)(?:[eE][-+]\d{{1,3}})?|\d\.\d+[eE]\d{{1,3}}){_MONEY}$"
_COMMA = rf"^{_SIGN}{_WHOLE}(?:,\d+)?{_MONEY}$"
# Thousands by a plain space are left alone: 912 345 678 is a telephone.
_POINTS_COMMA = rf"^{_SIGN}(?:0|[1-9]\d{{0,2}}(?:[.{_SPACES[1:]}]\d{{3}})*)(?:,\d+)?{_MONEY}$"
_COMMAS_POINT = rf"^{_SIGN}(?:0|[1-9]\d{{0,2}}(?:,\d{{3}})*)(?:\.\d+)?{_MONEY}$"
_ONE_MARK_AND_THREE = r"^{sign}[1-9]\d{{0,2}}{mark}\d{{3}}$"

_TRUE, _FALSE = ("true", "verdadero"), ("false", "falso")


def integers(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    if not _all(values, INTEGER):
        return None
    return pc.cast(values, pa.int64())


def decimals(values: pa.ChunkedArray, *, comma_is_likely: bool) -> tuple[pa.ChunkedArray, bool] | None:
    """The numbers, and whether it had to be guessed what their point or comma means (1.234: a thousand and
    more, or little over one)."""
    for pattern, thousands, decimal in _ways(comma_is_likely):
        if _all(values, pattern):
            unsure = _could_mean_both(values, "." if comma_is_likely else ",")
            return _converted(values, thousands, decimal), unsure
    return None


def _ways(comma_is_likely: bool) -> list[tuple[str, str, str]]:
    """Patterns, the likeliest first, with what to drop and what marks the decimals."""
    english = [(_POINT, "", "."), (_COMMAS_POINT, ",", ".")]
    spanish = [(_COMMA, "", ","), (_POINTS_COMMA, ".", ",")]
    return [*spanish, *english] if comma_is_likely else [*english, *reversed(spanish)]


def _converted(values: pa.ChunkedArray, thousands: str, decimal: str) -> pa.ChunkedArray:
    plain = pc.replace_substring_regex(values, f"[{_SPACES}]|{_CURRENCY}", "")
    plain = pc.replace_substring(plain, "\u2212", "-")
    if thousands:
        plain = pc.replace_substring(plain, thousands, "")
    return pc.cast(pc.replace_substring(plain, decimal, "."), pa.float64())


def _could_mean_both(values: pa.ChunkedArray, mark: str) -> bool:
    """Whether each value that has ``mark`` has it once, before exactly three digits."""
    marked = values.filter(pc.match_substring(values, mark))
    pattern = _ONE_MARK_AND_THREE.format(sign=_SIGN, mark=re.escape(mark))
    return len(marked) > 0 and _all(marked, pattern)


def booleans(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    lower = pc.utf8_lower(values)
    if not pc.all(pc.is_in(lower, pa.array([*_TRUE, *_FALSE], pa.string()))).as_py():
        return None
    return pc.is_in(lower, pa.array(_TRUE, pa.string()))


def _all(values: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())
