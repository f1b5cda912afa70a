"""*Dónde estás dentro*: the browsers one is signed in with, and the way to end each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hilo.parties.commands.sessions import end_other_sessions, end_session, end_sessions_of
from hilo.parties.models import OpenSession
from hilo.parties.queries.company import policy
from hilo.web.accounts.devices import PHONES, device_words
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done
from hilo.web.people.fetching import LARGEST_ID, person_at, url_of

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    pk: int
    device: str
    icon: str
    address: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool


@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    here = request.session.session_key
    rows = OpenSession.objects.filter(person=actor_of(request).one).order_by("-seen_at", "-pk")[:MOST_SHOWN]
    shown = sorted((_shown(row, here) for row in rows), key=lambda each: not each.is_this)
    facts = {
        "sessions": shown,
        "others": sum(not each.is_this for each in shown),
        "idle_days": policy().session_idle_days,
    }
    return render(request, "web_accounts/sessions.html", facts)


def _shown(row: OpenSession, here: str | None) -> Shown:
    return Shown(
        pk=row.pk,
        device=device_words(row.browser, row.system),
        icon="phone" if row.system in PHONES else "world",
        address=row.address,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        is_this=row.key == here,
    )


@never_cache
@require_POST
def session_ended(request: HttpRequest, pk: int) -> HttpResponse:
    """Ending the one they are in is signing out."""
    actor = actor_of(request)
    row = OpenSession.objects.filter(person=actor.one, pk=min(pk, LARGEST_ID)).first()
    if row is None:
        raise Http404
    end_session(row, by=actor, now=now_of(request))
    if row.key == request.session.session_key:
        logout(request)
        return redirect("account_login")
    return done(request, reverse("web:sessions"), _("That device is out."))


@never_cache
@require_POST
def other_sessions_ended(request: HttpRequest) -> HttpResponse:
    ended = end_other_sessions(
        keep=str(request.session.session_key), by=actor_of(request), now=now_of(request)
    )
    if not ended:
        return done(request, reverse("web:sessions"), _("You were signed in nowhere else."))
    said = ngettext("One other device is out.", "%(n)s other devices are out.", ended) % {"n": ended}
    return done(request, reverse("web:sessions"), said)


@never_cache
@require_POST
def person_sessions_ended(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_at(request, pk)
    end_sessions_of(person, by=actor_of(request), now=now_of(request))
    said = _("%(name)s is signed out everywhere. They come in again with their password.")
    return done(request, url_of(person), said % {"name": person.name})
