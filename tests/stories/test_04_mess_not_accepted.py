"""Story 4. The mess that is not accepted. Comercial hands over without the drawing the customer approved.
Oficina técnica returns it naming the gap; Comercial answers for it all the while; the second offer carries
document version 3, marked as approved by the customer.
"""

from __future__ import annotations

from hilo.ledger.models import LedgerEvent
from hilo.work.commands.documents import add_document, add_document_version, approve_document
from hilo.work.commands.handoffs import prepare_handoff, return_handoff
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import DocumentVersion, Thread
from hilo.work.queries.handoffs import handoff_package, handoffs_given, handoffs_to_answer
from hilo.work.sides import answers_for
from tests.factories.work import House, accepted, an_offer, open_handoff, step, two_steps


def three_versions(house: House, thread: Thread) -> DocumentVersion:
    """The third one is what the customer approved."""
    by = house.actor("sales")
    version = add_document(
        thread, name="Plano de implantación", file_name="plano.pdf", content=b"v1", by=by, now=house.at
    )
    for content in (b"v2", b"v3"):
        version = add_document_version(
            version.document, file_name="plano.pdf", content=content, by=by, now=house.at
        )
    approve_document(
        version, contact=house.contact, evidence="Correo del 24", approved_at=None, by=by, now=house.at
    )
    return version


def test_the_giver_answers_until_the_drawing_is_there(
    house: House, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    first = an_offer(house, open_handoff(step(thread, "design")))
    assert list(handoffs_to_answer(house.actor("technical"), now=house.at)) == [first]
    assert answers_for(house.actor("sales"), step(thread, "design"))
    assert not answers_for(house.actor("technical"), step(thread, "design"))

    return_handoff(
        first,
        reason="gaps",
        comment="Sin el plano que aprobó el cliente no sabemos qué proyectar",
        blocking_items=[first.items.get(key="drawing")],
        seen=first.version,
        by=house.actor("technical"),
        now=house.later(hours=1),
    )
    design = step(thread, "design")
    assert (design.state, design.holder) == ("offered", None)
    assert list(handoffs_given(house.actor("sales"))) == [first]
    assert answers_for(house.actor("sales"), design)
    assert LedgerEvent.objects.get(kind="handoff.returned").facts["blocking_items"] == ["drawing"]
    assert Thread.objects.get().turn_person == house.person("sales")

    version = three_versions(house, thread)
    second = prepare_handoff(design, by=house.actor("sales"), now=house.later(hours=1))
    drawing = second.items.get(key="drawing")
    assert (second.attempt, drawing.state) == (2, "complete")  # the thread knows it now: nobody types it
    assert drawing.document_version == version
    an_offer(house, second)

    package = handoff_package(second)
    shown = next(item for item in package.items if item.key == "drawing").document_version
    assert shown is not None and (shown.number, shown.approval.contact) == (3, house.contact)
    assert [attempt.return_comment for attempt in package.attempts] == [
        "Sin el plano que aprobó el cliente no sabemos qué proyectar"
    ]
    accepted(house, second, receiver="technical")
    assert step(thread, "design").holder == house.person("technical")
    assert not answers_for(house.actor("sales"), step(thread, "design"))
    assert answers_for(house.actor("technical"), step(thread, "design"))
    answers = LedgerEvent.objects.get(kind="handoff.accepted")
    assert answers.facts["first_time"] is False
