"""A made-up ERP of some orders, and what the database says of it without ids: equal means the same state."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hilo.channels.erp.models import UnsettledRow
from hilo.money.models import Invoice, Payment
from hilo.parties.models import Customer, ExternalRef
from hilo.work.models import Order, Thread
from tests.channels.erp.conftest import CUSTOMERS, DELIVERIES, INVOICES, ORDERS, PAYMENTS

type Rows = list[list[str]]


@dataclass(frozen=True)
class Erp:
    """By kind: documents, each with its rows, which always travel in one file."""

    documents: dict[str, list[Rows]]


COLUMNS = {
    "clientes": CUSTOMERS,
    "pedidos": ORDERS,
    "albaranes": DELIVERIES,
    "facturas": INVOICES,
    "cobros": PAYMENTS,
}


def an_erp(chance: random.Random, *, customers: int = 2, orders: int = 4) -> Erp:
    documents: dict[str, list[Rows]] = {kind: [] for kind in COLUMNS}
    for number in range(customers):
        documents["clientes"].append([[f"C{number}", f"Cliente {number}", "", "Lugo"]])
    for number in range(orders):
        customer, lines = f"C{number % customers}", chance.randint(1, 2)
        order = str(4700 + number)
        when = f"{chance.randint(2, 9):02}.11.{chance.choice(['2026', '2026', '2025'])} 09:00"
        documents["pedidos"].append(
            [
                [order, customer, when, str(10 * line), f"Pieza {line}", "10", "100,50"]
                for line in range(1, lines + 1)
            ]
        )
        _deliveries(documents, order, lines, chance)
        _bill(documents, order, customer, lines, chance)
    return Erp(documents)


def _deliveries(documents: dict[str, list[Rows]], order: str, lines: int, chance: random.Random) -> None:
    for line in range(1, lines + 1):
        for part, share in enumerate(chance.choice([["10"], ["4", "6"], ["3", "3", "9"], ["4"], [""]])):
            day = f"{chance.randint(10, 20)}.11.2026 {chance.randint(8, 18):02}:00"
            documents["albaranes"].append([[f"A{order}-{line}-{part}", order, str(10 * line), day, share]])


def _bill(
    documents: dict[str, list[Rows]], order: str, customer: str, lines: int, chance: random.Random
) -> None:
    invoice = f"F{order}"
    head = [invoice, customer, "20.11.2026", "20.12.2026"]
    rows = [[*head, str(line), "Pieza", "100,50", order, str(10 * line)] for line in range(1, lines + 1)]
    documents["facturas"].append(rows)
    for part in range(chance.randint(0, 2)):
        documents["cobros"].append([[f"P{order}-{part}", invoice, "21.11.2026", "100,50"]])


def in_some_order(erp: Erp, chance: random.Random) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """Files (name, columns, rows) in a random order, documents spread over them, rows shuffled."""
    files: list[tuple[str, Sequence[str], Rows]] = []
    for kind, documents in erp.documents.items():
        piles: list[Rows] = [[] for _turn in range(chance.randint(1, 3))]
        for rows in documents:
            chance.choice(piles).extend(rows)
        for number, pile in enumerate(piles):
            chance.shuffle(pile)
            if pile:
                files.append((f"{kind}-{number}.csv", COLUMNS[kind], pile))
    chance.shuffle(files)
    yield from files


def state() -> dict[str, object]:
    return {
        "customers": sorted(_customers()),
        "orders": sorted((_order(order) for order in Order.objects.all()), key=str),
        "threads": sorted(Thread.objects.values_list("customer__name", "kind", "year", "state")),
        "invoices": sorted((_invoice(each) for each in Invoice.objects.all()), key=str),
        "payments": sorted(Payment.objects.values_list("reference", "invoice__number", "amount")),
        "waiting": sorted(UnsettledRow.objects.values_list("kind", "key", "needs_kind", "needs_id")),
        "refs": sorted(ExternalRef.objects.values_list("kind", "external_id", "row_digest")),
    }


def _customers() -> Iterator[tuple[str, str, str]]:
    for ref in ExternalRef.objects.filter(kind="customer"):
        customer = Customer.objects.get(pk=ref.object_id)
        yield ref.external_id, customer.name, customer.city


def _order(order: Order) -> tuple[object, ...]:
    steps = {run.step.key: run.state for run in order.work_item.step_runs.all() if run.step}
    return (
        order.number,
        order.thread.customer.name,
        order.thread.year,
        order.text,
        order.state,
        order.placed_at,
        list(order.lines.values_list("position", "text", "quantity", "amount")),
        sorted(order.deliverables.values_list("order_line__position", "state", "delivered_at"), key=str),
        steps,
    )


def _invoice(invoice: Invoice) -> tuple[object, ...]:
    lines = invoice.lines.values_list(
        "position", "amount", "order_line__order__number", "order_line__position"
    )
    thread = invoice.thread.year if invoice.thread else None
    return invoice.number, invoice.state, invoice.total, invoice.paid, thread, list(lines)
