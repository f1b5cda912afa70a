"""How work crosses each border, for who leads: never a ranking, silent on too little (DOMAIN 1)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hilo.parties.actor import Actor, Role
from hilo.web.base.hours import said_length
from hilo.work.queries.handoffs import BorderFigures, border_figures

PERIOD = timedelta(days=90)
HIDDEN_BELOW, COUNTS_BELOW = 5, 30
Z_95 = 1.959964
_LEADS = frozenset({Role.AREA_HEAD, Role.DELEGATION_MANAGER, Role.DIRECTOR})


@dataclass(frozen=True, slots=True)
class BorderRow:
    """``right`` is empty and ``hidden`` says why where fewer than five handoffs were offered."""

    from_area: str
    to_area: str
    n: int
    right: str = ""
    interval: str = ""
    response: str = ""
    returned: int = 0
    came_back: int = 0
    hidden: str = ""
    is_few: bool = False


def figures_for(actor: Actor, *, now: datetime) -> list[BorderRow] | None:
    """None for whom they are not meant: heads see the borders of their areas, who manages sees all."""
    if not actor.roles & _LEADS:
        return None
    pairs = border_figures(actor, since=now - PERIOD, until=now)
    return [_row(pair) for pair in pairs if _is_theirs(actor, pair)]


def _is_theirs(actor: Actor, pair: BorderFigures) -> bool:
    if actor.roles & {Role.DIRECTOR, Role.DELEGATION_MANAGER}:
        return True
    return not actor.headed_area_ids.isdisjoint({pair.from_area.pk, pair.to_area.pk})


def _row(pair: BorderFigures) -> BorderRow:
    names = (pair.from_area.name, pair.to_area.name, pair.offered)
    if pair.offered < HIDDEN_BELOW:
        return BorderRow(*names, hidden=_("Too few to say anything: fewer than 5 in 90 days."))
    median = pair.median_response
    return BorderRow(
        *names,
        right=_right(pair),
        interval=said_interval(pair.first_time_right, pair.offered),
        response=said_length(median.total_seconds()) if median is not None else "",
        returned=pair.returned,
        came_back=pair.came_back,
        is_few=pair.offered < COUNTS_BELOW,
    )


def _right(pair: BorderFigures) -> str:
    counts = _("%(k)d of %(n)d") % {"k": pair.first_time_right, "n": pair.offered}
    if pair.offered < COUNTS_BELOW:
        return counts
    share = round(100 * pair.first_time_right / pair.offered)
    return _("%(share)d %% (%(counts)s)") % {"share": share, "counts": counts}


def said_interval(k: int, n: int) -> str:
    low, high = wilson(k, n)
    return _("95 %% CI: %(low)d–%(high)d %%") % {"low": round(100 * low), "high": round(100 * high)}


def wilson(k: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of ``k`` out of ``n``, as shares between 0 and 1 (DOMAIN 1)."""
    share = k / n
    middle = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
