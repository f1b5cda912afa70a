"""``gettext`` and its kin for what a page says by the hundred: each sentence is looked up once in a language.

Import them as one imports Django's. The catalogues change with a release, and so with a start of the process.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation


def gettext(message: str) -> str:
    return _gettext(translation.get_language(), message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _ngettext(translation.get_language(), singular, plural, number)


def pgettext(context: str, message: str) -> str:
    return _pgettext(translation.get_language(), context, message)


@lru_cache(maxsize=4096)
def _gettext(language: str | None, message: str) -> str:
    return translation.gettext(message)


@lru_cache(maxsize=4096)
def _ngettext(language: str | None, singular: str, plural: str, number: int) -> str:
    return translation.ngettext(singular, plural, number)


@lru_cache(maxsize=4096)
def _pgettext(language: str | None, context: str, message: str) -> str:
    return translation.pgettext(context, message)
