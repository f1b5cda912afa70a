"""Files brought into a company, as the tests of applying do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hilo.channels.imports import Intake, Source, What, guess_mapping, open_table
from hilo.channels.imports.applying import Importing, Outcome, Preview
from hilo.channels.imports.deciding import Terms
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import importer
from tests.factories.parties import NOW, Company

ACCOUNTS, OPPORTUNITIES = "salesforce/accountData.csv", "salesforce/opportunityData.csv"


@dataclass
class Bringer:
    company: Company
    now: datetime = NOW
    terms: dict[str, object] = field(default_factory=dict)

    def importing(self, path: Path, what: What, source: Source = Source.CSV, **terms: object) -> Importing:
        table = open_table(path)
        administrator = self.company.administrator
        given: dict[str, object] = {
            "source": source,
            "by": importer(person=administrator),
            "owner": self.company.people["sales"],
            "delegation": self.company.zaragoza,
            "now": self.now,
            **self.terms,
            **terms,
        }
        return Importing(Intake(table, guess_mapping(table, what, source)), Terms(**given))  # type: ignore[arg-type]

    def bring(
        self,
        path: Path,
        what: What,
        source: Source = Source.CSV,
        *,
        skip_refused: bool = False,
        **terms: object,
    ) -> Outcome:
        return self.importing(path, what, source, **terms).apply(skip_refused=skip_refused)

    def preview(self, path: Path, what: What, source: Source = Source.CSV, **terms: object) -> Preview:
        return self.importing(path, what, source, **terms).preview()

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def counted(outcome: Outcome) -> dict[str, int]:
    return {fate.value: number for fate, number in outcome.tally.counts.items() if number}


def events() -> int:
    return LedgerEvent.objects.count()
