"""*Mi día* through HTTP: what it shows, to whom, and at what cost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hilo.ledger.record import Ref
from hilo.parties.actor import system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.notices import notify
from hilo.parties.models import Person
from hilo.web.my_day.grouping import end_of_today
from hilo.work.commands.asks import make_ask
from hilo.work.commands.loose_ends import pin_loose_end
from hilo.work.commands.promises import make_promise
from hilo.work.models import Handoff, Thread, Weight
from hilo.work.owed import owed_by
from hilo.work.queries.pressing import pressing
from tests.factories.parties import acting
from tests.factories.work import House, a_house, a_thread, an_offer, open_handoff, step, two_steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_house()


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def seen_by(person: Person, at: datetime, path: str = "/") -> str:
    with time_machine.travel(at, tick=False):
        response = browser_of(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


def light_offer(house: House) -> Handoff:
    from hilo.work.commands.step_runs import finish_step

    thread = two_steps(house, Weight.LIGHT)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    return an_offer(house, open_handoff(step(thread, "design")))


def test_an_empty_company_says_what_a_thread_is_and_how_to_begin(house: House) -> None:
    page = seen_by(house.person("sales"), house.at)
    assert "Hoy no debes nada" in page
    assert "Aún no hay ningún hilo" in page
    assert "/hilos/nuevo/" in page


def test_a_free_day_says_so_and_what_comes_next(house: House) -> None:
    a_thread(house)
    page = seen_by(house.person("sales"), house.at)
    assert "Hoy no debes nada" in page
    assert "Por tu parte, el hilo está entero" in page
    assert "Lo siguiente vence" in page


def test_the_headline_counts_what_is_due_today_and_what_is_late(house: House) -> None:
    thread = a_thread(house)
    for text, hours in (("Uno", 2), ("Dos", 3)):
        pin_loose_end(
            thread,
            text=text,
            owner=house.person("sales"),
            due_at=house.at + timedelta(hours=hours),
            by=house.actor("sales"),
            now=house.at,
        )
    later = house.at + timedelta(hours=2, minutes=30)
    page = seen_by(house.person("sales"), later)
    assert "Hoy debes 2 cosas; 1 ya va tarde" in page
    assert "Cabo suelto" in page


def test_a_light_offer_is_accepted_right_there(house: House) -> None:
    handoff = light_offer(house)
    technician = house.person("technical")
    page = seen_by(technician, house.at)
    assert f'action="/traspasos/{handoff.pk}/aceptar/"' in page
    assert 'data-key="a"' in page
    with time_machine.travel(house.at, tick=False):
        response = browser_of(technician).post(
            f"/traspasos/{handoff.pk}/aceptar/", {"seen": handoff.version, "next": "/?to=area"}
        )
    assert response.status_code == 302
    assert response.headers["Location"] == "/?to=area"
    handoff.refresh_from_db()
    assert handoff.state == "accepted"
    assert handoff.step_run.holder == technician


def test_accepting_never_leads_to_another_site(house: House) -> None:
    handoff = light_offer(house)
    with time_machine.travel(house.at, tick=False):
        response = browser_of(house.person("technical")).post(
            f"/traspasos/{handoff.pk}/aceptar/", {"seen": handoff.version, "next": "https://evil.example/"}
        )
    assert response.headers["Location"] == "/"


def test_a_full_offer_leads_to_its_page_instead(house: House) -> None:
    thread = two_steps(house)
    handoff = an_offer(house, _after_selling(house, thread))
    page = seen_by(house.person("technical"), house.at)
    assert f'href="/traspasos/{handoff.pk}/"' in page
    assert "/aceptar/" not in page


def _after_selling(house: House, thread: Thread) -> Handoff:
    from hilo.work.commands.step_runs import finish_step

    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    return open_handoff(step(thread, "design"))


def test_money_shows_only_to_those_it_is_for(house: House) -> None:
    handoff = light_offer(house)
    Thread.objects.filter(pk=handoff.thread_id).update(amount=742_000)
    assert "742.000" not in seen_by(house.person("technical"), house.at)
    assert "742.000" in seen_by(house.company.heads["technical"], house.at)


def test_the_filter_narrows_the_rows_but_not_the_counts(house: House) -> None:
    thread = a_thread(house)
    due = house.at + timedelta(hours=2)
    seller = house.actor("sales")
    pin_loose_end(thread, text="Rosca PCO", owner=house.person("sales"), due_at=due, by=seller, now=house.at)
    page = seen_by(house.person("sales"), house.at, "/?to=customer")
    assert "Rosca PCO" not in page
    assert "Hoy debes 1 cosa" in page
    assert "Rosca PCO" in seen_by(house.person("sales"), house.at, "/?to=self")


def test_an_owner_sees_what_others_hold_with_its_line(house: House) -> None:
    handoff = light_offer(house)
    page = seen_by(house.person("sales"), house.at)
    assert "Lo que superviso" in page
    assert "Oficina técnica todavía no lo ha aceptado" in page
    assert handoff.thread.title in page


def test_a_substitute_sees_whose_work_it_is(house: House) -> None:
    seller, other = house.person("sales"), house.company.heads["sales"]
    thread = a_thread(house)
    due = house.at + timedelta(hours=2)
    pin_loose_end(thread, text="Rosca PCO", owner=seller, due_at=due, by=house.actor("sales"), now=house.at)
    today = house.at.date()
    plan_absence(seller, substitute=other, first_day=today, last_day=today, by=acting(seller), now=house.at)
    page = seen_by(other, house.at)
    assert "Rosca PCO" in page
    assert f"por {seller.name}, que está fuera" in page
    assert f"Cubres a {seller.name}" in page
    assert f"Te cubre {other.name}" in seen_by(seller, house.at)


def test_notices_wait_until_seen_and_only_ones_own_are_marked(house: House) -> None:
    handoff = light_offer(house)
    technician, other = house.person("technical"), house.person("production")
    for person in (technician, other):
        notify(
            person,
            key="k",
            kind="handoff_reminder",
            thread_id=handoff.thread_id,
            subject=Ref("handoff", handoff.pk),
            interrupts=True,
            now=house.at,
        )
    assert "la mitad del tiempo" in seen_by(technician, house.at)
    theirs, foreign = technician.notices.get(), other.notices.get()
    with time_machine.travel(house.at, tick=False):
        browser_of(technician).post("/avisos/leidos/", {"notice": [theirs.pk, foreign.pk, "x", "-3"]})
    theirs.refresh_from_db()
    foreign.refresh_from_db()
    assert theirs.read_at is not None
    assert foreign.read_at is None
    assert "la mitad del tiempo" not in seen_by(technician, house.at)


def test_a_confidential_thread_shows_nothing_to_who_is_not_named(house: House) -> None:
    handoff = light_offer(house)
    Thread.objects.filter(pk=handoff.thread_id).update(is_confidential=True)
    page = seen_by(house.person("technical"), house.at)
    assert handoff.thread.title not in page
    assert "Hoy no debes nada" in page


def test_who_has_left_is_asked_to_sign_in(house: House) -> None:
    person = house.person("technical")
    client = browser_of(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    response = client.get("/")
    assert response.status_code == 302
    assert response.headers["Location"].endswith("next=/")


def a_full_day(house: House, times: int) -> None:
    """One of every kind that a seller can owe, several times over, all due today."""
    seller, due = house.actor("sales"), house.at + timedelta(hours=3)
    for number in range(times):
        thread = a_thread(house, title=f"Hilo {number}")
        pin_loose_end(thread, text="Cabo", owner=house.person("sales"), due_at=due, by=seller, now=house.at)
        make_ask(
            thread,
            what="Horas",
            why="Cerrar turnos",
            to_area=house.area("sales"),
            due_at=due,
            by=house.actor("technical"),
            now=house.at,
        )
        make_promise(
            thread, text="Plano", due=due, contact=house.contact, where="mail", by=seller, now=house.at
        )


def test_the_page_makes_the_same_queries_with_ten_rows_and_with_a_hundred(house: House) -> None:
    """All that somebody can owe is one query and what it names another; nothing has one per row."""
    light_offer(house)
    counted = []
    for times in (3, 30):
        a_full_day(house, times)
        client = browser_of(house.person("sales"))
        with time_machine.travel(house.at, tick=False), CaptureQueriesContext(connection) as queries:
            client.get("/")
        counted.append(len([each for each in queries if "SAVEPOINT" not in each["sql"]]))
    assert counted[0] == counted[1]
    assert counted[0] <= 12


def test_of_a_long_day_the_first_forty_show_and_the_rest_when_asked_for(house: House) -> None:
    seller = house.actor("sales")
    thread = a_thread(house)
    for number in range(47):
        due = house.at + timedelta(hours=1, minutes=number)
        pin_loose_end(
            thread,
            text=f"Cabo {number:02}.",
            owner=house.person("sales"),
            due_at=due,
            by=seller,
            now=house.at,
        )
    first, all_of_it = (seen_by(house.person("sales"), house.at, path) for path in ("/", "/?all=1"))

    assert [first.count(f"Cabo {number:02}.") > 0 for number in (0, 39, 40, 46)] == [True, True, False, False]
    assert "Ver 7 más" in first
    assert 'href="?all=1#group-today"' in first
    assert "Hoy debes 47 cosas" in first
    assert all(f"Cabo {number:02}." in all_of_it for number in range(47))
    assert "Ver 7 más" not in all_of_it


def test_the_badge_counts_in_one_query_what_mi_dia_lists(house: House) -> None:
    a_full_day(house, 2)
    light_offer(house)
    for code in ("sales", "technical"):
        actor = house.actor(code)
        until = end_of_today(house.at)
        due = [each.due for each in owed_by(actor, now=house.at) if each.due < until]
        with CaptureQueriesContext(connection) as queries:
            found = pressing(actor, now=house.at, until=until)
        assert len(queries) == 1
        assert found.due == len(due)
        assert found.late == sum(each < house.at for each in due)
    assert pressing(house.actor("technical"), now=house.at, until=until).handoffs == 1
    assert pressing(system(), now=house.at, until=until).due == 0
