"""Story 8. A seller with 31 threads leaves on Friday at 12:00: signed out everywhere by 12:00; the head is
caretaker of 31 threads, flagged, until four colleagues accept them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.commands.leaving import leave_company
from hilo.parties.models import Person
from hilo.work.commands.ownership import accept_ownership, decline_ownership, offer_ownership
from hilo.work.commands.threads import open_thread
from hilo.work.models import Thread
from hilo.work.queries.supervised import threads_supervised
from tests.factories.parties import a_person, acting
from tests.factories.work import House, a_thread, two_steps
from tests.work.watching import refused

MADRID = ZoneInfo("Europe/Madrid")
FRIDAY_NOON = datetime(2026, 11, 27, 12, 0, tzinfo=MADRID)


@pytest.fixture
def leaver(house: House) -> Person:
    two_steps(house)
    for number in range(30):
        a_thread(house, title=f"Servicio {number + 1}")
    return house.person("sales")


def leave(house: House, leaver: Person) -> Person:
    by = acting(house.company.administrator, FRIDAY_NOON)
    return leave_company(leaver, by=by, now=FRIDAY_NOON)


def test_by_noon_signed_out_everywhere_and_31_threads_have_a_caretaker(house: House, leaver: Person) -> None:
    desk, phone = Client(), Client()
    for browser in (desk, phone):
        browser.force_login(leaver)
    head = house.company.heads["sales"]
    assert leave(house, leaver) == head

    assert not Session.objects.exists()
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.left_at, leaver.has_usable_password()) == (False, FRIDAY_NOON, False)
    taken = Thread.objects.filter(owner=head, is_caretaken=True)
    assert taken.count() == Thread.objects.count() == 31
    events = LedgerEvent.objects.filter(kind="thread.caretaken")
    assert events.count() == 31
    assert {event.recorded_at for event in events} == {FRIDAY_NOON}  # all of them within that minute
    assert {(event.facts["leaver"], event.facts["caretaker"]) for event in events} == {(leaver.pk, head.pk)}
    left = LedgerEvent.objects.get(kind="person.left")
    counts = left.facts["counts"]
    assert isinstance(counts, list) and ["thread", 31] in counts and ["step_run", 1] in counts
    assert all(
        thread.next_kind and thread.next_news_at and thread.next_due
        for thread in Thread.objects.select_related("owner")
    )


def test_the_flag_stays_until_each_is_accepted_by_one_of_four_colleagues(
    house: House, leaver: Person
) -> None:
    head = leave(house, leaver)
    sales, place = house.area("sales"), house.company.zaragoza
    colleagues = [a_person(area=sales, delegation=place) for _number in range(4)]
    at = FRIDAY_NOON + timedelta(days=3)
    offers = []
    for number, thread in enumerate(Thread.objects.order_by("pk")):
        offers.append(
            offer_ownership(
                thread,
                to=colleagues[number % 4],
                reason="Era de quien se ha ido",
                seen=thread.version,
                by=acting(head, at),
                now=at,
            )
        )
    assert Thread.objects.filter(owner=head, is_caretaken=True).count() == 31  # offered is not accepted
    with refused(saying="Only"):
        accept_ownership(offers[0], seen=offers[0].version, by=acting(colleagues[1], at), now=at)
    for offer in offers:
        accept_ownership(offer, seen=offer.version, by=acting(offer.to_person, at), now=at)
    assert not Thread.objects.filter(is_caretaken=True).exists()
    owned = [Thread.objects.filter(owner=each).count() for each in colleagues]
    assert owned == [8, 8, 8, 7]
    assert verify().holds


def test_a_declined_thread_stays_with_the_caretaker(house: House, leaver: Person) -> None:
    head = leave(house, leaver)
    colleague = a_person(area=house.area("sales"), delegation=house.company.zaragoza)
    thread = Thread.objects.order_by("pk")[0]
    by = acting(head, FRIDAY_NOON)
    offer = offer_ownership(
        thread, to=colleague, reason="Es tuya", seen=thread.version, by=by, now=FRIDAY_NOON
    )
    decline_ownership(
        offer,
        comment="No conozco al cliente",
        seen=offer.version,
        by=acting(colleague, FRIDAY_NOON),
        now=FRIDAY_NOON,
    )
    thread.refresh_from_db()
    assert (thread.owner, thread.is_caretaken) == (head, True)


def test_whatever_the_leaver_had_in_hand_goes_on(house: House, leaver: Person) -> None:
    head = leave(house, leaver)
    run = Thread.objects.order_by("pk")[0].step_runs.get(state="running")
    assert run.holder == head
    passed = LedgerEvent.objects.get(kind="step.passed")
    assert (passed.facts["old_holder"], passed.facts["why"]) == (leaver.pk, "departure")
    assert not threads_supervised(acting(leaver, FRIDAY_NOON)).exists()
    with refused(saying="role does not allow"):
        a_thread_by_a_leaver(house, leaver)


def a_thread_by_a_leaver(house: House, leaver: Person) -> None:
    open_thread(
        customer=house.customer,
        title="Otra cosa",
        kind="service",
        owner=house.company.heads["sales"],
        by=acting(leaver, FRIDAY_NOON),
        now=FRIDAY_NOON,
    )
