"""A watched folder of a made-up ERP beside the company of the factories."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from hilo.channels.erp.running import Run, run_feed
from tests.factories.parties import NOW
from tests.factories.work import House, a_house, a_published_template
from tests.money.conftest import SUPPLY

MAPPING = """
source: sap
follow_from: 2026-01-01
delegation: zaragoza
keeper: %(keeper)s
zone: Europe/Madrid
currency: EUR
decimals: comma
dates: "%%d.%%m.%%Y"
times: "%%d.%%m.%%Y %%H:%%M"
report_after_days: 5
language: en
files:
  customers:
    name: "clientes*.csv"
    columns: {customer: Cliente, name: Razón social, tax_id: CIF, city: Población, changed_at: Cambio}
  orders:
    name: "pedidos*.csv"
    columns:
      order: Pedido
      customer: Cliente
      ordered_at: Fecha
      line: Pos
      text: Material
      quantity: Cantidad
      amount: Importe
      cancelled: Anulado
      changed_at: Cambio
  deliveries:
    name: "albaranes*.csv"
    columns: {delivery: Albarán, order: Pedido, line: Pos, delivered_at: Salida, quantity: Cantidad}
  invoices:
    name: "facturas*.csv"
    columns:
      invoice: Factura
      customer: Cliente
      issued_on: Fecha
      due_on: Vence
      total: Total
      line: Pos
      text: Concepto
      amount: Importe
      order: Pedido
      order_line: Pos pedido
      cancelled: Anulada
  payments:
    name: "cobros*.csv"
    columns: {payment: Cobro, invoice: Factura, paid_on: Fecha, amount: Importe}
  rates:
    name: "cambios*.csv"
    columns: {currency: Divisa, on: Fecha, rate: Cambio}
"""

CUSTOMERS = ["Cliente", "Razón social", "CIF", "Población"]
ORDERS = ["Pedido", "Cliente", "Fecha", "Pos", "Material", "Cantidad", "Importe"]
DELIVERIES = ["Albarán", "Pedido", "Pos", "Salida", "Cantidad"]
INVOICES = ["Factura", "Cliente", "Fecha", "Vence", "Pos", "Concepto", "Importe", "Pedido", "Pos pedido"]
PAYMENTS = ["Cobro", "Factura", "Fecha", "Importe"]


@dataclass
class Feed:
    folder: Path
    house: House
    now: datetime = NOW

    def put(self, name: str, columns: Sequence[str], *rows: Sequence[object]) -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(columns)
            writer.writerows(rows)
        return path

    def put_text(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *, quiet: timedelta = timedelta(0)) -> Run:
        return run_feed(self.folder, now=self.now, quiet=quiet)

    def put_everything(self) -> None:
        self.put("clientes.csv", CUSTOMERS, ["C1", "Conservas del Ebro", "B50123452", "Alfaro"])
        self.put(
            "pedidos.csv",
            ORDERS,
            ["4711", "C1", "20.11.2026 09:30", "10", "Juntas 202", "100", "1.250,00"],
            ["4711", "C1", "20.11.2026 09:30", "20", "Discos 307", "4", "186,5"],
        )
        self.put(
            "albaranes.csv",
            DELIVERIES,
            ["A1", "4711", "10", "21.11.2026 08:00", "60"],
            ["A2", "4711", "10", "21.11.2026 12:00", "40"],
            ["A2", "4711", "20", "21.11.2026 12:00", "4"],
        )
        self.put(
            "facturas.csv",
            INVOICES,
            ["F1", "C1", "22.11.2026", "22.12.2026", "1", "Juntas", "1.250,00", "4711", "10"],
            ["F1", "C1", "22.11.2026", "22.12.2026", "2", "Discos", "186,50", "4711", "20"],
        )
        self.put("cobros.csv", PAYMENTS, ["P1", "F1", "23.11.2026", "1.436,50"])

    def waiting_files(self) -> list[str]:
        return sorted(each.name for each in self.folder.glob("*.csv"))

    def refused(self) -> list[list[str]]:
        rows: list[list[str]] = []
        for path in sorted((self.folder / "refused").glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows += list(csv.reader(file, delimiter=";"))[1:]
        return rows


def the_mapping(house: House) -> str:
    return MAPPING % {"keeper": house.person("sales").email}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def a_feed(folder: Path) -> Feed:
    house = a_house()
    a_published_template(SUPPLY)
    folder.mkdir(exist_ok=True)
    (folder / "mapping.yaml").write_text(the_mapping(house), encoding="utf-8")
    return Feed(folder, house)


@pytest.fixture
def feed(db: None, tmp_path: Path) -> Feed:
    return a_feed(tmp_path / "erp")


def age(path: Path, seconds: float, now: datetime) -> None:
    moment = now.timestamp() - seconds
    os.utime(path, (moment, moment))
