"""Every door that speaks HTTP."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hilo.web.accounts.doors")),
    path("", include("hilo.web.urls")),
]
