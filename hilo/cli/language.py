"""The terminal's language: Spanish unless the locale is English.

Its sentences go through the standard library's gettext and not through Django's, because some are said
before Django can start, and because argparse's own words then come from the same catalogue.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

LOCALES = Path(__file__).resolve().parent / "locale"
DOMAIN = "django"  # every catalogue of Hilo has this name

_ = str
# What argparse says by itself, so that it is in the catalogue.
ARGPARSE_SAYS = (
    _("usage: "),
    _("options"),
    _("positional arguments"),
    _("show this help message and exit"),
    _("%(prog)s: error: %(message)s\n"),
    _("the following arguments are required: %s"),
    _("unrecognized arguments: %s"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
    _("argument %(argument_name)s: %(message)s"),
    _("expected one argument"),
    _("invalid %(type)s value: %(value)r"),
)


def choose_language() -> str:
    """Point gettext at our catalogue; ``LANGUAGE`` is the variable it looks at first."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = "en" if locale.lower().startswith("en") else "es"
    speak_in(language)
    gettext.bindtextdomain(DOMAIN, str(LOCALES))
    gettext.textdomain(DOMAIN)
    return language


def speak_in(language: str) -> None:
    """From here on, also when somebody asked for another language than the terminal's."""
    os.environ["LANGUAGE"] = language
