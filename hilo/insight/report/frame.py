"""The frame around what is shown: parts with headings, panels, tables that sort and turn into cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hilo.insight.records import record
from hilo.insight.report.markup import Child, Markup, join, tag
from hilo.insight.report.page import Page
from hilo.insight.speaking import Said, _


def part(page: Page, key: str, heading: Said, *body: Child, lead: Said | None = None) -> Markup:
    return tag(
        "section",
        tag("h2", page(heading), id=f"h-{key}"),
        tag("p", page(lead), class_="lead") if lead else None,
        body,
        class_="part",
        id=key,
        aria_labelledby=f"h-{key}",
    )


def panel(*body: Child, class_: str = "") -> Markup:
    return tag("div", body, class_=f"panel {class_}".strip())


def say(page: Page, said: Said) -> Markup:
    """The sentence a picture shows, above it."""
    return tag("p", page(said), class_="say")


def note(page: Page, *said: Said | None) -> Markup:
    return tag("p", Markup(" ".join(page(one) for one in said if one)), class_="note")


def more(page: Page, *body: Child, summary: Said | None = None) -> Markup:
    return tag(
        "details",
        tag("summary", page(summary or _("See it as a table"))),
        body,
        class_="more",
    )


def icon(name: str) -> Markup:
    return tag(
        "svg",
        tag("use", href=f"#i-{name}"),
        class_="icon",
        viewBox="0 0 24 24",
        aria_hidden="true",
        focusable="false",
    )


# Tables ------------------------------------------------------------------------------------------------


@record
class Cell:
    """What is shown, and the value a reader sorts by where that is not the text itself."""

    shown: Child
    order: float | None = None
    class_: str = ""


@record
class Column:
    heading: Said
    figures: bool = False


type Row = Sequence[Cell | str]


def listing(
    page: Page, caption: Said, columns: Sequence[Column], rows: Iterable[Row], *, total: int | None = None
) -> Markup:
    """A table with its caption for those who hear it. ``total``: how many rows there would be in all."""
    body = [tag("tr", _cells(page, columns, row)) for row in rows]
    table = tag(
        "table",
        tag("caption", page(caption), class_="unseen"),
        tag("thead", tag("tr", (_heading(page, column) for column in columns))),
        tag("tbody", body),
        class_="sheet",
        data_sortable=len(body) > 1,
    )
    region = tag(
        "div", table, class_="scroll", tabindex="0", role="group", aria_label=page.voice.plain(caption)
    )
    return join(region, left_out(page, len(body), total))


def _heading(page: Page, column: Column) -> Markup:
    return tag("th", page(column.heading), scope="col", class_="num" if column.figures else None)


def _cells(page: Page, columns: Sequence[Column], row: Row) -> Iterable[Markup]:
    for number, (column, given) in enumerate(zip(columns, row, strict=True)):
        cell = given if isinstance(given, Cell) else Cell(given)
        classes = f"{'num' if column.figures else ''} {cell.class_}".strip()
        order = None if cell.order is None else f"{cell.order:.6g}"
        yield tag(
            "td" if number else "th",
            cell.shown,
            scope=None if number else "row",
            class_=classes or None,
            data_label=page.voice.plain(column.heading),
            data_order=order,
        )


def left_out(page: Page, shown: int, total: int | None) -> Markup | None:
    if total is None or total <= shown:
        return None
    said = _(
        "%(shown)s of %(total)s are shown; the JSON file of this diagnosis has the rest.",
        shown=shown,
        total=total,
    )
    return tag("p", page(said), class_="note")


def bar(value: float, most: float, shown: str, kind: str = "") -> Markup:
    """A figure with a bar after it, on the scale of its column."""
    long = 96 * value / most if most > 0 else 0
    drawn = tag(
        "svg",
        tag("rect", x=0, y=1, width=max(long, 0.5), height=10, rx=2, class_=f"bar {kind}".strip()),
        width=96,
        height=12,
        viewBox="0 0 96 12",
        aria_hidden="true",
        focusable="false",
    )
    return tag("span", tag("b", shown), drawn, class_="barred")
