"""Every door that speaks HTTP."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from hilo.web.doing.routes import foreign_route

for name in (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
):
    foreign_route(name)

urlpatterns: list[URLPattern | URLResolver] = [path("", include("hilo.web.urls"))]
if find_spec("hilo.web.accounts"):
    urlpatterns.insert(0, path("cuenta/", include("allauth.urls")))
