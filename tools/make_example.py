"""Write the example log that Hilo ships: ``python tools/make_example.py``. Each time it is the same file."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.simulation.company import Simulated, simulate
from tests.simulation.faults import Fault

TARGET = Path(__file__).resolve().parents[1] / "hilo" / "insight" / "example" / "pedidos.csv.gz"
SEED = 2026
ORDERS = 900
FAULTS = (
    Fault("ping_pong", "clear", {"from": "finance", "to": "engineering"}),
    Fault("border_wait", "strong", {"from": "engineering", "to": "purchasing", "site": "vigo"}),
    Fault("rework", "clear", {"activity": "build", "site": "sevilla"}),
    Fault("late", "clear", {"family": "fillers"}),
    Fault("invoiced_over_open_case", "clear", {}),
)


def made() -> bytes:
    """As an ERP in Spain exports: semicolons, d/m/Y, decimal commas, a BOM."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    log = simulate(SEED, ORDERS, FAULTS)
    writer.writerow(log.rows)
    writer.writerows(_rows(log))
    return gzip.compress(text.getvalue().encode("utf-8-sig"), 9, mtime=0)


def _rows(log: Simulated) -> Iterator[tuple[str, ...]]:
    columns = [_written(column) for column in log.rows.values()]
    return zip(*columns, strict=True)


def _written(column: np.ndarray) -> list[str]:
    if column.dtype.kind == "M":
        return ["" if np.isnat(at) else at.item().strftime("%d/%m/%Y %H:%M") for at in column]
    if column.dtype.kind == "f":
        return [f"{value:.2f}".replace(".", ",") for value in column]
    return [str(value) for value in column]


if __name__ == "__main__":
    TARGET.write_bytes(made())
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
