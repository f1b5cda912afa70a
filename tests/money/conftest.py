"""A company with a customer, orders on supply threads, and the feed that writes invoices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from hilo.money.commands.invoices import BilledLine, record_invoice
from hilo.money.models import Invoice
from hilo.parties.actor import importer
from hilo.parties.models import Customer
from hilo.work.commands.orders import LineText, place_order
from hilo.work.commands.templates import draft_template, publish_version
from hilo.work.commands.threads import open_thread
from hilo.work.models import Order, Thread
from tests.factories.parties import NOW
from tests.factories.work import House, a_house
from tests.work.core.conftest import in_english as in_english

SUPPLY = """
code: supply-of-tests
name: Suministro
kind: supply
runs_per_order: true
steps:
  - {key: take, name: Recoger, area: sales, target: 4h, weight: light, finishes: on_date}
  - {key: make, name: Preparar, area: production, target: 3d, weight: light, finishes: on_date, after: [take]}
  - key: send
    name: Enviar
    area: logistics
    target: 1d
    weight: light
    finishes: on_date
    delivers: true
    after: [make]
  - {key: bill, name: Facturar, area: admin, target: 2d, weight: light, finishes: on_date, after: [send]}
"""
FEED = importer("erp")


@pytest.fixture
def house(db: None) -> Iterator[House]:
    made = a_house()
    version = draft_template(SUPPLY, by=FEED, now=NOW)
    publish_version(version, seen=version.version, by=FEED, now=NOW)
    yield made


def a_supply_thread(house: House, customer: Customer | None = None, *, now: datetime = NOW) -> Thread:
    return open_thread(
        customer=customer or house.customer,
        title="Suministro 2026",
        kind=Thread.Kind.SUPPLY,
        owner=house.person("sales"),
        by=FEED,
        now=now,
    )


def an_order(thread: Thread, *amounts: int, number: str = "", now: datetime = NOW) -> Order:
    lines = [LineText(text=f"Juntas {amount}", amount=Decimal(amount)) for amount in amounts]
    return place_order(thread, text="Juntas", lines=lines, number=number, by=FEED, now=now)


def an_invoice(
    customer: Customer,
    *lines: BilledLine | int,
    number: str,
    issued_on: date = date(2026, 11, 2),
    due_on: date | None = date(2026, 12, 2),
    currency: str = "EUR",
    total: Decimal | None = None,
    thread: Thread | None = None,
    now: datetime = NOW,
) -> Invoice:
    billed = [
        each
        if isinstance(each, BilledLine)
        else BilledLine(position=place, text="Juntas", amount=Decimal(each))
        for place, each in enumerate(lines, start=1)
    ]
    return record_invoice(
        source="sap",
        number=number,
        customer=customer,
        issued_on=issued_on,
        due_on=due_on,
        currency=currency,
        lines=billed,
        total=total,
        thread=thread,
        by=FEED,
        now=now,
    )
