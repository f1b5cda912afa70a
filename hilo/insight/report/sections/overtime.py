"""Over time: how much is open, and process-behaviour charts with their limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hilo.insight.report.frame import Cell, Column, listing, more, note, panel, part, say
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.svg import Scale, drawing, label, line, polyline, spread_labels, ticks, width_of
from hilo.insight.results import Charted, Queue
from hilo.insight.speaking import Number, Said, _, ngettext

MOST_CHARTS, TABLE_ROWS, MOST_POINTS = 6, 120, 400
_WIDTHS = (("wide", 640), ("narrow", 326))
_HEIGHT, _TOP, _BOTTOM, _LEFT = 230.0, 14.0, 28.0, 46.0


def section(page: Page) -> Markup | None:
    measures = page.diagnosis.measures
    shown = [_queue(page, measures.queue)] if measures.queue and len(measures.queue.starts) > 1 else []
    shown += [_chart(page, chart) for chart in measures.charts[:MOST_CHARTS] if len(chart.values) > 1]
    if not shown:
        return None
    return part(
        page,
        "overtime",
        _("Over time"),
        tag("div", shown, class_="two" if len(shown) > 1 else None),
        lead=_lead(),
    )


def _lead() -> Said:
    return _(
        "A point outside the dashed limits is a signal; between them the figure moves as it always does."
    )


# The queue ---------------------------------------------------------------------------------------------


def _queue(page: Page, queue: Queue) -> Markup:
    pictures = (
        tag("div", _queue_drawn(page, queue, width), class_=f"chart-{size}") for size, width in _WIDTHS
    )
    return panel(
        tag("h3", page(_("How much is open"))),
        say(page, _queue_said(queue)),
        pictures,
        more(page, _queue_table(page, queue)),
    )


def _queue_said(queue: Queue) -> Said:
    first, last, most = queue.open[0], queue.open[-1], max(queue.open)
    if most > 2 * max(first, last):
        return _(
            "The queue goes from %(first)s to %(last)s open cases, with %(most)s at its highest.",
            first=first,
            last=last,
            most=most,
        )
    if last > first:
        return _("The queue goes from %(first)s to %(last)s open cases.", first=first, last=last)
    if last < first:
        return _("The queue goes down from %(first)s to %(last)s open cases.", first=first, last=last)
    return _("The queue ends as it began, at %(last)s open cases.", last=last)


def _queue_drawn(page: Page, queue: Queue, width: int) -> Markup:
    lines = (
        (_("open"), "open", queue.open),
        (_("arrive"), "arrived", queue.arrived),
        (_("finish"), "finished", queue.finished),
    )
    top = max(max(values) for _said, _kind, values in lines)
    names = [page.voice.plain(said) for said, _kind, _values in lines]
    right = width - max(map(width_of, names)) - 10
    marks = ticks(0, top, 4)
    down = Scale(0, marks[-1], _HEIGHT - _BOTTOM, _TOP)
    along = Scale(0, len(queue.starts) - 1, _LEFT, right)
    places = spread_labels([down(values[-1]) for _said, _kind, values in lines], 15)
    drawn = [
        join(
            tag("path", d=_path(values, along, down), class_=f"series {kind}"),
            label(right + 5, place + 4, words, class_=f"end {kind}"),
        )
        for (_said, kind, values), words, place in zip(lines, names, places, strict=True)
    ]
    said = page.voice.plain(_("Open, arriving and finished cases over time. The table has the same figures."))
    return drawing(width, _HEIGHT, said, _axes(page, marks, queue.starts, along, down, right), drawn)


def _path(values: Sequence[float], along: Scale, down: Scale) -> str:
    """Of more points than pixels, every so many: the picture is the same."""
    step = max(1, len(values) // MOST_POINTS)
    places = sorted({*range(0, len(values), step), len(values) - 1})
    return polyline([(along(place), down(values[place])) for place in places])


def _axes(
    page: Page, marks: Sequence[float], starts: Sequence[datetime], along: Scale, down: Scale, right: float
) -> Markup:
    digits = 0 if all(float(mark).is_integer() for mark in marks) else 1 if marks[-1] > 1 else 2
    rows = [
        join(
            line(_LEFT, down(mark), right, down(mark), "grid"),
            label(
                _LEFT - 6, down(mark) + 4, page.voice.number(mark, digits), class_="soft", text_anchor="end"
            ),
        )
        for mark in marks
    ]
    return join(rows, _dates(page, starts, along, right))


def _dates(page: Page, starts: Sequence[datetime], along: Scale, right: float) -> Markup:
    """First, last, and between them as many as have room."""
    fits = max(int((right - _LEFT) // 92), 1)
    last = len(starts) - 1
    places = sorted({round(part * last / fits) for part in range(fits + 1)})
    shown = list[Markup]()
    for place in places:
        anchor = "start" if place == 0 else "end" if place == last else "middle"
        words = page.voice.day(starts[place]) if _is_short(starts) else page.voice.month(starts[place])
        shown.append(label(along(place), _HEIGHT - 8, words, class_="soft", text_anchor=anchor))
    return join(shown)


def _is_short(starts: Sequence[datetime]) -> bool:
    return (starts[-1] - starts[0]).days < 120


def _queue_table(page: Page, queue: Queue) -> Markup:
    columns = [
        Column(_("Period from")),
        Column(_("Arrive in it"), figures=True),
        Column(_("Finish in it"), figures=True),
        Column(_("Open at the end"), figures=True),
    ]
    periods = list(zip(queue.starts, queue.arrived, queue.finished, queue.open, strict=True))
    rows = (
        (
            Cell(page.voice.day(start), start.timestamp()),
            *(Cell(page.voice.number(value), value) for value in values),
        )
        for start, *values in periods[-TABLE_ROWS:]
    )
    return listing(page, _("The queue by period"), columns, rows, total=len(periods))


# Process-behaviour charts --------------------------------------------------------------------------------


def _chart(page: Page, chart: Charted) -> Markup:
    pictures = (
        tag("div", _chart_drawn(page, chart, width), class_=f"chart-{size}") for size, width in _WIDTHS
    )
    return panel(
        tag("h3", page(chart.name)),
        say(page, _chart_said(chart)),
        pictures,
        note(page, *_cautions(chart)),
        more(page, _chart_table(page, chart)),
    )


def _has_limits(chart: Charted) -> bool:
    return chart.upper > chart.lower


def _most(chart: Charted) -> float:
    return max(*chart.values, chart.upper)


def _chart_said(chart: Charted) -> Said:
    digits = 1 if _most(chart) > 1 else 2
    facts = {"low": Number(chart.lower, digits), "high": Number(chart.upper, digits)}
    if not _has_limits(chart):
        return _("The first points are all alike, so they set no limits.")
    if chart.outside:
        return ngettext(
            "%(n)s point outside the limits (%(low)s to %(high)s).",
            "%(n)s points outside the limits (%(low)s to %(high)s).",
            n=len(chart.outside),
            **facts,
        )
    if chart.runs:
        return _("No point outside the limits, but eight in a row on one side: worth a look, no alarm.")
    return _("Nothing outside the limits (%(low)s to %(high)s).", **facts)


def _cautions(chart: Charted) -> list[Said | None]:
    return [
        _("Limits: mean ± 2.66 × mean moving range."),
        _("Provisional: fewer than 20 points.") if chart.is_provisional else None,
        _("In 24 quiet points there is at least one false alarm 19 %% of the time."),
    ]


def _chart_drawn(page: Page, chart: Charted, width: int) -> Markup:
    right = width - 66.0
    marks = ticks(min(*chart.values, chart.lower), max(*chart.values, chart.upper), 4)
    down = Scale(marks[0], marks[-1], _HEIGHT - _BOTTOM, _TOP)
    along = Scale(0, len(chart.values) - 1, _LEFT, right)
    axes = _axes(page, marks, chart.starts, along, down, right)
    path = tag("path", d=_path(chart.values, along, down), class_="series figure")
    limits = _limits(page, chart, down, right) if _has_limits(chart) else None
    said = page.voice.plain(_("A point per period with its mean and limits. The table has the same figures."))
    return drawing(width, _HEIGHT, said, axes, limits, path, _points(chart, along, down))


def _limits(page: Page, chart: Charted, down: Scale, right: float) -> Markup:
    named = (
        (chart.upper, _("upper"), "limit"),
        (chart.centre, _("mean"), "centre"),
        (chart.lower, _("lower"), "limit"),
    )
    places = spread_labels([down(value) for value, _said, _kind in named], 14)
    return join(
        join(
            line(_LEFT, down(value), right, down(value), kind),
            label(
                right + 4,
                place + 4,
                f"{page.voice.plain(said)} {_figure(page, value, _most(chart))}",
                class_="soft",
            ),
        )
        for (value, said, kind), place in zip(named, places, strict=True)
    )


def _points(chart: Charted, along: Scale, down: Scale) -> Markup:
    """Signals have a shape of their own: a full diamond outside the limits, a ring in a run."""
    outside, runs = (set(chart.outside), set(chart.runs)) if _has_limits(chart) else (set[int](), set[int]())
    every = len(chart.values) <= 80
    shown = list[Markup]()
    for place, value in enumerate(chart.values):
        x, y = along(place), down(value)
        if place in outside:
            shown.append(tag("path", d=f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z", class_="signal"))
        elif place in runs:
            shown.append(tag("circle", cx=x, cy=y, r=4, class_="run"))
        elif every:
            shown.append(tag("circle", cx=x, cy=y, r=2.5, class_="dot"))
    return join(shown)


def _chart_table(page: Page, chart: Charted) -> Markup:
    columns = [Column(_("Period from")), Column(chart.name, figures=True), Column(_("Signal"))]
    points = list(enumerate(zip(chart.starts, chart.values, strict=True)))
    rows = (
        (
            Cell(page.voice.day(start), start.timestamp()),
            Cell(_figure(page, value, _most(chart)), value),
            _signal(page, chart, place),
        )
        for place, (start, value) in points[-TABLE_ROWS:]
    )
    return listing(page, chart.name, columns, rows, total=len(points))


def _figure(page: Page, value: float, most: float) -> str:
    return page.voice.number(value, 1 if most > 1 else 2)


def _signal(page: Page, chart: Charted, place: int) -> Cell:
    if not _has_limits(chart):
        return Cell("–", 0)
    if place in chart.outside:
        return Cell(page(_("outside the limits")), 2)
    if place in chart.runs:
        return Cell(page(_("eight on one side")), 1)
    return Cell("–", 0)
