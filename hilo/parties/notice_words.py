"""What each kind of notice says, in Mi día and by mail. Who tells it adds its own at start-up."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """``daily``: although it does not interrupt, it also goes in the morning's mail."""

    sentence: str | Promise
    icon: str
    daily: bool = False


NOTICE_WORDS: dict[str, NoticeWords] = {}
UNKNOWN = NoticeWords(_("Something happened here that you should know."), "bell")


def register_notice(kind: str, sentence: str | Promise, icon: str, *, daily: bool = False) -> None:
    NOTICE_WORDS[kind] = NoticeWords(sentence, icon, daily)


def words_of(kind: str) -> NoticeWords:
    return NOTICE_WORDS.get(kind, UNKNOWN)


def daily_kinds() -> list[str]:
    return [kind for kind, words in NOTICE_WORDS.items() if words.daily]
