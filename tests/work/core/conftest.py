from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation

from hilo.parties.actor import Actor, system
from hilo.parties.models import Contact, Customer, Person
from hilo.work.commands.templates import seed_templates
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread
from tests.factories.parties import NOW, Company, a_company, a_contact, a_customer, a_person, acting


@dataclass(frozen=True)
class House:
    """Envasa with one customer, one contact there, the seller's thread, and somebody of Sevilla."""

    company: Company
    customer: Customer
    contact: Contact
    thread: Thread
    seller: Person
    stranger: Person

    @property
    def by_seller(self) -> Actor:
        return acting(self.seller)

    @property
    def by_stranger(self) -> Actor:
        return acting(self.stranger)

    @property
    def by_director(self) -> Actor:
        return acting(self.company.director)

    def supply(self) -> Thread:
        return open_thread(
            customer=self.customer,
            title="Suministro 2026",
            kind="supply",
            owner=self.seller,
            by=self.by_seller,
            now=NOW,
        )


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def house(db: None) -> House:
    company = a_company()
    seed_templates(by=system(), now=NOW)
    seller = company.people["sales"]
    customer = a_customer("Bodegas Albarín", delegation=company.zaragoza, keeper=seller)
    return House(
        company=company,
        customer=customer,
        contact=a_contact(customer, "Diego Arnal"),
        thread=open_thread(
            customer=customer,
            title="Línea de 0,1 l",
            purpose="Entrar en el canal hotel en marzo",
            kind="service",
            owner=seller,
            by=acting(seller),
            now=NOW,
        ),
        seller=seller,
        stranger=a_person("Vera Vigo", area=company.areas["logistics"], delegation=company.sevilla),
    )
