"""Adding a customer, and changing what we know of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties.commands.customers import add_customer, change_customer
from hilo.parties.models import Customer
from hilo.parties.queries.customers import similar_customers, survivor_of
from hilo.web.customers.fetching import customer_at, url_of, who_was_quicker
from hilo.web.customers.forms import CUSTOMER_FIELDS, CustomerForm, shown_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, Attempt, done, look_again, run_command


class MayBeThere(RuleViolation):
    """Who may be the same customer under another spelling."""

    def __init__(self, alike: list[Customer]) -> None:
        super().__init__(_("We may have this customer already. Look, and say if it is another one."))
        self.alike = alike


def new_customer(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method != "POST":
        start = {"name": request.GET.get("name", "")[:200], "tier": Customer.Tier.B, "keeper": actor.person}
        form = CustomerForm(initial={**start, "delegation": actor.delegation_id}, actor=actor, is_new=True)
        return render(request, "web_customers/customer_form.html", {"form": form})
    form = CustomerForm(request.POST, actor=actor, is_new=True)
    attempt = run_command(form, lambda given: _add(request, given))
    if isinstance(attempt.result, Customer):
        customer = attempt.result
        return done(request, url_of(customer), _("%(name)s is a customer now.") % {"name": customer.name})
    alike = attempt.refusal.alike if isinstance(attempt.refusal, MayBeThere) else []
    facts = {"form": form, "alike": alike}
    return render(request, "web_customers/customer_form.html", facts, status=attempt.status)


def _add(request: HttpRequest, given: dict[str, Any]) -> Customer:
    actor = actor_of(request)
    if not given.pop("sure"):
        alike = similar_customers(actor, name=given["name"], tax_id=given["tax_id"])
        if alike:
            raise MayBeThere(alike)
    return add_customer(**_said(given), by=actor, now=now_of(request))


def _said(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "kind" or value}


def edit_customer(request: HttpRequest, pk: int) -> HttpResponse:
    customer = customer_at(request, pk)
    if customer.merged_into is not None:
        return HttpResponseRedirect(reverse("web:customer_edit", args=[survivor_of(customer).pk]))
    actor = actor_of(request)
    if request.method != "POST":
        form = CustomerForm(initial=shown_of(customer, CUSTOMER_FIELDS), actor=actor)
        return _edited(request, customer, form, Attempt(OK))
    form = CustomerForm(request.POST, actor=actor)
    attempt = run_command(form, lambda given: _change(request, customer, given))
    if attempt.done:
        return done(request, url_of(customer), _("Saved."))
    return _edited(request, customer, form, attempt)


def _change(request: HttpRequest, customer: Customer, given: dict[str, Any]) -> None:
    given.pop("sure")
    change_customer(customer, **_said(given), by=actor_of(request), now=now_of(request))


def _edited(request: HttpRequest, customer: Customer, form: CustomerForm, attempt: Attempt) -> HttpResponse:
    notice = None
    if attempt.is_stale:
        customer.refresh_from_db()
        notice = who_was_quicker("customer", customer.pk, _("changed this customer"))
        look_again(form, customer.version)
    facts = {"form": form, "customer": customer, "notice": notice, "now_stands": _stands(customer, notice)}
    return render(request, "web_customers/customer_form.html", facts, status=attempt.status)


def _stands(customer: Customer, notice: object) -> Customer | None:
    """After a stale attempt the page shows what stands now, beside what was typed."""
    return customer if notice else None
