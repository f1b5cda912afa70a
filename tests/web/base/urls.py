"""A house of dummy rooms: every name the frame may lead to, and the page of all components."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from hilo.web.base import gallery


@dataclass(frozen=True)
class Lucia:
    """Somebody signed in, as far as the frame looks."""

    theme: str = "auto"
    position: str = "Jefa de proyecto"
    is_authenticated: bool = True

    def __str__(self) -> str:
        return "Lucía Herrera"


def components(request: HttpRequest) -> HttpResponse:
    request.user = Lucia(theme=request.GET.get("theme", "auto"))  # type: ignore[assignment]
    return render(request, "web_base/components.html", gallery.context(request))


def room(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"room {request.path}")


def search(request: HttpRequest) -> HttpResponse:
    hits = [("/customers/", "Aguas Sierra Clara"), ("/threads/", "Recambios")]
    lines = (f'<li class="is-hit"><a class="h-hit" href="{u}"><span>{t}</span></a></li>' for u, t in hits)
    return HttpResponse(f"<h3>Clientes</h3><ul>{''.join(lines)}</ul>")


rooms = ["my_day", "threads", "handoffs", "customers", "pin", "profile", "people", "settings", "theme"]
web_urls = [*(path(f"{name}/", room, name=name) for name in rooms), path("search/", search, name="search")]
urlpatterns = [
    path("", include((web_urls, "web"))),
    path("out/", room, name="account_logout"),
    path("componentes/", components, name="components"),
]
