"""The customers Hilo has, as an import finds them: by another system's id, by tax number, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hilo.channels.imports.duplicates import KnownCustomer, company_key
from hilo.channels.imports.fields import CustomerRef, CustomerRow, Source
from hilo.channels.imports.references import References
from hilo.parties.models import Customer, ExternalRef


@dataclass(frozen=True, slots=True)
class Company:
    """``id`` is that of the customer that stands today; ``name`` may be that of one merged into it."""

    id: int
    name: str
    tax_id: str


class Directory:
    """Read whole, once per import: names and tax numbers of 100,000 customers are some 40 MB."""

    def __init__(self) -> None:
        self.by_tax_id: dict[str, set[int]] = defaultdict(set)
        self.by_key: dict[str, set[int]] = defaultdict(set)
        self.companies: dict[int, Company] = {}
        for one in _companies():
            self.companies.setdefault(one.id, one)
            self.by_key[company_key(one.name)].add(one.id)
            if one.tax_id:
                self.by_tax_id[_bare(one.tax_id)].add(one.id)

    def same_company(self, row: CustomerRow) -> Company | None:
        """The one customer with this tax number, or else with this name and no other number."""
        found = self.by_tax_id.get(_bare(row.tax_id)) if row.tax_id else None
        if not found:
            named = self.by_key.get(company_key(row.name), set())
            found = {one for one in named if not self._is_another(one, row)}
        return self.companies[next(iter(found))] if len(found) == 1 else None

    def named(self, name: str) -> set[int]:
        return self.by_key.get(company_key(name), set())

    def _is_another(self, customer_id: int, row: CustomerRow) -> bool:
        theirs = self.companies[customer_id].tax_id
        return bool(theirs and row.tax_id and _bare(theirs) != _bare(row.tax_id))


class CustomerFinder:
    """Whose a contact or a thread is: by id among what this source brought, by name only without one."""

    def __init__(self, source: Source) -> None:
        self.references = References(source, "customer")
        self._directory: Directory | None = None
        self._known: dict[str, ExternalRef] = {}
        self._customers: dict[int, Customer] = {}  # of the rows at hand; nobody merges any meanwhile

    def prepare(self, wanted: Iterable[CustomerRef]) -> None:
        """Look up the ids of the coming rows at once."""
        self._customers = {}
        self._known = self.references.of(ref.external_id for ref in wanted)

    def find(self, wanted: CustomerRef) -> Customer | str:
        """The customer, or the sentence that says why there is none."""
        if not wanted.external_id:
            return self._by_name(wanted.name)
        known = self._known.get(wanted.external_id)
        if known is None:
            return _("No customer here has the id “%(id)s”: import the customers first.") % {
                "id": wanted.external_id
            }
        return self._customer(known.object_id)

    def _customer(self, pk: int) -> Customer:
        if pk not in self._customers:
            self._customers[pk] = Customer.objects.get(pk=pk)
        return self._customers[pk]

    def _by_name(self, name: str) -> Customer | str:
        self._directory = self._directory or Directory()
        found = self._directory.named(name)
        if len(found) == 1:
            return self._customer(next(iter(found)))
        if found:
            said = _("Several customers are called “%(name)s”: join them, or give the customer's id.")
        else:
            said = _("No customer here is called “%(name)s”: import the customers first.")
        return said % {"name": name}


def known_customers(source: Source) -> Iterator[KnownCustomer]:
    """For ``Intake.check``, which says which rows look like one of them."""
    ids: dict[int, set[str]] = defaultdict(set)
    refs = ExternalRef.objects.filter(source=source, kind="customer").values_list("object_id", "external_id")
    for object_id, external_id in refs.iterator():
        ids[object_id].add(external_id)
    for one in _companies():
        yield KnownCustomer(one.id, one.name, one.tax_id, frozenset(ids.get(one.id, ())))


def _companies() -> Iterator[Company]:
    """Merged customers under their own names, with the id of the one that stands for them."""
    merged = dict(Customer.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))
    rows = Customer.objects.order_by("pk").values_list("pk", "name", "tax_id")
    for pk, name, tax_id in rows.iterator():
        standing = pk
        while (survivor := merged.get(standing)) is not None:
            standing = survivor
        yield Company(standing, name, tax_id)


def _bare(tax_id: str) -> str:
    return "".join(filter(str.isalnum, tax_id)).upper().removeprefix("ES")
