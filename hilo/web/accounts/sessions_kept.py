"""Keeps the list of where somebody is signed in true: one row when they come in, none when they go out."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from hilo.parties.models import OpenSession, Person
from hilo.web.accounts.devices import device_of

SEEN = "hilo.seen"
SELDOM = 600  # seconds: a page a minute must not become a write a minute


def keep_in_mind() -> None:
    """Django's own two signals: every way in and out passes there, whichever view asked."""
    user_logged_in.connect(_came_in, dispatch_uid="hilo.open_session")
    user_logged_out.connect(_went_out, dispatch_uid="hilo.closed_session")


class SeenMiddleware:
    """Notes, at most every ten minutes, that somebody was here; otherwise it costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = request.session
        if SESSION_KEY in session:
            now = timezone.now()
            if now.timestamp() - float(session.get(SEEN, 0)) > SELDOM:
                session[SEEN] = now.timestamp()
                OpenSession.objects.filter(key=session.session_key).update(seen_at=now)
        return self.get_response(request)


def follow_key(request: HttpRequest, old: str) -> None:
    """The same session under a new key, as after a change of the password."""
    OpenSession.objects.filter(key=old).update(key=str(request.session.session_key))


def _came_in(sender: object, request: HttpRequest, user: object, **kwargs: Any) -> None:
    if not isinstance(user, Person) or not hasattr(request, "session"):
        return
    now = timezone.now()
    request.session[SEEN] = now.timestamp()
    if request.session.session_key is None:
        request.session.save()
    _open(request, user, now)


def _open(request: HttpRequest, person: Person, now: datetime) -> None:
    browser, system = device_of(request.headers.get("User-Agent", ""))
    OpenSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "person": person,
            "browser": browser,
            "system": system,
            "address": network_of(request),
            "opened_at": now,
            "seen_at": now,
        },
    )


def _went_out(sender: object, request: HttpRequest, user: object, **kwargs: Any) -> None:
    key = request.session.session_key if hasattr(request, "session") else None
    if key:
        OpenSession.objects.filter(key=key).delete()


def network_of(request: HttpRequest) -> str:
    """Roughly where from: 83.45.12.0 of 83.45.12.7. Whose line it was exactly is nobody's business."""
    try:
        address = ipaddress.ip_address(get_client_ip(request) or "")
    except ValueError:
        return ""
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, length), strict=False).network_address)
