"""Who sees which diagnoses, and whose they are to change."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hilo.analysis.models import Diagnosis
from hilo.errors import NotAllowed
from hilo.parties.actor import Actor, Role
from hilo.parties.permissions import may


def diagnoses_visible_to(actor: Actor) -> QuerySet[Diagnosis]:
    """All or none: a report is about the company, and of no delegation."""
    return Diagnosis.objects.all() if may(actor, "diagnosis.see") else Diagnosis.objects.none()


def is_theirs(actor: Actor, diagnosis: Diagnosis) -> bool:
    """Of who asked for it (or stands in for them), and of those who answer for the house."""
    leads = {Role.DIRECTOR, Role.ADMINISTRATOR} & actor.roles
    return actor.is_system or bool(leads) or actor.acts_for(diagnosis.asked_by_id)


def may_change(actor: Actor, diagnosis: Diagnosis) -> bool:
    return may(actor, "diagnosis.run") and is_theirs(actor, diagnosis)


def require_theirs(actor: Actor, diagnosis: Diagnosis) -> None:
    if not is_theirs(actor, diagnosis):
        raise NotAllowed(_("Only who asked for this report, or a director or administrator, can change it."))
