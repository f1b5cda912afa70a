"""Opening a thread: customer, what it is about, its kind. The rest is prefilled, and may be said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.parties.models import Customer, Delegation, Person
from hilo.parties.queries.company import delegations_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.web.base import saying
from hilo.web.customers.choosing import CustomerNamed, customer_given
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.submitting import OK, done, run_command
from hilo.web.lists.figures import plain_figure
from hilo.work.access import threads_visible_to
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread


class AmountField(forms.DecimalField):
    """148.400,50 and 148400.5 in Spanish, 148,400.50 in English: as people write it and Hilo says it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, **kwargs: Any) -> None:
        invalid = gettext_lazy("Write an amount in figures, without the currency.")
        super().__init__(max_digits=14, decimal_places=2, error_messages={"invalid": invalid}, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_figure(str(value or ""), saying.language(get_language())))


class NewThread(CustomerNamed, forms.Form):
    title = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("As you would call it on the telephone: “Line 3, PET bottles”."),
        error_messages={"required": gettext_lazy("Say in a few words what it is about.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Choose…")), *Thread.Kind.choices],
        help_text=gettext_lazy("It decides the steps, their areas and their dates."),
        error_messages={"required": gettext_lazy("Choose what kind of work it is.")},
    )
    purpose = forms.CharField(label=gettext_lazy("What for: what the customer gains by it"), required=False)
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who answers for it"), empty_label=None
    )
    delegation = forms.ModelChoiceField(
        Delegation.objects.none(),
        label=gettext_lazy("Delegation"),
        required=False,
        empty_label=gettext_lazy("The customer's own"),
    )
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Thread.Priority.choices)
    amount = AmountField(label=gettext_lazy("Amount"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, label_suffix="", **kwargs)
        self.use_required_attribute = False
        for name, rows in (
            ("owner", people_visible_to(actor).filter(is_active=True)),
            ("delegation", delegations_visible_to(actor).filter(closed_on__isnull=True)),
        ):
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = rows
        if not actor.sees_money:
            del self.fields["amount"]

    @property
    def says_more(self) -> bool:
        """Whether something in the folded part needs a look."""
        return any(name in self.errors for name in ("purpose", "owner", "delegation", "priority", "amount"))


def new_thread(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method != "POST":
        return _shown(request, NewThread(initial=_prefilled(request, actor), actor=actor))
    form = NewThread(request.POST, actor=actor)
    attempt = run_command(form, lambda given: _open(request, given))
    if isinstance(attempt.result, Thread):
        said = _("The thread %(code)s is open.") % {"code": attempt.result.code}
        return done(request, reverse("web:thread", kwargs={"code": attempt.result.code}), said)
    return _shown(request, form, attempt.status)


def _open(request: HttpRequest, given: dict[str, Any]) -> Thread:
    amount: Decimal | None = given.get("amount")
    return open_thread(
        customer=given["customer"],
        title=given["title"],
        kind=given["kind"],
        owner=given["owner"],
        purpose=given["purpose"],
        delegation=given["delegation"],
        priority=given["priority"],
        amount=amount,
        by=actor_of(request),
        now=now_of(request),
    )


def _prefilled(request: HttpRequest, actor: Actor) -> dict[str, object]:
    customer = customer_given(actor, request.GET.get("customer", ""))
    kind = request.GET.get("kind", "")
    return {
        "customer": customer.name if customer else request.GET.get("name", "")[:200],
        "customer_id": customer.pk if customer else None,
        "kind": kind if kind in Thread.Kind.values else "",
        "owner": actor.person,
        "priority": Thread.Priority.NORMAL,
    }


def _shown(request: HttpRequest, form: NewThread, status: int = OK) -> HttpResponse:
    facts = {"form": form, "supply": _supply_thread(request, form)}
    return render(request, "web_lists/new_thread.html", facts, status=status)


def _supply_thread(request: HttpRequest, form: NewThread) -> Thread | None:
    """The one that stands already, when a second supply thread of the year was asked for."""
    customer = form.cleaned_data.get("customer") if form.is_bound and "kind" in form.errors else None
    if not isinstance(customer, Customer) or form.data.get("kind") != Thread.Kind.SUPPLY:
        return None
    theirs = threads_visible_to(actor_of(request)).filter(customer=customer, kind=Thread.Kind.SUPPLY)
    return theirs.filter(year=now_of(request).year).first()
