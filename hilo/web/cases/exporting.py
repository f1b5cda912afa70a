"""The list of cases as a file: as it is narrowed, what the person may see, money for who sees money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.quality.models import Case, Level, Stage
from hilo.quality.queries.case_list import (
    CaseFacts,
    CaseListing,
    CaseView,
    cases_listed,
    closed_cases,
    open_cases,
    page_of,
)
from hilo.quality.queries.clocks import CaseClocks
from hilo.web.cases.listing import NarrowingCases, chosen_order
from hilo.web.cases.money import Behind, Purse, purse_of
from hilo.web.cases.words import kind_said
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.exports import Field
from hilo.web.lists.files import ListFile, Part
from hilo.web.lists.standing import customer_shown
from hilo.web.lists.views import said_count
from hilo.web.my_day.grouping import end_of_today

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ExportedCase:
    facts: CaseFacts
    money: Behind | None

    @property
    def case(self) -> Case:
        return self.facts.case


class Asked:
    """The list that somebody looks at: open cases in their order, or the closed ones, the newest first."""

    def __init__(self, request: HttpRequest) -> None:
        self.actor, self.now = actor_of(request), now_of(request)
        self.query = request.GET.copy()
        self.query.pop("page", None)
        self.is_closed = request.GET.get("view") == CaseView.CLOSED
        self.narrowed = NarrowingCases(request.GET, actor=self.actor).narrowed()
        self.closed = closed_cases(self.actor, self.narrowed).values_list("pk", flat=True)

    def count(self) -> int:
        return self.closed.count() if self.is_closed else len(self._listing(self._open(), Purse()).ordered)

    def rows(self) -> Iterator[ExportedCase]:
        """So many at a time: what a row says of a case is asked for those alone."""
        rows = [] if self.is_closed else self._open()
        purse = purse_of(rows, self.actor, self.now)
        listing = None if self.is_closed else self._listing(rows, purse)
        ids: Iterable[int] = listing.ordered if listing else self.closed.iterator(chunk_size=AT_ONCE)
        for some in batched(ids, AT_ONCE):
            for facts in page_of(some, listing.clocks if listing else None, now=self.now):
                yield ExportedCase(facts, purse.of(facts.case))

    def _open(self) -> list[Case]:
        return open_cases(self.actor)

    def _listing(self, rows: list[Case], purse: Purse) -> CaseListing:
        return cases_listed(
            rows,
            narrowed=self.narrowed,
            order=chosen_order(self.query.get("order"), self.actor),
            money=purse.weights,
            now=self.now,
            end_of_today=end_of_today(self.now),
        )

    def file(self) -> ListFile[ExportedCase]:
        return ListFile(
            name=_("cases"),
            title=_("Cases"),
            on=self.now.date(),
            address="web:cases",
            query=self.query.urlencode(),
            parts=[*_what(), *(_how_it_ended() if self.is_closed else _how_it_stands()), *_money(self.actor)],
            rows=self.rows,
        )


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    asked = Asked(request)
    count = asked.count()
    heading = ngettext("One case as a file", "%(shown)s cases as a file", count)
    return asked.file().page(request, heading % {"shown": said_count(count)})


@require_safe
def csv_file(request: HttpRequest) -> StreamingHttpResponse:
    return Asked(request).file().as_csv()


@require_safe
def excel_file(request: HttpRequest) -> FileResponse:
    return Asked(request).file().as_excel()


def _what() -> list[Part[ExportedCase]]:
    severities = {value: str(label) for value, label in Level.choices}
    return [
        Part(Field(_("Number"), 13), lambda one: one.case.code),
        Part(Field(_("What happens"), 40), lambda one: one.case.title),
        Part(Field(_("Kind"), 18), lambda one: kind_said(one.case)),
        Part(Field(_("Severity"), 10), lambda one: severities.get(one.case.severity, one.case.severity)),
        Part(Field(_("Customer"), 32), lambda one: customer_shown(one.case.thread).name),
        Part(Field(_("Thread"), 13), lambda one: one.case.thread.code),
        Part(Field(_("Delegation")), lambda one: one.case.delegation.name),
        Part(Field(_("Area")), lambda one: one.case.area.name),
        Part(Field(_("Received on")), lambda one: one.case.received_at),
        Part(Field(_("Found by us"), 12), lambda one: _said(one.case.found_by_us)),
        Part(Field(_("Reached a manager"), 16), lambda one: _said(one.facts.escalated)),
        Part(Field(_("Solutions refused"), 16), lambda one: one.case.refused_count),
        Part(Field(_("Times reopened"), 14), lambda one: one.case.reopened_count),
    ]


def _how_it_stands() -> list[Part[ExportedCase]]:
    stages = {value: str(label) for value, label in Stage.choices}
    return [
        Part(Field(_("Stage"), 16), lambda one: stages.get(one.case.stage, one.case.stage)),
        Part(Field(_("Who answers for it"), 26), lambda one: one.case.owner.name),
        Part(Field(_("Next news")), lambda one: one.facts.news_at),
        Part(Field(_("Response due")), lambda one: _response_due(one.facts.clocks)),
    ]


def _how_it_ended() -> list[Part[ExportedCase]]:
    """Nobody's name: a list by person is their work of today, never their past (SPEC 14.1)."""
    outcomes = {value: str(label) for value, label in Case.Outcome.choices}
    return [
        Part(Field(_("Closed on")), lambda one: one.case.closed_at),
        Part(Field(_("What was decided"), 18), lambda one: outcomes.get(one.case.outcome, "")),
        Part(Field(_("Response late"), 14), lambda one: _was_late(one.facts.clocks)),
    ]


def _money(actor: Actor) -> list[Part[ExportedCase]]:
    if not actor.sees_money:
        return []
    return [
        Part(Field(_("Money behind"), 14), lambda one: one.money.amount if one.money else None),
        Part(Field(_("Currency"), 9), lambda one: one.money.currency if one.money else None),
    ]


def _said(fact: bool) -> str:
    return _("yes") if fact else _("no")


def _response_due(clocks: CaseClocks) -> datetime | None:
    return clocks.response.due if clocks.response else None


def _was_late(clocks: CaseClocks) -> str:
    return _said(clocks.response.is_late) if clocks.response else ""
