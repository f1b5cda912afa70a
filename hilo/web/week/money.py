"""The money behind threads of the week: what is invoiced and unpaid, or else what the thread is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hilo.money.queries.behind import MoneyBehind, money_behind_threads
from hilo.parties.actor import Actor
from hilo.work.models import Thread


@dataclass(frozen=True, slots=True)
class Behind:
    amount: Decimal
    currency: str
    is_at_risk: bool = False


def behind_threads(threads: Iterable[Thread], actor: Actor, now: datetime) -> dict[int, Behind]:
    """By thread id, in as many queries for a hundred as for one; empty for whom money is not shown to."""
    if not actor.sees_money:
        return {}
    by_id = {thread.pk: thread for thread in threads}
    unpaid = money_behind_threads(by_id, actor, now)
    found = {pk: _behind(thread, unpaid.get(pk)) for pk, thread in by_id.items()}
    return {pk: behind for pk, behind in found.items() if behind is not None}


def _behind(thread: Thread, unpaid: MoneyBehind | None) -> Behind | None:
    if unpaid is not None and unpaid.open:
        return Behind(unpaid.open, unpaid.currency, is_at_risk=bool(unpaid.at_risk))
    return Behind(thread.amount, thread.currency) if thread.amount is not None else None
