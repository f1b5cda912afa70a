"""The first screen: what costs customers most, as a sentence; where all the time goes, as a thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.strand import Stretch, strand
from hilo.insight.report.voice import name, shortened
from hilo.insight.report.wording import HIDDEN, size_of, subject_of
from hilo.insight.results import Finding, Handovers, UnitPair
from hilo.insight.speaking import Hours, Said, Share, _, ngettext

LONGEST = 60  # letters of a name on the first screen
LEAST_STEP = 0.1
LEAST_LABELLED = 0.07  # of the thread: a shorter stretch has no room for its own label


def section(page: Page) -> Markup:
    return tag(
        "div",
        tag("p", _crumb(page), class_="crumb"),
        tag("h1", page(headline(page))),
        tag("p", page(_lead(page)), class_="lead"),
        _thread(page),
        _glance(page),
        class_="opening",
    )


def _crumb(page: Page) -> Markup:
    log = page.diagnosis.log
    files = name(log.files[0].name) if log.files else None
    others = len(log.files) - 1
    and_more = (
        page(ngettext(" and %(n)s file more", " and %(n)s files more", n=others)) if others > 0 else None
    )
    return join(tag("b", files, and_more) if files else None, " · " if files else None, page(size_of(log)))


def headline(page: Page) -> Said:
    findings = page.diagnosis.findings
    if not findings:
        return ngettext(
            "Nothing stands out in %(n)s case",
            "Nothing stands out in these %(n)s cases",
            n=page.diagnosis.log.cases,
        )
    first = _with_short_names(findings[0])
    if first.is_of_few:
        return _("What stands out, in few cases: %(what)s", what=subject_of(first))
    if first.cost_hours <= 0:
        return _("What weighs most on customers: %(what)s", what=subject_of(first))
    return _(
        "What costs customers most: %(what)s, %(time)s of waiting%(part)s",
        what=subject_of(first),
        time=Hours(first.cost_hours),
        part=_of_total(page, first) or "",
    )


def _with_short_names(finding: Finding) -> Finding:
    where = {key: shortened(one, LONGEST) for key, one in finding.where.items()}
    if (subject := finding.subject) is None:
        return replace(finding, where=where)
    facts = {
        key: shortened(one, LONGEST) if isinstance(one, str) else one for key, one in subject.facts.items()
    }
    return replace(finding, where=where, subject=replace(subject, facts=facts))


def _of_total(page: Page, finding: Finding) -> Said | None:
    share = page.share_of_total(finding.cost_hours)
    if share is None or share < 0.005:
        return None
    return _(" (%(share)s of all)", share=Share(share, 1 if share < 0.1 else 0))


def _lead(page: Page) -> Said:
    measures, cases = page.diagnosis.measures, page.diagnosis.log.cases
    return ngettext(
        "The one case took %(total)s from its first event to its last.",
        "From first event to last, the %(n)s cases add up to %(total)s. Half of them take less than "
        "%(median)s; "
        "one in ten, more than %(p90)s.",
        n=cases,
        total=Hours(page.total_hours),
        median=Hours(measures.durations.median * 24),
        p90=Hours(measures.durations.p90 * 24),
    )


# Where the time goes -----------------------------------------------------------------------------------


def _thread(page: Page) -> Markup | None:
    stretches = list(_stretches(page))
    if len(stretches) < 2:
        return None
    said = page.voice.plain(_("Where all the time of all cases goes"))
    drawn = (
        tag("div", strand(stretches, width, said), class_=f"thread-{size}")
        for size, width in (("wide", 1340), ("mid", 700))
    )
    listed = tag(
        "ul",
        (tag("li", tag("b", one.figure, class_=f"amount {one.kind}"), " ", one.words) for one in stretches),
        class_="thread-narrow",
    )
    return tag("div", drawn, listed, class_="thread")


def _stretches(page: Page) -> Iterator[Stretch]:
    """A part of the whole each, so nothing is counted twice: inside areas, and at each of the borders."""
    total, handovers = page.total_hours, page.diagnosis.measures.handovers
    if handovers is not None and handovers.count:
        yield from _by_border(page, handovers, total)
    else:
        yield from _by_step(page, total)


def _by_border(page: Page, handovers: Handovers, total: float) -> Iterator[Stretch]:
    waits = [(pair, pair.count * pair.mean_h) for pair in handovers.pairs]
    at_borders = sum(wait for _pair, wait in waits)
    if total <= 0 or at_borders > total * 1.001:
        return
    inside = max(total - at_borders, 0.0)
    yield _part(page, "on", inside / total, page.voice.plain(_("inside the areas")))
    loud = [(pair, wait) for pair, wait in waits if pair.count >= HIDDEN and wait >= LEAST_LABELLED * total]
    for pair, wait in sorted(loud, key=lambda each: -each[1]):
        words = f"{shortened(pair.source, 30)} → {shortened(pair.target, 30)}"
        yield _part(page, "wait", wait / total, words)
    rest = at_borders - sum(wait for _pair, wait in loud)
    if rest > 0.0005 * total:
        said = _("waiting at the other borders") if loud else _("waiting at the borders between areas")
        yield _part(page, "wait", rest / total, page.voice.plain(said))


def _by_step(page: Page, total: float) -> Iterator[Stretch]:
    steps = sorted(page.diagnosis.measures.steps, key=lambda step: -step.total_before_h)
    if total <= 0 or sum(step.total_before_h for step in steps) > total * 1.001:
        return
    rest = total
    for step in [step for step in steps if step.total_before_h >= LEAST_STEP * total]:
        rest -= step.total_before_h
        words = _("before “%(activity)s”", activity=shortened(step.name, 40))
        yield _part(page, "step", step.total_before_h / total, page.voice.plain(words))
    if rest > 0.0005 * total:
        yield _part(page, "step", rest / total, page.voice.plain(_("everything else")))


def _part(page: Page, kind: str, share: float, words: str) -> Stretch:
    return Stretch(kind, share, page.voice.share(share, 1), words)


# At a glance -------------------------------------------------------------------------------------------


def _glance(page: Page) -> Markup:
    facts = [_longest_wait(page), _bounces(page), _late(page), _cautions(page)]
    shown = (tag("div", tag("dt", page(term)), tag("dd", said)) for term, said in filter(None, facts))
    return tag("dl", shown, class_="glance")


type _Fact = tuple[Said, Markup]


def _longest_wait(page: Page) -> _Fact | None:
    handovers, steps = page.diagnosis.measures.handovers, page.diagnosis.measures.steps
    pairs = [pair for pair in handovers.pairs if pair.count >= HIDDEN] if handovers else []
    if pairs:
        pair = max(pairs, key=lambda pair: pair.count * pair.mean_h)
        return _("Where it waits most"), _way(page, pair, "→", _handed(pair))
    if not steps:
        return None
    step = max(steps, key=lambda step: step.total_before_h)
    said = ngettext(
        "%(time)s, %(n)s time", "%(time)s, %(n)s times", n=step.count, time=Hours(step.total_before_h)
    )
    return _("Before what it waits most"), join(tag("b", name(step.name)), tag("small", page(said)))


def _handed(pair: UnitPair) -> Said:
    return ngettext(
        "%(time)s in %(n)s handover",
        "%(time)s in %(n)s handovers",
        n=pair.count,
        time=Hours(pair.count * pair.mean_h),
    )


def _way(page: Page, pair: UnitPair, arrow: str, said: Said) -> Markup:
    source, target = name(shortened(pair.source, LONGEST)), name(shortened(pair.target, LONGEST))
    return join(tag("b", source, f" {arrow} ", target), tag("small", page(said)))


def _bounces(page: Page) -> _Fact | None:
    handovers = page.diagnosis.measures.handovers
    if handovers is None:
        return None
    heading = _("Between whom it goes back and forth")
    if not handovers.ping_pong_pairs:
        return heading, tag("b", page(_("Nobody")))
    pair = _both_ways(handovers)
    said = ngettext("%(n)s time", "%(n)s times", n=pair.count)
    return heading, _way(page, pair, "⇄", said)


def _both_ways(handovers: Handovers) -> UnitPair:
    """The two areas with most of it, whoever began."""
    counts: dict[frozenset[str], int] = {}
    for pair in handovers.ping_pong_pairs:
        both = frozenset((pair.source, pair.target))
        counts[both] = counts.get(both, 0) + pair.count
    best = max(counts, key=lambda both: counts[both])
    first = next(pair for pair in handovers.ping_pong_pairs if frozenset((pair.source, pair.target)) == best)
    return UnitPair(first.source, first.target, counts[best], first.cases, first.mean_h, first.median_h)


def _late(page: Page) -> _Fact | None:
    lateness = page.diagnosis.measures.lateness
    if lateness is None or lateness.due < HIDDEN:
        return None
    said = _("%(k)s of %(n)s due dates", k=lateness.late, n=lateness.due)
    return _("Late"), join(tag("b", page.voice.share(lateness.share)), tag("small", page(said)))


def _cautions(page: Page) -> _Fact | None:
    notes = len(page.diagnosis.log.notes)
    if not notes:
        return None
    said = ngettext("%(n)s warning about this log", "%(n)s warnings about this log", n=notes)
    return _("Before you believe it"), tag("a", page(said), href="#limits")
