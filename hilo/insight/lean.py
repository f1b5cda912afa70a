"""pyarrow without what it does not need here, which costs a cold start more than pyarrow itself.

It looks for pandas where that is installed (ibis brings it: between half a second and four), for dateutil
and for numpy's masked arrays; and ``pyarrow.compute`` makes a documented function of each of 300 kernels.

pyarrow looks for pandas once and remembers: so it looks while a hollow module of an age it refuses stands in
pandas' place. Whoever imports pandas afterwards gets the real one, and ``to_pandas`` works with it. Functions
of ``pyarrow.compute`` are made as they are asked for. For dateutil it looks whenever the type of a value is
not said, as in ``pa.array([1])``: so it is said here.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["arrow", "give_arrays_back", "give_back", "pc"]

_TOO_OLD = "0.0.0"
_PANDAS = ("pandas", "pyarrow.pandas_compat")
_NO_DATEUTIL: dict[str, ModuleType | None] = {"dateutil": None, "dateutil.relativedelta": None}
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _LARGE = -1, -3, 2**31 - 1
_COMPUTE, _DOCUMENTING = "pyarrow.compute", "pyarrow.vendored.docscrape"


def without_pandas() -> None:
    """Does nothing where pandas has been imported already."""
    if not sys.modules.keys().isdisjoint(_PANDAS):
        return
    hollow = {name: _hollow(name, __version__=_TOO_OLD) for name in _PANDAS}
    with _in_place_of({**hollow, **_NO_DATEUTIL}):
        pa.array(bytearray(), pa.binary())
        pa.array([None])


def with_functions_on_demand() -> None:
    """``pyarrow.compute``, its functions made when asked for: as pyarrow makes them, but for the options in
    their documentation. Does nothing where it has been imported already."""
    if _COMPUTE in sys.modules:
        return
    import pyarrow._compute as core

    registry = core.function_registry
    core.function_registry = _OnlyOne
    undocumented = _hollow(_DOCUMENTING, NumpyDocString=lambda _text: {"Parameters": ()})
    try:
        with _in_place_of({_DOCUMENTING: undocumented}):
            compute = vars(importlib.import_module(_COMPUTE))
    finally:
        core.function_registry = registry

    def made(name: str) -> Any:
        try:
            function = core.get_function(_OTHER_NAMES.get(name, name))
        except KeyError:
            function = None
        if function is None or not _is_callable(function):
            raise AttributeError(f"module {_COMPUTE!r} has no attribute {name!r}")
        compute[name] = compute["_wrap_function"](name, function)
        return compute[name]

    def names() -> list[str]:
        callable_ones = (name for name in core.list_functions() if _is_callable(core.get_function(name)))
        return sorted({*compute, *callable_ones, *_OTHER_NAMES})

    compute.update(function_registry=registry, __getattr__=made, __dir__=names)


_OTHER_NAMES = {"and_": "and", "or_": "or"}


class _OnlyOne:
    """The registry of functions while the module is made: the one that the module itself speaks of."""

    @staticmethod
    def list_functions() -> list[str]:
        return ["utf8_zero_fill"]

    @staticmethod
    def get_function(name: str) -> Any:
        from pyarrow._compute import get_function

        return get_function(name)


def _is_callable(function: Any) -> bool:
    if function.kind == "scalar_aggregate":
        return bool(function.arity > 0)
    return bool(function.kind != "hash_aggregate")


def _hollow(name: str, **contents: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(contents)
    return module


@contextmanager
def _in_place_of(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Of those not imported yet. None makes whoever asks believe that there is no such module."""
    placed = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(placed)  # type: ignore[arg-type]  # the language's own way of saying: not there
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is too old
            yield
    finally:
        for name in placed:
            del sys.modules[name]


def give_back() -> None:
    """To the system what Arrow keeps of the memory it has freed: 0.2 GB after five million rows."""
    pa.default_memory_pool().release_unused()


def keep_large_arrays() -> None:
    """The memory of an array that is freed serves the next one. The C library would give those of 32 MB and
    more back at once and have each page of the next cleared anew: half the time of a log of 20 million."""
    if (library := _c_library()) is not None:
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_TRIM_THRESHOLD, _LARGE)


def give_arrays_back() -> None:
    """All that has been kept for the next: a server has other things to do."""
    give_back()
    if (library := _c_library()) is not None:
        library.malloc_trim(0)


def end_at_once() -> None:
    """Before it ends, Python would look through everything that was loaded for garbage, which takes 0.02 s.
    DuckDB is cleared away then, and complains where it is not."""
    if "_duckdb" not in sys.modules:
        gc.freeze()


def _c_library() -> ctypes.CDLL | None:
    """None where it is none of GNU's, which alone knows these two."""
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


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
with_functions_on_demand()
keep_large_arrays()
atexit.register(end_at_once)

import pyarrow.compute as pc  # noqa: E402  # taken from here by all who compute, so that it is the lean one
