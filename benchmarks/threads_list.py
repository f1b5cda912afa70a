"""How fast *Hilos* is over 100,000 threads, and how the database finds its rows.

    python -m benchmarks.threads_list [100000] [--explain]

On a company of its own in a scratch folder (SQLite; HILO_DATA keeps it for another run), or in the empty
database that DATABASE_URL names. Nine threads of ten are open, which is harder than life: a company archives.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import batched
from time import perf_counter, process_time
from typing import Any

PROCESS = """
code: benchmark
name: Benchmark
kind: new_account
steps:
  - {key: ask, name: Requirements, area: sales, target: 2d}
  - {key: study, name: Study, area: technical, target: 5d, after: [ask]}
  - {key: make, name: Making, area: production, target: 20d, after: [study]}
  - {key: send, name: Transport, area: logistics, target: 2d, after: [make]}
  - {key: mount, name: Mounting, area: technical, target: 5d, after: [send]}
  - {key: serve, name: Service, area: aftersales, target: 5d, after: [mount]}
"""
PAGES = {
    "first page": "/hilos/",
    "fraying": "/hilos/?view=frayed",
    "my turn": "/hilos/?view=my_turn",
    "by news": "/hilos/?order=news",
    "page 15": "/hilos/?page=15",
    "narrowed": "/hilos/?priority=urgent",
    "board": "/hilos/tablero/",
}
TIMES = 7


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    size = next((int(each) for each in sys.argv[1:] if each.isdigit()), 100_000)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.setdefault("HILO_DATA", scratch)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilo.settings.dev")
        import django

        django.setup()
        from django.conf import settings

        settings.DEBUG = False
        settings.ALLOWED_HOSTS = ["*"]
        person = _company(size)
        if "--explain" in sys.argv:
            _explain(person)
        else:
            _measure(person)


def _company(size: int) -> Any:
    from django.core.management import call_command

    from hilo.parties.models import Person

    call_command("migrate", verbosity=0)
    if not Person.objects.exists():
        began = perf_counter()
        _found(size)
        _say(f"{size:,} threads made in {perf_counter() - began:.0f} s")
    return Person.objects.get(email="p7@example.com")


def _found(size: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from hilo.parties.actor import system
    from hilo.parties.seeds import found_company
    from hilo.work.commands.templates import draft_template, publish_version

    now = timezone.now()
    founded = found_company(
        name="Benchmark",
        administrator_name="Ada",
        administrator_email="ada@example.com",
        password="a long password of nobody",
        now=now,
    )
    version = draft_template(PROCESS, by=system(), now=now)
    publish_version(version, seen=version.version, by=system(), now=now)
    chance = random.Random(5)
    with transaction.atomic():
        people = _people(founded, now)
        customers = _customers(founded, people, now)
        _threads(size, version, founded, people, customers, chance, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(founded: Any, now: datetime) -> list[Any]:
    from hilo.parties.models import Membership, Person

    people = Person.objects.bulk_create(
        Person(name=f"Person {n:03} Ruiz", email=f"p{n}@example.com") for n in range(100)
    )
    areas = list(founded.areas.values())
    Membership.objects.bulk_create(
        Membership(
            person=person,
            area=areas[n % len(areas)],
            delegation=founded.delegation,
            is_primary=True,
            is_head=n == 7,
            starts_on=now.date() - timedelta(days=400),
        )
        for n, person in enumerate(people)
    )
    return people


def _customers(founded: Any, people: list[Any], now: datetime) -> list[Any]:
    from hilo.parties.models import Customer

    return Customer.objects.bulk_create(
        Customer(
            name=f"Customer {n:05} S.A.",
            delegation=founded.delegation,
            keeper=people[n % len(people)],
            created_at=now,
        )
        for n in range(5_000)
    )


def _threads(
    size: int,
    version: Any,
    founded: Any,
    people: list[Any],
    customers: list[Any],
    chance: random.Random,
    now: datetime,
) -> None:
    steps = list(version.steps.order_by("position"))
    for numbers in batched(range(size), 5_000):
        _batch(numbers, version, steps, founded, people, customers, chance, now)


def _batch(
    numbers: tuple[int, ...],
    version: Any,
    steps: list[Any],
    founded: Any,
    people: list[Any],
    customers: list[Any],
    chance: random.Random,
    now: datetime,
) -> None:
    from hilo.parties.models import Contact
    from hilo.work.models import Promise, Span, StepRun, Thread, WorkItem

    contact = Contact.objects.first() or Contact.objects.create(
        customer=customers[0], name="C", created_at=now
    )
    threads = Thread.objects.bulk_create(
        _thread(n, steps, founded, people, customers, chance, now) for n in numbers
    )
    items = WorkItem.objects.bulk_create(
        WorkItem(kind="thread", thread=thread, template_version=version) for thread in threads
    )
    runs = StepRun.objects.bulk_create(
        run for item in items for run in _runs(item, steps, founded, people, chance, now)
    )
    Span.objects.bulk_create(span for run in runs for span in _spans(run, founded, chance, now))
    Promise.objects.bulk_create(
        Promise(
            thread=thread,
            text="The drawing",
            due_at=now + timedelta(days=chance.randint(1, 90)),
            first_due_at=now + timedelta(days=90),
            promised_by=thread.owner,
            contact=contact,
            where="call",
            said_at=thread.opened_at,
            area=founded.areas["sales"],
            delegation=founded.delegation,
        )
        for thread in threads
        if thread.state == "open" and thread.pk % 3 == 0
    )


def _thread(
    n: int,
    steps: list[Any],
    founded: Any,
    people: list[Any],
    customers: list[Any],
    chance: random.Random,
    now: datetime,
) -> Any:
    from decimal import Decimal

    from hilo.work.models import Thread

    is_open = n % 10 != 9
    facts: dict[str, Any] = {}
    if is_open:
        late = chance.random() < 0.01
        facts = {
            "next_news_at": now + timedelta(hours=-5 if late else chance.randint(1, 400)),
            "next_kind": "do_step",
            "next_type": "step_run",
            "next_label": "Mount the line",
            "next_due": now + timedelta(hours=chance.randint(-20, 900)),
            "turn_of": "area",
            "turn_area": steps[n % len(steps)].area,
        }
    opened = now - timedelta(days=chance.randint(1, 700))
    return Thread(
        code=f"2026-{n:06}",
        title=f"Line {n} for {n % 77} thousand bottles an hour",
        kind="new_account",
        priority=chance.choice(["normal"] * 18 + ["high", "urgent"]),
        state="open" if is_open else "archived",
        archived_at=None if is_open else now,
        customer=customers[n % len(customers)],
        delegation=founded.delegation,
        owner=people[n % len(people)],
        amount=Decimal(chance.randint(1_000, 900_000)),
        opened_at=opened,
        reserve_minutes=480,
        **facts,
    )


def _runs(
    item: Any, steps: list[Any], founded: Any, people: list[Any], chance: random.Random, now: datetime
) -> Iterator[Any]:
    from hilo.work.models import StepRun

    thread = item.thread
    at = thread.pk % len(steps) if thread.state == "open" else len(steps)
    for place, step in enumerate(steps):
        state = "done" if place < at else "planned" if place > at else "running"
        if state == "running" and chance.random() < 0.03:
            state = "offered"
        yield StepRun(
            work_item=item,
            thread=thread,
            step=step,
            name=step.name,
            position=place,
            area=step.area,
            delegation=founded.delegation,
            state=state,
            holder=people[thread.pk % len(people)] if state in ("done", "running") else None,
            due_at=now + timedelta(days=place * 5),
            started_at=thread.opened_at if state in ("done", "running") else None,
            finished_at=thread.opened_at + timedelta(hours=8 * place + 1) if state == "done" else None,
        )


def _spans(run: Any, founded: Any, chance: random.Random, now: datetime) -> Iterator[Any]:
    from hilo.work.models import Span

    at = run.thread.opened_at + timedelta(hours=8 * run.position)
    common = {"thread": run.thread, "step_run": run, "area": run.area, "delegation": founded.delegation}
    if run.state == "offered":
        yield Span(
            kind="border", from_area=founded.areas["sales"], opened_at=now - timedelta(days=2), **common
        )
    elif run.state == "running":
        yield Span(kind="work", opened_at=at, **common)
    elif run.state == "done":
        yield Span(kind="work", opened_at=at, closed_at=run.finished_at, ended_as="done", **common)


def _client(person: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _measure(person: Any) -> None:
    from django.db import connection

    client = _client(person)
    _say(f"{connection.vendor:20} {'CPU':>8} {'wall':>8}  queries   size")
    for name, url in PAGES.items():
        asked = _asked(lambda url=url: client.get(url))  # type: ignore[misc]
        answer = client.get(url)
        if answer.status_code != 200:
            continue
        cpu, wall = _best(lambda url=url: client.get(url))  # type: ignore[misc]
        kilobytes = len(answer.content) / 1024
        _say(f"{name:20} {cpu:6.1f}ms {wall:6.1f}ms {len(asked):8} {kilobytes:5.0f}KB")


def _asked(call: Callable[[], object]) -> list[tuple[float, str, Any]]:
    """Seconds, statement and parameters of every query."""
    from django.db import connection

    asked: list[tuple[float, str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.append((perf_counter() - began, sql, params))

    with connection.execute_wrapper(note):
        call()
    return asked


def _best(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of processor and of wall, the median of several."""
    taken = []
    for _time in range(TIMES):
        cpu, wall = process_time(), perf_counter()
        call()
        taken.append((process_time() - cpu, perf_counter() - wall))
    middle = sorted(taken)[TIMES // 2]
    return middle[0] * 1000, middle[1] * 1000


def _explain(person: Any) -> None:
    """Every statement of the first page, slowest first, those above a millisecond with their plan."""
    from django.db import connection

    client = _client(person)
    client.get("/hilos/")
    word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF)"
    for seconds, sql, params in sorted(
        _asked(lambda: client.get("/hilos/")), reverse=True, key=lambda e: e[0]
    ):
        _say(f"\n{seconds * 1000:.1f} ms  {sql[:300]}")
        if seconds > 0.001:
            with connection.cursor() as cursor:
                cursor.execute(f"{word} {sql}", params)
                for row in cursor.fetchall():
                    _say(f"    {row[-1]}")


if __name__ == "__main__":
    main()
