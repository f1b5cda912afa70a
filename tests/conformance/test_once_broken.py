"""Faults that playing found, each told as the behaviour that holds now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Role, system
from hilo.parties.commands.memberships import start_membership
from hilo.parties.commands.reorganising import reorganise_area
from hilo.work.commands.asks import accept_ask, make_ask
from hilo.work.commands.handoffs import add_item
from hilo.work.commands.orders import place_order
from hilo.work.commands.step_runs import finish_step, reopen_step, skip_step
from hilo.work.commands.templates import seed_templates
from hilo.work.models import Order, Span, Thread
from tests.factories.parties import acting, an_area
from tests.factories.work import House, a_house, a_thread, open_handoff, step, two_steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house()


def a_supply_thread(house: House) -> Thread:
    versions = seed_templates(by=system(), now=house.at)
    return a_thread(house, next(each for each in versions if each.template.kind == "supply"))


def test_what_was_asked_of_an_area_that_ends_is_answered_by_its_successor(house: House) -> None:
    thread = two_steps(house)
    ask = make_ask(
        thread,
        to_area=house.area("technical"),
        what="Las medidas",
        why="Sin ellas no hay oferta",
        due_at=house.at + timedelta(days=3),
        by=house.actor("sales"),
        now=house.at,
    )
    heir = an_area("engineering", now=house.at)
    old = house.area("technical")
    reorganise_area(
        old, successors=[heir], open_work_to=heir, on=house.at.date(), by=system(), now=house.later(hours=1)
    )
    ask.refresh_from_db()
    assert ask.to_area == heir
    assert LedgerEvent.objects.get(kind="ask.area_changed").facts == {
        "old_area": old.pk,
        "new_area": heir.pk,
    }
    accept_ask(ask, seen=ask.version, by=house.actor("technical"), now=house.at)
    thread.refresh_from_db()
    assert ask.taker == house.person("technical")


def test_what_somebody_writes_on_a_list_stands_in_no_event(house: House) -> None:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    draft = open_handoff(step(thread, "design"))
    item = add_item(draft, "El DNI de Juana Pérez", by=house.actor("sales"), now=house.at)
    assert item.key == f"added-{item.position}"
    payloads = "".join(LedgerEvent.objects.values_list("payload", flat=True)).lower()
    assert "juana" not in payloads


def test_a_number_that_the_thread_has_already_is_refused_with_a_sentence(house: House) -> None:
    supply, by = a_supply_thread(house), house.actor("sales")
    place_order(supply, text="Botellas", number="4500012345", by=by, now=house.at)
    with pytest.raises(RuleViolation, match="4500012345 is on this thread already") as refusal:
        place_order(supply, text="Tapones", number=" 4500012345 ", by=by, now=house.at)
    assert refusal.value.field == "number"


def test_hilo_counts_past_a_number_that_somebody_typed(house: House) -> None:
    supply, by = a_supply_thread(house), house.actor("sales")
    place_order(supply, text="Botellas", number=f"{house.at.year}-0001", by=by, now=house.at)
    place_order(supply, text="Tapones", by=by, now=house.at)
    assert list(Order.objects.order_by("pk").values_list("number", flat=True)) == [
        f"{house.at.year}-0001",
        f"{house.at.year}-0002",
    ]


def test_a_request_that_waited_for_another_closes_what_the_other_opened_and_overlaps_nothing(
    house: House,
) -> None:
    """It knows the moment at which it began, and that was before."""
    thread = two_steps(house)
    sell = step(thread, "sell")
    began = house.at
    head = house.head("sales")
    finish_step(sell, seen=sell.version, by=head, now=house.later(minutes=2))
    reopen_step(sell, reason="Falta la mitad", seen=sell.version, by=head, now=house.later(minutes=2))
    skip_step(sell, reason="Da igual", seen=sell.version, by=head, now=began)
    first, second = Span.objects.filter(step_run=sell).order_by("pk")
    assert first.closed_at is not None and first.closed_at <= second.opened_at
    assert second.closed_at == second.opened_at


def test_who_worked_in_the_successor_as_well_has_their_main_area_there_when_the_old_one_ends(
    house: House,
) -> None:
    person, heir, where = house.company.heads["technical"], house.area("production"), house.company.zaragoza
    start_membership(person, area=heir, delegation=where, by=system(), now=house.at)
    reorganise_area(
        house.area("technical"),
        successors=[heir],
        open_work_to=heir,
        on=house.at.date(),
        by=system(),
        now=house.later(hours=1),
    )
    main = person.memberships.get(ends_on__isnull=True)
    assert (main.area, main.is_primary, main.is_head) == (heir, True, True)
    assert Role.AREA_HEAD in acting(person, house.at).roles
