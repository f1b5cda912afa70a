"""The small words of every screen as HTML: the tags of ``{% load hilo %}`` draw with these. So do the rows
that a page shows by the dozen: they are put together in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hilo.web.base import saying
from hilo.web.base.icons import ICONS
from hilo.web.base.markup import NOTHING, markup, static_address
from hilo.web.base.strand import Line
from hilo.web.base.strand_drawing import miniature
from hilo.web.base.words import DUE_ICONS, PersonChip, Status, Turn

SOON = timedelta(hours=6)


class UnknownIcon(ValueError):
    """The name is not in ``hilo.web.base.icons``; add it there and run tools/vendor.py."""


@dataclass(frozen=True, slots=True)
class Here:
    """When, where and in which language somebody reads a page: asked once for all that it says."""

    now: datetime
    tz: tzinfo
    lang: str

    @classmethod
    def at(cls, now: datetime) -> Here:
        return cls(now, timezone.get_current_timezone(), lang())


def lang() -> str:
    return saying.language(get_language())


@lru_cache(maxsize=1024)
def icon(name: str, classes: str = "") -> SafeString:
    css = f"icon {classes}".strip()
    return markup('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, icon_link(name))


def icon_link(name: str) -> str:
    if name not in ICONS:
        raise UnknownIcon(name)
    return f"{static_address('hilo/icons.svg')}#i-{name}"


# ---- moments and money ----------------------------------------------------------------------------------


def due(
    moment: datetime | None,
    here: Here,
    state: str = "",
    *,
    whole_day: bool = False,
    short: bool = False,
    sign: str = "",
) -> SafeString:
    if moment is None:
        return NOTHING
    now, tz = here.now, here.tz
    state = state or due_state(moment, here)
    said = saying.said_due(moment, now, tz, here.lang, whole_day=whole_day)
    if state == "kept":
        said = _("kept %(when)s") % {"when": saying.said_on(moment, now, tz, here.lang)}
    elif short and moment >= now:
        said = said.removeprefix("vence ").removeprefix("due ")
    exact = (saying.exact_day if whole_day else saying.exact)(moment, tz, here.lang)
    return SafeString(
        f'<time class="h-due h-due--{state}" datetime="{moment.isoformat()}" title="{escape(exact)}">'
        f"{icon(sign or DUE_ICONS[state])}{escape(said)}</time>"
    )


def due_state(moment: datetime, here: Here) -> str:
    """Late once past; soon within six hours; today until midnight; else ok."""
    left = moment - here.now
    if left < timedelta():
        return "late"
    if left <= SOON:
        return "soon"
    return "today" if moment.astimezone(here.tz).date() == here.now.astimezone(here.tz).date() else "ok"


def moment(when: datetime | None, here: Here) -> SafeString:
    return (
        NOTHING if when is None else _time(when, saying.said_moment(when, here.now, here.tz, here.lang), here)
    )


def day(when: datetime | None, here: Here) -> SafeString:
    return NOTHING if when is None else _time(when, saying.said_day(when, here.now, here.tz, here.lang), here)


def ago(when: datetime | None, here: Here) -> SafeString:
    return NOTHING if when is None else _time(when, saying.said_ago(when, here.now, here.lang), here)


def age(since: datetime | None, here: Here) -> SafeString:
    if since is None:
        return NOTHING
    return _time(since, saying.said_length((here.now - since).total_seconds(), here.lang), here)


def short_date(when: datetime, here: Here) -> SafeString:
    today = here.now.astimezone(here.tz).date()
    return _time(when, saying.said_short_date(when.astimezone(here.tz).date(), today, here.lang), here)


def _time(when: datetime, said: str, here: Here) -> SafeString:
    exact = saying.exact(when, here.tz, here.lang)
    return SafeString(f'<time datetime="{when.isoformat()}" title="{escape(exact)}">{escape(said)}</time>')


def money(amount: Decimal | int | None, currency: str, language: str, *, at_risk: bool = False) -> SafeString:
    if amount is None:
        return NOTHING
    classes = "h-money h-money--risk" if at_risk else "h-money"
    return markup('<span class="{}">{}</span>', classes, saying.said_money(amount, currency, language))


# ---- turn, person, status -------------------------------------------------------------------------------


def turn_chip(turn: Turn) -> SafeString:
    kind = "customer" if turn.kind == "supplier" else turn.kind
    return markup('<span class="h-turn h-turn--{}">{}{}</span>', kind, icon(turn.sign), turn.label)


def avatar(chip: PersonChip, *, large: bool = False) -> SafeString:
    kinds = {"h-avatar--lg": large, "h-avatar--mine": chip.is_me, "h-avatar--customer": chip.is_customer}
    classes = " ".join(["h-avatar", *(name for name, wanted in kinds.items() if wanted)])
    return markup('<span class="{}" aria-hidden="true">{}</span>', classes, chip.initials)


def status(shown: Status, *, large: bool = False) -> SafeString:
    tone = f" h-status--{shown.tone}" if shown.tone else ""
    size = " h-status--lg" if large else ""
    return markup('<span class="h-status{}{}">{}{}</span>', tone, size, icon(shown.icon), shown.label)


# ---- the thread line ------------------------------------------------------------------------------------


def strand(line: Line, *, labelled: bool = True) -> SafeString:
    """The miniature of lists, with the label of what frays beneath it."""
    mini = miniature(line)
    parts = [f'<i class="{one.classes}"><span class="{one.strand_classes}"></span></i>' for one in mini.past]
    knot = f'<b class="{mini.knot}"></b>' if mini.knot else "<b></b>"
    ahead = mini.future
    future = f'<i class="{ahead.classes}"><span class="{ahead.strand_classes}"></span></i>' if ahead else ""
    drawn = f"{''.join(parts)}{knot}{future}"
    label = strand_label(line) if labelled else ""
    return SafeString(
        f'<span class="h-mini" role="img" aria-label="{escape(line.words)}">{drawn}</span>{label}'
    )


def strand_label(line: Line) -> str:
    if not line.label:
        return ""
    calm, label = " h-gap--calm" if line.is_paused else "", escape(line.label)
    return f'<span class="h-gap{calm}" title="{label}">{label}</span>'
