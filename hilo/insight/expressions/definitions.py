"""The definitions of hilo.insight.measures once more, as expressions that any SQL engine can answer.

Each gives a table; times are microseconds. ``placed`` is what ``in_case`` gives of the table of events,
``beside`` and ``runs`` are what ``neighbours`` and ``blocks`` give of that: an engine may keep them, so that
it sorts once (answering.py does).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from hilo.insight.expressions.portable import described, quantiles, summed_up

MEDIAN = {"median": (1, 2)}
MEDIAN_AND_P90 = {"median": (1, 2), "p90": (9, 10)}
WIDTH = 10**9
"""Added to a number before it becomes a string, so that strings sort as numbers do."""


def cases(events: ir.Table) -> ir.Table:
    """case, begins, ends, duration."""
    found = events.group_by("case").agg(begins=events.began.min(), ends=events.time.max())
    return found.mutate(duration=found.ends - found.begins)


def durations(events: ir.Table) -> ir.Table:
    """One row: cases, total, longest, median, p90."""
    all_cases = cases(events).mutate(everybody=ibis.literal(1))
    found = all_cases.group_by("everybody").agg(
        cases=all_cases.count(),
        total=all_cases.duration.cast("float64").sum(),
        longest=all_cases.duration.max(),
    )
    found = found.join(quantiles(all_cases, ["everybody"], "duration", MEDIAN_AND_P90), ["everybody"])
    return found.select("cases", "total", "longest", "median", "p90")


def neighbours(placed: ir.Table) -> ir.Table:
    """Each event but the last of its case, beside the one after it (``next_...``)."""
    order = ibis.window(group_by="case", order_by="place")
    beside = placed.mutate(
        **{f"next_{name}": placed[name].lead().over(order) for name in ("activity", "time", "began")}
    )
    return beside.filter(beside.place + 1 < beside.many)


def directly_follows(beside: ir.Table) -> ir.Table:
    """activity, next_activity, count, cases, total, median."""
    pairs = beside.mutate(gap=beside.next_time - beside.time)
    return described(pairs, ["activity", "next_activity"], "gap", MEDIAN)


def starts(placed: ir.Table) -> ir.Table:
    """activity, count."""
    return _counted(placed.filter(placed.place == 0))


def ends(placed: ir.Table) -> ir.Table:
    """activity, count."""
    return _counted(placed.filter(placed.place + 1 == placed.many))


def _counted(table: ir.Table) -> ir.Table:
    return table.group_by("activity").agg(count=table.count())


def rework(events: ir.Table) -> ir.Table:
    """activity, count: the cases in which it stands more than once."""
    by_case = events.group_by(["activity", "case"]).agg(times=events.count())
    return _counted(by_case.filter(by_case.times > 1))


def variants(placed: ir.Table) -> ir.Table:
    """variant (codes joined by >, each with WIDTH added), count."""
    step = (placed.place + WIDTH).cast("string") + "|" + (placed.activity + WIDTH).cast("string")
    steps = placed.select("case", step=step)
    by_case = steps.group_by("case").agg(steps=steps.step.collect())
    ordered = by_case.steps.sort().map(lambda step: step.substr(len(f"{WIDTH}|")))
    sequences = by_case.select(variant=ordered.join(">"))
    return sequences.group_by("variant").agg(count=sequences.count())


def blocks(placed: ir.Table, unit: str) -> ir.Table:
    """Runs of consecutive events of a case with one unit: case, block (from 1), unit, begins, ends; of the
    blocks before it came_from, left (when), two_back, left_two_back; received: it came by a handover; visit:
    how many blocks of the case with this unit came before."""
    order = ibis.window(group_by="case", order_by="place")
    changed = (placed.place == 0) | (placed[unit] != placed[unit].lag().over(order))
    marked = placed.select(
        "case", "place", "time", "began", unit=placed[unit], opens=ibis.ifelse(changed, 1, 0)
    )
    numbered = marked.mutate(
        block=marked.opens.sum().over(ibis.cumulative_window(group_by="case", order_by="place"))
    )
    runs = numbered.group_by(["case", "block"]).agg(
        unit=numbered.unit.max(),
        begins=numbered.began.max(where=numbered.opens == 1),
        ends=numbered.time.max(),
    )
    behind = ibis.window(group_by="case", order_by="block")
    beside = runs.mutate(
        came_from=runs.unit.lag().over(behind),
        left=runs.ends.lag().over(behind),
        two_back=runs.unit.lag(2).over(behind),
        left_two_back=runs.ends.lag(2).over(behind),
        visit=ibis.row_number().over(ibis.window(group_by=["case", "unit"], order_by="block")),
    )
    return beside.mutate(received=(beside.block > 1) & (beside.unit >= 0) & (beside.came_from >= 0))


def handovers(runs: ir.Table) -> ir.Table:
    """source, target, count, cases, total, median: from the last event of one to the first of the next."""
    passed = runs.filter(runs.received)
    pairs = passed.select("case", source="came_from", target="unit", waited=_wait(passed.begins, passed.left))
    return described(pairs, ["source", "target"], "waited", MEDIAN)


def ping_pong(runs: ir.Table) -> ir.Table:
    """source X, target Y of each X, Y, X; times from leaving X until it is back there."""
    back = runs.filter((runs.block > 2) & runs.received & (runs.two_back == runs.unit))
    waited = _wait(back.begins, back.left_two_back)
    pairs = back.select("case", source="unit", target="came_from", waited=waited)
    return described(pairs, ["source", "target"], "waited", MEDIAN)


def handed_on(runs: ir.Table) -> ir.Table:
    """what ("handover", "ping_pong", "return"), count, cases: over all pairs together."""
    kinds = {
        "handover": runs.received,
        "ping_pong": (runs.block > 2) & runs.received & (runs.two_back == runs.unit),
        "return": runs.received & (runs.visit > 0),
    }
    tables = [
        runs.filter(kind).select("case", what=ibis.literal(what), one=ibis.literal(1))
        for what, kind in kinds.items()
    ]
    return summed_up(ibis.union(*tables), ["what"], "one").select("what", "count", "cases")


def waiting_before(beside: ir.Table) -> ir.Table:
    """next_activity, count, cases, total, median, p90."""
    waits = beside.select("case", "next_activity", waited=_wait(beside.next_began, beside.time))
    return described(waits, ["next_activity"], "waited", MEDIAN_AND_P90)


def working_inside(events: ir.Table) -> ir.Table:
    """activity, count, cases, total, median."""
    started = events.filter(events.is_started)
    return described(started.mutate(worked=started.time - started.began), ["activity"], "worked", MEDIAN)


def occurrences(events: ir.Table) -> ir.Table:
    """activity, count."""
    return _counted(events)


def border_waits(runs: ir.Table) -> ir.Table:
    """unit (an area), count, cases, total, median, p90."""
    passed = runs.filter(runs.received)
    waits = passed.select("case", "unit", waited=_wait(passed.begins, passed.left))
    return described(waits, ["unit"], "waited", MEDIAN_AND_P90)


def stays(runs: ir.Table) -> ir.Table:
    """unit (an area), count, cases, total, median: from the first to the last event of each stay."""
    known = runs.filter(runs.unit >= 0)
    return described(known.mutate(stayed=known.ends - known.begins), ["unit"], "stayed", MEDIAN)


def _wait(until: ir.IntegerColumn, since: ir.IntegerColumn) -> ir.Value:
    """Nothing where the two overlap."""
    return ibis.ifelse(until > since, until - since, 0)
