"""Two customers were one: the second becomes an alias of the first, and can become itself again."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.changing import one_at_a_time
from hilo.parties.commands.customers import index_customer
from hilo.parties.events.customers import CustomerMerged, CustomerUnmerged
from hilo.parties.models import Customer, CustomerMerge
from hilo.parties.permissions import require
from hilo.parties.queries.customers import survivor_of
from hilo.parties.search import forget


@command
def merge_customers(
    survivor: Customer, merged: Customer, *, seen: int | None = None, by: Actor, now: datetime
) -> CustomerMerge:
    """Threads, contacts and history stay with ``merged``; its page, name and mail lead to the survivor.

    ``seen`` is the version of ``merged``. A survivor that is itself an alias stands for its own survivor.
    """
    require(by, "customer.merge", own={survivor.delegation_id, merged.delegation_id} <= by.delegation_ids)
    one_at_a_time()  # two merges at once could close a ring
    for customer in (survivor, merged):
        customer.refresh_from_db()
    final = survivor_of(survivor)
    if final.pk == merged.pk:
        raise RuleViolation(_("They are the same customer already. Choose another one."), field="merged")
    move(
        merged,
        only_if={"merged_into": None},
        refused=_("%(name)s is part of another customer already.") % {"name": merged.name},
        seen=seen,
        merged_into=final,
    )
    merge = CustomerMerge.objects.create(merged=merged, survivor=final, merged_at=now, merged_by=by.person)
    event = CustomerMerged(
        subject=Ref("customer", merged.pk),
        customer_id=merged.pk,
        survivor=final.pk,
        related=(Related("customer", final.pk, "survivor"),),
    )
    record(event, by=by, now=now)
    forget("customer", merged.pk)
    index_customer(final)
    return merge


@command
def undo_merge(merged: Customer, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """Nothing was moved, so nothing need be moved back: the alias stands for itself again."""
    merged.refresh_from_db()
    survivor = merged.merged_into
    if survivor is None:
        raise RuleViolation(_("%(name)s is not part of another customer.") % {"name": merged.name})
    require(by, "customer.merge", own={survivor.delegation_id, merged.delegation_id} <= by.delegation_ids)
    refused = _("Somebody undid this merge a moment ago.")
    move(merged, only_if={"merged_into": survivor}, refused=refused, seen=seen, merged_into=None)
    CustomerMerge.objects.filter(merged=merged, undone_at__isnull=True).update(undone_at=now)
    event = CustomerUnmerged(
        subject=Ref("customer", merged.pk),
        customer_id=merged.pk,
        survivor=survivor.pk,
        related=(Related("customer", survivor.pk, "survivor"),),
    )
    record(event, by=by, now=now)
    index_customer(merged)
    index_customer(survivor_of(survivor))
