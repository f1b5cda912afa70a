"""Free text on threads: longer lines than a name, and prose with line breaks."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties import texts
from hilo.parties.models import Person


def line(text: str, *, field: str, most: int = 300, missing: str = "") -> str:
    """One line, cleaned as ``parties.texts.line`` does."""
    return texts.line(text, field=field, most=most, missing=missing)


def no_longer_here(person: Person) -> str:
    """The sentence for whoever is chosen and has left."""
    return _("%(name)s no longer works here. Choose somebody who does.") % {"name": person.name}


def prose(text: str, *, field: str, most: int = 20_000, missing: str = "") -> str:
    """Text with its line breaks. ``missing`` is the sentence when nothing is left of it."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    texts.refuse_unreadable(lines, field)
    plain = lines.strip()
    if missing and not plain:
        raise RuleViolation(missing, field=field)
    if len(plain) > most:
        raise RuleViolation(
            _("That is %(length)s characters; at most %(most)s fit. Attach the rest as a document.")
            % {"length": len(plain), "most": most},
            field=field,
        )
    return plain
