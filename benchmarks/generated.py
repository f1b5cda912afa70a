"""Logs of any size to measure on: orders that pass from area to area, some back again.

Not for the truth of findings (tests/simulation is): only sizes and shapes are meant to be lifelike. The same
size and seed give the same log.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilo.insight.log import Codes, EventLog

MEAN_LENGTH = 8
SECOND = 1_000_000
YEARS = 2 * 365 * 86_400
FIRST = 1_704_067_200  # 2024-01-01
STEPS = (
    "Pedido recibido",
    "Crédito revisado",
    "Plano dibujado",
    "Plano aprobado",
    "Material pedido",
    "Material recibido",
    "Fabricación iniciada",
    "Fabricación terminada",
    "Calidad revisada",
    "Preparado",
    "Expedido",
    "Entregado",
    "Facturado",
    "Incidencia abierta",
    "Incidencia cerrada",
    "Cobrado",
)
AREAS = ("Comercial", "Administración", "Oficina técnica", "Compras", "Producción", "Calidad", "Logística")
AREA_OF_STEP = (0, 1, 2, 0, 3, 3, 4, 4, 5, 6, 6, 6, 1, 0, 6, 1)
PEOPLE_PER_AREA = 12
SITES = ("Bilbao", "Zaragoza", "Vigo", "Sevilla")


def generated_log(events: int, seed: int = 1) -> EventLog:
    """About ``events`` events, in the file's order by time over all cases."""
    chance = np.random.default_rng(seed)
    cases = events // MEAN_LENGTH
    lengths = 1 + chance.poisson(MEAN_LENGTH - 1, cases)
    first = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    n = int(first[-1])
    case = np.repeat(np.arange(cases, dtype=np.int32), lengths)
    place = np.arange(n) - first[case]
    activity = np.minimum(place + chance.integers(0, 2, n), len(STEPS) - 1)
    strays = chance.random(n) < 0.08
    activity[strays] = chance.integers(0, len(STEPS), int(strays.sum()))
    area = np.array(AREA_OF_STEP)[activity]
    gaps = (chance.exponential(20 * 3600, n) + 1).astype(np.int64)
    gaps[first[:-1]] = FIRST + chance.integers(0, YEARS, cases)
    time = np.cumsum(gaps)
    time -= np.repeat((time - gaps)[first[:-1]], lengths)
    row = np.empty(n, np.int64)
    row[np.argsort(time, kind="stable")] = np.arange(n)
    person = area * PEOPLE_PER_AREA + chance.integers(0, PEOPLE_PER_AREA, n)
    return EventLog(
        case=case,
        case_names=[f"P-{number:08}" for number in range(cases)],
        first=first,
        activity=_codes(activity, STEPS),
        time=time * SECOND,
        row=row,
        area=_codes(area, AREAS),
        person=_codes(person, [f"u{number:03}" for number in range(len(AREAS) * PEOPLE_PER_AREA)]),
        site=_codes(np.repeat(chance.integers(0, len(SITES), cases), lengths), SITES),
    )


def _codes(codes: NDArray[np.int64], names: tuple[str, ...] | list[str]) -> Codes:
    return Codes(codes.astype(np.int32), names)


def write_csv(log: EventLog, path: Path) -> None:
    """As an export would stand: one row per event, by time."""
    import pyarrow as pa
    from pyarrow import compute, csv

    order = np.argsort(log.row)
    columns = {"Pedido": pa.array(log.case_names, pa.string()).take(pa.array(log.case[order]))}
    named = {"Actividad": log.activity, "Área": log.area, "Persona": log.person, "Delegación": log.site}
    for name, column in named.items():
        assert column is not None
        columns[name] = pa.array(column.names, pa.string()).take(pa.array(column.codes[order]))
    moments = pa.array(log.time[order] // SECOND).cast(pa.timestamp("s"))
    columns["Fecha y hora"] = compute.strftime(moments, "%Y-%m-%d %H:%M:%S+00:00")
    csv.write_csv(pa.table(columns), path, csv.WriteOptions(quoting_style="needed"))


if __name__ == "__main__":
    write_csv(generated_log(int(sys.argv[1])), Path(sys.argv[2]))
