"""*Temas enquistados*: what nobody has moved for long, by age, with what it waits for and the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from hilo.parties.actor import Actor
from hilo.quality.queries.stuck import Stuck, stuck_topics
from hilo.web.cases.money import Behind, Purse


@dataclass(frozen=True, slots=True)
class StuckRow:
    """``share`` of 100: how long it has stood still beside the oldest of the list."""

    topic: Stuck
    title: str
    url: str
    waits_for: str
    share: int
    money: Behind | None


def stuck_rows(actor: Actor, purse: Purse, now: datetime) -> list[StuckRow]:
    topics = stuck_topics(actor, now=now)
    longest = max((topic.working_days for topic in topics), default=1)
    return [_row(topic, longest, actor, purse) for topic in topics]


def _row(topic: Stuck, longest: int, actor: Actor, purse: Purse) -> StuckRow:
    thread, case = topic.thread, topic.case
    place = reverse("web:case", args=[case.code]) if case else reverse("web:thread", args=[thread.code])
    money = purse.of(case) if case else None
    if money is None and actor.sees_money and thread.amount is not None:
        money = Behind(thread.amount, thread.currency)
    return StuckRow(
        topic=topic,
        title=case.title if case else thread.title,
        url=place,
        waits_for=_waits_for(topic),
        share=max(round(100 * topic.working_days / longest), 4),
        money=money,
    )


def _waits_for(topic: Stuck) -> str:
    """What stands still first; a case's own strand bears the case's name, so there its area is said."""
    first = next(iter(topic.waiting), None)
    if first is None:
        return ""
    return first.area if topic.case and first.label == topic.case.title else first.label
