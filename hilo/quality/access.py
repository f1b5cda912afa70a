"""Who sees which case, and whose it is to act on. A case is as confidential as the thread it lives on."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed
from hilo.parties.actor import Actor, Role
from hilo.parties.permissions import may, require
from hilo.quality.models import Case
from hilo.work.access import is_own, visible_to
from hilo.work.sides import heads


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """Those whose thread the actor may read. Being touched by a case opens no other thread to anybody."""
    if not actor.is_system and not may(actor, "case.see"):
        return Case.objects.none()
    return Case.objects.filter(visible_to(actor, "thread__"))


def is_own_case(actor: Actor, case: Case) -> bool:
    """The case lies in a delegation of the actor's, is theirs, or its thread is."""
    if actor.is_system or case.delegation_id in actor.delegation_ids or actor.acts_for(case.owner_id):
        return True
    return is_own(actor, case.thread)


def require_on_case(actor: Actor, action: str, case: Case) -> None:
    """Refuse what the permission table does not allow on this case, before more of it is read."""
    if case.thread.is_confidential and not cases_visible_to(actor).filter(pk=case.pk).exists():
        raise NotAllowed(_("Only the people named on this thread can work on it."))
    require(actor, action, own=is_own_case(actor, case))


def leads_case(actor: Actor, case: Case) -> bool:
    """Who answers for the repair, who covers them, the head of the area, the manager there, a director."""
    return (
        actor.is_system
        or Role.DIRECTOR in actor.roles
        or actor.acts_for(case.owner_id)
        or heads(actor, case.area_id, case.delegation_id)
        or case.delegation_id in actor.managed_delegation_ids
    )


def require_lead(actor: Actor, case: Case) -> None:
    """What is decided about a case is decided by who answers for it."""
    require_on_case(actor, "case.work", case)
    if not leads_case(actor, case):
        raise NotAllowed(
            _("%(owner)s leads this case: only they, their area head or a director can do this.")
            % {"owner": case.owner.name}
        )
