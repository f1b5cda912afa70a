"""What a diagnosis is made of: plain figures, in the units the names say. The report and the JSON read this.

Names of activities, areas and people stand as the log writes them. Durations count from the first to the
last event of a case; definitions are those of docs/diagnose-definitions.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from hilo.insight.raw import ReadFile, Role
from hilo.insight.records import record
from hilo.insight.speaking import Said


@record
class Taken:
    """A column taken for a role. ``certainty`` 0 to 1; ``rivals`` are other columns that could have been;
    ``why`` says what spoke for it; ``chosen`` when a person said so."""

    column: str
    certainty: float
    why: Said
    rivals: tuple[str, ...] = ()
    chosen: bool = False


# Measures ------------------------------------------------------------------------------------------------


@record
class Durations:
    """Of the cases, in days."""

    mean: float
    median: float
    p90: float
    max: float


@record
class Variant:
    activities: tuple[str, ...]
    count: int


@record
class Variants:
    count: int
    top: tuple[Variant, ...]  # by count, then by activities


@record
class Follows:
    """``target`` comes right after ``source`` in a case: ``count`` times, in ``cases`` cases."""

    source: str
    target: str
    count: int
    cases: int
    mean_h: float
    median_h: float


@record
class Rework:
    """``activity`` stands more than once in ``cases`` cases."""

    activity: str
    cases: int


@record
class UnitPair:
    """Work went from one unit to another; for ping-pong, from ``source`` to ``target`` and back."""

    source: str
    target: str
    count: int
    cases: int
    mean_h: float
    median_h: float


@record
class Handovers:
    """Between the units of one column (areas, teams, people), after logs/README: consecutive events of a case
    with different, known units. ``ping_pong``: X, Y, X after collapsing equal neighbours, overlaps counted.
    ``returns``: any later re-entry into an earlier unit."""

    count: int
    cases: int
    ordered_pairs: int
    pairs: tuple[UnitPair, ...]  # by count, the largest first
    ping_pong_count: int
    ping_pong_cases: int
    ping_pong_pairs: tuple[UnitPair, ...]
    returns_count: int
    returns_cases: int


@record
class StepTime:
    """Waiting before and working inside an activity or an area, in hours over all its occurrences; ``inside``
    is None where the log has no start times."""

    name: str
    count: int
    median_before_h: float
    mean_before_h: float
    p90_before_h: float
    total_before_h: float
    median_inside_h: float | None = None
    total_inside_h: float | None = None


@record
class Group:
    """Cases of one site, customer or segment beside the rest: median duration in days with its 95 % interval,
    the effect (Cliff's delta, -1 to 1, positive = slower than the rest) and q after Benjamini-Hochberg.
    Fewer than 5 cases: figures are None and nothing is compared; 5 to 29: shown, not ranked."""

    name: str
    cases: int
    median_days: float | None
    interval_days: tuple[float, float] | None
    effect: float | None
    q: float | None


@record
class Charted:
    """A process-behaviour (XmR) chart of one figure per ``period``."""

    name: Said
    starts: tuple[datetime, ...]
    values: tuple[float, ...]
    centre: float
    lower: float
    upper: float
    is_provisional: bool  # fewer than 20 points in the baseline
    outside: tuple[int, ...]  # places beyond the limits
    runs: tuple[int, ...]  # places at which eight in a row have stood on one side


@record
class Queue:
    """How much was open at the end of each period."""

    starts: tuple[datetime, ...]
    arrived: tuple[int, ...]
    finished: tuple[int, ...]
    open: tuple[int, ...]


@record
class Lateness:
    due: int
    late: int
    open_past_due: int
    share: float
    interval: tuple[float, float]  # Wilson 95 %
    median_late_h: float | None


@record
class Conformance:
    """Against a template, or against the mainstream when none was given."""

    against: Said
    conforming_cases: int
    skipped: tuple[tuple[str, int], ...]  # activity, cases without it
    unexpected: tuple[tuple[str, int], ...]
    out_of_order: tuple[tuple[str, str, int], ...]


@record
class Measures:
    durations: Durations
    working_durations: Durations | None
    variants: Variants
    follows: tuple[Follows, ...]  # by count, the largest first
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    rework: tuple[Rework, ...]
    handovers: Handovers | None  # between areas
    handovers_people: Handovers | None
    steps: tuple[StepTime, ...]
    areas: tuple[StepTime, ...] = ()
    sites: tuple[Group, ...] = ()
    customers: tuple[Group, ...] = ()
    segments: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)
    charts: tuple[Charted, ...] = ()
    queue: Queue | None = None
    lateness: Lateness | None = None
    conformance: Conformance | None = None


# Findings ------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    PING_PONG = "ping_pong"
    BORDER_WAIT = "border_wait"
    SLOW_STEP = "slow_step"
    REWORK = "rework"
    SKIPPED_STEP = "skipped_step"
    SITE_DIFFERENCE = "site_difference"
    CUSTOMER_DIFFERENCE = "customer_difference"
    SILENCE = "silence"
    INVOICED_OVER_OPEN_CASE = "invoiced_over_open_case"
    LATE = "late"
    UNFINISHED = "unfinished"
    GROWING_BACKLOG = "growing_backlog"
    DRIFT = "drift"


class Unit(StrEnum):
    """What an effect is counted in."""

    SHARE = "share"  # 0 to 1
    HOURS = "hours"
    CASES = "cases"
    RATIO = "ratio"  # times as much


FEW = 30
"""DOMAIN 1: of fewer, raw counts with their interval, and no ranking."""


@record
class Finding:
    """Never about a person. ``where`` names places by role: {"from": "Comercial", "to": "Oficina técnica"},
    {"site": "Bilbao", "activity": "..."}. ``effect`` is in ``unit`` (None: the usual one of its kind, a share
    or hours) with its 95 % ``interval``. ``cost_hours`` is time of customers' cases over the
    whole log; ``money`` the amount of the cases touched, None where the log has none. ``evidence`` are case
    ids, the costliest first."""

    kind: Kind
    where: Mapping[str, str]
    cases: int
    effect: float
    interval: tuple[float, float]
    cost_hours: float
    money: float | None
    text: Said
    evidence: tuple[str, ...]
    on_monday: Said  # what usually helps, as the next thing to do
    unit: Unit | None = None
    n: int | None = None  # how many the effect is of (cases, steps, waits); None where it is no sample
    cost_interval: tuple[float, float] | None = None  # 95 %, of cost_hours; None where it cannot be told
    subject: Said | None = (
        None  # what it is about, in a few words for a headline; None: as its kind is called
    )

    @property
    def is_of_few(self) -> bool:
        return self.n is not None and self.n < FEW


# All of it -----------------------------------------------------------------------------------------------


@record
class LogFacts:
    cases: int
    events: int
    activities: int
    people: int | None
    areas: int | None
    sites: int | None
    customers: int | None
    begins: datetime
    ends: datetime
    files: tuple[ReadFile, ...]
    notes: tuple[Said, ...]  # what the log cannot tell, and what was done to read it
    columns: tuple[str, ...] = ()  # all there are, so that a person can say which is what


@record
class Diagnosis:
    log: LogFacts
    mapping: Mapping[Role, Taken]
    measures: Measures
    findings: Sequence[Finding]  # by what they cost customers, the dearest first
    timings: Mapping[str, float]  # seconds by phase
