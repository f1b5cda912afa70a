"""A finding before it has survived: its place, its test, and the hours it explains in each case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hilo.insight.findings.ground import MOST_CELLS, Floats, Ground, Places, Side, Truths, numbered
from hilo.insight.findings.shares import Items, Spot, bad_cases
from hilo.insight.records import record
from hilo.insight.results import Finding, Kind, Unit
from hilo.insight.speaking import Said
from hilo.insight.statistics import total_interval, wilson

UNITS = {
    Kind.SLOW_STEP: Unit.HOURS,
    Kind.SITE_DIFFERENCE: Unit.HOURS,
    Kind.CUSTOMER_DIFFERENCE: Unit.HOURS,
    Kind.DRIFT: Unit.RATIO,
}


@record
class Candidate:
    """``cases`` are those touched and ``hours`` (same length) what it costs each. ``about`` is the border,
    activity or area in ``where``; the segment is ``side`` and ``value``, None for everywhere."""

    kind: Kind
    about: Mapping[str, str]
    side: Side | None
    value: int
    p: float
    cases: Places
    hours: Floats
    effect: float
    interval: tuple[float, float]
    text: Said
    on_monday: Said
    inside: str | None = None  # the area that does the step it is about
    subject: Said | None = None
    n: int | None = None  # how many the effect is of
    touched: int | None = None  # where the cases told are more than those with a cost

    @property
    def where(self) -> dict[str, str]:
        if self.side is None:
            return dict(self.about)
        return {**self.about, self.side.role: self.side.names[self.value]}

    @property
    def cost(self) -> float:
        return float(self.hours.sum())

    @property
    def segment(self) -> tuple[str, int] | None:
        return None if self.side is None else (self.side.role, self.value)

    def finding(self, ground: Ground, most_evidence: int = 200) -> Finding:
        order = np.lexsort((self.cases, -self.hours))
        names = ground.log.case_names
        return Finding(
            kind=self.kind,
            where=self.where,
            cases=len(self.cases) if self.touched is None else self.touched,
            effect=self.effect,
            interval=self.interval,
            cost_hours=self.cost,
            money=None if ground.money is None else float(ground.money[self.cases].sum()),
            text=self.text,
            evidence=tuple(str(names[case]) for case in self.cases[order[:most_evidence]].tolist()),
            on_monday=self.on_monday,
            unit=UNITS.get(self.kind, Unit.SHARE),
            subject=self.subject,
            n=self.n,
            cost_interval=total_interval(self.hours, ground.log.cases),
        )


@dataclass(slots=True)
class Looked:
    """What one kind found, and the p of every test it made on the way."""

    candidates: list[Candidate] = field(default_factory=list)
    tests: list[NDArray[np.float64]] = field(default_factory=list)


def of_share(
    kind: Kind,
    about: Mapping[str, str],
    spot: Spot,
    cases: Places,
    hours: Floats,
    words: tuple[Said, Said],
) -> Candidate:
    return Candidate(
        kind=kind,
        about=about,
        side=spot.side,
        value=spot.value,
        p=spot.p,
        cases=cases,
        hours=hours,
        effect=spot.k / spot.n,
        interval=wilson(spot.k, spot.n),
        text=words[0],
        on_monday=words[1],
        n=spot.n,
    )


def per_case(
    ground: Ground, thing: Places, case: Places, bad: Truths, cost: Floats, things: int
) -> tuple[Items, Floats]:
    """Items, one per thing and case, from rows that may repeat; and the hours of the bad rows of each."""
    own, place = numbered(case * things + thing)
    times_bad = np.bincount(place, bad, len(own))
    hours = np.bincount(place, np.where(bad, cost, 0.0), len(own))
    return Items(own % things, own // things, times_bad > 0, things), hours


def touched(items: Items, hours: Floats, spot: Spot) -> tuple[Places, Floats]:
    chosen = bad_cases(items, spot)
    return items.case[chosen], hours[chosen]


def in_place(side: Side | None, value: int, case: Places) -> Truths:
    return np.ones(len(case), bool) if side is None else side.codes[case] == value


def busiest(thing: Places, things: int, most: int) -> tuple[Places, Places]:
    """Things numbered anew, the busiest ``most`` of them; -1 for the rest. And which they were."""
    there, place = numbered(thing) if things > MOST_CELLS else (np.arange(things), thing)
    counts = np.bincount(place, minlength=len(there))
    kept = np.argsort(-counts, kind="stable")[:most]
    kept = kept[counts[kept] > 0]
    renumbered = np.full(len(there), -1)
    renumbered[kept] = np.arange(len(kept))
    return renumbered[place], there[kept]
