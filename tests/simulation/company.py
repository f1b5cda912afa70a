"""Simulates the orders and incidents of Envasa Líneas as its ERP would export them. Imports nothing of Hilo.

What is natural here is no fault: steps take from hours to weeks and their times have heavy tails; handovers
are quick but for one in two hundred; work stops at night, at weekends and on holidays; arrivals grow or
decline; product families take other ways and other times; each site, customer and person has a little of its
own; customers differ in what they buy; a few steps are redone, sent back, left out or never finished.

The strengths of the faults (faults.STRENGTHS), their places (faults.PLACES) and everything in this file were
fixed and committed before the findings were written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulation.faults import ALSO_RIGHT, CALLED, Fault
from tests.simulation.words import (
    ACTIVITIES,
    AREAS,
    CHANNELS,
    CUSTOMERS,
    FAMILIES,
    SITES,
    SPANISH,
    Vocabulary,
)

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Truths = NDArray[np.bool_]

WEEKS = 78
DAY_H = 9.0  # working hours of a day: 8 to 14 and 15 to 18
FORGOTTEN = 0.005
BOUNCED = 0.02
REDONE = 0.02
LEFT_OUT = 0.01
ABANDONED = 0.008
UNTOLD = 0.12
INVOICED_EARLY = 0.01
INCIDENTS = 0.22
NEWS_EVERY_H = 36.0  # four working days without news: somebody should tell the customer something

# activity, area, median working hours, sigma of their logarithm, families without it
PATH: tuple[tuple[str, str, float, float, tuple[str, ...]], ...] = (
    ("request", "sales", 0.2, 0.4, ()),
    ("review", "sales", 3.0, 0.7, ()),
    ("credit", "finance", 2.0, 0.8, ()),
    ("feasibility", "engineering", 8.0, 0.7, ("spares",)),
    ("drawing", "engineering", 20.0, 0.7, ("spares",)),
    ("validation", "engineering", 10.0, 0.7, ("spares",)),
    ("customer_ok", "sales", 4.0, 0.9, ("spares",)),
    ("release", "engineering", 2.0, 0.6, ("spares",)),
    ("purchase", "purchasing", 6.0, 0.7, ()),
    ("material", "purchasing", 30.0, 0.6, ()),
    ("plan", "production", 4.0, 0.7, ("spares",)),
    ("build", "production", 35.0, 0.6, ("spares",)),
    ("check", "production", 5.0, 0.7, ("spares",)),
    ("prepare", "logistics", 4.0, 0.7, ()),
    ("delivery", "logistics", 8.0, 0.6, ()),
    ("incident_opened", "after_sales", 10.0, 1.0, ()),
    ("diagnosis", "after_sales", 8.0, 0.8, ()),
    ("waiting_for_customer", "after_sales", 16.0, 0.8, ()),
    ("repair", "after_sales", 12.0, 0.8, ()),
    ("incident_closed", "after_sales", 3.0, 0.8, ()),
    ("invoice", "finance", 6.0, 0.7, ()),
    ("close", "finance", 12.0, 0.7, ()),
)
STEPS = len(PATH)
STEP = {name: n for n, (name, *_) in enumerate(PATH)}
ENTRY = {"engineering": STEP["feasibility"], "purchasing": STEP["purchase"], "production": STEP["plan"]}
FIRST_INCIDENT, LAST_INCIDENT = STEP["incident_opened"], STEP["incident_closed"]
NEWS = ACTIVITIES.index("news")

# Each step has five slots: touched and sent back, done before by the area that gets it back, done, done
# again; the fifth is the invoice that leaves too early.
TOUCHED, BACK, DONE, AGAIN, EARLY = range(5)
SLOTS = 5

HOLIDAYS = (
    *("2024-01-01", "2024-03-28", "2024-03-29", "2024-05-01", "2024-08-15", "2024-10-12", "2024-11-01"),
    *("2024-12-06", "2024-12-25", "2025-01-01", "2025-01-06", "2025-04-17", "2025-04-18", "2025-05-01"),
    *("2025-08-15", "2025-10-13", "2025-12-08", "2025-12-25", "2026-01-01", "2026-01-06", "2026-04-02"),
)
FIRST_DAY = np.datetime64("2024-02-05", "D")


@dataclass(frozen=True)
class Simulated:
    """``rows``: the columns of the export by name, one entry per event, in the order of time. ``truth``: the
    faults in it, in the export's own words. ``roles``: which column is what."""

    rows: Mapping[str, NDArray[Any]]
    truth: list[Fault]
    roles: Mapping[str, str]
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Cases:
    site: Whole
    family: Whole
    customer: Whole
    channel: Whole
    arrived: Floats  # working hours since the first day
    amount: Floats
    pace: Floats  # how long things take here, for this customer, of this family

    def at(self, where: Mapping[str, str]) -> Truths:
        """The cases of a place: its site, family and customer."""
        chosen = np.ones(len(self.site), bool)
        for codes, keys, role in (
            (self.site, SITES, "site"),
            (self.family, FAMILIES, "family"),
            (self.customer, CUSTOMERS, "customer"),
        ):
            if role in where:
                chosen &= codes == keys.index(where[role])
        return chosen


