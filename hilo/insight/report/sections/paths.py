"""The ways cases take: variants, where they begin and end, what is done again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from hilo.insight.report.frame import Cell, Column, bar, listing, panel, part, say
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.voice import name
from hilo.insight.results import Variant
from hilo.insight.speaking import Said, Share, _, ngettext

MOST_VARIANTS, MOST_ROWS, LONGEST_PATH = 12, 25, 14


def section(page: Page) -> Markup:
    blocks = tag("div", _starts_and_ends(page), _rework(page), class_="two")
    return part(page, "paths", _("The ways cases take"), _variants(page), blocks)


def _variants(page: Page) -> Markup:
    variants, cases = page.diagnosis.measures.variants, page.diagnosis.log.cases
    shown = variants.top[:MOST_VARIANTS]
    columns = [
        Column(_("Way")),
        Column(_("Cases"), figures=True),
        Column(_("Share"), figures=True),
    ]
    rows = (
        (
            Cell(_chips(page, one)),
            Cell(page.voice.number(one.count), one.count),
            Cell(page.voice.share(one.count / cases if cases else 0), one.count),
        )
        for one in shown
    )
    table = listing(page, _("The most followed ways"), columns, rows, total=variants.count)
    return panel(tag("h3", page(_("The most followed ways"))), say(page, _covered(page, shown)), table)


def _covered(page: Page, shown: Iterable[Variant]) -> Said:
    variants, cases = page.diagnosis.measures.variants, page.diagnosis.log.cases
    counts = [one.count for one in shown]
    return ngettext(
        "%(count)s different ways; the most followed one covers %(k)s of %(cases)s cases (%(share)s).",
        "%(count)s different ways; the %(n)s most followed cover %(k)s of %(cases)s cases (%(share)s).",
        n=len(counts),
        count=variants.count,
        k=sum(counts),
        cases=cases,
        share=Share(sum(counts) / cases if cases else 0.0),
    )


def _chips(page: Page, variant: Variant) -> Markup:
    runs = [(activity, len(list(group))) for activity, group in groupby(variant.activities)]
    chips = [_chip(page, activity, times) for activity, times in runs[:LONGEST_PATH]]
    if len(runs) > LONGEST_PATH:
        left = ngettext("and %(n)s more", "and %(n)s more", n=len(runs) - LONGEST_PATH)
        chips.append(tag("li", page(left), class_="soft"))
    return tag("ol", chips, class_="chips")


def _chip(page: Page, activity: str, times: int) -> Markup:
    return tag("li", name(activity), f" ×{page.voice.number(times)}" if times > 1 else None)


def _starts_and_ends(page: Page) -> Markup:
    measures = page.diagnosis.measures
    return panel(
        tag("h3", page(_("Where they begin and end"))),
        _counted(page, _("First activity"), measures.starts),
        _counted(page, _("Last activity"), measures.ends),
    )


def _counted(page: Page, heading: Said, counts: Mapping[str, int]) -> Markup:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    columns = [Column(heading), Column(_("Cases"))]
    most = ordered[0][1] if ordered else 0
    rows = (
        (Cell(name(one)), Cell(bar(count, most, page.voice.number(count), "calm"), count))
        for one, count in ordered[:MOST_ROWS]
    )
    return listing(page, heading, columns, rows, total=len(ordered))


def _rework(page: Page) -> Markup:
    rework, cases = page.diagnosis.measures.rework, page.diagnosis.log.cases
    heading = tag("h3", page(_("What stands more than once in a case")))
    if not rework:
        return panel(heading, tag("p", page(_("No activity stands twice in any case."))))
    columns = [Column(_("Activity")), Column(_("Cases")), Column(_("Share of all"), figures=True)]
    most = rework[0].cases
    rows = (
        (
            Cell(name(one.activity)),
            Cell(bar(one.cases, most, page.voice.number(one.cases)), one.cases),
            Cell(page.voice.share(one.cases / cases if cases else 0), one.cases),
        )
        for one in rework[:MOST_ROWS]
    )
    table = listing(page, _("What stands more than once in a case"), columns, rows, total=len(rework))
    caution = _("Some activities are meant to happen several times; that alone is no fault.")
    return panel(heading, table, join(tag("p", page(caution), class_="note")))
