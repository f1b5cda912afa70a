"""Invoices, payments and rates are what the feed says: once, in any order, by nobody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.money.commands.invoices import BilledLine, cancel_invoice, record_invoice, record_payment
from hilo.money.commands.rates import set_rate
from hilo.money.models import Invoice, Payment, Rate
from tests.factories.parties import NOW, a_customer, acting
from tests.factories.work import House
from tests.money.conftest import FEED, a_supply_thread, an_invoice, an_order

pytestmark = pytest.mark.usefixtures("in_english")


def kinds() -> list[str]:
    found = LedgerEvent.objects.filter(kind__regex=r"^(invoice|payment|rate)\.").order_by("id")
    return list(found.values_list("kind", flat=True))


def test_the_same_invoice_twice_is_one_and_records_nothing_again(house: House) -> None:
    first = an_invoice(house.customer, 100, 50, number="F-1")
    again = an_invoice(house.customer, 100, 50, number="F-1")
    assert first.pk == again.pk
    assert (again.total, again.lines.count(), again.version) == (Decimal(150), 2, first.version)
    assert kinds() == ["invoice.recorded"]


def test_a_changed_line_changes_the_total_and_says_so_once(house: House) -> None:
    an_invoice(house.customer, 100, 50, number="F-1")
    changed = an_invoice(house.customer, 100, 60, number="F-1")
    assert changed.total == Decimal(160)
    last = LedgerEvent.objects.get(kind="invoice.changed")
    assert last.facts["fields"] == ["lines", "total"]


def test_an_invoice_stands_on_the_thread_of_its_orders_when_it_is_one(house: House) -> None:
    order = an_order(a_supply_thread(house), 100, 50)
    one, two = order.lines.all()
    billed = [
        BilledLine(position=10, text="Juntas", amount=Decimal(100), order_line=one),
        BilledLine(position=20, text="Discos", amount=Decimal(50), order_line=two),
    ]
    invoice = an_invoice(house.customer, *billed, number="F-1")
    assert invoice.thread == order.thread
    assert LedgerEvent.objects.get(kind="invoice.recorded").thread_id == order.thread_id


def test_an_order_of_another_customer_cannot_be_billed_to_this_one(house: House) -> None:
    order = an_order(a_supply_thread(house), 100)
    other = a_customer(delegation=house.company.zaragoza, keeper=house.person("sales"))
    billed = BilledLine(position=1, text="Juntas", amount=Decimal(1), order_line=order.lines.get())
    with pytest.raises(RuleViolation, match="another customer"):
        an_invoice(other, billed, number="F-1")
    assert not Invoice.objects.exists()


def test_payments_pay_the_invoice_in_any_order_and_one_that_goes_back_reopens_it(house: House) -> None:
    invoice = an_invoice(house.customer, 100, number="F-1")
    for reference, amount in (("P-2", 60), ("P-1", 40), ("P-1", 40)):
        pay(invoice, reference, amount)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid) == ("paid", Decimal(100))
    pay(invoice, "P-3", -40)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid) == ("issued", Decimal(60))
    assert kinds() == [
        *("invoice.recorded", "payment.recorded", "payment.recorded", "invoice.paid"),
        *("payment.recorded", "invoice.unpaid"),
    ]


def pay(invoice: Invoice, reference: str, amount: int) -> Payment:
    return record_payment(
        invoice, reference=reference, paid_on=date(2026, 11, 20), amount=Decimal(amount), by=FEED, now=NOW
    )


def test_a_payment_corrected_is_changed_and_not_a_second_one(house: House) -> None:
    invoice = an_invoice(house.customer, 100, number="F-1")
    pay(invoice, "P-1", 10)
    pay(invoice, "P-1", 100)
    invoice.refresh_from_db()
    assert (invoice.state, Payment.objects.count()) == ("paid", 1)
    assert "payment.changed" in kinds()


def test_a_cancelled_invoice_stays_cancelled_when_it_is_paid(house: House) -> None:
    invoice = an_invoice(house.customer, 100, number="F-1")
    cancel_invoice(invoice, reason="Duplicada", by=FEED, now=NOW)
    pay(invoice, "P-1", 100)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid) == ("cancelled", Decimal(100))
    with pytest.raises(RuleViolation, match="cancelled already"):
        cancel_invoice(invoice, reason="Otra vez", by=FEED, now=NOW)
    with pytest.raises(RuleViolation, match="cancelled"):
        an_invoice(house.customer, 120, number="F-1")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"issued_on": date(2026, 11, 24)}, "in the future"),
        ({"due_on": date(2026, 11, 1)}, "before it was issued"),
        ({"lines": []}, "at least one line"),
    ],
)
def test_an_odd_invoice_is_refused_and_nothing_is_kept(
    house: House, facts: dict[str, object], sentence: str
) -> None:
    sound: dict[str, object] = {
        "source": "sap",
        "number": "F-1",
        "customer": house.customer,
        "issued_on": date(2026, 11, 2),
        "currency": "EUR",
        "lines": [BilledLine(position=1, text="Juntas", amount=Decimal(1))],
    }
    with pytest.raises(RuleViolation, match=sentence):
        record_invoice(**sound | facts, by=FEED, now=NOW)  # type: ignore[arg-type]
    assert (Invoice.objects.count(), kinds()) == (0, [])


def test_nobody_writes_an_invoice_or_a_payment_by_hand(house: House) -> None:
    invoice = an_invoice(house.customer, 100, number="F-1")
    director = acting(house.person("director"))
    with pytest.raises(NotAllowed):
        cancel_invoice(invoice, reason="No", by=director, now=NOW)
    with pytest.raises(NotAllowed):
        record_payment(
            invoice, reference="P", paid_on=date(2026, 11, 3), amount=Decimal(1), by=director, now=NOW
        )
    invoice.refresh_from_db()
    assert (invoice.state, kinds()) == ("issued", ["invoice.recorded"])


def test_a_rate_is_set_once_a_day_by_who_runs_the_company_or_the_feed(house: House) -> None:
    for _turn in range(2):
        set_rate("USD", on=date(2026, 1, 1), rate=Decimal("0.9"), by=FEED, now=NOW)
    set_rate(
        "USD", on=date(2026, 1, 1), rate=Decimal("0.91"), by=acting(house.person("administrator")), now=NOW
    )
    assert Rate.objects.get().rate == Decimal("0.91")
    assert kinds() == ["rate.set", "rate.set"]
    with pytest.raises(NotAllowed):
        set_rate("USD", on=date(2026, 1, 2), rate=Decimal(1), by=house.actor("sales"), now=NOW)
    for currency, rate in (("EUR", 1), ("usd", 1), ("GBP", 0)):
        with pytest.raises(RuleViolation):
            set_rate(currency, on=date(2026, 1, 1), rate=Decimal(rate), by=FEED, now=NOW)
    assert Rate.objects.count() == 1
