"""Cases when people leave, areas end and contacts are erased; what is owed on them; Ctrl K."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hilo.ledger.models import LedgerEvent, PrivateText
from hilo.ledger.verify import verify
from hilo.parties.actor import system
from hilo.parties.commands.absences import plan_absence
from hilo.parties.commands.customers import erase_contact
from hilo.parties.commands.leaving import leave_company
from hilo.parties.commands.reorganising import reorganise_area
from hilo.parties.search import find
from hilo.quality.models import Case
from hilo.work.commands.threads import make_confidential
from hilo.work.models import Thread
from hilo.work.owed import Owed, owed_by
from tests.factories.parties import an_area
from tests.factories.quality import (
    a_strand,
    acknowledged,
    closed,
    decided,
    make_case,
    make_near_miss,
    responded,
    verified,
)
from tests.factories.work import House, a_thread


def test_who_leaves_passes_their_cases_to_the_caretaker(house: House) -> None:
    case, over = make_case(house), closed(house, make_case(house))
    head = house.company.heads["sales"]
    leave_company(house.person("sales"), by=system(), now=house.at)
    case.refresh_from_db()
    over.refresh_from_db()
    assert case.owner == head and over.owner == house.person("sales")
    assert case.work_item.step_runs.get().holder == head
    passed = LedgerEvent.objects.get(kind="case.taken_over").facts
    assert (passed["new_owner"], passed["why"]) == (head.pk, "departure")
    left = LedgerEvent.objects.get(kind="person.left").facts
    assert ["case", 1] in left["counts"]
    thread = Thread.objects.get(pk=case.thread_id)
    assert thread.turn_person == head


def test_an_area_that_ends_leaves_its_cases_to_its_successor(house: House) -> None:
    case, over = make_case(house), closed(house, make_case(house))
    heir = an_area("field", "Campo")
    old = house.area("sales")
    reorganise_area(old, successors=[heir], open_work_to=heir, on=house.at.date(), by=system(), now=house.at)
    case.refresh_from_db()
    over.refresh_from_db()
    assert (case.area, over.area) == (heir, old)
    assert LedgerEvent.objects.get(kind="case.area_changed").facts["new_area"] == heir.pk


def test_what_an_erased_contact_said_is_nowhere(house: House) -> None:
    case = verified(house, make_case(house, text="Me llama Pilar cada día"))
    erase_contact(house.contact, by=house.actor("director"), now=house.at)
    case.refresh_from_db()
    assert {case.remedy, case.text, case.verified_how} == {"(erased)"}
    kept = " ".join(PrivateText.objects.values_list("body", flat=True))
    assert "18.000 que firmamos" not in kept and "Pilar" not in kept
    assert not find(house.actor("sales"), "Pilar")
    assert verify().holds


def test_it_is_found_by_its_code_its_words_and_its_customer(house: House) -> None:
    case = make_case(house)
    for query in (case.code, "botellas", "Albarín"):
        assert ("case", case.pk) in {
            (hit.kind, hit.object_id) for hit in find(house.actor("logistics"), query)
        }
    thread = case.thread
    make_confidential(
        thread,
        readers=[house.company.heads["sales"]],
        seen=thread.version,
        by=house.head("sales"),
        now=house.at,
    )
    assert not [hit for hit in find(house.actor("logistics"), case.code) if hit.kind == "case"]


# What is owed ---------------------------------------------------------------------------------------------


def debts(house: House, code: str = "sales") -> dict[str, Owed]:
    return {each.kind: each for each in owed_by(house.actor(code), now=house.at) if each.type == "case"}


def test_at_first_the_receipt_the_answer_and_the_news_are_owed(house: House) -> None:
    case = make_case(house)
    owed = debts(house)
    assert set(owed) == {"acknowledge_case", "answer_case", "give_case_news"}
    receipt = owed["acknowledge_case"]
    assert (receipt.id, receipt.version, receipt.label) == (case.pk, case.version, case.title)
    assert (receipt.due, receipt.whom) == (house.at + timedelta(hours=1), house.customer.name)
    assert not debts(house, "logistics")
    acknowledged(house, case)
    assert set(debts(house)) == {"answer_case", "give_case_news"}
    responded(house, case)
    assert set(debts(house)) == {"give_case_news"}


def test_the_news_is_owed_once_however_many_cases_wait_for_it(house: House) -> None:
    thread = a_thread(house)
    make_case(house, thread)
    make_case(house, thread)
    rows = owed_by(house.actor("sales"), now=house.at)
    news = [each for each in rows if each.kind in ("give_news", "give_case_news")]
    assert [each.kind for each in news] == ["give_case_news"]


def test_who_owns_the_thread_owes_its_news_when_somebody_else_leads_the_case(house: House) -> None:
    make_case(house, a_thread(house), owner="technical", by=house.actor("sales"))
    kinds = {each.kind for each in owed_by(house.actor("sales"), now=house.at)}
    assert "give_news" in kinds and "give_case_news" not in kinds
    assert "give_case_news" in debts(house, "technical")


def test_a_near_miss_owes_the_customer_nothing(house: House) -> None:
    make_near_miss(house)
    assert not debts(house)
    assert "give_news" in {each.kind for each in owed_by(house.actor("sales"), now=house.at)}


def test_once_the_customer_says_that_it_is_solved_the_close_is_owed(house: House) -> None:
    case = verified(house, make_case(house))
    close = debts(house)["close_case"]
    assert close.due.date() == (house.at + timedelta(days=1)).date()
    a_strand(house, case, "production")
    assert "close_case" not in debts(house)


def test_until_then_it_is_the_customers_turn(house: House) -> None:
    case = decided(house, make_case(house))
    thread = Thread.objects.get(pk=case.thread_id)
    assert (thread.next_kind, thread.turn_of, thread.turn_contact) == (
        "await_verification",
        "customer",
        house.contact,
    )


def test_a_substitute_owes_it_meanwhile(house: House) -> None:
    make_case(house)
    head = house.company.heads["sales"]
    today = house.at.date()
    plan_absence(
        house.person("sales"),
        first_day=today,
        last_day=today + timedelta(days=9),
        substitute=head,
        by=system(),
        now=house.at,
    )
    covered = [each for each in owed_by(house.head("sales"), now=house.at) if each.type == "case"]
    assert {each.covers for each in covered} == {house.person("sales").name}
    assert Case.objects.get().owner == house.person("sales")


def test_however_many_cases_mi_dia_asks_the_database_as_often(house: House) -> None:
    thread = a_thread(house)

    def queries() -> int:
        by = house.actor("sales")
        with CaptureQueriesContext(connection) as asked:
            owed_by(by, now=house.at)
        return len(asked)

    verified(house, make_case(house, thread))
    make_case(house, thread)
    few = queries()
    for _ in range(4):
        verified(house, make_case(house, thread))
        make_case(house)
    assert queries() == few
