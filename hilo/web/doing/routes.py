"""Every address of the browser, with the row of ``parties.permissions`` that it needs.

``route("hilos/<slug:code>/", page, name="thread", action="thread.see", of="thread")`` in a family's urls.py
makes the URL pattern and its row; the permission matrix is tested over ``ROUTES``. ``of`` says what kind of
object the address leads to, for the tests that try it in another delegation, confidential and deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from hilo.parties.modules import is_on, module_of_route
from hilo.parties.permissions import PERMISSIONS

NAMESPACE = "web"
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    pattern: str
    action: str
    of: str = ""
    changes: bool = False  # a POST to it changes something
    module: str = ""  # whose it is; empty for Hilo itself

    @property
    def is_public(self) -> bool:
        return self.action == PUBLIC


ROUTES: dict[str, Route] = {}


def route(
    pattern: str,
    view: Callable[..., HttpResponseBase],
    *,
    name: str,
    action: str,
    of: str = "",
    changes: bool = False,
) -> URLPattern:
    """A URL pattern of the namespace ``web``; a programming error when the action has no row."""
    if action not in PERMISSIONS and action != PUBLIC:
        raise LookupError(f"{name}: the permission table has no row {action!r}")
    full = f"{NAMESPACE}:{name}"
    known = ROUTES.get(full)
    if known is not None and known.pattern != pattern:
        raise LookupError(f"two routes are called {full}")
    ROUTES[full] = Route(full, pattern, action, of, changes, module_of_route(full, view.__module__))
    return path(pattern, view, name=name)


def foreign_route(name: str, *, action: str = PUBLIC) -> None:
    """The row of an address that somebody else's package defines (signing in, static files)."""
    ROUTES[name] = Route(name, "", action)


def action_of(request: HttpRequest) -> str:
    """What the address being answered needs, for the thing it turned out to name."""
    assert request.resolver_match is not None
    return ROUTES[request.resolver_match.view_name].action


def is_open(name: str) -> bool:
    """Whether the address leads anywhere now: not when its module rests."""
    known = ROUTES.get(name)
    return known is None or not known.module or is_on(known.module)
