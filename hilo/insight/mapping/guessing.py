"""Which column is which: the story of a guess, from the case outwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from hilo.insight.log import NO_TIME
from hilo.insight.mapping import joined, refusing, words
from hilo.insight.mapping.looking import Cases, Kind, Look
from hilo.insight.mapping.scoring import FITS, Fit, Scorer
from hilo.insight.raw import RawTable, Role
from hilo.insight.records import record
from hilo.insight.results import Taken
from hilo.insight.speaking import Said, _

_RIVAL = 0.6  # of the best score: worth naming beside it
_TOO_CLOSE = 0.75  # of the best score: worth asking
_UNSURE = 0.5
ASKED = (Role.CASE, Role.ACTIVITY, Role.TIME, Role.AREA)
"""The roles that everything hangs on: only these are worth a question."""
_DUE_FROM = 0.4
_STARTS_FIRST = 0.95  # of the rows with both moments


@record
class Question:
    """Worth asking when somebody is there: the ``candidates`` with their scores, the one taken first."""

    role: Role
    candidates: tuple[tuple[str, float], ...]


@dataclass
class Guessing:
    """``given``: roles a person has named columns for, "" for none. What is found is put into ``taken``."""

    raw: RawTable
    given: Mapping[Role, str]
    taken: dict[Role, Taken] = field(default_factory=dict)
    asks: list[Question] = field(default_factory=list)

    @cached_property
    def look(self) -> Look:
        return Look.at(self.raw)

    @cached_property
    def scorer(self) -> Scorer:
        return Scorer(self.look, self.raw.taken)

    @cached_property
    def moments(self) -> list[str]:
        return self.look.of_kind(Kind.MOMENT)

    @cached_property
    def labels(self) -> list[str]:
        return self.look.of_kind(Kind.LABEL)

    @property
    def has_activity(self) -> bool:
        return Role.ACTIVITY in self.taken

    def take_given(self) -> None:
        for role, column in self.given.items():
            if column:
                refusing.of_the_wrong_kind(self.raw, role, column, self.look.kind(column))
                self.taken[role] = Taken(column, 1.0, _("you said so"), chosen=True)

    def open(self, columns: Iterable[str]) -> list[str]:
        """Those that no role has yet."""
        used = {taken.column for taken in self.taken.values()}
        return [column for column in columns if column not in used]

    def wants(self, role: Role) -> bool:
        return role not in self.taken and role not in self.given

    def settle(self, role: Role, fits: Iterable[Fit], least: float = FITS) -> None:
        """The best fit becomes the role's column; what comes close to it is named, and asked about."""
        if role in self.given:
            return
        ranked = sorted((fit for fit in fits if fit.score >= least), key=lambda fit: -fit.score)
        if not ranked:
            return
        best, rest = ranked[0], ranked[1:]
        second = rest[0].score / best.score if rest else 0.0
        rivals = tuple(fit.column for fit in rest if fit.score >= _RIVAL * best.score)[:5]
        stated = self.raw.taken.get(role) == best.column
        certainty = 0.97 if stated else min(0.95, best.score) * (1 - 0.5 * max(0.0, second - 0.5))
        self.taken[role] = Taken(best.column, round(certainty, 2), _why(best, stated=stated), rivals)
        if role in ASKED and (second >= _TOO_CLOSE or certainty < _UNSURE):
            self.ask(role, ranked)

    def ask(self, role: Role, ranked: list[Fit]) -> None:
        self.asks = [one for one in self.asks if one.role is not role]
        self.asks.append(Question(role, tuple((fit.column, round(fit.score, 2)) for fit in ranked[:6])))

    # The case ----------------------------------------------------------------------------------------------

    def main_moment(self) -> str | None:
        """The date that most likely orders the rows: known, many-valued, called a time and no estimate."""
        chosen = self.taken.get(Role.TIME)
        return chosen.column if chosen else max(self.moments, key=self._ordering, default=None)

    def _ordering(self, column: str) -> float:
        name = words.evidence(Role.TIME, column) - words.evidence(Role.DUE, column)
        if self.raw.taken.get(Role.TIME) == column:
            name = 2.0
        return name + self.look.distinct(column) / self.look.rows + self.look.known(column)

    def find_case_of_many_rows(self) -> None:
        moment = self.main_moment()
        fits = (self.scorer.case_of_many_rows(column, moment) for column in self.open(self.labels))
        self.settle(Role.CASE, fits, least=0.25)

    def find_case_by_behaviour(self) -> None:
        moment = self.main_moment()
        fits = [self.scorer.case_by_behaviour(column, moment) for column in self.open(self.labels)]
        self.settle(Role.CASE, fits, least=0.25)

    def find_case_of_one_row(self) -> None:
        self.settle(Role.CASE, self._cases_of_one_row())

    def has_case_of_one_row(self) -> bool:
        """Not where a person has said which column the case is."""
        unsaid = Role.CASE not in self.given
        return unsaid and any(fit.score >= FITS for fit in self._cases_of_one_row())

    def _cases_of_one_row(self) -> list[Fit]:
        return [self.scorer.case_of_one_row(column) for column in self.open(self.labels)]

    @cached_property
    def cases(self) -> Cases:
        """Only once the case is settled."""
        return Cases.by(self.raw, self.look, self.taken[Role.CASE].column, self.main_moment())

    # Activity and time -------------------------------------------------------------------------------------

    def find_activity(self) -> None:
        if Role.ACTIVITY in self.given:
            return
        fits = [self.scorer.activity(column, self.cases) for column in self.open(self.labels)]
        self.settle(Role.ACTIVITY, self._parts_before_wholes(fits))

    def _parts_before_wholes(self, fits: list[Fit]) -> list[Fit]:
        """A column that only joins others ("Accepted-In Progress" beside "Accepted") is less than they."""
        good = {fit.column: fit for fit in fits if fit.score >= FITS}
        for whole, parts in joined.labels(self.cases.look, [*good], self.labels).items():
            part = max((good[part] for part in parts if part in good), key=_score, default=None)
            if part and part.name >= 0.7:
                good[whole] = replace(good[whole], score=min(good[whole].score, 0.95 * part.score))
        return [*good.values()]

    def find_activity_by_behaviour(self) -> None:
        """Where no name and no value says it: the column that changes within cases, has few values, and with
        which cases start alike."""
        fits = [self.scorer.activity(column, self.cases) for column in self.open(self.labels)]
        fits = [fit for fit in fits if self.look.is_text(fit.column) and not self._means_other(fit.column)]
        self.settle(Role.ACTIVITY, [Fit(fit.column, 0.45 * fit.shape, 0.0, fit.shape) for fit in fits], 0.2)

    def find_activity_of_single_rows(self) -> None:
        """Where every case has one row only a name that says it outright will do."""
        fits = [Fit(one, words.evidence(Role.ACTIVITY, one), 1.0, 1.0) for one in self.open(self.labels)]
        self.settle(Role.ACTIVITY, [fit for fit in fits if self.look.distinct(fit.column) > 1], least=0.9)

    def _means_other(self, column: str) -> bool:
        others = (words.evidence(role, column) for role in Role if role is not Role.ACTIVITY)
        return words.means_something_else(column) or max(others) >= 0.5

    def find_moments(self) -> None:
        """When it was done, when it was begun, and by when the case was promised."""
        self.find_due(self.moments)
        done = self.open(self.moments)
        changing = [one for one in done if self._moves(one)]
        moving = changing or done
        time = self.taken.get(Role.TIME)
        if self.wants(Role.START) and len(moving) + (time is not None) > 1:
            # a moment that a case repeats on all its rows is when the case began, not each of its events
            possible = changing if time is not None and self._moves(time.column) else moving
            starts = [Fit(one, words.evidence(Role.START, one), 1.0, 1.0) for one in possible]
            starts = [fit for fit in starts if fit.score >= max(0.5, words.evidence(Role.TIME, fit.column))]
            self.settle(Role.START, starts or self._start_by_behaviour(moving))
        self.settle(Role.TIME, self._times(self.open(moving)), least=0.0)
        self._drop_a_start_that_comes_after()

    def _moves(self, moment: str) -> bool:
        return self.cases.changing(moment) >= 0.05

    def _start_by_behaviour(self, moments: list[str]) -> list[Fit]:
        """Of two dates whose names say nothing, the one that never comes after the other."""
        if len(moments) != 2 or any(words.evidence(Role.TIME, one) >= 0.5 for one in moments):
            return []
        one, other = moments
        if self._comes_first(one, other) and not self._comes_first(other, one):
            return [Fit(one, 0.5, 0.0, 1.0)]
        return [Fit(other, 0.5, 0.0, 1.0)] if self._comes_first(other, one) else []

    def _comes_first(self, start: str, end: str) -> bool:
        begins, ends = self.cases.look.moments(start), self.cases.look.moments(end)
        both = (begins != NO_TIME) & (ends != NO_TIME)
        return bool(both.any()) and float(np.mean(begins[both] <= ends[both])) >= _STARTS_FIRST

    def find_due(self, moments: Iterable[str]) -> None:
        fits = [Fit(one, self.dueness(one), 1.0, 1.0) for one in self.open(moments)]
        self.settle(Role.DUE, fits, least=_DUE_FROM)

    def dueness(self, moment: str) -> float:
        """How surely a date is one that was only promised, planned or estimated."""
        return words.evidence(Role.DUE, moment) * (0.5 + 0.5 * self.look.known(moment))

    def _times(self, moments: list[str]) -> list[Fit]:
        taken = [one for one in moments if self.dueness(one) < _DUE_FROM] or moments
        fits = []
        for one in taken:
            name = self.scorer.name(Role.TIME, one)
            filled = self.look.known(one) * (0.5 + 0.5 * min(1.0, self.cases.changing(one) * 2))
            fits.append(Fit(one, (0.4 + 0.6 * name) * filled, name, filled))
        return fits

    def _drop_a_start_that_comes_after(self) -> None:
        start, time = self.taken.get(Role.START), self.taken.get(Role.TIME)
        if start is None or time is None or start.chosen:
            return
        if not self._comes_first(start.column, time.column):
            del self.taken[Role.START]

    # Everybody else ----------------------------------------------------------------------------------------

    def find_the_rest(self) -> None:
        """The roles that vie for the same columns: the surest fit of all is taken first."""
        if self.wants(Role.LIFECYCLE):
            fits = [self._substate(column) for column in self.open(self.labels)]
            self.settle(Role.LIFECYCLE, fits, least=0.6)
        offers = {
            role: {fit.column: fit for fit in fits}
            for role, fits in self._offers(self.open(self.labels)).items()
        }
        while left := [(fit.score, role) for role, fits in offers.items() for fit in fits.values()]:
            score, role = max(left, key=lambda one: one[0])
            if score < FITS:
                break
            self.settle(role, offers.pop(role).values())
            for others in offers.values():
                others.pop(self.taken[role].column, None)
        self.find_amount()

    def find_amount(self) -> None:
        numbers = self.open(self.look.of_kind(Kind.NUMBER, Kind.LABEL))
        self.settle(Role.AMOUNT, [self.scorer.amount(column) for column in numbers], least=0.5)

    def _people(self) -> int | None:
        chosen = self.taken.get(Role.PERSON)
        fits = [self.scorer.person(column, self.cases) for column in self.open(self.labels)]
        best = chosen.column if chosen else max(fits, key=_score).column if fits else None
        return self.look.distinct(best) if best else None

    def _offers(self, columns: list[str]) -> dict[Role, list[Fit]]:
        """Of the roles that nobody has named a column for; the others cost nothing."""
        scorer, cases = self.scorer, self.cases
        offers: dict[Role, Callable[[], list[Fit]]] = {
            Role.PERSON: lambda: self._parts_before_wholes([scorer.person(one, cases) for one in columns]),
            Role.AREA: lambda: self._areas(columns),
            Role.SITE: lambda: [scorer.site(one, cases) for one in columns],
            Role.CUSTOMER: lambda: [scorer.customer(one, cases) for one in columns],
        }
        return {role: fits() for role, fits in offers.items() if self.wants(role)}

    def _areas(self, columns: list[str]) -> list[Fit]:
        people = self._people()
        return [self.scorer.area(one, self.cases, people) for one in columns]

    def _substate(self, column: str) -> Fit:
        name = self.scorer.name(Role.LIFECYCLE, column)
        return Fit(column, name if self.look.is_text(column) else 0.0, name, 1.0)


def _score(fit: Fit) -> float:
    return fit.score


def _why(fit: Fit, *, stated: bool) -> Said:
    if stated:
        return _("the file's own format says so")
    if fit.name >= 0.5 and fit.shape >= 0.5:
        return _("its name says so, and its values behave like it")
    if fit.name >= 0.3:
        return _("its name says so")
    return _("its name says little, but its values behave like it")
