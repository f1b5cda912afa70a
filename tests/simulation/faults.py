"""The faults a simulated log can carry: how strong, and where. Both tables were fixed, and committed, before
a line of what finds them was written; what finds them is fitted to no seed that the truth tests use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

STRENGTHS: Mapping[str, Mapping[str, float]] = {
    # Chance that a handover over this border is sent back (natural: 0.02).
    "ping_pong": {"faint": 0.06, "clear": 0.15, "strong": 0.30},
    # Share of the handovers over this border that are forgotten for days (natural: 0.005).
    "border_wait": {"faint": 0.02, "clear": 0.07, "strong": 0.15},
    # Times as long as the same step at other sites.
    "slow_step": {"faint": 1.3, "clear": 2.0, "strong": 3.0},
    # Times as long at the end of the log as in its first half, growing evenly.
    "slow_step_grew": {"faint": 1.5, "clear": 2.5, "strong": 4.0},
    # Chance that the step is done again (natural: 0.02).
    "rework": {"faint": 0.06, "clear": 0.15, "strong": 0.30},
    # Chance that the step is left out (natural: 0.01).
    "skipped_step": {"faint": 0.05, "clear": 0.20, "strong": 0.45},
    # Times as long as elsewhere, everything a site does.
    "site_difference": {"faint": 1.2, "clear": 1.6, "strong": 2.2},
    # Times as long as elsewhere, every wait at one border of one site.
    "site_difference_border": {"faint": 3.0, "clear": 8.0, "strong": 20.0},
    # Times as long as elsewhere, everything done for a customer.
    "customer_difference": {"faint": 1.3, "clear": 2.0, "strong": 3.0},
    # Chance that a long wait is not told to the customer (natural: 0.12).
    "silence": {"faint": 0.30, "clear": 0.60, "strong": 0.90},
    # Share of the orders with an incident that are invoiced while it is open (natural: 0.01).
    "invoiced_over_open_case": {"faint": 0.08, "clear": 0.30, "strong": 0.60},
    # Share of the orders promised for a day that was never possible (about one in ten is late by nature).
    "late": {"faint": 0.08, "clear": 0.25, "strong": 0.50},
    # Chance that nothing happens any more after this step (natural: 0.008 over all steps together).
    "unfinished": {"faint": 0.03, "clear": 0.10, "strong": 0.25},
    # Share of what comes in that an area does not get done, from some week on.
    "growing_backlog": {"faint": 0.08, "clear": 0.20, "strong": 0.40},
    # Times as long as before, everything, from some week on.
    "drift": {"faint": 1.2, "clear": 1.6, "strong": 2.4},
}

_BORDERS = (
    {"from": "finance", "to": "engineering"},
    {"from": "engineering", "to": "purchasing"},
    {"from": "purchasing", "to": "production"},
    {"from": "production", "to": "logistics"},
    {"from": "sales", "to": "finance"},
)
_STEPS = ({"activity": "drawing"}, {"activity": "material"}, {"activity": "build"}, {"activity": "check"})
_ALL_SITES = ({"site": "zaragoza"}, {"site": "sevilla"}, {"site": "vigo"}, {"site": "bilbao"})
_SOME_SITES = ({"site": "sevilla"}, {"site": "vigo"})
_FAMILIES = ({"family": "lines"}, {"family": "fillers"})
_EVERYWHERE: tuple[Mapping[str, str], ...] = ({},)

type Place = Mapping[str, str]


def _crossed(ones: tuple[Place, ...], others: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple({**one, **other} for one in ones for other in others)


# Where a fault of each kind may stand: all over the company, at one site, in one product family.
PLACES: Mapping[str, tuple[Place, ...]] = {
    "ping_pong": _crossed(_BORDERS, (*_EVERYWHERE, *_SOME_SITES, *_FAMILIES)),
    "border_wait": _crossed(_BORDERS, (*_EVERYWHERE, *_SOME_SITES, *_FAMILIES)),
    "slow_step": _crossed(_STEPS, _ALL_SITES),
    "slow_step_grew": _STEPS,
    "rework": _crossed(_STEPS, (*_EVERYWHERE, *_SOME_SITES, *_FAMILIES)),
    "skipped_step": _crossed(
        ({"activity": "validation"}, {"activity": "check"}, {"activity": "credit"}),
        (*_ALL_SITES, *_FAMILIES),
    ),
    "site_difference": _ALL_SITES,
    "site_difference_border": _crossed(_BORDERS, _ALL_SITES),
    "customer_difference": tuple({"customer": f"c{n:02d}"} for n in range(8)),
    "silence": (*_ALL_SITES, *_FAMILIES),
    "invoiced_over_open_case": (*_EVERYWHERE, *_SOME_SITES),
    "late": (*_EVERYWHERE, *_ALL_SITES, *_FAMILIES),
    "unfinished": _crossed(
        ({"activity": "validation"}, {"activity": "material"}, {"activity": "plan"}),
        (*_EVERYWHERE, *_SOME_SITES),
    ),
    "growing_backlog": _crossed(
        ({"area": "engineering"}, {"area": "purchasing"}, {"area": "production"}),
        (*_EVERYWHERE, *_SOME_SITES),
    ),
    "drift": (*_EVERYWHERE, *_SOME_SITES),
}

# How a table above is called as a finding, where that is another word.
CALLED: Mapping[str, str] = {
    "slow_step_grew": "slow_step",
    "site_difference_border": "site_difference",
}

# The same fact said in another kind's sentence: with the same place, this is right as well. "In Vigo, what
# goes from A to B waits 11 days" is a waiting at a border and a difference between sites.
ALSO_RIGHT: Mapping[str, tuple[str, ...]] = {
    "site_difference_border": ("border_wait",),
    "border_wait": ("site_difference",),
}


@dataclass(frozen=True)
class Fault:
    """``kind`` is a key of STRENGTHS and ``where`` one of its PLACES, in the simulator's own keys. In the
    truth of a log ``where`` is in the words of its vocabulary and the kind as findings call it."""

    kind: str
    strength: str
    where: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        return STRENGTHS[self.kind][self.strength]


def planted(kind: str, strength: str, seed: int) -> Fault:
    """A fault of this kind at a place drawn by the seed."""
    rng = np.random.default_rng((seed, len(kind), 71))
    return Fault(kind, strength, PLACES[kind][int(rng.integers(len(PLACES[kind])))])
