"""An import told in sentences, for the terminal; the screen draws the same facts its own way."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from hilo.channels.imports.applying import Outcome, Preview, Tally
from hilo.channels.imports.deciding import Fate
from hilo.channels.imports.duplicates import Duplicate
from hilo.channels.imports.fields import ContactRow, CustomerRow, ImportedRow, What
from hilo.channels.imports.figures import grouped
from hilo.channels.imports.labels import NOT_KEPT, label_of, said_confidence
from hilo.channels.imports.mapping import Mapping

SHOWN = 20


def told_mapping(mapping: Mapping, *, is_remembered: bool) -> Iterator[str]:
    yield _("Columns, as last time:") if is_remembered else _("Columns:")
    width = max((len(one.column) for one in mapping.choices), default=0)
    for one in mapping.choices:
        kept = _("recognised, but not kept") if one.field in NOT_KEPT else said_confidence(one.confidence)
        yield f"  {shown(one.column):<{width}}  →  {one.field}  ({label_of(one.field)}; {kept})"
    if mapping.unused:
        yield _("Not used: %(columns)s.") % {"columns": shown(", ".join(mapping.unused))}


def told_preview(preview: Preview, what: What) -> Iterator[str]:
    yield from map(shown, preview.check.notes)
    yield _("The first rows:")
    yield from (f"  {grouped(row.number)}  {shown(said_row(row))}" for row in preview.check.sample)
    yield _("What will happen:")
    yield from told_tally(preview.tally)
    for link in preview.tally.links[:SHOWN]:
        said = _("Row %(row)s is “%(name)s”, which is here: not made twice.")
        yield said % {"row": link.number, "name": shown(link.name)}
    yield from _more(len(preview.tally.links))
    alike = unlinked(preview)
    yield from map(said_duplicate, alike[:SHOWN])
    yield from _more(len(alike))
    yield from (shown(remark_line) for remark_line in _remarks(preview))


def told_tally(tally: Tally) -> Iterator[str]:
    said = {
        Fate.ADD: _("new: %(count)s"),
        Fate.LINK: _("here already, known from now on: %(count)s"),
        Fate.CHANGE: _("changed: %(count)s"),
        Fate.SAME: _("the same as last time: %(count)s"),
    }
    for fate, words in said.items():
        if tally.counts[fate]:
            yield "  " + words % {"count": grouped(tally.counts[fate])}
    for why, count in tally.skipped.items():
        words = _("left out, %(why)s: %(count)s")
        yield "  " + words % {"why": why, "count": grouped(count)}
    if tally.refused:
        yield "  " + _("refused: %(count)s") % {"count": grouped(tally.refused_rows)}


def told_refusals(sentences: Iterable[str]) -> Iterator[str]:
    all_of_them = list(sentences)
    yield from map(shown, all_of_them[:SHOWN])
    yield from _more(len(all_of_them))


def told_outcome(outcome: Outcome) -> Iterator[str]:
    if not outcome.is_done:
        yield _("Nothing was imported.")
        return
    yield _("Imported:")
    yield from told_tally(outcome.tally)


def unlinked(preview: Preview) -> list[Duplicate]:
    linked = {link.number for link in preview.tally.links}
    return [one for one in preview.check.duplicates if one.number not in linked]


def said_duplicate(one: Duplicate) -> str:
    facts = {"row": one.number, "name": shown(one.name), "other": shown(one.other_name)}
    if one.other_number is not None:
        words = _("Row %(row)s, “%(name)s”, looks like row %(number)s, “%(other)s”.")
        return words % {**facts, "number": one.other_number}
    return _("Row %(row)s, “%(name)s”, looks like “%(other)s”, which is here. Join them if so.") % facts


def said_row(row: ImportedRow) -> str:
    if isinstance(row, CustomerRow):
        parts = [row.name, row.tax_id, row.city, row.country]
    elif isinstance(row, ContactRow):
        parts = [row.name, row.customer.name or row.customer.external_id, row.position, row.email]
    else:
        amount = f"{grouped(row.amount, 2)} {row.currency}" if row.amount is not None else ""
        parts = [row.title, row.customer.name or row.customer.external_id, row.stage, amount]
    return " · ".join(filter(None, parts))


def shown(text: str) -> str:
    """A name from a file must not move the cursor, colour the terminal or write backwards."""
    hidden = ("Cc", "Cf")
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in hidden else c for c in text)


def _remarks(preview: Preview) -> Iterator[str]:
    for one in preview.check.remarks[:SHOWN]:
        yield _("Row %(row)s, column “%(column)s”: %(why)s") % {
            "row": one.number,
            "column": one.column,
            "why": one.text,
        }
    yield from _more(preview.check.remark_count)


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield _("… and %(count)s more.") % {"count": grouped(count - SHOWN)}
