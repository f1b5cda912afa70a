"""The revenue behind customers, threads and cases: equal to a slow recount, constant in queries, and shown to
nobody who does not see money."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.money.commands.invoices import BilledLine, cancel_invoice, record_payment
from hilo.money.commands.rates import set_rate
from hilo.money.models import Invoice
from hilo.money.queries.behind import (
    MoneyBehind,
    money_behind_cases,
    money_behind_customers,
    money_behind_threads,
)
from hilo.money.queries.on_thread import money_on_thread
from hilo.parties.actor import Actor
from hilo.parties.commands.merges import merge_customers
from hilo.parties.models import Customer
from hilo.quality.commands.touching import link_case
from hilo.quality.models import Case
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Thread
from hilo.work.queries.thread_page import ThreadPage, thread_page
from tests.factories.parties import NOW, a_contact, a_customer, acting
from tests.factories.quality import make_case
from tests.factories.work import House, a_thread
from tests.money import slowly
from tests.money.conftest import FEED, a_supply_thread, an_invoice, an_order

TODAY = date(2026, 11, 23)


def figures(found: MoneyBehind) -> slowly.Figures:
    return found.at_risk, found.year, found.open, found.unknown_rates


def test_past_due_and_disputed_are_at_risk_and_the_rest_is_only_open(house: House) -> None:
    order = an_order(a_supply_thread(house), 300, 700)
    one, two = order.lines.all()
    billed = [
        BilledLine(position=1, text="Juntas", amount=Decimal(300), order_line=one),
        BilledLine(position=2, text="Discos", amount=Decimal(700), order_line=two),
    ]
    an_invoice(house.customer, *billed, number="F-1")
    an_invoice(house.customer, 50, number="F-2", due_on=date(2026, 11, 22))
    an_invoice(house.customer, 40, number="F-3", due_on=TODAY)
    case = make_case(house, order.thread)
    link_case(case, type="order_line", object_id=two.pk, by=house.actor("sales"), now=NOW)
    actor = acting(house.person("director"))
    found = money_behind_customers([house.customer.pk], actor, NOW)[house.customer.pk]
    assert (found.year, found.open, found.at_risk) == (Decimal(1090), Decimal(1090), Decimal(750))
    of_case = money_behind_cases([case.pk], actor, NOW)[case.pk]
    assert (of_case.year, of_case.open, of_case.at_risk) == (Decimal(1090), Decimal(700), Decimal(700))
    of_thread = money_behind_threads([order.thread_id], actor, NOW)[order.thread_id]
    assert (of_thread.year, of_thread.open, of_thread.at_risk) == (Decimal(1000), Decimal(1000), Decimal(700))


def test_what_is_paid_in_part_is_shared_among_the_lines_by_their_amounts(house: House) -> None:
    thread = a_supply_thread(house)
    order = an_order(thread, 100)
    billed = [
        BilledLine(position=1, text="Juntas", amount=Decimal(100), order_line=order.lines.get()),
        BilledLine(position=2, text="Portes", amount=Decimal(300)),
    ]
    other = a_thread(house)
    invoice = an_invoice(house.customer, *billed, number="F", total=Decimal(484), thread=other)
    record_payment(invoice, reference="P", paid_on=TODAY, amount=Decimal(84), by=FEED, now=NOW)
    found = money_behind_threads([thread.pk, other.pk], acting(house.person("director")), NOW)
    assert invoice.thread == thread  # the only one of its orders'
    assert found[thread.pk].open == Decimal(400)
    assert found[other.pk].is_nothing


def test_twelve_months_end_today_and_a_rate_holds_from_its_day(house: House) -> None:
    set_rate("USD", on=date(2026, 3, 1), rate=Decimal("0.9"), by=FEED, now=NOW)
    set_rate("USD", on=date(2026, 6, 1), rate=Decimal("0.8"), by=FEED, now=NOW)
    days = {"old": date(2025, 11, 23), "new": date(2025, 11, 24)}
    for number, day in days.items():
        an_invoice(house.customer, 1000, number=number, issued_on=day)
    an_invoice(house.customer, 100, number="u1", currency="USD", issued_on=date(2026, 5, 31))
    an_invoice(house.customer, 100, number="u2", currency="USD", issued_on=date(2026, 6, 1))
    an_invoice(house.customer, 100, number="u3", currency="USD", issued_on=date(2026, 2, 28))
    an_invoice(house.customer, 100, number="g", currency="GBP")
    found = money_behind_customers([house.customer.pk], acting(house.person("director")), NOW)
    one = found[house.customer.pk]
    assert (one.year, one.unknown_rates, one.currency) == (Decimal(1170), ("GBP", "USD"), "EUR")


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_equal_to_a_slow_recount(house: House, seed: int) -> None:
    customers, threads, cases = a_lot(house, random.Random(seed))
    actor = acting(house.person("director"))
    of_customers = money_behind_customers([each.pk for each in customers], actor, NOW)
    of_threads = money_behind_threads([each.pk for each in threads], actor, NOW)
    of_cases = money_behind_cases([each.pk for each in cases], actor, NOW)
    for customer in customers:
        assert figures(of_customers[customer.pk]) == slowly.of_customer(customer, TODAY)
    for thread in threads:
        assert figures(of_threads[thread.pk]) == slowly.of_thread(thread.pk, TODAY)
        on_page = money_on_thread(a_page(thread.pk, actor), actor)
        assert on_page is not None and on_page.behind == of_threads[thread.pk]
    for case in cases:
        assert figures(of_cases[case.pk]) == slowly.of_case(case, TODAY)
    assert any(each.at_risk for each in of_cases.values())


def a_page(thread_id: int, actor: Actor) -> ThreadPage:
    return thread_page(Thread.objects.select_related("customer").get(pk=thread_id), actor, now=NOW)


def a_lot(house: House, chance: random.Random) -> tuple[list[Customer], list[Thread], list[Case]]:
    set_rate("USD", on=date(2026, 1, 1), rate=Decimal("0.9137"), by=FEED, now=NOW)
    set_rate("USD", on=date(2026, 7, 1), rate=Decimal("0.87"), by=FEED, now=NOW)
    seller = house.person("sales")
    others = [a_customer(delegation=house.company.zaragoza, keeper=seller) for _turn in range(2)]
    customers = [house.customer, *others]
    threads, cases = [], []
    for customer in customers:
        thread = a_supply_thread(house, customer)
        threads.append(thread)
        orders = [an_order(thread, 100, 250) for _turn in range(2)]
        lines = [line for order in orders for line in order.lines.all()]
        for number in range(chance.randint(2, 4)):
            invoices_of(customer, thread, lines, f"{customer.pk}-{number}", chance)
        contact = a_contact(customer)
        for _turn in range(2):
            case = make_case(house, thread, contact=contact)
            cases.append(case)
            if chance.random() < 0.6:
                line = chance.choice(lines)
                kind, number = chance.choice([("order_line", line.pk), ("order", line.order_id)])
                link_case(case, type=kind, object_id=number, by=house.actor("sales"), now=NOW)
    merge_customers(others[1], others[0], by=acting(house.person("director")), now=NOW)
    for customer in customers:
        customer.refresh_from_db()
    return customers, threads, cases


def invoices_of(
    customer: Customer, thread: Thread, lines: list[object], number: str, chance: random.Random
) -> None:
    billed = [
        BilledLine(
            position=place,
            text="Juntas",
            amount=Decimal(chance.randint(-5000, 30_000)) / 100,
            order_line=chance.choice([None, *lines]),  # type: ignore[arg-type]
        )
        for place in range(1, chance.randint(2, 4))
    ]
    issued = TODAY - timedelta(days=chance.randint(0, 500))
    invoice: Invoice = an_invoice(
        customer,
        *billed,
        number=number,
        issued_on=issued,
        due_on=chance.choice([None, issued + timedelta(days=chance.randint(0, 90))]),
        currency=chance.choice(["EUR", "EUR", "USD", "GBP"]),
        total=chance.choice([None, sum((each.amount for each in billed), Decimal(0)) * 2]),
        thread=chance.choice([None, thread]),
    )
    if chance.random() < 0.4:
        paid = Decimal(chance.randint(1, 9000)) / 100
        record_payment(invoice, reference="P", paid_on=TODAY, amount=paid, by=FEED, now=NOW)
    if chance.random() < 0.15:
        cancel_invoice(invoice, reason="Duplicada", by=FEED, now=NOW)


def test_ten_or_a_hundred_take_the_same_number_of_queries(house: House) -> None:
    actor, seller = acting(house.person("director")), house.person("sales")
    many = [a_customer(delegation=house.company.zaragoza, keeper=seller) for _turn in range(24)]
    for customer in many:
        an_invoice(customer, 100, number=f"F{customer.pk}", currency="USD", due_on=date(2026, 11, 3))
    with CaptureQueriesContext(
        connection,
    ) as few:
        money_behind_customers([each.pk for each in many[:2]], actor, NOW)
    with CaptureQueriesContext(connection) as all_of_them:
        money_behind_customers([each.pk for each in many], actor, NOW)
    assert len(few) == len(all_of_them) <= 6


def test_who_does_not_see_money_gets_nothing_at_all(house: House) -> None:
    order = an_order(a_supply_thread(house), 100)
    an_invoice(house.customer, 100, number="F-1", thread=order.thread)
    case = make_case(house, order.thread)
    technician = house.actor("technical")
    assert not technician.sees_money
    assert money_behind_customers([house.customer.pk], technician, NOW) == {}
    assert money_behind_threads([order.thread_id], technician, NOW) == {}
    assert money_behind_cases([case.pk], technician, NOW) == {}
    page = a_page(order.thread_id, technician)
    assert money_on_thread(page, technician) is None and page.beside["invoices of it"] == []
    for who in ("sales", "admin", "director"):
        assert money_behind_threads([order.thread_id], house.actor(who), NOW)[order.thread_id].year == 100


def test_what_stands_on_a_confidential_thread_is_in_nobody_elses_figures(house: House) -> None:
    order = an_order(a_supply_thread(house), 100)
    line = BilledLine(position=1, text="Juntas", amount=Decimal(100), order_line=order.lines.get())
    an_invoice(house.customer, line, number="F-1")
    case = make_case(house, order.thread)
    thread = order.thread
    thread.refresh_from_db()
    readers = [house.person("sales")]
    make_confidential(thread, readers=readers, seen=thread.version, by=house.head("sales"), now=NOW)
    stranger, reader = house.actor("admin"), house.actor("sales")
    assert money_behind_customers([house.customer.pk], stranger, NOW)[house.customer.pk].is_nothing
    assert money_behind_threads([thread.pk], stranger, NOW) == {}
    assert money_behind_cases([case.pk], stranger, NOW) == {}
    assert money_behind_customers([house.customer.pk], reader, NOW)[house.customer.pk].year == 100
    assert money_behind_cases([case.pk], reader, NOW)[case.pk].year == 100
