from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.work.access import threads_visible_to
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.pausing import move_news, pause_thread, wake_thread
from hilo.work.commands.threads import (
    change_thread,
    make_confidential,
    make_open,
    open_thread,
    relate_threads,
    set_reserve,
    use_reserve,
)
from hilo.work.models import NewsMove, Thread, Update
from tests.factories.parties import NOW, acting
from tests.work.core.conftest import House

LATER = NOW + timedelta(hours=2)


def test_a_new_thread_has_owner_next_step_news_date_reserve_and_its_event(house: House) -> None:
    thread = house.thread

    assert thread.code == "2026-0001"
    assert thread.owner == house.seller
    assert thread.next_kind == "do_step" and thread.next_due is not None
    assert thread.next_news_at is not None and thread.next_news_at > NOW
    assert thread.reserve_minutes > 0
    opened = LedgerEvent.objects.get(kind="thread.opened")
    assert (opened.thread_id, opened.customer_id) == (thread.pk, house.customer.pk)
    assert "Línea" not in str(opened.payload)  # free text stands beside the ledger (SPEC 1.3)


def test_an_open_thread_without_next_step_or_news_is_refused_by_the_database(house: House) -> None:
    for column in ("next_due", "next_news_at"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Thread.objects.filter(pk=house.thread.pk).update(**{column: None})


def test_a_customer_has_one_supply_thread_a_year(house: House) -> None:
    house.supply()
    with pytest.raises(RuleViolation, match="already has its supply thread of 2026") as refusal:
        house.supply()
    assert refusal.value.field == "kind"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"amount": Decimal(-1)}, "amount"),
    ],
)
def test_a_thread_is_not_opened_with_bad_facts(house: House, facts: dict[str, object], field: str) -> None:
    given: dict[str, object] = {"title": "Llenadora", "kind": "service", "owner": house.seller, **facts}
    with pytest.raises(RuleViolation) as refusal:
        open_thread(customer=house.customer, by=house.by_seller, now=NOW, **given)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert Thread.objects.count() == 1


def test_nobody_of_another_delegation_and_no_auditor_opens_or_changes(house: House) -> None:
    before = LedgerEvent.objects.count()
    with pytest.raises(NotAllowed, match="another delegation"):
        open_thread(
            customer=house.customer,
            title="x",
            kind="service",
            owner=house.seller,
            by=house.by_stranger,
            now=NOW,
        )
    with pytest.raises(NotAllowed, match="another delegation"):
        change_thread(house.thread, title="Otra", seen=house.thread.version, by=house.by_stranger, now=NOW)
    assert LedgerEvent.objects.count() == before


def test_a_stale_change_changes_nothing(house: House) -> None:
    seen = house.thread.version
    change_thread(house.thread, title="Primera", seen=seen, by=house.by_seller, now=LATER)
    with pytest.raises(Stale):
        change_thread(house.thread, title="Segunda", seen=seen, by=house.by_seller, now=LATER)
    house.thread.refresh_from_db()
    assert house.thread.title == "Primera"
    assert LedgerEvent.objects.filter(kind="thread.changed").count() == 1


def test_changing_nothing_is_said_so(house: House) -> None:
    with pytest.raises(RuleViolation, match="Nothing is different"):
        change_thread(
            house.thread,
            title=house.thread.title,
            seen=house.thread.version,
            by=house.by_seller,
            now=NOW,
        )


def test_a_confidential_thread_exists_only_for_its_owner_and_the_people_named(house: House) -> None:
    head = house.company.heads["sales"]
    make_confidential(
        house.thread,
        readers=[head],
        seen=house.thread.version,
        by=acting(head),
        now=LATER,
    )
    assert set(threads_visible_to(acting(head))) == {house.thread}
    assert set(threads_visible_to(house.by_seller)) == {house.thread}
    assert not threads_visible_to(house.by_director).exists()
    assert not threads_visible_to(house.by_stranger).exists()

    make_open(house.thread, seen=house.thread.version, by=acting(head), now=LATER)
    assert threads_visible_to(house.by_stranger).exists()


