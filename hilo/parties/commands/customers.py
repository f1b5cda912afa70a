"""Customers and their people: added, changed, gone, erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Sealed, erase_private_texts, record, seal
from hilo.parties.actor import Actor
from hilo.parties.changing import change
from hilo.parties.events.customers import (
    ContactAdded,
    ContactChanged,
    ContactErased,
    ContactLeft,
    CustomerAdded,
    CustomerChanged,
)
from hilo.parties.holdings import erase_texts_of_contact
from hilo.parties.models import Contact, Customer, Delegation, ExternalRef, Person
from hilo.parties.permissions import require
from hilo.parties.queries.customers import survivor_of
from hilo.parties.queries.people import hold_active
from hilo.parties.search import forget, index
from hilo.parties.texts import email_address, line, one_of
from hilo.rows import insert


class CustomerFields(TypedDict, total=False):
    name: str
    tax_id: str
    tier: str
    kind: str
    country: str
    city: str
    phone: str
    website: str
    since: date | None
    delegation: Delegation
    keeper: Person


class ContactFields(TypedDict, total=False):
    name: str
    email: str
    phone: str
    position: str
    role: str
    language: str


@command
def add_customer(
    *,
    name: str,
    delegation: Delegation,
    keeper: Person,
    tax_id: str = "",
    tier: str = Customer.Tier.B,
    kind: str = Customer.Kind.COMPANY,
    country: str = "",
    city: str = "",
    phone: str = "",
    website: str = "",
    since: date | None = None,
    by: Actor,
    now: datetime,
) -> Customer:
    require(by, "customer.edit", own=delegation.pk in by.delegation_ids)
    given = {
        "name": name,
        "tax_id": tax_id,
        "tier": tier,
        "kind": kind,
        "country": country,
        "city": city,
        "phone": phone,
        "website": website,
    }
    fields = _customer_texts(given)
    hold_active(keeper, refused=_keeper_left(keeper), field="keeper")
    customer = insert(Customer(delegation=delegation, keeper=keeper, since=since, created_at=now, **fields))
    added = CustomerAdded(
        subject=Ref("customer", customer.pk),
        customer_id=customer.pk,
        delegation_id=delegation.pk,
        name=_sealed_name(customer),
        keeper=keeper.pk,
        tier=customer.tier,
    )
    record(added, by=by, now=now)
    # Not index_customer: nothing is merged into a new one, and an import adds a hundred thousand.
    index("customer", customer.pk, customer.name, customer.city, customer.tax_id)
    return customer


@command(may_do_nothing=True)
def change_customer(
    customer: Customer,
    *,
    seen: int | None = None,
    by: Actor,
    now: datetime,
    **changes: Unpack[CustomerFields],
) -> None:
    customer.refresh_from_db()
    require(by, "customer.edit", own=_is_own(by, customer, changes.get("delegation")))
    wanted: dict[str, object] = dict(changes)
    wanted |= _customer_texts({key: value for key, value in wanted.items() if isinstance(value, str)})
    if "keeper" in changes and changes["keeper"] != customer.keeper:
        hold_active(changes["keeper"], refused=_keeper_left(changes["keeper"]), field="keeper")
    refused = _("This customer is now part of another one. Change that one.")
    names = change(customer, wanted, only_if={"merged_into": None}, refused=refused, seen=seen)
    if names:
        changed = CustomerChanged(
            subject=Ref("customer", customer.pk),
            customer_id=customer.pk,
            delegation_id=customer.delegation_id,
            fields=names,
            name=_sealed_name(customer) if "name" in names else None,
        )
        record(changed, by=by, now=now)
        index_customer(customer)


@command
def add_contact(
    customer: Customer,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    position: str = "",
    role: str = Contact.Role.OTHER,
    language: str = "es",
    by: Actor,
    now: datetime,
) -> Contact:
    """A merged customer's new contact belongs to its survivor."""
    customer = survivor_of(customer)
    require(by, "customer.edit", own=_is_own(by, customer))
    given = {
        "name": name,
        "email": email,
        "phone": phone,
        "position": position,
        "role": role,
        "language": language,
    }
    fields = _contact_texts(given)
    _refuse_second_address(customer, fields["email"])
    contact = Contact.objects.create(customer=customer, created_at=now, **fields)
    added = ContactAdded(
        subject=Ref("contact", contact.pk),
        customer_id=customer.pk,
        name=_sealed_contact_name(contact),
        role=contact.role,
    )
    record(added, by=by, now=now)
    index_contact(contact)
    return contact


