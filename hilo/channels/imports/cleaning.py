"""One cell at a time: phones, addresses, tax numbers, countries, flags and plain text.

What cannot be understood is kept as it was typed and remarked on, unless acting on it would be wrong:
then ``Unfit`` carries the sentence.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import email_validator
import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from django.utils.translation import gettext as _
from stdnum.es import nif
from stdnum.eu import vat

_SPACES = re.compile(r"\s+")
# C0 and C1 controls and lone surrogates. Marks of writing direction and emoji joiners are text and stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LOST = re.compile(r"[?\ufffd\s]*\?\?[?\ufffd\s]*")
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9_+-]|\.(?=[A-Za-z0-9_+-])){0,63}@(?:[a-z0-9-]+\.)+[a-z]{2,24}"
)
_PHONE_LETTERS = re.compile(r"[+(]?[\d\s().,/+-]{5,}(?:\s*(?:ext|x|#)\.?\s*\d+)?", re.IGNORECASE)
_YES = {"true", "1", "yes", "y", "si", "x", "verdadero", "t", "s"}
_NO = {"false", "0", "no", "n", "falso", "f", ""}
_OTHER_NAMES = {
    "usa": "US",
    "eeuu": "US",
    "uk": "GB",
    "inglaterra": "GB",
    "england": "GB",
    "holanda": "NL",
    "paisesbajos": "NL",
}
_GREECE_IN_VAT = "EL"


class Unfit(Exception):
    """The sentence says what is wrong with the cell and what to do about it."""


def fold(text: str) -> str:
    """Lower case without accents: the form in which names are compared, never shown."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


def squeezed(text: str) -> str:
    """Letters and digits alone: "Account ID", "AccountId" and "ACCOUNT_ID" are one column name."""
    return "".join(filter(str.isalnum, fold(text)))


def line(text: str, limit: int) -> str:
    """One line of text. Formulas, HTML, emoji and right-to-left text are text: screens and exports escape."""
    plain = _CONTROLS.sub("", _SPACES.sub(" ", text)).strip() if not text.isalnum() else text
    return _within(plain, limit)


def paragraphs(text: str, limit: int) -> str:
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return _within(plain, limit)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Unfit(
            _("it has %(length)s letters and %(limit)s fit: shorten it.")
            % {"length": len(text), "limit": limit}
        )
    return text


def is_lost(text: str) -> bool:
    """Nothing but question marks: an earlier export could not write the letters, and they are gone."""
    return _LOST.fullmatch(text) is not None


def flag(text: str) -> bool:
    said = squeezed(text)
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unfit(_("“%(text)s” is neither yes nor no: write true or false.") % {"text": text})


def is_flag(text: str) -> bool:
    return squeezed(text) in _YES | _NO


def email(text: str) -> str:
    """The first address of the cell, checked by form alone; nobody is asked over the network."""
    first = re.split(r"[;,\s]+", text.strip())[0].removeprefix("mailto:")
    if _PLAIN_EMAIL.fullmatch(first):
        return first
    try:
        return email_validator.validate_email(
            first, check_deliverability=False, test_environment=True
        ).normalized
    except email_validator.EmailNotValidError:
        raise Unfit(
            _("“%(text)s” is no e-mail address: correct it or leave the cell empty.") % {"text": text}
        ) from None


def phone(text: str, country: str) -> str:
    """International form, or nothing when it cannot be understood (the caller keeps what was typed)."""
    if not _PHONE_LETTERS.fullmatch(text):
        return ""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def tax_id(text: str, country: str) -> str:
    """Compact form with its check digit right, or nothing (the caller keeps what was typed)."""
    bare = "".join(filter(str.isalnum, text)).upper()
    if country in ("ES", "") and nif.is_valid(bare.removeprefix("ES")):
        return bare.removeprefix("ES")
    if bare[:2].isalpha() and vat.is_valid(bare):
        return bare
    prefixed = (_GREECE_IN_VAT if country == "GR" else country) + bare
    return prefixed if country and vat.is_valid(prefixed) else ""


def website(text: str) -> str:
    """As typed, with a scheme that a link may have; anything else is text that nothing links to."""
    plain = line(text, 200)
    if re.fullmatch(r"https?://[^\s<>\"']+", plain, re.IGNORECASE):
        return plain
    return f"https://{plain}" if is_domain(plain) else plain


def is_domain(text: str) -> bool:
    return re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[^\s<>\"']*)?", text.strip().lower()) is not None


def country(text: str) -> str:
    """Code of two letters for a code or for a name in Spanish, English or its own language; else nothing."""
    said = squeezed(text)
    if len(said) == 2 and said.upper() in phonenumbers.SUPPORTED_REGIONS:
        return said.upper()
    return _countries().get(said) or _country_of_three(said) or _countries_at_home().get(said, "")


@cache
def _countries() -> dict[str, str]:
    names = dict(_OTHER_NAMES)
    for language in ("en", "es", "fr", "de", "it", "pt", "ca"):
        for code, name in _territories(language):
            names.setdefault(squeezed(name), code)
    return names


@cache
def _countries_at_home() -> dict[str, str]:
    """What each country calls itself; a hundred small files, so only for a name nobody else knew."""
    names: dict[str, str] = {}
    for code in sorted(phonenumbers.SUPPORTED_REGIONS):
        for language in get_official_languages(code):
            names.setdefault(squeezed(dict(_territories(language)).get(code, "")), code)
    names.pop("", None)
    return names


@cache
def _territories(language: str) -> list[tuple[str, str]]:
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return []
    return [(code, name) for code, name in territories.items() if code in phonenumbers.SUPPORTED_REGIONS]


def _country_of_three(said: str) -> str:
    return {"esp": "ES", "prt": "PT", "fra": "FR", "deu": "DE", "ita": "IT", "gbr": "GB"}.get(said, "")


def salesforce_id(text: str) -> str:
    """Ids of 15 letters (reports) become those of 18 (the API), so that both join and load only once.

    The last three letters say which of the fifteen are capitals, five at a time, lowest bit first.
    """
    if len(text) != 15 or not (text.isascii() and text.isalnum()):
        return text
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    groups = (text[start : start + 5] for start in (0, 5, 10))
    return text + "".join(
        alphabet[sum(letter.isupper() << place for place, letter in enumerate(group))] for group in groups
    )
