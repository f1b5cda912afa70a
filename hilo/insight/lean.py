"""pyarrow without pandas: its first conversion imports pandas where that is installed (ibis brings it), which
costs a cold start between half a second and four. Nothing of insight wants it.

pyarrow looks once and remembers: so it looks while a hollow module of an age it refuses stands in pandas'
place. Whoever imports pandas afterwards gets the real one, and ``to_pandas`` works with it.
"""

from __future__ import annotations

import sys
import warnings
from types import ModuleType

import pyarrow as pa

_TOO_OLD = "0.0.0"


def without_pandas() -> None:
    """Does nothing where pandas has been imported already."""
    if "pandas" in sys.modules:
        return
    hollow = ModuleType("pandas")
    hollow.__version__ = _TOO_OLD  # type: ignore[attr-defined]
    sys.modules["pandas"] = hollow
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is too old
            pa.array(bytearray(), pa.binary())
            pa.array([None])
    finally:
        del sys.modules["pandas"]
