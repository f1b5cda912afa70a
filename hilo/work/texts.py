"""Free text as it comes in: cleaned once, refused with a sentence beside its field."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation

_KEPT_CONTROLS = "\n\t"


def line(text: str, *, field: str, most: int = 300, missing: str = "") -> str:
    """One line of text: trimmed, NFC, no control characters. ``missing`` is the sentence when it is empty."""
    return _checked(" ".join(_clean(text).split()), field, most, missing)


def prose(text: str, *, field: str, most: int = 20_000, missing: str = "") -> str:
    """Text with line breaks; right-to-left letters and emoji are kept as they are."""
    return _checked(_clean(text).strip(), field, most, missing)


def _clean(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        each for each in composed if each in _KEPT_CONTROLS or unicodedata.category(each) not in ("Cc", "Cs")
    )


def _checked(text: str, field: str, most: int, missing: str) -> str:
    if missing and not text:
        raise RuleViolation(missing, field=field)
    if len(text) > most:
        raise RuleViolation(
            _("That is %(length)s characters; at most %(most)s fit. Shorten it, or put the rest in a note.")
            % {"length": len(text), "most": most},
            field=field,
        )
    return text
