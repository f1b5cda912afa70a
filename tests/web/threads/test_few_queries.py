"""A thread's page asks the database the same few times, whatever money and cases stand on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hilo.money.commands.invoices import BilledLine
from hilo.money.commands.rates import set_rate
from hilo.parties.models import Person
from hilo.quality.commands.cases import add_strand
from hilo.quality.commands.pausing import pause_response
from hilo.quality.commands.touching import link_case, touch_thread
from hilo.quality.models import Case
from hilo.work.commands.threads import make_confidential
from hilo.work.gate import what_hangs
from hilo.work.models import Order
from tests.factories.causes import an_action, an_analysis
from tests.factories.quality import acknowledged, make_case, responded
from tests.factories.work import House, a_house, a_published_template, two_steps
from tests.money.conftest import FEED, SUPPLY, a_supply_thread, an_invoice, an_order
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12  # ten for any thread, one more for its invoices, one for its cases

type Adds = Callable[[House, Order, int], None]


@pytest.fixture
def house(db: None) -> House:
    made = a_house(now=yesterday())
    a_published_template(SUPPLY, now=yesterday())
    return made


@pytest.fixture
def order(house: House) -> Order:
    return an_order(a_supply_thread(house, now=house.at), 1200, 300, now=house.at)


def invoices(house: House, order: Order, batch: int) -> None:
    """In three currencies, one of them with no rate; more than the page lists."""
    if batch == 0:
        set_rate("USD", on=house.at.date() - timedelta(days=400), rate=Decimal("0.9"), by=FEED, now=house.at)
    first, second = order.lines.all()
    for number in range(batch * 8 + 1):
        billed = [
            BilledLine(position=1, text="Juntas", amount=Decimal(1200), order_line=first),
            BilledLine(position=2, text="Discos", amount=Decimal(300), order_line=second),
        ]
        an_invoice(
            house.customer,
            *billed,
            number=f"F-{batch}-{number}",
            issued_on=house.at.date() - timedelta(days=10 + number),
            due_on=house.at.date() - timedelta(days=1),
            currency=("EUR", "USD", "GBP")[number % 3],
            now=house.at,
        )


def cases(house: House, order: Order, batch: int) -> None:
    """With several areas at work, a pause, an analysis and an action; and one that only touches it."""
    for number in range(batch * 2 + 1):
        case = acknowledged(house, make_case(house, order.thread, title=f"Caso {batch}-{number}"))
        by = house.actor("sales")
        for area in ("technical", "production")[: batch + 1]:
            add_strand(
                case,
                area=house.area(area),
                delegation=house.company.zaragoza,
                name=f"Mirar en {area}",
                target_minutes=480,
                by=by,
                now=house.at,
            )
        case.refresh_from_db()
        until = house.at + timedelta(days=2)
        pause_response(case, reason="Esperan piezas", until=until, seen=case.version, by=by, now=house.at)
        link_case(case, type="order", object_id=order.pk, by=by, now=house.at)
        an_action(house, an_analysis(house, case))
    touching = make_case(house, two_steps(house))
    touch_thread(touching, order.thread, by=house.actor("sales"), now=house.at)


def both(house: House, order: Order, batch: int) -> None:
    invoices(house, order, batch)
    cases(house, order, batch)


def people(house: House) -> dict[str, Person]:
    """A director, a seller who sees money, a technician who does not."""
    return {
        "director": house.person("director"),
        "seller": house.person("sales"),
        "technician": house.person("technical"),
    }


def address(order: Order) -> str:
    return reverse("web:thread", args=[order.thread.code])


def queries_of(person: Person, order: Order) -> int:
    client = as_(person)
    client.get(address(order))  # what is asked once (modules, compiled calendars) is not counted
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(order)).status_code == 200
    return len(captured)


def shown_to(person: Person, order: Order) -> str:
    return as_(person).get(address(order)).content.decode()


@pytest.mark.parametrize(
    ("adds", "more"), [(invoices, (1, 1, 0)), (cases, (1, 1, 1)), (both, (2, 2, 1))]
)  # of the director, the seller, the technician
def test_money_and_cases_cost_a_query_each_however_many_there_are(
    house: House, order: Order, adds: Adds, more: tuple[int, int, int]
) -> None:
    readers = people(house)
    bare = {name: queries_of(person, order) for name, person in readers.items()}
    adds(house, order, 0)
    few = {name: queries_of(person, order) for name, person in readers.items()}
    adds(house, order, 1)
    many = {name: queries_of(person, order) for name, person in readers.items()}
    assert many == few
    assert tuple(few[name] - bare[name] for name in readers) == more
    assert max(many.values()) <= MOST_QUERIES


def test_the_page_shows_all_that_the_queries_bring(house: House, order: Order) -> None:
    both(house, order, 1)
    seller, technician = shown_to(house.person("sales"), order), shown_to(house.person("technical"), order)
    assert seller.count('class="m-invoice"') == 8 and "Y 1 más." in seller
    assert "No hay cambio conocido para GBP, USD" in seller and "Vencida" in seller
    assert "Con un caso abierto" in seller and f"pedido {order.number}" in seller
    for page in (seller, technician):
        assert page.count('<li id="case-') == 4
        assert "Caso 1-2</bdi>" in page and house.person("sales").name in page
    assert "m-invoice" not in technician


def test_the_response_of_a_case_stands_beside_the_thread(house: House, order: Order) -> None:
    make_case(house, order.thread, title="Gotea la válvula")
    answered = responded(house, make_case(house, order.thread, title="Falta el certificado"))
    page = shown_to(house.person("technical"), order)
    first, second = page.split('<li id="case-')[1:3]
    assert "Gotea la válvula" in first and "Respuesta" in first
    assert "Falta el certificado" in second and "Respuesta" not in second.partition("</li>")[0]
    assert answered.code in second


def test_a_case_of_a_secret_thread_hangs_and_is_not_shown(house: House, order: Order) -> None:
    other = two_steps(house)
    secret = make_case(house, other, title="Lo que nadie más lee")
    touch_thread(secret, order.thread, by=house.actor("sales"), now=house.at)
    other.refresh_from_db()
    only = [house.person("sales")]
    make_confidential(other, readers=only, seen=other.version, by=house.head("sales"), now=house.at)
    technician = as_(house.person("technical")).get(address(order))
    assert "Lo que nadie más lee" not in technician.content.decode()
    assert technician.context["hanging"] == len(what_hangs(order.thread, now=house.at))
    assert "Lo que nadie más lee" in shown_to(house.person("sales"), order)


def test_a_closed_case_is_not_beside_it(house: House, order: Order) -> None:
    case = make_case(house, order.thread)
    unseen = {"customer_knows": False, "found_by_us": True}
    Case.objects.filter(pk=case.pk).update(**unseen, stage="closed", closed_at=house.at)
    assert '<li id="case-' not in shown_to(house.person("sales"), order)
