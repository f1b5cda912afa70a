"""Late against due, and the way cases run against the way they should."""

from __future__ import annotations

from collections.abc import Sequence

from hilo.insight.report.frame import Cell, Column, listing, panel, part, say
from hilo.insight.report.markup import Markup, tag
from hilo.insight.report.page import Page
from hilo.insight.report.svg import Scale, whisker
from hilo.insight.report.voice import name
from hilo.insight.results import Conformance, Lateness
from hilo.insight.speaking import Hours, Said, Share, _, ngettext

MOST_ROWS = 25


def section(page: Page) -> Markup | None:
    measures = page.diagnosis.measures
    shown = [_lateness(page, measures.lateness)] if measures.lateness and measures.lateness.due else []
    shown += [_conformance(page, measures.conformance)] if measures.conformance else []
    if not shown:
        return None
    return part(
        page,
        "promises",
        _("What was promised, and what happened"),
        tag("div", shown, class_="two" if len(shown) > 1 else None),
    )


def _lateness(page: Page, lateness: Lateness) -> Markup:
    low, high = lateness.interval
    said = ngettext(
        "%(late)s of %(n)s due date was missed: %(share)s (95 %% CI %(low)s to %(high)s).",
        "%(late)s of %(n)s due dates were missed: %(share)s (95 %% CI %(low)s to %(high)s).",
        n=lateness.due,
        late=lateness.late,
        share=Share(lateness.share),
        low=Share(low),
        high=Share(high),
    )
    axis = Scale(0, 1, 30, 360)
    words = page.voice.plain(_("from %(low)s to %(high)s", low=Share(low), high=Share(high)))
    picture = whisker(lateness.share, low, high, axis, words, (page.voice.share(0), page.voice.share(1)))
    return panel(
        tag("h3", page(_("Late against due"))), say(page, said), picture, _late_facts(page, lateness)
    )


def _late_facts(page: Page, lateness: Lateness) -> Markup:
    facts = [
        ngettext(
            "%(n)s was still open past its date when the log ends; it counts as late.",
            "%(n)s were still open past their date when the log ends; they count as late.",
            n=lateness.open_past_due,
        )
    ]
    if lateness.median_late_h is not None:
        facts.append(
            _("Half of the late ones are late by more than %(time)s.", time=Hours(lateness.median_late_h))
        )
    return tag("ul", (tag("li", page(fact)) for fact in facts), class_="plain")


def _conformance(page: Page, conformance: Conformance) -> Markup:
    cases = page.diagnosis.log.cases
    said = _(
        "%(k)s of %(n)s cases (%(share)s) follow it: %(against)s.",
        k=conformance.conforming_cases,
        n=cases,
        share=Share(conformance.conforming_cases / cases if cases else 0.0),
        against=conformance.against,
    )
    orders = [(f"{first} → {then}", count) for first, then, count in conformance.out_of_order]
    tables = (
        _deviations(page, _("Skipped"), conformance.skipped),
        _deviations(page, _("Not foreseen"), conformance.unexpected),
        _deviations(page, _("In another order"), orders),
    )
    return panel(tag("h3", page(_("Does it run as it should?"))), say(page, said), tables)


def _deviations(page: Page, heading: Said, counted: Sequence[tuple[str, int]]) -> Markup | None:
    if not counted:
        return None
    columns = [Column(heading), Column(_("Cases"), figures=True)]
    rows = ((Cell(name(one)), Cell(page.voice.number(n), n)) for one, n in counted[:MOST_ROWS])
    return listing(page, heading, columns, rows, total=len(counted))
