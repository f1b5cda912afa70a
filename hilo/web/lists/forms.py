"""What narrows the list, as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.models import Delegation, Person
from hilo.parties.queries.company import delegations_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.parties.search import SearchHit, find
from hilo.web.customers.choosing import customer_given
from hilo.work.models import Thread
from hilo.work.queries.customer_standing import with_aliases
from hilo.work.queries.thread_list import Narrowed

MOST_CUSTOMERS = 20
NOBODY = -1  # the id of no customer: a name that nobody has leaves nothing in the list


class Narrowing(forms.Form):
    """Every field optional and forgiving: an address somebody mistyped still shows a list."""

    q = forms.CharField(label=_("Text"), required=False, max_length=200)
    customer = forms.CharField(label=_("Customer"), required=False, max_length=200)
    delegation = forms.ModelChoiceField(Delegation.objects.none(), label=_("Delegation"), required=False)
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Who answers for it"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data, auto_id="filter_%s", label_suffix="")
        self.actor = actor
        for name, rows in (("delegation", delegations_visible_to(actor)), ("owner", _people(actor))):
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset, choice.empty_label = rows, _("Any")
        for name, choices in (("kind", Thread.Kind.choices), ("priority", Thread.Priority.choices)):
            options = self.fields[name]
            assert isinstance(options, forms.ChoiceField)
            options.choices = [("", _("Any")), *choices]

    def narrowed(self) -> Narrowed:
        self.is_valid()
        given = self.cleaned_data
        named = given.get("customer", "").strip()
        return Narrowed(
            customer_ids=customers_meant(self.actor, named) if named else (),
            delegation_id=_pk(given.get("delegation")),
            owner_id=_pk(given.get("owner")),
            kind=given.get("kind", ""),
            priority=given.get("priority", ""),
            text=given.get("q", ""),
        )

    def chips(self) -> list[Chip]:
        """What narrows the list now, each with the name of the parameter that takes it away."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return [Chip(name, str(self.fields[name].label), self._said(name, given[name])) for name in given]

    def _said(self, name: str, value: object) -> str:
        field = self.fields[name]
        if name == "customer" and (customer := customer_given(self.actor, value)):
            return customer.name
        if isinstance(field, forms.ModelChoiceField):
            return str(value)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return str(value)


@dataclass(frozen=True, slots=True)
class Chip:
    parameter: str
    label: str
    value: str


def customers_meant(actor: Actor, named: str) -> tuple[int, ...]:
    """The customers that a typed name (or a number from a link) means, with everything merged into them."""
    given = customer_given(actor, named)
    hits = [given.pk] if given else [hit.object_id for hit in _found(actor, named)]
    return tuple(sorted(with_aliases(hits))) or (NOBODY,)


def _found(actor: Actor, named: str) -> list[SearchHit]:
    return find(actor, named, limit=MOST_CUSTOMERS, kinds=["customer"])


def _people(actor: Actor) -> QuerySet[Person]:
    return people_visible_to(actor).filter(is_active=True)


def _pk(row: object) -> int | None:
    pk = getattr(row, "pk", None)
    return pk if isinstance(pk, int) else None
