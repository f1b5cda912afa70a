"""Who asks, and when: set once per request by ``middleware``."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest

from hilo.parties.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who is signed in, with the roles of today. Only behind a route that is not public."""
    return cast(Actor, getattr(request, "actor"))  # noqa: B009


def now_of(request: HttpRequest) -> datetime:
    """One now for the whole request: what the page says and what its command records agree."""
    return cast(datetime, getattr(request, "now"))  # noqa: B009


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
