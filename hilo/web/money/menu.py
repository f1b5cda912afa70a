"""The entry in the person's menu: only where an ERP is connected, for those who may import."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.permissions import may
from hilo.web.base.navigation import NavEntry, person_menu


def add_entry() -> None:
    person_menu.add(
        NavEntry("web:erp", _("What the ERP sends"), "receipt-euro", 61, ("web:erp",), allowed=is_for)
    )


def is_for(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return bool(settings.HILO_ERP_FOLDER) and isinstance(actor, Actor) and may(actor, "import.run")
