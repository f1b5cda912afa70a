"""A customer with an order, an invoice in parts disputed and one past due, as of yesterday."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from hilo.money.commands.invoices import BilledLine
from hilo.quality.commands.touching import link_case
from hilo.work.models import Order
from tests.factories.quality import make_case
from tests.factories.work import House, a_house, a_published_template
from tests.money.conftest import SUPPLY, a_supply_thread, an_invoice, an_order
from tests.web.signed_in import yesterday


def a_billed_house() -> tuple[House, Order]:
    """The first line is undisputed, an open case is about the second."""
    house = a_house(now=yesterday())
    a_published_template(SUPPLY, now=yesterday())
    order = an_order(a_supply_thread(house, now=house.at), 1200, 300, now=house.at)
    first, second = order.lines.all()
    today = house.at.date()
    an_invoice(
        house.customer,
        BilledLine(position=1, text="Juntas de tapa", amount=Decimal(1200), order_line=first),
        BilledLine(position=2, text="Discos de cierre", amount=Decimal(300), order_line=second),
        number="F-26-0874",
        issued_on=today - timedelta(days=40),
        due_on=today + timedelta(days=20),
        now=house.at,
    )
    case = make_case(house, order.thread)
    link_case(case, type="order_line", object_id=second.pk, by=house.actor("sales"), now=house.at)
    return house, order


@pytest.fixture
def billed(db: None) -> tuple[House, Order]:
    return a_billed_house()


@pytest.fixture
def house(billed: tuple[House, Order]) -> House:
    return billed[0]


@pytest.fixture
def order(billed: tuple[House, Order]) -> Order:
    return billed[1]
