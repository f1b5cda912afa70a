"""``hilo import customers|contacts|threads FILE --source salesforce|odoo|csv``.

Ends with 0 when the file was imported (or would be, with ``--dry-run``), 1 when a row was refused and so
nothing was imported, 2 when the file, a column or an option cannot be used.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hilo.channels.imports import reporting
from hilo.channels.imports.applying import Importing, Preview, Tell
from hilo.channels.imports.choosing import delegation_called, person_called, usual_person
from hilo.channels.imports.deciding import Terms
from hilo.channels.imports.fields import Source, What
from hilo.channels.imports.figures import grouped
from hilo.channels.imports.intake import Assumptions, Intake
from hilo.channels.imports.mapping import Mapping, guess_mapping
from hilo.channels.imports.refused import RefusedRow, Unreadable, write_refused
from hilo.channels.imports.remembering import remember_mapping, remembered_mapping
from hilo.channels.imports.settling import DayOrder, DecimalMark
from hilo.channels.imports.tables import open_table
from hilo.parties.actor import importer
from hilo.parties.models import CompanyPolicy

NAME = "import"
SUMMARY = gettext_noop("bring in customers, contacts or threads of another system")
DONE, REFUSED, UNUSABLE = 0, 1, 2
_PLAIN_LINE_EVERY = 5_000


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", type=What, choices=list(What), help=_("what the rows are"))
    parser.add_argument("file", type=Path, help=_("a CSV or Excel file"))
    parser.add_argument(
        "--source", type=Source, choices=list(Source), default=Source.CSV, help=_("where from")
    )
    add = parser.add_argument
    add("--dry-run", action="store_true", help=_("show what would happen, and change nothing"))
    add("--map", action="append", default=[], metavar=_("COLUMN=field"), help=_("what a column is"))
    add("--skip-refused", action="store_true", help=_("import the other rows when some are refused"))
    add("--dates", type=DayOrder, choices=list(DayOrder), help=_("how 03/04/2026 is read"))
    add("--decimals", type=DecimalMark, choices=list(DecimalMark), help=_("how 1.234 is read"))
    add("--owner", default="", metavar="EMAIL", help=_("who keeps what has no owner here"))
    add("--delegation", default="", metavar=_("CODE"), help=_("the delegation they belong to"))
    add("--with-closed", action="store_true", help=_("also threads that are closed there"))


def run(options: Namespace) -> int:
    try:
        return _Run(options).go()
    except Unreadable as sentence:
        print_error(str(sentence))
        return UNUSABLE


class _Run:
    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.terms = _terms(options)
        self.table = open_table(options.file)

    def go(self) -> int:
        with timezone.override(ZoneInfo(self.terms.delegation.zone)):
            mapping = self._show_mapping()
            importing = Importing(
                Intake(self.table, mapping, _assumptions(self.options, self.terms)), self.terms
            )
            with _telling(_("Looking at the rows"), None) as tell:
                preview = importing.preview(tell)
            tell_lines(reporting.told_preview(preview, self.options.what))
            tell_lines([self._said_owner()])
            return self._go_on(importing, preview)

    def _go_on(self, importing: Importing, preview: Preview) -> int:
        if self.options.dry_run:
            tell_lines(reporting.told_refusals(one.reason for one in preview.refused))
            tell_lines([_("This was only a look: nothing was changed.")])
            return REFUSED if preview.refused else DONE
        if preview.refused and not self.options.skip_refused:
            return self._nothing(preview.refused)
        with _telling(_("Importing"), preview.check.ready) as tell:
            outcome = importing.apply(skip_refused=self.options.skip_refused, tell=tell)
        tell_lines(reporting.told_outcome(outcome))
        if not outcome.is_done:
            return self._nothing(outcome.tally.refused)
        remember_mapping(importing.intake.mapping, self.terms.now)
        self._write_refused(outcome.tally.refused)
        return DONE

    def _show_mapping(self) -> Mapping:
        what, source = self.options.what, self.options.source
        kept = remembered_mapping(self.table, what, source)
        mapping = (kept or guess_mapping(self.table, what, source)).overridden(self.options.map)
        tell_lines(reporting.told_mapping(mapping, is_remembered=kept is not None))
        return mapping

    def _said_owner(self) -> str:
        words = _("What has no owner here is kept by %(name)s (another: --owner), at %(delegation)s.")
        return words % {"name": self.terms.owner.name, "delegation": self.terms.delegation.name}

    def _nothing(self, refused: list[RefusedRow]) -> int:
        self._write_refused(refused)
        advice = _("Nothing was imported. Correct that file and import it, or add --skip-refused.")
        print_error(advice)
        return REFUSED

    def _write_refused(self, refused: list[RefusedRow]) -> None:
        if not refused:
            return
        for line in reporting.told_refusals(one.reason for one in refused):
            print_error(line)
        path = write_refused(self.table, refused)
        print_error(_("The refused rows are in %(path)s, each with its reason.") % {"path": path})


def _terms(options: Namespace) -> Terms:
    owner = person_called(options.owner) if options.owner else usual_person()
    if owner is None:
        raise Unreadable(
            _("Say who keeps what is imported: --owner with the e-mail address of somebody here.")
        )
    return Terms(
        source=options.source,
        by=importer(person=usual_person() or owner),
        owner=owner,
        delegation=delegation_called(options.delegation),
        now=timezone.now(),
        with_closed=options.with_closed,
        own_delegation=bool(options.delegation),
    )


def _assumptions(options: Namespace, terms: Terms) -> Assumptions:
    return Assumptions(
        country=terms.delegation.country,
        currency=CompanyPolicy.objects.get(pk=1).currency,
        zone=ZoneInfo(terms.delegation.zone),
        dates=options.dates,
        decimals=options.decimals,
    )


# What is said, and how far it is ------------------------------------------------------------------------


def tell_lines(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def print_error(line: str) -> None:
    sys.stderr.write(line + "\n")


@contextmanager
def _telling(doing: str, total: int | None) -> Iterator[Tell]:
    """A bar for who looks at a terminal; elsewhere a line every few thousand rows."""
    if not sys.stderr.isatty():
        yield lambda done: _plain_line(doing, done, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done: bar.update(task, completed=done)


def _plain_line(doing: str, done: int, total: int | None) -> None:
    if done % _PLAIN_LINE_EVERY:
        return
    of = f" / {grouped(total)}" if total else ""
    print_error(f"{doing}: {grouped(done)}{of}")
