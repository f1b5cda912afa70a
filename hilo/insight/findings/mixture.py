"""How large a part of each group is of the other kind, when only the odds of each member are known."""

from __future__ import annotations

import numpy as np

from hilo.insight.findings.ground import Floats, Places

HALVINGS = 16  # to a ten-thousandth of a percent and less


def share_in(odds: Floats, group: Places, groups: int) -> Floats:
    """(groups,) the likeliest share of a mixture: where its score, which falls with the share, is nought."""
    possible = odds > 0  # the rest, nearly all, have one score
    weight, own = odds[possible] - 1, group[possible]
    impossible = np.bincount(group[~possible], minlength=groups)
    low, high = np.zeros(groups), np.ones(groups)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        score = np.bincount(own, weight / (1 + middle[own] * weight), groups) - impossible / (1 - middle)
        low, high = np.where(score > 0, middle, low), np.where(score > 0, high, middle)
    return np.asarray(low)


def told_by_odds(odds: Floats, group: Places, groups: int, share: float) -> Floats:
    """(groups,) what the odds tell of such a share, as a part of what certainty would: the observed by the
    complete information of Louis 1982, JRSS B 44. Members of either kind are known by their odds alone, so
    they weigh as likely as they are of it."""
    found = np.maximum(share_in(odds, group, groups), 1e-4)[group]
    other = found * odds / (1 + found * (odds - 1))
    seen = ((odds - 1) / (1 + share * (odds - 1))) ** 2

    def mean(weight: Floats) -> Floats:
        return np.bincount(group, weight * seen, groups) / np.maximum(
            np.bincount(group, weight, groups), 1e-9
        )

    return np.clip((share * mean(other) + (1 - share) * mean(1 - other)) * share * (1 - share), 0.05, 1.0)
