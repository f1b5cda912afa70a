"""Column names as words: accents, case, camelCase and glued words aside ("Nº expediente", "caseid")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from hilo.insight.records import record

_CAMEL = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])")
_NUMBER_SIGN = re.compile(r"(?i)\bn[ºo°]\.?(?=\W|$)|#")
_WORD = re.compile(r"[a-z]+|\d+")


def folded(text: str) -> str:
    """Without accents and case: "Técnico" is "tecnico"."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def words_of(name: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The words of a column's name in the singular; a glued one is cut where both parts are ``known``."""
    spaced = _CAMEL.sub(" ", _NUMBER_SIGN.sub(" numero ", name))
    return tuple(
        part for word in _WORD.findall(folded(spaced)) for part in _cut(_singular(word, known), known)
    )


def _singular(word: str, known: frozenset[str]) -> str:
    for ending in ("es", "s"):
        if len(word) > 3 and word not in known and word.endswith(ending) and word[: -len(ending)] in known:
            return word[: -len(ending)]
    return word


def _cut(word: str, known: frozenset[str]) -> tuple[str, ...]:
    if word in known or len(word) < 5:
        return (word,)
    for place in range(len(word) - 2, 1, -1):
        head, tail = word[:place], _singular(word[place:], known)
        if head in known and (tail in known or len(_cut(tail, known)) > 1):
            return head, *_cut(tail, known)
    return (word,)


def listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


@record
class Phrase:
    """``head_first``: what a Spanish name is about stands at its beginning, an English one's at its end."""

    words: tuple[str, ...]
    weight: float
    head_first: bool


def phrases(spanish: dict[float, str], english: dict[float, str]) -> tuple[Phrase, ...]:
    """From {weight: "one, another of two words, ..."}."""
    return tuple(
        Phrase(tuple(phrase.split()), weight, head_first)
        for table, head_first in ((spanish, True), (english, False))
        for weight, listed in table.items()
        for phrase in map(str.strip, listed.split(","))
        if phrase
    )


def vocabulary(many: Iterable[tuple[Phrase, ...]]) -> frozenset[str]:
    return frozenset(word for some in many for phrase in some for word in phrase.words)


@record
class Meaning:
    """How names speak for one thing: its phrases, and what beside them speaks against it."""

    phrases: tuple[Phrase, ...]
    hostile: frozenset[str] = frozenset()
    anywhere: bool = False  # a marker: "estimated" in any place makes a date an estimate

    def evidence(self, words: tuple[str, ...], neutral: frozenset[str]) -> float:
        """0 to 1, the best of its phrases."""
        said = (phrase for phrase in self.phrases if phrase.words[0] in words)
        return max((self._of(phrase, words, neutral) for phrase in said), default=0.0)

    def _of(self, phrase: Phrase, words: tuple[str, ...], neutral: frozenset[str]) -> float:
        size = len(phrase.words)
        places = [at for at in range(len(words) - size + 1) if words[at : at + size] == phrase.words]
        return max((self._at(place, phrase, words, neutral) for place in places), default=0.0)

    def _at(self, place: int, phrase: Phrase, words: tuple[str, ...], neutral: frozenset[str]) -> float:
        before = [word for word in words[:place] if word not in neutral]
        after = [word for word in words[place + len(phrase.words) :] if word not in neutral]
        is_head = not (before if phrase.head_first else after)
        if not phrase.head_first and "of" in words:  # "unit of measure" is a unit, "date of order" a date
            is_head = not before if "of" in words[:place] else words.index("of") == place + len(phrase.words)
        beside = len(before) + len(after)
        score = phrase.weight * (1 - 0.06 * min(beside, 5))
        if not self.anywhere and not is_head:
            score *= 0.4
        if self.hostile.intersection(before + after):
            score *= 0.5
        return score
