"""What Ctrl K offers to do and where it leads; a module adds its own with ``offer``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.parties.search import words
from hilo.web.base.navigation import main_menu, person_menu
from hilo.web.doing.routes import is_open


@dataclass(frozen=True, slots=True)
class Offer:
    """``action`` is the row of the permission table without which it is not offered; "" for everybody."""

    url_name: str
    label: str | Promise
    icon: str
    action: str = ""
    also: str | Promise = ""  # further words it is found by
    is_deed: bool = True  # something to do; else a page to go to


type More = Callable[[], list[Offer]]

OFFERS: dict[str, Offer] = {}


def offer(one: Offer) -> None:
    OFFERS[one.url_name] = one


offer(Offer("web:thread_new", _("New thread"), "needle-thread", "thread.open", _("open create begin")))
offer(Offer("web:pin", _("Pin a loose end"), "pin", "thread.work", _("note doubt remind")))
offer(Offer("web:customer_new", _("New customer"), "building", "customer.edit", _("add create company")))


def pages() -> list[Offer]:
    """Everything the menus lead to."""
    entries = [*main_menu.entries(), *person_menu.entries()]
    return [Offer(each.url_name, each.label, each.icon, is_deed=False) for each in entries]


@dataclass(frozen=True, slots=True)
class Offered:
    url: str
    label: str
    icon: str
    is_deed: bool


def offered_to(actor: Actor, query: str, *, deeds: bool) -> list[Offered]:
    """Those that begin with every word asked for; all of them when nothing was."""
    asked = words(query)
    candidates = OFFERS.values() if deeds else pages()
    return [
        Offered(url, str(each.label), each.icon, each.is_deed)
        for each in candidates
        if (url := _url(each)) and _allowed(each, actor) and _fits(each, asked)
    ]


def _url(one: Offer) -> str:
    try:
        return reverse(one.url_name) if is_open(one.url_name) else ""
    except NoReverseMatch:
        return ""


def _allowed(one: Offer, actor: Actor) -> bool:
    return not one.action or may(actor, one.action)


def _fits(one: Offer, asked: list[str]) -> bool:
    has = words(f"{one.label} {one.also}")
    return all(any(each.startswith(word) for each in has) for word in asked)
