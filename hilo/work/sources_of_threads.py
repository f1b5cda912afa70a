"""What a thread as a whole makes somebody owe: news, an answer to an ownership offer, the last question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from hilo.work.access import visible_to
from hilo.work.gate import Hang, hangs
from hilo.work.models import ClosingQuestion, OwnershipTransfer, Thread, TurnOf
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.settling import NextStep, next_steps

NEWS_OWED_WITH: list[Callable[[set[int]], QuerySet[Any, int]]] = []
"""Threads whose news those people owe together with something else on it (an open case): one row, not two."""


def _owed_news(debtor: Debtor) -> QuerySet[Thread]:
    mine = Thread.objects.filter(debtor.on_threads(""), owner__in=debtor.people, next_news_at__isnull=False)
    for owed_with in NEWS_OWED_WITH:
        mine = mine.exclude(pk__in=owed_with(debtor.people))
    return mine


@owed(Reads(_owed_news))
def news_to_give(debtor: Debtor, mine: Iterable[Thread]) -> Iterator[Owed]:
    """Each thread owed news within the coming week."""
    for thread in mine:
        assert thread.next_news_at is not None
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
            covers=debtor.in_whose_stead(thread.owner),
        )


def _undecided(debtor: Debtor) -> QuerySet[Thread]:
    return Thread.objects.filter(debtor.on_open_threads(""), owner__in=debtor.people, next_kind="decide")


@owed(Reads(_undecided))
def steps_to_decide(debtor: Debtor, mine: Iterable[Thread]) -> Iterator[Owed]:
    for thread in mine:
        yield Owed(
            kind="decide",
            type="thread",
            id=thread.pk,
            version=thread.version,
            label=thread.title,
            due=thread.next_due or debtor.now,
            to=OwedTo.SELF,
            thread=thread,
            covers=debtor.in_whose_stead(thread.owner),
        )


def _offered_to(debtor: Debtor) -> QuerySet[OwnershipTransfer]:
    return OwnershipTransfer.objects.filter(
        visible_to(debtor.actor, "thread__"), to_person=debtor.actor.person, state="offered"
    )


@owed(Reads(_offered_to, "thread", "from_person"))
def ownership_to_answer(debtor: Debtor, offers: Iterable[OwnershipTransfer]) -> Iterator[Owed]:
    for offer in offers:
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
