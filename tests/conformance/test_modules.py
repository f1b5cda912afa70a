"""Each module switched off alone, and all at once: every page still opens, and none leads to what rests.

Over the permission matrix's world, so that every kind of thing is there to be linked to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from hilo.money.commands.invoices import BilledLine, record_invoice
from hilo.parties.actor import importer
from hilo.parties.models import Person
from hilo.parties.modules import MODULES, forget
from hilo.quality.commands.touching import link_case
from hilo.quality.models import Case
from hilo.web.doing.routes import ROUTES, Route
from hilo.work.models import Thread
from tests.conformance.matrix.test_every_cell import patterns, url_of
from tests.conformance.matrix.world import World, build_world, shared_ids
from tests.factories.parties import acting

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
LINK = re.compile(r"""(?:href|action|hx-get|hx-post)=["']([^"'#?]+)""")
ALL = "all of them"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def leaning_on(code: str) -> frozenset[str]:
    """It and what needs it: what an administrator has to switch off to switch it off."""
    if code == ALL:
        return frozenset(MODULES)
    found = {code}
    while more := {each.code for each in MODULES.values() if set(each.needs) & found} - found:
        found |= more
    return frozenset(found)


@pytest.fixture(autouse=True)
def every_address() -> None:
    """Reading the addresses fills ``ROUTES``."""
    assert len(list(patterns(get_resolver()))) > 100


def pages(world: World) -> Iterator[tuple[Route, str]]:
    ids = shared_ids(world)
    for route in list(ROUTES.values()):
        if route.name.startswith("web:") and not route.is_public:
            yield route, url_of(route, world.own, ids, deleted=False)


def routes_linked_from(page: str) -> set[str]:
    """The names of our own addresses that the page leads to."""
    found = set()
    for link in LINK.findall(page):
        address = urlsplit(unescape(link))
        if address.netloc or not address.path.startswith("/"):
            continue
        try:
            found.add(resolve(address.path).view_name)
        except Resolver404:
            assert address.path.startswith("/static/"), f"leads nowhere: {link}"
    return found


@pytest.mark.parametrize(("code", "who"), [*((code, "administrator") for code in MODULES), (ALL, "head")])
def test_what_rests_is_not_there_and_nothing_leads_to_it(world: World, code: str, who: str) -> None:
    person = world.roles[who]
    assert person is not None
    client = Client(raise_request_exception=True)
    client.force_login(person)
    off = leaning_on(code)
    forget(off)
    faults = []
    for route, url in pages(world):
        with transaction.atomic():
            answer = client.get(url)
            page = "" if answer.streaming else answer.content.decode(errors="replace")
            transaction.set_rollback(True)
        if route.module in off:
            if answer.status_code != 404:
                faults.append(f"{url} ({route.name}) answered {answer.status_code}")
            continue
        if answer.status_code >= 500:
            faults.append(f"{url} ({route.name}) broke: {answer.status_code}")
        if "text/html" in answer.headers.get("Content-Type", ""):
            dead = {
                name for name in routes_linked_from(page) if name in ROUTES and ROUTES[name].module in off
            }
            faults += [f"{url} ({route.name}) leads to {name}" for name in sorted(dead)]
    assert not faults, "\n".join(faults)


# ---- amounts ---------------------------------------------------------------------------------------------

AMOUNT = re.compile(r"\d[\d.,\u00a0\u202f ]*(?:€|EUR\b)|(?:€|EUR)\s?\d|742\W?813|31\W?877")


@pytest.fixture
def worth(world: World) -> Iterator[None]:
    """What money shows is there to be shown: the worth of each thread, an invoice on one, a case about it."""
    with transaction.atomic():
        Thread.objects.update(amount=Decimal(742_813), currency="EUR")
        Case.objects.update(customer_knows=True)
        thread = Thread.objects.get(code=world.own.codes["thread"])
        invoice = record_invoice(
            source="erp", number="F-1", customer=thread.customer, issued_on=date(2026, 1, 8), currency="EUR",
            lines=[BilledLine(position=1, text="Juntas", amount=Decimal(31_877))], thread=thread,
            by=importer("erp"), now=timezone.now(),
        )  # fmt: skip
        case = Case.objects.get(code=world.own.codes["case"])
        by = acting(world.company.director, timezone.now())
        line = invoice.lines.get()
        link_case(case, type="invoice_line", object_id=line.pk, by=by, now=timezone.now())
        yield
        transaction.set_rollback(True)


def amounts_on(places: list[str], person: Person) -> dict[str, list[str]]:
    """By address of every page, list and file: the amounts that it tells."""
    client = Client()
    client.force_login(person)
    found = {}
    for url in (
        *places,
        *(f"{place}?{order}" for place in ORDERED for order in ("order=money", "order=amount")),
    ):
        answer = client.get(url)
        if told := AMOUNT.findall(_text_of(answer)):
            found[url] = told
    return found


ORDERED = ("/hilos/", "/casos/", "/la-semana/", "/")


def _text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        book = ZipFile(BytesIO(body))
        body = b"".join(book.read(name) for name in book.namelist() if "sheet" in name or "String" in name)
    return body.decode(errors="replace")


@pytest.mark.parametrize("who", ["director", "head"])
def test_no_page_list_or_file_tells_an_amount_while_money_rests(world: World, worth: None, who: str) -> None:
    person = world.roles[who]
    assert person is not None
    places = [url for _route, url in pages(world)]
    forget(frozenset())
    before = amounts_on(places, person)
    assert len(before) > 6, "with the module on there is something to hide"
    forget(leaning_on("money"))
    assert amounts_on(places, person) == {}


def test_every_module_has_a_page_of_its_own_or_says_what_else_it_is() -> None:
    owned = {route.module for route in ROUTES.values()}
    assert set(MODULES) - owned == {"money"}  # figures on the pages of others
    for module in MODULES.values():
        assert all(need in MODULES for need in module.needs)


def test_the_bare_three_open_with_everything_else_off(world: World) -> None:
    forget(frozenset(MODULES))
    client = Client()
    person = world.roles["head"]
    assert person is not None
    client.force_login(person)
    code = world.own.codes["thread"]
    for url in (
        "/",
        "/hilos/",
        f"/hilos/{code}/",
        "/traspasos/",
        "/clientes/",
        "/buscar/?q=caso",
        "/ajustes/",
    ):
        assert client.get(url).status_code == 200, url
