"""Columns that come as codes from the reader, and what is done over them in place of the plain way."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hilo.insight.encoding import encode
from hilo.insight.encoding.building import _order
from hilo.insight.log import Codes, EventLog
from hilo.insight.mapping import guess
from hilo.insight.mapping.scoring import _median, _quantile
from hilo.insight.raw import Role
from hilo.insight.reading import read

STEPS = ("Alta", " Alta", "Revisión", "", "Entrega", "?")
AREAS = ("Comercial", "Técnica", "", "Logística")


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    """Labels with spaces around them and some missing, in rows whose times are not in order."""
    days = [f"{1 + n * 11 % 28:02}/0{1 + n % 9}/2024;{n * 13 % 24:02}:{n % 60:02}" for n in range(900)]
    rows = [
        f"P-{row % 150:03};{STEPS[row * 7 % 6]};{AREAS[row * 5 % 4]};{day}" for row, day in enumerate(days)
    ]
    path = tmp_path / "awkward.csv"
    path.write_text("\n".join(["Pedido;Actividad;Área;Fecha;Hora", *rows]) + "\n", "utf-8")
    return path


def test_a_log_is_the_same_whether_its_columns_come_as_codes_or_as_text(awkward: Path) -> None:
    plain, coded = read([awkward]), read([awkward], keep_codes=True)
    assert any(pa.types.is_dictionary(column.type) for column in coded.data.columns)
    assert not any(pa.types.is_dictionary(column.type) for column in plain.data.columns)
    guesses = [guess(raw, {Role.CASE: "Pedido", Role.ACTIVITY: "Actividad"}) for raw in (plain, coded)]
    assert guesses[0].columns == guesses[1].columns and guesses[0].asks == guesses[1].asks
    one, other = (encode(found.raw, found.columns) for found in guesses)
    assert len(one) > 500
    _assert_same(one, other)


def _assert_same(one: EventLog, other: EventLog) -> None:
    for each in fields(EventLog):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        if isinstance(mine, Codes):
            assert mine.names == theirs.names
            mine, theirs = mine.codes, theirs.codes
        assert np.array_equal(mine, theirs) if isinstance(mine, np.ndarray) else mine == theirs, each.name


@pytest.mark.parametrize("is_by_time", [True, False])
def test_events_are_ordered_by_case_then_time_and_equals_as_in_the_file(is_by_time: bool) -> None:
    chance = np.random.default_rng(3)
    case = chance.integers(0, 40, 5_000).astype(np.int32)
    time = chance.integers(0, 50, 5_000) * 1_000_000
    if is_by_time:
        time.sort()
    assert np.array_equal(_order(case, time), np.lexsort((time, case)))


@pytest.mark.parametrize("size", [1, 2, 7, 8])
def test_the_median_is_numpys(size: int) -> None:
    spans = np.random.default_rng(size).integers(0, 10**12, size)
    assert _median(spans) == np.median(spans)


@pytest.mark.parametrize("size", [2, 3, 7, 100, 101, 60_000])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_quantile_is_numpys_to_the_last_digit(size: int, share: float) -> None:
    times = np.random.default_rng(size).integers(-(10**15), 4 * 10**15, size)
    assert _quantile(times, share) == np.quantile(times, share)
