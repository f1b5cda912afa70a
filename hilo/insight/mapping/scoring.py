"""How well a column fits a role: its name, what its values sound like, and how it behaves within cases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hilo.insight.log import NO_TIME, Micros
from hilo.insight.mapping import words
from hilo.insight.mapping.contents import sounds_like
from hilo.insight.mapping.looking import Cases, Kind, Look
from hilo.insight.raw import Role
from hilo.insight.records import record

FITS = 0.4
"""Below it a column is not taken for a role."""
_BY_SOUND = 0.6  # values that sound right weigh as much as a name that says it half
_SELDOM = 0.02


@record
class Fit:
    """``name`` and ``shape`` 0 to 1: what the name says and what the values do; ``score`` of both."""

    column: str
    score: float
    name: float
    shape: float


@dataclass(frozen=True)
class Scorer:
    """``stated``: what the file's own format says. ``cases`` is None before the case is known."""

    look: Look
    stated: Mapping[Role, str]

    def name(self, role: Role, column: str) -> float:
        if self.stated.get(role) == column:
            return 1.0
        if column in self.stated.values():
            return 0.0
        return words.evidence(role, column)

    # Cases -------------------------------------------------------------------------------------------------

    def case_of_many_rows(self, column: str, moment: str | None) -> Fit:
        """As the case of a log: rows repeat it, and lie close together in time."""
        name, rows = self.name(Role.CASE, column), self.look.rows
        per_case = rows * self.look.known(column) / max(1, self.look.distinct(column))
        if self.look.distinct(column) < 2 or per_case < 1.15:
            return Fit(column, 0.0, name, 0.0)
        shape = self._closeness(column, moment) * (1.0 if per_case < 1000 else 0.3)
        return Fit(column, 0.7 * name + 0.3 * shape, name, shape)

    def case_by_behaviour(self, column: str, moment: str | None) -> Fit:
        """Where no name says it: a label whose name means nothing else, and whose rows lie close together."""
        fit = self.case_of_many_rows(column, moment)
        means_other = any(self.name(role, column) >= 0.5 for role in Role if role is not Role.CASE)
        return Fit(column, 0.0 if means_other else 0.45 * fit.shape, fit.name, fit.shape)

    def case_of_one_row(self, column: str) -> Fit:
        """As the case of a table with a row for each."""
        name = self.name(Role.CASE, column)
        unique = self.look.distinct(column) / max(1, self.look.rows)
        return Fit(column, name * unique**2, name, unique)

    def _closeness(self, column: str, moment: str | None) -> float:
        """0 to 1: how much shorter the typical span of one value is than the whole log's."""
        if moment is None:
            return 0.0
        codes, times = self.look.codes(column), self.look.moments(moment)
        known = (codes >= 0) & (times != NO_TIME)
        codes, times = codes[known], times[known]
        if len(times) < 2:
            return 0.0
        rows = np.bincount(codes)
        first, last = np.full(len(rows), times.max()), np.full(len(rows), times.min())
        np.minimum.at(first, codes, times)
        np.maximum.at(last, codes, times)
        spans = (last - first)[rows > 1]
        whole = _quantile(times, 0.99) - _quantile(times, 0.01)
        if not len(spans) or whole <= 0:
            return 0.0
        distinct = 1 - 1 / math.log2(2 + np.count_nonzero(rows))
        return max(0.0, 1 - _median(spans) / whole) * distinct

    # What changes within a case ----------------------------------------------------------------------------

    def activity(self, column: str, cases: Cases) -> Fit:
        name = self.name(Role.ACTIVITY, column)
        changing, steps = cases.changing(column), cases.steps(column)
        distinct = self.look.distinct(column)
        if changing < _SELDOM or distinct < 2 or not self._may_be_label(column, name):
            return Fit(column, 0.0, name, 0.0)
        few = max(0.0, 1 - math.log(distinct) / math.log(max(3, self.look.rows)))
        said = max(name, _BY_SOUND * self._sound(Role.ACTIVITY, column))
        shape = 0.4 * few + 0.3 * min(1.0, 2 * steps) + 0.3 * cases.regular_start(column)
        return Fit(column, _weighed(said, shape), name, shape)

    def person(self, column: str, cases: Cases) -> Fit:
        name = self.name(Role.PERSON, column)
        said = max(name, _BY_SOUND * self._sound(Role.PERSON, column))
        changing = cases.changing(column)
        shape = 0.3 + 0.7 * min(1.0, 4 * changing)
        if self.look.distinct(column) < 2 or not self._may_be_label(column, name):
            shape = 0.0
        return Fit(column, _weighed(said, shape) if said else 0.0, name, shape)

    def area(self, column: str, cases: Cases, people: int | None) -> Fit:
        name, distinct = self.name(Role.AREA, column), self.look.distinct(column)
        said = max(name, _BY_SOUND * self._sound(Role.AREA, column))
        shape = 0.2 + 0.6 * min(1.0, cases.changing(column) / 0.05)
        shape += 0.2 if people is None or distinct < people else 0.0
        if distinct < 2 or not self._may_be_label(column, name):
            shape = 0.0
        return Fit(column, _weighed(said, shape) if said else 0.0, name, shape)

    # What stays within a case ------------------------------------------------------------------------------

    def site(self, column: str, cases: Cases) -> Fit:
        name, distinct = self.name(Role.SITE, column), self.look.distinct(column)
        said = max(name, _BY_SOUND * self._sound(Role.SITE, column))
        shape = max(0.0, 1 - 4 * cases.changing(column)) if 2 <= distinct <= 500 else 0.0
        if not self._may_be_label(column, name):
            shape = 0.0
        return Fit(column, _weighed(said, shape) if said and shape else 0.0, name, shape)

    def customer(self, column: str, cases: Cases) -> Fit:
        name = self.name(Role.CUSTOMER, column)
        said = max(name, _BY_SOUND * self._sound(Role.CUSTOMER, column))
        shape = max(0.0, 1 - 4 * cases.changing(column)) if self.look.distinct(column) > 1 else 0.0
        if not self._may_be_label(column, name):
            shape = 0.0
        return Fit(column, _weighed(said, shape) if said and shape else 0.0, name, shape)

    def amount(self, column: str) -> Fit:
        is_number = self.look.kind(column) is Kind.NUMBER or not self.look.is_text(column)
        name = self.name(Role.AMOUNT, column)
        return Fit(column, name if is_number and self.look.distinct(column) > 2 else 0.0, name, 1.0)

    def _may_be_label(self, column: str, name: float) -> bool:
        """Numbers are labels only where the column's name says so ("Estado" 1, 2, 3)."""
        return self.look.is_text(column) or name >= 0.5

    def _sound(self, role: Role, column: str) -> float:
        """Only for a column whose name means nothing else, and with values enough to hear."""
        if not self.look.is_text(column) or self.look.distinct(column) < 2:
            return 0.0
        if words.means_something_else(column):
            return 0.0
        if any(words.evidence(other, column) >= 0.5 for other in Role if other is not role):
            return 0.0
        return sounds_like(role, self.look.values(column))


def _median(spans: Micros) -> float:
    """``np.median`` loads numpy's masked arrays, which costs 0.05 s."""
    half = len(spans) // 2
    middle = np.partition(spans, (half, half - 1 + len(spans) % 2))
    return (float(middle[half]) + float(middle[half - 1 + len(spans) % 2])) / 2


def _quantile(times: Micros, share: float) -> float:
    """``np.quantile`` to the last digit, without the masked arrays that it loads too."""
    place = (len(times) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(times) - 1)
    part = np.partition(times, (low, high))
    below, above, beyond = int(part[low]), int(part[high]), place - low
    if beyond >= 0.5:
        return above - (above - below) * (1 - beyond)
    return below + (above - below) * beyond


def _weighed(said: float, shape: float) -> float:
    return said * (0.55 + 0.45 * shape) + 0.2 * shape * (1 - said)