@dataclass
class Slots:
    """Everything that may happen in a case: (cases, steps * SLOTS) arrays, in the order of the process."""

    present: Truths
    step: Whole
    area: Whole
    came_from: Whole  # area of the last slot present before, -1 at the first
    wait: Floats
    work: Floats


def simulate(
    seed: int,
    cases: int = 1000,
    faults: Sequence[Fault] = (),
    vocabulary: Vocabulary = SPANISH,
    *,
    collected_by_end: bool = False,
) -> Simulated:
    """About 20 events a case. The export ends WEEKS after the first order; what was not over by then stays
    open in it, or is missing from it when it was ``collected_by_end``."""
    rng = np.random.default_rng(seed)
    company = _company(rng, cases)
    slots = _what_happens(rng, company, faults)
    begun, ended = _when(rng, company, slots, faults)
    events = _events(rng, company, slots, begun, ended, faults)
    due = _due(rng, company, slots, ended, faults)
    rows = _export(rng, company, events, due, vocabulary, collected_by_end)
    return Simulated(rows, [_told(fault, vocabulary) for fault in faults], _roles(vocabulary), vocabulary)


# The company ---------------------------------------------------------------------------------------------


def _company(rng: np.random.Generator, n: int) -> Cases:
    customers = len(CUSTOMERS)
    weight = 1 / np.arange(1, customers + 1) ** 0.6
    customer = rng.choice(customers, n, p=weight / weight.sum())
    home = rng.choice(len(SITES), customers, p=(0.4, 0.25, 0.2, 0.15))
    elsewhere = rng.choice(len(SITES), n, p=(0.4, 0.25, 0.2, 0.15))
    site = np.where(rng.random(n) < 0.25, home[customer], elsewhere)
    taste = rng.dirichlet((2.0, 3.0, 2.0, 3.0), customers)
    family = (rng.random((n, 1)) > np.cumsum(taste[customer], axis=1)[:, :-1]).sum(axis=1)
    pace = (
        rng.lognormal(0, 0.04, len(SITES))[site]
        * rng.lognormal(0, 0.06, customers)[customer]
        * np.array((1.3, 1.0, 0.9, 0.7))[family]
        * rng.lognormal(0, 0.15, n)
    )
    return Cases(
        site=site,
        family=family,
        customer=customer,
        channel=rng.choice(len(CHANNELS), n, p=(0.3, 0.5, 0.2)),
        arrived=_arrivals(rng, n),
        amount=np.round(rng.lognormal(np.array((11.5, 10.3, 9.8, 7.0))[family], 0.5), 2),
        pace=pace,
    )


def _arrivals(rng: np.random.Generator, n: int) -> Floats:
    """Evenly growing or declining over the weeks, by a quarter down to a third up."""
    growth = rng.uniform(-0.25, 0.35)
    u = rng.random(n)
    place = u if abs(growth) < 1e-3 else (np.sqrt(1 + u * ((1 + growth) ** 2 - 1)) - 1) / growth
    return np.sort(place) * _working_hours(_horizon())


