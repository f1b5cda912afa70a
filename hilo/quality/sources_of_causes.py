"""What the search for a cause makes somebody owe, and with whom it goes on when they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from hilo.businesstime import WorkingTime
from hilo.ledger.moving import move
from hilo.ledger.record import record
from hilo.parties.actor import Actor
from hilo.parties.holdings import Holding, locked, register_holding
from hilo.parties.models import Person
from hilo.parties.queries.calendars import close_of, day_of
from hilo.quality.analysing import analyses_visible_to, first_cases, place_of_analysis
from hilo.quality.commands.causes import CONCLUDED_ALREADY, OPEN
from hilo.quality.events.causes import AnalysisPassed
from hilo.quality.models import AnalysedCase, Analysis, Case
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed


def _leads(debtor: Debtor) -> QuerySet[Analysis]:
    """Analyses that the actor leads, or somebody whose absence they cover."""
    seen = analyses_visible_to(debtor.actor)
    return seen.filter(state=Analysis.State.OPEN, owner__in=debtor.people)


def _analysed(debtor: Debtor) -> QuerySet[AnalysedCase]:
    return AnalysedCase.objects.filter(analysis__in=_leads(debtor))


@owed(
    Reads(_leads, "owner"),
    Reads(_analysed),
    Reads(lambda debtor: Case.objects.filter(pk__in=_analysed(debtor).values("case")), "thread", "policy"),
)
def causes_to_find(
    debtor: Debtor, mine: Iterable[Analysis], analysed: Iterable[AnalysedCase], cases: Iterable[Case]
) -> Iterator[Owed]:
    first = first_cases(analysed, cases)
    for analysis in mine:
        case = first[analysis.pk]
        yield Owed(
            kind="find_cause",
            type="analysis",
            id=analysis.pk,
            version=analysis.version,
            label=analysis.what_happened,
            due=_due(analysis, case, debtor.hours.of(case.area_id, case.delegation_id)),
            to=OwedTo.SELF,
            thread=case.thread,
            covers=debtor.in_whose_stead(analysis.owner),
        )


def _due(analysis: Analysis, case: Case, clock: WorkingTime) -> datetime:
    day = clock.add_working_days(day_of(clock, analysis.started_at), case.policy.cause_working_days)
    return close_of(clock, day)


def _led(person: Person) -> Q:
    return Q(owner=person, state=Analysis.State.OPEN)


def _pass_on(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    led = list(locked(Analysis.objects.filter(_led(leaver))))
    for analysis in led:
        move(analysis, only_if=OPEN, refused=CONCLUDED_ALREADY, owner=caretaker)
        record(
            AnalysisPassed(
                **place_of_analysis(analysis, "analysis", analysis.pk),
                old_owner=leaver.pk,
                new_owner=caretaker.pk,
            ),
            by=by,
            now=now,
        )
    return len(led)


register_holding(
    Holding(
        kind="analysis",
        count=lambda person: Analysis.objects.filter(_led(person)).count(),
        pass_on=_pass_on,
    )
)
