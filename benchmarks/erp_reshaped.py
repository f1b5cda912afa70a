"""Two public data sets as an ERP would export them: the files of a watched folder, and the mapping beside.

    python -m benchmarks.erp_reshaped olist  FOLDER [orders]
    python -m benchmarks.erp_reshaped scms   FOLDER [lines]

``olist`` (a marketplace; decimals with a point, ISO dates) and ``scms`` (deliveries of medicines; tabs, bare
carriage returns, days as 2-Jun-06 and as 11/13/06, words where a date is missing). The data stays beside the
project in ``../shared/logs``; only the shape changes here: lines get numbers, and of several dates the first
that is one is taken.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

LOGS = Path(__file__).resolve().parent.parent.parent / "shared" / "logs"

MAPPING = """\
source: {source}
follow_from: 2000-01-01
zone: {zone}
currency: {currency}
decimals: point
dates: ["%d-%b-%y", "%m/%d/%y"]
language: en
files:
  rates: {{name: "rates*.csv", columns: {{currency: currency, on: on, rate: rate}}}}
  customers:
    name: "customers*.csv"
    columns: {{customer: customer, name: name, city: city}}
  orders:
    name: "orders*.csv"
    columns:
      {{order: order, customer: customer, ordered_at: ordered, line: line, text: text, quantity: quantity,
       amount: amount}}
  deliveries:
    name: "deliveries*.csv"
    columns: {{delivery: delivery, order: order, line: line, delivered_at: delivered, quantity: quantity}}
  invoices:
    name: "invoices*.csv"
    columns:
      {{invoice: invoice, customer: customer, issued_on: issued, due_on: due, line: line, text: text,
       amount: amount, order: order, order_line: order_line}}
  payments:
    name: "payments*.csv"
    columns: {{payment: payment, invoice: invoice, paid_on: paid, amount: amount}}
"""

type Row = Sequence[object]

_HEADS = {
    "customers": ("customer", "name", "city"),
    "orders": ("order", "customer", "ordered", "line", "text", "quantity", "amount"),
    "deliveries": ("delivery", "order", "line", "delivered", "quantity"),
    "invoices": ("invoice", "customer", "issued", "due", "line", "text", "amount", "order", "order_line"),
    "payments": ("payment", "invoice", "paid", "amount"),
    "rates": ("currency", "on", "rate"),
}


def write_olist(folder: Path, orders: int) -> dict[str, int]:
    """Orders with their items; invoiced with freight the day they were approved; paid as it says."""
    people = {row["customer_id"]: row for row in _olist("customers")}
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _olist("order_items"):
        items[row["order_id"]].append(row)
    payments: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _olist("order_payments"):
        payments[row["order_id"]].append(row)
    names = {row["product_id"]: row["product_category_name"] for row in _olist("products")}
    files: dict[str, list[Row]] = {kind: [] for kind in _HEADS}
    for order in [row for row in _olist("orders") if row["order_id"] in items][:orders]:
        number, person = order["order_id"], people[order["customer_id"]]
        customer = person["customer_unique_id"]
        name = f"Cliente {customer[:8]}"
        files["customers"].append((customer, name, person["customer_city"]))
        lines = sorted(items[number], key=lambda row: int(row["order_item_id"]))
        for row in lines:
            text = names.get(row["product_id"]) or row["product_id"][:8]
            ordered = order["order_purchase_timestamp"]
            files["orders"].append((number, customer, ordered, row["order_item_id"], text, 1, row["price"]))
        if order["order_delivered_customer_date"]:
            files["deliveries"].append(
                (f"D-{number}", number, "", order["order_delivered_customer_date"], "")
            )
        if day := order["order_approved_at"][:10]:
            files["invoices"] += _olist_invoice(number, customer, day, lines)
            for paid in payments[number]:
                amount = float(paid["payment_value"])
                if amount:
                    code = f"{number}-{paid['payment_sequential']}"
                    files["payments"].append((code, f"F-{number}", day, f"{amount:.2f}"))
    files["customers"] = _once(files["customers"])
    files["rates"] = [
        ("BRL", f"{year}-01-01", rate) for year, rate in ((2016, 0.23), (2017, 0.29), (2018, 0.25))
    ]
    return _write(folder, files, MAPPING.format(source="olist", zone="America/Sao_Paulo", currency="BRL"))


def _olist_invoice(number: str, customer: str, day: str, lines: list[dict[str, str]]) -> Iterator[Row]:
    for row in lines:
        amount = f"{float(row['price']) + float(row['freight_value']):.2f}"
        line = row["order_item_id"]
        yield f"F-{number}", customer, day, "", line, "Item and freight", amount, number, line


def write_scms(folder: Path, most: int) -> dict[str, int]:
    """One purchase order has many lines, one project many orders: long supply threads."""
    path = LOGS / "scms" / "SCMS_Delivery_History_Dataset.csv.gz"
    text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    files: dict[str, list[Row]] = {kind: [] for kind in _HEADS}
    counted: dict[str, int] = defaultdict(int)
    ordered: dict[str, str] = {}
    for row in list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))[:most]:
        order, customer = row["PO / SO #"], row["Project Code"]
        counted[order] += 1
        line = counted[order]
        day = ordered.setdefault(order, _first_date(row))
        files["customers"].append((customer, f"{customer}, {row['Country']}", ""))
        amount, quantity = row["Line Item Value"], row["Line Item Quantity"]
        files["orders"].append((order, customer, day, line, row["Item Description"], quantity, amount))
        delivered = row["Delivered to Client Date"]
        files["deliveries"].append((f"{row['ASN/DN #']}/{order}/{line}", order, line, delivered, quantity))
        files["invoices"].append(
            (f"F-{order}-{line}", customer, delivered, "", 1, row["Item Description"], amount, order, line)
        )
    files["customers"] = _once(files["customers"])
    mapping = MAPPING.format(source="scms", zone="UTC", currency="USD")
    return _write(folder, files, mapping)


def _first_date(row: dict[str, str]) -> str:
    """When it was ordered, or failing that offered, or failing that planned to arrive."""
    columns = ("PO Sent to Vendor Date", "PQ First Sent to Client Date", "Scheduled Delivery Date")
    return next(row[column] for column in columns if row[column][:1].isdigit())


def _once(rows: Iterable[Row]) -> list[Row]:
    return list({row[0]: row for row in rows}.values())


def _olist(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(LOGS / "olist" / f"olist_{name}_dataset.csv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _write(folder: Path, files: dict[str, list[Row]], mapping: str) -> dict[str, int]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    for kind, rows in files.items():
        if rows:
            with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(_HEADS[kind])
                writer.writerows(rows)
    return {kind: len(rows) for kind, rows in files.items()}


WRITERS = {"olist": write_olist, "scms": write_scms}


def main() -> None:
    name, folder, *most = sys.argv[1:]
    counts = WRITERS[name](Path(folder), int(most[0]) if most else 100_000)
    sys.stdout.write(f"{counts}\n")


if __name__ == "__main__":
    main()
