"""Praise reaches everybody who had a part in the thread by then, by name, without interrupting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import system
from hilo.parties.commands.customers import erase_contact
from hilo.parties.commands.leaving import leave_company
from hilo.parties.models import Notice
from hilo.parties.notice_words import words_of
from hilo.quality.commands.praise import give_praise
from hilo.quality.models import Praise
from hilo.work.commands.asks import finish_ask, make_ask
from hilo.work.commands.conversation import write_note
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Thread
from tests.factories.parties import a_contact, a_customer, acting
from tests.factories.quality import make_case
from tests.factories.work import House, accepted, an_offer, open_handoff, step, two_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SAID = "Vinieron un domingo y el lunes embotellábamos"


def at_work(house: House) -> Thread:
    """Sold by sales, taken by technical, asked of purchasing, noted by logistics."""
    thread = two_steps(house)
    selling = step(thread, "sell")
    finish_step(selling, seen=selling.version, by=house.actor("sales"), now=house.at)
    accepted(house, an_offer(house, open_handoff(step(thread, "design"))), receiver="technical")
    ask = make_ask(
        thread, to_area=house.area("purchasing"), what="Precio del tapón", why="El cliente espera",
        due_at=house.at + timedelta(days=2), by=house.actor("technical"), now=house.at,
    )  # fmt: skip
    finish_ask(ask, answer="4 €", seen=ask.version, by=house.actor("purchasing"), now=house.at)
    write_note(thread, kind="note", text="Transporte avisado", by=house.actor("logistics"), now=house.at)
    house.later(hours=2)
    return thread


def praised(house: House, thread: Thread, **facts: object) -> set[str]:
    given = {"text": SAID, "where": "call", "contact": house.contact, **facts}
    by = given.pop("by", house.actor("admin"))
    praise = give_praise(thread, by=by, now=house.at, **given)  # type: ignore[arg-type]
    codes = {person.pk: code for code, person in house.company.people.items()}
    return {codes[pk] for pk in praise.praised.values_list("person", flat=True)}


def test_everybody_who_took_part_is_told_by_name_and_nobody_is_interrupted(house: House) -> None:
    thread = at_work(house)
    assert praised(house, thread) == {"sales", "technical", "purchasing", "logistics"}
    told = Notice.objects.filter(kind="praise")
    assert {notice.person for notice in told} == {
        house.person(code) for code in ("sales", "technical", "purchasing", "logistics")
    }
    assert not told.filter(interrupts=True).exists()
    assert words_of("praise").daily  # by mail too
    event = LedgerEvent.objects.get(kind="praise.given")
    assert len(event.facts["people"]) == 4 and SAID not in event.payload  # type: ignore[arg-type]


def test_who_took_part_later_was_not_meant(house: House) -> None:
    thread = at_work(house)
    before = house.at
    house.later(days=1)
    write_note(thread, kind="note", text="Yo también", by=house.actor("production"), now=house.at)
    assert "production" not in praised(house, thread, said_at=before)
    assert "production" in praised(house, thread)
    first = Praise.objects.order_by("pk")[0]
    assert first.said_at == before


def test_who_passes_it_on_is_praised_but_not_told_what_they_wrote(house: House) -> None:
    thread = at_work(house)
    assert "sales" in praised(house, thread, by=house.actor("sales"))
    assert not Notice.objects.filter(kind="praise", person=house.person("sales")).exists()


def test_who_leads_a_case_there_took_part(house: House) -> None:
    thread = at_work(house)
    make_case(house, thread, owner="aftersales")
    assert "aftersales" in praised(house, thread)


def test_who_has_left_is_not_told(house: House) -> None:
    thread = at_work(house)
    leave_company(house.person("purchasing"), by=acting(house.company.administrator), now=house.at)
    assert "purchasing" not in praised(house, thread)


def test_of_a_confidential_thread_only_its_readers_are_told(house: House) -> None:
    thread = at_work(house)
    readers = [house.person("technical"), house.person("admin")]
    make_confidential(thread, readers=readers, seen=thread.version, by=house.head("sales"), now=house.at)
    assert praised(house, thread) == {"sales", "technical"}
    with pytest.raises(NotAllowed):
        praised(house, thread, by=house.actor("logistics"))


def test_praise_says_what_where_and_by_whom(house: House) -> None:
    thread = at_work(house)
    stranger = a_contact(a_customer(delegation=house.company.zaragoza, keeper=house.person("sales")))
    for facts, saying in (
        ({"text": "  "}, "in their words"),
        ({"where": "gossip"}, "one of the options"),
        ({"said_at": house.at + timedelta(minutes=1)}, "still to come"),
        ({"contact": stranger}, "of this customer"),
    ):
        with pytest.raises(RuleViolation, match=saying):
            praised(house, thread, **facts)
    assert not Praise.objects.exists()


def test_an_archived_thread_can_still_be_praised(house: House) -> None:
    thread = at_work(house)
    Thread.objects.filter(pk=thread.pk).update(state="archived", archived_at=house.at)
    thread.refresh_from_db()
    assert praised(house, thread)


def test_the_words_of_an_erased_contact_go(house: House) -> None:
    thread = at_work(house)
    praised(house, thread)
    erase_contact(house.contact, by=acting(house.company.administrator), now=house.at)
    assert SAID not in Praise.objects.get().text
    assert system().is_system
