"""Sentences that know their words and their figures apart, so that one finding reads well in two languages.

A sentence is made where the figures are and spoken where it is read:

    said = ngettext("%(n)s case waits.", "%(n)s cases wait.", n=12)
    speak(said, "es")

``_`` and ``ngettext`` have gettext's names because the catalogues are collected by them; here they give a
``Said``. Figures are formatted on speaking: an int as 63.229, a ``Share`` as 30,5 %, ``Hours`` in the unit
people would use, a date as a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hilo.insight.records import record

if TYPE_CHECKING:
    import gettext

LANGUAGES = ("es", "en")
_LOCALES = Path(__file__).resolve().parent / "locale"


@record
class Share:
    """A part of one, 0 to 1."""

    value: float
    digits: int = 0


@record
class Hours:
    """A length of time in hours, said in the unit people would use: 40 min, 6,5 h, 12 días."""

    value: float


@record
class Number:
    value: float
    digits: int = 1


@record
class Listed:
    """Names one after the other, the last joined by "y" or "and"; ``most`` are shown."""

    names: tuple[str, ...]
    most: int = 5


type Fact = str | int | Share | Hours | Number | Listed | date | datetime | Said


@record
class Said:
    """One sentence: an English message with named places, and the facts for them. Made by ``_`` and
    ``ngettext``; ``many`` is the plural, chosen by the fact ``n``."""

    msgid: str
    facts: Mapping[str, Fact]
    many: str = ""

    def __str__(self) -> str:
        return speak(self, "en")


def _(english: str, /, **facts: Fact) -> Said:
    return Said(english, facts)


def ngettext(one: str, many: str, /, *, n: int, **facts: Fact) -> Said:
    return Said(one, {"n": n, **facts}, many)


def speak(said: Said, lang: str) -> str:
    words = _catalogue(lang)
    n = said.facts.get("n")
    if said.many and isinstance(n, int):
        text = words.ngettext(said.msgid, said.many, n)
    else:
        text = words.gettext(said.msgid)
    return text % {name: spoken(fact, lang) for name, fact in said.facts.items()}


def spoken(fact: Fact, lang: str) -> str:
    match fact:
        case Said():
            return speak(fact, lang)
        case bool() | str():
            return str(fact)
        case int():
            return _decimal(fact, lang)
        case Number(value, digits):
            return _decimal(round(value, digits), lang)
        case Share(value, digits):
            pattern = "#,##0" + ("." + "0" * digits if digits else "") + " %"
            from babel.numbers import format_percent

            return format_percent(value, format=pattern, locale=lang, decimal_quantization=True)
        case Hours(value):
            return _hours(value, lang)
        case Listed(names, most):
            return _listed(names, most, lang)
        case datetime() | date():
            from babel.dates import format_date

            return format_date(fact, "d MMM yyyy", locale=lang)
    raise TypeError(f"no words for {fact!r}")


def _decimal(value: float, lang: str) -> str:
    from babel.numbers import format_decimal  # babel costs 0.02 s to import: not before something is said

    return format_decimal(value, locale=lang)


def _hours(value: float, lang: str) -> str:
    if value < 1:
        return speak(_("%(n)s min", n=round(value * 60)), lang)
    if value < 48:
        return speak(_("%(hours)s h", hours=Number(value, 1 if value < 10 else 0)), lang)
    days = value / 24
    if days < 10:
        return speak(_("%(days)s days", days=Number(days, 1)), lang)
    return speak(ngettext("%(n)s day", "%(n)s days", n=round(days)), lang)


def _listed(names: tuple[str, ...], most: int, lang: str) -> str:
    shown = [*names[:most]]
    if len(names) > most:
        shown.append(speak(ngettext("%(n)s more", "%(n)s more", n=len(names) - most), lang))
    if len(shown) < 2:
        return "".join(shown)
    return speak(_("%(first)s and %(last)s", first=", ".join(shown[:-1]), last=shown[-1]), lang)


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    import gettext  # not before something is said

    return gettext.translation("django", str(_LOCALES), languages=[lang], fallback=True)
