"""Keeps pyarrow from importing pandas, which costs a second of CPU on the first array it makes.

Ibis brings pandas along; pyarrow then imports it only to ask whether what it is given is a frame. Nobody here
gives it one. It is asked once while pandas seems absent, remembers that, and still finds it when somebody
calls ``to_pandas``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


class _NoPandas(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name == "pandas":
            raise ImportError(name)


if "pandas" not in sys.modules:
    _finder = _NoPandas()
    sys.meta_path.insert(0, _finder)
    try:
        pa.scalar(1)
    finally:
        sys.meta_path.remove(_finder)
