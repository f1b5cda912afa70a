"""An import as it is done: looked at first, then all of it in one transaction or nothing at all.

``preview`` writes nothing. ``apply`` decides every row again inside its transaction, so that what changed
meanwhile (another import of the same file, a merge) is seen, and calls the same commands as a person's hand.
Either holds one batch of rows in memory, whatever the length of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import cast

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from hilo.channels.imports.contacts import Contacts
from hilo.channels.imports.customers import Customers
from hilo.channels.imports.deciding import Applier, Decision, Fate, Terms
from hilo.channels.imports.directory import known_customers
from hilo.channels.imports.fields import ImportedRow, What
from hilo.channels.imports.intake import Check, Intake
from hilo.channels.imports.refused import RefusedRow, Unreadable
from hilo.channels.imports.threads import Threads
from hilo.errors import RuleViolation
from hilo.parties.changing import one_at_a_time
from hilo.parties.queries.calendars import while_no_calendar_changes
from hilo.unchanged import while_the_company_stays_as_it_is

BATCH = 500
MOST_LINKS = 1_000
_OTHERS_WRITE = ("40P01", "40001", "55P03")  # deadlock, serialization, lock not available

type Tell = Callable[[int], None]
_APPLIERS: dict[What, Callable[[Terms], object]] = {
    What.CUSTOMERS: Customers,
    What.CONTACTS: Contacts,
    What.THREADS: Threads,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A row that is something here already, under ``name``."""

    number: int
    name: str


@dataclass
class Tally:
    counts: Counter[Fate] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def add(self, decision: Decision[ImportedRow]) -> None:
        self.counts[decision.fate] += 1
        if decision.fate is Fate.SKIP:
            self.skipped[decision.why] += 1
        if decision.fate is Fate.LINK and len(self.links) < MOST_LINKS:
            self.links.append(Link(decision.row.number, decision.target_name))

    @property
    def refused_rows(self) -> int:
        return len({one.number for one in self.refused})


@dataclass(frozen=True)
class Preview:
    """``check`` is what the file itself says; ``tally`` what would become of its rows here."""

    check: Check
    tally: Tally

    @property
    def refused(self) -> list[RefusedRow]:
        return sorted(self.tally.refused, key=lambda one: one.number)


@dataclass(frozen=True)
class Outcome:
    """What was done. ``is_done`` is False when a row was refused and so nothing at all was imported."""

    is_done: bool
    tally: Tally


class _Nothing(Exception):
    """Rolls everything back."""


class Importing:
    def __init__(self, intake: Intake, terms: Terms) -> None:
        self.intake, self.terms = intake, terms
        self.what = intake.mapping.what

    def preview(self, tell: Tell | None = None) -> Preview:
        existing = known_customers(self.terms.source) if self.what is What.CUSTOMERS else ()
        check = self.intake.check(existing, tell)
        tally = Tally(refused=list(check.refused), skipped=Counter(check.skipped))
        applier = self._applier()
        for rows in batched(self.intake.rows(), BATCH):
            for decision in applier.decide(rows):
                tally.add(decision)
                self._note_refusal(decision, tally)
        return Preview(check, tally)

    def apply(self, *, skip_refused: bool = False, tell: Tell | None = None) -> Outcome:
        """``tell`` hears how many rows are done, after every batch."""
        tally = Tally()
        try:
            with transaction.atomic():
                one_at_a_time()
                self._perform_all(tally, tell)
                if tally.refused and not skip_refused:
                    raise _Nothing
        except _Nothing:
            return Outcome(False, Tally(skipped=tally.skipped, refused=tally.refused))
        except OperationalError as error:
            if sentence := _why_it_gave_up(error):
                raise Unreadable(sentence) from error
            raise
        return Outcome(True, tally)

    def _perform_all(self, tally: Tally, tell: Tell | None) -> None:
        applier = self._applier()
        seen = 0
        for rows in batched(self._sound_rows(tally), BATCH):
            with while_the_company_stays_as_it_is(), while_no_calendar_changes():
                for decision in applier.decide(rows):
                    self._perform(applier, decision, tally)
                applier.flush()
            seen += len(rows)
            if tell:
                tell(seen)

    def _sound_rows(self, tally: Tally) -> Iterator[ImportedRow]:
        for result in self.intake.results():
            tally.refused += result.refused
            if result.skipped:
                tally.skipped[result.skipped] += 1
            if result.row is not None:
                yield result.row

    def _perform(self, applier: Applier[ImportedRow], decision: Decision[ImportedRow], tally: Tally) -> None:
        if decision.fate in (Fate.ADD, Fate.LINK, Fate.CHANGE):
            try:
                with transaction.atomic():
                    applier.perform(decision)
            except RuleViolation as refusal:
                tally.counts[Fate.REFUSE] += 1
                tally.refused.append(self._refusal(decision.row, refusal.field or "", str(refusal)))
                return
        tally.add(decision)
        self._note_refusal(decision, tally)

    def _note_refusal(self, decision: Decision[ImportedRow], tally: Tally) -> None:
        if decision.fate is Fate.REFUSE:
            tally.refused.append(self._refusal(decision.row, decision.field, decision.why))

    def _refusal(self, row: ImportedRow, field_name: str, why: str) -> RefusedRow:
        column = self.intake.mapping.column_of(field_name)
        said = {"row": row.number, "column": column, "why": why}
        text = _("Row %(row)s, column “%(column)s”: %(why)s") if column else _("Row %(row)s: %(why)s")
        return RefusedRow(row.number, column, text % said)

    def _applier(self) -> Applier[ImportedRow]:
        return cast(Applier[ImportedRow], _APPLIERS[self.what](self.terms))


def _why_it_gave_up(error: OperationalError) -> str:
    """PostgreSQL keeps one lock per changed thing until the commit, and its table of locks is finite."""
    said = f"{error} {error.__cause__}"
    if "max_locks_per_transaction" in said:
        return _(
            "Nothing was imported: PostgreSQL has no room for so many locks in one transaction. Raise its"
            " setting max_locks_per_transaction, or split the file and import the parts."
        )
    if "locked" in said or getattr(error.__cause__, "sqlstate", None) in _OTHERS_WRITE:
        return _("Nothing was imported: somebody else was writing at the same moment. Start it again.")
    return ""
