"""What the fields are called where people read them, and which are recognised but have no place here yet."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.channels.imports.fields import FIELDS, Source, What
from hilo.channels.imports.mapping import ALIKE, BY_VALUES, LIKELY

_LABELS: dict[str, str | Promise] = {
    "external_id": gettext_lazy("its id there"),
    "name": gettext_lazy("name"),
    "tax_id": gettext_lazy("tax number"),
    "country": gettext_lazy("country"),
    "city": gettext_lazy("city"),
    "phone": gettext_lazy("telephone"),
    "mobile": gettext_lazy("mobile"),
    "website": gettext_lazy("website"),
    "tier": gettext_lazy("tier (A, B, C)"),
    "parent_id": gettext_lazy("id of the parent company"),
    "parent_name": gettext_lazy("parent company"),
    "is_deleted": gettext_lazy("deleted there"),
    "is_company": gettext_lazy("is a company"),
    "company_type": gettext_lazy("company or person"),
    "is_customer": gettext_lazy("is a customer"),
    "customer_id": gettext_lazy("id of the customer"),
    "customer_name": gettext_lazy("customer"),
    "first_name": gettext_lazy("first name"),
    "last_name": gettext_lazy("last name"),
    "email": gettext_lazy("e-mail"),
    "position": gettext_lazy("position"),
    "role": gettext_lazy("role at the customer"),
    "title": gettext_lazy("title"),
    "purpose": gettext_lazy("what the customer gains"),
    "notes": gettext_lazy("description"),
    "kind": gettext_lazy("kind of thread"),
    "stage": gettext_lazy("stage there"),
    "amount": gettext_lazy("amount"),
    "currency": gettext_lazy("currency"),
    "expected_close": gettext_lazy("expected close"),
    "next_step": gettext_lazy("next step"),
    "owner_ref": gettext_lazy("owner"),
    "opened_at": gettext_lazy("opened there"),
    "is_closed": gettext_lazy("closed there"),
    "is_won": gettext_lazy("won"),
    "closed_at": gettext_lazy("closed on"),
}
NOT_KEPT = ("parent_id", "parent_name")  # Hilo has no groups of companies yet
_WHAT: dict[What, str | Promise] = {
    What.CUSTOMERS: gettext_lazy("Customers"),
    What.CONTACTS: gettext_lazy("Contacts"),
    What.THREADS: gettext_lazy("Threads"),
}


def label_of(field: str) -> str:
    return str(_LABELS.get(field, field))


def choices_of(what: What) -> list[tuple[str, str]]:
    return [(field.name, label_of(field.name)) for field in FIELDS[what]]


def said_what(what: What) -> str:
    return str(_WHAT[what])


def said_source(source: Source) -> str:
    return {
        Source.SALESFORCE: "Salesforce",
        Source.ODOO: "Odoo",
        Source.CSV: _("another system"),
    }[source]


def said_confidence(confidence: float) -> str:
    if confidence <= BY_VALUES:
        return _("by its values")
    if confidence <= ALIKE:
        return _("a similar name: look at it")
    return _("likely") if confidence <= LIKELY else _("sure")
