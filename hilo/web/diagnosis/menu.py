"""*Análisis* in the top bar and its pages beneath it, for those who may see a diagnosis."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.web.base.navigation import NavEntry, analysis_menu, main_menu

PAGES = ("web:diagnos*",)


def add_entries() -> None:
    entry = NavEntry("web:diagnoses", _("Analysis"), "radar-2", 60, PAGES, allowed=may_see)
    main_menu.add(entry)
    analysis_menu.add(
        NavEntry("web:diagnoses", _("Diagnosis"), "radar-2", 90, PAGES, allowed=may_see, on_phone=False)
    )


def may_see(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return isinstance(actor, Actor) and may(actor, "diagnosis.see")
