from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa

from hilo.insight.lean import arrow

CONVERSIONS = """
import sys, io
import hilo.insight.raw
assert "pyarrow" not in sys.modules
import hilo.insight.reading
import numpy as np, pyarrow as pa, pyarrow.csv
pa.array(np.zeros(3)), pa.array([1, None]).fill_null(-1).to_numpy()
pyarrow.csv.read_csv(io.BytesIO(b"a\\n1\\n")).to_pylist()
assert "pandas" not in sys.modules
import pandas
assert pa.table({"a": [1, 2]}).to_pandas()["a"].sum() == 3
"""


def test_tables_are_converted_without_pandas_which_still_works_for_whoever_imports_it() -> None:
    ran = subprocess.run([sys.executable, "-c", CONVERSIONS], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_numbers_lie_in_arrow_as_in_numpy() -> None:
    numbers = np.array([3, 1, 2], np.int32)
    assert arrow(numbers).equals(pa.array(numbers))
    assert arrow(numbers[::-1], np.array([False, True, False])).to_pylist() == [2, None, 3]
    flags = np.array([True, False] * 7)
    assert arrow(flags).equals(pa.array(flags))
