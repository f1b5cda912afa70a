"""From codes back to names, in one order everywhere: the largest count first, then by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def by_count(names: Sequence[str], counts: NDArray[np.int64]) -> list[tuple[str, int]]:
    """Those that occur at all."""
    found = [(names[code], int(counts[code])) for code in np.flatnonzero(counts).tolist()]
    return sorted(found, key=lambda item: (-item[1], item[0]))
