"""What a thread as a whole makes somebody owe: news, an answer to an ownership offer, the last question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from hilo.parties.actor import Actor
from hilo.work.access import threads_visible_to
from hilo.work.gate import Hang, hangs
from hilo.work.models import ClosingQuestion, OwnershipTransfer, Thread, TurnOf
from hilo.work.owed import Owed, OwedTo, owed
from hilo.work.settling import NextStep, next_steps


def _people(actor: Actor) -> set[int]:
    """Whose work the actor sees as theirs: their own, and that of whom they cover today."""
    return {actor.person.pk, *actor.covers_ids} if actor.person else set()


NEWS_OWED_WITH: list[Callable[[set[int]], QuerySet[Any, int]]] = []
"""Threads whose news those people owe together with something else on it (an open case): one row, not two."""


@owed
def news_to_give(actor: Actor, now: datetime) -> Iterator[Owed]:
    """Each thread owed news within the coming week."""
    mine = threads_visible_to(actor).filter(owner__in=_people(actor)).exclude(state="archived")
    for owed_with in NEWS_OWED_WITH:
        mine = mine.exclude(pk__in=owed_with(_people(actor)))
    for thread in mine.select_related("customer", "owner", "delegation"):
        if thread.next_news_at is not None:
            yield Owed(
                kind="give_news",
                type="thread",
                id=thread.pk,
                version=thread.version,
                label=thread.title,
                due=thread.next_news_at,
                to=OwedTo.CUSTOMER,
                thread=thread,
                whom=thread.customer.name,
                covers="" if actor.person and thread.owner_id == actor.person.pk else thread.owner.name,
            )


@owed
def steps_to_decide(actor: Actor, now: datetime) -> Iterator[Owed]:
    mine = threads_visible_to(actor).filter(owner__in=_people(actor), next_kind="decide", state="open")
    for thread in mine.select_related("customer", "owner", "delegation"):
        yield Owed(
            kind="decide",
            type="thread",
            id=thread.pk,
            version=thread.version,
            label=thread.title,
            due=thread.next_due or now,
            to=OwedTo.SELF,
            thread=thread,
            covers="" if actor.person and thread.owner_id == actor.person.pk else thread.owner.name,
        )


@owed
def ownership_to_answer(actor: Actor, now: datetime) -> Iterator[Owed]:
    if actor.person is None:
        return
    offers = OwnershipTransfer.objects.filter(
        to_person=actor.person, state="offered", thread__in=threads_visible_to(actor)
    )
    for offer in offers.select_related("thread__customer", "from_person"):
        yield Owed(
            kind="answer_ownership",
            type="ownership_transfer",
            id=offer.pk,
            version=offer.version,
            label=offer.reason,
            due=offer.respond_by,
            to=OwedTo.AREA,
            thread=offer.thread,
            whom=offer.from_person.name,
        )


@next_steps(lambda thread: thread.closing_questions.filter(state=ClosingQuestion.State.ASKED))
def closing_question_asked(
    thread: Thread, questions: Iterable[ClosingQuestion], now: datetime
) -> Iterator[NextStep]:
    """The customer's turn: they have been asked whether the aim was reached."""
    for question in questions:
        yield NextStep(
            due=thread.next_news_at or now,
            kind="await_closing_answer",
            type="closing_question",
            id=question.pk,
            label=thread.purpose or thread.title,
            turn=TurnOf.CUSTOMER,
            contact_id=question.contact_id,
        )


@hangs
def closing_question_open(thread: Thread, now: datetime) -> Iterator[Hang]:
    """The closing question must have been asked, or suppressed by rule; an answer is not waited for."""
    if not thread.closing_questions.exists():
        yield Hang(kind="closing_question", type="thread", id=thread.pk, label=thread.purpose)


@hangs
def ownership_in_the_air(thread: Thread, now: datetime) -> Iterator[Hang]:
    for offer in thread.ownership_transfers.filter(state="offered").select_related("to_person"):
        yield Hang(
            kind="ownership_offer",
            type="ownership_transfer",
            id=offer.pk,
            label=offer.to_person.name,
            due=offer.respond_by,
            person_id=offer.to_person_id,
        )
