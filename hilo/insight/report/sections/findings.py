"""The findings in sentences, each with its cost, how sure it is, what to do on Monday, and its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from hilo.insight.report.frame import Cell, Column, icon, listing, panel
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.svg import Scale, ticks, whisker
from hilo.insight.report.voice import name
from hilo.insight.report.wording import (
    CERTAINTIES,
    KINDS,
    NEEDS,
    ROLES,
    certainty_of,
    label_of,
    measured_of,
    unit_of,
)
from hilo.insight.results import FEW, Finding, Kind, Unit
from hilo.insight.speaking import Said, Share, _, ngettext

FIRST, MOST, MOST_EVIDENCE = 5, 60, 200


def section(page: Page) -> Markup:
    findings = page.diagnosis.findings
    if not findings:
        return _nothing(page)
    first = [_finding(page, finding, number) for number, finding in enumerate(findings[:FIRST], start=1)]
    ranked = sum(not finding.is_of_few for finding in findings[:FIRST])
    aside = _("By cost. In brackets, the 95 %% interval. Times overlap: do not add them up.")
    head = tag(
        "div", tag("h2", page(_heading(ranked)), id="h-findings"), tag("span", page(aside)), class_="head"
    )
    return tag(
        "section",
        panel(
            head, first[:ranked], _few_cases(page) if first[ranked:] else None, first[ranked:], class_="flush"
        ),
        _others(page),
        class_="part findings",
        id="findings",
        aria_labelledby="h-findings",
    )


def _heading(ranked: int) -> Said:
    if not ranked:
        return _("What stands out, in few cases")
    return ngettext(
        "The finding, by what it costs customers",
        "The %(n)s findings that cost customers most",
        n=ranked,
    )


def _few_cases(page: Page) -> Markup:
    said = _("These are of fewer than %(few)s: counted, and in no order of weight.", few=FEW)
    return tag("p", page(said), class_="note few")


def _finding(page: Page, finding: Finding, number: int) -> Markup:
    return tag(
        "article",
        tag("div", "·" if finding.is_of_few else str(number), class_="nth", aria_hidden="true"),
        tag(
            "div",
            tag("h3", page(finding.text), id=f"finding-{number}"),
            _monday(page, finding),
            tag("div", _about(page, finding), _evidence(page, finding), class_="foot"),
        ),
        tag("div", _cost(page, finding), _certainty(page, finding), class_="cost"),
        class_="finding",
        aria_labelledby=f"finding-{number}",
    )


def _monday(page: Page, finding: Finding) -> Markup:
    said = tag("span", tag("b", page(_("On Monday"))), " · ", page(finding.on_monday))
    return tag("p", icon("monday"), said, class_="monday")


def _about(page: Page, finding: Finding) -> Markup:
    tagged = tag("span", icon(finding.kind.value), page(KINDS[finding.kind]), class_="kind")
    said = ngettext(
        "%(k)s of %(n)s case", "%(k)s of %(n)s cases", n=page.diagnosis.log.cases, k=finding.cases
    )
    return tag("p", tagged, page(said), _money(page, finding), class_="about")


def _money(page: Page, finding: Finding) -> Markup | None:
    if finding.money is None:
        return None
    return join(" · ", page(_("%(amount)s in amounts of these cases", amount=round(finding.money))))


def _cost(page: Page, finding: Finding) -> Markup:
    if finding.cost_hours <= 0:
        return tag("p", tag("strong", page.voice.number(finding.cases)), " ", page(_("cases")))
    share = page.share_of_total(finding.cost_hours)
    words = _("of waiting")
    if share is not None and share >= 0.001:
        words = _("of waiting · %(share)s of all", share=Share(share, 1))
    low_to_high = f" ({cost_range(page, finding)})" if finding.cost_interval else None
    cost = tag("strong", page.voice.hours(finding.cost_hours))
    return tag("p", cost, tag("small", low_to_high) if low_to_high else None, " ", tag("small", page(words)))


def cost_range(page: Page, finding: Finding) -> str:
    assert finding.cost_interval is not None
    return _hours_range(page, *finding.cost_interval)


def _certainty(page: Page, finding: Finding) -> Markup:
    low, high = finding.interval
    certainty = certainty_of(finding)
    said = _(
        "%(effect)s %(what)s (%(range)s)",
        effect=_counted(page, finding) or _figure(page, finding, finding.effect),
        what=measured_of(finding),
        range=_range(page, finding, low, high),
    )
    words = tag("span", page(CERTAINTIES[certainty]), class_=f"certainty {certainty.value}")
    return join(_dots(page, finding), tag("p", words, " · ", page(said), class_="sure-line"))


def _counted(page: Page, finding: Finding) -> str | None:
    """Of few, the counts and not their share."""
    if not finding.is_of_few or finding.n is None or unit_of(finding) is not Unit.SHARE:
        return None
    return page.voice.plain(_("%(k)s of %(n)s", k=round(finding.effect * finding.n), n=finding.n))


def _dots(page: Page, finding: Finding) -> Markup:
    low, high = finding.interval
    marks = _axis(page, finding)
    left = page.voice.number(0) if marks[0] == 0 else _figure(page, finding, marks[0])
    right = _figure(page, finding, marks[-1])
    axis = Scale(marks[0], marks[-1], 14 if marks[0] == 0 else 60, 196)
    said = _("95 %% interval: %(range)s", range=_range(page, finding, low, high))
    kind = "grey" if finding.is_of_few or certainty_of(finding) == "low" else ""
    return whisker(finding.effect, low, high, axis, page.voice.plain(said), (left, right), kind)


def _axis(page: Page, finding: Finding) -> list[float]:
    """One scale for all shares of the report; hours, cases and ratios each have their own."""
    low, high = min(finding.interval[0], 0.0), max(finding.interval[1], finding.effect)
    if unit_of(finding) is not Unit.SHARE:
        return ticks(low, high or 1.0, 2)
    shares = [other for other in page.diagnosis.findings[:FIRST] if unit_of(other) is Unit.SHARE]
    return ticks(low, max(high, *(other.interval[1] for other in shares), 0.01), 2)


def _figure(page: Page, finding: Finding, value: float) -> str:
    match unit_of(finding):
        case Unit.SHARE:
            return page.voice.share(value)
        case Unit.HOURS:
            sign = "−" if value < 0 else ""
            return sign + page.voice.hours(abs(value)) if value else page.voice.number(0)
        case Unit.CASES:
            return page.voice.number(value)
        case Unit.RATIO:
            return f"×{page.voice.number(value, 1)}"


def _range(page: Page, finding: Finding, low: float, high: float) -> str:
    """Both ends with the unit said once: 94–134 days."""
    unit = unit_of(finding)
    if unit is Unit.HOURS:
        return _hours_range(page, low, high)
    if unit is Unit.SHARE:
        digits = 1 if high < 0.1 else 0
        return f"{page.voice.number(low * 100, digits)}–{page.voice.share(high, digits)}"
    return f"{_figure(page, finding, low)}–{_figure(page, finding, high)}"


def _hours_range(page: Page, low: float, high: float) -> str:
    factor, said = (1 / 24, "days") if high >= 48 else (1.0, "hours")
    digits = 0 if high * factor >= 10 else 1
    both = f"{page.voice.number(low * factor, digits)}–{page.voice.number(high * factor, digits)}"
    words = _("%(days)s days", days=both) if said == "days" else _("%(hours)s h", hours=both)
    return page.voice.plain(words)


def _evidence(page: Page, finding: Finding) -> Markup | None:
    if not finding.evidence:
        return None
    shown = finding.evidence[:MOST_EVIDENCE]
    label = _("Cases that show it, the dearest first")
    listed = tag(
        "textarea",
        "\n".join(shown),
        readonly=True,
        rows=min(len(shown), 6),
        dir="auto",
        spellcheck="false",
        aria_label=page.voice.plain(label),
    )
    copy = tag(
        "button",
        page(_("Copy the list")),
        type="button",
        class_="copy",
        hidden=True,
        data_done=page.voice.plain(_("Copied")),
    )
    body = tag(
        "div", _where(page, finding), tag("p", page(label), class_="note"), listed, copy, class_="proof"
    )
    return join(
        tag("details", tag("summary", page(_("See the evidence"))), body, class_="more", name="evidence"),
        tag("p", page(_examples(finding)), class_="on-paper"),
    )


def _examples(finding: Finding) -> Said:
    return _("To check it: %(cases)s", cases=", ".join(finding.evidence[:5]))


def _where(page: Page, finding: Finding) -> Markup | None:
    if not finding.where:
        return None
    pairs = (
        tag("div", tag("dt", page(label_of(key))), tag("dd", name(value)))
        for key, value in finding.where.items()
    )
    return tag("dl", pairs, class_="where")


# Beyond the first five -----------------------------------------------------------------------------------


def _others(page: Page) -> Markup | None:
    findings = page.diagnosis.findings
    if len(findings) <= FIRST:
        return None
    rest = findings[FIRST:MOST]
    columns = [
        Column(_("Finding")),
        Column(_("Kind")),
        Column(_("Cases"), figures=True),
        Column(_("Waiting"), figures=True),
        Column(_("How sure")),
        Column(_("On Monday")),
    ]
    rows = (_other(page, finding) for finding in rest)
    table = listing(page, _("The other findings"), columns, rows, total=len(findings) - FIRST)
    summary = ngettext("%(n)s finding more", "%(n)s findings more", n=len(findings) - FIRST)
    return panel(tag("details", tag("summary", page(summary)), table, class_="more"), class_="slim")


def _other(page: Page, finding: Finding) -> Sequence[Cell]:
    certainty = certainty_of(finding)
    return [
        Cell(page(finding.text)),
        Cell(page(KINDS[finding.kind])),
        Cell(page.voice.number(finding.cases), finding.cases),
        Cell(page.voice.hours(finding.cost_hours), finding.cost_hours),
        Cell(page(CERTAINTIES[certainty]), ("low", "medium", "high").index(certainty.value)),
        Cell(page(finding.on_monday)),
    ]


# Nothing found -------------------------------------------------------------------------------------------


def _nothing(page: Page) -> Markup:
    mapping = page.diagnosis.mapping
    looked = [kind for kind in Kind if kind not in NEEDS or NEEDS[kind] in mapping]
    unseen = [kind for kind in Kind if kind not in looked]
    said = _(
        "A good result, if the log holds what matters. This was looked at, and nothing came out "
        "beyond chance:"
    )
    could_not = _("This could not be looked at; the log has no column for it:")
    return tag(
        "section",
        panel(
            tag("h2", page(_("What was looked at")), id="h-findings"),
            tag("p", page(said)),
            tag("ul", (tag("li", icon(kind.value), page(KINDS[kind])) for kind in looked), class_="looked"),
            join(tag("p", page(could_not)), _unseen(page, unseen)) if unseen else None,
        ),
        class_="part findings",
        id="findings",
        aria_labelledby="h-findings",
    )


def _unseen(page: Page, kinds: Sequence[Kind]) -> Markup:
    return tag(
        "ul",
        (tag("li", icon(kind.value), page(KINDS[kind]), " · ", page(ROLES[NEEDS[kind]])) for kind in kinds),
        class_="looked",
    )
