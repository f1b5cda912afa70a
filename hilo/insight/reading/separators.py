"""How a text table is cut: its separator, its title row, and the rows above it that are neither."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from hilo.insight.records import record

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200

_LINE_END = re.compile(r"\r\n|\r|\n")
_LOOKS_LIKE_DATA = re.compile(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?")


@record
class Layout:
    """``skip`` records stand above the first row of data; the last of them is the title row, if there is one.
    ``names`` are as wide as the data: ``unnamed`` ones were made up, ``numbered`` ones stood there twice.
    ``head`` is how many characters the skipped records take."""

    separator: str
    names: tuple[str, ...]
    skip: int
    has_titles: bool
    unnamed: frozenset[str] = frozenset()
    numbered: tuple[str, ...] = ()
    head: int = 0


def layout_of(text: str) -> Layout | None:
    """None when no separator makes at least two columns. ``text`` is how the file begins, in whole lines."""
    stated = re.match(r"sep=(.)\r?\n", text)
    found = [(stated[1], 1.0)] if stated else _rated(text)
    separator, share = max(found, key=lambda each: each[1])
    if not share:
        return None
    layout = _layout(_rows(text, separator), separator)
    return layout and replace(layout, head=_characters(text, separator, layout.skip))


def _rated(text: str) -> list[tuple[str, float]]:
    """Separators by how evenly they cut: the share of rows of the commonest width, wider a little better."""
    rated = []
    for separator in SEPARATORS:
        widths = Counter(len(row) for row in _rows(text, separator))
        width, rows = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(0, 0))
        share = rows / max(widths.total(), 1) * (1 - 1 / (width + 1)) if width > 1 else 0.0
        rated.append((separator, share))
    return rated


def _lines(text: str) -> Iterator[str]:
    """One after the other: of a long text only the first are wanted."""
    begin = 0
    for found in _LINE_END.finditer(text):
        yield text[begin : found.end()]
        begin = found.end()
    yield text[begin:]


def _characters(text: str, separator: str, rows: int) -> int:
    reader = csv.reader(_lines(text), delimiter=separator)
    for _row in range(rows):
        next(reader)
    return sum(map(len, islice(_lines(text), reader.line_num)))


def _rows(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(_lines(text), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:  # a field of more than 128 KB: what was cut so far is enough to judge
        pass
    return rows


def _layout(rows: list[list[str]], separator: str) -> Layout | None:
    full = [row for row in rows if any(cell.strip() for cell in row)]
    counted = Counter(len(row) for row in full if len(row) > 1)
    if not counted:
        return None
    width = counted.most_common(1)[0][0]
    at = next(place for place, row in enumerate(rows) if _could_be_titles(row, width))
    titles = rows[at]
    has_titles = not any(_LOOKS_LIKE_DATA.fullmatch(cell) for cell in titles)
    named = titles if has_titles else []
    width = max(width, len(_without_trailing_blanks(named)))
    names, unnamed = names_of(named[:width], width)
    numbered = tuple(name for name in names if name not in unnamed and name not in [t.strip() for t in named])
    return Layout(separator, names, at + has_titles, has_titles, unnamed, numbered)


def _could_be_titles(row: Sequence[str], width: int) -> bool:
    """The data may be wider by separators at the end of each row, and narrower by none."""
    filled = len(_without_trailing_blanks(row))
    return len(row) == width or (filled > 1 and filled >= width - 1)


def _without_trailing_blanks(row: Sequence[str]) -> Sequence[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def names_of(titles: Sequence[str], width: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """One name per column, each once: a repeated one is numbered, a missing one is called by its place."""
    names: list[str] = []
    unnamed = set()
    given = {title.strip() for title in titles}
    for place in range(width):
        title = titles[place].replace("\0", "").strip() if place < len(titles) else ""
        name = title or f"column {place + 1}"
        number = 2
        while name in names or (name != title and name in given):
            name, number = f"{title or 'column'} {number}", number + 1
        if not title:
            unnamed.add(name)
        names.append(name)
    return tuple(names), frozenset(unnamed)
