"""Figures and sentences in the reader's language, as text or as HTML with the log's own names set apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from hilo.insight.records import record
from hilo.insight.report.markup import Markup, tag, text
from hilo.insight.speaking import Fact, Hours, Listed, Said, Share, speak, spoken

_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters: they mark a name while the sentence is spoken
_NAME = re.compile(f"{_OPEN}(.*?){_CLOSE}", re.DOTALL)
_UNIT = re.compile(r"(\d) (%|(?:h|min|días?|days?)\b)")  # a figure keeps its unit on its line
_LONGEST_NAME = 200


@record
class Voice:
    lang: str

    def __call__(self, said: Said) -> Markup:
        """The names of the log stand in <bdi>: a name written from right to left stays in its place."""
        whole = text(_UNIT.sub("\\1\N{NO-BREAK SPACE}\\2", speak(_with_marks(said), self.lang)))
        return Markup(_NAME.sub(r"<bdi>\1</bdi>", whole))

    def plain(self, said: Said) -> str:
        return speak(said, self.lang)

    def number(self, value: float, digits: int = 0) -> str:
        """All figures of a column with as many decimals, 7,0 beside 14,1."""
        return format_decimal(value, format=f"#,##0{'.' if digits else ''}{'0' * digits}", locale=self.lang)

    def share(self, value: float, digits: int | None = None) -> str:
        if digits is None:
            digits = 1 if 0 < abs(value) < 0.1 else 0
        least = 10.0 ** -(digits + 2)
        if 0 < value < least / 2:  # not nothing
            return f"<{spoken(Share(least, digits), self.lang)}"
        return spoken(Share(value, digits), self.lang)

    def hours(self, value: float) -> str:
        return spoken(Hours(value), self.lang)

    def days(self, value: float) -> str:
        return self.hours(value * 24)

    def day(self, moment: datetime) -> str:
        return spoken(moment, self.lang)

    def month(self, moment: datetime) -> str:
        return format_date(moment, "MMM yyyy", locale=self.lang)


def name(value: str) -> Markup:
    """A name as the log writes it, cut where no reader would go on."""
    return tag("bdi", shortened(value, _LONGEST_NAME))


def shortened(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1].rstrip() + "…"


def _with_marks(said: Said) -> Said:
    facts: Mapping[str, Fact] = {key: _marked(fact) for key, fact in said.facts.items()}
    return replace(said, facts=facts)


def _marked(fact: Fact) -> Fact:
    if isinstance(fact, Said):
        return _with_marks(fact)
    if isinstance(fact, str):
        return _between_marks(fact)
    if isinstance(fact, Listed):
        return replace(fact, names=tuple(_between_marks(each) for each in fact.names))
    return fact


def _between_marks(value: str) -> str:
    if not value:
        return value
    bare = shortened(value, _LONGEST_NAME).replace(_OPEN, "").replace(_CLOSE, "")
    return f"{_OPEN}{bare}{_CLOSE}"
