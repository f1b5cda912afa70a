"""Bytes to UTF-8: what a file is written in, and the lines of it that are written in something else."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

BLOCK = 8 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding and how many bytes its mark takes. UTF-8 unless the first bytes say otherwise: whether
    that holds is seen line by line."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    sample = head[:4096]
    pairs = len(sample) // 2
    if pairs > 4 and sample[1::2].count(0) > 0.4 * pairs and sample[::2].count(0) < 0.1 * pairs:
        return "utf-16-le", 0
    if pairs > 4 and sample[::2].count(0) > 0.4 * pairs and sample[1::2].count(0) < 0.1 * pairs:
        return "utf-16-be", 0
    return "utf-8", 0


def blocks(path: Path, encoding: str, mark: int, size: int = BLOCK) -> Iterator[bytes]:
    """The file in blocks without its mark; a wide encoding comes out as UTF-8, any other as it stands."""
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as file:
        file.seek(mark)
        # The first is small: a reader looks at it to decide how to read the rest.
        wanted = min(size, 1 << 20)
        while block := file.read(wanted):
            yield block if decoder is None else decoder.decode(block).encode("utf-8", "replace")
            wanted = size
    if decoder is not None and (rest := decoder.decode(b"", final=True)):
        yield rest.encode("utf-8", "replace")


def as_utf8(block: bytes) -> tuple[bytes, str]:
    """``block`` as UTF-8, and the older encoding that some of its lines were in ("" when none was)."""
    try:
        block.decode("utf-8")
        return block, ""
    except UnicodeDecodeError:
        pass
    lines = block.splitlines(keepends=True)
    wrong = [place for place, line in enumerate(lines) if not _is_utf8(line)]
    older = _older_encoding(b"".join(lines[place] for place in wrong))
    for place in wrong:
        lines[place] = lines[place].decode(older, "replace").encode("utf-8")
    return b"".join(lines), older


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _older_encoding(sample: bytes) -> str:
    """Western European unless most letters of the words concerned are beyond ASCII, as in Greek or Russian:
    a guesser takes a short Spanish text for Czech or Turkish too easily to be asked about everything."""
    words = b"".join(_WORD.findall(sample[: 1 << 16]))
    beyond = sum(byte >= 0x80 for byte in words)
    if beyond * 2 <= len(words):
        return "cp1252"
    from charset_normalizer import from_bytes  # 0.1 s to import, rarely needed

    best = from_bytes(sample[: 1 << 16]).best()
    return best.encoding if best and best.encoding not in ("ascii", "utf_8") else "cp1252"
