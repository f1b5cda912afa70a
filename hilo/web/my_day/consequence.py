"""The order of Mi día: by what happens to the customer, never by when it arrived (SPEC 2, design rule 6)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from hilo.work.owed import OwedTo

AT_A_BORDER = frozenset({"answer_handoff", "start_colleague_offer", "confirm_conditions", "prepare_handoff"})
_BY_WHOM = {OwedTo.CUSTOMER: 2, OwedTo.AREA: 3, OwedTo.SELF: 4}

type Weight = tuple[int, Decimal, datetime]


def weight(*, kind: str, to: OwedTo, is_late: bool, money: Decimal | None, due: datetime) -> Weight:
    """Sorts first what weighs most: late towards the customer, then what waits at a border, then by whom
    it is owed to. Within one of these the most money first, then the earliest due.

    ``money`` is None for whom money is not shown to: the order itself would tell.
    """
    return _rank(kind, to, is_late), -(money or Decimal(0)), due


def _rank(kind: str, to: OwedTo, is_late: bool) -> int:
    if is_late and to is OwedTo.CUSTOMER:
        return 0
    return 1 if kind in AT_A_BORDER else _BY_WHOM[to]
