"""The thread line for those who cannot see it, and the label of what frays. The same facts as the drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from hilo.web.base.kept_words import gettext as _
from hilo.web.base.kept_words import ngettext, pgettext
from hilo.web.base.spans import Block, BorderSpan, Pause, Silence, Span, WorkSpan


@dataclass(frozen=True)
class Facts:
    """What of the spans is said in words, picked out in one pass."""

    borders: list[BorderSpan]
    silences: list[Silence]
    open_pause: Pause | None
    open_block: Block | None
    is_moving: bool
    steps_ahead: int
    is_archived: bool

    @classmethod
    def of(cls, story: Iterable[Span], *, steps_ahead: int, is_archived: bool) -> Facts:
        kinds: dict[type, list[Any]] = {}
        for span in story:
            kinds.setdefault(type(span), []).append(span)
        return cls(
            borders=sorted(kinds.get(BorderSpan, ()), key=_opened_at),
            silences=kinds.get(Silence, []),
            open_pause=_first_open(kinds.get(Pause, ())),
            open_block=_first_open(kinds.get(Block, ())),
            is_moving=_first_open(kinds.get(WorkSpan, ())) is not None,
            steps_ahead=steps_ahead,
            is_archived=is_archived,
        )

    @cached_property
    def open_borders(self) -> list[BorderSpan]:
        return [span for span in self.borders if span.closed_at is None]

    @cached_property
    def open_silence(self) -> Silence | None:
        silence: Silence | None = _first_open(self.silences)
        return silence

    @property
    def unmended_return(self) -> BorderSpan | None:
        """The last return that nobody has offered again across the same border."""
        latest = {(span.from_area, span.to_area): span for span in self.borders}
        returned = [span for span in latest.values() if span.was_returned]
        return max(returned, key=_opened_at, default=None)


_opened_at = attrgetter("opened_at")


def _first_open(spans: Iterable[Any]) -> Any:
    for span in spans:
        if span.closed_at is None:
            return span
    return None


def words(facts: Facts) -> str:
    """One sentence with everything the picture says; what holds now comes first."""
    pieces = [
        *_state_now(facts),
        *_bounces(facts),
        *(_waits_now(span) for span in facts.open_borders if not facts.is_archived),
        *_silences(facts),
        *_block(facts),
        *_steps_ahead(facts),
    ]
    said = "; ".join(pieces)
    return said[:1].upper() + said[1:]


def label(facts: Facts) -> str:
    """The one visible label of what frays (or rests) today; empty when all is well."""
    if facts.is_archived:
        return ""
    if facts.open_borders:
        return stretch_label(facts.open_borders[0], is_open=True)
    if facts.open_silence:
        return stretch_label(facts.open_silence, is_open=True)
    if facts.unmended_return:
        return stretch_label(facts.unmended_return, is_open=False)
    return stretch_label(facts.open_pause, is_open=True) if facts.open_pause else ""


def sentence_now(facts: Facts) -> str:
    """For the head of the timeline: "Ahora: espera en la frontera con Producción, 3 días laborables"."""
    if facts.is_archived or not label(facts):
        return ""
    if facts.open_borders:
        return _("Now: %(what)s") % {"what": _waits_now(facts.open_borders[0])}
    if facts.open_silence:
        return _("Now: %(what)s") % {"what": _lower(_no_news(facts.open_silence))}
    return _("Now: %(what)s") % {"what": _lower(label(facts))}


def stretch_label(span: Span | None, *, is_open: bool) -> str:
    match span:
        case BorderSpan() if span.was_returned:
            said = _("Bounced at %(area)s") % {"area": span.to_area}
            return _("%(what)s: %(reason)s") % {"what": said, "reason": span.reason} if span.reason else said
        case BorderSpan():
            said = _("Waits for %(area)s") if is_open else _("Waited for %(area)s")
            return _with_duration(said % {"area": span.to_area}, span.duration)
        case Silence():
            return _quiet(span)
        case Pause():
            return _paused(span)
        case Block():
            return _blocked(span)
        case _:
            return ""


def _state_now(facts: Facts) -> list[str]:
    if facts.is_archived:
        return [pgettext("thread line", "archived")]
    if facts.open_pause:
        return [_lower(_paused(facts.open_pause))]
    if facts.is_moving:
        return [_("it moves")]
    return [] if facts.open_borders else [_("nothing is running now")]


def _bounces(facts: Facts) -> list[str]:
    pairs = Counter((span.from_area, span.to_area) for span in facts.borders if span.was_returned)
    return [
        ngettext(
            "it bounced %(times)d time between %(giver)s and %(receiver)s",
            "it bounced %(times)d times between %(giver)s and %(receiver)s",
            times,
        )
        % {"times": times, "giver": giver, "receiver": receiver}
        for (giver, receiver), times in pairs.items()
    ]


def _waits_now(span: BorderSpan) -> str:
    said = _("it waits at the border with %(area)s") % {"area": span.to_area}
    return _with_duration(said, span.duration)


def _silences(facts: Facts) -> list[str]:
    now = facts.open_silence if not facts.is_archived else None
    past = [span for span in facts.silences if span is not now]
    pieces = [_lower(_no_news(now))] if now else []
    if len(past) == 1:
        pieces.append(_("earlier, %(silence)s") % {"silence": _lower(_no_news(past[0]))})
    elif past:
        pieces.append(_("earlier, %(count)d silences towards the customer") % {"count": len(past)})
    return pieces


def _block(facts: Facts) -> list[str]:
    return [_lower(_blocked(facts.open_block))] if facts.open_block else []


def _steps_ahead(facts: Facts) -> list[str]:
    if not facts.steps_ahead:
        return []
    said = ngettext("%(count)d step ahead", "%(count)d steps ahead", facts.steps_ahead)
    return [said % {"count": facts.steps_ahead}]


def _quiet(span: Silence) -> str:
    """Short, for the label: whom we owe the news is plain on the screen."""
    if not (duration := span.duration):
        return _("No news")
    return _("%(duration)s without news") % {"duration": duration}


def _no_news(span: Silence) -> str:
    if not (duration := span.duration):
        return _("No news to the customer")
    return _("%(duration)s without news to the customer") % {"duration": duration}


def _paused(span: Pause) -> str:
    if not span.until_text:
        return pgettext("thread line", "Paused")
    return _("Paused until %(when)s") % {"when": span.until_text}


def _blocked(span: Block) -> str:
    return _with_duration(_("Invoice blocked"), span.amount_text)


def _with_duration(said: str, detail: str) -> str:
    return f"{said}, {detail}" if detail else said


def _lower(said: str) -> str:
    return said[:1].lower() + said[1:]
