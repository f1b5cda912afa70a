"""Which encoding a text file is in, decided over the whole file and not over its first lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from hilo.channels.imports.refused import Unreadable

CHUNK = 1 << 20
SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What western business files hold above ASCII. Decoded wrongly, the same bytes give anything but these.
_EXPECTED = frozenset("áéíóúüñçàèìòùâêîôûäëïöãõåøæßÁÉÍÓÚÜÑÇÀÈÌÒÙÂÊÎÔÛÄËÏÖÃÕÅØÆºª€·¿¡«»–—‘’“”…™®© ´")
_WESTERN = ("cp1252", "cp850", "mac_roman")


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    is_lossy: bool = False
    """A few bytes of a UTF-8 file are broken: they are read as U+FFFD and their rows refused."""
    note: str = ""


def detect(path: Path) -> Encoding:
    head = _head(path)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return _checked(path, name)
    if wide := _wide(head):
        return _checked(path, wide)
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    good, bad = _utf8_tally(path)
    if good > bad:
        return Encoding("utf-8", is_lossy=True, note=_("Some letters of the file are broken UTF-8."))
    name = _single_byte(path)
    note = _("The file is not UTF-8; it was read as %(encoding)s. Look at the accents before importing.")
    return Encoding(name, note=note % {"encoding": name})


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(SAMPLE)


def _checked(path: Path, name: str) -> Encoding:
    if _decodes(path, name):
        return Encoding(name)
    if name == "utf-8-sig":
        return Encoding(name, is_lossy=True, note=_("Some letters of the file are broken UTF-8."))
    raise Unreadable(
        _(
            "%(file)s says it is %(encoding)s text but breaks off inside a letter."
            " Export it again, as CSV in UTF-8."
        )
        % {"file": path.name, "encoding": name}
    )


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: in western text every second byte is zero."""
    even, odd = head[0::2], head[1::2]
    if len(odd) < 2:
        return ""
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros_odd > 0.7 and zeros_even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > 0.7 and zeros_odd < 0.1 else ""


def _decodes(path: Path, name: str) -> bool:
    try:
        for _text in _decoded(path, name, "strict"):
            pass
    except UnicodeError:
        return False
    return True


def _decoded(path: Path, name: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)(errors)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _utf8_tally(path: Path) -> tuple[int, int]:
    """(letters above ASCII that are sound UTF-8, broken ones)."""
    good = bad = 0
    for text in _decoded(path, "utf-8", "replace"):
        broken = text.count("\ufffd")
        good += len(text) - len(text.encode("ascii", "ignore")) - broken
        bad += broken
    return good, bad


def _single_byte(path: Path) -> str:
    """The western encoding whose letters look most like words; a guess by statistics only failing that.

    On the few accents of a list of companies a statistical guess is often wrong (Latin-1 taken for
    Cyrillic), so it is asked last.
    """
    above = bytes(_bytes_above_ascii(path))
    scores = {name: _likeness(above, name) for name in _WESTERN}
    best = max(scores, key=lambda name: scores[name])  # the first of equals: cp1252
    if scores[best] >= 0.6:
        return best
    with path.open("rb") as file:
        guess = from_bytes(file.read(SAMPLE)).best()
    name = guess.encoding if guess else "cp1252"
    return next(one for one in (name, "cp1252", "latin_1") if _decodes(path, one))


def _bytes_above_ascii(path: Path, most: int = 20_000) -> bytearray:
    found = bytearray()
    with path.open("rb") as file:
        while (chunk := file.read(CHUNK)) and len(found) < most:
            found += chunk.translate(None, bytes(range(128)))
    return found[:most]


def _likeness(above: bytes, name: str) -> float:
    try:
        text = above.decode(name)
    except UnicodeDecodeError:
        return 0.0
    return sum(letter in _EXPECTED for letter in text) / max(len(text), 1)
