"""What must be said without functions that engines understand differently (STACK, trap 1).

``lead`` and ``lag`` give 0 instead of NULL at the edge on ClickHouse: every use is filtered by row number.
``nunique`` is approximate there, and so are medians: distinct values are grouped twice and quantiles taken at
row numbers. Concatenation in order is missing on Spark and ClickHouse: collect, sort, join.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir


def in_case(events: ir.Table) -> ir.Table:
    """With ``place`` (from 0) and ``many`` of each event's case: by time, equal times in the file's order."""
    order = ibis.window(group_by="case", order_by=["time", "row"])
    return events.mutate(
        place=ibis.row_number().over(order), many=events.count().over(ibis.window(group_by="case"))
    )


type Quantiles = Mapping[str, tuple[int, int]]
"""By the name of its column, the part of the whole: {"p90": (9, 10)}."""


def quantiles(table: ir.Table, by: Sequence[str], value: str, wanted: Quantiles) -> ir.Table:
    """Quantiles of ``value`` in each group, linear between neighbours, ranked once for all of them."""
    ranked = table.mutate(
        nth=ibis.row_number().over(ibis.window(group_by=by, order_by=value)),
        size=table.count().over(ibis.window(group_by=by)),
    )
    bounds: dict[str, ir.Value] = {}
    for name, (part, whole) in wanted.items():
        steps = (ranked["size"] - 1) * part
        rest = steps % whole
        base = ((steps - rest) / whole).cast("int64")
        following = base + ibis.ifelse(rest > 0, 1, 0)
        bounds[f"{name}_low"] = ranked[value].max(where=ranked.nth == base)
        bounds[f"{name}_high"] = ranked[value].max(where=ranked.nth == following)
        bounds[f"{name}_rest"] = rest.max()
    picked = ranked.group_by(by).agg(**bounds)
    return picked.select(*by, **{name: _between(picked, name, whole) for name, (_, whole) in wanted.items()})


def _between(picked: ir.Table, name: str, whole: int) -> ir.Value:
    low, high, rest = (picked[f"{name}_{bound}"] for bound in ("low", "high", "rest"))
    return low.cast("float64") + (high - low).cast("float64") * rest.cast("float64") / float(whole)


def summed_up(table: ir.Table, by: Sequence[str], value: str) -> ir.Table:
    """By group: ``count``, different ``cases``, ``total`` of the value (float64)."""
    by_case = table.group_by([*by, "case"]).agg(of_case=table.count(), spent=table[value].sum())
    return by_case.group_by(by).agg(
        count=by_case.of_case.sum().cast("int64"),
        cases=by_case.count(),
        total=by_case.spent.cast("float64").sum(),
    )


def described(table: ir.Table, by: Sequence[str], value: str, wanted: Quantiles) -> ir.Table:
    """``summed_up`` with these quantiles beside it."""
    found = summed_up(table, by, value).join(quantiles(table, by, value, wanted), by)
    return found.select(*by, "count", "cases", "total", *wanted)
