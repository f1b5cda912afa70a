"""What a log lacks, and columns that are not what they seem."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import Codes, EventLog
from hilo.insight.mapping import words
from hilo.insight.mapping.looking import distinct_in_order, encoded
from hilo.insight.raw import RawTable
from hilo.insight.speaking import Listed, Said, Share, _, ngettext

SELDOM = 0.01
"""Of the cases, those in which the area changes: up to here there are no borders to see."""
SAME_PERSON = 0.5
"""Of the changes of area, those in which the person stays: from here on the area is not the person's."""
_OWN_CUSTOMER = 0.9  # customers per case
_MANY_CASES = 20
_NEVER_CHANGES = 0.005  # of the cases of several events


def missing(log: EventLog) -> Iterator[Said]:
    if log.area is None:
        yield _("No column says the area: nothing can be said about what happens between areas.")
    if log.person is None:
        yield _("No column says who did it: nothing can be said about how often work changes hands.")
    if log.start is None:
        yield _("There are no start times: waiting and working cannot be told apart.")
    if log.customer is None:
        yield _("No column says the customer: customers cannot be compared.")
    if log.site is None:
        yield _("No column says the delegation: delegations cannot be compared.")
    if log.due is None:
        yield _("There are no due dates: what was late cannot be told.")


def areas_that_stay(log: EventLog) -> Said | None:
    if log.area is None or not _several(log):
        return None
    if _changing(log, log.area) > SELDOM:
        return None
    return _("The area hardly ever changes within a case: there are no borders between areas to see.")


def areas_that_change_without_the_person(log: EventLog) -> Said | None:
    if log.area is None or log.person is None:
        return None
    moved = _moves(log, log.area)
    known = moved & (log.person.codes[1:] >= 0) & (log.person.codes[:-1] >= 0)
    stays = known & (log.person.codes[1:] == log.person.codes[:-1])
    if known.sum() < _MANY_CASES or stays.sum() < SAME_PERSON * known.sum():
        return None
    return _(
        "In %(share)s of the changes of area the same person stands on both events: the area says where the"
        " work was sent rather than who has taken it up.",
        share=Share(float(stays.sum() / known.sum())),
    )


def a_customer_for_each_case(log: EventLog) -> Said | None:
    if log.customer is None or log.cases < _MANY_CASES:
        return None
    if len(np.unique(log.customer.codes)) < _OWN_CUSTOMER * log.cases:
        return None
    return _("Nearly every case has a customer of its own: customers cannot be compared.")


def filled_in_backwards(raw: RawTable, log: EventLog) -> Said | None:
    """Columns named for something that is known late, and yet the same from a case's first event on."""
    if not _several(log):
        return None
    late = [name for name in raw.data.column_names if words.known_late(name)]
    found = tuple(name for name in late if _is_constant(raw, name, log))
    if not found:
        return None
    return ngettext(
        "“%(columns)s” stands on every event of a case though it can be known only late: it was filled in"
        " backwards, and must not be used to foresee anything.",
        "%(n)s columns stand on every event of a case though they can be known only late (%(columns)s): they"
        " were filled in backwards, and must not be used to foresee anything.",
        n=len(found),
        columns=Listed(found, 4),
    )


def _is_constant(raw: RawTable, name: str, log: EventLog) -> bool:
    codes, count = encoded(raw.data[name])
    column = Codes(codes[log.row], [name])
    return count > 1 and _changing(log, column) <= _NEVER_CHANGES and _known_first(log, column)


def _known_first(log: EventLog, column: Codes) -> bool:
    several = np.diff(log.first) > 1
    return float(np.mean(column.codes[log.first[:-1]][several] >= 0)) > 0.05


def _changing(log: EventLog, column: Codes) -> float:
    """The share of the cases of several events in which it changes."""
    moved = _moves(log, column)
    return distinct_in_order(log.case[1:][moved]) / max(1, _several(log))


def _moves(log: EventLog, column: Codes) -> NDArray[np.bool_]:
    before, after = column.codes[:-1], column.codes[1:]
    moved: NDArray[np.bool_] = (
        (log.case[1:] == log.case[:-1]) & (before != after) & (before >= 0) & (after >= 0)
    )
    return moved


def _several(log: EventLog) -> int:
    return int((np.diff(log.first) > 1).sum())
