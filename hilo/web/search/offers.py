"""What Ctrl K offers to do and where it leads; a module adds its own with ``offer``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilo.parties.permissions import may
from hilo.parties.search import words
from hilo.web.base.navigation import Allowed, main_menu, person_menu
from hilo.web.doing.asking import actor_of
from hilo.web.doing.routes import PUBLIC, ROUTES, is_open


@dataclass(frozen=True, slots=True)
class Offer:
    """Offered to whom its address opens for; ``action`` is a further row of the permission table it needs."""

    url_name: str
    label: str | Promise
    icon: str
    action: str = ""
    also: str | Promise = ""  # further words it is found by
    is_deed: bool = True  # something to do; else a page to go to
    allowed: Allowed | None = None  # what a menu asks besides


type More = Callable[[], list[Offer]]

OFFERS: dict[str, Offer] = {}


def offer(one: Offer) -> None:
    OFFERS[one.url_name] = one


offer(Offer("web:thread_new", _("New thread"), "needle-thread", "thread.open", _("open create begin")))
offer(Offer("web:pin", _("Pin a loose end"), "pin", "thread.work", _("note doubt remind")))
offer(Offer("web:customer_new", _("New customer"), "building", "customer.edit", _("add create company")))


def pages() -> list[Offer]:
    """Everything the menus lead to, and the pages that no menu has."""
    entries = [*main_menu.entries(), *person_menu.entries()]
    led_to = [Offer(one.url_name, one.label, one.icon, is_deed=False, allowed=one.allowed) for one in entries]
    return [*led_to, *(each for each in OFFERS.values() if not each.is_deed)]


@dataclass(frozen=True, slots=True)
class Offered:
    url: str
    label: str
    icon: str
    is_deed: bool


def offered_to(request: HttpRequest, query: str, *, deeds: bool) -> list[Offered]:
    """Those that begin with every word asked for; all of them when nothing was."""
    asked = words(query)
    candidates = [each for each in OFFERS.values() if each.is_deed] if deeds else pages()
    return [
        Offered(url, str(each.label), each.icon, each.is_deed)
        for each in candidates
        if (url := _url(each)) and _may_open(each, request) and _fits(each, asked)
    ]


def _url(one: Offer) -> str:
    try:
        return reverse(one.url_name) if is_open(one.url_name) else ""
    except NoReverseMatch:
        return ""


def _may_open(one: Offer, request: HttpRequest) -> bool:
    """What would answer that it is not for this person is not offered to them."""
    actor = actor_of(request)
    known = ROUTES.get(one.url_name)
    needed = {one.action, known.action if known else ""} - {"", PUBLIC}
    return all(may(actor, action) for action in needed) and (one.allowed is None or one.allowed(request))


def _fits(one: Offer, asked: list[str]) -> bool:
    has = words(f"{one.label} {one.also}")
    return all(any(each.startswith(word) for each in has) for word in asked)
