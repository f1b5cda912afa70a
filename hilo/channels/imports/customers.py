"""Companies of another system become customers, or are recognised as ones that are here already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from hilo.channels.imports.deciding import Decision, Fate, Terms
from hilo.channels.imports.directory import Company, Directory
from hilo.channels.imports.fields import CustomerRow
from hilo.channels.imports.references import DERIVED, References, changed_fields, digest_of
from hilo.parties.commands.customers import CustomerFields, add_customer, change_customer
from hilo.parties.models import Customer, ExternalRef

_KEPT = ("name", "tax_id", "tier", "country", "city", "phone", "website")


class Customers:
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.references = References(terms.source, "customer")
        self.directory = Directory()
        self.taken = self.references.named_objects()

    def decide(self, rows: Sequence[CustomerRow]) -> Iterator[Decision[CustomerRow]]:
        known = self.references.of(row.external_id for row in rows)
        here = Customer.objects.in_bulk([ref.object_id for ref in known.values()])
        for row in rows:
            ref = known.get(row.external_id)
            yield self._new(row) if ref is None else _known(row, ref, here[ref.object_id])

    def perform(self, decision: Decision[CustomerRow]) -> None:
        row, terms = decision.row, self.terms
        if decision.ref is not None:
            self._change(Customer.objects.get(pk=decision.target), _said(row, decision.changed))
            self.references.seen(decision.ref, digest_of(row), terms.now)
            return
        customer_id = self._fill(decision) if decision.fate is Fate.LINK else self._add(row)
        self.references.add(row.external_id, customer_id, digest_of(row), terms.now)

    def flush(self) -> None:
        self.references.flush()

    def _new(self, row: CustomerRow) -> Decision[CustomerRow]:
        same = self.directory.same_company(row)
        if same is None or not self._may_be_linked(row, same):
            return Decision(row, Fate.ADD)
        self.taken.add(same.id)
        return Decision(row, Fate.LINK, target=same.id, target_name=same.name)

    def _may_be_linked(self, row: CustomerRow, same: Company) -> bool:
        """Two ids in one system are two companies there, whatever they are called."""
        return row.external_id.startswith(DERIVED) or same.id not in self.taken

    def _add(self, row: CustomerRow) -> int:
        terms = self.terms
        customer = add_customer(
            name=row.name,
            delegation=terms.delegation,
            keeper=terms.owner,
            tax_id=row.tax_id,
            tier=row.tier or Customer.Tier.B,
            country=row.country,
            city=row.city,
            phone=row.phone,
            website=row.website,
            by=terms.by,
            now=terms.now,
        )
        return customer.pk

    def _fill(self, decision: Decision[CustomerRow]) -> int:
        """Of what is here only the blanks are filled: whoever typed the rest knew better."""
        customer = Customer.objects.get(pk=decision.target)
        blanks = frozenset(name for name in _KEPT if not getattr(customer, name))
        self._change(customer, _said(decision.row, blanks))
        return customer.pk

    def _change(self, customer: Customer, changes: CustomerFields) -> None:
        if changes:
            change_customer(customer, by=self.terms.by, now=self.terms.now, **changes)


def _known(row: CustomerRow, ref: ExternalRef, customer: Customer) -> Decision[CustomerRow]:
    changed = changed_fields(row, ref.row_digest)
    if not changed:
        return Decision(row, Fate.SAME, ref, customer.pk)
    if customer.merged_into_id is not None:
        return Decision(row, Fate.SKIP, ref, why=_("part of another customer here: change that one"))
    return Decision(row, Fate.CHANGE, ref, customer.pk, customer.name, changed)


def _said(row: CustomerRow, names: frozenset[str]) -> CustomerFields:
    """An empty cell takes nothing away: exports leave out columns."""
    said: CustomerFields = {}
    for name in _KEPT:
        if name in names and getattr(row, name):
            said[name] = getattr(row, name)  # type: ignore[literal-required]
    return said
