"""Story 9. One failure, three areas, two threads. A batch of faulty valves stops two customers. One internal
cause, two complaints, strands for Producción, Logística and Posventa; each customer told apart; invoices of
the affected lines only are held; the second failure at one of them reaches the director.

Here its promises, documents and strands; the cause, the invoices and the director come with their modules.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.models import Contact
from hilo.work.commands.conversation import tell_customer
from hilo.work.commands.documents import add_document, approve_document
from hilo.work.commands.promises import answer_broken_promise, make_promise
from hilo.work.commands.step_runs import finish_step
from hilo.work.commands.threads import open_thread, relate_threads
from hilo.work.jobs.clocks import run_clocks
from hilo.work.models import Promise, Span, Thread, ThreadRelation
from tests.factories.parties import a_contact, a_customer
from tests.factories.work import House, a_published_template, accepted, an_offer, open_handoff, step
from tests.work.watching import refused

STRANDS = """
code: valves
name: Lote de válvulas
kind: complaint
steps:
  - {key: say, name: Acusar recibo, area: sales, target: 4h}
  - {key: make, name: Fabricar válvulas buenas, area: production, target: 3d, after: [say]}
  - {key: fetch, name: Recoger el lote, area: logistics, target: 2d, after: [say]}
  - {key: fit, name: Montar en su casa, area: aftersales, target: 2d, after: [make, fetch]}
"""


@pytest.fixture
def two(house: House, settings: LazySettings, tmp_path: Path) -> list[tuple[Thread, Contact]]:
    """Two customers, a complaint of each, owned by the same seller."""
    settings.MEDIA_ROOT = tmp_path
    version = a_published_template(STRANDS)
    seller = house.person("sales")
    second = a_customer("Lácteos Outeiro", delegation=house.company.zaragoza, keeper=seller)
    contacts = [house.contact, a_contact(second, "Noelia Varela")]
    threads = [
        open_thread(
            customer=contact.customer,
            title="Válvulas del lote 88",
            kind="complaint",
            owner=seller,
            template_version=version,
            by=house.actor("sales"),
            now=house.at,
        )
        for contact in contacts
    ]
    relate_threads(threads[0], other=threads[1], by=house.actor("sales"), now=house.at)
    return list(zip(threads, contacts, strict=True))


def test_each_customer_is_told_apart_and_neither_reads_of_the_other(
    house: House, two: list[tuple[Thread, Contact]]
) -> None:
    (one, diego), (other, noelia) = two
    with refused(saying="Noelia Varela does not work at this customer", field="contacts"):
        tell_customer(
            one, text="Retiramos el lote 88", contacts=[diego, noelia], by=house.actor("sales"), now=house.at
        )
    for thread, contact in two:
        tell_customer(
            thread, text="Retiramos el lote 88", contacts=[contact], by=house.actor("sales"), now=house.at
        )
    told = {
        event.customer_id: event.facts["contacts"] for event in LedgerEvent.objects.filter(kind="update.said")
    }
    assert told == {one.customer_id: [diego.pk], other.customer_id: [noelia.pk]}
    assert ThreadRelation.objects.count() == 1
    related = LedgerEvent.objects.get(kind="thread.related")
    assert (related.thread_id, related.facts["other"]) == (one.pk, other.pk)


def test_a_promise_broken_to_one_is_answered_to_that_one(
    house: House, two: list[tuple[Thread, Contact]]
) -> None:
    by = house.actor("sales")
    for (thread, contact), day in zip(two, (24, 27), strict=True):
        make_promise(
            thread,
            text="Válvulas buenas montadas",
            due=date(2026, 11, day),
            contact=contact,
            where="call",
            by=by,
            now=house.at,
        )
    house.later(days=2)
    run_clocks(house.at)
    (one, diego), (other, noelia) = two
    assert one.promises.get().state == "broken" and other.promises.get().state == "open"
    elsewhere = tell_customer(other, text="Va bien", contacts=[noelia], by=by, now=house.at)
    with refused(saying="to whom it was promised"):
        answer_broken_promise(one.promises.get(), update=elsewhere, by=by, now=house.at)
    update = tell_customer(
        one, text="Llegan el jueves, por nuestra culpa", contacts=[diego], by=by, now=house.at
    )
    answer_broken_promise(one.promises.get(), update=update, by=by, now=house.at)
    assert one.promises.get().answered_at == house.at
    assert Promise.objects.filter(answered_at__isnull=False).count() == 1


def test_one_paper_stands_on_both_threads_and_each_customer_approves_their_own(
    house: House, two: list[tuple[Thread, Contact]]
) -> None:
    paper = b"Dureza de la junta fuera de tolerancia en el lote 88"
    versions = [
        add_document(
            thread,
            name="Ensayo del lote 88",
            file_name="ensayo.txt",
            content=paper,
            by=house.actor("production"),
            now=house.at,
        )
        for thread, _contact in two
    ]
    assert len({version.sha256 for version in versions}) == 1
    assert len({version.document.thread_id for version in versions}) == 2
    approve_document(versions[0], contact=two[0][1], evidence="Correo", by=house.actor("sales"), now=house.at)
    assert versions[0].approval.contact == two[0][1]
    assert not hasattr(versions[1], "approval")


def test_three_areas_have_a_strand_each_and_answer_for_their_own_time(
    house: House, two: list[tuple[Thread, Contact]]
) -> None:
    thread = two[0][0]
    say = step(thread, "say")
    finish_step(say, seen=say.version, by=house.actor("sales"), now=house.at)
    start = house.at
    make = an_offer(house, open_handoff(step(thread, "make")))
    fetch = an_offer(house, open_handoff(step(thread, "fetch")))
    house.later(hours=1)
    accepted(house, make, receiver="production")
    house.later(hours=2)
    accepted(house, fetch, receiver="logistics")
    work = Span.objects.filter(thread=thread, kind="work", closed_at=None)
    assert {(span.area.name, span.opened_at) for span in work} == {
        ("Producción", start + timedelta(hours=1)),
        ("Logística", start + timedelta(hours=3)),
    }
    assert not Span.objects.filter(thread=two[1][0], kind="border").exists()  # the other thread moves alone
    assert verify().holds
