"""How every figure was worked out, for whoever wants to check it."""

from __future__ import annotations

from hilo.insight.report.frame import panel, part
from hilo.insight.report.markup import Markup, tag
from hilo.insight.report.page import Page
from hilo.insight.speaking import _

_DEFINITIONS = (
    (_("Order of events"), _("By time; events of the same time, in the order of the file.")),
    (
        _("Duration of a case"),
        _("Last event minus first event, in calendar days. P90: one case in ten takes longer."),
    ),
    (
        _("Directly follows"),
        _(
            "b comes right after a in a case; its time is that of b minus that of a. Ways are "
            "counted over all cases."
        ),
    ),
    (
        _("Variant"),
        _("The whole sequence of activities of a case. Two cases with the same one count as the same way."),
    ),
    (_("Rework"), _("An activity stands more than once in the same case.")),
    (
        _("Handover"),
        _(
            "Two events in a row of one case with different, known areas. It waits from the first to "
            "the second."
        ),
    ),
    (
        _("Back and forth"),
        _("Areas X, Y, X in a row, equal neighbours counted as one; every X, Y, X counts, overlaps too."),
    ),
    (_("Return"), _("Any later entry into an area in which the case has been before.")),
    (
        _("Cost of a finding"),
        _(
            "Time of customers' cases that it touches, added up over the whole log. Times of "
            "different findings "
            "overlap and are not added up."
        ),
    ),
    (
        _("What becomes a finding"),
        _(
            "A least effect that matters, and a false discovery rate of at most 5 %% over everything "
            "that was "
            "compared (Benjamini-Hochberg). Never a person."
        ),
    ),
    (
        _("Certainty"),
        _(
            "High: the 95 %% interval reaches at most a quarter of the effect to each side. Medium: "
            "up to three "
            "fifths. Low: more, or too few cases."
        ),
    ),
    (_("Shares"), _("k of n with Wilson's 95 %% interval.")),
    (
        _("Differences"),
        _(
            "Cliff's delta between the cases of one and all the others: the share of pairs in which "
            "its own case "
            "takes longer, minus the share in which it takes less."
        ),
    ),
    (
        _("Limits of a chart"),
        _(
            "Mean ± 2.66 × mean moving range (XmR). A point outside is a signal; eight in a row on "
            "one side, a hint."
        ),
    ),
    (_("Small numbers"), _("Under 5 nothing is shown; from 5 to 29, in grey and never put in order.")),
)


def section(page: Page) -> Markup:
    rows = (tag("div", tag("dt", page(term)), tag("dd", page(said))) for term, said in _DEFINITIONS)
    return part(page, "method", _("How it was worked out"), panel(tag("dl", rows, class_="method")))
