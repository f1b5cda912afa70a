"""What the web is measured on: the large demo, with one long and one short thread, and somebody signed in.

Both threads are opened and written on through the commands; the long one's notes are then said again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from benchmarks.web_client import Visitor

LONG, SHORT = 10_000, 10
SELLER = "marta.gil@envasa.example"
TITLES = {LONG: "Diez mil cosas dichas", SHORT: "Diez cosas dichas"}
SAID = "Llamada {}: la línea 2 vuelve a parar a media tarde y preguntan por el sensor."


@dataclass(frozen=True, slots=True)
class Ground:
    visitor: Visitor
    long_code: str
    long_id: int
    short_code: str
    session: str


def prepare() -> Ground:
    from hilo.parties.models import Person

    seller = Person.objects.get(email=SELLER)
    long, short = (_thread_of(seller, entries) for entries in (LONG, SHORT))
    visitor = _signed_in(seller)
    return Ground(visitor, long.code, long.pk, short.code, visitor.session)


def _thread_of(seller: Any, entries: int) -> Any:
    from django.db import transaction
    from django.utils import timezone

    from hilo.demo.multiplying.lengthening import say_again
    from hilo.parties.actor import actor_for
    from hilo.parties.models import Contact
    from hilo.work.commands.conversation import write_note
    from hilo.work.commands.threads import open_thread
    from hilo.work.models import Thread

    title = TITLES[entries]
    if found := Thread.objects.filter(title=title).first():
        return found
    began = timezone.now() - timedelta(days=60)
    by = actor_for(seller, now=timezone.now(), door="benchmark")
    contact = Contact.objects.select_related("customer").filter(customer__keeper=seller)[0]
    with transaction.atomic():
        thread = open_thread(
            customer=contact.customer, title=title, kind="service", owner=seller, by=by, now=began
        )
        for number in range(SHORT):
            write_note(thread, text=SAID.format(number), by=by, now=began + timedelta(days=59, hours=number))
    if entries > SHORT:
        said = thread.notes.order_by("-pk")[0]
        say_again(said, times=entries - SHORT, every=timedelta(minutes=8))
    return thread


def _signed_in(seller: Any) -> Visitor:
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    client = Client()
    client.force_login(seller, backend="allauth.account.auth_backends.AuthenticationBackend")
    return Visitor(client.cookies["sessionid"].value, _get_new_csrf_string())


def queries_of(visitor: Visitor, path: str) -> tuple[int, int]:
    """How many statements a page asks of the database, and how many bytes it is before packing."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost")
    client.cookies["sessionid"] = visitor.session
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} was answered {answer.status_code}")
    return len(caught), len(answer.content)


# What comes in through the commands -----------------------------------------------------------------------


def customers_a_second(count: int = 400) -> float:
    from django.utils import timezone

    from hilo.parties.actor import system
    from hilo.parties.commands.customers import add_customer
    from hilo.parties.models import Person

    keeper = Person.objects.get(email=SELLER)
    delegation = keeper.memberships.get(is_primary=True).delegation
    by, now = system("benchmark"), timezone.now()
    return _a_second(
        count,
        lambda number: add_customer(
            name=f"Importada {number}", delegation=delegation, keeper=keeper, by=by, now=now
        ),
    )


def threads_a_second(count: int = 200) -> float:
    from django.utils import timezone

    from hilo.parties.actor import system
    from hilo.parties.models import Customer, Person
    from hilo.work.commands.threads import open_thread

    owner = Person.objects.get(email=SELLER)
    customers = list(Customer.objects.filter(merged_into=None).order_by("-pk")[:50])
    by, now = system("benchmark"), timezone.now()
    return _a_second(
        count,
        lambda number: open_thread(
            customer=customers[number % len(customers)],
            title=f"Importado {number}",
            kind="service",
            owner=owner,
            by=by,
            now=now,
        ),
    )


def notes_a_second(count: int = 100) -> float:
    from django.utils import timezone

    from hilo.parties.actor import actor_for
    from hilo.parties.models import Person
    from hilo.work.commands.conversation import write_note
    from hilo.work.models import Thread

    thread, now = Thread.objects.get(title=TITLES[SHORT]), timezone.now()
    by = actor_for(Person.objects.get(email=SELLER), now=now, door="benchmark")
    return _a_second(count, lambda number: write_note(thread, text=SAID.format(number), by=by, now=now))


def _a_second(count: int, make: Callable[[int], object]) -> float:
    """In one transaction, as a batch of an import is, which is then undone."""
    from django.db import transaction

    from hilo.parties.queries.calendars import while_no_calendar_changes
    from hilo.unchanged import while_the_company_stays_as_it_is

    with transaction.atomic(), while_the_company_stays_as_it_is(), while_no_calendar_changes():
        make(-1)
        began = perf_counter()
        for number in range(count):
            make(number)
        taken = perf_counter() - began
        transaction.set_rollback(True)
    return count / taken
