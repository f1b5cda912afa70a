"""Cases beside the way they were meant to run, or beside the way most of them do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import EventLog, Ints
from hilo.insight.measures.cases import within_case
from hilo.insight.measures.grouped import Pairs, distinct_members, pairs_of
from hilo.insight.measures.intended import Intended, compared_as
from hilo.insight.results import Conformance
from hilo.insight.speaking import Share, _

MAINSTREAM = 4, 5
"""The share of cases, as a fraction, that the mainstream covers."""
MOST = 100
NEVER = np.iinfo(np.int32).max

type Mask = NDArray[np.bool_]


def conformance(log: EventLog, intended: Intended | None = None) -> Conformance:
    """A case conforms when it leaves out no required activity, has none that is not foreseen, and keeps the
    order. ``out_of_order`` (a, b): a stood before b though b comes first (template), or b came right after a
    though that is not of the mainstream. Lists hold the 100 commonest, by cases."""
    return _against_mainstream(log) if intended is None else _against(log, intended)


# Against a template --------------------------------------------------------------------------------------


def _against(log: EventLog, intended: Intended) -> Conformance:
    step_of = _step_of_activity(log.activity.names, intended)
    steps = step_of[log.activity.codes]
    first_place = _first_places(log, steps, len(intended.steps))
    fails = np.zeros(log.cases, np.bool_)
    skipped, disorder = [], []
    for number, step in enumerate(intended.steps):
        done = first_place[number] != NEVER
        if step.is_required:
            skipped.append((step.names[0], _counted(~done, fails)))
        for earlier in sorted(step.after):
            swapped = done & (first_place[earlier] != NEVER) & (first_place[number] < first_place[earlier])
            disorder.append((step.names[0], intended.steps[earlier].names[0], _counted(swapped, fails)))
    unexpected = _unexpected(log, step_of < 0, fails)
    return Conformance(
        against=_("the template “%(name)s”", name=intended.name),
        conforming_cases=int((~fails).sum()),
        skipped=_commonest(skipped),
        unexpected=_commonest(unexpected),
        out_of_order=_commonest(disorder),
    )


def _step_of_activity(names: Sequence[str], intended: Intended) -> Ints:
    places = {compared_as(name): number for number, step in enumerate(intended.steps) for name in step.names}
    return np.array([places.get(compared_as(name), -1) for name in names], np.int32)


def _first_places(log: EventLog, steps: Ints, many: int) -> list[Ints]:
    """By step, the place in the log at which each case first does it, or NEVER."""
    found = []
    for step in range(many):
        places = np.flatnonzero(steps == step)[::-1]
        first = np.full(log.cases, NEVER, np.int32)
        first[log.case[places]] = places  # written backwards: the first one stays
        found.append(first)
    return found


def _counted(which: Mask, fails: Mask) -> int:
    fails |= which
    return int(which.sum())


def _unexpected(log: EventLog, unknown: Mask, fails: Mask) -> list[tuple[str, int]]:
    strange = unknown[log.activity.codes]
    fails[log.case[strange]] = True
    names = log.activity.names
    cases = distinct_members(log.activity.codes[strange], log.case[strange], len(names), log.cases)
    return list(zip(names, cases.tolist(), strict=True))


# Against the mainstream ----------------------------------------------------------------------------------


def _against_mainstream(log: EventLog) -> Conformance:
    """The mainstream is the commonest transitions (by the cases that have them; equally common ones
    together), as many as are needed for four cases in five to have no other. Required is then what every
    such case does."""
    inside = within_case(log)
    codes, case, names = log.activity.codes, log.case[1:][inside], log.activity.names
    pairs = pairs_of(codes[:-1][inside], codes[1:][inside], len(names))
    cases_by_pair = distinct_members(pairs.which, case, len(pairs), log.cases)
    edge = _edge(cases_by_pair, pairs, case, log.cases)
    fails = np.zeros(log.cases, np.bool_)
    fails[case[(cases_by_pair < edge)[pairs.which]]] = True
    foreseen, required = _of_mainstream(log, ~fails)
    skipped = [
        (names[code], _counted(_without(log, code), fails)) for code in np.flatnonzero(required).tolist()
    ]
    unexpected = _unexpected(log, ~foreseen, fails)
    rare = np.flatnonzero((cases_by_pair < edge) & foreseen[pairs.left] & foreseen[pairs.right])
    disorder = [
        (names[pairs.left[pair]], names[pairs.right[pair]], int(cases_by_pair[pair]))
        for pair in rare.tolist()
    ]
    return Conformance(
        against=_("what %(share)s of the cases do", share=Share(MAINSTREAM[0] / MAINSTREAM[1])),
        conforming_cases=int((~fails).sum()),
        skipped=_commonest(skipped),
        unexpected=_commonest(unexpected),
        out_of_order=_commonest(disorder),
    )


def _edge(cases_by_pair: NDArray[np.int64], pairs: Pairs, case: Ints, cases: int) -> int:
    """How many cases a transition must have to be of the mainstream."""
    rarest = np.full(cases, NEVER, np.int64)
    commonness = cases_by_pair[pairs.which]
    if commonness.size:
        begins = np.flatnonzero(np.concatenate(([True], case[1:] != case[:-1])))
        rarest[case[begins]] = np.minimum.reduceat(commonness, begins)
    needed = -(-cases * MAINSTREAM[0] // MAINSTREAM[1])
    return int(np.partition(rarest, cases - needed)[cases - needed])


def _of_mainstream(log: EventLog, cases: Mask) -> tuple[Mask, Mask]:
    """The activities that occur in these cases, and those that occur in every one of them."""
    inside = cases[log.case]
    many = len(log.activity.names)
    having = distinct_members(log.activity.codes[inside], log.case[inside], many, log.cases)
    return having > 0, having == int(cases.sum())


def _without(log: EventLog, code: int) -> Mask:
    lacking = np.ones(log.cases, np.bool_)
    lacking[log.case[log.activity.codes == code]] = False
    return lacking


def _commonest[Row: tuple[str | int, ...]](rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows end in their number of cases; those of none are left out."""

    def by_cases(row: Row) -> tuple[int, Row]:
        return -int(row[-1]), row

    return tuple(sorted((row for row in rows if row[-1]), key=by_cases)[:MOST])
