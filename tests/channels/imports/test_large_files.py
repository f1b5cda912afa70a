"""100,000 rows: no slower than a person waits, and no heavier than a few."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from hilo.channels.imports import Intake, Source, What, guess_mapping, open_table

pytestmark = pytest.mark.any_database
ROWS = 100_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "grande.csv"
    lines = (f"C{i};Envases {i} S.L.;Logroño;La línea número {i}\n" for i in range(ROWS))
    with path.open("w", encoding="latin-1", newline="") as handle:
        handle.write("Código;Nombre;Ciudad;Notas\n")
        handle.writelines(lines)
    return path


def test_100_000_rows_are_read_in_less_than_three_seconds(large: Path) -> None:
    begin = time.process_time()
    count = sum(1 for row in open_table(large).rows() if not row.trouble)
    assert count == ROWS
    assert time.process_time() - begin < 3


def test_100_000_rows_are_read_within_a_few_megabytes(large: Path) -> None:
    tracemalloc.start()
    try:
        sum(1 for _row in open_table(large).rows())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20


def test_100_000_rows_are_checked_row_by_row(large: Path) -> None:
    table = open_table(large)
    check = Intake(table, guess_mapping(table, What.CUSTOMERS, Source.CSV)).check()
    assert (check.total, check.ready, check.refused_rows, check.duplicate_count) == (ROWS, ROWS, 0, 0)
