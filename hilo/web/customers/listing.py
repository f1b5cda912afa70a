"""*Clientes*: found by name, tier, delegation; how much is open with each, and how much of it frays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.models import Customer, Delegation
from hilo.parties.permissions import may
from hilo.parties.queries.company import delegations_visible_to
from hilo.parties.queries.customers import customers_visible_to
from hilo.parties.search import find
from hilo.web.base.words import PersonChip
from hilo.web.customers.fetching import url_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.work.queries.customer_standing import counts_of_customers, with_aliases

ROWS_PER_PAGE = 50
MOST_FOUND = 2_000


class CustomerFilter(forms.Form):
    q = forms.CharField(label=_("Name, city or tax number"), required=False, max_length=200)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    delegation = forms.ModelChoiceField(
        Delegation.objects.none(), label=_("Delegation"), required=False, empty_label=_("Any")
    )
    mine = forms.BooleanField(label=_("Only those I keep"), required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        tier, delegation = self.fields["tier"], self.fields["delegation"]
        assert isinstance(tier, forms.ChoiceField) and isinstance(delegation, forms.ModelChoiceField)
        tier.choices = [("", _("Any")), *Customer.Tier.choices]
        delegation.queryset = delegations_visible_to(actor)
        self.is_valid()

    @property
    def narrows(self) -> bool:
        return any(self.cleaned_data.values())

    def rows(self, actor: Actor) -> QuerySet[Customer]:
        """Merged customers are found by their old name too, as the one they stand under."""
        rows = customers_visible_to(actor).filter(merged_into__isnull=True)
        given = self.cleaned_data
        if typed := given.get("q", "").strip():
            hits = find(actor, typed, limit=MOST_FOUND, kinds=["customer"])
            rows = rows.filter(pk__in=[hit.object_id for hit in hits])
        exact = {"tier": given.get("tier"), "delegation": given.get("delegation")}
        if given.get("mine"):
            exact["keeper"] = actor.person
        rows = rows.filter(**{name: value for name, value in exact.items() if value})
        return rows.select_related("delegation", "keeper").order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class CustomerRow:
    customer: Customer
    url: str
    keeper: PersonChip
    open: int
    frayed: int


def customers(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    narrowing = CustomerFilter(request.GET, actor=actor)
    page = Paginator(narrowing.rows(actor), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "now": now,
        "narrowing": narrowing,
        "page": page,
        "rows": rows_of(actor, list(page.object_list), now=now),
        "found": page.paginator.count,
        "query": query_of(request),
        "may_add": may(actor, "customer.edit"),
    }
    return render(request, "web_customers/customers.html", facts)


def query_of(request: HttpRequest) -> str:
    """How the list is narrowed, for an address that leads on with it; from its first page again."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def rows_of(actor: Actor, customers: list[Customer], *, now: datetime) -> list[CustomerRow]:
    stands_under = with_aliases(customer.pk for customer in customers)
    counts = counts_of_customers(actor, stands_under, now=now)
    open_of: dict[int, int] = {}
    frayed_of: dict[int, int] = {}
    for pk, count in counts.items():
        standing = stands_under[pk]
        open_of[standing] = open_of.get(standing, 0) + count.open
        frayed_of[standing] = frayed_of.get(standing, 0) + count.frayed
    return [
        CustomerRow(
            customer,
            url_of(customer),
            PersonChip(customer.keeper.name, is_me=actor.acts_for(customer.keeper_id)),
            open_of.get(customer.pk, 0),
            frayed_of.get(customer.pk, 0),
        )
        for customer in customers
    ]
