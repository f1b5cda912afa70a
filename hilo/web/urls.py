"""The screens, family by family. Each family's urls.py lists its own with ``hilo.web.doing.routes.route``."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "web"

FAMILIES = (
    "hilo.web.my_day",
    "hilo.web.lists",  # before threads: hilos/nuevo/ is no thread
    "hilo.web.threads",
    "hilo.web.map",
    "hilo.web.causes",
    "hilo.web.handoffs",
    "hilo.web.cases",
    "hilo.web.customers",
    "hilo.web.money",
    "hilo.web.week",
    "hilo.web.search",
    "hilo.web.imports",
    "hilo.web.people",
    "hilo.web.accounts",
    "hilo.web.company",
    "hilo.web.processes",
    "hilo.web.diagnosis",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"{family}.urls"))
    for family in FAMILIES
    if find_spec(family) and find_spec(f"{family}.urls")
]
