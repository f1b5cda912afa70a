"""Customers and their aliases after a merge."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer
from hilo.parties.permissions import may

_FAMILY = """
WITH RECURSIVE family(id) AS (
    SELECT id FROM parties_customer WHERE id = %s
    UNION
    SELECT alias.id FROM parties_customer alias JOIN family ON alias.merged_into_id = family.id
)
SELECT id FROM family ORDER BY id
"""


def customers_visible_to(actor: Actor) -> QuerySet[Customer]:
    """Aliases too, so that an old link still leads somewhere; lists leave them out (``merged_into=None``)."""
    return Customer.objects.all() if may(actor, "customer.see") else Customer.objects.none()


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    return Contact.objects.all() if may(actor, "customer.see") else Contact.objects.none()


def survivor_of(customer: Customer) -> Customer:
    """The customer that stands for this one today: itself, or the end of the chain of merges."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def customer_family_ids(customer: Customer) -> list[int]:
    """The survivor and everything merged into it: whose history stands on its page."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [survivor_of(customer).pk])
        return [row[0] for row in cursor.fetchall()]
