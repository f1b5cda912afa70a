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


def quantile(table: ir.Table, by: Sequence[str], value: str, part: int, whole: int, name: str) -> ir.Table:
    """The part/whole quantile of ``value`` in each group, linear between neighbours, in a column ``name``."""
    ranked = table.mutate(
        nth=ibis.row_number().over(ibis.window(group_by=by, order_by=value)),
        size=table.count().over(ibis.window(group_by=by)),
    )
    steps = (ranked.size - 1) * part
    ranked = ranked.mutate(rest=steps % whole, base=((steps - steps % whole) / whole).cast("int64"))
    ranked = ranked.mutate(following=ranked.base + ibis.ifelse(ranked.rest > 0, 1, 0))
    picked = ranked.group_by(by).agg(
        low=ranked[value].max(where=ranked.nth == ranked.base),
        high=ranked[value].max(where=ranked.nth == ranked.following),
        rest=ranked.rest.max(),
    )
    between = (picked.high - picked.low).cast("float64") * picked.rest.cast("float64") / float(whole)
    return picked.select(*by, **{name: picked.low.cast("float64") + between})


def summed_up(table: ir.Table, by: Sequence[str], value: str) -> ir.Table:
    """By group: ``count``, different ``cases``, ``total`` of the value (float64)."""
    by_case = table.group_by([*by, "case"]).agg(of_case=table.count(), spent=table[value].sum())
    return by_case.group_by(by).agg(
        count=by_case.of_case.sum().cast("int64"),
        cases=by_case.count(),
        total=by_case.spent.cast("float64").sum(),
    )


def described(
    table: ir.Table, by: Sequence[str], value: str, quantiles: Mapping[str, tuple[int, int]]
) -> ir.Table:
    """``summed_up`` with these quantiles beside it."""
    found = summed_up(table, by, value)
    for name, (part, whole) in quantiles.items():
        found = found.join(quantile(table, by, value, part, whole, name), by)
    return found.select(*by, "count", "cases", "total", *quantiles)
