"""A page of history as the entries of a timeline: words, marks, and the strand beside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import get_language

from hilo.ledger.models import LedgerEvent
from hilo.web.base import saying
from hilo.web.base.kept_words import gettext as _
from hilo.web.base.markup import address
from hilo.web.base.strand import Line
from hilo.web.base.strand_drawing import Trail, trail
from hilo.web.base.words import Status
from hilo.web.doing.routes import is_open
from hilo.web.threads.entry_kinds import SILENT, EntryKind, kind_of
from hilo.web.threads.entry_words import Told, Words, said_contact
from hilo.work.models import Promise, Thread, Update
from hilo.work.queries.timeline import Names, StoryPage

WRITTEN_AT_ONCE = timedelta(minutes=30)
PROMISE_STATES: dict[str, tuple[str, str]] = {
    "open": ("heart-handshake", "accent"),
    "kept": ("circle-check", "ok"),
    "kept_late": ("clock-exclamation", "warn"),
    "broken": ("heart-broken", "late"),
    "renegotiated": ("refresh", ""),
    "released": ("circle-dashed", ""),
}


@dataclass(frozen=True, slots=True)
class EntryAct:
    label: str
    url: str
    icon: str = ""


@dataclass(slots=True)
class Entry:
    """``text`` is as somebody wrote it; ``was_erased`` stands in its place when it is gone."""

    event: LedgerEvent
    kind: EntryKind
    icon: str
    title: str
    head: str
    body: str
    text: str
    was_erased: bool
    is_open: bool = False
    written_later: str = ""
    due: datetime | None = None
    due_is_day: bool = False
    marks: list[Status] = field(default_factory=list)
    acts: list[EntryAct] = field(default_factory=list)
    strand: str = "h-strand"
    gaps: tuple[str, ...] = ()
    week: str = ""

    @property
    def css(self) -> str:
        return f"h-entry--{self.kind.css}" if self.kind.css else "h-entry--plain"


@dataclass(slots=True)
class Story:
    entries: list[Entry]
    now_strand: str
    sentence: str
    older: str  # the cursor of the next page; empty on the last one


def story_shown(page: StoryPage, line: Line | None, *, thread: Thread | None, now: datetime) -> Story:
    """``line`` draws the strand beside; a customer's story over many threads has none."""
    entries = [entry_shown(event, page, thread=thread, now=now) for event in page.events]
    older = page.older.occurred_at if page.older else None
    drawn = trail(line, [entry.event.occurred_at for entry in entries], older) if line else None
    _beside(entries, drawn)
    _weeks(entries, now)
    cursor = f"{page.older.occurred_at.isoformat()}~{page.older.id}" if page.older else ""
    return Story(entries, drawn.now if drawn else "h-strand", line.sentence if line else "", cursor)


def _beside(entries: list[Entry], drawn: Trail | None) -> None:
    if drawn is None:
        return
    for entry, strand, gaps in zip(entries, drawn.below, drawn.gaps, strict=True):
        entry.strand, entry.gaps = strand, gaps


def _weeks(entries: list[Entry], now: datetime) -> None:
    """A heading where another week begins, for eyes that run down months."""
    here, lang = timezone.get_current_timezone(), saying.language(get_language())
    before = _monday(now, here)
    for entry in entries:
        monday = _monday(entry.event.occurred_at, here)
        if monday < before:
            today = now.astimezone(here).date()
            entry.week = _("Week of %(day)s") % {"day": saying.said_short_date(monday, today, lang)}
            before = monday


def _monday(moment: datetime, here: Any) -> Any:
    day = moment.astimezone(here).date()
    return day - timedelta(days=day.weekday())


def entry_shown(event: LedgerEvent, page: StoryPage, *, thread: Thread | None, now: datetime) -> Entry:
    facts: dict[str, Any] = dict(event.facts)
    texts = {name: page.texts.get(pk) for name, pk in event.sealed_ids.items()}
    told = Told(event, facts, texts, page.names, now)
    kind, words = kind_of(event.kind, facts), Words(told)
    shown = Entry(
        event=event,
        kind=kind,
        icon=_icon(kind, facts),
        title=str(kind.title),
        head=str(kind.head) % words,
        body=str(kind.body) % words,
        text=texts.get(kind.text) or "",
        was_erased=kind.text in texts and texts[kind.text] is None,
        written_later=_written_later(event, now),
    )
    for look in LOOKS.get(event.kind, ()):
        look(shown, told, thread)
    return shown


def _icon(kind: EntryKind, facts: dict[str, Any]) -> str:
    by_channel = {"call": "phone", "meeting": "users", "visit": "users"}
    return by_channel.get(str(facts.get("channel", "")), kind.icon) if kind.css == "message" else kind.icon


