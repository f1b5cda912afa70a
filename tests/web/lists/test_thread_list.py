"""*Hilos*: what it counts, shows and keeps to itself."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hilo.parties.actor import Actor, system
from hilo.parties.commands.customers import add_customer
from hilo.parties.models import Person
from hilo.web.lines import lines_shown
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.models import Thread
from hilo.work.queries.thread_list import Listing, ListOrder, ListView, Narrowed, counts_of_views
from tests.factories.parties import a_customer
from tests.factories.work import House, a_house, an_offer, open_handoff, step, two_steps
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
ADDRESS = "/hilos/"
HOSTILE = [
    "N" * 200,
    "مصنع المياه الصافية",
    "🏭👩‍🔧 Planta",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
]


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def shown(person: Person, **query: str) -> str:
    answer = as_(person).get(ADDRESS, query)
    assert answer.status_code == 200
    return answer.content.decode()


def a_service(house: House, title: str, *, owner: str = "sales", amount: int | None = None) -> Thread:
    return open_thread(
        customer=house.customer,
        title=title,
        kind=Thread.Kind.SERVICE,
        owner=house.person(owner),
        amount=None if amount is None else Decimal(amount),
        by=system(),
        now=house.at,
    )


def a_thread_at_a_border(house: House) -> Thread:
    """Sold, and offered to Oficina técnica, which has not answered."""
    thread = two_steps(house)
    selling = step(thread, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    an_offer(house, open_handoff(step(thread, "design")))
    return thread


def fall_silent(thread: Thread) -> None:
    """As time would: the promised news date has passed."""
    Thread.objects.filter(pk=thread.pk).update(next_news_at=timezone.now() - timedelta(hours=3))


def test_the_heading_answers_with_the_numbers(house: House) -> None:
    for title in ("Uno", "Dos", "Tres"):
        a_service(house, title)
    fall_silent(a_service(house, "Cuatro"))
    page = shown(house.person("sales"))
    assert "4 hilos abiertos; 1 se está deshilachando" in page


def test_every_row_shows_customer_age_owner_next_step_and_turn(house: House) -> None:
    a_service(house, "Línea 3 de PET")
    page = shown(house.person("technical"))
    row = page.partition("<tbody>")[2]
    assert "Línea 3 de PET" in row
    assert house.customer.name in row
    assert "Zaragoza" in row
    assert re.search(r">\s*(1 día|\d+ (h|horas?))\s*<", row)  # since yesterday morning
    assert house.person("sales").name in row
    assert "Decidir el siguiente paso" in row
    assert "h-turn" in row
    assert "h-mini" in row


def test_my_own_turn_says_so(house: House) -> None:
    a_service(house, "Mía")
    assert "Te toca a ti" in shown(house.person("sales"))
    assert "Te toca a ti" not in shown(house.person("technical"))


def test_money_shows_to_who_sees_it_and_orders_nothing_for_the_others(house: House) -> None:
    a_service(house, "Pequeño", amount=1_000)
    a_service(house, "Grande", amount=742_000)
    assert "743.000" in shown(house.person("sales"))
    others = shown(house.person("production"), order="amount")
    assert "743.000" not in others
    assert "742.000" not in others
    assert others.index("Pequeño") < others.index("Grande")
    assert "Por dinero" not in others


@pytest.mark.parametrize(
    ("view", "titles"),
    [
        ("open", {"Mío", "Ajeno", "En pausa", "Callado"}),
        ("mine", {"Mío", "En pausa", "Callado"}),
        ("frayed", {"Callado"}),
        ("silent", {"Callado"}),
        ("paused", {"En pausa"}),
        ("archived", set()),
        ("nonsense", {"Mío", "Ajeno", "En pausa", "Callado"}),
    ],
)
def test_each_view_holds_what_it_says(house: House, view: str, titles: set[str]) -> None:
    a_service(house, "Mío")
    a_service(house, "Ajeno", owner="technical")
    resting = a_service(house, "En pausa")
    fall_silent(a_service(house, "Callado"))
    pause_thread(
        resting,
        reason="espera su licencia",
        until=timezone.now() + timedelta(days=9),
        seen=resting.version,
        by=house.actor("sales"),
        now=timezone.now(),
    )
    answer = as_(house.person("sales")).get(ADDRESS, {"view": view})
    assert {row.thread.title for row in answer.context["rows"]} == titles


def listed(actor: Actor, view: ListView, now: datetime) -> list[Thread]:
    listing = Listing(actor=actor, view=view, narrowed=Narrowed(), order=ListOrder.DUE, now=now)
    return listing.page(1, 50)[0]


def test_the_count_of_a_view_is_the_number_of_its_rows(house: House) -> None:
    a_thread_at_a_border(house)
    fall_silent(a_service(house, "Callado"))
    actor, now = house.actor("technical"), timezone.now()
    counts = counts_of_views(actor, now=now)
    for view in ListView:
        assert counts[view] == len(listed(actor, view, now)), view
    assert counts[ListView.FRAYED] == 2


def test_what_frays_in_the_list_frays_in_the_line(house: House) -> None:
    """The query that counts and the drawing that shows agree, thread by thread."""
    a_thread_at_a_border(house)
    fall_silent(a_service(house, "Callado"))
    a_service(house, "Entero")
    for title in ("En pausa", "En pausa y callado"):
        resting = a_service(house, title)
        until = timezone.now() + timedelta(days=9)
        pause_thread(resting, reason="licencia", until=until, seen=1, by=house.actor("sales"), now=house.at)
    fall_silent(resting)
    actor, now = house.actor("sales"), timezone.now()
    every, frayed = listed(actor, ListView.OPEN, now), listed(actor, ListView.FRAYED, now)
    lines = lines_shown(every, now=now)
    assert {pk for pk, line in lines.items() if line.is_frayed} == {thread.pk for thread in frayed}


def test_by_consequence_the_customer_comes_first_then_the_border_then_the_money(house: House) -> None:
    a_service(house, "Barato", amount=10)
    a_service(house, "Caro", amount=900_000)
    a_thread_at_a_border(house)
    fall_silent(a_service(house, "Callado"))
    answer = as_(house.person("sales")).get(ADDRESS)
    assert [row.thread.title for row in answer.context["rows"]] == [
        "Callado",
        "Línea nueva",
        "Caro",
        "Barato",
    ]


@pytest.mark.parametrize("order", ["consequence", "due", "age", "amount", "nonsense"])
def test_every_order_shows_every_row(house: House, order: str) -> None:
    for title in ("Uno", "Dos"):
        a_service(house, title)
    page = shown(house.person("sales"), order=order)
    assert "Uno" in page
    assert "Dos" in page


def test_filters_narrow_and_say_so(house: House) -> None:
    a_service(house, "De Ventas")
    a_service(house, "De Técnica", owner="technical")
    technician = house.person("technical")
    answer = as_(house.person("sales")).get(ADDRESS, {"owner": technician.pk, "kind": "service"})
    assert [row.thread.title for row in answer.context["rows"]] == ["De Técnica"]
    assert technician.name in answer.content.decode()
    nothing = shown(house.person("sales"), priority="urgent")
    assert "Ningún hilo encaja" in nothing


@pytest.mark.parametrize("typed", ["linea", "LÍNEA", "albarin", "pet"])
def test_text_finds_by_title_or_customer_without_accents(house: House, typed: str) -> None:
    a_service(house, "Línea 3 de PET")
    page = shown(house.person("sales"), q=typed)
    assert "Línea 3 de PET" in page


def test_a_merged_customers_threads_are_found_under_its_survivor(house: House) -> None:
    from hilo.parties.commands.merges import merge_customers

    a_service(house, "Antigua")
    survivor = a_customer("Grupo Nuevo", delegation=house.company.zaragoza, keeper=house.person("sales"))
    merge_customers(survivor, house.customer, by=system(), now=timezone.now())
    page = shown(house.person("sales"), customer=str(survivor.pk))
    assert "Antigua" in page
    assert "Grupo Nuevo" in page


def test_a_list_by_person_never_shows_their_past(house: House) -> None:
    a_service(house, "Uno")
    answer = as_(house.person("sales")).get(
        ADDRESS, {"view": "archived", "owner": house.person("technical").pk}
    )
    assert answer.context["ignores_owner"]
    assert "nunca su pasado" in answer.content.decode()


def test_a_confidential_thread_is_in_no_count_sum_row_or_search_of_others(house: House) -> None:
    a_service(house, "De todos", amount=1_000)
    secret = a_service(house, "Negociación secreta", amount=5_000_000)
    make_confidential(
        secret, readers=[house.person("sales")], seen=secret.version, by=system(), now=timezone.now()
    )
    fall_silent(secret)
    outsider = house.person("admin")
    for query in ({}, {"q": "secreta"}, {"view": "silent"}, {"order": "amount"}):
        page = shown(outsider, **query)
        assert "Negociación" not in page
        assert "5.001.000" not in page
        assert "5.000.000" not in page
    assert "1 hilo abierto; ninguno se deshilacha" in shown(outsider)
    assert "2 hilos abiertos; 1 se está deshilachando" in shown(house.person("sales"))


@pytest.mark.parametrize("name", HOSTILE)
def test_strange_names_are_shown_as_text(house: House, name: str) -> None:
    from django.utils.html import escape

    add_customer(
        name=name,
        delegation=house.company.zaragoza,
        keeper=house.person("sales"),
        by=system(),
        now=timezone.now(),
    )
    a_service(house, name)
    page = shown(house.person("sales"))
    assert str(escape(name)) in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("junk", ["-1", "9" * 40, "x", "\x00", "' OR 1=1 --", "٣"])
def test_an_address_somebody_mistyped_still_shows_a_list(house: House, junk: str) -> None:
    a_service(house, "Uno")
    for name in ("page", "owner", "delegation", "customer", "kind", "view", "order", "q"):
        assert as_(house.person("sales")).get(ADDRESS, {name: junk}).status_code == 200


def test_the_same_number_of_queries_at_ten_and_at_a_hundred_rows(house: House) -> None:
    client = as_(house.person("sales"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ADDRESS).status_code == 200
        return len(caught)

    def fill(count: int) -> None:
        for number in range(count):
            a_service(house, f"Hilo {number}", amount=number)

    fill(10)
    queries()
    ten = queries()
    fill(90)
    assert queries() == ten
    assert ten <= 12, ten


def test_a_hundred_rows_come_in_pages_of_fifty(house: House) -> None:
    for number in range(60):
        a_service(house, f"Hilo {number}")
    answer = as_(house.person("sales")).get(ADDRESS, {"order": "age"})
    assert len(answer.context["rows"]) == 50
    second = as_(house.person("sales")).get(ADDRESS, {"order": "age", "page": "2"})
    assert len(second.context["rows"]) == 10


def test_an_empty_company_is_told_how_to_begin(house: House) -> None:
    page = shown(house.person("sales"))
    assert "Aún no hay hilos" in page
    assert "/hilos/nuevo/" in page


def test_it_speaks_english_too(house: House) -> None:
    person = house.person("sales")
    Person.objects.filter(pk=person.pk).update(language="en")
    a_service(house, "One")
    page = shown(person)
    assert "1 open thread; none frays" in page
    assert "Next news" in page