def test_a_pause_says_why_and_until_when_and_its_end_is_the_next_step(house: House) -> None:
    until = NOW + timedelta(days=7)
    news = house.thread.next_news_at
    with pytest.raises(RuleViolation, match="Say why"):
        pause_thread(
            house.thread, reason=" ", until=until, seen=house.thread.version, by=house.by_seller, now=NOW
        )
    with pytest.raises(RuleViolation, match="future"):
        pause_thread(
            house.thread, reason="x", until=NOW, seen=house.thread.version, by=house.by_seller, now=NOW
        )
    pause_thread(
        house.thread,
        reason="El cliente cierra en agosto",
        until=until,
        seen=house.thread.version,
        by=house.by_seller,
        now=NOW,
    )
    thread = Thread.objects.get()
    assert (thread.state, thread.next_kind, thread.next_due, thread.turn_of) == (
        "paused",
        "wake",
        until,
        "nobody",
    )
    assert thread.next_news_at == news  # the news clock survives every pause

    wake_thread(thread, seen=thread.version, by=house.by_seller, now=LATER)
    assert (thread.state, thread.next_kind) == ("open", "do_step")
    with pytest.raises(RuleViolation, match="already woken"):
        wake_thread(thread, seen=thread.version, by=house.by_seller, now=LATER)


def test_only_who_has_charge_pauses(house: House) -> None:
    technician = house.company.people["technical"]
    with pytest.raises(NotAllowed, match="answers for this thread"):
        pause_thread(
            house.thread,
            reason="x",
            until=NOW + timedelta(days=1),
            seen=house.thread.version,
            by=acting(technician),
            now=NOW,
        )


def test_the_news_date_moves_without_a_message_only_with_a_reason_and_is_counted(house: House) -> None:
    later = NOW + timedelta(days=21)
    with pytest.raises(RuleViolation, match="hears later"):
        move_news(house.thread, to=later, reason="", seen=house.thread.version, by=house.by_seller, now=NOW)
    move_news(
        house.thread,
        to=later,
        reason="Lo pidió él: vuelve el día 13",
        seen=house.thread.version,
        by=house.by_seller,
        now=NOW,
    )
    assert Thread.objects.get().next_news_at == later
    assert NewsMove.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 5])  # yesterday, Saturday
def test_nobody_is_promised_news_for_a_moment_when_nobody_works(house: House, days: int) -> None:
    thread, moment = house.thread, NOW + timedelta(days=days)
    told = {
        "text": "Seguimos en ello",
        "contacts": [house.contact],
        "channel": "call",
        "next_news_at": moment,
    }
    with pytest.raises(RuleViolation, match="next working moment is") as refused:
        tell_customer(thread, **told, by=house.by_seller, now=NOW)
    assert refused.value.field == "next_news_at"
    with pytest.raises(RuleViolation, match="next working moment is") as refused:
        move_news(thread, to=moment, reason="Se lo pido", seen=thread.version, by=house.by_seller, now=NOW)
    assert refused.value.field == "to"
    assert not Update.objects.exists() and not NewsMove.objects.exists()


def test_a_plan_without_reserve_needs_a_justification_and_uses_are_logged_by_anybody(house: House) -> None:
    with pytest.raises(RuleViolation, match="needs a reason"):
        set_reserve(house.thread, minutes=0, seen=house.thread.version, by=house.by_seller, now=NOW)
    set_reserve(house.thread, minutes=960, seen=house.thread.version, by=house.by_seller, now=NOW)
    use_reserve(
        house.thread,
        minutes=480,
        reason="El motor llegó tarde",
        by=acting(house.company.people["production"]),
        now=NOW,
    )
    assert house.thread.reserve_uses.get().minutes == 480


def test_threads_are_related_once(house: House) -> None:
    other = house.supply()
    relate_threads(house.thread, other=other, by=house.by_seller, now=NOW)
    with pytest.raises(RuleViolation, match="related already"):
        relate_threads(other, other=house.thread, by=house.by_seller, now=NOW)
    with pytest.raises(RuleViolation, match="itself"):
        relate_threads(other, other=other, by=house.by_seller, now=NOW)


def test_the_chains_hold_after_all_this(house: House) -> None:
    use_reserve(house.thread, minutes=5, reason="x", by=house.by_seller, now=NOW)
    assert verify().holds
