"""*Mi semana de revisiones*: the week of looking in, and the threads nobody plans to look in on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from hilo.web.base import saying
from hilo.web.base.hours import said_long_day
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.map.facts import lang
from hilo.work.models import ReviewMoment
from hilo.work.queries.reviews import Seat, reviews_of, threads_unreviewed, week_of

MOST_UNREVIEWED = 20


@dataclass(slots=True)
class Day:
    date: date
    name: str
    is_today: bool
    seats: list[Seat] = field(default_factory=list)


@require_GET
def my_reviews(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    me = actor.one
    asked = _asked(request.GET.get("semana", ""), timezone.localtime(now).date())
    first, until = week_of(asked, me.zone)
    seats = reviews_of(me, actor, since=first, until=until)
    unreviewed = list(threads_unreviewed(actor, now=now)[: MOST_UNREVIEWED + 1])
    facts = {
        "now": now,
        "headline": _headline(seats),
        "days": _days(first, seats, now),
        "unreviewed": unreviewed[:MOST_UNREVIEWED],
        "more": len(unreviewed) > MOST_UNREVIEWED,
        "before": (first - timedelta(days=7)).date().isoformat(),
        "after": (first + timedelta(days=7)).date().isoformat(),
        "this_week": first <= now < until,
        "week": _week_said(first),
    }
    return render(request, "web_map/week.html", facts)


def _asked(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today
    return day if 1990 <= day.year < 2190 else today


def _headline(seats: list[Seat]) -> str:
    planned = [seat for seat in seats if seat.review.state == ReviewMoment.State.PLANNED]
    minutes = sum(seat.review.minutes for seat in planned)
    if not planned:
        return _("No review planned this week")
    said = ngettext("%(n)d review this week: %(time)s", "%(n)d reviews this week: %(time)s", len(planned))
    return said % {"n": len(planned), "time": saying.said_length(minutes * 60, lang())}


def _week_said(first: datetime) -> str:
    return _("Week of %(day)s") % {"day": said_long_day(first)}


def _days(first: datetime, seats: list[Seat], now: datetime) -> list[Day]:
    """From Monday to Friday, and the weekend where somebody planned something on it."""
    zone = first.tzinfo
    today = now.astimezone(zone).date()
    days = [first.date() + timedelta(days=number) for number in range(7)]
    found = {day: Day(day, _name(day), day == today) for day in days}
    for seat in seats:
        found[seat.review.starts_at.astimezone(zone).date()].seats.append(seat)
    return [day for day in found.values() if day.date.weekday() < 5 or day.seats]


def _name(day: date) -> str:
    return f"{saying.WEEKDAYS[lang()][day.weekday()]} {day.day}"
