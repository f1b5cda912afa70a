"""The rows of Mi día as HTML: what is owed, why, until when, and the one button that does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from hilo.web.base import drawn
from hilo.web.base.drawn import Here
from hilo.web.base.kept_words import gettext as _
from hilo.web.base.markup import address
from hilo.web.my_day.rows import Day, Row


@dataclass(frozen=True, slots=True)
class DayRows:
    """What all rows of the page share. ``first`` has the primary button, ``first_offer`` the key a."""

    here: Here
    first: Row | None
    first_offer: Row | None
    sees_money: bool
    token: str
    back: str

    @classmethod
    def of(cls, day: Day, here: Here, *, sees_money: bool, token: str, back: str) -> DayRows:
        return cls(here, day.first, day.first_offer, sees_money, escape(token), escape(back))

    def drawn(self, rows: Iterable[Row]) -> SafeString:
        return SafeString("".join(map(self._row, rows)))

    def _row(self, row: Row) -> str:
        state = " is-late" if row.is_late else " is-soon" if row.is_soon else ""
        return (
            f'<li data-row><div class="h-owe{state}">'
            f'<span class="h-owe__icon">{drawn.icon(row.said.icon)}</span>'
            f"<div>{_what(row)}</div>{self._when(row)}"
            f'<div class="h-owe__do">{self._deed(row)}</div></div></li>'
        )

    def _when(self, row: Row) -> str:
        due = drawn.due(row.owed.due, self.here)
        return f'<div class="h-owe__when">{due}{self._at_stake(row) if self.sees_money else ""}</div>'

    def _at_stake(self, row: Row) -> str:
        thread = row.owed.thread
        if not thread.amount:
            return ""
        amount = drawn.money(thread.amount, thread.currency, self.here.lang)
        return f"<span>{_('%(amount)s at stake') % {'amount': amount}}</span>"

    def _deed(self, row: Row) -> str:
        css = "btn btn-sm btn-primary" if row is self.first else "btn btn-sm"
        verb, what = escape(row.said.verb), escape(row.said.what)
        words = f'{verb}<span class="visually-hidden"> «{what}»</span>'
        if not row.said.accepts:
            return f'<a class="{css}" href="{escape(row.said.url)}">{words}</a>'
        key = ' data-key="a"' if row is self.first_offer else ""
        return (
            f'<form method="post" action="{escape(address("web:handoff_accept", row.owed.id))}">'
            f"{_hidden('csrfmiddlewaretoken', self.token)}{_hidden('seen', str(row.owed.version))}"
            f"{_hidden('next', self.back)}"
            f'<button class="{css}" data-accepts aria-keyshortcuts="a"{key}>{words}'
            ' <kbd aria-hidden="true">a</kbd></button></form>'
        )


def _what(row: Row) -> str:
    said = row.said
    because = f'<div class="h-owe__if">{escape(said.because)}</div>' if said.because else ""
    return (
        f'<div class="h-owe__what"><a class="text-reset" href="{escape(row.place)}" data-opens-row>'
        f'{escape(said.what)}</a></div><div class="h-owe__why">{_why(row)}</div>{because}'
    )


def _why(row: Row) -> str:
    thread = row.owed.thread
    kind = f"{escape(row.said.kind)} · " if row.said.kind else ""
    named = escape(f"{thread.customer.name}, {thread.title}")
    link = f'<a href="{escape(address("web:thread", thread.code))}">{named}</a>'
    return f"{kind}{link}{_stands_in(str(row.owed.covers)) if row.owed.covers else ''}"


def _stands_in(name: str) -> str:
    said = escape(_("for %(name)s, who is away") % {"name": name})
    return f' <span class="h-tag">{drawn.icon("beach", "icon-sm")}{said}</span>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{value}">'
