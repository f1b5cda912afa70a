"""Where each thing of a thread stands on the screen: the links of Mi día lead to the deed itself."""

from __future__ import annotations

from django.urls import NoReverseMatch

from hilo.web.base.markup import address
from hilo.web.doing.routes import is_open
from hilo.work.models import Thread
from hilo.work.owed import Owed

# What has a page of its own, by type; each module adds its own.
OWN_PAGES = {"handoff": "web:handoff", "case": "web:case_at"}


def thread_url(thread: Thread, anchor: str = "", **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return address("web:thread", thread.code) + (f"?{asked}" if asked else "") + anchor


def place_of(thread: Thread, type: str, id: int) -> str:
    """The page of its own, if it has one; everything else has its place on the thread's."""
    own_page = OWN_PAGES.get(type)
    if own_page is not None and is_open(own_page):
        return address(own_page, id)
    return thread_url(thread, f"#{type}-{id}")


def deed_url(name: str, owed: Owed) -> str:
    """The page that does just this, ``web:thread_<name>``; without a name, its place on the thread."""
    if not name:
        return place_of(owed.thread, owed.type, owed.id)
    return address(f"web:thread_{name}", owed.thread.code, owed.id)


def url_or_empty(name: str) -> str:
    """The address of a screen that may not be there; a screen is never led to nowhere."""
    try:
        return address(name) if is_open(name) else ""
    except NoReverseMatch:
        return ""