def _written_later(event: LedgerEvent, now: datetime) -> str:
    """The day it was written down, when that is not when it happened."""
    if event.recorded_at - event.occurred_at < WRITTEN_AT_ONCE:
        return ""
    here, lang = timezone.get_current_timezone(), saying.language(get_language())
    return saying.said_moment(event.recorded_at, now, here, lang)


# ---- what some kinds add --------------------------------------------------------------------------------


def _promise_now(entry: Entry, told: Told, thread: Thread | None) -> None:
    promise: Promise | None = told.subject("promise")
    if promise is None:
        return
    sign, tone = PROMISE_STATES[promise.state]
    entry.marks.append(Status(str(Promise.State(promise.state).label), sign, tone))  # type: ignore[arg-type]
    if promise.state == Promise.State.OPEN:
        entry.due, entry.due_is_day = promise.due_at, promise.due_is_day


def _handoff_now(entry: Entry, told: Told, thread: Thread | None) -> None:
    handoff = told.subject("handoff")
    entry.is_open = handoff is not None and handoff.state == "offered"
    if not entry.is_open:
        return
    entry.title = _("Handoff without an answer")
    entry.due = handoff.respond_by
    if url := reverse_or_nothing("web:handoff", handoff.pk):
        entry.acts.append(EntryAct(_("See the handoff"), url, "arrows-exchange"))


def _mail_now(entry: Entry, told: Told, thread: Thread | None) -> None:
    update: Update | None = told.subject("update")
    signs = {
        Update.Mail.QUEUED: Status(_("On its way"), "mail"),
        Update.Mail.SENT: Status(_("Sent by mail"), "mail", "ok"),
        Update.Mail.FAILED: Status(_("The mail did not leave"), "alert-circle", "late"),
    }
    if update is not None and update.mail in signs:
        entry.marks.append(signs[Update.Mail(update.mail)])


def _answer_it(entry: Entry, told: Told, thread: Thread | None) -> None:
    if thread is None or told.facts.get("note_kind", "customer") != "customer" or not thread.is_open:
        return
    here = address("web:thread", thread.code)
    entry.acts += [
        EntryAct(_("Answer"), f"{here}?write=message#write", "corner-up-left"),
        EntryAct(_("Make a promise of it"), f"{here}?write=promise#write", "heart-handshake"),
    ]


def _details(entry: Entry, told: Told, thread: Thread | None) -> None:
    """Which details changed; amounts are never spelt out here, for who sees no money."""
    names = {
        "title": _("title"),
        "purpose": _("what it is for"),
        "priority": _("priority"),
        "amount": _("amount"),
    }
    entry.body = ", ".join(names.get(str(name), str(name)) for name in told.facts.get("fields", []))
    entry.text = entry.text or told.texts.get("purpose") or ""


def _forced(entry: Entry, told: Told, thread: Thread | None) -> None:
    if told.facts.get("forced"):
        hanging = told.facts.get("hanging")
        entry.body = _("Forced by a director with %(hanging)s things hanging.") % {"hanging": hanging}


def _criterion(entry: Entry, told: Told, thread: Thread | None) -> None:
    if criterion := told.texts.get("criterion"):
        entry.body = f"{entry.body} " + _("Kept if: %(criterion)s.") % {"criterion": criterion.rstrip(".")}


def _why(entry: Entry, told: Told, thread: Thread | None) -> None:
    if why := told.texts.get("why"):
        entry.body = f"{entry.body} {why}"


def _purpose(entry: Entry, told: Told, thread: Thread | None) -> None:
    entry.body = told.texts.get("purpose") or ""


LOOKS: dict[str, tuple[Any, ...]] = {
    "update.said": (_mail_now,),
    "note.written": (_answer_it,),
    "promise.made": (_criterion, _promise_now),
    "handoff.offered": (_handoff_now,),
    "thread.opened": (_purpose,),
    "thread.changed": (_details,),
    "thread.archived": (_forced,),
    "ask.made": (_why,),
}


def reverse_or_nothing(name: str, *args: object) -> str:
    """A module that is not there has no page to lead to."""
    try:
        return address(name, *args) if is_open(name) else ""
    except NoReverseMatch:
        return ""


def titles_of(events: Iterable[LedgerEvent], names: Names) -> Iterator[tuple[str, str]]:
    """Who and what, for the notice that somebody was quicker."""
    for event in events:
        told = Told(event, dict(event.facts), {}, names, event.recorded_at)
        # What the story leaves out, a step planned for instance, makes a page stale all the same.
        is_told = event.kind not in SILENT
        yield told.author, str(kind_of(event.kind, told.facts).title) if is_told else _("a change of it")


__all__ = ["Entry", "EntryAct", "Story", "said_contact", "story_shown", "titles_of"]
