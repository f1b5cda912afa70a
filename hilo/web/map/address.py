"""*Mi calendario*: make, renew and revoke the secret address of one's reviews."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hilo.errors import RuleViolation
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import done
from hilo.work.commands.calendar_addresses import make_calendar_address, revoke_calendar_address
from hilo.work.models import CalendarAddress


@never_cache
def calendar_address(request: HttpRequest) -> HttpResponse:
    """The address shows once, on the page that answers its making: nobody can read it again."""
    actor, now = actor_of(request), now_of(request)
    if request.method == "POST" and request.POST.get("do") == "revoke":
        return _revoke(request)
    secret = ""
    if request.method == "POST":
        if request.POST.get("do") != "make":
            raise RuleViolation(_("Choose one of the options."))
        token = make_calendar_address(by=actor, now=now)
        home = (settings.HILO_URL or request.build_absolute_uri("/")).rstrip("/")
        secret = home + reverse("web:calendar_feed", args=[token])
        messages.success(request, _("The address is made. Copy it now: it is shown only once."))
    facts = {"address": _mine(request), "secret": secret, "now": now}
    return render(request, "web_map/address.html", facts)


def _mine(request: HttpRequest) -> CalendarAddress | None:
    return CalendarAddress.objects.filter(person=actor_of(request).one, revoked_at=None).first()


def _revoke(request: HttpRequest) -> HttpResponse:
    address = _mine(request)
    if address is None:
        raise RuleViolation(_("This address does not open anything any more."))
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
    revoke_calendar_address(address, seen=known, by=actor_of(request), now=now_of(request))
    return done(request, reverse("web:calendar_address"), _("The address no longer opens anything."))
