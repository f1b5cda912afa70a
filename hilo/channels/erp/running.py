"""One run over the watched folder: every ready file, then what had waited, then who must be told.

Whatever ends it, the next run goes on: a group is taken whole with its reference, and a file leaves the
folder only when all of it has been seen.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hilo.channels.erp import mapping as mappings
from hilo.channels.erp.applying import Fate, OutOfTime, Tally, take_groups
from hilo.channels.erp.folder import (
    DONE,
    REFUSED,
    Ready,
    Stamp,
    alone_in,
    move_to,
    ready_files,
    source_folders,
)
from hilo.channels.erp.grouping import Grouped
from hilo.channels.erp.mapping import SourceMapping, read_mapping
from hilo.channels.erp.models import TakenFile
from hilo.channels.erp.reading import Reader
from hilo.channels.erp.reporting import (
    digest_of_file,
    note_taken,
    refused_whole,
    tell_of_waiting,
    write_refused_rows,
    write_sentence,
)
from hilo.channels.erp.settling import settle_waiting
from hilo.channels.erp.terms import Terms, terms_of
from hilo.channels.imports.choosing import usual_person
from hilo.channels.imports.refused import Unreadable
from hilo.channels.imports.tables import Table, open_table

QUIET = timedelta(seconds=30)

type Tell = Callable[[str, int, int], None]
"""File, rows done, rows in all."""


@dataclass
class Run:
    """What one run did. ``is_busy``: somebody else is at work in that folder; ``is_cut``: time was over."""

    taken: list[TakenFile] = field(default_factory=list)
    settled: int = 0
    waiting_told: int = 0
    is_busy: bool = False
    is_cut: bool = False


def run_feed(
    root: Path,
    *,
    now: datetime,
    quiet: timedelta = QUIET,
    budget: timedelta | None = None,
    tell: Tell = lambda file, done, all_rows: None,
) -> Run:
    """Work through the folder. Raises ``Unreadable`` when there is no such folder or no mapping in it."""
    run = Run()
    ends = time.monotonic() + budget.total_seconds() if budget else None
    feed = _Feed(run, now, quiet, lambda: ends is not None and time.monotonic() > ends, tell)
    for folder in source_folders(root):
        with alone_in(folder) as is_alone:
            if is_alone:
                feed.work_through(folder)
            else:
                run.is_busy = True
    return run


@dataclass
class _Feed:
    run: Run
    now: datetime
    quiet: timedelta
    is_over: Callable[[], bool]
    tell: Tell

    def work_through(self, folder: Path) -> None:
        with _in_words_of(""):
            try:
                source = read_mapping(folder)
            except Unreadable as sentence:
                self._note_mapping(folder, str(sentence))
                raise
        with _in_words_of(source.language):
            terms = terms_of(source, self.now)
            try:
                for ready in ready_files(folder, source, now=self.now, quiet=self.quiet):
                    with suppress(FileNotFoundError):  # taken meanwhile by somebody whom no lock keeps out
                        self._take(ready, folder, terms)
                self.run.settled += settle_waiting(terms, is_over=self.is_over)
            except OutOfTime:
                self.run.is_cut = True
            self.run.waiting_told += tell_of_waiting(terms)

    def _note_mapping(self, folder: Path, sentence: str) -> None:
        """On the administrator's page, once for each way of being wrong."""
        digest = hashlib.sha256(sentence.encode()).hexdigest()
        if not TakenFile.objects.filter(source=folder.name[:40], name=mappings.NAME, digest=digest).exists():
            self._note(folder.name[:40], "", mappings.NAME, digest, refused_whole(sentence), 0, "")

    def _take(self, ready: Ready, folder: Path, terms: Terms) -> None:
        began, digest = time.monotonic(), digest_of_file(ready.path)
        try:
            table, grouped = _read(ready, terms.mapping, self.now)
        except Unreadable as sentence:
            self._refuse_whole(ready, str(sentence), digest, folder, terms)
            return
        if Stamp.of(ready.path) != ready.stamp:
            return  # somebody is still writing it
        tally = self._apply(ready, grouped, terms)
        refused_file = write_refused_rows(table, tally.refused, folder, digest) if tally.refused else ""
        seconds = time.monotonic() - began
        kind = ready.mapping.kind.value
        self._note(terms.source, kind, ready.path.name, digest, tally, seconds, refused_file)
        move_to(ready, folder, DONE, self._day(terms))

    def _apply(self, ready: Ready, grouped: Grouped, terms: Terms) -> Tally:
        name, kind = ready.path.name, ready.mapping.kind
        terms.forget_directory()
        tally = take_groups(
            grouped.groups(),
            terms,
            kind=kind,
            file=name,
            columns=ready.mapping.columns,
            is_over=self.is_over,
            tell=lambda done: self.tell(name, done, grouped.count),
        )
        tally.refused += grouped.refused
        tally.rows[Fate.REFUSED] = len({each.number for each in tally.refused})
        return tally

    def _refuse_whole(self, ready: Ready, sentence: str, digest: str, folder: Path, terms: Terms) -> None:
        if Stamp.of(ready.path) != ready.stamp:
            return
        write_sentence(ready, sentence, folder)
        kind = ready.mapping.kind.value
        self._note(
            terms.source, kind, ready.path.name, digest, refused_whole(sentence), 0, f"{ready.path.name}.txt"
        )
        move_to(ready, folder, REFUSED)

    def _note(
        self, source: str, kind: str, name: str, digest: str, tally: Tally, seconds: float, refused_file: str
    ) -> None:
        taken = note_taken(
            source,
            kind,
            name,
            digest=digest,
            tally=tally,
            seconds=seconds,
            refused_file=refused_file,
            now=self.now,
        )
        self.run.taken.append(taken)

    def _day(self, terms: Terms) -> str:
        return self.now.astimezone(terms.mapping.zone).date().isoformat()


def trouble_with(root: Path) -> str:
    """Why the folder cannot be used, in a sentence; nothing when it can."""
    try:
        for folder in source_folders(root):
            read_mapping(folder)
    except Unreadable as sentence:
        return str(sentence)
    return ""


def _read(ready: Ready, source: SourceMapping, now: datetime) -> tuple[Table, Grouped]:
    try:
        table = open_table(ready.path)
        reader = Reader.of_table(source, ready.mapping, table, now)
        return table, Grouped.of(ready.mapping.kind, reader.all(table))
    except MemoryError as error:
        raise Unreadable(_("%(file)s is too large: split it.") % {"file": ready.path.name}) from error


@contextmanager
def _in_words_of(language: str) -> Iterator[None]:
    """The mapping's language, else that of whoever answers for this installation."""
    person = usual_person()
    chosen = language or (person.language if person else "") or settings.LANGUAGE_CODE
    known = {code for code, _name in settings.LANGUAGES}
    with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
        yield
