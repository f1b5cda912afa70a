"""The company the machine plays with, and the choices of whoever acts next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from hilo.ledger.command import COMMANDS
from hilo.parties.actor import Actor, actor_for, system
from hilo.parties.models import Area, Contact, Customer, Delegation, Membership, Person
from hilo.work.models import Thread
from tests.conformance.machine.driver import Driver, Refused
from tests.factories.parties import NOW, a_company, a_contact, a_customer, a_manager, a_person, give_authority

for _app in apps.get_app_configs():  # a command nobody has imported yet is one all the same
    for _file in sorted(Path(_app.path).glob("commands/*.py")):
        import_module(f"{_app.name}.commands.{_file.stem}")

MARK = "zzqx"  # in every text anybody types here, so that one can look where it must not stand


class Pick(Protocol):
    """Where chance comes from: hypothesis, which can replay it."""

    def one[T](self, choices: Sequence[T]) -> T: ...
    def in_ten(self, times: int) -> bool: ...


class NothingThere(Exception):
    """There is nothing this command could be tried on just now."""


@dataclass(frozen=True)
class Accepted:
    result: object


@dataclass(frozen=True)
class Call:
    args: tuple[object, ...]
    facts: dict[str, object]


type Try = Callable[["World"], Call]
TRIES: dict[str, Try] = {}


def tries(name: str) -> Callable[[Try], Try]:
    """Register how a command is tried: the function draws its arguments, sensible ones more often."""
    assert name in COMMANDS, name

    def register(attempt: Try) -> Try:
        TRIES[name] = attempt
        return attempt

    return register


@dataclass
class World:
    pick: Pick
    now: datetime = NOW
    driver: Driver = field(default_factory=Driver)
    count: int = 0

    # What there is

    def row[M: Model](self, rows: QuerySet[M], likely: Q | None = None) -> M:
        """One of them; mostly one of the likely."""
        found: list[M] = []
        if likely is not None and self.pick.in_ten(9):
            found = list(rows.filter(likely).order_by("pk"))
        found = found or list(rows.order_by("pk"))
        if not found:
            raise NothingThere
        return self.pick.one(found)

    def maybe[M: Model](self, rows: QuerySet[M]) -> M | None:
        found = list(rows.order_by("pk"))
        return self.pick.one(found) if found and self.pick.in_ten(5) else None

    def thread(self, likely: Q | None = None) -> Thread:
        return self.row(Thread.objects.all(), likely or Q(state="open"))

    def contact(self, thread: Thread) -> Contact:
        return self.row(Contact.objects.all(), Q(customer=thread.customer, erased_at=None, left_at=None))

    def area(self) -> Area:
        return self.row(Area.objects.all(), Q(ended_on=None))

    def delegation(self) -> Delegation:
        return self.row(Delegation.objects.all())

    def person(self) -> Person:
        return self.row(Person.objects.all(), Q(is_active=True))

    # Who acts

    def by(self, *likely: Person | None) -> Actor:
        """Mostly one of those whose it is; sometimes anybody, also somebody who has left."""
        theirs = [person for person in likely if person is not None]
        if not theirs or not self.pick.in_ten(8):
            theirs = list(Person.objects.order_by("pk"))
        return self.actor(self.pick.one(theirs))

    def actor(self, person: Person) -> Actor:
        return actor_for(Person.objects.get(pk=person.pk), now=self.now, door="web")

    def system(self) -> Actor:
        return system()

    def administrator(self) -> Actor:
        return self.by(*Person.objects.filter(is_administrator=True).order_by("pk"))

    def of_area(self, area_id: int, delegation_id: int | None = None) -> list[Person]:
        there = Membership.objects.filter(area=area_id, ends_on__isnull=True)
        if delegation_id is not None:
            there = there.filter(delegation=delegation_id)
        return list(Person.objects.filter(memberships__in=there, is_active=True).order_by("pk").distinct())

    def workers(self, thread: Thread) -> list[Person]:
        """Who may work on it: its owner, and people of its delegation."""
        there = Person.objects.filter(memberships__delegation=thread.delegation, is_active=True)
        return [thread.owner, *there.order_by("pk").distinct()[:6]]

    def in_charge(self, thread: Thread) -> list[Person]:
        return [thread.owner, *Person.objects.filter(is_director=True).order_by("pk")]

    # What they say

    def words(self, text: str) -> str:
        """Now and then nothing, which must be refused."""
        return f"{text} {MARK}" if self.pick.in_ten(9) else " "

    def name(self, text: str) -> str:
        self.count += 1
        return f"{text} {MARK}{self.count}"

    def seen(self, row: Any) -> int:
        """The version on the actor's screen; sometimes the one before."""
        row.refresh_from_db(fields=["version"])
        version: int = row.version
        return version if self.pick.in_ten(9) else version - 1

    def ahead(self, *, days: Sequence[float] = (0.1, 1, 2, 5, 9, 20)) -> datetime:
        """A moment still to come; sometimes one that has passed."""
        delta = timedelta(days=self.pick.one(days))
        return self.now + delta if self.pick.in_ten(9) else self.now - delta

    def before(self) -> datetime | None:
        """When it truly happened: just now, or a while ago; sometimes tomorrow, which cannot be."""
        if self.pick.in_ten(6):
            return None
        return self.now - timedelta(hours=self.pick.one((1, 5, 30))) if self.pick.in_ten(9) else self.ahead()

    def call(self, *args: object, **facts: object) -> Call:
        return Call(args, {**facts, "now": self.now})

    def attempt(self, name: str) -> Accepted | Refused | None:
        """None: there is nothing to try it on."""
        try:
            call = TRIES[name](self)
        except NothingThere:
            return None
        outcome = self.driver.run(name, *call.args, **call.facts)
        return outcome if isinstance(outcome, Refused) else Accepted(outcome)


