"""Who an import acts for and where its things belong: said on the command line or on the screen, or usual."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hilo.channels.imports.refused import Unreadable
from hilo.parties.models import Delegation, Person


def person_called(email: str) -> Person:
    found = Person.objects.filter(is_active=True, email=email.strip().lower()).first()
    if found is None:
        raise Unreadable(_("Nobody here has the address %(email)s.") % {"email": email})
    return found


def usual_person() -> Person | None:
    """At a terminal nobody has signed in: the first administrator, or director, answers for it."""
    active = Person.objects.filter(is_active=True).order_by("pk")
    return active.filter(is_administrator=True).first() or active.filter(is_director=True).first()


def delegation_called(code: str) -> Delegation:
    here = Delegation.objects.filter(closed_on=None).order_by("pk")
    found = here.filter(code=code.strip().lower()).first() if code else here.first()
    if found is None and code:
        codes = ", ".join(here.values_list("code", flat=True))
        said = _("There is no delegation “%(code)s”. There are: %(codes)s.")
        raise Unreadable(said % {"code": code, "codes": codes})
    if found is None:
        raise Unreadable(_("The company has no delegation yet: add one first, then import."))
    return found
