"""Between whom the work passes: its shape as a two-sided Sankey, its figures as a matrix.

Small numbers: a pair with fewer than five handovers is counted, and its figures are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hilo.insight.records import record
from hilo.insight.report.frame import Cell, Column, bar, listing, more, note, panel, part, say
from hilo.insight.report.markup import Markup, tag
from hilo.insight.report.page import Page
from hilo.insight.report.sankey import Band, sankey
from hilo.insight.report.voice import name, shortened
from hilo.insight.report.wording import FEW_CASES, HIDDEN
from hilo.insight.results import Handovers, UnitPair
from hilo.insight.speaking import Hours, Said, _, ngettext

MOST_UNITS = 8
MOST_ROWS, TABLE_ROWS = 10, 60
_REST = "\x00rest"
_HEADING = _("Between whom the work passes")


def section(page: Page) -> Markup:
    handovers = page.diagnosis.measures.handovers
    if handovers is None:
        return part(page, "borders", _HEADING, panel(tag("p", page(_without_areas()))))
    if not handovers.count:
        return part(page, "borders", _HEADING, panel(tag("p", page(_never()))))
    grouped = group(handovers)
    body = tag("div", _shape(page, grouped), _figures(page, grouped), class_="two")
    return part(page, "borders", _HEADING, body, _tables(page, handovers), lead=_lead(page, handovers))


def _without_areas() -> Said:
    return _(
        "No column says which area or team has the work, so the borders cannot be seen. "
        "If the file has one, name it with --area."
    )


def _never() -> Said:
    return _("Every case stays in one area from its first event to its last.")


def _lead(page: Page, handovers: Handovers) -> Said:
    return _(
        "%(handovers)s handovers between areas in %(cases)s of %(all)s cases. The thickness is the number of "
        "handovers; in orange, those that wait more than twice as long as usual.",
        handovers=handovers.count,
        cases=handovers.cases,
        all=page.diagnosis.log.cases,
    )


# The areas with most traffic by name, the others as one --------------------------------------------------


@record
class Crossing:
    count: int
    hours: float

    @property
    def mean(self) -> float:
        return self.hours / self.count if self.count else 0.0


@record
class Grouped:
    units: tuple[str, ...]
    rest: int  # how many areas stand behind the last unit, 0 when each has its name
    crossings: Mapping[tuple[str, str], Crossing]
    usual: float  # mean wait over all handovers, in hours

    def is_slow(self, crossing: Crossing) -> bool:
        return crossing.count >= HIDDEN and crossing.mean > 2 * self.usual > 0


def group(handovers: Handovers) -> Grouped:
    traffic: dict[str, int] = {}
    for pair in handovers.pairs:
        for unit in (pair.source, pair.target):
            traffic[unit] = traffic.get(unit, 0) + pair.count
    ordered = sorted(traffic, key=lambda unit: -traffic[unit])
    # one left over is named as well: "the others (1)" would hide nothing
    named = ordered if len(ordered) <= MOST_UNITS + 1 else ordered[:MOST_UNITS]
    crossings: dict[tuple[str, str], Crossing] = {}
    for pair in handovers.pairs:
        key = tuple(unit if unit in named else _REST for unit in (pair.source, pair.target))
        old = crossings.get((key[0], key[1]), Crossing(0, 0.0))
        crossings[key[0], key[1]] = Crossing(old.count + pair.count, old.hours + pair.count * pair.mean_h)
    rest = len(ordered) - len(named)
    count = sum(pair.count for pair in handovers.pairs)
    usual = sum(pair.count * pair.mean_h for pair in handovers.pairs) / count if count else 0.0
    return Grouped((*named, *([_REST] if rest else ())), rest, crossings, usual)


def _unit(page: Page, unit: str, grouped: Grouped) -> str:
    if unit == _REST:
        return page.voice.plain(_("The other %(n)s", n=grouped.rest))
    return shortened(unit, 120)


def _shape(page: Page, grouped: Grouped) -> Markup:
    bands = [
        Band(source, target, crossing.count, grouped.is_slow(crossing))
        for (source, target), crossing in grouped.crossings.items()
    ]
    names = {unit: _unit(page, unit, grouped) for unit in grouped.units}
    said = page.voice.plain(
        _("Flows from who hands over, left, to who receives, right. The table has the same.")
    )
    pictures = (
        tag("div", sankey(bands, names, page.voice.number, width, said), class_=f"sankey-{size}")
        for size, width in (("wide", 640), ("narrow", 326))
    )
    return panel(say(page, _most_traffic(page, grouped)), _sides(page), pictures)


def _sides(page: Page) -> Markup:
    return tag(
        "p",
        tag("span", page(_("Hands over"))),
        tag("span", page(_("Receives"))),
        class_="sides",
        aria_hidden="true",
    )


def _most_traffic(page: Page, grouped: Grouped) -> Said:
    (source, target), crossing = max(grouped.crossings.items(), key=lambda item: item[1].count)
    return ngettext(
        "The most used way goes from %(a)s to %(b)s: %(n)s handover.",
        "The most used way goes from %(a)s to %(b)s: %(n)s handovers.",
        n=crossing.count,
        a=_unit(page, source, grouped),
        b=_unit(page, target, grouped),
    )


def _figures(page: Page, grouped: Grouped) -> Markup:
    explained = _(
        "Above, handovers; below, the time they wait in all. The darker, the longer each one waits; "
        "framed, more than twice as long as usual (%(usual)s).",
        usual=Hours(grouped.usual),
    )
    hidden = _("“<5”: fewer than five handovers, too few to show their time.")
    picture = tag("div", _matrix(page, grouped), note(page, explained, hidden), class_="not-phone")
    return panel(say(page, _most_waiting(page, grouped)), picture)


def _most_waiting(page: Page, grouped: Grouped) -> Said:
    shown = {key: one for key, one in grouped.crossings.items() if one.count >= HIDDEN}
    if not shown:
        return _("No way between two areas has five handovers or more.")
    (source, target), crossing = max(shown.items(), key=lambda item: item[1].hours)
    return ngettext(
        "Waiting adds up most from %(a)s to %(b)s: %(time)s in %(n)s handover.",
        "Waiting adds up most from %(a)s to %(b)s: %(time)s in %(n)s handovers.",
        n=crossing.count,
        a=_unit(page, source, grouped),
        b=_unit(page, target, grouped),
        time=Hours(crossing.hours),
    )


def _matrix(page: Page, grouped: Grouped) -> Markup:
    caption = _("Handovers from the row to the column, and the time they wait in all")
    heads = (tag("th", _short(page, unit, grouped), scope="col") for unit in grouped.units)
    corner = tag("th", page(_("From ↓ to →")), scope="col")
    rows = (
        tag("tr", tag("th", _short(page, source, grouped), scope="row"), _line(page, source, grouped))
        for source in grouped.units
    )
    table = tag(
        "table",
        tag("caption", page(caption), class_="unseen"),
        tag("thead", tag("tr", corner, heads)),
        tag("tbody", rows),
        class_="matrix",
    )
    return tag(
        "div", table, class_="scroll", tabindex="0", role="group", aria_label=page.voice.plain(caption)
    )


def _short(page: Page, unit: str, grouped: Grouped) -> Markup:
    whole = _unit(page, unit, grouped)
    cut = shortened(whole, 22)
    return tag("bdi", cut, title=whole if cut != whole else None)


def _line(page: Page, source: str, grouped: Grouped) -> Iterable[Markup]:
    longest = max((one.mean for one in grouped.crossings.values() if one.count >= HIDDEN), default=0.0)
    for target in grouped.units:
        crossing = grouped.crossings.get((source, target))
        if crossing is None:
            yield tag("td", "·" if source == target else "–", class_="off")
        elif crossing.count < HIDDEN:
            yield tag("td", "<5", class_="off")
        else:
            heat = round(9 * (crossing.mean / longest) ** 0.5) if longest else 0
            slow = " slow" if grouped.is_slow(crossing) else ""
            time = tag("small", page.voice.hours(crossing.hours))
            yield tag("td", page.voice.number(crossing.count), time, class_=f"q{heat}{slow}")


# The tables ----------------------------------------------------------------------------------------------


def _tables(page: Page, handovers: Handovers) -> Markup:
    by_wait = sorted(handovers.pairs, key=lambda pair: (pair.count < HIDDEN, -pair.count * pair.mean_h))
    first, rest = by_wait[:MOST_ROWS], by_wait[MOST_ROWS:]
    caption = _("Where waiting adds up between areas")
    others = more(page, _pairs(page, caption, rest), summary=_("See the other ways")) if rest else None
    ways = panel(tag("h3", page(caption)), _pairs(page, caption, first), others)
    returned = panel(tag("h3", page(_("Who gives the work back"))), _returned(page, handovers))
    return tag("div", ways, returned, class_="two below")


def _pairs(page: Page, caption: Said, pairs: Sequence[UnitPair]) -> Markup:
    columns = [
        Column(_("Hands over")),
        Column(_("Receives")),
        Column(_("Times"), figures=True),
        Column(_("Cases"), figures=True),
        Column(_("Median"), figures=True),
        Column(_("Waiting in all")),
    ]
    shown = pairs[:TABLE_ROWS]
    most = max((pair.count * pair.mean_h for pair in shown if pair.count >= HIDDEN), default=0.0)
    rows = ((Cell(name(pair.source)), Cell(name(pair.target)), *_timed(page, pair, most)) for pair in shown)
    return listing(page, caption, columns, rows, total=len(pairs))


def _timed(page: Page, pair: UnitPair, most: float) -> tuple[Cell, ...]:
    counted = (
        Cell(page.voice.number(pair.count), pair.count),
        Cell(page.voice.number(pair.cases), pair.cases),
    )
    if pair.count < HIDDEN:
        few = page(_("too few"))
        return (*counted, Cell(few, -1, "soft"), Cell(few, -1, "soft"))
    total = pair.count * pair.mean_h
    kind = "" if pair.count >= FEW_CASES else "few"
    return (
        *counted,
        Cell(page.voice.hours(pair.median_h), pair.median_h),
        Cell(bar(total, most, page.voice.hours(total), kind), total),
    )


def _returned(page: Page, handovers: Handovers) -> Markup:
    if not handovers.ping_pong_count:
        return tag("p", page(_("No case goes from one area to another and straight back.")))
    columns = [
        Column(_("From, and back to")),
        Column(_("By way of")),
        Column(_("Cases"), figures=True),
        Column(_("Times"), figures=True),
        Column(_("Time away")),
    ]
    pairs = [pair for pair in handovers.ping_pong_pairs if pair.count >= HIDDEN]
    pairs.sort(key=lambda pair: -pair.count * pair.mean_h)
    most = max((pair.count * pair.mean_h for pair in pairs), default=0.0)
    rows = (_return(page, pair, most) for pair in pairs[:10])
    intro = _(
        "%(times)s times in %(cases)s of %(all)s cases, work goes from one area to another and "
        "straight back. "
        "%(returns)s times it comes back to an area sooner or later.",
        times=handovers.ping_pong_count,
        cases=handovers.ping_pong_cases,
        all=page.diagnosis.log.cases,
        returns=handovers.returns_count,
    )
    table = listing(page, _("Work that goes back and forth"), columns, rows) if pairs else None
    hidden = _(
        "Pairs with five times or more, by time away; grey bars stand for fewer than 30, which are "
        "not compared."
    )
    return Markup("".join(filter(None, (tag("p", page(intro)), table, note(page, hidden)))))


def _return(page: Page, pair: UnitPair, most: float) -> tuple[Cell, ...]:
    total = pair.count * pair.mean_h
    return (
        Cell(name(pair.source)),
        Cell(name(pair.target)),
        Cell(page.voice.number(pair.cases), pair.cases),
        Cell(page.voice.number(pair.count), pair.count),
        Cell(bar(total, most, page.voice.hours(total), "" if pair.count >= FEW_CASES else "few"), total),
    )
