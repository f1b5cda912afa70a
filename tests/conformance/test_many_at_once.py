"""Two to sixteen people at once: exactly one wins, the others get a sentence and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from pyotp import TOTP

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.actor import Actor, system
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.memberships import start_membership
from hilo.parties.commands.second_factor import turn_second_factor_on
from hilo.parties.models import Person
from hilo.work.commands.archiving import archive_thread, ask_closing_question
from hilo.work.commands.asks import accept_ask, make_ask
from hilo.work.commands.deliverables import deliver, plan_deliverable
from hilo.work.commands.handoffs import accept_handoff, offer_handoff, offer_to_colleague, return_handoff
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.orders import place_order
from hilo.work.commands.ownership import accept_ownership, offer_ownership, withdraw_ownership
from hilo.work.commands.promises import break_promise, keep_promise, make_promise, renegotiate_promise
from hilo.work.commands.step_runs import finish_step, skip_remaining
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.models import Handoff, LooseEnd, Order, OwnershipTransfer, Promise, Thread, Update
from tests.conformance import invariants
from tests.conformance.machine.tries_of_parties import SECRET
from tests.conformance.together import together, won
from tests.factories.parties import a_person, acting
from tests.factories.work import (
    TWO_STEPS,
    House,
    a_house,
    a_published_template,
    a_thread,
    an_offer,
    explain_gaps,
    open_handoff,
    step,
    two_steps,
)

pytestmark = pytest.mark.django_db(transaction=True)
MANY = pytest.mark.parametrize("many", [2, 5, 16])
FEW = pytest.mark.parametrize("many", [2, 8])


@pytest.fixture
def house() -> Iterator[House]:
    """Whoever wins, nothing that must hold is broken, and every chain holds."""
    house = a_house()
    yield house
    invariants.check(house.at)
    assert verify().holds


def events(*kinds: str) -> int:
    return LedgerEvent.objects.filter(kind__in=kinds).count()


def fresh[R](command: Callable[..., R], row: Any, **facts: Any) -> Callable[[], R]:
    """The command on its own copy of the row, as each request reads it."""
    return lambda: command(type(row)._default_manager.get(pk=row.pk), **facts)


def technicians(house: House, many: int) -> list[Actor]:
    area, where = house.area("technical"), house.company.zaragoza
    return [acting(a_person(area=area, delegation=where, now=house.at), house.at) for _ in range(many)]


def an_offered_handoff(house: House) -> Handoff:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    return an_offer(house, open_handoff(step(thread, "design")))


@MANY
def test_one_handoff_is_accepted_or_returned_once(house: House, many: int) -> None:
    handoff = an_offered_handoff(house)
    seen = {"seen": handoff.version, "now": house.at}
    answers: list[Callable[[], object]] = [
        fresh(accept_handoff, handoff, read_back="El lunes", by=by, **seen)
        if place % 2
        else fresh(return_handoff, handoff, reason="not_ours", comment="No es nuestro", by=by, **seen)
        for place, by in enumerate(technicians(house, many))
    ]
    [winner] = won(together(answers))
    handoff.refresh_from_db()
    assert handoff.state == ("accepted" if winner % 2 else "returned")
    assert events("handoff.accepted", "handoff.returned") == 1


def an_offered_thread(house: House) -> OwnershipTransfer:
    thread = two_steps(house)
    to = house.company.heads["technical"]
    facts = {"to": to, "reason": "Es suyo", "seen": thread.version}
    return offer_ownership(thread, by=house.actor("sales"), now=house.at, **facts)


@MANY
def test_one_ownership_is_accepted_or_withdrawn_once(house: House, many: int) -> None:
    """From several tabs of who was offered it, while those in charge take it back."""
    transfer = an_offered_thread(house)
    by_place = (house.head("technical"), house.actor("sales"))
    commands = (accept_ownership, withdraw_ownership)
    calls = [
        fresh(commands[place % 2], transfer, seen=transfer.version, by=by_place[place % 2], now=house.at)
        for place in range(many)
    ]
    [winner] = won(together(calls))
    owner = transfer.from_person if winner % 2 else transfer.to_person
    assert Thread.objects.get().owner == owner
    assert events("ownership.accepted", "ownership.withdrawn") == 1


def a_finished_thread(house: House) -> Thread:
    """Nothing hangs on it."""
    thread = a_thread(house)
    item = thread.work_items.get()
    if item.step_runs.exists():
        skip_remaining(item, reason="Hecho", by=house.actor("sales"), now=house.at)
    ask_closing_question(thread, contact=house.contact, by=house.actor("sales"), now=house.at)
    thread.refresh_from_db()
    return thread


@MANY
def test_one_thread_is_archived_once(house: House, many: int) -> None:
    thread = a_finished_thread(house)
    in_charge = (house.actor("sales"), house.head("sales"), house.actor("director"))
    calls = [
        fresh(archive_thread, thread, seen=thread.version, by=in_charge[place % 3], now=house.at)
        for place in range(many)
    ]
    assert len(won(together(calls))) == 1
    assert events("thread.archived") == 1


@FEW
def test_nothing_is_pinned_to_a_thread_that_goes_into_the_archive(house: House, many: int) -> None:
    """Either the doubt came first and the archive is refused, or the archive did and the doubt is."""
    thread = a_finished_thread(house)
    pin = fresh(pin_loose_end, thread, text="¿Cabe por la puerta?", by=house.head("sales"), now=house.at)
    away = fresh(archive_thread, thread, seen=thread.version, by=house.actor("sales"), now=house.at)
    outcomes = together([pin if place % 2 else away for place in range(many)])
    thread.refresh_from_db()
    assert (thread.state == "archived") != LooseEnd.objects.exists()
    assert won(outcomes)


@FEW
def test_a_customer_gets_one_supply_thread_a_year(house: House, many: int) -> None:
    calls = [
        partial(
            open_thread,
            customer=house.customer,
            title="Suministro",
            kind="supply",
            owner=house.person("sales"),
            by=house.actor("sales"),
            now=house.at,
        )
        for _ in range(many)
    ]
    outcomes = together(calls)
    assert len(won(outcomes)) == 1
    assert all("already has its supply thread" in one.refusal for one in outcomes if not one.succeeded)


def a_supply_thread(house: House) -> Thread:
    versions = seed_templates(by=system(), now=house.at)
    return a_thread(house, next(each for each in versions if each.template.kind == "supply"))


@FEW
def test_orders_placed_at_once_each_get_a_number_of_their_own(house: House, many: int) -> None:
    supply = a_supply_thread(house)
    order = fresh(place_order, supply, text="300 botellas", by=house.actor("sales"), now=house.at)
    assert len(won(together([order] * many))) == many
    numbers = Order.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"{house.at.year}-{place:04d}" for place in range(1, many + 1)]


@FEW
def test_one_number_of_the_customers_is_one_order(house: House, many: int) -> None:
    supply, by = a_supply_thread(house), house.actor("sales")
    order = fresh(place_order, supply, text="300 botellas", number="4500012345", by=by, now=house.at)
    assert len(won(together([order] * many))) == 1
    assert Order.objects.count() == 1


@FEW
def test_threads_opened_at_once_each_get_a_code_of_their_own(house: House, many: int) -> None:
    """Of a year in which none was opened yet: the first number is the one to fight over."""
    facts = {"title": "Línea", "kind": "service", "owner": house.person("sales"), "now": house.at}
    call = partial(open_thread, customer=house.customer, by=house.actor("sales"), **facts)
    assert len(won(together([call] * many))) == many
    assert Thread.objects.values("code").distinct().count() == many


@MANY
def test_one_step_is_finished_once(house: House, many: int) -> None:
    sell = step(two_steps(house), "sell")
    by_place = (house.actor("sales"), house.head("sales"))
    calls = [
        fresh(finish_step, sell, seen=sell.version, by=by_place[place % 2], now=house.later(minutes=1))
        for place in range(many)
    ]
    assert len(won(together(calls))) == 1
    assert events("step.finished") == 1


@FEW
def test_one_request_is_taken_on_once(house: House, many: int) -> None:
    thread = two_steps(house)
    words = {"what": "Las medidas", "why": "Sin ellas no", "due_at": house.at + timedelta(days=3)}
    by = house.actor("sales")
    ask = make_ask(thread, to_area=house.area("technical"), by=by, now=house.at, **words)  # type: ignore[arg-type]
    takers = technicians(house, many)
    [winner] = won(together([fresh(accept_ask, ask, seen=ask.version, by=by, now=house.at) for by in takers]))
    ask.refresh_from_db()
    assert ask.taker == takers[winner].person


@FEW
def test_one_promise_gets_one_successor(house: House, many: int) -> None:
    thread = a_thread(house)
    said = {"contact": house.contact, "where": "call", "by": house.actor("sales"), "now": house.at}
    promise = make_promise(thread, text="La línea", due=house.at + timedelta(days=9), **said)  # type: ignore[arg-type]
    calls = [
        fresh(
            renegotiate_promise,
            promise,
            due=house.at + timedelta(days=12 + place),
            evidence="Llamada",
            seen=promise.version,
            **said,
        )
        for place in range(many)
    ]
    assert len(won(together(calls))) == 1
    assert Promise.objects.filter(predecessor=promise).count() == 1


@FEW
def test_one_delivery_is_noted_and_told_once(house: House, many: int) -> None:
    line = plan_deliverable(a_thread(house), name="Línea 3", by=house.actor("sales"), now=house.at)
    delivering = fresh(deliver, line, seen=line.version, by=house.actor("sales"), now=house.at)
    assert len(won(together([delivering] * many))) == 1
    assert events("deliverable.delivered") == 1 and Update.objects.count() == 1


@FEW
def test_a_promise_kept_too_late_while_the_clock_comes_round_is_broken_once(house: House, many: int) -> None:
    promise = make_promise(
        a_thread(house),
        text="El plano",
        due=house.at + timedelta(hours=1),
        contact=house.contact,
        where="call",
        by=house.actor("sales"),
        now=house.at,
    )
    house.later(hours=2)
    keeping = fresh(keep_promise, promise, by=house.actor("sales"), now=house.at)
    breaking = fresh(break_promise, promise, by=system(), now=house.at)
    together([keeping, breaking] * (many // 2))
    promise.refresh_from_db()
    assert promise.state == "kept_late"
    assert events("promise.broken") == 1 and events("promise.kept_late", "promise.kept") == 1


@FEW
def test_the_second_factor_is_turned_on_once(house: House, many: int) -> None:
    person = house.person("sales")
    app = {"secret": SECRET, "code": TOTP(SECRET).now(), "by": house.actor("sales"), "now": house.at}
    assert len(won(together([fresh(turn_second_factor_on, person, **app)] * many))) == 1
    assert events("person.second_factor_on") == 1
    assert Authenticator.objects.filter(user=person).count() == 2  # the app, and the recovery codes


# Who leaves while somebody gives them something -----------------------------------------------------------


@pytest.fixture
def leaver(house: House) -> Person:
    """They work in the technical office, and sell as well."""
    technical, where = house.area("technical"), house.company.zaragoza
    person = a_person(area=technical, delegation=where, now=house.at)
    start_membership(person, area=house.area("sales"), delegation=where, by=system(), now=house.at)
    return person


def leaving(house: House, person: Person) -> Callable[[], object]:
    return fresh(leave_company, person, by=house.actor("administrator"), now=house.at)


def accepting_for_oneself(house: House, person: Person) -> Callable[[], object]:
    handoff = an_offered_handoff(house)
    by = acting(person, house.at)
    return fresh(accept_handoff, handoff, read_back="El lunes", seen=handoff.version, by=by, now=house.at)


def pinning_to_them(house: House, person: Person) -> Callable[[], object]:
    thread = two_steps(house)
    return fresh(pin_loose_end, thread, text="¿Cabe?", owner=person, by=house.actor("sales"), now=house.at)


def offering_them_a_thread(house: House, person: Person) -> Callable[[], object]:
    thread = two_steps(house)
    facts = {"to": person, "reason": "Es suyo", "seen": thread.version}
    return fresh(offer_ownership, thread, by=house.actor("sales"), now=house.at, **facts)


def accepting_a_thread(house: House, person: Person) -> Callable[[], object]:
    thread = two_steps(house)
    facts = {"to": person, "reason": "Es suyo", "seen": thread.version}
    transfer = offer_ownership(thread, by=house.actor("sales"), now=house.at, **facts)
    by = acting(person, house.at)
    return fresh(accept_ownership, transfer, seen=transfer.version, by=by, now=house.at)


def opening_a_thread_of_theirs(house: House, person: Person) -> Callable[[], object]:
    facts = {"title": "Línea", "kind": "service", "owner": person, "by": house.actor("sales")}
    return partial(open_thread, customer=house.customer, now=house.at, **facts)


def a_thread_of_theirs(house: House, person: Person) -> Thread:
    """They are at work on its first step, which the technical office waits for."""
    version = a_published_template(TWO_STEPS % {"weight": "full"}, now=house.at)
    facts = {"title": "Línea", "kind": "new_account", "owner": person, "template_version": version}
    by = house.actor("sales")
    thread = open_thread(customer=house.customer, by=by, now=house.at, **facts)  # type: ignore[arg-type]
    assert step(thread, "sell").holder == person
    return thread


def finishing_what_they_give_on(house: House, person: Person) -> Callable[[], object]:
    """Who finishes a step gives the next one."""
    sell = step(a_thread_of_theirs(house, person), "sell")
    by = acting(person, house.at)
    return fresh(finish_step, sell, seen=sell.version, by=by, now=house.at)


def offering_it_to_a_colleague(house: House, person: Person) -> Callable[[], object]:
    sell = step(a_thread_of_theirs(house, person), "sell")
    facts = {"colleague": house.person("sales"), "seen": sell.version, "now": house.at}
    return fresh(offer_to_colleague, sell, by=acting(person, house.at), **facts)


def promising_something(house: House, person: Person) -> Callable[[], object]:
    thread = a_thread_of_theirs(house, person)
    said = {"contact": house.contact, "where": "call", "due": house.at + timedelta(hours=1)}
    return fresh(make_promise, thread, text="El plano", by=acting(person, house.at), now=house.at, **said)


def promising_on_anothers_thread(house: House, person: Person) -> Callable[[], object]:
    said = {"contact": house.contact, "where": "call", "due": house.at + timedelta(hours=1)}
    by = acting(person, house.at)
    return fresh(make_promise, two_steps(house), text="El plano", by=by, now=house.at, **said)


def offering_them_a_step(house: House, person: Person) -> Callable[[], object]:
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    draft = open_handoff(step(thread, "design"))
    explain_gaps(draft, by=house.actor("sales"), now=house.at)
    facts = {"ask": "Plano", "proposed_due": house.at + timedelta(days=5), "to_person": person}
    return fresh(offer_handoff, draft, seen=draft.version, by=house.actor("sales"), now=house.at, **facts)


GIVING = (
    accepting_for_oneself,
    pinning_to_them,
    offering_them_a_thread,
    accepting_a_thread,
    opening_a_thread_of_theirs,
    finishing_what_they_give_on,
    offering_it_to_a_colleague,
    promising_something,
    promising_on_anothers_thread,
    offering_them_a_step,
)


@pytest.mark.parametrize("giving", GIVING, ids=lambda each: str(each.__name__))
def test_who_leaves_while_something_becomes_theirs_holds_nothing_afterwards(
    house: House, leaver: Person, giving: Callable[[House, Person], Callable[[], object]]
) -> None:
    gift = giving(house, leaver)
    outcomes = together([leaving(house, leaver), gift])
    leaver.refresh_from_db()
    assert outcomes[0].succeeded and not leaver.is_active  # what they hold is looked for by the fixture
