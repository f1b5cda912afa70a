"""Customers of the ERP: known by its number, else recognised by tax number, else new."""

from __future__ import annotations

import base64
import hashlib

from django.utils.translation import gettext as _

from hilo.channels.erp.grouping import Group
from hilo.channels.erp.references import NOTHING, Mark, claim, keep
from hilo.channels.erp.rows import CustomerRow
from hilo.channels.erp.terms import NotYet, Terms
from hilo.channels.imports import cleaning
from hilo.errors import RuleViolation
from hilo.parties.commands.customers import CustomerFields, add_customer, change_customer
from hilo.parties.models import Customer, ExternalRef
from hilo.parties.queries.customers import survivor_of

_KEPT = ("name", "tax_id", "tier", "country", "city", "phone", "website")
_LETTERS = 4  # of base64 for each field: what somebody corrected here stays, unless the ERP changed that one


def customer_mark(group: Group[CustomerRow]) -> Mark:
    (row,) = group.rows
    return Mark("".join(_letters(name, getattr(row, name)) for name in _KEPT), group.changed_at)


def _letters(name: str, value: str) -> str:
    said = hashlib.sha256(f"{name}={value}".encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(said)[:_LETTERS].decode()


def take_customer(group: Group[CustomerRow], terms: Terms) -> bool:
    (row,) = group.rows
    if row.tier and row.tier not in Customer.Tier.values:
        raise RuleViolation(_("“%(text)s” is no tier: A, B or C.") % {"text": row.tier}, field="tier")
    ref, mark = claim(terms, "customer", row.customer), customer_mark(group)
    if ref.object_id == NOTHING:
        keep(ref, _linked(row, terms) or _added(row, terms), mark, terms.now)
        return True
    known = Mark.read(ref.row_digest)
    if mark.changes_nothing(known):
        return True
    customer = survivor_of(Customer.objects.get(pk=ref.object_id))
    _change(customer, row, _changed(mark.text, known.text), terms)
    keep(ref, ref.object_id, mark, terms.now)
    return True


def _changed(now: str, before: str) -> list[str]:
    parts = range(0, len(_KEPT) * _LETTERS, _LETTERS)
    return [
        name
        for name, at in zip(_KEPT, parts, strict=True)
        if now[at : at + _LETTERS] != before[at : at + _LETTERS]
    ]


def _change(customer: Customer, row: CustomerRow, names: list[str], terms: Terms) -> None:
    """An empty cell takes nothing away."""
    said: CustomerFields = {}
    for name in names:
        if value := _said(row)[name]:
            said[name] = value  # type: ignore[literal-required]
    if said:
        change_customer(customer, by=terms.by, now=terms.now, **said)


def _said(row: CustomerRow) -> dict[str, str]:
    country = cleaning.country(row.country) if row.country else ""
    tax_id = cleaning.tax_id(row.tax_id, country or "ES") if row.tax_id else ""
    website = cleaning.website(row.website) if row.website else ""
    given = {name: getattr(row, name) for name in _KEPT}
    return given | {"country": country or row.country, "tax_id": tax_id or row.tax_id, "website": website}


def _linked(row: CustomerRow, terms: Terms) -> int | None:
    """The one customer here with this tax number, unless the ERP has another number for it already."""
    if not row.tax_id:
        return None
    bare = "".join(filter(str.isalnum, row.tax_id)).upper().removeprefix("ES")
    same = terms.directory.by_tax_id.get(bare, set())
    if len(same) != 1:
        return None
    customer = Customer.objects.get(pk=next(iter(same)))
    mine = ExternalRef.objects.filter(source=terms.source, kind="customer")
    if mine.filter(object_id=customer.pk).exists():
        return None
    blanks = [name for name in _KEPT if not getattr(customer, name)]
    _change(customer, row, blanks, terms)
    return customer.pk


def _added(row: CustomerRow, terms: Terms) -> int:
    said = _said(row)
    customer = add_customer(
        name=said["name"],
        delegation=terms.delegation,
        keeper=terms.keeper,
        tax_id=said["tax_id"],
        tier=said["tier"] or Customer.Tier.B,
        country=said["country"],
        city=said["city"],
        phone=said["phone"],
        website=said["website"],
        by=terms.by,
        now=terms.now,
    )
    return customer.pk


def customer_called(external_id: str, terms: Terms) -> Customer:
    ref = ExternalRef.objects.filter(source=terms.source, kind="customer", external_id=external_id).first()
    if ref is None:
        raise NotYet("customer", external_id)
    return survivor_of(Customer.objects.select_related("merged_into").get(pk=ref.object_id))
