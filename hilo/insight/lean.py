"""pyarrow without what it does not need here: it imports pandas where that is installed (ibis brings it),
which costs a cold start between half a second and four, and numpy's masked arrays, which cost 0.05 s.

pyarrow looks for pandas once and remembers: so it looks while a hollow module of an age it refuses stands in
pandas' place. Whoever imports pandas afterwards gets the real one, and ``to_pandas`` works with it.
"""

from __future__ import annotations

import sys
import warnings
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_TOO_OLD = "0.0.0"
_HOLLOW = ("pandas", "pyarrow.pandas_compat")


def without_pandas() -> None:
    """Does nothing where pandas has been imported already."""
    if not sys.modules.keys().isdisjoint(_HOLLOW):
        return
    for name in _HOLLOW:
        sys.modules[name] = hollow = ModuleType(name)
        hollow.__version__ = _TOO_OLD  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is too old
            pa.array(bytearray(), pa.binary())
            pa.array([None])
    finally:
        for name in _HOLLOW:
            del sys.modules[name]


def give_back() -> None:
    """To the system what Arrow keeps of the memory it has freed: 0.2 GB after five million rows."""
    pa.default_memory_pool().release_unused()


def arrow(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers as they lie in memory, without a copy, where ``pa.array`` would load numpy's masked arrays."""
    values = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(values.dtype)
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(kind, len(values), [None, _bits(values)])
    valid = None if missing is None or not missing.any() else _bits(~missing)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(values)])


def _bits(flags: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


without_pandas()
