"""The money behind a customer or a thread, as its page shows it: nothing at all for whom it is not for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hilo.money.queries.behind import MoneyBehind, money_behind_customers
from hilo.money.queries.documents import Documents, documents_of_customers
from hilo.money.queries.on_thread import money_on_thread
from hilo.parties.actor import Actor
from hilo.parties.modules import is_on
from hilo.work.queries.thread_page import ThreadPage


@dataclass(frozen=True, slots=True)
class ShownMoney:
    behind: MoneyBehind
    documents: Documents

    @property
    def unknown_rates(self) -> str:
        return ", ".join(self.behind.unknown_rates)


def money_of_customer(
    customer_id: int, family: Collection[int], actor: Actor, now: datetime
) -> ShownMoney | None:
    """None when nothing was ever invoiced, money is not for this actor, or the module rests."""
    if not is_on("money"):
        return None
    behind = money_behind_customers([customer_id], actor, now).get(customer_id)
    if behind is None:
        return None
    return _shown(behind, documents_of_customers(family, actor, now))


def money_of_thread(page: ThreadPage, actor: Actor) -> ShownMoney | None:
    found = money_on_thread(page, actor) if is_on("money") else None
    return ShownMoney(found.behind, found.documents) if found else None


def _shown(behind: MoneyBehind, documents: Documents) -> ShownMoney | None:
    return None if behind.is_nothing and not documents.shown else ShownMoney(behind, documents)
