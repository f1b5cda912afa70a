"""A lean pyarrow is pyarrow: nothing of it is missing, and none of it works differently."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

from hilo.businesstime import zones
from hilo.insight.lean import arrow
from hilo.insight.log import FIRST_YEAR, LAST_YEAR

FUNCTIONS = """
import inspect, json
{first}
import pyarrow.compute as pc
names = [name for name in dir(pc) if not name.startswith("_")]
functions = {{name: str(inspect.signature(getattr(pc, name))) for name in names
             if hasattr(getattr(pc, name), "__arrow_compute_function__")}}
facts = {{name: getattr(pc, name).__arrow_compute_function__ for name in functions}}
print(json.dumps([sorted(names), functions, repr(sorted(facts.items()))]))
"""

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


def _told(code: str) -> object:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_pyarrows_functions_on_demand_are_those_pyarrow_makes() -> None:
    lean, whole = (_told(FUNCTIONS.format(first=first)) for first in ("import hilo.insight.lean", ""))

    assert lean == whole
    assert isinstance(whole, list) and len(whole[1]) > 250


def test_a_function_that_pyarrow_does_not_have_is_missing_here_too() -> None:
    code = """
import hilo.insight.lean, json
import pyarrow.compute as pc
print(json.dumps([hasattr(pc, name) for name in ("nothing", "hash_sum", "count_all", "cast", "sum")]))
"""
    assert _told(code) == [False, False, False, True, True]


LOADED = """
import json, sys
from pathlib import Path
from hilo.insight.encoding import encode
from hilo.insight.mapping import guess
from hilo.insight.measures import directly_follows
from hilo.insight.reading import read
found = guess(read([Path({file!r})], keep_codes=True))
directly_follows(encode(found.raw, found.columns))
print(json.dumps(sorted(sys.modules)))
"""


def test_a_plain_table_is_read_without_what_costs_a_cold_start_more_than_the_table(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    days = [f"2024-01-{n % 28 + 1:02d} 10:00" for n in range(400)]
    rows = [f"{n % 40},{'abc'[n % 3]},{day},{n % 5}.5,tienda {n % 4}" for n, day in enumerate(days)]
    file.write_text("\n".join(["case,activity,time,amount,area", *rows]))

    loaded = _told(LOADED.format(file=str(file)))

    assert isinstance(loaded, list) and "pyarrow.compute" in loaded
    assert not {"pandas", "dateutil", "numpy.ma", "pydoc", "babel", "ibis", "duckdb", "django"} & set(loaded)
    assert not {"gettext", "logging", "tempfile", "zipfile", "gzip", "hilo.businesstime"} & set(loaded)


def test_the_years_of_a_log_are_those_whose_clocks_are_known() -> None:
    assert (FIRST_YEAR, LAST_YEAR) == (zones.FIRST_YEAR, zones.LAST_YEAR)


def test_a_process_ends_without_a_word_from_a_library_that_is_cleared_away() -> None:
    code = "import hilo.insight.lean, duckdb; duckdb.connect().execute('select 1').fetchall()"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
