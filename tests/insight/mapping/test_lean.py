from __future__ import annotations

import subprocess
import sys

CONVERSIONS = """
import sys, io
import hilo.insight.raw
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
