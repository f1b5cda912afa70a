"""Moments and money as people say them. Pure: no clock, no settings, no database.

Everything takes the moment, now, the viewer's zone and a language ("es" or "en"), and is exact at the
seams: "today" is the viewer's calendar day, so both nights of the clock change count as one night, and
a moment at 00:00 belongs to the day it begins.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

WEEKDAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
LONG_MONTHS = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
NEAR_DAYS = {
    "es": {-1: "ayer", 0: "hoy", 1: "mañana"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
UNITS = {
    "es": {
        "minute": ("1 min", "{n} min"),
        "hour": ("1 h", "{n} h"),
        "day": ("1 día", "{n} días"),
        "month": ("1 mes", "{n} meses"),
        "year": ("1 año", "{n} años"),
    },
    "en": {
        "minute": ("1 min", "{n} min"),
        "hour": ("1 h", "{n} h"),
        "day": ("1 day", "{n} days"),
        "month": ("1 month", "{n} months"),
        "year": ("1 year", "{n} years"),
    },
}
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "MXN": "MXN", "CHF": "CHF"}
SYMBOL_BEFORE_IN_ENGLISH = {"€", "$", "£"}
NO_BREAK = "\N{NO-BREAK SPACE}"


def language(code: str | None) -> str:
    if code in WEEKDAYS:
        return code
    return "en" if (code or "").lower().startswith("en") else "es"


def said_day(moment: datetime, now: datetime, tz: tzinfo, lang: str) -> str:
    """hoy, mañana, ayer; the weekday with its number within six days; else day and month, year if another."""
    return said_date(moment.astimezone(tz).date(), now.astimezone(tz).date(), lang)


def said_date(day: date, today: date, lang: str) -> str:
    lang = language(lang)
    apart = (day - today).days
    if apart in NEAR_DAYS[lang]:
        return NEAR_DAYS[lang][apart]
    if 1 < apart <= 6 or -6 <= apart < -1:
        return _weekday_and_number(day, lang)
    return _day_and_month(day, lang, with_year=day.year != today.year)


def said_on(moment: datetime, now: datetime, tz: tzinfo, lang: str) -> str:
    """The day inside a sentence: "hoy", "el jueves 26", "el 1 dic"; "on Thursday 26"."""
    return _on(said_day(moment, now, tz, lang), language(lang))


def _on(day: str, lang: str) -> str:
    if day in NEAR_DAYS[lang].values():
        return day
    return f"el {day}" if lang == "es" else f"on {day}"


def said_moment(moment: datetime, now: datetime, tz: tzinfo, lang: str) -> str:
    """The day and, where anybody would say it (today, its neighbours, this week), the time: "hoy 13:00"."""
    there = moment.astimezone(tz)
    date, today = there.date(), now.astimezone(tz).date()
    day, apart = said_date(date, today, lang), abs((date - today).days)
    if apart > 6:
        return day
    return f"{day}{' ' if apart <= 1 else ', '}{_hour(there)}"


def said_due(moment: datetime, now: datetime, tz: tzinfo, lang: str, *, whole_day: bool = False) -> str:
    """A deadline: "vence hoy 13:00", "venció ayer 12:00", "venció hace 40 min", "mañana 12:00", "jueves 26".

    The verb stands only where it adds something: today and in the past. ``whole_day`` leaves the time out.
    """
    lang = language(lang)
    there = moment.astimezone(tz)
    date, today = there.date(), now.astimezone(tz).date()
    apart = (date - today).days
    if moment < now:
        verb = "venció" if lang == "es" else "was due"
        if not whole_day and (now - moment).total_seconds() < 3600:
            return f"{verb} {said_ago(moment, now, lang)}"
        said = f"{verb} {_on(said_date(date, today, lang), lang)}"
        return said if whole_day or apart < -1 else f"{said} {_hour(there)}"
    day = said_date(date, today, lang)
    said = day if whole_day or apart > 1 else f"{day} {_hour(there)}"
    if apart > 0:
        return said
    return f"vence {said}" if lang == "es" else f"due {said}"


def _hour(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def said_ago(moment: datetime, now: datetime, lang: str) -> str:
    """hace 40 min, hace 3 h; en 2 días for what comes. Elapsed time, rounded down; no calendar."""
    lang = language(lang)
    seconds = abs((now - moment).total_seconds())
    length = said_length(seconds, lang)
    if seconds < 60:
        return "ahora mismo" if lang == "es" else "just now"
    if moment <= now:
        return f"hace {length}" if lang == "es" else f"{length} ago"
    return f"en {length}" if lang == "es" else f"in {length}"


def said_length(seconds: float, lang: str) -> str:
    """One unit, the largest that fits, rounded down: 59 min, 23 h, 59 días, 11 meses, 3 años."""
    unit, count = _largest_unit(int(seconds))
    one, many = UNITS[language(lang)][unit]
    return one if count == 1 else many.format(n=count)


def _largest_unit(seconds: int) -> tuple[str, int]:
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if minutes < 60:
        return "minute", minutes
    if hours < 24:
        return "hour", hours
    if days < 60:
        return "day", days
    if days < 365:
        return "month", days * 12 // 365
    return "year", days // 365


def exact(moment: datetime, tz: tzinfo, lang: str) -> str:
    """For the title: "martes 24 nov 2026, 09:00"; with the offset in a night that has an hour twice."""
    return _exact(moment.astimezone(UTC), tz, lang)


@lru_cache(maxsize=4096)  # by the moment in UTC: the two hours of that night are equal in their own zone
def _exact(moment: datetime, tz: tzinfo, lang: str) -> str:
    lang = language(lang)
    local = moment.astimezone(tz)
    said = f"{WEEKDAYS[lang][local.weekday()]} {_day_and_month(local.date(), lang, with_year=True)}"
    return f"{said}, {_hour(local)}" + (f" ({local:%z})" if _hour_comes_twice(local) else "")


def exact_day(moment: datetime, tz: tzinfo, lang: str) -> str:
    lang = language(lang)
    local = moment.astimezone(tz)
    return f"{WEEKDAYS[lang][local.weekday()]} {_day_and_month(local.date(), lang, with_year=True)}"


def said_long_date(day: date, lang: str) -> str:
    """Martes, 24 de noviembre; Tuesday 24 November. For the head of a page."""
    lang = language(lang)
    weekday, month = WEEKDAYS[lang][day.weekday()], LONG_MONTHS[lang][day.month - 1]
    if lang == "es":
        return f"{weekday.capitalize()}, {day.day} de {month}"
    return f"{weekday} {day.day} {month}"


def said_short_date(day: date, today: date, lang: str) -> str:
    """24 nov; with the year when it is another. For maps and tables."""
    return _day_and_month(day, language(lang), with_year=day.year != today.year)


def _hour_comes_twice(local: datetime) -> bool:
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _weekday_and_number(day: date, lang: str) -> str:
    return f"{WEEKDAYS[lang][day.weekday()]} {day.day}"


def _day_and_month(day: date, lang: str, *, with_year: bool) -> str:
    said = f"{day.day} {MONTHS[lang][day.month - 1]}"
    return f"{said} {day.year}" if with_year else said


def said_number(value: Decimal | int | float, lang: str, *, places: int = 0) -> str:
    """63.229 and 30,5 in Spanish; 63,229 and 30.5 in English. Four figures stay together in neither."""
    text = f"{_rounded(Decimal(str(value)), places):,.{places}f}"
    return text.translate(_SPANISH_POINTS) if language(lang) == "es" else text


_SPANISH_POINTS = str.maketrans(",.", ".,")


@lru_cache(maxsize=4096)
def said_money(amount: Decimal | int, currency: str, lang: str) -> str:
    """412.000 € in Spanish, €412,000 in English. Cents only where there are any; the space never breaks."""
    value = Decimal(amount)
    places = 0 if value == value.to_integral_value() else 2
    sign = "-" if _rounded(value, places) < 0 else ""
    number = said_number(abs(value), lang, places=places)
    symbol = SYMBOLS.get(currency.upper(), currency.upper())
    if language(lang) == "en" and symbol in SYMBOL_BEFORE_IN_ENGLISH:
        return f"{sign}{symbol}{number}"
    if language(lang) == "en":
        return f"{sign}{symbol}{NO_BREAK}{number}"
    return f"{sign}{number}{NO_BREAK}{symbol}"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
