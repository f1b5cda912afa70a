"""*Mi día*, the start page, and the notices one has seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hilo.parties.commands.notices import read_notices
from hilo.web.base.hours import said_at
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.my_day import badges
from hilo.web.my_day.grouping import Group
from hilo.web.my_day.places import url_or_empty
from hilo.web.my_day.rows import Day, Row, day_of
from hilo.web.my_day.side import covers_of, notices_of, supervised_by
from hilo.work.access import threads_visible_to
from hilo.work.owed import OwedTo
from hilo.work.queries.beside_my_day import beside_my_day

MOST_SHOWN = 40  # of a group: nobody reads further, and who wants to asks for all


@dataclass(frozen=True, slots=True)
class Chip:
    value: str
    label: str
    count: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """``rows`` are the first of ``count``, in the order in which they matter."""

    value: str
    label: str
    rows: list[Row]
    count: int

    @property
    def left(self) -> int:
        return self.count - len(self.rows)


@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    day = day_of(actor, now=now, only=_asked_only(request))
    badges.keep(request, day.pressing)
    most = None if "all" in request.GET else MOST_SHOWN
    today = timezone.localtime(now).date()
    beside = beside_my_day(actor, today=today)
    facts = {
        "now": now,
        "day": day,
        "headline": headline(day),
        "lead": _lead(day),
        "chips": _chips(day),
        "groups": _groups(day, most),
        "later": _shown(Group.LATER, "", day, most),
        "sees_money": actor.sees_money,
        "next_up": _next_up(day, now),
        "supervised": supervised_by(beside, now=now),
        "supervised_count": beside.supervised_count,
        "covers": covers_of(beside, actor, today=today),
        "notices": notices_of(beside),
        "is_empty_company": not day.rows and not threads_visible_to(actor).exists(),
        "new_thread_url": url_or_empty("web:thread_new"),
        "threads_url": url_or_empty("web:threads"),
    }
    return render(request, "web_my_day/my_day.html", facts)


def _asked_only(request: HttpRequest) -> OwedTo | None:
    asked = request.GET.get("to")
    return next((to for to in OwedTo if to.value == asked), None)


def headline(day: Day) -> str:
    """Hoy debes 7 cosas; 2 ya van tarde."""
    count, late = len(day.todays), day.late
    if not count:
        return _("You owe nothing today")
    owed = ngettext("Today you owe %(count)d thing", "Today you owe %(count)d things", count)
    if not late:
        return owed % {"count": count}
    if late == count:
        tail = ngettext("it is late already", "all of them are late already", late)
    else:
        tail = ngettext("%(late)d is late already", "%(late)d are late already", late)
    return f"{owed}; {tail}" % {"count": count, "late": late}


def _lead(day: Day) -> str:
    if day.todays:
        return _("In the order in which it matters to the customer, not in which it arrived.")
    return _("No customer, area or colleague is waiting for you.")


def _chips(day: Day) -> list[Chip]:
    labels = {
        OwedTo.CUSTOMER: _("To customers"),
        OwedTo.AREA: _("To other areas"),
        OwedTo.SELF: _("With myself"),
    }
    everything = Chip("", _("Everything"), None, day.only is None)
    return [
        everything,
        *(Chip(to.value, label, day.counts[to], day.only is to) for to, label in labels.items()),
    ]


def _groups(day: Day, most: int | None) -> list[ShownGroup]:
    labels = {
        Group.LATE: _("Late already"),
        Group.TODAY: _("Today"),
        Group.WEEK: _("This week"),
    }
    groups = [_shown(group, label, day, most) for group, label in labels.items()]
    return [group for group in groups if group.count]


def _shown(group: Group, label: str, day: Day, most: int | None) -> ShownGroup:
    rows = day.of(group)
    return ShownGroup(group.value, label, rows[:most], len(rows))


def _next_up(day: Day, now: datetime) -> tuple[Row, str] | None:
    row = day.next_up
    return (row, said_at(row.owed.due, now)) if row else None


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    ids = [int(each) for each in request.POST.getlist("notice") if each.isascii() and each.isdigit()]
    read_notices(actor.one, ids=ids[:100], now=now)
    return redirect("web:my_day")
