"""How a moment is written: "2/2/4 2:2" means day/month/year hour:minute. One layout reads all values alike.

A shape is the text with every run of digits replaced by how long it is: 2 for one or two digits, then 3, 4
and so on up to 9.
"""

from __future__ import annotations

import re
from functools import cache

from hilo.insight.records import record

_MONTH_WORDS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
MONTHS = {word: month for month, words in enumerate(_MONTH_WORDS, 1) for word in words}
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120, "wet": 0, "west": 60, "bst": 60}

_NUMERIC = r"(?P<a>\d)(?P<s>[-./ ])(?P<b>\d)(?P=s)(?P<c>\d)"
_NAMED = r"(?P<d>2)(?:st|nd|rd|th|º)?[-./ ]?(?:de )?(?P<mon>[a-zñ]{3,10})\.?,?[-./ ]?(?:del? )?(?P<y>\d)"
_AMERICAN = r"(?P<mon2>[a-z]{3,9})\.?[- ](?P<d2>2)(?:st|nd|rd|th)?,?[- ](?P<y2>\d)"
_YEAR_FIRST = r"(?P<y3>4)[-./ ](?P<mon3>[a-z]{3,9})[-./ ](?P<d3>\d)"
_COMPACT = r"(?P<ymd>8)"
_CLOCK = (
    r"(?P<h>2)(?P<t>[:.])(?P<mi>2)(?:(?P=t)(?P<sec>2)(?:[.,:](?P<f>\d))?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?(?: ?(?:h|hrs?))?"
)
_CLOCK_H = r"(?P<h2>2) ?h ?(?P<mi2>2)?"
_ZONE = (
    r" ?(?:(?P<name>[a-z]{1,4})|(?:utc|gmt)?(?P<sign>[-+\u2212])(?P<zh>2)(?::(?P<zm>2))?"
    r"|(?:utc|gmt)?(?P<sign4>[-+\u2212])(?P<zhm>4))"
)
_WEEKDAY = r"(?:[a-záéü]{2,9}\.?,? )?"
_SHAPE = re.compile(
    rf"{_WEEKDAY}(?:{_NUMERIC}|{_NAMED}|{_AMERICAN}|{_YEAR_FIRST}|{_COMPACT})"
    rf"(?:(?:t|,? | ?- ?|,? a las? |[.:_])(?:{_CLOCK}|{_CLOCK_H})(?:{_ZONE})?)?"
)
_UNIX = re.compile(
    rf"[a-z]{{3}} (?P<mon2>[a-z]{{3}}) (?P<d2>2) {_CLOCK}(?: (?P<name>[a-z]{{3,4}}))? (?P<y2>4)"
)


@record
class Layout:
    """Which run of digits is what. ``ends`` are the two runs around the separator of which one is the day and
    the other the month, when the shape cannot tell. ``month`` and ``offset`` (minutes east) are constants
    where words say them."""

    year: int
    day: int | None = None
    month_run: int | None = None
    month: int = 0
    ends: tuple[int, int] | None = None
    is_short_year: bool = False
    is_compact: bool = False
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    fraction: int | None = None
    half: str = ""  # "a" or "p"
    offset: int | None = None
    east: int = 0  # sign of an offset that stands in digits
    offset_hour: int | None = None
    offset_minute: int | None = None
    offset_is_joined: bool = False

    @property
    def has_zone(self) -> bool:
        return self.offset is not None or self.east != 0


@cache
def layout_of(shape: str) -> Layout | None:
    """None when this is no way to write a moment."""
    text = re.sub(r"\s+", " ", shape.strip().lower())
    found = _UNIX.fullmatch(text) or _SHAPE.fullmatch(text)
    if found is None:
        return None
    runs = {at: run for run, at in enumerate(m.start() for m in re.finditer(r"\d", text))}
    marks = {name: runs[found.start(name)] for name, value in found.groupdict().items() if _is_run(value)}
    date = _date(found, marks)
    if date is None:
        return None
    zone = _zone(found, marks)
    if zone is None:
        return None
    return Layout(**date, **_clock(found, marks), **zone)  # type: ignore[arg-type]


def _is_run(value: str | None) -> bool:
    return value is not None and value.isdigit()


def _date(found: re.Match[str], marks: dict[str, int]) -> dict[str, object] | None:
    groups = found.groupdict()
    if groups.get("ymd"):
        return {"year": marks["ymd"], "is_compact": True}
    if groups.get("a"):
        return _numeric_date(groups, marks)
    suffix = next(each for each in ("", "2", "3") if groups.get(f"mon{each}"))
    month = MONTHS.get(groups[f"mon{suffix}"].rstrip("."))
    year, day = groups[f"y{suffix}"], groups[f"d{suffix}"]
    if month is None or day != "2" or year not in ("2", "4"):
        return None
    return {
        "year": marks[f"y{suffix}"],
        "day": marks[f"d{suffix}"],
        "month": month,
        "is_short_year": year == "2",
    }


def _numeric_date(groups: dict[str, str], marks: dict[str, int]) -> dict[str, object] | None:
    a, b, c = groups["a"], groups["b"], groups["c"]
    if (a, b, c) == ("4", "2", "2"):
        return {"year": marks["a"], "month_run": marks["b"], "day": marks["c"]}
    if (a, b) == ("2", "2") and c in ("2", "4"):
        return {"year": marks["c"], "ends": (marks["a"], marks["b"]), "is_short_year": c == "2"}
    return None


def _clock(found: re.Match[str], marks: dict[str, int]) -> dict[str, object]:
    return {
        "hour": marks.get("h", marks.get("h2")),
        "minute": marks.get("mi", marks.get("mi2")),
        "second": marks.get("sec"),
        "fraction": marks.get("f"),
        "half": found["half"] or "",
    }


def _zone(found: re.Match[str], marks: dict[str, int]) -> dict[str, object] | None:
    groups = found.groupdict()
    if groups.get("name"):
        minutes = _ZONES.get(groups["name"])
        return None if minutes is None else {"offset": minutes}
    sign = groups.get("sign") or groups.get("sign4")
    if not sign:
        return {}
    return {
        "east": 1 if sign == "+" else -1,
        "offset_hour": marks.get("zh", marks.get("zhm")),
        "offset_minute": marks.get("zm"),
        "offset_is_joined": "zhm" in marks,
    }
