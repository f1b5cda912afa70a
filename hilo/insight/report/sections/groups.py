"""Sites, customers and segments side by side: median with its interval on one scale, and whether they differ.

Under 5 cases no figure; from 5 to 29 in grey and never put in order (DOMAIN 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from hilo.insight.report.frame import Cell, Column, icon, listing, more, note, panel, part, say
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.svg import Scale, ticks, whisker
from hilo.insight.report.voice import name
from hilo.insight.report.wording import FEW_CASES, HIDDEN
from hilo.insight.results import Group
from hilo.insight.speaking import Listed, Number, Said, _, ngettext

MOST_ROWS, MOST_MORE, MOST_SEGMENTS = 12, 300, 4
Q, LEAST_EFFECT = 0.05, 0.147  # Cliff's delta under 0.147 is called negligible


def section(page: Page) -> Markup | None:
    measures = page.diagnosis.measures
    blocks = [
        _block(page, _("Sites"), measures.sites),
        _block(page, _("Customers"), measures.customers),
        *(
            _block(page, _("%(column)s", column=column), groups)
            for column, groups in list(measures.segments.items())[:MOST_SEGMENTS]
        ),
    ]
    shown = [block for block in blocks if block]
    if not shown:
        return None
    return part(page, "groups", _("Side by side"), shown, lead=_lead())


def _lead() -> Said:
    return _(
        "How long a case takes: median and 95 %% interval, each beside all the others. To differ is "
        "not yet a "
        "cause: they may have other work."
    )


def _block(page: Page, heading: Said, groups: Sequence[Group]) -> Markup | None:
    if len(groups) < 2:
        return None
    seen = [group for group in groups if group.median_days is not None and group.cases >= HIDDEN]
    body = _table(page, heading, seen) if seen else None
    return panel(
        tag("h3", page(heading)), say(page, _said(groups, seen)), body, _hidden(page, len(groups) - len(seen))
    )


def differs(group: Group) -> bool:
    if group.q is None or group.effect is None or group.cases < FEW_CASES:
        return False
    return group.q < Q and abs(group.effect) >= LEAST_EFFECT


def _said(groups: Sequence[Group], seen: Sequence[Group]) -> Said:
    slower = [group.name for group in seen if differs(group) and (group.effect or 0) > 0]
    if slower:
        return ngettext(
            "%(names)s takes longer than the rest.",
            "%(names)s take longer than the rest.",
            n=len(slower),
            names=Listed(tuple(slower), 4),
        )
    if any(group.cases >= FEW_CASES for group in seen):
        return _("None takes longer than the rest beyond chance.")
    return _("Each has too few cases to say whether it differs.")


def _hidden(page: Page, hidden: int) -> Markup | None:
    if not hidden:
        return None
    return note(
        page,
        ngettext(
            "%(n)s with fewer than five cases is not shown: too few to say anything.",
            "%(n)s with fewer than five cases are not shown: too few to say anything.",
            n=hidden,
        ),
    )


def _table(page: Page, heading: Said, seen: Sequence[Group]) -> Markup:
    ordered = sorted(seen, key=lambda group: (not differs(group), group.cases < FEW_CASES, -group.cases))
    first = _table_of(page, heading, ordered[:MOST_ROWS], _axis(ordered[:MOST_ROWS]))
    rest = ordered[MOST_ROWS:][:MOST_MORE]
    if not rest:
        return first
    others = _table_of(page, heading, rest, _axis(rest), total=len(ordered) - MOST_ROWS)
    summary = ngettext("See the other %(n)s", "See the other %(n)s", n=len(rest))
    return join(first, more(page, others, summary=summary))


def _axis(groups: Sequence[Group]) -> Scale:
    """By tens where one of them takes ten times as long as half of them do: all others would be one dot."""
    ends = sorted(group.interval_days[1] for group in groups if group.interval_days)
    medians = sorted(group.median_days or 0.0 for group in groups)
    usual, longest = medians[len(medians) // 2], max([*ends, *medians[-1:]])
    if usual > 0 and medians[-1] > 10 * usual:
        shortest = max(medians[0] / 2, longest / 10_000)
        return Scale(
            10 ** math.floor(math.log10(shortest)), 10 ** math.ceil(math.log10(longest)), 6, 230, True
        )
    return Scale(0, ticks(0, min(longest, 4 * medians[-1]) or longest or 1, 4)[-1], 6, 230)


def _axis_said(axis: Scale) -> Said:
    digits = 0 if axis.high >= 10 else 1
    if axis.by_tens:
        low, high = Number(axis.low, 0 if axis.low >= 1 else 3), Number(axis.high, digits)
        return _("With its 95 %% interval (%(low)s to %(high)s days, logarithmic)", low=low, high=high)
    return _("With its 95 %% interval (0 to %(high)s days)", high=Number(axis.high, digits))


def _table_of(
    page: Page, heading: Said, shown: Sequence[Group], axis: Scale, *, total: int | None = None
) -> Markup:
    columns = [
        Column(_("Name")),
        Column(_("Cases"), figures=True),
        Column(_("Median days"), figures=True),
        Column(_axis_said(axis)),
        Column(_("Does it differ?")),
    ]
    rows = ([*_figures(page, group), _dots(page, group, axis), _verdict(page, group)] for group in shown)
    return listing(page, heading, columns, rows, total=total)


def _figures(page: Page, group: Group) -> list[Cell]:
    grey = "soft" if group.cases < FEW_CASES else ""
    median = group.median_days or 0.0
    return [
        Cell(name(group.name)),
        Cell(page.voice.number(group.cases), group.cases, grey),
        Cell(page.voice.number(median, 1), median, grey),
    ]


def _dots(page: Page, group: Group, axis: Scale) -> Cell:
    if group.interval_days is None or group.median_days is None:
        return Cell("–", -1)
    low, high = group.interval_days
    kind = "grey" if group.cases < FEW_CASES else "" if differs(group) and (group.effect or 0) > 0 else "calm"
    words = page.voice.plain(
        _("from %(low)s to %(high)s days", low=Number(low), high=Number(high)),
    )
    drawn = whisker(min(group.median_days, axis.high), low, min(high, axis.high), axis, words, kind=kind)
    range_ = f"{page.voice.number(low, 1)}–{page.voice.number(high, 1)}"
    return Cell(tag("span", drawn, tag("small", range_), class_="dotted"), high - low)


def _verdict(page: Page, group: Group) -> Cell:
    effect = group.effect or 0.0
    if group.cases < FEW_CASES:
        few = _("Too few to compare (under %(n)s)", n=FEW_CASES)
        return Cell(tag("span", page(few), class_="soft"), -2)
    if not differs(group):
        return Cell(tag("span", icon("same"), page(_("No visible difference")), class_="sure no"), effect)
    said = _("Takes longer") if effect > 0 else _("Takes less")
    kind = "sure yes" if effect > 0 else "sure less"
    verdict = tag("span", icon("longer" if effect > 0 else "shorter"), page(said), class_=kind)
    return Cell(join(verdict, tag("small", page(_in_ten(effect)))), effect)


def _in_ten(effect: float) -> Said:
    """Cliff's delta in words: of two cases drawn at random, how often this one takes longer."""
    tenths = min(max(round((1 + effect) / 2 * 10), 0), 10)
    return ngettext(
        "in %(n)s of every 10 pairs of cases its own takes longer",
        "in %(n)s of every 10 pairs of cases its own takes longer",
        n=tenths,
    )
