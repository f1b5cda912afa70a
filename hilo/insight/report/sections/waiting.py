"""Is the waiting at the border or inside? Areas as stacked bars in time, then every step by what it waits."""

from __future__ import annotations

from collections.abc import Sequence

from hilo.insight.report.frame import Cell, Column, bar, listing, more, note, panel, part, say
from hilo.insight.report.markup import Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.report.svg import Scale, drawing, fitted, label, line, ticks, width_of
from hilo.insight.report.voice import name
from hilo.insight.report.wording import HIDDEN
from hilo.insight.results import StepTime
from hilo.insight.speaking import Hours, Said, _

MOST_BARS, TABLE_ROWS = 10, 60


def section(page: Page) -> Markup | None:
    measures = page.diagnosis.measures
    blocks = [_block(page, measures.areas, of_areas=True), _block(page, measures.steps, of_areas=False)]
    shown = [block for block in blocks if block]
    if not shown:
        return None
    return part(page, "waiting", _("Waiting at the border, or inside?"), shown, lead=_lead(page))


def _lead(page: Page) -> Said | None:
    if not page.diagnosis.measures.areas:
        return None
    return _("Waiting is the time before the work is taken up; inside is from then until it is finished.")


def _no_starts() -> Said:
    return _(
        "The log does not say when an activity begins, so all the time before it ends counts "
        "as waiting for it."
    )


def _block(page: Page, steps: Sequence[StepTime], *, of_areas: bool) -> Markup | None:
    seen = sorted((step for step in steps if step.count >= HIDDEN), key=lambda step: -_total(step))
    if not seen:
        return None
    heading = _("By area") if of_areas else _("By activity")
    pictures = (
        tag("div", _bars(page, seen[:MOST_BARS], width), class_=f"bars-{size}")
        for size, width in (("wide", 1300), ("mid", 680), ("narrow", 326))
    )
    return panel(
        tag("h3", page(heading)),
        say(page, _longest(seen, of_areas=of_areas)),
        _key(page, seen),
        pictures,
        note(page, _no_starts()) if not _has_inside(seen) else None,
        _hidden(page, len(steps) - len(seen)),
        more(page, _table(page, seen, len(steps))),
    )


def _has_inside(steps: Sequence[StepTime]) -> bool:
    return any(step.total_inside_h is not None for step in steps)


def _total(step: StepTime) -> float:
    return step.total_before_h + (step.total_inside_h or 0)


def _longest(seen: Sequence[StepTime], *, of_areas: bool) -> Said:
    most = max(seen, key=lambda step: step.total_before_h)
    time, median = Hours(most.total_before_h), Hours(most.median_before_h)
    if of_areas:
        return _(
            "Most waiting before it is taken up: %(name)s, %(time)s (median %(median)s each time).",
            name=most.name,
            time=time,
            median=median,
        )
    return _(
        "Most waiting comes before “%(name)s”: %(time)s (median %(median)s each time).",
        name=most.name,
        time=time,
        median=median,
    )


def _key(page: Page, seen: Sequence[StepTime]) -> Markup | None:
    if not _has_inside(seen):
        return None
    kinds = (("wait", _("waiting to be taken up")), ("inside", _("inside")))
    return tag("ul", (tag("li", _swatch(kind), page(said)) for kind, said in kinds), class_="key")


def _swatch(kind: str) -> Markup:
    shape = tag("rect", width=16, height=10, rx=2, class_=f"bar {kind}")
    return tag("svg", shape, width=16, height=10, viewBox="0 0 16 10", aria_hidden="true")


def _bars(page: Page, steps: Sequence[StepTime], width: int) -> Markup:
    """In days, one scale; the figure inside its piece where it fits."""
    is_narrow = width < 400
    margin = 4.0 if is_narrow else min(220.0, max(width_of(step.name) for step in steps) + 14)
    pitch = 44.0 if is_narrow else 32.0
    marks = ticks(0, max(_total(step) for step in steps) / 24, 3 if is_narrow else 6)
    scale = Scale(0, marks[-1], margin, width - 70.0)
    height = len(steps) * pitch + 30
    grid = [
        join(
            line(scale(mark), 0, scale(mark), height - 26, "grid"),
            label(scale(mark), height - 10, _tick(page, mark, marks), class_="soft", text_anchor="middle"),
        )
        for mark in marks
    ]
    rows = (_bar(page, step, number * pitch, margin, scale, is_narrow) for number, step in enumerate(steps))
    said = page.voice.plain(_("Bars of time in days. The table below has the same figures."))
    return drawing(width, height, said, grid, rows)


def _tick(page: Page, mark: float, marks: Sequence[float]) -> str:
    digits = 0 if all(float(one).is_integer() for one in marks) else 1
    figure = page.voice.number(mark, digits)
    return f"{figure} {page.voice.plain(_('days'))}" if mark == marks[-1] else figure


def _bar(page: Page, step: StepTime, top: float, margin: float, scale: Scale, is_narrow: bool) -> Markup:
    high = top + (18 if is_narrow else 3)
    waiting, whole = step.total_before_h / 24, _total(step) / 24
    edge = scale(waiting)
    if is_narrow:
        who = label(margin, top + 13, fitted(step.name, 300))
    else:
        who = label(margin - 8, high + 14, fitted(step.name, margin - 14), text_anchor="end")
    return tag(
        "g",
        tag("title", step.name),
        who,
        tag("rect", x=scale(0), y=high, width=max(edge - scale(0), 0.5), height=20, class_="bar wait"),
        tag("rect", x=edge, y=high, width=max(scale(whole) - edge, 0), height=20, class_="bar inside"),
        label(scale(whole) + 6, high + 15, page.voice.hours(_total(step))),
    )


def _hidden(page: Page, hidden: int) -> Markup | None:
    if not hidden:
        return None
    return note(
        page, _("%(n)s with fewer than five occurrences are not shown: too few to say anything.", n=hidden)
    )


def _table(page: Page, steps: Sequence[StepTime], total: int) -> Markup:
    has_inside = _has_inside(steps)
    columns = [
        Column(_("Name")),
        Column(_("Times"), figures=True),
        Column(_("Median wait"), figures=True),
        Column(_("One in ten waits over"), figures=True),
        Column(_("Waiting in all")),
    ]
    if has_inside:
        columns += [Column(_("Median inside"), figures=True), Column(_("Inside in all"), figures=True)]
    shown = steps[:TABLE_ROWS]
    most = max(step.total_before_h for step in shown)
    rows = (_row(page, step, most, has_inside) for step in shown)
    return listing(page, _("Waiting and working"), columns, rows, total=total)


def _row(page: Page, step: StepTime, most: float, has_inside: bool) -> list[Cell]:
    cells = [
        Cell(name(step.name)),
        Cell(page.voice.number(step.count), step.count),
        _time(page, step.median_before_h),
        _time(page, step.p90_before_h),
        Cell(bar(step.total_before_h, most, page.voice.hours(step.total_before_h)), step.total_before_h),
    ]
    if has_inside:
        cells += [_time(page, step.median_inside_h), _time(page, step.total_inside_h)]
    return cells


def _time(page: Page, hours: float | None) -> Cell:
    return Cell("–", -1) if hours is None else Cell(page.voice.hours(hours), hours)
