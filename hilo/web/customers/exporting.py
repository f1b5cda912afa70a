"""The list of customers as a file: as it is narrowed, what the person may see, money for who sees money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.money.queries.behind import MoneyBehind, money_behind_customers
from hilo.parties.actor import Actor
from hilo.parties.models import Customer
from hilo.web.customers.listing import CustomerFilter, CustomerRow, query_of, rows_of
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.exports import Field
from hilo.web.lists.files import ListFile, Part
from hilo.web.lists.views import said_count

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ExportedCustomer:
    row: CustomerRow
    money: MoneyBehind | None

    @property
    def customer(self) -> Customer:
        return self.row.customer


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    count = CustomerFilter(request.GET, actor=actor).rows(actor).count()
    heading = ngettext("One customer as a file", "%(shown)s customers as a file", count)
    return _file(request).page(request, heading % {"shown": said_count(count)})


@require_safe
def csv_file(request: HttpRequest) -> StreamingHttpResponse:
    return _file(request).as_csv()


@require_safe
def excel_file(request: HttpRequest) -> FileResponse:
    return _file(request).as_excel()


def _file(request: HttpRequest) -> ListFile[ExportedCustomer]:
    actor, now = actor_of(request), now_of(request)
    narrowing = CustomerFilter(request.GET, actor=actor)
    return ListFile(
        name=_("customers"),
        title=_("Customers"),
        on=now.date(),
        address="web:customers",
        query=query_of(request),
        parts=[*_who(), *_standing(), *_money(actor)],
        rows=lambda: _exported(narrowing, actor, now),
    )


def _exported(narrowing: CustomerFilter, actor: Actor, now: datetime) -> Iterator[ExportedCustomer]:
    """So many at a time, whatever the length of the list: what is counted of them is asked for them alone."""
    for some in batched(narrowing.rows(actor).iterator(chunk_size=AT_ONCE), AT_ONCE):
        money = money_behind_customers([one.pk for one in some], actor, now)
        for row in rows_of(actor, list(some), now=now):
            yield ExportedCustomer(row, money.get(row.customer.pk))


def _who() -> list[Part[ExportedCustomer]]:
    kinds = {value: str(label) for value, label in Customer.Kind.choices}
    return [
        Part(Field(_("Customer"), 40), lambda one: one.customer.name),
        Part(Field(_("Tax number"), 16), lambda one: one.customer.tax_id),
        Part(Field(_("What they are"), 18), lambda one: kinds.get(one.customer.kind, one.customer.kind)),
        Part(Field(_("Tier"), 10), lambda one: one.customer.tier),
        Part(Field(_("City"), 22), lambda one: one.customer.city),
        Part(Field(_("Country"), 18), lambda one: one.customer.country),
        Part(Field(_("Phone")), lambda one: one.customer.phone),
        Part(Field(_("Delegation")), lambda one: one.customer.delegation.name),
        Part(Field(_("Who keeps it"), 26), lambda one: one.customer.keeper.name),
        Part(Field(_("Customer since"), 14), lambda one: one.customer.since),
    ]


def _standing() -> list[Part[ExportedCustomer]]:
    return [
        Part(Field(_("Open threads"), 14), lambda one: one.row.open),
        Part(Field(_("Of them frayed"), 14), lambda one: one.row.frayed),
    ]


def _money(actor: Actor) -> list[Part[ExportedCustomer]]:
    if not actor.sees_money:
        return []
    return [
        Part(Field(_("Invoiced in 12 months"), 18), lambda one: one.money.year if one.money else None),
        Part(Field(_("Unpaid"), 14), lambda one: one.money.open if one.money else None),
        Part(Field(_("At risk"), 14), lambda one: one.money.at_risk if one.money else None),
        Part(Field(_("Currency"), 9), lambda one: one.money.currency if one.money else None),
    ]
