"""Small tables to guess and encode: a company's orders under any column names, and tables written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from hilo.insight.raw import RawTable, ReadFile, Role
from hilo.insight.results import Taken
from hilo.insight.speaking import _

STEPS = ("Pedido recibido", "Validar plano", "Fabricar", "Entregar", "Factura emitida", "Cerrar pedido")
AREA_OF = ("Comercial", "Oficina técnica", "Producción", "Logística", "Administración", "Comercial")
SITES = ("Bilbao", "Vigo", "Zaragoza")
FIRST_NAMES = ("Ana", "Luis", "Marta", "Jon", "Eva", "Raúl", "Inés", "Pau")
SURNAMES = ("Ruiz", "Gil", "Soto", "Vega", "Mora", "Rey")


def raw_of(
    columns: Mapping[str, Sequence[object]], *, name: str = "log.csv", zone: str | None = None
) -> RawTable:
    """Datetimes become timestamps (of ``zone``), the rest what pyarrow makes of them."""
    table = pa.table({key: _column(values, zone) for key, values in columns.items()})
    return RawTable(table, (ReadFile(name, "csv", table.num_rows),))


def _column(values: Sequence[object], zone: str | None) -> pa.Array:
    if any(isinstance(value, datetime) for value in values):
        return pa.array(values, pa.timestamp("us", zone))
    return pa.array(values)


def taken(**columns: str) -> dict[Role, Taken]:
    """taken(case="Pedido", activity="Tarea")."""
    return {Role(role): Taken(column, 1.0, _("you said so")) for role, column in columns.items()}


def day(number: float, hour: float = 9) -> datetime:
    """Days after 1 March 2024, a Friday; no clock changes for four weeks."""
    return datetime(2024, 3, 1) + timedelta(days=number, hours=hour)  # noqa: DTZ001


def orders(names: Mapping[str, str], *, cases: int = 60, seed: int = 5) -> RawTable:
    """Orders in six steps, with rework, by rows in time order. ``names`` says which of the columns case,
    activity, time, start, person, area, site, customer, due, amount and priority it has, and how called."""
    chance = np.random.default_rng(seed)
    rows = [row for case in range(cases) for row in _order(case, chance)]
    rows.sort(key=lambda row: row["time"])
    return raw_of({name: [row[key] for row in rows] for key, name in names.items()})


def _order(case: int, chance: np.random.Generator) -> list[dict[str, object]]:
    at, customer = day(chance.uniform(0, 200)), int(chance.integers(0, 12))
    same = {
        "case": f"P-{2000 + case}",
        "site": SITES[customer % 3],
        "customer": f"Bodegas {SURNAMES[customer % 6]} {customer} S.L.",
        "due": (at + timedelta(days=20)).replace(hour=0, minute=0, second=0, microsecond=0),
        "amount": round(float(chance.lognormal(8, 1)), 2),
        "priority": ("alta", "normal", "baja")[case % 3],
    }
    rows: list[dict[str, object]] = []
    for step in (0, 1, 2, 1, 2, 3, 4, 5) if chance.random() < 0.3 else (0, 1, 2, 3, 4, 5):
        start = at + timedelta(hours=float(chance.exponential(30)))
        at = start + timedelta(hours=float(chance.exponential(4)))
        who = int(chance.integers(0, 8))
        person = f"{FIRST_NAMES[who]} {SURNAMES[step]}"
        rows.append(
            {
                **same,
                "activity": STEPS[step],
                "area": AREA_OF[step],
                "person": person,
                "start": start,
                "time": at,
            }
        )
    return rows