@command(may_do_nothing=True)
def change_contact(
    contact: Contact, *, seen: int | None = None, by: Actor, now: datetime, **changes: Unpack[ContactFields]
) -> None:
    contact.refresh_from_db()
    require(by, "customer.edit", own=_is_own(by, contact.customer))
    wanted = _contact_texts({key: str(value) for key, value in changes.items()})
    if wanted.get("email", contact.email) != contact.email:
        _refuse_second_address(contact.customer, wanted["email"])
    names = change(contact, wanted, only_if={"erased_at": None}, refused=_is_erased(), seen=seen)
    if names:
        changed = ContactChanged(
            subject=Ref("contact", contact.pk),
            customer_id=contact.customer_id,
            fields=names,
            name=_sealed_contact_name(contact) if "name" in names else None,
        )
        record(changed, by=by, now=now)
        index_contact(contact)


@command
def mark_contact_left(contact: Contact, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """They no longer work at the customer: nothing new is promised to them, what was said stays."""
    require(by, "customer.edit", own=_is_own(by, contact.customer))
    refused = _("%(name)s had left already.") % {"name": contact.name or _("This contact")}
    move(contact, only_if={"left_at": None, "erased_at": None}, refused=refused, seen=seen, left_at=now)
    left = ContactLeft(subject=Ref("contact", contact.pk), customer_id=contact.customer_id)
    record(left, by=by, now=now)


@command
def erase_contact(contact: Contact, *, seen: int | None = None, by: Actor, now: datetime) -> None:
    """The right to be forgotten: the row stays, empty; what they said and every text about them goes."""
    require(by, "contact.erase", own=_is_own(by, contact.customer))
    nothing_left = {"name": "", "email": "", "phone": "", "position": ""}
    move(contact, only_if={"erased_at": None}, refused=_is_erased(), seen=seen, erased_at=now, **nothing_left)
    erase_texts_of_contact(contact, by=by, now=now)
    # The number in the other system stays, so that no import brings them back; the digest could be guessed.
    ExternalRef.objects.filter(kind="contact", object_id=contact.pk).update(row_digest="")
    record(ContactErased(subject=Ref("contact", contact.pk), customer_id=contact.customer_id), by=by, now=now)
    erase_private_texts(about=Ref("contact", contact.pk))
    forget("contact", contact.pk)


def index_customer(customer: Customer) -> None:
    """The survivor is found under the names of what was merged into it."""
    names = " ".join(_alias_names(customer))
    index("customer", customer.pk, customer.name, customer.city, f"{customer.tax_id} {names}")


def index_contact(contact: Contact) -> None:
    text = f"{contact.position} {contact.email} {contact.phone}"
    index("contact", contact.pk, contact.name, contact.customer.name, text)


def _alias_names(customer: Customer) -> list[str]:
    aliases = list(Customer.objects.filter(merged_into=customer))
    return [name for alias in aliases for name in (alias.name, *_alias_names(alias))]


def _is_own(by: Actor, customer: Customer, moved_to: Delegation | None = None) -> bool:
    """Moving a customer to another delegation takes somebody of both."""
    own = {customer.delegation_id} | ({moved_to.pk} if moved_to else set())
    return own <= by.delegation_ids


def _customer_texts(given: dict[str, str]) -> dict[str, str]:
    most = {"tax_id": 30, "country": 60, "city": 120, "phone": 60, "website": 255}
    checks = {key: line(text, field=key, most=most.get(key, 200)) for key, text in given.items()}
    if checks.get("name") == "":
        raise RuleViolation(_("Write the customer's name."), field="name")
    if "tier" in checks:
        one_of(checks["tier"], Customer.Tier.values, field="tier")
    if "kind" in checks:
        one_of(checks["kind"], Customer.Kind.values, field="kind")
    if "tax_id" in checks:
        checks["tax_id"] = checks["tax_id"].upper()
    return checks


def _contact_texts(given: dict[str, str]) -> dict[str, str]:
    checks: dict[str, Callable[[str], str]] = {
        "name": lambda text: line(text, field="name", missing=_("Write the contact's name.")),
        "email": email_address,
        "phone": lambda text: line(text, field="phone", most=60),
        "position": lambda text: line(text, field="position", most=120),
        "role": lambda text: one_of(text, Contact.Role.values, field="role"),
        "language": lambda text: one_of(text, Person.Language.values, field="language"),
    }
    return {key: checks[key](text) for key, text in given.items()}


def _refuse_second_address(customer: Customer, email: str) -> None:
    if email and customer.contacts.filter(email=email, erased_at__isnull=True).exists():
        raise RuleViolation(
            _("%(customer)s already has a contact with this address.") % {"customer": customer.name},
            field="email",
        )


def _keeper_left(keeper: Person) -> str:
    return _("%(name)s no longer works here. Choose who keeps this customer.") % {"name": keeper.name}


def _is_erased() -> str:
    return _("This contact was erased, as they asked. Add a new one if they come back.")


def _sealed_name(customer: Customer) -> Sealed:
    return seal(customer.name, about=Ref("customer", customer.pk))


def _sealed_contact_name(contact: Contact) -> Sealed:
    return seal(contact.name, about=Ref("contact", contact.pk))
