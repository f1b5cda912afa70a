"""Story 9. One failure, three areas, two threads: a batch of faulty valves stops two customers. One internal
cause, two complaints, strands for Producción, Logística and Posventa; each customer told apart; the second
failure at one of them reaches the director. (The invoices of the affected lines come with the gate.)
"""

from __future__ import annotations

from datetime import timedelta

from hilo.ledger.models import LedgerEvent
from hilo.ledger.verify import verify
from hilo.parties.models import Notice
from hilo.quality.commands.cases import join_failure, open_case, touch_thread
from hilo.quality.commands.closing import StillAtWork, close_case
from hilo.quality.commands.telling import tell_about_case
from hilo.quality.models import Case, Escalation
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Span, StepRun, Thread, Update
from tests.conformance import invariants
from tests.factories.parties import a_contact, a_customer
from tests.factories.quality import a_strand, acknowledged, closed, leader, make_case, take_on, told, verified
from tests.factories.work import House, a_thread
from tests.work.watching import refused

AREAS = ("production", "logistics", "aftersales")


def test_one_failure_three_areas_two_threads(house: House) -> None:
    sales = house.actor("sales")
    albarin = a_thread(house, title="Línea de 0,1 l")
    closed(house, make_case(house, albarin, title="El tapón no cierra"))  # half a year ago
    house.later(days=180)

    # Production sees the batch first: nobody outside knows yet.
    failure = open_case(
        thread=albarin,
        kind="incident",
        title="Lote 88 de válvulas defectuoso",
        customer_knows=False,
        impact="high",
        urgency="high",
        owner=house.person("production"),
        by=house.actor("production"),
        now=house.at,
    )
    strands = {code: a_strand(house, failure, code) for code in AREAS[1:]}

    # Then both customers complain, each on their own thread.
    house.later(hours=3)
    outeiro = a_customer("Lácteos Outeiro", delegation=house.company.zaragoza, keeper=sales.one)
    noelia = a_contact(outeiro, "Noelia Varela")
    first = make_case(house, albarin, title="La línea está parada")
    other = make_case(house, customer=outeiro, contact=noelia, title="Las válvulas gotean")
    touch_thread(failure, other.thread, by=house.actor("production"), now=house.at)
    for case in (first, other):
        join_failure(case, main=failure, seen=case.version, by=sales, now=house.at)
        acknowledged(house, case)

    # The second failure at one of them has reached the director, once; at the other it is the first.
    assert [each.case for each in Escalation.objects.all()] == [first]
    notice = Notice.objects.get(kind="case_second_failure")
    assert (notice.person, notice.thread_id) == (house.company.director, albarin.pk)

    # Each is told apart, on their own thread, with their own date.
    for case, person in ((first, house.contact), (other, noelia)):
        case.thread.refresh_from_db()
        facts = {**told(house, case), "text": "Fabricamos válvulas buenas", "tone": "progress"}
        tell_about_case(case, next_news_at=case.thread.next_news_at, **facts)
        assert {each.pk for each in Update.objects.filter(thread=case.thread).last().contacts.all()} == {  # type: ignore[union-attr]
            person.pk
        }
    with refused(saying="Noelia Varela does not work at this customer", field="contacts"):
        facts = {**told(house, first), "contacts": [noelia], "text": "Va bien", "tone": "progress"}
        tell_about_case(first, next_news_at=first.thread.next_news_at, **facts)
    told_to = {
        (event.customer_id, tuple(event.facts["contacts"]))
        for event in LedgerEvent.objects.filter(kind="update.said", occurred_at=house.at)
    }
    assert told_to == {(house.customer.pk, (house.contact.pk,)), (outeiro.pk, (noelia.pk,))}

    # Three areas, each with its own holder and its own time.
    begun = {}
    for code, strand in strands.items():
        house.later(hours=1)
        begun[code] = house.at
        take_on(house, strand, code)
    work = Span.objects.filter(step_run__work_item=failure.work_item, kind="work", closed_at=None)
    assert {span.area for span in work} == {house.area(code) for code in AREAS}
    assert {span.opened_at for span in work if span.step_run in strands.values()} == set(begun.values())

    # Neither complaint can be closed before the areas have finished.
    for case in (first, other):
        verified(house, case)
        with refused(saying="Logística, Posventa", kind=StillAtWork):
            close_case(case, seen=case.version, by=leader(house, case), now=house.at)
    house.later(days=2)
    for code, strand in strands.items():
        strand = StepRun.objects.get(pk=strand.pk)
        finish_step(strand, seen=strand.version, by=house.actor(code), now=house.at)
    for case in (first, other):
        close_case(case, seen=case.version, by=leader(house, case), now=house.at)
    failure.refresh_from_db()
    done = "Lote retirado y sustituido"
    close_case(failure, solution=done, seen=failure.version, by=leader(house, failure), now=house.at)

    assert not Case.objects.filter(closed_at=None).exists()
    assert Thread.objects.filter(state="open").count() == 2
    invariants.check(house.at)
    assert verify().holds


def test_the_date_that_logistics_mails_against_the_plan_is_found_on_a_thread_with_a_case(
    house: House,
) -> None:
    """Story 6 with a case on the thread: a date told about the case contradicts the promise within it."""
    from hilo.work.commands.promises import make_promise
    from hilo.work.models import Contradiction

    case = acknowledged(house, make_case(house))
    make_promise(
        case.thread,
        text="El cabezal montado",
        due=(house.at + timedelta(days=7)).date(),
        contact=house.contact,
        where="call",
        by=house.actor("sales"),
        now=house.at,
    )
    facts = {**told(house, case), "tone": "progress", "by": house.actor("logistics")}
    facts["text"] = "El cabezal lo montamos el viernes 4 de diciembre."
    case.thread.refresh_from_db()
    tell_about_case(case, next_news_at=case.thread.next_news_at, **facts)
    found = Contradiction.objects.get(settled_at=None)
    assert found.kind == Contradiction.Kind.MESSAGE_AND_PROMISE
