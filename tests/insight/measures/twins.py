"""Every measure once more, slow and obvious, over rows; nothing here imports the measures.

Definitions are those of docs/diagnose-definitions.md. Results are the contract's own dataclasses, so that a
twin and its measure can be compared as they stand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from math import comb, erfc, sqrt
from zoneinfo import ZoneInfo

from hilo.insight.results import (
    Conformance,
    Durations,
    Follows,
    Group,
    Handovers,
    Lateness,
    Queue,
    Rework,
    StepTime,
    UnitPair,
    Variant,
    Variants,
)
from hilo.insight.speaking import _
from tests.insight.measures.logs import EPOCH, Row

HOUR = 3_600_000_000
DAY = 24 * HOUR

type Case = list[Row]
type UnitOf = Callable[[Row], str | None]


def cases_of(rows: Sequence[Row]) -> list[Case]:
    """In order of appearance; the events of each by time, equal times in file order."""
    found: dict[str, Case] = {}
    for row in rows:
        found.setdefault(row.case, []).append(row)
    return [sorted(case, key=lambda row: row.time) for case in found.values()]


def neighbours(rows: Sequence[Row]) -> list[tuple[int, Row, Row]]:
    return [
        (number, case[i], case[i + 1])
        for number, case in enumerate(cases_of(rows))
        for i in range(len(case) - 1)
    ]


def begin(row: Row) -> int:
    return row.time if row.start is None or row.start > row.time else row.start


def quantile(values: Iterable[int], part: int, whole: int) -> float:
    listed = sorted(values)
    if not listed:
        return 0.0
    base, rest = divmod((len(listed) - 1) * part, whole)
    following = listed[base + 1] if rest else listed[base]
    return listed[base] + (following - listed[base]) * rest / whole


def median(values: Iterable[int]) -> float:
    return quantile(values, 1, 2)


def mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0


# ---------------------------------------------------------------------------------------------------------


def span(case: Case) -> int:
    return max(row.time for row in case) - min(begin(row) for row in case)


def durations(rows: Sequence[Row]) -> Durations:
    spans = [span(case) for case in cases_of(rows)]
    return Durations(mean(spans) / DAY, median(spans) / DAY, quantile(spans, 9, 10) / DAY, max(spans) / DAY)


def variants(rows: Sequence[Row], most: int) -> Variants:
    found = Counter(tuple(row.activity for row in case) for case in cases_of(rows))
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return Variants(len(found), tuple(Variant(*item) for item in ordered[:most]))


def starts(rows: Sequence[Row]) -> dict[str, int]:
    return by_count(case[0].activity for case in cases_of(rows))


def ends(rows: Sequence[Row]) -> dict[str, int]:
    return by_count(case[-1].activity for case in cases_of(rows))


def by_count(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def rework(rows: Sequence[Row]) -> tuple[Rework, ...]:
    again = [
        activity
        for case in cases_of(rows)
        for activity, count in Counter(row.activity for row in case).items()
        if count > 1
    ]
    return tuple(Rework(*item) for item in by_count(again).items())


def directly_follows(rows: Sequence[Row]) -> tuple[Follows, ...]:
    seen = [((a.activity, b.activity), number, b.time - a.time) for number, a, b in neighbours(rows)]
    return tuple(Follows(*row) for row in pair_rows(seen))


type Seen = tuple[tuple[str, str], int, int]


def pair_rows(seen: list[Seen]) -> list[tuple[str, str, int, int, float, float]]:
    found: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for item in seen:
        found[item[0]].append(item)
    table = []
    for (source, target), items in found.items():
        times = [time for _pair, _case, time in items]
        cases = len({case for _pair, case, _time in items})
        table.append((source, target, len(items), cases, mean(times) / HOUR, median(times) / HOUR))
    return sorted(table, key=lambda row: (-row[2], row[0], row[1]))


# ---------------------------------------------------------------------------------------------------------


def stays(case: Case, unit_of: UnitOf) -> list[tuple[str | None, Case]]:
    return [(unit, list(run)) for unit, run in groupby(case, unit_of)]


def handovers(rows: Sequence[Row], unit_of: UnitOf) -> Handovers:
    passed: list[Seen] = []
    for number, a, b in neighbours(rows):
        x, y = unit_of(a), unit_of(b)
        if x is not None and y is not None and x != y:
            passed.append(((x, y), number, max(begin(b) - a.time, 0)))
    bounced: list[Seen] = []
    returned: list[int] = []
    for number, case in enumerate(cases_of(rows)):
        runs = stays(case, unit_of)
        for (x, first), (y, _between), (z, last) in zip(runs, runs[1:], runs[2:], strict=False):
            if x is not None and y is not None and x == z:
                bounced.append(((x, y), number, max(begin(last[0]) - first[-1].time, 0)))
        for place in range(1, len(runs)):
            unit, came_from = runs[place][0], runs[place - 1][0]
            if unit is not None and came_from is not None and unit in [u for u, _ in runs[:place]]:
                returned.append(number)
    pairs = tuple(UnitPair(*row) for row in pair_rows(passed))
    return Handovers(
        count=len(passed),
        cases=len({case for _pair, case, _time in passed}),
        ordered_pairs=len(pairs),
        pairs=pairs,
        ping_pong_count=len(bounced),
        ping_pong_cases=len({case for _pair, case, _time in bounced}),
        ping_pong_pairs=tuple(UnitPair(*row) for row in pair_rows(bounced)),
        returns_count=len(returned),
        returns_cases=len(set(returned)),
    )


def activity_times(rows: Sequence[Row]) -> tuple[StepTime, ...]:
    before, inside = defaultdict(list), defaultdict(list)
    for _number, a, b in neighbours(rows):
        before[b.activity].append(max(begin(b) - a.time, 0))
    for row in rows:
        if row.start is not None and row.start <= row.time:
            inside[row.activity].append(row.time - row.start)
    has_starts = any(row.start is not None for row in rows)
    counts = Counter(row.activity for row in rows)
    return in_order(
        step_time(name, count, before[name], inside[name] if has_starts else None)
        for name, count in counts.items()
    )


def area_times(rows: Sequence[Row]) -> tuple[StepTime, ...]:
    counts: Counter[str] = Counter()
    before, inside = defaultdict(list), defaultdict(list)
    for case in cases_of(rows):
        runs = stays(case, lambda row: row.area)
        for place, (area, events) in enumerate(runs):
            if area is None:
                continue
            counts[area] += 1
            inside[area].append(events[-1].time - begin(events[0]))
            came_from, earlier = runs[place - 1] if place else (None, events)
            if came_from is not None:
                before[area].append(max(begin(events[0]) - earlier[-1].time, 0))
    return in_order(step_time(name, count, before[name], inside[name]) for name, count in counts.items())


def step_time(name: str, count: int, before: list[int], inside: list[int] | None) -> StepTime:
    waits = [median(before), mean(before), quantile(before, 9, 10), sum(before)]
    works = [None, None] if inside is None else [median(inside) / HOUR, sum(inside) / HOUR]
    return StepTime(name, count, *(wait / HOUR for wait in waits), *works)


def in_order(steps: Iterable[StepTime]) -> tuple[StepTime, ...]:
    return tuple(sorted(steps, key=lambda step: (-step.total_before_h, -step.count, step.name)))


# ---------------------------------------------------------------------------------------------------------


def is_closed(rows: Sequence[Row]) -> list[bool]:
    cases = cases_of(rows)
    last = Counter(case[-1].activity for case in cases)
    having = Counter(activity for case in cases for activity in {row.activity for row in case})
    closing = {activity for activity, n in last.items() if n >= 5 and n * 2 >= having[activity]}
    return [not closing or case[-1].activity in closing for case in cases]


def local(at: int, zone: str) -> datetime:
    return (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(zone))


def period_start(day: date, length: str) -> date:
    if length == "week":
        return day - timedelta(days=day.weekday())
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[length]


def next_period(day: date, length: str) -> date:
    return period_start(day + timedelta(days={"day": 1, "week": 7, "month": 31, "year": 366}[length]), length)


def queue(rows: Sequence[Row], zone: str) -> Queue:
    cases = cases_of(rows)
    begins = [min(begin(row) for row in case) for case in cases]
    ends_at = [case[-1].time for case in cases]
    days = (max(ends_at) - min(begins)) // DAY
    length = "day" if days <= 62 else "week" if days <= 1098 else "month" if days <= 36_600 else "year"

    def period(at: int) -> date:
        return period_start(local(at, zone).date(), length)

    shown = [period(min(begins))]
    while shown[-1] < period(max(ends_at)):
        shown.append(next_period(shown[-1], length))
    closed = is_closed(rows)
    arrived = Counter(map(period, begins))
    finished = Counter(period(at) for at, is_over in zip(ends_at, closed, strict=True) if is_over)
    still_open = [sum(arrived[p] - finished[p] for p in shown if p <= this) for this in shown]
    return Queue(
        starts=tuple(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in shown),
        arrived=tuple(arrived[day] for day in shown),
        finished=tuple(finished[day] for day in shown),
        open=tuple(still_open),
    )


def lateness(rows: Sequence[Row], zone: str) -> Lateness | None:
    cases, dues = cases_of(rows), dues_of(rows, zone)
    if all(due is None for due in dues):
        return None
    end = max(row.time for row in rows)
    judged, delays, missed = 0, [], 0
    for case, due, is_over in zip(cases, dues, is_closed(rows), strict=True):
        if due is None or (not is_over and due >= end):
            continue
        judged += 1
        if not is_over:
            missed += 1
        elif case[-1].time > due:
            delays.append(case[-1].time - due)
    late = len(delays) + missed
    return Lateness(
        due=judged,
        late=late,
        open_past_due=missed,
        share=late / judged if judged else 0.0,
        interval=wilson(late, judged),
        median_late_h=median(delays) / HOUR if delays else None,
    )


def dues_of(rows: Sequence[Row], zone: str) -> list[int | None]:
    dues = [next((row.due for row in case if row.due is not None), None) for case in cases_of(rows)]
    known = [local(due, zone) for due in dues if due is not None]
    if all(at.hour == at.minute == at.second == at.microsecond == 0 for at in known):
        return [None if due is None else end_of_day(due, zone) for due in dues]
    return dues


def judged(rows: Sequence[Row], zone: str) -> Iterator[tuple[int, bool]]:
    """When each judged case was due, and whether it was late."""
    end = max(row.time for row in rows)
    for case, due, is_over in zip(cases_of(rows), dues_of(rows, zone), is_closed(rows), strict=True):
        if due is not None and (is_over or due < end):
            yield due, not is_over or case[-1].time > due


def end_of_day(at: int, zone: str) -> int:
    day = local(at, zone).date() + timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (midnight - EPOCH) // timedelta(microseconds=1) - 1


def wilson(k: int, n: int) -> tuple[float, float]:
    """The two shares p at which k lies just 1.96 standard errors from n p, found by halving."""
    if not n:
        return 0.0, 1.0

    def distance(p: float) -> float:
        return (k - n * p) ** 2 - 1.959963984540054**2 * n * p * (1 - p)

    def edge(inside: float, outside: float) -> float:
        for _step in range(200):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if distance(middle) <= 0 else (inside, middle)
        return inside

    return 0.0 if k == 0 else edge(k / n, 0.0), 1.0 if k == n else edge(k / n, 1.0)


def groups(rows: Sequence[Row], value_of: UnitOf) -> tuple[Group, ...]:
    days: dict[str, list[int]] = defaultdict(list)
    for case in cases_of(rows):
        value = next((v for row in case if (v := value_of(row)) is not None), None)
        if value is not None:
            days[value].append(span(case))
    rest = {name: [s for other, spans in days.items() if other != name for s in spans] for name in days}
    ps = {name: p_value(days[name], rest[name]) for name in days if len(days[name]) >= 5 and rest[name]}
    found = []
    for name, spans in sorted(days.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(spans) < 5:
            found.append(Group(name, len(spans), None, None, None, None))
            continue
        effect, q = (delta(spans, rest[name]), q_value(ps[name], ps.values())) if name in ps else (None, None)
        found.append(Group(name, len(spans), median(spans) / DAY, interval(spans), effect, q))
    return tuple(found)


def interval(spans: list[int]) -> tuple[float, float]:
    ordered, n = sorted(spans), len(spans)
    left_out = 0
    while sum(comb(n, i) for i in range(left_out + 2)) / 2**n <= 0.025:
        left_out += 1
    return ordered[left_out] / DAY, ordered[-1 - left_out] / DAY


def delta(x: list[int], y: list[int]) -> float:
    return sum((a > b) - (a < b) for a in x for b in y) / (len(x) * len(y))


def p_value(x: list[int], y: list[int]) -> float:
    above = sum((a > b) + (a == b) / 2 for a in x for b in y)
    n, m, together = len(x), len(y), Counter(x + y)
    ties = sum(t**3 - t for t in together.values())
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    away = max(abs(above - n * m / 2) - 0.5, 0)
    return erfc(away / sqrt(2 * variance)) if variance > 0 else 1.0


def q_value(p: float, ps: Iterable[float]) -> float:
    listed = list(ps)
    return min(min(1.0, x * len(listed) / sum(y <= x for y in listed)) for x in listed if x >= p)


# Charts --------------------------------------------------------------------------------------------------


def weekly_charts(rows: Sequence[Row], zone: str) -> list[list[tuple[date, float]]]:
    """The points of: arrivals, median days of what finished, share late of what was due. Whole weeks only."""
    cases = cases_of(rows)
    begins = [min(begin(row) for row in case) for case in cases]

    def week(at: int) -> date:
        return period_start(local(at, zone).date(), "week")

    whole = [week(min(begins))]
    while whole[-1] < week(max(row.time for row in rows)):
        whole.append(next_period(whole[-1], "week"))
    whole = whole[1:-1]
    arrived = Counter(map(week, begins))
    finished, due = defaultdict(list), defaultdict(list)
    for case, is_over in zip(cases, is_closed(rows), strict=True):
        if is_over:
            finished[week(case[-1].time)].append(span(case))
    for at, is_late in judged(rows, zone):
        due[week(at)].append(int(is_late))
    return [
        [(day, float(arrived[day])) for day in whole],
        [(day, median(finished[day]) / DAY) for day in whole if len(finished[day]) >= 5],
        [(day, mean(due[day])) for day in whole if len(due[day]) >= 5],
    ]


def limits(values: Sequence[float]) -> tuple[float, float, float]:
    """Centre, lower and upper limit from the first 20 points."""
    base = values[:20]
    moving = [abs(b - a) for a, b in pairwise(base)]
    centre, reach = sum(base) / len(base), 2.66 * sum(moving) / len(moving)
    return centre, max(0.0, centre - reach), centre + reach


# Conformance ---------------------------------------------------------------------------------------------


def mainstream(rows: Sequence[Row]) -> Conformance:
    cases = [[row.activity for row in case] for case in cases_of(rows)]
    moves = [set(pairwise(case)) for case in cases]
    having = Counter(move for case in moves for move in case)
    edge = max(
        n
        for n in {*having.values(), 1_000_000}
        if 5 * sum(all(having[move] >= n for move in case) for case in moves) >= 4 * len(cases)
    )
    usual = [all(having[move] >= edge for move in case) for case in moves]
    sets = [set(case) for case, is_usual in zip(cases, usual, strict=True) if is_usual]
    foreseen, required = set.union(*sets), set.intersection(*sets)
    skipped = [(name, sum(name not in case for case in cases)) for name in required]
    strange = {name for case in cases for name in case} - foreseen
    unexpected = [(name, sum(name in case for case in cases)) for name in strange]
    disorder = [(*move, n) for move, n in having.items() if n < edge and set(move) <= foreseen]
    fine = sum(
        is_usual and required <= set(case) <= foreseen for case, is_usual in zip(cases, usual, strict=True)
    )
    return Conformance(_("none"), fine, largest(skipped), largest(unexpected), largest(disorder))


def along(rows: Sequence[Row], required: Sequence[str], first: Sequence[tuple[str, str]]) -> Conformance:
    """``first``: pairs of which the first must have been done before the second, if both are done."""
    cases = [[row.activity for row in case] for case in cases_of(rows)]
    known = {*required, *(name for pair in first for name in pair)}
    skipped = [(name, sum(name not in case for case in cases)) for name in required]
    unexpected = [(n, sum(n in case for case in cases)) for n in {n for case in cases for n in case} - known]

    def swapped(case: list[str], a: str, b: str) -> bool:
        return a in case and b in case and case.index(b) < case.index(a)

    disorder = [(b, a, sum(swapped(case, a, b) for case in cases)) for a, b in first]
    fine = sum(
        set(required) <= set(case) <= known and not any(swapped(case, a, b) for a, b in first)
        for case in cases
    )
    return Conformance(_("none"), fine, largest(skipped), largest(unexpected), largest(disorder))


def largest[R: tuple[str | int, ...]](found: list[R]) -> tuple[R, ...]:
    return tuple(sorted((row for row in found if row[-1]), key=lambda row: (-int(row[-1]), row)))