# What happens --------------------------------------------------------------------------------------------


def _what_happens(rng: np.random.Generator, company: Cases, faults: Sequence[Fault]) -> Slots:
    n = len(company.site)
    done = _steps_done(rng, company, faults)
    before = _last_before(np.where(done, np.arange(STEPS), -1))
    area = np.array([AREAS.index(row[1]) for row in PATH])
    area_before = np.where(before >= 0, area[before], -1)
    is_border = done & (area_before >= 0) & (area_before != area)

    present = np.zeros((n, STEPS, SLOTS), bool)
    step = np.broadcast_to(np.arange(STEPS)[None, :, None], present.shape).copy()
    step[:, :, BACK] = np.maximum(before, 0)
    present[:, :, DONE] = done
    bounced = is_border & (rng.random(done.shape) < _bouncing(company, area, area_before, faults))
    bounced[:, FIRST_INCIDENT:] = False
    present[:, :, TOUCHED] = present[:, :, BACK] = bounced
    present[:, :, AGAIN] = done & (rng.random(done.shape) < _redoing(company, faults))
    present[:, FIRST_INCIDENT:, AGAIN] = False
    present[:, 0, AGAIN] = False
    _invoice_early(rng, company, present, step, faults)
    happens = _abandoned(rng, company, present, faults).reshape(n, -1)
    flat = step.reshape(n, -1)
    came_from = _last_before(np.where(happens, area[flat], -1))
    slots = Slots(happens, flat, area[flat], came_from, np.zeros(flat.shape), np.zeros(flat.shape))
    _times(rng, company, slots, faults)
    return slots


def _steps_done(rng: np.random.Generator, company: Cases, faults: Sequence[Fault]) -> Truths:
    n = len(company.site)
    without = np.array([[family in row[4] for row in PATH] for family in FAMILIES])
    done = ~without[company.family]
    left_out = np.full((n, STEPS), LEFT_OUT)
    left_out[:, [STEP["request"], STEP["delivery"], STEP["invoice"], STEP["close"]]] = 0
    for fault in _of("skipped_step", faults):
        left_out[company.at(fault.where), STEP[fault.where["activity"]]] = fault.value
    done &= rng.random((n, STEPS)) >= left_out
    has_incident = rng.random(n) < INCIDENTS
    done[:, FIRST_INCIDENT : LAST_INCIDENT + 1] = has_incident[:, None]
    done[:, STEP["waiting_for_customer"]] &= rng.random(n) < 0.5
    return done


def _bouncing(company: Cases, area: Whole, area_before: Whole, faults: Sequence[Fault]) -> Floats:
    chance = np.full(area_before.shape, BOUNCED)
    for fault in _of("ping_pong", faults):
        over = (area_before == AREAS.index(fault.where["from"])) & (area == AREAS.index(fault.where["to"]))
        chance[over & company.at(fault.where)[:, None]] = fault.value
    return chance


def _redoing(company: Cases, faults: Sequence[Fault]) -> Floats:
    chance = np.full((len(company.site), STEPS), REDONE)
    for fault in _of("rework", faults):
        chance[company.at(fault.where), STEP[fault.where["activity"]]] = fault.value
    return chance


def _invoice_early(
    rng: np.random.Generator, company: Cases, present: Truths, step: Whole, faults: Sequence[Fault]
) -> None:
    chance = np.full(len(company.site), INVOICED_EARLY)
    for fault in _of("invoiced_over_open_case", faults):
        chance[company.at(fault.where)] = fault.value
    early = present[:, FIRST_INCIDENT, DONE] & (rng.random(len(chance)) < chance)
    present[:, STEP["diagnosis"], EARLY] = early
    step[:, STEP["diagnosis"], EARLY] = STEP["invoice"]
    present[:, STEP["invoice"], DONE] &= ~early


def _abandoned(rng: np.random.Generator, company: Cases, present: Truths, faults: Sequence[Fault]) -> Truths:
    n = len(company.site)
    last = np.where(rng.random(n) < ABANDONED, rng.integers(1, STEPS - 1, n), STEPS)
    for fault in _of("unfinished", faults):
        stuck = company.at(fault.where) & (rng.random(n) < fault.value)
        at = STEP[fault.where["activity"]]
        last = np.where(stuck & present[:, at, DONE], np.minimum(last, at), last)
    return present & (np.arange(STEPS)[None, :, None] <= last[:, None, None])


