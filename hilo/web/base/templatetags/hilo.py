"""``{% load hilo %}``: the small words of every screen. How to use each: docs/screens.md.

Tags take plain values or the dataclasses of ``hilo.web.base.words``. Times are shown in the active zone and
language; a view that puts ``now`` into the context gives the whole page one now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hilo.parties.modules import is_on
from hilo.web.base import drawn, form_drawing, saying
from hilo.web.base.drawn import Here
from hilo.web.base.map_drawing import map_drawn, rungs_drawn
from hilo.web.base.markup import NOTHING, markup
from hilo.web.base.navigation import Menu, ShownEntry, main_menu, person_menu
from hilo.web.base.nodes import keep_literal, put_in_place_of_djangos
from hilo.web.base.strand import Line
from hilo.web.base.strand_map import draw as strand_map_of
from hilo.web.base.strand_map import rungs
from hilo.web.base.words import (
    AreaChip,
    BorderState,
    PersonChip,
    Stale,
    Status,
    Tone,
    Turn,
    TurnKind,
    initials,
)

register = template.Library()
put_in_place_of_djangos(register)

SOON = drawn.SOON
lang = drawn.lang


# ---- icons ----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """Decorative unless ``label`` is given; then it is an image with that name."""
    if not label:
        return drawn.icon(name, classes)
    link, css = drawn.icon_link(name), f"icon {classes}".strip()
    return markup('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, link)


keep_literal(register, "icon")


# ---- moments and money ----------------------------------------------------------------------------------


def now_of(context: Context) -> datetime:
    """What the view put there, else the moment the request came in, else the clock."""
    for now in (context.get("now"), getattr(context.get("request"), "now", None)):
        if isinstance(now, datetime):
            return now
    return timezone.now()


def here_of(context: Context) -> Here:
    return Here.at(now_of(context))


@register.simple_tag(takes_context=True)
def due(
    context: Context,
    moment: datetime | None,
    state: str = "",
    *,
    whole_day: bool = False,
    short: bool = False,
    sign: str = "",
) -> SafeString:
    """A deadline with its icon. ``state``: late, soon, today, ok or kept; worked out when left empty.

    ``short`` leaves "vence" out where the column already says it. ``sign`` is another icon, where several
    clocks stand beside each other. None draws nothing.
    """
    if moment is None:
        return NOTHING
    return drawn.due(moment, here_of(context), state, whole_day=whole_day, short=short, sign=sign)


@register.simple_tag(takes_context=True)
def moment(context: Context, when: datetime | None) -> SafeString:
    """When something happened: "hoy 08:52", "jue 19, 16:20"; the exact one in the title."""
    return NOTHING if when is None else drawn.moment(when, here_of(context))


@register.simple_tag(takes_context=True)
def day(context: Context, when: datetime | None) -> SafeString:
    """The day alone: "hoy", "jueves 26", "1 dic"."""
    return NOTHING if when is None else drawn.day(when, here_of(context))


@register.simple_tag(takes_context=True)
def ago(context: Context, when: datetime | None) -> SafeString:
    """hace 3 días."""
    return NOTHING if when is None else drawn.ago(when, here_of(context))


@register.simple_tag(takes_context=True)
def age(context: Context, since: datetime | None) -> SafeString:
    """How old, without "hace": 82 días."""
    return NOTHING if since is None else drawn.age(since, here_of(context))


@register.simple_tag(takes_context=True)
def today(context: Context) -> str:
    """Martes, 24 de noviembre: for the crumb of Mi día."""
    here = now_of(context).astimezone(timezone.get_current_timezone())
    return saying.said_long_date(here.date(), lang())


@register.simple_tag
def money(amount: Decimal | int | None, currency: str = "EUR", *, at_risk: bool = False) -> SafeString:
    """412.000 €; None draws nothing, which is not the same as 0 €."""
    return drawn.money(amount, currency, lang(), at_risk=at_risk)


@register.filter
def number(value: Decimal | float | int | None, places: int = 0) -> str:
    return "" if value is None else saying.said_number(value, lang(), places=places)


# ---- turn, person, area, status -------------------------------------------------------------------------


@register.simple_tag
def turn_chip(turn: Turn | TurnKind, label: str = "", icon_name: str = "") -> SafeString:
    """Whose action is awaited. Give a ``Turn``, or kind and label."""
    return drawn.turn_chip(turn if isinstance(turn, Turn) else Turn(turn, label, icon_name))


@register.simple_tag
def avatar(person: PersonChip | str, *, large: bool = False) -> SafeString:
    return drawn.avatar(person if isinstance(person, PersonChip) else PersonChip(person), large=large)


@register.simple_tag
def person_chip(person: PersonChip | str, detail: str = "") -> SafeString:
    chip = person if isinstance(person, PersonChip) else PersonChip(person, detail)
    small = markup(" <small>· {}</small>", chip.detail) if chip.detail else NOTHING
    name = markup('<a class="text-reset" href="{}">{}</a>', chip.url, chip.name) if chip.url else chip.name
    return markup('<span class="h-person">{}<span>{}{}</span></span>', drawn.avatar(chip), name, small)


@register.simple_tag
def area_chip(area: AreaChip | str, icon_name: str = "") -> SafeString:
    chip = area if isinstance(area, AreaChip) else AreaChip(area, icon_name or "users")
    return markup('<span class="h-area">{}{}</span>', drawn.icon(chip.icon), chip.name)


@register.simple_tag
def status(label: Status | str, icon_name: str = "", tone: Tone = "", *, large: bool = False) -> SafeString:
    """``{% status "Cumplido" "circle-check" "ok" %}`` or a ``Status``. Icon and word always."""
    return drawn.status(label if isinstance(label, Status) else Status(label, icon_name, tone), large=large)


@register.simple_tag
def count(number_shown: int, words: str = "", kind: str = "") -> SafeString:
    """The small number beside a heading; ``words`` are read out after it ("por responder")."""
    classes = f"h-count h-count--{kind}" if kind else "h-count"
    spoken = markup('<span class="visually-hidden"> {}</span>', words) if words else NOTHING
    return markup('<span class="{}">{}{}</span>', classes, number_shown, spoken)


@register.filter(name="is_on")
def module_is_on(code: str) -> bool:
    """Whether a screen may mention what that module adds: ``{% if "cases"|is_on %}``."""
    return is_on(code)


@register.filter(name="initials")
def initials_of(name: str) -> str:
    return initials(name)


# ---- the thread line ------------------------------------------------------------------------------------


@register.simple_tag
def strand(line: Line, *, labelled: bool = True) -> SafeString:
    """The miniature of lists, with the label of what frays beneath it."""
    return drawn.strand(line, labelled=labelled)


@register.inclusion_tag("components/map.html", takes_context=True)
def strand_map(
    context: Context, line: Line, note: str = "", title: str = "", url: str = "", action: str = ""
) -> dict[str, object]:
    """The map of the thread page in its three widths. ``note`` stands on the right of its head, then the
    way (``url``, ``action``) to the page that shows more."""
    here, today = here_of(context), _("today")
    wide, middle = (strand_map_of(line, here.tz, here.lang, width=width) for width in (1280, 860))
    return {
        "line": line,
        "note": note,
        "url": url,
        "action": action,
        "title": title or _("Map"),
        "steps_done": line.steps_done,
        "steps": line.steps_done + line.steps_ahead,
        "wide": map_drawn("wide", wide, line.words, today),
        "middle": map_drawn("middle", middle, line.words, today),
        "rungs": rungs_drawn(rungs(line), here),
    }


@register.inclusion_tag("components/border.html")
def strand_border(
    giver: PersonChip, receiver: PersonChip, state: BorderState = "waiting", label: str = ""
) -> dict[str, object]:
    """The border between two areas: waiting, accepted, returned, withdrawn or draft."""
    return {"giver": giver, "receiver": receiver, "state": state, "label": label}


@register.simple_tag
def strand_sample(kind: str = "") -> SafeString:
    """One bare horizontal stretch, for legends: "", wait, bounce, silent, paused, blocked, todo."""
    css = f"h-strand-x h-strand--{kind}" if kind else "h-strand-x"
    return markup('<span class="h-legend" aria-hidden="true"><span class="{}"></span></span>', css)


@register.simple_tag(takes_context=True)
def short_date(context: Context, when: datetime) -> SafeString:
    """24 nov, with the year when it is another."""
    return drawn.short_date(when, here_of(context))


# ---- forms ----------------------------------------------------------------------------------------------


field = register.simple_tag(form_drawing.field)
control = register.simple_tag(form_drawing.control, name="control_of")


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """At the head of a form that was refused: every reason, each leading to its field."""
    return {"form": form, "wrong": [bound for bound in form if bound.errors]}


# ---- pieces ---------------------------------------------------------------------------------------------


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, text: str = "", *, sign: str = "needle-thread", url: str = "", action: str = ""
) -> dict[str, str]:
    """Nothing here yet: says so and what to do."""
    return {"title": title, "text": text, "sign": sign, "url": url, "action": action}


@register.inclusion_tag("components/stale.html")
def stale(notice: Stale | None) -> dict[str, Stale | None]:
    """Somebody was faster: nothing was changed, what was typed is still in the form."""
    return {"notice": notice}


@register.inclusion_tag("components/alert.html")
def alert(text: str, tone: str = "", sign: str = "") -> dict[str, str]:
    """tone: "" (amber), late, info, ok."""
    signs = {"": "alert-triangle", "late": "alert-circle", "info": "info-circle", "ok": "circle-check"}
    return {"text": text, "tone": tone, "sign": sign or signs[tone]}


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: Context,
    label: str,
    *,
    url: str,
    question: str,
    action: str,
    sign: str = "",
    danger: bool = False,
    small: bool = False,
    seen: str = "",
) -> dict[str, object]:
    """A button that first asks. Works without a script: opening it is the first step.

    ``action`` is the verb on the button that does it; ``seen`` is the state the page showed.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "question": question,
        "action": action,
        "sign": sign,
        "danger": danger,
        "small": small,
        "seen": seen,
    }


