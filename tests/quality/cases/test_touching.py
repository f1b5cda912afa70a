"""What a case touches: other threads, the things it is about, the failure it shares with other customers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import NotAllowed
from hilo.ledger.models import EventObject, LedgerEvent
from hilo.quality.commands.cases import (
    customer_learned,
    join_failure,
    leave_failure,
    link_case,
    touch_thread,
    unlink_case,
)
from hilo.quality.models import Case, CaseLink
from hilo.quality.triggers import TRIGGERED
from hilo.work.commands.archiving import StillHanging, archive_thread, ask_closing_question
from hilo.work.commands.conversation import state_requirement
from hilo.work.commands.threads import make_confidential
from hilo.work.gate import what_hangs
from hilo.work.models import Promise, Thread
from tests.factories.parties import a_contact, a_customer, a_person, acting
from tests.factories.quality import closed, make_case, make_near_miss
from tests.factories.work import House, a_thread
from tests.work.watching import refused


def test_every_thread_it_touches_waits_for_it_before_the_archive(house: House) -> None:
    home, other, third = a_thread(house), a_thread(house), a_thread(house)
    case = make_case(house, home, also_on=[other])
    for thread in (home, other):
        hanging = [hang for hang in what_hangs(thread, now=house.at) if hang.type == "case"]
        assert [(hang.kind, hang.id, hang.person_id) for hang in hanging] == [
            ("open_case", case.pk, case.owner_id)
        ]
        assert hanging[0].label == f"{case.code} {case.title}"
    assert not any(hang.type == "case" for hang in what_hangs(third, now=house.at))
    ask_closing_question(other, contact=house.contact, by=house.actor("sales"), now=house.at)
    other.refresh_from_db()
    with refused(kind=StillHanging):
        archive_thread(other, seen=other.version, by=house.actor("sales"), now=house.at)
    closed(house, case)
    other.refresh_from_db()
    archive_thread(other, seen=other.version, by=house.actor("sales"), now=house.at)
    assert other.state == "archived"


def test_the_story_of_a_touched_thread_tells_the_case_too(house: House) -> None:
    case, other = make_case(house), a_thread(house)
    touch_thread(case, other, by=house.actor("sales"), now=house.at)
    touched = EventObject.objects.get(type="thread", object_id=other.pk, event__kind="case.thread_touched")
    assert touched.event.subject_id == case.pk
    with refused(saying="on that thread already", field="thread"):
        touch_thread(case, other, by=house.actor("sales"), now=house.at)
    with refused(saying="on that thread already", field="thread"):
        touch_thread(case, case.thread, by=house.actor("sales"), now=house.at)


def test_a_confidential_thread_shares_nothing_with_others(house: House) -> None:
    case, secret = make_case(house), a_thread(house)
    make_confidential(
        secret,
        readers=[house.company.heads["sales"]],
        seen=secret.version,
        by=house.head("sales"),
        now=house.at,
    )
    with refused(kind=NotAllowed):
        touch_thread(case, secret, by=house.actor("logistics"), now=house.at)
    with refused(saying="confidential", field="thread"):
        touch_thread(case, secret, by=house.actor("sales"), now=house.at)
    within = make_case(house, secret)
    with refused(saying="confidential", field="thread"):
        touch_thread(within, a_thread_there(house), by=house.actor("sales"), now=house.at)
    with refused(saying="Only the people named", kind=NotAllowed):
        join_failure(case, main=within, seen=case.version, by=house.actor("director"), now=house.at)


def a_thread_there(house: House) -> Thread:
    return Thread.objects.filter(is_confidential=False).order_by("pk")[0]


def test_an_archived_thread_is_touched_by_nothing(house: House) -> None:
    case, gone = make_case(house), a_thread(house)
    Thread.objects.filter(pk=gone.pk).update(state="archived", archived_at=house.at)
    with refused(saying="in the archive"):
        touch_thread(case, gone, by=house.actor("sales"), now=house.at)


def test_it_says_what_it_is_about_and_takes_it_back(house: House) -> None:
    case = make_case(house)
    by = house.actor("sales")
    wish = state_requirement(case.thread, text="18.000 botellas", by=by, now=house.at)
    link = link_case(case, type="requirement", object_id=wish.pk, by=by, now=house.at)
    assert LedgerEvent.objects.get(kind="case.linked").facts["linked"] == f"requirement:{wish.pk}"
    with refused(saying="says so already"):
        link_case(case, type="requirement", object_id=wish.pk, by=by, now=house.at)
    unlink_case(link, by=by, now=house.at)
    assert not CaseLink.objects.exists()
    with refused(saying="taken that away"):
        unlink_case(CaseLink(pk=link.pk or 1, case=case, type="x", object_id=1), by=by, now=house.at)


def test_changing_an_id_reaches_nothing_of_another_thread(house: House) -> None:
    case = make_case(house)
    by = house.actor("sales")
    elsewhere = a_thread(house)
    wish = state_requirement(elsewhere, text="Otra cosa", by=by, now=house.at)
    for kind, pk in (("requirement", wish.pk), ("requirement", 99_999), ("person", case.owner_id)):
        with refused(saying="on no thread of this case", field="object_id"):
            link_case(case, type=kind, object_id=pk, by=by, now=house.at)
    touch_thread(case, elsewhere, by=by, now=house.at)
    link_case(case, type="requirement", object_id=wish.pk, by=by, now=house.at)
    assert CaseLink.objects.get().object_id == wish.pk


def test_a_broken_promise_behind_it_begins_the_search_for_its_cause(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr("hilo.quality.triggers.TRIGGERED", [lambda case, why, now: heard.append(why)])
    case = make_near_miss(house)
    promise = a_broken_promise(house, case)
    link_case(case, type="promise", object_id=promise.pk, by=house.actor("sales"), now=house.at)
    assert heard == ["broken"] and TRIGGERED is not heard


def a_broken_promise(house: House, case: Case) -> Promise:
    return Promise.objects.create(
        thread=case.thread,
        text="La línea montada",
        due_at=house.at - timedelta(days=1),
        first_due_at=house.at - timedelta(days=1),
        promised_by=house.person("sales"),
        area=house.area("sales"),
        delegation=house.company.zaragoza,
        contact=house.contact,
        where="call",
        said_at=house.at - timedelta(days=5),
        state="broken",
        broken_at=house.at - timedelta(days=1),
    )


def test_one_failure_of_two_customers_is_joined_once(house: House) -> None:
    main = make_case(house)
    second = a_customer(delegation=house.company.zaragoza, keeper=house.person("sales"))
    other = make_case(house, customer=second, contact=a_contact(second))
    third = make_case(house)
    by = house.actor("sales")
    with refused(saying="always its own failure", field="main"):
        join_failure(main, main=main, seen=main.version, by=by, now=house.at)
    join_failure(other, main=main, seen=other.version, by=by, now=house.at)
    with refused(saying=f"in {main.code}: join that one", field="main"):
        join_failure(third, main=other, seen=third.version, by=by, now=house.at)
    with refused(saying="let them join the other one first", field="main"):
        join_failure(main, main=third, seen=main.version, by=by, now=house.at)
    leave_failure(other, seen=other.version, by=by, now=house.at)
    assert other.same_failure_as is None
    with refused(saying="part of no other failure"):
        leave_failure(other, seen=other.version, by=by, now=house.at)


def test_a_closed_failure_takes_nobody_in(house: House) -> None:
    over, case = closed(house, make_case(house)), make_case(house)
    with refused(saying="is closed", field="main"):
        join_failure(case, main=over, seen=case.version, by=house.actor("sales"), now=house.at)


def test_what_the_customer_came_to_know_is_no_near_miss_any_more(house: House) -> None:
    case = make_near_miss(house)
    house.later(days=2)
    monday = house.at - timedelta(days=1)
    customer_learned(
        case, contact=house.contact, at=monday, seen=case.version, by=house.actor("sales"), now=house.at
    )
    assert (case.kind, case.customer_knows, case.found_by_us) == ("incident", True, True)
    assert set(case.clock_runs.values_list("started_at", flat=True)) == {monday}
    case.thread.refresh_from_db()
    assert case.thread.next_kind == "acknowledge_case"
    with refused(saying="knows of it already"):
        customer_learned(
            case, contact=house.contact, at=monday, seen=case.version, by=house.actor("sales"), now=house.at
        )


def test_a_stranger_touches_nothing(house: House) -> None:
    case, other = make_case(house), a_thread(house)
    by = acting(a_person(area=house.area("sales"), delegation=house.company.sevilla), house.at)
    with refused(kind=NotAllowed):
        touch_thread(case, other, by=by, now=house.at)
    with refused(kind=NotAllowed):
        link_case(case, type="thread", object_id=1, by=by, now=house.at)
    with refused(kind=NotAllowed):
        join_failure(case, main=make_case_of(house), seen=case.version, by=by, now=house.at)
    with refused(saying="leads this case", kind=NotAllowed):
        join_failure(
            case, main=make_case_of(house), seen=case.version, by=house.actor("logistics"), now=house.at
        )


def make_case_of(house: House) -> Case:
    return Case.objects.order_by("pk")[0]
