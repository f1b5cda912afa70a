"""Naming a customer in a form: typed, offered while one types, and asked back when several fit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.parties.actor import Actor
from hilo.parties.models import Customer
from hilo.parties.queries.customers import customers_visible_to, survivor_of
from hilo.parties.search import find, fold
from hilo.web.doing.asking import actor_of

OFFERED = 8
LARGEST_ID = 2**63 - 1


class CustomerNamed(forms.Form):
    """``customer`` is typed, ``customer_id`` chosen among what fits; cleaned, ``customer`` is the row."""

    customer = forms.CharField(
        label=gettext_lazy("Customer"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the customer's name.")},
    )
    customer_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fitting: list[Customer] = []

    def clean_customer(self) -> Customer:
        typed = self.cleaned_data["customer"].strip()
        chosen = customer_given(self.actor, self.data.get(self.add_prefix("customer_id"), ""))
        if chosen is not None and (fold(chosen.name) == fold(typed) or "offered" in self.data):
            return chosen
        self.fitting = customers_named(self.actor, typed)
        if len(self.fitting) == 1:
            return self.fitting[0]
        if self.fitting:
            raise ValidationError(_("Several customers fit. Choose which one you mean."), code="several")
        raise ValidationError(_("Nobody is called that. Look at the spelling, or add the customer."))


def customers_named(actor: Actor, typed: str) -> list[Customer]:
    """Who bears exactly that name; else who is found by it. Merged ones lead to their survivor."""
    living = customers_visible_to(actor).filter(merged_into__isnull=True).select_related("delegation")
    found = [hit.object_id for hit in find(actor, typed, limit=OFFERED, kinds=["customer"])]
    rows = {row.pk: row for row in living.filter(pk__in=found)}
    in_order = [rows[pk] for pk in found if pk in rows]
    same = [row for row in in_order if fold(row.name) == fold(typed)]
    return same or list(living.filter(name=typed)[:OFFERED]) or in_order


def customer_given(actor: Actor, number: object) -> Customer | None:
    text = str(number or "")
    if not text.isascii() or not text.isdecimal() or int(text) > LARGEST_ID:
        return None
    row = customers_visible_to(actor).filter(pk=int(text)).first()
    return survivor_of(row) if row else None


def options(request: HttpRequest) -> HttpResponse:
    """What the field offers while somebody types."""
    fitting = customers_named(actor_of(request), request.GET.get("customer", "")[:200])
    return render(request, "web_customers/_options.html", {"fitting": fitting})
