"""People of another system become contacts of their customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from hilo.channels.imports.cleaning import fold
from hilo.channels.imports.deciding import Decision, Fate, Terms
from hilo.channels.imports.directory import CustomerFinder
from hilo.channels.imports.fields import ContactRow
from hilo.channels.imports.references import References, changed_fields, digest_of
from hilo.parties.commands.customers import ContactFields, add_contact, change_contact, mark_contact_left
from hilo.parties.models import Contact, Customer, ExternalRef
from hilo.parties.queries.customers import contacts_of, customer_family_ids

_KEPT = ("name", "email", "phone", "position", "role")


class Contacts:
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.references = References(terms.source, "contact")
        self.finder = CustomerFinder(terms.source)
        self.taken = self.references.named_objects()

    def decide(self, rows: Sequence[ContactRow]) -> Iterator[Decision[ContactRow]]:
        known = self.references.of(row.external_id for row in rows)
        self.finder.prepare(row.customer for row in rows)
        here = Contact.objects.in_bulk([ref.object_id for ref in known.values()])
        for row in rows:
            ref = known.get(row.external_id)
            yield self._new(row) if ref is None else self._known(row, ref, here[ref.object_id])

    def perform(self, decision: Decision[ContactRow]) -> None:
        row, terms = decision.row, self.terms
        if decision.ref is not None:
            contact_id = self._change(decision)
            self.references.seen(decision.ref, digest_of(row), terms.now, contact_id)
            return
        contact_id = self._fill(decision) if decision.fate is Fate.LINK else self._add(row)
        self.references.add(row.external_id, contact_id, digest_of(row), terms.now)
        self.taken.add(contact_id)

    def flush(self) -> None:
        self.references.flush()

    def _new(self, row: ContactRow) -> Decision[ContactRow]:
        customer = self.finder.find(row.customer)
        if isinstance(customer, str):
            return _without_customer(row, customer)
        same = next((one for one in contacts_of(customer) if self._is_same(one, row)), None)
        if same is None:
            return Decision(row, Fate.ADD)
        self.taken.add(same.pk)
        return Decision(row, Fate.LINK, target=same.pk, target_name=same.name)

    def _is_same(self, contact: Contact, row: ContactRow) -> bool:
        """The same name at the same customer, unless two addresses say they are two people."""
        differ = contact.email and row.email and contact.email != row.email.lower()
        return fold(contact.name) == fold(row.name) and not differ and contact.pk not in self.taken

    def _known(self, row: ContactRow, ref: ExternalRef, contact: Contact) -> Decision[ContactRow]:
        if contact.erased_at is not None:
            return Decision(row, Fate.SKIP, ref, why=_("erased here, as they asked"))
        changed = changed_fields(row, ref.row_digest)
        if not changed:
            return Decision(row, Fate.SAME, ref, contact.pk)
        if "customer" in changed and isinstance(found := self.finder.find(row.customer), str):
            return _without_customer(row, found)
        return Decision(row, Fate.CHANGE, ref, contact.pk, contact.name, changed)

    def _add(self, row: ContactRow) -> int:
        customer = self._customer_of(row)
        contact = add_contact(
            customer,
            name=row.name,
            email=row.email,
            phone=row.phone,
            position=row.position,
            role=row.role,
            by=self.terms.by,
            now=self.terms.now,
        )
        return contact.pk

    def _customer_of(self, row: ContactRow) -> Customer:
        customer = self.finder.find(row.customer)
        assert not isinstance(customer, str)  # decided just before, in this transaction
        return customer

    def _fill(self, decision: Decision[ContactRow]) -> int:
        contact = Contact.objects.get(pk=decision.target)
        blanks = {name for name in _KEPT if not getattr(contact, name)}
        if contact.role == Contact.Role.OTHER:
            blanks.add("role")
        self._apply(contact, _said(decision.row, frozenset(blanks)))
        return contact.pk

    def _change(self, decision: Decision[ContactRow]) -> int:
        contact = Contact.objects.get(pk=decision.target)
        if "customer" in decision.changed and self._has_moved(contact, decision.row):
            return self._move(contact, decision.row)
        self._apply(contact, _said(decision.row, decision.changed))
        return contact.pk

    def _has_moved(self, contact: Contact, row: ContactRow) -> bool:
        return contact.customer_id not in customer_family_ids(self._customer_of(row))

    def _move(self, contact: Contact, row: ContactRow) -> int:
        """They work elsewhere now; what was promised to them at the old customer stays there."""
        if contact.left_at is None:
            mark_contact_left(contact, by=self.terms.by, now=self.terms.now)
        return self._add(row)

    def _apply(self, contact: Contact, changes: ContactFields) -> None:
        if changes:
            change_contact(contact, by=self.terms.by, now=self.terms.now, **changes)


def _without_customer(row: ContactRow, why: str) -> Decision[ContactRow]:
    return Decision(
        row,
        Fate.REFUSE,
        why=why,
        field="customer_id" if row.customer.external_id else "customer_name",
    )


def _said(row: ContactRow, names: frozenset[str]) -> ContactFields:
    said: ContactFields = {}
    for name in _KEPT:
        if name in names and getattr(row, name):
            said[name] = str(getattr(row, name))  # type: ignore[literal-required]
    return said
