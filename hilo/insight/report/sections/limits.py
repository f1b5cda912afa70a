"""What the log cannot tell, what was taken for what, and what was read."""

from __future__ import annotations

from collections.abc import Iterator

from hilo.insight.raw import Role
from hilo.insight.report.frame import Cell, Column, icon, listing, panel, part
from hilo.insight.report.markup import Markup, tag
from hilo.insight.report.page import Page
from hilo.insight.report.voice import name
from hilo.insight.report.wording import ROLES
from hilo.insight.results import Taken
from hilo.insight.speaking import Said, _, ngettext

MOST_NOTES, MOST_FILES = 40, 50


def section(page: Page) -> Markup:
    notes = list(_notes(page))
    items = (tag("li", icon("note"), page(said)) for said in notes[:MOST_NOTES])
    heading = _("What this log cannot tell")
    return part(page, "limits", heading, panel(tag("ul", items, class_="limits")), _taken(page), _files(page))


def _notes(page: Page) -> Iterator[Said]:
    yield from page.diagnosis.log.notes
    yield from _missing(page)
    yield _(
        "What goes together need not be cause and effect. Times of different findings overlap: do "
        "not add them up."
    )


_WITHOUT: dict[Role, Said] = {
    Role.AREA: _("No column for the area: handovers, waiting at borders and returns cannot be seen."),
    Role.START: _("No start times: waiting and working cannot be told apart inside an activity."),
    Role.CUSTOMER: _("No customer: nothing can be said about who is served worse."),
    Role.DUE: _("No due dates: nothing can be said about what is late."),
    Role.AMOUNT: _("No amounts: costs are in time, not in money."),
}


def _missing(page: Page) -> Iterator[Said]:
    for role, said in _WITHOUT.items():
        if role not in page.diagnosis.mapping:
            yield said


def _taken(page: Page) -> Markup:
    columns = [
        Column(_("Taken for")),
        Column(_("Column")),
        Column(_("How sure"), figures=True),
        Column(_("Why")),
        Column(_("It could also have been")),
    ]
    rows = (_mapped(page, role, taken) for role, taken in page.diagnosis.mapping.items())
    heading = _("What was taken for what")
    return panel(tag("h3", page(heading)), listing(page, heading, columns, rows))


def _mapped(page: Page, role: Role, taken: Taken) -> list[Cell]:
    sure = page(_("you said so")) if taken.chosen else page.voice.share(taken.certainty, 0)
    rivals = Markup(", ".join(name(rival) for rival in taken.rivals[:5])) if taken.rivals else "–"
    return [
        Cell(page(ROLES[role])),
        Cell(name(taken.column)),
        Cell(sure, 2 if taken.chosen else taken.certainty),
        Cell(page(taken.why)),
        Cell(rivals),
    ]


def _files(page: Page) -> Markup:
    files = page.diagnosis.log.files
    columns = [
        Column(_("File")),
        Column(_("Format")),
        Column(_("Rows read"), figures=True),
        Column(_("Rows left out"), figures=True),
    ]
    rows = (
        (
            Cell(name(file.name)),
            Cell(" · ".join(filter(None, (file.format, file.encoding)))),
            Cell(page.voice.number(file.rows), file.rows),
            Cell(page.voice.number(file.refused), file.refused),
        )
        for file in files[:MOST_FILES]
    )
    seconds = sum(page.diagnosis.timings.values())
    took = tag("p", page(_took(seconds)), class_="note") if seconds else None
    heading = _("What was read")
    return panel(tag("h3", page(heading)), listing(page, heading, columns, rows, total=len(files)), took)


def _took(seconds: float) -> Said:
    return ngettext(
        "All of it was worked out in %(n)s second.",
        "All of it was worked out in %(n)s seconds.",
        n=max(round(seconds), 1),
    )
