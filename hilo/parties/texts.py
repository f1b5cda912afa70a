"""What people type into a field: cleaned once, refused with a sentence beside the field.

Right-to-left letters, emoji with their joiners, HTML and formulas are text and stay; screens and exports
escape them. Control characters, and the marks that make text read backwards, deceive the reader: refused.
"""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation

LONGEST_NAME = 200
_OVERRIDES = "\u202d\u202e"
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def line(text: str, *, field: str, most: int = LONGEST_NAME, missing: str = "") -> str:
    """One line: NFC, trimmed, spaces single. ``missing`` is the sentence when nothing is left of it."""
    refuse_unreadable(text, field)
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if missing and not plain:
        raise RuleViolation(missing, field=field)
    if len(plain) > most:
        raise RuleViolation(
            _("That is %(length)s characters and at most %(most)s fit. Shorten it.")
            % {"length": len(plain), "most": most},
            field=field,
        )
    return plain


def refuse_unreadable(text: str, field: str) -> None:
    for sign in text:
        control = unicodedata.category(sign) in ("Cc", "Cs") and not sign.isspace()
        if control or sign in _OVERRIDES:
            raise RuleViolation(
                _("It has an invisible control character. Type it again instead of pasting it."),
                field=field,
            )


def email_address(text: str, *, field: str = "email", missing: str = "") -> str:
    """Lower case, so that the unique column knows ``Ana@x.es`` and ``ana@x.es`` as one address."""
    address = line(text, field=field, most=254, missing=missing).lower()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise RuleViolation(
            _("That is not an e-mail address. Write one like name@company.com."), field=field
        ) from None
    return address


def time_zone(text: str, *, field: str = "zone") -> str:
    name = line(text, field=field, most=60)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise RuleViolation(
            _("Nobody knows that time zone. Use one like Europe/Madrid."), field=field
        ) from None
    return name


def code(text: str, *, field: str = "code") -> str:
    plain = line(text, field=field).lower()
    if not _SLUG.fullmatch(plain):
        raise RuleViolation(
            _("A code has only letters without accents, digits and hyphens, at most 40."), field=field
        )
    return plain


def one_of(value: str, allowed: list[str], *, field: str) -> str:
    if value not in allowed:
        raise RuleViolation(_("Choose one of the options."), field=field)
    return value