def _times(rng: np.random.Generator, company: Cases, slots: Slots, faults: Sequence[Fault]) -> None:
    """Working hours of each slot: waiting until it begins, and doing it. What takes long now and then is not
    slow by fault."""
    shape = slots.step.shape
    median = np.array([row[2] for row in PATH])[slots.step]
    sigma = np.array([row[3] for row in PATH])[slots.step]
    family_work = rng.lognormal(0, 0.2, (len(FAMILIES), STEPS))
    site_work = rng.lognormal(0, 0.05, (len(SITES), STEPS))
    own = family_work[company.family[:, None], slots.step] * site_work[company.site[:, None], slots.step]
    work = median * own * np.exp(sigma * rng.standard_normal(shape))
    work[:, np.arange(STEPS) * SLOTS + TOUCHED] *= 0.1
    work[:, np.arange(STEPS) * SLOTS + BACK] *= 0.5
    is_border = (slots.came_from >= 0) & (slots.came_from != slots.area)
    wait = np.where(is_border, 3.0, 1.0) * np.exp(0.9 * rng.standard_normal(shape))
    wait = _waits(rng, company, slots, wait, is_border, faults)
    for fault in _of("slow_step", faults):
        work[_step_at(company, slots, fault)] *= fault.value
    pace = company.pace.copy()
    for fault in _of("site_difference", faults) + _of("customer_difference", faults):
        pace[company.at(fault.where)] *= fault.value
    slots.wait, slots.work = wait * pace[:, None], work * pace[:, None]


def _waits(
    rng: np.random.Generator,
    company: Cases,
    slots: Slots,
    wait: Floats,
    is_border: Truths,
    faults: Sequence[Fault],
) -> Floats:
    forgotten = np.full(wait.shape, FORGOTTEN)
    for fault in _of("border_wait", faults):
        forgotten[_border_at(company, slots, fault)] = fault.value
    for fault in _of("site_difference_border", faults):
        wait[_border_at(company, slots, fault)] *= fault.value
    days = DAY_H * 8 * np.exp(0.5 * rng.standard_normal(wait.shape))
    return np.where(is_border & (rng.random(wait.shape) < forgotten), wait + days, wait)


def _border_at(company: Cases, slots: Slots, fault: Fault) -> Truths:
    came, went = AREAS.index(fault.where["from"]), AREAS.index(fault.where["to"])
    return np.asarray((slots.came_from == came) & (slots.area == went) & company.at(fault.where)[:, None])


def _step_at(company: Cases, slots: Slots, fault: Fault) -> Truths:
    return np.asarray((slots.step == STEP[fault.where["activity"]]) & company.at(fault.where)[:, None])


# When ----------------------------------------------------------------------------------------------------


def _when(
    rng: np.random.Generator, company: Cases, slots: Slots, faults: Sequence[Fault]
) -> tuple[Floats, Floats]:
    """Working hours at which each slot begins and ends. What changes with time is laid over a first pass."""
    slots.wait[:, DONE] = 0.0  # the request is where a case begins
    begun, _ = _laid_out(company, slots)
    end = _working_hours(_horizon())
    turn = end * rng.uniform(0.5, 0.65)
    for fault in _of("slow_step_grew", faults):
        ramp = np.clip((begun - end / 2) / (end / 2), 0, 1)
        slots.work *= np.where(_step_at(company, slots, fault), 1 + (fault.value - 1) * ramp, 1.0)
    for fault in _of("drift", faults):
        later = (begun > turn) & company.at(fault.where)[:, None]
        slots.wait[later] *= fault.value
        slots.work[later] *= fault.value
    for fault in _of("growing_backlog", faults):
        at = ENTRY[fault.where["area"]] * SLOTS
        entry = at + np.argmax(slots.present[:, at : at + SLOTS], axis=1)
        rows = np.flatnonzero(company.at(fault.where))
        behind = np.maximum(begun[rows, entry[rows]] - turn, 0) * fault.value / (1 - fault.value)
        slots.wait[rows, entry[rows]] += behind * rng.lognormal(0, 0.1, len(rows))
    return _laid_out(company, slots)


