"""The two numbers of the top bar: what I owe today, and the handoffs that wait for an answer of mine."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import ngettext

from hilo.parties.actor import Actor
from hilo.web.base.navigation import Count
from hilo.web.doing.asking import now_of
from hilo.web.my_day.grouping import end_of_today
from hilo.work.queries.pressing import Pressing, pressing

_KEPT_AS = "_hilo_pressing"


def due_today(request: HttpRequest) -> Count | None:
    found = _pressing(request)
    if found is None or not found.due:
        return None
    words = ngettext("thing due today", "things due today", found.due)
    return Count(found.due, words, is_hot=bool(found.late))


def to_answer(request: HttpRequest) -> Count | None:
    found = _pressing(request)
    if found is None or not found.handoffs:
        return None
    return Count(found.handoffs, ngettext("to answer", "to answer", found.handoffs))


def keep(request: HttpRequest, found: Pressing) -> None:
    """Mi día has counted exactly what the badge would count again."""
    setattr(request, _KEPT_AS, found)


def _pressing(request: HttpRequest) -> Pressing | None:
    """One query for both numbers, once per request; nothing on the pages before signing in."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.person is None:
        return None
    if not hasattr(request, _KEPT_AS):
        now = now_of(request)
        keep(request, pressing(actor, now=now, until=end_of_today(now)))
    found: Pressing = getattr(request, _KEPT_AS)
    return found
