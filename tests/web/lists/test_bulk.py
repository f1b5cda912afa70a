"""Several threads at once: each through its own command, and no gate passed because there were many."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from hilo.jobs.worker import run_worker
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.models import Person
from hilo.work import bulk
from hilo.work.bulk import Picked, start_bulk, work_off
from hilo.work.commands.threads import make_confidential, open_thread
from hilo.work.gate import what_hangs
from hilo.work.models import BulkItem, BulkRun, OwnershipTransfer, Thread
from tests.factories.work import House, a_house, two_steps
from tests.web.signed_in import as_, yesterday

pytestmark = pytest.mark.django_db
ADDRESS = "/hilos/varios/"
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def house() -> House:
    return a_house(now=yesterday())


def a_service(house: House, title: str, *, owner: str = "sales") -> Thread:
    """Without any step: nothing hangs on it but the closing question, if that."""
    return open_thread(
        customer=house.customer,
        title=title,
        kind="service",
        owner=house.person(owner),
        by=house.actor(owner),
        now=house.at,
    )


def picked(*threads: Thread) -> str:
    return ",".join(f"{thread.pk}.{thread.version}" for thread in threads)


def ask(client: Client, act: str, *threads: Thread, **facts: Any) -> BulkRun:
    answer = client.post(ADDRESS, {"asking": "1", "act": act, "picked": picked(*threads), **facts})
    assert answer.status_code == 302, answer.content.decode()
    return BulkRun.objects.latest("pk")


def ends(run: BulkRun) -> dict[str, tuple[str, str]]:
    return {item.thread.title: (item.state, item.sentence) for item in run.items.select_related("thread")}


def a_working_moment() -> datetime:
    """A Wednesday to come, at eleven: nobody promises news for a moment when nobody works."""
    today = timezone.localtime(timezone=MADRID)
    day = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    return day.replace(hour=11, minute=0, second=0, microsecond=0)


def in_a_week() -> str:
    return a_working_moment().strftime("%Y-%m-%dT%H:%M")


def test_ownership_is_offered_thread_by_thread_each_with_its_event(house: House) -> None:
    threads = [a_service(house, f"Hilo {number}") for number in range(3)]
    colleague = house.person("technical")
    run = ask(as_(house.person("sales")), "transfer", *threads, to=colleague.pk, reason="Me voy en enero")
    assert set(ends(run).values()) == {("done", "")}
    assert OwnershipTransfer.objects.filter(to_person=colleague, state="offered").count() == 3
    assert LedgerEvent.objects.filter(kind="ownership.offered").count() == 3
    assert set(Thread.objects.values_list("owner__name", flat=True)) == {house.person("sales").name}


def test_the_next_news_is_moved_and_counted_for_each(house: House) -> None:
    threads = [a_service(house, f"Hilo {number}") for number in range(2)]
    run = ask(as_(house.person("sales")), "news", *threads, when=in_a_week(), reason="Fiestas")
    assert set(ends(run).values()) == {("done", "")}
    assert LedgerEvent.objects.filter(kind="news.moved").count() == 2
    assert {thread.next_news_at for thread in Thread.objects.all()} == {run.to_moment}


def test_what_is_refused_stays_as_it_was_says_why_and_stays_ticked(house: House) -> None:
    mine, others = a_service(house, "Mío"), a_service(house, "De Técnica", owner="technical")
    client = as_(house.person("sales"))
    run = ask(client, "news", mine, others, when=in_a_week(), reason="Fiestas")
    before = others.next_news_at
    others.refresh_from_db()
    assert ends(run)["Mío"] == ("done", "")
    state, sentence = ends(run)["De Técnica"]
    assert (state, others.next_news_at) == ("refused", before)
    assert "De este hilo responde" in sentence
    page = client.get(f"{ADDRESS}{run.pk}/").content.decode()
    assert sentence in page
    assert f'value="{picked(others)}" checked' in page
    assert f'value="{picked(mine)}' not in page


def test_the_archive_gate_is_not_passed_in_bulk(house: House) -> None:
    """What hangs on a thread hangs on it among others too, whatever else goes to the archive."""
    hanging = two_steps(house)
    empty = a_service(house, "Vacío")
    Thread.objects.filter(pk=empty.pk).update(opened_at=house.at)
    run = ask(as_(house.company.director), "archive", hanging, empty)
    hanging.refresh_from_db()
    assert hanging.state == "open"
    assert ends(run)["Línea nueva"][0] == "refused"
    assert "cuelga" in ends(run)["Línea nueva"][1]
    for title, (state, _sentence) in ends(run).items():
        thread = Thread.objects.get(title=title)
        hangs = [hang for hang in what_hangs(thread, now=timezone.now()) if not hang.excused]
        assert (state == "done") == (thread.state == "archived") == (not hangs)


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        ("archive", {}),
        ("news", {"when": "soon", "reason": "x"}),
        ("transfer", {"to": "technical", "reason": "x"}),
    ],
)
def test_each_gate_refuses_in_bulk_who_it_refuses_alone(
    house: House, act: str, facts: dict[str, Any]
) -> None:
    """Somebody without charge of the threads: nothing moves, nothing is recorded."""
    threads = [a_service(house, f"Hilo {number}") for number in range(2)]
    before, events = list(Thread.objects.order_by("pk").values()), LedgerEvent.objects.count()
    given = {
        "when": lambda: in_a_week(),
        "to": lambda: house.person("technical").pk,
        "reason": lambda: "Porque sí",
    }
    run = ask(as_(house.person("production")), act, *threads, **{name: given[name]() for name in facts})
    assert {state for state, _sentence in ends(run).values()} == {"refused"}
    assert list(Thread.objects.order_by("pk").values()) == before
    assert LedgerEvent.objects.count() == events


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        ("news", {"when": "2020-01-01T10:00", "reason": "x"}),
        ("transfer", {"to": "self", "reason": "x"}),
    ],
)
def test_what_the_command_refuses_alone_it_refuses_among_many(
    house: House, act: str, facts: dict[str, Any]
) -> None:
    thread = a_service(house, "Uno")
    facts = {name: house.person("sales").pk if value == "self" else value for name, value in facts.items()}
    run = ask(as_(house.person("sales")), act, thread, **facts)
    assert ends(run)["Uno"][0] == "refused"


def test_a_stale_page_changes_nothing(house: House) -> None:
    thread = a_service(house, "Uno")
    seen = picked(thread)
    Thread.objects.filter(pk=thread.pk).update(version=thread.version + 1)
    client = as_(house.person("sales"))
    client.post(
        ADDRESS, {"asking": "1", "act": "news", "picked": seen, "when": in_a_week(), "reason": "Fiestas"}
    )
    state, sentence = ends(BulkRun.objects.get())["Uno"]
    assert state == "refused"
    assert "mientras" in sentence
    assert not LedgerEvent.objects.filter(kind="news.moved").exists()


def test_a_confidential_thread_is_neither_named_nor_touched(house: House) -> None:
    secret, known = a_service(house, "Secreta"), a_service(house, "Sabida")
    sales = house.person("sales")
    make_confidential(secret, readers=[sales], seen=secret.version, by=system(), now=timezone.now())
    client = as_(house.company.director)
    page = client.post(ADDRESS, {"chosen": [picked(secret), picked(known)]}).content.decode()
    assert "Secreta" not in page
    run = ask(client, "news", secret, known, when=in_a_week(), reason="Fiestas")
    assert set(ends(run)) == {"Sabida"}


def test_what_becomes_confidential_while_it_waits_is_refused_and_not_named(house: House) -> None:
    thread = a_service(house, "Uno")
    director = house.company.director
    run = BulkRun.objects.create(
        person=director,
        act="news",
        to_moment=a_working_moment(),
        reason="x",
        asked_at=house.at,
    )
    BulkItem.objects.create(run=run, thread=thread, seen=thread.version)
    sales = house.person("sales")
    make_confidential(thread, readers=[sales], seen=thread.version, by=system(), now=timezone.now())
    work_off(run)
    assert ends(run)["Uno"][0] == "refused"
    assert "Uno" not in as_(director).get(f"{ADDRESS}{run.pk}/").content.decode()


def test_more_than_the_limit_are_refused_with_a_sentence(house: House, settings: Settings) -> None:
    settings.HILO_MOST_IN_BULK = 2
    threads = [a_service(house, f"Hilo {number}") for number in range(3)]
    client = as_(house.person("sales"))
    answer = client.post(ADDRESS, {"asking": "1", "act": "archive", "picked": picked(*threads)})
    assert answer.status_code == 422
    assert "más de 2" in answer.content.decode()
    every = client.post(ADDRESS, {"all": "1", "asked": "view=open"})
    assert every.status_code == 422
    assert "Acota" in every.content.decode()
    assert not BulkRun.objects.exists()


def test_all_that_fit_are_those_of_the_filter_and_their_number_is_said(house: House) -> None:
    for number in range(3):
        a_service(house, f"Bomba {number}")
    a_service(house, "Otra cosa")
    answer = as_(house.person("sales")).post(ADDRESS, {"all": "1", "asked": "view=open&q=bomba"})
    assert answer.context["count"] == 3
    assert "¿Qué hacemos con los 3 hilos" in answer.content.decode()


@pytest.mark.parametrize("junk", ["", "x", "1", "1.", ".1", "1.1.1", "٣.٣", "9" * 40 + ".1", "-1.-1"])
def test_rubbish_for_a_choice_is_no_choice(house: House, junk: str) -> None:
    answer = as_(house.person("sales")).post(ADDRESS, {"asking": "1", "act": "archive", "picked": junk})
    assert answer.status_code == 422
    assert not BulkRun.objects.exists()


def test_somebody_elses_run_is_not_there(house: House) -> None:
    run = ask(as_(house.person("sales")), "archive", a_service(house, "Uno"))
    assert as_(house.company.director).get(f"{ADDRESS}{run.pk}/").status_code == 404
    assert as_(house.company.director).get(f"{ADDRESS}{run.pk}/marcha/").status_code == 404


def test_a_run_cut_short_goes_on_and_does_nothing_twice(house: House) -> None:
    threads = [a_service(house, f"Hilo {number}") for number in range(3)]
    moment = a_working_moment()
    run = BulkRun.objects.create(
        person=house.person("sales"), act="news", to_moment=moment, reason="x", asked_at=house.at
    )
    for thread in threads:
        BulkItem.objects.create(run=run, thread=thread, seen=thread.version)
    run.items.filter(thread=threads[0]).update(state="done")  # before its worker died
    work_off(run)
    work_off(run)
    assert LedgerEvent.objects.filter(kind="news.moved").count() == 2
    assert run.ended_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_long_one_is_worked_off_behind_the_page_with_progress(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    threads = [a_service(house, f"Hilo {number}") for number in range(3)]
    client = as_(house.person("sales"))
    run = ask(client, "news", *threads, when=in_a_week(), reason="Fiestas")
    assert {state for state, _sentence in ends(run).values()} == {"waiting"}
    page = client.get(f"{ADDRESS}{run.pk}/").content.decode()
    assert "Van 0 de 3 hilos." in page
    fragment = client.get(f"{ADDRESS}{run.pk}/marcha/", headers={"HX-Request": "true"})
    assert "<progress" in fragment.content.decode()
    run_worker(burst=True)
    assert {state for state, _sentence in ends(run).values()} == {"done"}
    assert "HX-Refresh" in client.get(f"{ADDRESS}{run.pk}/marcha/", headers={"HX-Request": "true"}).headers
    assert "Hecho, los 3" in client.get(f"{ADDRESS}{run.pk}/").content.decode()


def test_who_lost_their_role_while_it_waited_gets_nothing_done(house: House) -> None:
    thread = a_service(house, "Uno")
    person = house.person("sales")
    run = BulkRun.objects.create(
        person=person, act="news", to_moment=a_working_moment(), reason="x", asked_at=house.at
    )
    BulkItem.objects.create(run=run, thread=thread, seen=thread.version)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    work_off(run)
    assert ends(run)["Uno"][0] == "refused"


def test_the_same_thread_twice_is_done_once(house: House) -> None:
    thread = a_service(house, "Uno")
    pair = Picked(thread.pk, thread.version)
    moment = a_working_moment()
    run = start_bulk(
        "news", [pair, pair], to_moment=moment, reason="x", by=house.actor("sales"), now=timezone.now()
    )
    assert list(ends(run).values()) == [("done", "")]
