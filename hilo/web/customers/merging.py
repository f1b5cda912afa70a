"""Two customers were one: choose which one stands, see what will happen, and be able to undo it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hilo.errors import RuleViolation
from hilo.parties.actor import Actor
from hilo.parties.commands.merges import merge_customers, undo_merge
from hilo.parties.models import Customer
from hilo.parties.queries.customers import customer_family_ids, similar_customers, survivor_of
from hilo.web.customers.choosing import CustomerNamed
from hilo.web.customers.fetching import customer_at, url_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, Attempt, done, run_command
from hilo.work.queries.customer_standing import threads_of_customers


class MergeForm(CustomerNamed):
    """``customer`` is the other one; ``stands`` says which of the two remains."""

    THIS, OTHER = "this", "other"
    stands = forms.ChoiceField(
        label=gettext_lazy("Which one stands"),
        choices=[(THIS, ""), (OTHER, "")],
        widget=forms.RadioSelect,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen_other = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.use_required_attribute = False
        self.fields["customer"].label = gettext_lazy("The other customer")


def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first without ``seen_other``: the page shows both and what will happen; then it is done."""
    customer, actor = customer_at(request, pk), actor_of(request)
    if customer.merged_into is not None:
        return HttpResponseRedirect(url_of(survivor_of(customer)))
    if request.method != "POST":
        form = MergeForm(initial={"stands": MergeForm.THIS, "seen": customer.version}, actor=actor)
        return _shown(request, customer, form, Attempt(OK))
    form = MergeForm(request.POST, actor=actor)
    attempt = run_command(form, lambda given: _merge(request, customer, given))
    if isinstance(attempt.result, Customer):
        said = _("They are one customer now: %(name)s. It can be undone here.")
        return done(request, url_of(attempt.result), said % {"name": attempt.result.name})
    return _shown(request, customer, form, attempt)


def _merge(request: HttpRequest, customer: Customer, given: dict[str, Any]) -> Customer | None:
    other: Customer = given["customer"]
    if other.pk == customer.pk:
        raise RuleViolation(_("They are the same customer already. Choose another one."), field="customer")
    if given["seen_other"] is None:
        return None
    survivor, merged = (customer, other) if given["stands"] == MergeForm.THIS else (other, customer)
    seen = given["seen_other"] if merged is other else given["seen"]
    merge_customers(survivor, merged, seen=seen, by=actor_of(request), now=now_of(request))
    return survivor


def _shown(request: HttpRequest, customer: Customer, form: MergeForm, attempt: Attempt) -> HttpResponse:
    actor = actor_of(request)
    customer.refresh_from_db()
    other = form.cleaned_data.get("customer") if form.is_bound and not form.errors else None
    facts = {
        "form": form,
        "customer": customer,
        "other": other,
        "is_stale": attempt.is_stale,
        "both": [_counted(actor, each) for each in (customer, other)] if isinstance(other, Customer) else [],
        "alike": [each for each in similar_customers(actor, name=customer.name) if each.pk != customer.pk],
        "stands": form["stands"].value(),
    }
    return render(request, "web_customers/merge.html", facts, status=attempt.status)


def _counted(actor: Actor, customer: Customer) -> dict[str, object]:
    family = customer_family_ids(customer)
    return {
        "customer": customer,
        "threads": threads_of_customers(actor, family).count(),
        "contacts": customer.contacts.filter(erased_at__isnull=True).count(),
    }


@require_POST
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    merged = customer_at(request, pk)
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
    undo_merge(merged, seen=known, by=actor_of(request), now=now_of(request))
    said = _("%(name)s stands for itself again, with all that was its own.") % {"name": merged.name}
    return done(request, reverse("web:customer", args=[merged.pk]), said)
