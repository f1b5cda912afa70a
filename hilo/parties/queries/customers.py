"""Customers and their aliases after a merge."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet
from rapidfuzz.fuzz import token_sort_ratio

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer
from hilo.parties.permissions import may
from hilo.parties.search import entries_with_any, words

ALIKE = 85  # of 100: "Bodegas Albarín, S.L." and "BODEGAS ALBARIN", not "Bodegas Lora"
LEGAL_FORMS = frozenset(
    {"s", "l", "a", "u", "c", "sl", "sa", "slu", "sau", "slp", "coop", "cb", "lda", "srl", "ltd", "gmbh"}
)

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


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """Those who still work there, of the customer and everything merged into it."""
    family = customer_family_ids(customer)
    return Contact.objects.filter(customer__in=family, left_at__isnull=True, erased_at__isnull=True)


def contacts_with_address(address: str) -> QuerySet[Contact]:
    """Who a mail from there may be: a merged customer's contacts stay, and their mail lands."""
    return Contact.objects.filter(email=address.strip().lower(), erased_at__isnull=True).exclude(email="")


def similar_customers(actor: Actor, *, name: str, tax_id: str = "", limit: int = 5) -> list[Customer]:
    """Who may be this customer under another spelling, likeliest first: asked before adding one twice."""
    alike = entries_with_any("customer", name, limit=200)
    same_number = Q(tax_id=tax_id.strip().upper()) if tax_id.strip() else Q(pk__in=[])
    candidates = customers_visible_to(actor).filter(same_number | Q(pk__in=alike), merged_into__isnull=True)
    scored = [(_likeness(each, name, tax_id), each) for each in candidates]
    likely = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].pk))
    return [customer for _likely, customer in likely[:limit]]


def _likeness(customer: Customer, name: str, tax_id: str) -> float:
    if tax_id.strip() and customer.tax_id == tax_id.strip().upper():
        return 101.0
    return float(token_sort_ratio(_bare(customer.name), _bare(name)))


def _bare(name: str) -> str:
    """Without accents, punctuation and legal form; of "S.L." the letters come apart."""
    return " ".join(word for word in words(name) if word not in LEGAL_FORMS)
