"""The words asked for, marked where they begin a word of what was found: accents do not matter."""

from __future__ import annotations

import re
import unicodedata

from django.utils.html import format_html
from django.utils.safestring import SafeString

from hilo.parties.search import words

_WORD = re.compile(r"[^\W_]+")


def marked(text: str, query: str) -> SafeString:
    """``text`` escaped, with <mark> around the beginnings of its words that were asked for."""
    asked = words(query)
    shown, here = SafeString(""), 0
    for found in _WORD.finditer(text):
        length = _begins(found.group(), asked)
        if length:
            start = found.start()
            shown += format_html("{}<mark>{}</mark>", text[here:start], text[start : start + length])
            here = start + length
    return shown + format_html("{}", text[here:])


def _begins(word: str, asked: list[str]) -> int:
    """How many signs of ``word`` the longest word asked for covers; 0 when none begins it."""
    folded = [_folded(sign) for sign in word]
    whole = "".join(folded)
    longest = max((each for each in asked if whole.startswith(each)), key=len, default="")
    return _signs(folded, len(longest)) if longest else 0


def _signs(folded: list[str], letters: int) -> int:
    """A sign may fold to none, one or several letters (é, ß): counted until the letters are covered."""
    covered = 0
    for number, each in enumerate(folded, start=1):
        covered += len(each)
        if covered >= letters:
            return number
    return len(folded)


def _folded(sign: str) -> str:
    decomposed = unicodedata.normalize("NFKD", sign).casefold()
    return "".join(each for each in decomposed if not unicodedata.combining(each))
