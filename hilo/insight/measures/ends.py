"""With which activities cases start and end."""

from __future__ import annotations

import numpy as np

from hilo.insight.log import EventLog, Ints
from hilo.insight.measures.naming import by_count


def starts(log: EventLog) -> dict[str, int]:
    """Cases by their first activity, the commonest first."""
    return _counted(log, log.activity.codes[log.first[:-1]])


def ends(log: EventLog) -> dict[str, int]:
    """Cases by their last activity, the commonest first."""
    return _counted(log, log.activity.codes[log.first[1:] - 1])


def _counted(log: EventLog, codes: Ints) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(log.activity.names))
    return dict(by_count(log.activity.names, counts))
