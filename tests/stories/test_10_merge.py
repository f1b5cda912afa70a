"""Story 10. Aceites Lora exists twice. Merged into one: both histories on one timeline, mails to the old
address land, nothing rewritten, reversible next day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.commands.merges import merge_customers, undo_merge
from hilo.parties.models import Contact, Customer, CustomerMerge
from hilo.parties.queries.customers import contacts_with_address, customer_family_ids
from hilo.parties.search import find
from hilo.web.threads.entry_kinds import story_kinds
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread
from hilo.work.queries.timeline import story_of_customer
from tests.factories.parties import a_contact, a_customer
from tests.factories.work import House
from tests.work.watching import refused


@dataclass(frozen=True)
class Twins:
    lora: Customer
    twin: Customer
    contact: Contact  # of the twin
    threads: tuple[Thread, Thread]


@pytest.fixture
def twins(house: House) -> Twins:
    company, seller = house.company, house.person("sales")
    lora = a_customer("Aceites Lora", delegation=company.zaragoza, keeper=seller, tax_id="B91000000")
    twin = a_customer("Aceites Lora, S.L.", delegation=company.zaragoza, keeper=seller)
    contact = a_contact(twin, "Encarnación Ruiz")
    threads = tuple(
        open_thread(
            customer=customer,
            title=title,
            kind="service",
            owner=seller,
            by=house.actor("sales"),
            now=house.later(minutes=5),
        )
        for customer, title in ((lora, "Línea de 5 l"), (twin, "Etiquetadora"))
    )
    return Twins(lora, twin, contact, (threads[0], threads[1]))


def merged(house: House, twins: Twins) -> None:
    merge_customers(
        twins.lora, twins.twin, seen=twins.twin.version, by=house.head("sales"), now=house.later(hours=1)
    )


def story(customer: Customer) -> set[int | None]:
    page = story_of_customer(customer_family_ids(customer), kinds=story_kinds())
    return {event.thread_id for event in page.events if event.thread_id}


def history() -> list[tuple[object, ...]]:
    return list(
        LedgerEvent.objects.order_by("id").values_list("id", "chain", "customer_id", "payload", "hash")
    )


def test_both_histories_stand_on_one_timeline_and_nothing_is_rewritten(house: House, twins: Twins) -> None:
    before = history()
    assert story(twins.lora) == {twins.threads[0].pk}
    merged(house, twins)
    assert story(twins.lora) == story(twins.twin) == {thread.pk for thread in twins.threads}
    assert history()[: len(before)] == before
    assert [event[1] for event in history()[len(before) :]] == [f"customer:{twins.twin.pk}"]
    assert {thread.customer_id for thread in Thread.objects.all()} == {twins.lora.pk, twins.twin.pk}
    assert Contact.objects.get(pk=twins.contact.pk).customer == twins.twin
    assert verify().holds


def test_mail_to_the_old_address_lands_and_the_old_name_finds_the_survivor(
    house: House, twins: Twins
) -> None:
    merged(house, twins)
    assert list(contacts_with_address(twins.contact.email.upper())) == [twins.contact]
    tell_customer(  # its contact belongs to the survivor's threads too
        twins.threads[0],
        text="Le escribimos a la dirección de siempre",
        contacts=[twins.contact],
        by=house.actor("sales"),
        now=house.at,
    )
    found = find(house.actor("sales"), "Aceites Lora", kinds=["customer"])
    assert [hit.object_id for hit in found] == [twins.lora.pk]
    opened = open_thread(
        customer=twins.twin,
        title="Pedido nuevo",
        kind="supply",
        owner=house.person("sales"),
        by=house.actor("sales"),
        now=house.at,
    )
    assert opened.customer == twins.lora


def test_the_next_day_it_is_undone_and_each_is_itself_again(house: House, twins: Twins) -> None:
    merged(house, twins)
    before = history()
    house.later(days=1)
    twins.twin.refresh_from_db()
    undo_merge(twins.twin, seen=twins.twin.version, by=house.head("sales"), now=house.at)
    assert story(twins.lora) == {twins.threads[0].pk}
    assert story(twins.twin) == {twins.threads[1].pk}
    assert history()[: len(before)] == before
    assert CustomerMerge.objects.get().undone_at == house.at
    found = find(house.actor("sales"), "Aceites Lora", kinds=["customer"])
    assert {hit.object_id for hit in found} == {twins.lora.pk, twins.twin.pk}
    with refused(saying="is not part of another customer"):
        undo_merge(twins.twin, by=house.head("sales"), now=house.at + timedelta(days=1))
    assert verify().holds
