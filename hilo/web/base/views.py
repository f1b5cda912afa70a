"""The page of all components, for whoever builds a screen. Only linked in development and tests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hilo.web.base import gallery


def components(request: HttpRequest) -> HttpResponse:
    return render(request, "web_base/components.html", gallery.context(request))