@dataclass
class Cast:
    """Who is who at the beginning, for the script."""

    seller: Person
    technician: Person
    head: Person
    manager: Person
    director: Person
    administrator: Person
    stranger: Person
    auditor: Person
    substitute: Person
    customer: Customer
    contact: Contact
    other_customer: Customer
    other_contact: Contact


def people_a_company(driver: Driver, *, now: datetime = NOW) -> Cast:
    """Envasa Líneas with two delegations, its processes, three customers, and the twelve who act."""
    company = a_company(now=now)
    driver.run("work.templates.seed_templates", by=system(), now=now)
    seller = company.people["sales"]
    a_person("Sara Sevilla", area=company.areas["sales"], delegation=company.sevilla, is_head=True, now=now)
    stranger = a_person("Vera Vigo", area=company.areas["logistics"], delegation=company.sevilla, now=now)
    auditor = a_person("Aurora Audita", area=company.areas["admin"], delegation=company.sevilla, now=now)
    substitute = a_person("Sonia Suple", area=company.areas["sales"], delegation=company.zaragoza, now=now)
    a_person("Tomás Torno", area=company.areas["technical"], delegation=company.zaragoza, now=now)
    customer = a_customer("Bodegas Albarín", delegation=company.zaragoza, keeper=seller, now=now)
    other = a_customer("Aceites Lora", delegation=company.zaragoza, keeper=seller, now=now)
    far = a_customer("Zumos Utrera", delegation=company.sevilla, keeper=stranger, now=now)
    for each in (far, customer):
        a_contact(each, now=now)
    return Cast(
        seller=seller,
        technician=company.people["technical"],
        head=company.heads["sales"],
        manager=a_manager(company, company.zaragoza, now=now),
        director=company.director,
        administrator=company.administrator,
        stranger=stranger,
        auditor=give_authority(auditor, auditor=True),
        substitute=substitute,
        customer=customer,
        contact=a_contact(customer, "Diego Arnal", now=now),
        other_customer=other,
        other_contact=a_contact(other, "Lola Lora", now=now),
    )


def begin_work(driver: Driver, cast: Cast, *, now: datetime = NOW) -> None:
    """Threads of every kind under way, and an order: what the random histories set out from."""
    by = actor_for(cast.seller, now=now, door="web")
    for customer, kinds in (
        (cast.customer, ("supply", "new_account", "first_of_kind")),
        (cast.other_customer, ("service", "complaint")),
    ):
        for kind in kinds:
            thread = driver.run(
                "work.threads.open_thread",
                customer=customer,
                title=f"{kind} {MARK}",
                kind=kind,
                owner=cast.seller,
                by=by,
                now=now,
            )
            if kind == "supply":
                driver.run("work.orders.place_order", thread, text=f"Botellas {MARK}", by=by, now=now)
