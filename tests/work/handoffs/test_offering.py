"""Draft, offer, withdraw, prepare again: the giver's side (SPEC 4.1, 4.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hilo.errors import NotAllowed, RuleViolation, Stale
from hilo.ledger.models import LedgerEvent
from hilo.parties.actor import Actor
from hilo.parties.commands.absences import plan_absence
from hilo.work.commands.documents import add_document, approve_document
from hilo.work.commands.handoffs import (
    add_item,
    fill_item,
    offer_handoff,
    prepare_handoff,
    return_handoff,
    withdraw_handoff,
)
from hilo.work.commands.pausing import pause_thread
from hilo.work.commands.step_runs import finish_step
from hilo.work.models import Handoff, HandoffItem, Thread
from tests.factories.parties import a_person, acting
from tests.factories.work import (
    House,
    accepted,
    an_offer,
    explain_gaps,
    open_handoff,
    step,
    two_steps,
)
from tests.work.watching import refused


@pytest.fixture
def thread(house: House) -> Thread:
    """Selling is done; proyectar waits as a draft of full weight."""
    thread = two_steps(house)
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.later(hours=1))
    return thread


@pytest.fixture
def draft(thread: Thread) -> Handoff:
    return open_handoff(step(thread, "design"))


def offer(house: House, handoff: Handoff, by: str | Actor = "sales", **facts: object) -> None:
    offer_handoff(
        handoff,
        **{  # type: ignore[arg-type]
            "ask": "Proyecto con plano",
            "proposed_due": house.at + timedelta(days=7),
            "seen": handoff.version,
            "by": house.actor(by) if isinstance(by, str) else by,
            "now": house.at,
            **facts,
        },
    )


def test_a_full_handoff_waits_as_a_draft_for_who_finished(house: House, draft: Handoff) -> None:
    assert (draft.state, draft.giver, draft.attempt) == ("draft", house.person("sales"), 1)
    assert (draft.from_area.code, draft.to_area.code) == ("sales", "technical")
    assert list(draft.items.values_list("key", "state")) == [("drawing", "missing"), ("notes", "missing")]
    thread = draft.thread
    thread.refresh_from_db()
    assert (thread.next_kind, thread.turn_person_id) == ("prepare_handoff", house.person("sales").pk)


def test_it_cannot_be_offered_while_a_required_gap_is_neither_complete_nor_explained(
    house: House, draft: Handoff
) -> None:
    with refused("Oficina técnica still needs: Plano aprobado", field="items"):
        offer(house, draft)
    drawing = draft.items.get(key="drawing")
    with refused("Say why it is missing", field="explanation"):
        fill_item(drawing, state="explained", by=house.actor("sales"), now=house.at)

    fill_item(
        drawing, state="explained", explanation="Llega el jueves", by=house.actor("sales"), now=house.at
    )
    draft.refresh_from_db()
    offer(house, draft)

    assert draft.state == Handoff.State.OFFERED
    event = LedgerEvent.objects.get(kind="handoff.offered")
    assert event.facts["gaps"] == ["drawing", "notes"]
    assert event.chain == f"handoff:{draft.pk}"


def test_the_offer_opens_the_border_and_the_giver_answers_still(house: House, draft: Handoff) -> None:
    an_offer(house, draft)
    design = step(draft.thread, "design")
    span = design.spans.get()
    assert (design.state, design.holder, span.kind, span.closed_at) == ("offered", None, "border", None)
    assert (span.from_area.code, span.area.code) == ("sales", "technical")
    thread = Thread.objects.get()
    assert (thread.next_kind, thread.turn_area.code, thread.turn_waits) == (
        "answer_handoff",
        "technical",
        True,
    )


def test_the_response_clock_runs_in_the_receivers_business_hours(house: House, draft: Handoff) -> None:
    """Monday 10:00 to 14:00 and 16:00 to 19:00: eight hours of theirs end on Tuesday at 10:00 and a bit."""
    an_offer(house, draft)
    draft.refresh_from_db()
    # offered Monday 11:00 in Madrid: 3 h + 3 h today, 2 h tomorrow; half of it at 17:00
    assert draft.remind_at.isoformat() == "2026-11-23T16:00:00+00:00"
    assert draft.respond_by.isoformat() == "2026-11-24T10:00:00+00:00"


@pytest.mark.parametrize(
    ("facts", "sentence", "field"),
    [
        ({"ask": "  "}, "Say what you ask", "ask"),
        ({"proposed_due": timedelta(minutes=-1)}, "already passed", "proposed_due"),
    ],
)
def test_what_an_offer_needs(
    house: House, draft: Handoff, facts: dict[str, object], sentence: str, field: str
) -> None:
    explain_gaps(draft, by=house.actor("sales"), now=house.at)
    if isinstance(delta := facts.get("proposed_due"), timedelta):
        facts = {"proposed_due": house.at + delta}
    with refused(sentence, field=field):
        offer(house, draft, **facts)


def test_the_person_named_must_work_in_the_receiving_area(house: House, draft: Handoff) -> None:
    explain_gaps(draft, by=house.actor("sales"), now=house.at)
    with refused("does not work in Oficina técnica", field="to_person"):
        offer(house, draft, to_person=house.person("production"))
    offer(house, draft, to_person=house.person("technical"))
    assert draft.to_person == house.person("technical")


def test_an_offer_is_made_only_of_what_was_seen(house: House, draft: Handoff) -> None:
    explain_gaps(draft, by=house.actor("sales"), now=house.at)
    with refused("Somebody changed this", kind=Stale):
        offer(house, draft, seen=draft.version - 1)


@pytest.mark.parametrize("who", ["technical", "production", "director", "administrator"])
def test_only_the_givers_side_fills_offers_and_withdraws(house: House, draft: Handoff, who: str) -> None:
    item = draft.items.get(key="drawing")
    with refused("", kind=NotAllowed):
        fill_item(item, state="complete", by=house.actor(who), now=house.at)
    with refused("", kind=NotAllowed):
        add_item(draft, "Algo más", by=house.actor(who), now=house.at)
    explain_gaps(draft, by=house.actor("sales"), now=house.at)
    with refused("", kind=NotAllowed):
        offer(house, draft, by=who)
    with refused("", kind=NotAllowed):
        withdraw_handoff(draft, reason="No hace falta", seen=draft.version, by=house.actor(who), now=house.at)


def test_the_head_of_the_giving_area_and_a_substitute_may_give(house: House, draft: Handoff) -> None:
    explain_gaps(draft, by=house.head("sales"), now=house.at)
    colleague = a_person(area=house.area("sales"), delegation=house.company.zaragoza)
    with refused("gives this handoff", kind=NotAllowed):
        offer(house, draft, by=acting(colleague, house.at))
    plan_absence(
        house.person("sales"),
        substitute=colleague,
        first_day=house.at.date(),
        last_day=house.at.date(),
        by=house.actor("sales"),
        now=house.at,
    )
    offer(house, draft, by=acting(colleague, house.at))
    assert (draft.state, draft.giver) == ("offered", house.person("sales"))


def test_a_line_of_ones_own_is_part_of_the_list(house: House, draft: Handoff) -> None:
    item = add_item(draft, "Horas vendidas: 140", by=house.actor("sales"), now=house.at)
    fill_item(item, state="complete", by=house.actor("sales"), now=house.at)
    with refused("Say in a few words", field="text"):
        add_item(draft, "   ", by=house.actor("sales"), now=house.at)
    assert draft.items.count() == 3
    assert draft.items.get(pk=item.pk).state == HandoffItem.State.COMPLETE


def test_nothing_is_filled_in_once_it_is_offered(house: House, draft: Handoff) -> None:
    an_offer(house, draft)
    with refused("already been offered"):
        fill_item(draft.items.get(key="drawing"), state="complete", by=house.actor("sales"), now=house.at)


def test_a_withdrawn_offer_is_prepared_again_with_what_was_complete(house: House, draft: Handoff) -> None:
    an_offer(house, draft)
    with refused("Say why", field="reason"):
        withdraw_handoff(draft, reason="", seen=draft.version, by=house.actor("sales"), now=house.at)
    withdraw_handoff(
        draft, reason="Falta el plano", seen=draft.version, by=house.actor("sales"), now=house.later(hours=1)
    )
    assert step(draft.thread, "design").spans.get().ended_as == "withdrawn"
    assert Thread.objects.get().next_kind == "prepare_handoff"

    again = prepare_handoff(step(draft.thread, "design"), by=house.actor("sales"), now=house.at)
    assert (again.attempt, again.state, again.ask) == (2, "draft", "Proyecto con plano y horas")
    assert again.items.get(key="drawing").state == "explained"
    with refused("already has an open handoff"):
        prepare_handoff(step(draft.thread, "design"), by=house.actor("sales"), now=house.at)


def test_what_prevented_the_start_must_be_dealt_with_again(house: House, draft: Handoff) -> None:
    an_offer(house, draft)
    return_handoff(
        draft,
        reason="gaps",
        comment="Sin plano no se puede dimensionar",
        blocking_items=[draft.items.get(key="drawing")],
        missing_texts=["Altura de la nave"],
        seen=draft.version,
        by=house.actor("technical"),
        now=house.later(hours=1),
    )
    again = prepare_handoff(step(draft.thread, "design"), by=house.actor("sales"), now=house.at)
    states = dict(again.items.values_list("text", "state"))
    assert states == {
        "Plano aprobado": "missing",
        "Notas de la visita": "explained",
        "Altura de la nave": "missing",
    }
    with pytest.raises(RuleViolation, match="Plano aprobado; Altura de la nave"):
        offer(house, again)


def test_nothing_is_prepared_before_the_steps_before_it_are_over(house: House) -> None:
    thread = two_steps(house)
    with refused("the steps before it come first"):
        prepare_handoff(step(thread, "design"), by=house.actor("sales"), now=house.at)


def test_a_light_step_is_offered_by_itself_or_waits_with_its_gaps(house: House) -> None:
    thread = two_steps(house, "light")
    sell = step(thread, "sell")
    finish_step(sell, seen=sell.version, by=house.actor("sales"), now=house.at)
    waiting = open_handoff(step(thread, "design"))
    assert (waiting.state, waiting.weight) == ("draft", "light")
    assert {event.kind for event in LedgerEvent.objects.filter(subject_type="handoff")} == {
        "handoff.prepared"
    }
    an_offer(house, waiting)
    accepted(house, waiting, receiver="technical")
    assert step(thread, "design").holder == house.person("technical")


def test_a_paused_or_archived_thread_refuses_the_work(house: House, draft: Handoff) -> None:
    thread = Thread.objects.get()
    pause_thread(
        thread,
        reason="El cliente cierra en agosto",
        until=house.at + timedelta(days=30),
        seen=thread.version,
        by=house.actor("sales"),
        now=house.at,
    )
    with refused("paused"):
        add_item(draft, "Algo", by=house.actor("sales"), now=house.at)
    with refused("paused"):
        withdraw_handoff(draft, reason="x", seen=draft.version, by=house.actor("sales"), now=house.at)


def test_the_drawing_the_customer_approves_meanwhile_fills_its_line_by_itself(
    house: House, draft: Handoff, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    by = house.actor("sales")
    version = add_document(
        draft.thread, name="Plano", file_name="plano.pdf", content=b"v1", by=by, now=house.at
    )
    with refused("still needs: Plano aprobado"):
        offer(house, draft)
    approve_document(version, contact=house.contact, evidence="Su correo", by=by, now=house.at)
    draft.refresh_from_db()
    offer(house, draft)
    assert draft.items.get(key="drawing").document_version == version

    return_handoff(
        draft,
        reason="gaps",
        comment="Es el plano de otra nave",
        blocking_items=[draft.items.get(key="drawing")],
        seen=draft.version,
        by=house.actor("technical"),
        now=house.at,
    )
    again = prepare_handoff(step(draft.thread, "design"), by=by, now=house.at)
    assert again.items.get(key="drawing").state == "missing"
