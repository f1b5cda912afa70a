"""One's reviews as a calendar that other programs subscribe to, at an address only its owner knows."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import translation
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hilo.channels.calendars.writing import Moment, write_calendar
from hilo.parties.actor import actor_for
from hilo.parties.models import Person
from hilo.web.doing.asking import now_of
from hilo.work.commands.calendar_addresses import person_at
from hilo.work.queries.reviews import Seat, reviews_of

DOOR = "calendar"
KEPT = timedelta(days=60)  # how long what is past stays in it
LIMITS = {"calendar_feed": "60/m/ip"}  # a calendar asks once an hour; whoever tries tokens asks more often
NOT_FOUND, TOO_MANY = "There is no calendar at this address.\n", "Too many requests.\n"


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The same 404 for a token that never was, is revoked, or whose person has left."""
    if not ratelimit.consume(request, app="hilo", action="calendar_feed", config=LIMITS, limit_get=True):
        return _plain(TOO_MANY, 429)
    person = person_at(token)
    if person is None:
        return _plain(NOT_FOUND, 404)
    with translation.override(person.language):
        body = calendar_of(person, now=now_of(request), home=_home(request))
    return _answer(request, body)


def _answer(request: HttpRequest, body: bytes) -> HttpResponse:
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or any(one.removeprefix("W/") == etag for one in known):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="hilo.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(
        text, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def _home(request: HttpRequest) -> str:
    return (settings.HILO_URL or request.build_absolute_uri("/")).rstrip("/")


def calendar_of(person: Person, *, now: datetime, home: str) -> bytes:
    actor = actor_for(person, now=now, door=DOOR)
    seats = reviews_of(person, actor, since=now - KEPT)
    return write_calendar(_("Reviews in Hilo"), [_moment(seat, home) for seat in seats])


def _moment(seat: Seat, home: str) -> Moment:
    """Of a confidential thread only that there is something, and where: calendars are read by others."""
    review, thread = seat.review, seat.review.thread
    summary, description = _("Review (confidential thread)"), ""
    if not thread.is_confidential:
        facts = {"what": review.text, "customer": thread.customer.name}
        summary = _("Review: %(what)s (%(customer)s)") % facts
        description = f"{thread.title} · {thread.code}"
        if review.step_run is not None:
            description += f"\n{review.step_run.name}"
    if seat.instead_of is not None:
        summary = _("%(what)s, for %(name)s") % {"what": summary, "name": seat.instead_of.name}
    return Moment(
        uid=f"{review.uid}@hilo",
        sequence=review.version - 1,
        changed_at=review.changed_at,
        starts_at=review.starts_at,
        minutes=review.minutes,
        summary=summary,
        description=description,
        url=f"{home}{reverse('web:map', args=[thread.code])}",
    )
