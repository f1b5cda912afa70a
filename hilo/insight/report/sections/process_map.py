"""How the work runs: the steps that carry most of the flow, left to right, what goes back in dashes.

Drawn three times, for wide, middling and narrow paper; a stylesheet shows the one that fits. On phones the
table says it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hilo.insight.records import record
from hilo.insight.report.frame import Cell, Column, listing, more, panel, part, say
from hilo.insight.report.layered import START, Arranged, Arrow, arrange
from hilo.insight.report.map_drawing import Box, Link, Sketch, drawn, lies
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.voice import name, shortened
from hilo.insight.results import Follows, Measures
from hilo.insight.speaking import Said, Share, _, ngettext

FLOW = 0.8
MOST_STEPS, MOST_BOXES, LEAST = 28, 18, 0.02  # a way far rarer than the widest one is left to the table
WIDTHS, BESIDE_TABLE = (1340, 960, 680), 790
PHONE_ROWS, BESIDE_ROWS, TABLE_ROWS = 8, 24, 60


def section(page: Page) -> Markup:
    graph = choose(page.diagnosis.measures, page.diagnosis.log.cases)
    if not graph.steps:
        return part(page, "map", _("How the work runs"), _no_steps(page))
    follows = page.diagnosis.measures.follows
    on_phones = tag("div", _table(page, follows[:PHONE_ROWS], len(follows)), class_="only-phone")
    table = more(page, _table(page, follows[:TABLE_ROWS], len(follows)))
    drawings = _switch(page), _drawings(page, graph)
    body = panel(_finding(page, graph), drawings, _key(page, graph), on_phones, table)
    return part(page, "map", _("How the work runs"), body, lead=_lead())


def _lead() -> Said:
    return _(
        "Each box is an activity; the thicker the line, the more often the work goes that way. "
        "Dashed orange goes back."
    )


def _no_steps(page: Page) -> Markup:
    said = _("No case has two events after one another, so there is no way to draw.")
    return panel(tag("p", page.voice(said)))


# What is drawn -----------------------------------------------------------------------------------------


@record
class Graph:
    steps: tuple[Follows, ...]
    boxes: tuple[str, ...]
    starts: dict[str, int]
    ends: dict[str, int]
    times: dict[str, int]  # how often each activity happens
    flow: int
    shown: int
    all_steps: int
    again: Follows | None  # the largest step of an activity to itself


def choose(measures: Measures, cases: int) -> Graph:
    moving = [step for step in measures.follows if step.source != step.target]
    again = next((step for step in measures.follows if step.source == step.target), None)
    flow = sum(step.count for step in moving)
    kept = _joined_up(_most_frequent(moving, flow), moving, measures)
    boxes = tuple(dict.fromkeys(end for step in kept for end in (step.source, step.target)))
    times = Counter({step.name: step.count for step in measures.steps})
    for activity in set(boxes) - set(times):
        times[activity] = measures.starts.get(activity, 0) + sum(
            step.count for step in measures.follows if step.target == activity
        )
    return Graph(
        tuple(kept),
        boxes,
        {one: n for one, n in measures.starts.items() if one in boxes and n >= 0.05 * cases},
        {one: n for one, n in measures.ends.items() if one in boxes and n >= 0.05 * cases},
        dict(times),
        flow,
        sum(step.count for step in kept),
        len(moving),
        again,
    )


def _most_frequent(moving: Sequence[Follows], flow: int) -> list[Follows]:
    kept, boxes, carried = list[Follows](), set[str](), 0
    for step in moving:
        if carried >= FLOW * flow or len(kept) == MOST_STEPS or step.count < LEAST * moving[0].count:
            break
        if len(boxes | {step.source, step.target}) > MOST_BOXES:
            continue
        kept.append(step)
        boxes |= {step.source, step.target}
        carried += step.count
    return kept


def _joined_up(kept: list[Follows], moving: Sequence[Follows], measures: Measures) -> list[Follows]:
    """No box without a way in that its activity has, nor without a way on that a tenth of it takes."""
    boxes = {end for step in kept for end in (step.source, step.target)}
    for box in sorted(boxes):
        if box not in measures.starts and not any(step.target == box for step in kept):
            kept += [step for step in moving if step.target == box and step.source in boxes][:1]
        if box not in measures.ends:
            kept += _way_on(box, boxes, kept, moving)
    return kept


def _way_on(box: str, boxes: set[str], kept: list[Follows], moving: Sequence[Follows]) -> list[Follows]:
    before = {step.source for step in kept if step.target == box}
    leaving = [step for step in moving if step.source == box]
    if any(step in kept and step.target not in before for step in leaving):
        return []
    enough = 0.1 * sum(step.count for step in leaving)
    onward = [step for step in leaving if step.target in boxes - before and step.count >= enough]
    nothing_yet = not any(step in kept for step in leaving)
    return onward[:1] or (leaving[:1] if nothing_yet and leaving[0].target in boxes else [])


def _finding(page: Page, graph: Graph) -> Markup:
    back = _largest_back(graph)
    if back is None:
        said = _("Most of the work runs one way: nothing that is drawn goes back.")
    else:
        said = ngettext(
            "What goes back most: from “%(a)s” to “%(b)s”, %(n)s time.",
            "What goes back most: from “%(a)s” to “%(b)s”, %(n)s times.",
            n=back.count,
            a=back.source,
            b=back.target,
        )
    return say(page, said)


def _largest_back(graph: Graph) -> Follows | None:
    arranged = _arranged(graph)
    backs = {(route.arrow.source, route.arrow.target) for route in arranged.routes if route.back}
    return next((step for step in graph.steps if (step.source, step.target) in backs), None)


def _arranged(graph: Graph) -> Arranged:
    arrows = [Arrow(step.source, step.target, step.count) for step in graph.steps]
    names = list(graph.boxes)
    if graph.starts:
        arrows += [Arrow(START, first, count) for first, count in graph.starts.items()]
        names.insert(0, START)
    return arrange(names, arrows)


# How it is drawn ---------------------------------------------------------------------------------------


def _drawings(page: Page, graph: Graph) -> Markup:
    """A map that stands is narrow: on a wide screen its table stands beside it."""
    sketch = _sketch(page, graph)
    stands = not lies(sketch.arranged, WIDTHS[0])
    widths = (BESIDE_TABLE, *WIDTHS[1:]) if stands else WIDTHS
    views = [
        tag("div", drawn(sketch, width), class_=f"map map-{size}")
        for size, width in zip(("wide", "mid", "narrow"), widths, strict=True)
    ]
    if not stands:
        return join(views)
    follows = page.diagnosis.measures.follows
    beside = tag("div", _table(page, follows[:BESIDE_ROWS], len(follows), slim=True), class_="beside")
    return tag("div", tag("div", views), beside, class_="standing")


def _sketch(page: Page, graph: Graph) -> Sketch:
    labels: dict[Link, tuple[str, str]] = {
        (step.source, step.target): (page.voice.number(step.count), page.voice.hours(step.median_h))
        for step in graph.steps
    }
    labels |= {(START, one): (page.voice.number(count), "") for one, count in graph.starts.items()}
    said = page.voice.plain(_("Map of the process. The table below has the same figures."))
    return Sketch(_arranged(graph), {one: _box(page, graph, one) for one in graph.boxes}, labels, said)


def _box(page: Page, graph: Graph, one: str) -> Box:
    often = ngettext("%(n)s time", "%(n)s times", n=graph.times[one])
    is_last = one in graph.ends
    words = _("%(often)s · end", often=often) if is_last else often
    return Box((one,), page.voice.plain(words), shortened(one, 200), "last" if is_last else "")


def _switch(page: Page) -> Markup:
    """Frequency or time by two radio buttons and the stylesheet: it works with scripts switched off."""
    choices = (("n", _("How often"), True), ("t", _("How long"), False))
    return tag(
        "fieldset",
        tag("legend", page(_("Figures on the lines")), class_="unseen"),
        (
            tag(
                "label",
                tag("input", type="radio", name="map-shows", value=value, checked=on, class_="unseen"),
                tag("span", page(said)),
            )
            for value, said, on in choices
        ),
        class_="switch map-switch",
    )


def _key(page: Page, graph: Graph) -> Markup:
    samples = (("on", _("goes on")), ("back", _("goes back")))
    drawn_part = _(
        "Drawn: %(steps)s of %(all)s ways, %(share)s of the flow.",
        steps=len(graph.steps),
        all=graph.all_steps,
        share=Share(graph.shown / graph.flow if graph.flow else 1.0),
    )
    return tag(
        "ul",
        (tag("li", _sample(kind), page(said)) for kind, said in samples),
        tag("li", page(_("median time between both, under “How long”"))),
        tag("li", page(drawn_part)),
        tag("li", page(_again(graph.again))) if graph.again else None,
        class_="key",
    )


def _again(step: Follows) -> Said:
    return ngettext(
        "Not drawn: what follows itself, above all “%(a)s” (%(n)s time).",
        "Not drawn: what follows itself, above all “%(a)s” (%(n)s times).",
        n=step.count,
        a=step.source,
    )


def _sample(kind: str) -> Markup:
    path = tag("path", d="M0 5h34", class_=f"flow {kind}", stroke_width=2.5)
    return tag("svg", path, width=34, height=10, viewBox="0 0 34 10", aria_hidden="true")


def _table(page: Page, follows: Sequence[Follows], total: int, *, slim: bool = False) -> Markup:
    columns = [
        Column(_("From activity")),
        Column(_("To activity")),
        Column(_("Times"), figures=True),
        Column(_("Median"), figures=True),
        *([] if slim else [Column(_("Mean"), figures=True), Column(_("Cases"), figures=True)]),
    ]
    rows = (_row(page, step)[: len(columns)] for step in follows)
    return listing(page, _("What follows what"), columns, rows, total=total)


def _row(page: Page, step: Follows) -> list[Cell]:
    return [
        Cell(name(step.source)),
        Cell(name(step.target)),
        Cell(page.voice.number(step.count), step.count),
        Cell(page.voice.hours(step.median_h), step.median_h),
        Cell(page.voice.hours(step.mean_h), step.mean_h),
        Cell(page.voice.number(step.cases), step.cases),
    ]
