"""What narrows the list, as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.models import Delegation, Person
from hilo.parties.queries.company import delegations_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.parties.search import SearchHit, find
from hilo.web.base import saying
from hilo.web.customers.choosing import customer_given
from hilo.web.lists.figures import plain_figure
from hilo.work.models import ProcessTemplate, Step, Thread
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
    amount_from = forms.CharField(label=_("Money, from"), required=False, max_length=20)
    process = forms.CharField(widget=forms.HiddenInput, label=_("Process"), required=False, max_length=40)
    step = forms.CharField(widget=forms.HiddenInput, label=_("Step"), required=False, max_length=40)

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
        if not actor.sees_money:
            del self.fields["amount_from"]

    def clean_amount_from(self) -> Decimal | None:
        given = self.cleaned_data.get("amount_from", "")
        if not given:
            return None
        language = saying.language(get_language())
        amount: Decimal = forms.DecimalField(max_digits=14, decimal_places=2, min_value=0).clean(
            plain_figure(given, language)
        )
        return amount

    def clean_process(self) -> ProcessTemplate | None:
        code = self.cleaned_data.get("process", "")
        found = ProcessTemplate.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("There is no such process."))
        return found

    def clean_step(self) -> Step | None:
        """The newest step of that key: its name is what people know it by."""
        key, process = self.cleaned_data.get("step", ""), self.cleaned_data.get("process")
        if not key or process is None:
            return None
        steps = Step.objects.filter(template_version__template=process, key=key)
        found = steps.order_by("-template_version__number").first()
        if found is None:
            raise forms.ValidationError(_("The process has no such step."))
        return found

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
            amount_from=given.get("amount_from"),
            template_id=_pk(given.get("process")),
            step_key=step.key if (step := given.get("step")) else "",
        )

    def chips(self) -> list[Chip]:
        """What narrows the list now, each with the name of the parameter that takes it away."""
        self.is_valid()
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
        if isinstance(value, Decimal):
            return saying.said_number(value, saying.language(get_language()))
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
