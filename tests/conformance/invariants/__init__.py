"""What must hold after every step (SPEC 2, 4, 5, 9.8), read from the rows and worked out anew.

Nothing here asks the code under test: the next step, what hangs and who answers are computed a second time,
slowly, from the specification. Only the arithmetic of business hours is shared; it has its own brute force.
"""

from __future__ import annotations

from tests.conformance.invariants import (
    cases,
    causes,
    clocks,
    handoffs_and_promises,
    next_step,
    people,
    threads,
)
from tests.conformance.invariants.rows import InvariantBroken, check

__all__ = [
    "InvariantBroken",
    "cases",
    "causes",
    "check",
    "clocks",
    "handoffs_and_promises",
    "next_step",
    "people",
    "threads",
]
