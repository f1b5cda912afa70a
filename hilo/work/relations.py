"""Relations the permission table does not know: who has charge of a thread."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hilo.errors import NotAllowed
from hilo.parties.actor import Actor, Role
from hilo.parties.models import Membership
from hilo.work.models import Thread


def has_charge(by: Actor, thread: Thread) -> bool:
    """The owner, who covers them, the head of their area, the delegation's manager, or a director."""
    if by.is_system or Role.DIRECTOR in by.roles or by.acts_for(thread.owner_id):
        return True
    if thread.delegation_id in by.managed_delegation_ids:
        return True
    return bool(by.headed_area_ids) and _works_in(thread.owner_id, by.headed_area_ids)


def _works_in(person_id: int, area_ids: frozenset[int]) -> bool:
    return Membership.objects.filter(
        person=person_id, area__in=area_ids, is_primary=True, ends_on__isnull=True
    ).exists()


def require_charge(by: Actor, thread: Thread) -> None:
    if not has_charge(by, thread):
        raise NotAllowed(
            _("%(owner)s answers for this thread: only they, their area head or a director can do this.")
            % {"owner": thread.owner.name}
        )
