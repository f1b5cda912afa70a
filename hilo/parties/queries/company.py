"""The company's own numbers, its areas and delegations."""

from __future__ import annotations

from django.db.models import QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Area, CompanyPolicy, Delegation
from hilo.parties.permissions import may
from hilo.unchanged import Remembered


def policy() -> CompanyPolicy:
    """The one row, which exists from the first migration on."""
    [row] = _policy()
    found: CompanyPolicy = row
    return found


_policy = Remembered(lambda: CompanyPolicy.objects.filter(pk=1))


def areas_visible_to(actor: Actor) -> QuerySet[Area]:
    """Past ones too; filter ``ended_on__isnull=True`` where only a present one makes sense."""
    return Area.objects.all() if may(actor, "company.see") else Area.objects.none()


def delegations_visible_to(actor: Actor) -> QuerySet[Delegation]:
    return Delegation.objects.all() if may(actor, "company.see") else Delegation.objects.none()
