"""What a batch of an import asks of the company again with every row, looked up once.

Which process a kind of thread runs on, its steps, who works where: an import of thousands of threads would
ask it thousands of times, and it changes a few times a year. ``while_the_company_stays_as_it_is`` is entered
for some hundred rows at a time, so that what somebody changes meanwhile holds from the next batch on. What a
rule must be sure of until the commit (that somebody has not left) takes a lock and is never remembered.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from hilo.prepared import Prepared

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("the company as it is", default=None)
_COLLECTIONS = (list, set, frozenset)


@contextmanager
def while_the_company_stays_as_it_is() -> Iterator[None]:
    known = _known.get()
    token = _known.set({} if known is None else known)
    try:
        yield
    finally:
        _known.reset(token)


class Remembered(Prepared):
    """Asked once for the same values while the company stays as it is; otherwise each time.

    Whoever gets the rows must not change them: others get the same ones.
    """

    def __call__(self, **given: Any) -> Any:
        known = _known.get()
        if known is None:
            return super().__call__(**given)
        key = (self, *(_hashable(value) for value in given.values()), *given)
        if key not in known:
            known[key] = super().__call__(**given)
        return known[key]


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, _COLLECTIONS) else value
