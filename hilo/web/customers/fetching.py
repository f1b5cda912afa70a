"""The customer or contact an address names; what is not there, or not for them, is a plain 404.

What they may see but, being another delegation's, not do is refused before a form is shown.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer, Person
from hilo.parties.permissions import may, require
from hilo.parties.queries.customers import contacts_visible_to, customers_visible_to
from hilo.web.base.words import Stale
from hilo.web.doing.asking import actor_of
from hilo.web.doing.routes import action_of

LARGEST_ID = 2**63 - 1


def customer_at(request: HttpRequest, pk: int) -> Customer:
    rows = customers_visible_to(actor_of(request)).select_related("delegation", "keeper", "merged_into")
    customer = _found(rows.filter(pk=min(pk, LARGEST_ID)).first())
    _require_here(request, customer)
    return customer


def contact_at(request: HttpRequest, pk: int) -> Contact:
    rows = contacts_visible_to(actor_of(request)).select_related("customer__delegation")
    contact = _found(rows.filter(pk=min(pk, LARGEST_ID)).first())
    _require_here(request, contact.customer)
    return contact


def _require_here(request: HttpRequest, customer: Customer) -> None:
    actor = actor_of(request)
    require(actor, action_of(request), own=customer.delegation_id in actor.delegation_ids)


def _found[R: (Customer, Contact)](row: R | None) -> R:
    if row is None:
        raise Http404
    return row


def may_edit(actor: Actor, customer: Customer) -> bool:
    return may(actor, "customer.edit", own=customer.delegation_id in actor.delegation_ids)


def url_of(customer: Customer) -> str:
    return reverse("web:customer", args=[customer.pk])


def who_was_quicker(subject_type: str, subject_id: int, did: str) -> Stale | None:
    """Whose change made what one typed stale; ``did`` is the verb phrase of the notice."""
    last = LedgerEvent.objects.filter(subject_type=subject_type, subject_id=subject_id)
    author_id = last.order_by("-id").values_list("author_id", flat=True).first()
    person = Person.objects.filter(pk=author_id).first() if author_id else None
    return Stale(person.name, did) if person else None
