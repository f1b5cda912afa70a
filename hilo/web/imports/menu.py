"""The entry in the person's menu, for those who may import."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.web.base.navigation import NavEntry, person_menu


def add_entry() -> None:
    person_menu.add(
        NavEntry("web:imports", _("Bring in data"), "download", 60, ("web:import*",), allowed=may_import)
    )


def may_import(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return isinstance(actor, Actor) and may(actor, "import.run")
