"""Fields of a customer and of a contact. The commands check them; a form only reads what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Customer, Delegation, Person
from hilo.parties.queries.company import delegations_visible_to
from hilo.parties.queries.people import people_visible_to
from hilo.web.doing.fields import DayField

CUSTOMER_FIELDS = (
    "name", "tax_id", "tier", "kind", "city", "country", "phone", "website", "since", "delegation", "keeper",
)  # fmt: skip
CONTACT_FIELDS = ("name", "role", "position", "email", "phone", "language")


class Plain(forms.Form):
    """``seen`` is the version of what the page showed; there is none while it does not exist yet."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if is_new:
            del self.fields["seen"]


class CustomerForm(Plain):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Write the customer's name.")})
    tax_id = forms.CharField(label=_("Tax number"), required=False)
    tier = forms.ChoiceField(
        label=_("Tier"), choices=Customer.Tier.choices, help_text=_("A for those we cannot lose.")
    )
    kind = forms.ChoiceField(
        label=_("What they are"),
        choices=Customer.Kind.choices,
        required=False,  # left out, it stays as it is
        help_text=_("The law sets other deadlines for a consumer."),
    )
    city = forms.CharField(label=_("City"), required=False)
    country = forms.CharField(label=_("Country"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False)
    website = forms.CharField(label=_("Website"), required=False)
    since = DayField(label=_("Customer since"), required=False)
    delegation = forms.ModelChoiceField(
        Delegation.objects.none(), label=_("Delegation that serves it"), empty_label=None
    )
    keeper = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who keeps the relationship"), empty_label=None
    )
    sure = forms.BooleanField(label=_("It is another one: add it"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "delegation": delegations_visible_to(actor).filter(closed_on__isnull=True),
            "keeper": people_visible_to(actor).filter(is_active=True),
        }
        for name, choices in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices


class ContactForm(Plain):
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Write the contact's name.")})
    role = forms.ChoiceField(
        label=_("What they are in this"),
        choices=Contact.Role.choices,
        help_text=_("Whom one calls for what: who decides, who uses it, who pays, who validates quality."),
    )
    position = forms.CharField(label=_("Position"), required=False)
    email = forms.CharField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False)
    language = forms.ChoiceField(label=_("We write to them in"), choices=Person.Language.choices)


def shown_of(row: Customer | Contact, names: tuple[str, ...]) -> dict[str, object]:
    """What the form shows of a row, with the version it has."""
    return {"seen": row.version, **{name: getattr(row, name) for name in names}}
