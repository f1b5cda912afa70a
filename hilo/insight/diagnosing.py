"""From files to a diagnosis: read, say what each column is, sort once, measure, find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from hilo.insight.raw import RawTable, Role, Unreadable
from hilo.insight.records import record
from hilo.insight.results import Diagnosis, LogFacts, Measures
from hilo.insight.speaking import _

if TYPE_CHECKING:
    from hilo.businesstime import CalendarRules
    from hilo.insight.log import Codes, EventLog
    from hilo.insight.mapping import Guess, Question
    from hilo.insight.meanings import Meanings
    from hilo.insight.measures.cases import Mask
    from hilo.insight.measures.intended import Intended


class Phase(StrEnum):
    """What is being done, in this order; a progress bar names it in its reader's language."""

    READING = "reading"
    MAPPING = "mapping"
    SORTING = "sorting"
    MEASURING = "measuring"
    FINDING = "finding"


type Tell = Callable[[Phase], None]
type Ask = Callable[[Question], str | None]
"""Answers which column it is; "" when there is none; None to leave it to us."""


@record
class Asked:
    """What somebody said about their log. ``columns`` win over what would be guessed."""

    columns: Mapping[Role, str] = field(default_factory=dict)
    calendar: Path | None = None  # hours and holidays (YAML), for durations in working time
    meaning: Path | None = None  # which activities are a request, an invoice, ... (YAML)
    template: Path | None = None  # how it is meant to run (YAML or BPMN 2.0)
    zone: str | None = None  # in which times without an offset are meant
    engine: str | None = None  # "duckdb", or the address of a PostgreSQL: who counts the events


def diagnose(
    paths: Sequence[Path], asked: Asked | None = None, *, tell: Tell | None = None, ask: Ask | None = None
) -> Diagnosis:
    """Raises ``Unreadable`` with one sentence when the files are no event log.

    The engine's parts are imported as they are needed: naming a wrong file costs no second of loading.
    """
    try:
        return _diagnosed(paths, asked or Asked(), _Clock(tell), ask)
    finally:
        from hilo.insight.lean import give_arrays_back

        give_arrays_back()


def _diagnosed(paths: Sequence[Path], asked: Asked, clock: _Clock, ask: Ask | None) -> Diagnosis:
    with clock.phase(Phase.READING):
        from hilo.insight.reading import read

        raw = read(paths, keep_codes=True)
    with clock.phase(Phase.MAPPING):
        found = _guess(raw, asked.columns, ask)
    with clock.phase(Phase.SORTING):
        from hilo.insight.encoding import encode
        from hilo.insight.lean import give_back

        log = encode(found.raw, found.columns, zone=asked.zone)
        facts, columns = _facts(raw, found, log), found.columns
        del raw, found  # twenty million rows take a gigabyte, which measuring and finding need
        give_back()
    with clock.phase(Phase.MEASURING):
        from hilo.insight.meanings import meanings
        from hilo.insight.measures import measure

        meant = meanings(log.activity.names, asked.meaning)
        measures = measure(
            log, calendar=_calendar(asked, log), template=_template(asked), fulfils=_deliveries(log, meant)
        )
        if asked.engine is not None:
            measures = _counted_by(asked.engine, log, measures)
    with clock.phase(Phase.FINDING):
        from hilo.insight.findings import find

        findings = find(log, meant)
    return Diagnosis(facts, columns, measures, findings, clock.seconds)


def _guess(raw: RawTable, given: Mapping[Role, str], ask: Ask | None) -> Guess:
    """What is worth asking is asked once, all of it, and the answers settle the rest anew."""
    from hilo.insight.mapping import guess

    found = guess(raw, given)
    if ask is None or not found.asks:
        return found
    answers = {question.role: answer for question in found.asks if (answer := ask(question)) is not None}
    return guess(raw, {**given, **answers}) if answers else found


def _calendar(asked: Asked, log: EventLog) -> CalendarRules | None:
    from hilo.insight.calendars import read_calendar

    if asked.calendar is None:
        return None
    years = range(_moment(int(log.time.min())).year, _moment(int(log.time.max())).year + 1)
    return read_calendar(asked.calendar, years)


def _template(asked: Asked) -> Intended | None:
    from hilo.insight.measures.intended import read_intended

    return read_intended(asked.template) if asked.template else None


def _counted_by(engine: str, log: EventLog, measures: Measures) -> Measures:
    """The figures a database can say exactly, from the Ibis expressions instead of the arrays."""
    from hilo.insight.expressions.answering import DuckDB, Postgres, answers

    if engine == "duckdb":
        told = answers(log, DuckDB(log))
    else:
        import psycopg

        try:
            with psycopg.connect(engine, autocommit=True) as connection:
                told = answers(log, Postgres(log, connection))
        except psycopg.OperationalError:
            raise Unreadable(
                _("The PostgreSQL of DATABASE_URL does not answer: check its address, or leave --engine out.")
            ) from None
    return replace(measures, **{each.name: getattr(told, each.name) for each in fields(told)})


def _deliveries(log: EventLog, meant: Meanings) -> Mask | None:
    """What keeps a promise; None in a log that tells of no delivery, where the end of the case does."""
    import numpy as np

    from hilo.insight.meanings import Meaning

    codes = meant.codes(Meaning.DELIVERY, log.activity)
    return np.isin(log.activity.codes, codes) if len(codes) else None


# What the log is -----------------------------------------------------------------------------------------


def _facts(raw: RawTable, found: Guess, log: EventLog) -> LogFacts:
    from hilo.insight.notes import notes_of

    return LogFacts(
        cases=log.cases,
        events=len(log),
        activities=_used(log.activity),
        people=_counted(log.person),
        areas=_counted(log.area),
        sites=_counted(log.site),
        customers=_counted(log.customer),
        begins=_moment(int(log.time.min())),
        ends=_moment(int(log.time.max())),
        files=raw.files,
        notes=notes_of(found.raw, log, found.columns),
        columns=tuple(raw.data.column_names),
    )


def _counted(column: Codes | None) -> int | None:
    return _used(column) if column else None


def _used(column: Codes) -> int:
    """Labels that stand on an event: those of rows left out do not count."""
    import numpy as np

    return int(np.count_nonzero(np.bincount(column.codes[column.codes >= 0], minlength=1)))


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


class _Clock:
    """Seconds by phase, told as each begins."""

    def __init__(self, tell: Tell | None) -> None:
        self.tell, self.seconds = tell, dict[str, float]()

    @contextmanager
    def phase(self, phase: Phase) -> Iterator[None]:
        if self.tell is not None:
            self.tell(phase)
        began = time.perf_counter()
        yield
        self.seconds[phase.value] = round(time.perf_counter() - began, 3)