def _laid_out(company: Cases, slots: Slots) -> tuple[Floats, Floats]:
    taken = np.where(slots.present, slots.wait + slots.work, 0.0)
    ended = company.arrived[:, None] + np.cumsum(taken, axis=1)
    return ended - np.where(slots.present, slots.work, 0.0), ended


# Events --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Events:
    case: Whole
    activity: Whole
    area: Whole
    begun: Floats
    ended: Floats


def _events(
    rng: np.random.Generator,
    company: Cases,
    slots: Slots,
    begun: Floats,
    ended: Floats,
    faults: Sequence[Fault],
) -> Events:
    case, place = np.nonzero(slots.present)
    activity = np.array([ACTIVITIES.index(row[0]) for row in PATH])[slots.step[case, place]]
    worked = Events(case, activity, slots.area[case, place], begun[case, place], ended[case, place])
    told = _news(rng, company, worked, faults)
    both = [np.concatenate(pair) for pair in zip(_columns(worked), _columns(told), strict=True)]
    order = np.lexsort((both[4], both[0]))
    return Events(*(column[order] for column in both))


def _columns(events: Events) -> tuple[NDArray[Any], ...]:
    return events.case, events.activity, events.area, events.begun, events.ended


def _news(rng: np.random.Generator, company: Cases, events: Events, faults: Sequence[Fault]) -> Events:
    """A word to the customer by whoever has the case, every four working days of a long wait; some forget."""
    untold = np.full(len(company.site), UNTOLD)
    for fault in _of("silence", faults):
        untold[company.at(fault.where)] = fault.value
    gap = np.diff(events.ended, append=0.0)
    gap[np.diff(events.case, append=-1) != 0] = 0.0
    due = np.minimum(gap // NEWS_EVERY_H, 8).astype(np.int64)
    after = np.repeat(np.arange(len(gap)), due)
    nth = np.arange(len(after)) - np.repeat(np.cumsum(due) - due, due) + 1
    part = (nth - 0.5 + rng.uniform(-0.3, 0.3, len(after))) / due[after]
    told = rng.random(len(after)) >= untold[events.case[after]]
    after, at = after[told], (events.ended[after] + part * gap[after])[told]
    return Events(events.case[after], np.full(len(after), NEWS), events.area[after], at - 0.1, at)


def _due(
    rng: np.random.Generator, company: Cases, slots: Slots, ended: Floats, faults: Sequence[Fault]
) -> Floats:
    """The promised day of delivery, in working hours: planned by family with some air, or never possible."""
    delivered = ended[:, STEP["delivery"] * SLOTS + DONE] - company.arrived
    planned = np.array((400.0, 320.0, 290.0, 105.0))[company.family] * rng.lognormal(0, 0.1, len(delivered))
    for fault in _of("late", faults):
        hopeless = company.at(fault.where) & (rng.random(len(planned)) < fault.value)
        planned = np.where(hopeless, delivered * rng.uniform(0.5, 0.9, len(planned)), planned)
    return np.asarray(company.arrived + planned)


# The export ----------------------------------------------------------------------------------------------


def _export(
    rng: np.random.Generator,
    company: Cases,
    events: Events,
    due: Floats,
    words: Vocabulary,
    collected_by_end: bool,
) -> dict[str, NDArray[Any]]:
    begun, ended = _clock(events.begun), _clock(events.ended)
    kept = ended < _horizon()
    if collected_by_end:
        kept &= _closed_late_enough(events, ended, len(company.site))[events.case]
    order = np.flatnonzero(kept)[np.argsort(ended[kept], kind="stable")]
    case, area = events.case[order], events.area[order]
    site = company.site[case]
    person = (area * len(SITES) + site) * 6 + rng.integers(0, 6, len(order))
    persons = len(AREAS) * len(SITES) * 6
    due_days = (_clock(due).astype("datetime64[D]") + np.timedelta64(1, "D")).astype("datetime64[us]")
    columns: tuple[NDArray[Any], ...] = (
        _worded([words.case.format(c * 7 + 1301) for c in range(len(company.site))])[case],
        _worded(words.activities.values())[events.activity[order]],
        begun[order],
        ended[order],
        _worded([words.person.format(p) for p in range(persons)])[person],
        _worded(words.areas.values())[area],
        _worded(words.sites.values())[site],
        _worded(words.customers.values())[company.customer[case]],
        due_days[case] - np.timedelta64(1, "s"),
        company.amount[case],
        _worded(words.families.values())[company.family[case]],
        _worded(words.channels.values())[company.channel[case]],
    )
    return dict(zip(words.columns.values(), columns, strict=True))


def _closed_late_enough(events: Events, ended: NDArray[Any], cases: int) -> Truths:
    """A list of what was closed in the last two thirds of the time."""
    from_day = FIRST_DAY + np.timedelta64(WEEKS * 7 // 3, "D")
    is_close = events.activity == ACTIVITIES.index("close")
    counted = is_close & (ended >= from_day) & (ended < _horizon())
    chosen = np.zeros(cases, bool)
    chosen[events.case[counted]] = True
    return chosen


def _worded(words: Any) -> NDArray[Any]:
    return np.array(list(words), dtype=object)


def _roles(words: Vocabulary) -> dict[str, str]:
    return dict(words.columns)


def _told(fault: Fault, words: Vocabulary) -> Fault:
    called = {
        "from": words.areas,
        "to": words.areas,
        "area": words.areas,
        "activity": words.activities,
        "site": words.sites,
        "customer": words.customers,
        "family": words.families,
    }
    where = {
        words.columns["family"] if role == "family" else role: called[role][key]
        for role, key in fault.where.items()
    }
    kind = CALLED.get(fault.kind, fault.kind)
    return Fault(kind, fault.strength, where, ALSO_RIGHT.get(fault.kind, ()))


# Working time --------------------------------------------------------------------------------------------


def _horizon() -> np.datetime64:
    return np.datetime64(FIRST_DAY + np.timedelta64(WEEKS * 7, "D"), "us")


def _calendar() -> tuple[Floats, Floats]:
    """Working hours since the first day, and the clock's hours at which they stand: two windows a day."""
    days = np.arange(FIRST_DAY, FIRST_DAY + np.timedelta64(WEEKS * 7 * 6, "D"))
    works = np.is_busday(days, holidays=np.array(HOLIDAYS, "datetime64[D]"))
    midnight = np.flatnonzero(works) * 24.0
    clock = (midnight[:, None] + np.array((8.0, 14.0, 15.0, 18.0))).ravel()
    worked = (np.arange(len(midnight))[:, None] * DAY_H + np.array((1e-9, 6.0, 6.0 + 1e-9, 9.0))).ravel()
    return worked, clock


_WORKED, _CLOCK = _calendar()


def _clock(hours: Floats) -> NDArray[Any]:
    """The moment at which so many working hours have passed, to the second."""
    seconds = np.round(np.interp(hours, _WORKED, _CLOCK) * 3600).astype("timedelta64[s]")
    return np.asarray(FIRST_DAY.astype("datetime64[us]") + seconds)


def _working_hours(moment: np.datetime64) -> float:
    hours = (moment - FIRST_DAY) / np.timedelta64(1, "h")
    return float(np.interp(hours, _CLOCK, _WORKED))


# Shapes --------------------------------------------------------------------------------------------------


def _of(kind: str, faults: Sequence[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.kind == kind]


def _last_before(values: Whole) -> Whole:
    """For each place of a row, the last value above -1 to the left of it; -1 where there is none."""
    width = values.shape[1]
    places = np.where(values >= 0, np.arange(width), -1)
    last = np.maximum.accumulate(places, axis=1)
    before = np.concatenate((np.full((len(values), 1), -1), last[:, :-1]), axis=1)
    found = np.take_along_axis(values, np.maximum(before, 0), axis=1)
    return np.where(before >= 0, found, -1)