@register.inclusion_tag("components/loading.html")
def loading(text: str = "") -> dict[str, str]:
    return {"text": text or _("Loading…")}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, object]:
    """Keeps every other parameter of the address."""
    return {"page": page, "earlier": _page_url(context, page.number - 1, parameter),
            "later": _page_url(context, page.number + 1, parameter)}  # fmt: skip


def _page_url(context: Context, number_wanted: int, parameter: str) -> str:
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query[parameter] = str(number_wanted)
    return f"?{query.urlencode()}"


# ---- frame ----------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def main_entries(context: Context) -> list[ShownEntry]:
    return shown_once(context, main_menu, "_hilo_main_entries")


@register.simple_tag(takes_context=True)
def person_entries(context: Context) -> list[ShownEntry]:
    return shown_once(context, person_menu, "_hilo_person_entries")


def shown_once(context: Context, menu: Menu, kept_as: str) -> list[ShownEntry]:
    """Top bar and phone tabs show the same entries; their counters are asked once per request."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return []
    if not hasattr(request, kept_as):
        setattr(request, kept_as, menu.shown(request))
    entries: list[ShownEntry] = getattr(request, kept_as)
    return entries


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """auto, light or dark, as the person chose."""
    user = getattr(context.get("request"), "user", None)
    return str(getattr(user, "theme", "") or "auto")


@register.filter
def on_phone(entries: Iterable[ShownEntry]) -> list[ShownEntry]:
    """At most five tabs fit a thumb."""
    return [entry for entry in entries if entry.on_phone][:5]


@register.filter
def off_phone(entries: Iterable[ShownEntry]) -> list[ShownEntry]:
    """What found no tab stands in the person's menu on a phone."""
    entries = list(entries)
    return [entry for entry in entries if entry not in on_phone(entries)]
