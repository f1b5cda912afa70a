"""The rows of the table as HTML: a list has fifty of a dozen cells, so they are put together in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hilo.parties.permissions import may
from hilo.web.base import drawn
from hilo.web.base.drawn import Here
from hilo.web.lists.asked import Asked
from hilo.web.lists.rows import ThreadRow
from hilo.work.queries.thread_list import ListView


@dataclass(frozen=True, slots=True)
class Table:
    """What all rows of a page share. ``tick``: how a row's box is called; None where nobody may act."""

    here: Here
    cells: tuple[Callable[[Table, ThreadRow], str], ...]
    labels: dict[str, str]
    tick: str | None
    is_archived: bool

    def rows(self, rows: Iterable[ThreadRow]) -> SafeString:
        return SafeString("\n".join(map(self._row, rows)))

    def _row(self, row: ThreadRow) -> str:
        return f"<tr>{self._box(row)}{_name(row)}{''.join([cell(self, row) for cell in self.cells])}</tr>"

    def _box(self, row: ThreadRow) -> str:
        if self.tick is None:
            return ""
        label = escape(self.tick % {"title": row.thread.title})
        return (
            '<td class="c-pick"><input class="form-check-input" type="checkbox" name="chosen" '
            f'value="{row.picked}" aria-label="{label}"></td>'
        )


def table_of(asked: Asked) -> Table:
    labels = {
        "owner": _("Who answers for it"),
        "news": _("Next news"),
        "age": _("Age"),
        "kind": _("Kind"),
        "priority": _("Priority"),
    }
    is_archived = asked.view is ListView.ARCHIVED
    if is_archived:
        labels["news"] = _("Archived on")
    return Table(
        here=Here.at(asked.now),
        cells=tuple(cell for key, cell in CELLS.items() if key in asked.columns),
        labels={key: escape(label) for key, label in labels.items()},
        tick=_("Tick %(title)s") if may(asked.actor, "thread.work") else None,
        is_archived=is_archived,
    )


def _name(row: ThreadRow) -> str:
    title, customer = escape(row.thread.title), escape(row.customer.name)
    return (
        f'<td class="c-name"><a class="h-strong text-reset h-clamp" href="{escape(row.url)}" title="{title}">'
        f'<bdi>{title}</bdi></a><small class="h-clamp" title="{customer}"><bdi>{customer}</bdi>'
        f" · {escape(row.thread.delegation.name)}</small></td>"
    )


def _line(table: Table, row: ThreadRow) -> str:
    return f'<td class="c-line">{drawn.strand(row.line)}</td>'


def _turn(table: Table, row: ThreadRow) -> str:
    shown = drawn.turn_chip(row.turn) if row.turn else drawn.status(row.rest) if row.rest else ""
    return f'<td class="c-turn">{shown}</td>'


def _step(table: Table, row: ThreadRow) -> str:
    if not row.step:
        return '<td class="c-step"></td>'
    due = drawn.due(row.thread.next_due, table.here, short=True)
    return f'<td class="c-step"><span class="c-step__what">{escape(row.step)}</span>{due}</td>'


def _owner(table: Table, row: ThreadRow) -> str:
    return (
        f'<td class="c-owner" data-label="{table.labels["owner"]}"><span class="h-owner" '
        f'title="{escape(row.owner.name)}">{drawn.avatar(row.owner)}{escape(row.owner_short)}</span></td>'
    )


def _news(table: Table, row: ThreadRow) -> str:
    thread = row.thread
    shown = (
        drawn.day(thread.archived_at, table.here)
        if table.is_archived
        else drawn.due(thread.next_news_at, table.here, short=True)
    )
    return f'<td class="c-news" data-label="{table.labels["news"]}">{shown}</td>'


def _age(table: Table, row: ThreadRow) -> str:
    shown = drawn.age(row.thread.opened_at, table.here)
    return f'<td class="c-age num" data-label="{table.labels["age"]}">{shown}</td>'


def _signs(table: Table, row: ThreadRow) -> str:
    if not row.signs:
        return '<td class="c-signs"></td>'
    return f'<td class="c-signs"><span class="h-signs">{drawn.status(row.signs[0])}{_more(row)}</span></td>'


def _more(row: ThreadRow) -> str:
    more = row.more_signs
    if not more:
        return ""
    said = escape(", ".join(more))
    return (
        f'<span class="h-count" title="{said}" aria-hidden="true">+{len(more)}</span>'
        f'<span class="visually-hidden">{said}</span>'
    )


def _code(table: Table, row: ThreadRow) -> str:
    return f'<td class="c-code">{escape(row.thread.code)}</td>'


def _kind(table: Table, row: ThreadRow) -> str:
    said = escape(str(row.thread.get_kind_display()))
    return f'<td class="c-kind" data-label="{table.labels["kind"]}">{said}</td>'


def _priority(table: Table, row: ThreadRow) -> str:
    said = escape(str(row.thread.get_priority_display()))
    return f'<td class="c-priority" data-label="{table.labels["priority"]}">{said}</td>'


def _money(table: Table, row: ThreadRow) -> str:
    shown = drawn.money(row.thread.amount, row.thread.currency, table.here.lang)
    return f'<td class="c-money num h-money">{shown}</td>'


CELLS: dict[str, Callable[[Table, ThreadRow], str]] = {  # in the order of ``COLUMNS``
    "line": _line,
    "turn": _turn,
    "step": _step,
    "owner": _owner,
    "news": _news,
    "age": _age,
    "signs": _signs,
    "code": _code,
    "kind": _kind,
    "priority": _priority,
    "money": _money,
}
