"""The four people of the demo company that a visitor may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilo.parties.models import Person

PASSWORD = "hilo-demo-2026"


@dataclass(frozen=True, slots=True)
class SignIn:
    role: str
    name: str
    email: str
    password: str = PASSWORD


SIGN_INS = (
    SignIn(gettext_noop("Seller"), "Marta Gil", "marta.gil@envasa.example"),
    SignIn(gettext_noop("Technician"), "Lucía Herrera", "lucia.herrera@envasa.example"),
    SignIn(gettext_noop("Area head"), "Andrés Lahoz", "andres.lahoz@envasa.example"),
    SignIn(gettext_noop("Director"), "Elena Aguirre", "elena.aguirre@envasa.example"),
)


def sign_ins_here() -> list[SignIn]:
    """All four with their role in the visitor's language, or none."""
    addresses = [each.email for each in SIGN_INS]
    if Person.objects.filter(email__in=addresses, is_active=True).count() < len(addresses):
        return []
    return [SignIn(_(each.role), each.name, each.email) for each in SIGN_INS]
