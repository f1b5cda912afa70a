from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hilo.errors import RuleViolation
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.deliverables import move_deliverable, plan_deliverable
from hilo.work.commands.promised_dates import Telling
from hilo.work.commands.promises import make_promise, renegotiate_promise
from hilo.work.models import Contradiction, Update
from hilo.work.stated_dates import stated_dates
from tests.factories.parties import NOW
from tests.work.core.conftest import House

MADRID = ZoneInfo("Europe/Madrid")
SAID = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("La entrega será el viernes 12.", [date(2026, 12, 12)]),
        ("Le llega el 15 de diciembre", [date(2026, 12, 15)]),
        ("Lo recibirá el día 4", [date(2026, 12, 4)]),
        ("Entregamos el 3 de febrero de 2027.", [date(2027, 2, 3)]),
        ("Entregamos el 3 de febrero.", [date(2027, 2, 3)]),
        ("We will deliver on 3 March", [date(2027, 3, 3)]),
        ("Delivery: March 3rd, 2027", [date(2027, 3, 3)]),
        ("Plazo de entrega: 18/12", [date(2026, 12, 18)]),
        ("Entrega el 18-12-2026 a las 9:30", [date(2026, 12, 18)]),
        ("La prueba será el miércoles 25 y el envío el jueves 26", [date(2026, 11, 25), date(2026, 11, 26)]),
        ("Nos vemos el viernes 12 para comer", []),
        ("Se entregan 12 bombas y 4 filtros", []),
        ("Entrega el 31 de febrero", []),
        ("La oferta de entrega son 15.000 € el 12 %", []),
        ("", []),
    ],
)
def test_dates_about_delivering_are_read_as_people_write_them(text: str, days: list[date]) -> None:
    assert [stated.day for stated in stated_dates(text, said_on=SAID)] == days


def kinds() -> set[str]:
    return set(Contradiction.objects.filter(settled_at__isnull=True).values_list("kind", flat=True))


def noon(day: int) -> datetime:
    return datetime(2026, 12, day, 12, tzinfo=MADRID)


def test_a_mail_a_plan_and_an_old_promise_with_three_dates_are_found_at_once(house: House) -> None:
    """Story 6."""
    line = plan_deliverable(house.thread, name="Línea", planned_for=noon(15), by=house.by_seller, now=NOW)
    promise = make_promise(
        house.thread,
        text="La línea instalada",
        due=date(2026, 12, 10),
        contact=house.contact,
        where="proposal",
        deliverable=line,
        by=house.by_seller,
        now=NOW,
    )
    assert kinds() == {"promise_plan"}

    tell_customer(
        house.thread,
        text="Buenos días: la entrega será el viernes 12.",
        contacts=[house.contact],
        by=house.by_seller,
        now=NOW + timedelta(hours=1),
    )
    assert kinds() == {"promise_plan", "message_plan", "message_promise"}

    renegotiate_promise(
        promise,
        due=date(2026, 12, 15),
        contact=house.contact,
        where="call",
        evidence="Llamada",
        by=house.by_seller,
        now=NOW + timedelta(hours=2),
    )
    assert "promise_plan" not in kinds()
    tell_customer(
        house.thread,
        text="Corrijo: la entrega será el martes 15.",
        contacts=[house.contact],
        by=house.by_seller,
        now=NOW + timedelta(hours=3),
    )
    assert kinds() == set()


def test_a_plan_that_ends_before_the_promised_day_is_no_contradiction(house: House) -> None:
    line = plan_deliverable(house.thread, name="Línea", planned_for=noon(9), by=house.by_seller, now=NOW)
    make_promise(
        house.thread,
        text="La línea",
        due=date(2026, 12, 10),
        contact=house.contact,
        where="proposal",
        deliverable=line,
        by=house.by_seller,
        now=NOW,
    )
    assert kinds() == set()
    moves = {"reason": "El motor llega tarde", "seen": line.version, "by": house.by_seller, "now": NOW}
    with pytest.raises(RuleViolation, match="Tell them with this change"):
        move_deliverable(line, to=noon(11), **moves)
    assert kinds() == set() and not Update.objects.exists()
    told = Telling(text="Será un día más tarde.", contacts=[house.contact], channel="call")
    move_deliverable(line, to=noon(11), telling=told, **moves)
    assert kinds() == {"promise_plan"} and Update.objects.count() == 1
    line.refresh_from_db()
    move_deliverable(line, to=noon(12), **(moves | {"seen": line.version}))
    assert Update.objects.count() == 1, "it is late already, and they know"


def test_two_promised_dates_for_one_deliverable_are_found_once(house: House) -> None:
    line = plan_deliverable(house.thread, name="Línea", by=house.by_seller, now=NOW)
    for day in (10, 12):
        make_promise(
            house.thread,
            text="La línea",
            due=date(2026, 12, day),
            contact=house.contact,
            where="call",
            deliverable=line,
            by=house.by_seller,
            now=NOW,
        )
    tell_customer(
        house.thread,
        text="Seguimos en ello",
        contacts=[house.contact],
        channel="call",
        by=house.by_seller,
        now=NOW,
    )
    assert Contradiction.objects.count() == 1 and kinds() == {"two_promises"}
