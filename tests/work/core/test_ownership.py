from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.leaving import leave_company
from hilo.work.commands.ownership import (
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)
from hilo.work.models import OwnershipTransfer, Thread
from tests.factories.parties import NOW, acting
from tests.work.core.conftest import House


def offered(house: House) -> OwnershipTransfer:
    return offer_ownership(
        house.thread,
        to=house.company.heads["sales"],
        reason="Cambia de zona",
        seen=house.thread.version,
        by=house.by_seller,
        now=NOW,
    )


def test_ownership_moves_only_when_the_new_owner_accepts(house: House) -> None:
    transfer = offered(house)
    house.thread.refresh_from_db()
    assert house.thread.owner == house.seller

    with pytest.raises(NotAllowed, match="Only"):
        accept_ownership(transfer, seen=transfer.version, by=house.by_seller, now=NOW)
    with pytest.raises(NotAllowed, match="Only"):
        accept_ownership(transfer, seen=transfer.version, by=house.by_director, now=NOW)
    accept_ownership(transfer, seen=transfer.version, by=acting(house.company.heads["sales"]), now=NOW)
    assert Thread.objects.get().owner == house.company.heads["sales"]


def test_a_declined_offer_leaves_the_owner_and_says_why(house: House) -> None:
    transfer = offered(house)
    head = acting(house.company.heads["sales"])
    with pytest.raises(RuleViolation, match="Say why not"):
        decline_ownership(transfer, comment="", seen=transfer.version, by=head, now=NOW)
    decline_ownership(transfer, comment="Ya llevo nueve", seen=transfer.version, by=head, now=NOW)
    assert Thread.objects.get().owner == house.seller
    with pytest.raises(RuleViolation, match="already answered"):
        accept_ownership(transfer, seen=transfer.version, by=head, now=NOW)


def test_one_open_offer_at_a_time_and_it_can_be_withdrawn(house: House) -> None:
    transfer = offered(house)
    with pytest.raises(RuleViolation, match="already offered"):
        offer_ownership(
            house.thread,
            to=house.stranger,
            reason="x",
            seen=house.thread.version,
            by=house.by_seller,
            now=NOW,
        )
    house.thread.refresh_from_db()
    withdraw_ownership(transfer, seen=transfer.version, by=house.by_seller, now=NOW)
    assert offered(house).state == "offered"


def test_nobody_without_charge_gives_a_thread_away(house: House) -> None:
    before = LedgerEvent.objects.count()
    with pytest.raises(NotAllowed):
        offer_ownership(
            house.thread,
            to=house.stranger,
            reason="x",
            seen=house.thread.version,
            by=acting(house.company.people["production"]),
            now=NOW,
        )
    assert LedgerEvent.objects.count() == before


def test_what_a_leaver_owns_passes_to_the_head_flagged_until_accepted(house: House) -> None:
    supply = house.supply()
    leave_company(house.seller, by=system(), now=NOW + timedelta(hours=1))

    head = house.company.heads["sales"]
    assert set(Thread.objects.values_list("owner", "is_caretaken")) == {(head.pk, True)}
    assert LedgerEvent.objects.filter(kind="thread.caretaken").count() == 2

    colleague = house.company.people["admin"]
    supply.refresh_from_db()
    transfer = offer_ownership(
        supply,
        to=colleague,
        reason="Lo sigue ella",
        seen=supply.version,
        by=acting(head),
        now=NOW + timedelta(hours=2),
    )
    accept_ownership(transfer, seen=transfer.version, by=acting(colleague), now=NOW + timedelta(hours=3))
    supply.refresh_from_db()
    assert (supply.owner, supply.is_caretaken) == (colleague, False)
