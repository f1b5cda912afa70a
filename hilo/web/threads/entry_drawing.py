"""An entry of a story as HTML. A page has fifty of them, so they are put together in Python."""

from __future__ import annotations

from html import escape

from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from hilo.web.base import drawn
from hilo.web.base.drawn import Here
from hilo.web.base.kept_words import gettext as _
from hilo.web.base.markup import address
from hilo.web.threads.entries import Entry, EntryAct
from hilo.work.models import Thread

LONGEST_TITLE = 48


def entry_drawn(entry: Entry, here: Here, *, of_thread: Thread | None = None) -> SafeString:
    strand = f'<span class="{entry.strand}" aria-hidden="true"></span>'
    return SafeString(
        f'{_week(entry, strand)}<li class="h-entry {entry.css}{" is-open" if entry.is_open else ""}"'
        f' id="e{entry.event.pk}">{strand}<span class="h-entry__node">{drawn.icon(entry.icon)}</span>'
        f"{_head(entry, here, of_thread)}{_box(entry, here)}</li>{''.join(map(_gap, entry.gaps))}"
    )


def _week(entry: Entry, strand: str) -> str:
    return f'<li class="h-day">{strand}{escape(entry.week)}</li>' if entry.week else ""


def _head(entry: Entry, here: Here, of_thread: Thread | None) -> str:
    head = f"<span>{escape(entry.head)}</span>" if entry.head else ""
    return (
        f'<div class="h-entry__head"><span class="h-entry__kind">{escape(entry.title)}</span>{head}'
        f"{_thread_named(of_thread) if of_thread else ''}{drawn.moment(entry.event.occurred_at, here)}</div>"
    )


def _thread_named(thread: Thread) -> str:
    url, title = address("web:thread", thread.code), Truncator(thread.title).chars(LONGEST_TITLE)
    return f'<a class="h-tag" href="{escape(url)}">{escape(title)}</a>'


def _box(entry: Entry, here: Here) -> str:
    """Nothing, for what its title says already."""
    inside = f"{_text(entry)}{_body(entry)}{_written_later(entry)}{_standing(entry, here)}"
    if not inside and not entry.acts:
        return ""
    acts = f'<div class="h-entry__do">{"".join(map(_act, entry.acts))}</div>' if entry.acts else ""
    css = "h-box" if entry.kind.is_box else "t-plain"
    return f'<div class="{css}"><div class="h-entry__body">{inside}</div>{acts}</div>'


def _text(entry: Entry) -> str:
    if entry.was_erased:
        said = escape(_("This text was erased."))
        return f'<p class="h-2nd">{drawn.icon("eye-off", "icon-sm")} {said}</p>'
    return paragraphs(entry.text) if entry.text else ""


def paragraphs(text: str) -> str:
    if "\n" in text or "\r" in text:
        return linebreaks(text, autoescape=True)
    return f"<p>{escape(text)}</p>"


def _body(entry: Entry) -> str:
    return f'<p class="h-2nd">{escape(entry.body)}</p>' if entry.body else ""


def _written_later(entry: Entry) -> str:
    if not entry.written_later:
        return ""
    said = escape(_("written down %(when)s") % {"when": entry.written_later})
    return f'<p class="h-small h-2nd">{drawn.icon("pencil", "icon-sm")} {said}</p>'


def _standing(entry: Entry, here: Here) -> str:
    if not entry.due and not entry.marks:
        return ""
    due = drawn.due(entry.due, here, whole_day=entry.due_is_day)
    return f'<div class="h-row">{due}{"".join(map(drawn.status, entry.marks))}</div>'


def _act(act: EntryAct) -> str:
    sign = drawn.icon(act.icon) if act.icon else ""
    return f'<a class="btn btn-sm" href="{escape(act.url)}">{sign}{escape(act.label)}</a>'


def _gap(said: str) -> str:
    return (
        '<li class="h-entry t-gap"><span class="h-strand h-strand--silent" aria-hidden="true"></span>'
        f'<div class="h-gap">{escape(said)}</div></li>'
    )
