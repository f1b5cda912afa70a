"""The customer is told about a case: we have it, how it stands, our answer, the decision (SPEC 7.2, 7.3).

Every message says when they hear next; that date is the thread's own, the same inside and outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Person
from hilo.parties.notice_words import register_notice
from hilo.parties.texts import one_of
from hilo.quality.access import require_lead, require_on_case
from hilo.quality.commands.running import stop_clock
from hilo.quality.commands.stages import (
    BEFORE_THE_ANSWER,
    CLOSED,
    OPEN,
    about,
    has_reached,
    hold,
    reach,
    require_known_outside,
    tell,
)
from hilo.quality.commands.strands import follow_the_news
from hilo.quality.events.cases import CaseAcknowledged, CaseDecided, CaseResponded, CaseTold
from hilo.quality.finding import index_case
from hilo.quality.models import Case, CaseUpdate, ClockRun, Stage
from hilo.quality.news import prefilled_news, require_news_date
from hilo.quality.wording import suggested_text
from hilo.work.commands.conversation import said_moment, tell_customer
from hilo.work.commands.plan import OVER
from hilo.work.models import Update
from hilo.work.settling import settle
from hilo.work.texts import prose

__all__ = ["acknowledge_case", "respond_case", "suggested_text", "tell_about_case", "tell_decision"]

Tone = CaseUpdate.Tone
ON_THE_WAY = (Tone.PROGRESS, Tone.STILL, Tone.BAD_NEWS)
register_notice("case_update", gettext_lazy("The customer was told how the case stands."), "send")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """What is said to whom, and when they hear next; ``next_news_at`` of None is prefilled by policy."""

    text: str
    contacts: Iterable[Contact]
    channel: str
    next_news_at: datetime | None
    said_at: datetime | None = None


@command
def acknowledge_case(
    case: Case,
    *,
    text: str,
    contacts: Iterable[Contact],
    next_news_at: datetime | None = None,
    channel: str = Update.Channel.MAIL,
    seen: int,
    by: Actor,
    now: datetime,
) -> Update:
    """Tell them at once that we have it, who leads it and when they hear next."""
    require_on_case(by, "case.work", case)
    hold(case)
    require_known_outside(case)
    if case.is_open and has_reached(case, Stage.ACKNOWLEDGED):
        raise RuleViolation(_("The customer knows already that we have it."))
    message = _Message(text=text, contacts=contacts, channel=channel, next_news_at=next_news_at)
    move(case, only_if=OPEN, refused=CLOSED, seen=seen)
    update = _say(case, message, Tone.RECEIPT, by=by, now=now)
    _acknowledged(case, update, by=by, now=now)
    settle(case.thread, now=now)
    return update


@command
def tell_about_case(
    case: Case,
    *,
    text: str,
    contacts: Iterable[Contact],
    next_news_at: datetime | None,
    tone: str,
    channel: str = Update.Channel.MAIL,
    said_at: datetime | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> Update:
    """ "We are still on it, next news on Tuesday at 12:00": never without that date.

    Whoever hears of their case from us knows that we have it: the first message acknowledges it too.
    """
    require_on_case(by, "case.work", case)
    hold(case)
    require_known_outside(case)
    one_of(tone, [str(each) for each in ON_THE_WAY], field="tone")
    promised = require_news_date(case.thread, next_news_at, now=now)
    message = _Message(text=text, contacts=contacts, channel=channel, next_news_at=promised, said_at=said_at)
    move(case, only_if=OPEN, refused=CLOSED, seen=seen)
    update = _say(case, message, Tone(tone), by=by, now=now)
    record(
        CaseTold(**about(case, Related("update", update.pk, "message")), update=update.pk, tone=tone),
        by=by,
        now=now,
        occurred_at=update.said_at,
    )
    if not has_reached(case, Stage.ACKNOWLEDGED):
        _acknowledged(case, update, by=by, now=now)
    settle(case.thread, now=now)
    return update


@command
def respond_case(
    case: Case,
    *,
    solution: str,
    text: str,
    contacts: Iterable[Contact],
    next_news_at: datetime | None = None,
    channel: str = Update.Channel.MAIL,
    seen: int,
    by: Actor,
    now: datetime,
) -> Update:
    """Our answer: what was done, or what we offer. The response clock and the legal deadline stop here."""
    require_lead(by, case)
    hold(case)
    require_known_outside(case)
    done = prose(solution, field="solution", most=5000, missing=_("Write what was done, or what we offer."))
    message = _Message(text=text, contacts=contacts, channel=channel, next_news_at=next_news_at)
    move(
        case,
        only_if={"stage__in": list(BEFORE_THE_ANSWER)},
        refused=_("This case was answered already, or is closed. Look at what was said."),
        seen=seen,
        stage=Stage.RESPONDED,
        solution=done,
    )
    update = _say(case, message, Tone.ANSWER, by=by, now=now)
    if not has_reached(case, Stage.ACKNOWLEDGED):
        reach(case, Stage.ACKNOWLEDGED, at=update.said_at, by=by)
    reach(case, Stage.RESPONDED, at=update.said_at, by=by)
    record(
        CaseResponded(
            **about(case, Related("update", update.pk, "message")), update=update.pk, solution=seal(done)
        ),
        by=by,
        now=now,
    )
    for clock in ClockRun.Clock:
        stop_clock(case, clock, at=update.said_at)
    follow_the_news(case, until=update.next_news_at, by=by, now=now)
    index_case(case)
    settle(case.thread, now=now)
    return update


@command
def tell_decision(
    case: Case,
    *,
    outcome: str,
    text: str,
    contacts: Iterable[Contact],
    next_news_at: datetime | None = None,
    channel: str = Update.Channel.MAIL,
    seen: int,
    by: Actor,
    now: datetime,
) -> Update:
    """Whether they get what they asked for: yes, in part, or no and why."""
    require_lead(by, case)
    hold(case)
    require_known_outside(case)
    one_of(outcome, list(Case.Outcome.values), field="outcome")
    message = _Message(text=text, contacts=contacts, channel=channel, next_news_at=next_news_at)
    move(
        case,
        only_if={"stage": Stage.RESPONDED},
        refused=_("Answer the case first; if it was decided already, look at what was said."),
        seen=seen,
        stage=Stage.DECIDED,
        outcome=outcome,
    )
    update = _say(case, message, Tone.DECISION, by=by, now=now)
    reach(case, Stage.DECIDED, at=update.said_at, by=by)
    record(
        CaseDecided(
            **about(case, Related("update", update.pk, "message")), update=update.pk, outcome=outcome
        ),
        by=by,
        now=now,
    )
    follow_the_news(case, until=update.next_news_at, by=by, now=now)
    settle(case.thread, now=now)
    return update


def _say(case: Case, message: _Message, tone: Tone, *, by: Actor, now: datetime) -> Update:
    moment = said_moment(message.said_at, now)
    promised = message.next_news_at
    if promised is None:
        promised = prefilled_news(case, said_at=moment, now=now)
    update = tell_customer(
        case.thread,
        text=message.text,
        contacts=message.contacts,
        channel=message.channel,
        next_news_at=promised,
        said_at=message.said_at,
        by=by,
        now=now,
    )
    CaseUpdate.objects.create(case=case, update=update, tone=tone)
    _tell_those_who_wait(case, update, by, now)
    return update


def _acknowledged(case: Case, update: Update, *, by: Actor, now: datetime) -> None:
    """Also when it was told late, after the case had been assessed: then it stays as far as it has come."""
    if case.stage == Stage.RECEIVED:
        move(case, only_if={"stage": Stage.RECEIVED}, refused=CLOSED, stage=Stage.ACKNOWLEDGED)
    reach(case, Stage.ACKNOWLEDGED, at=update.said_at, by=by)
    record(
        CaseAcknowledged(**about(case, Related("update", update.pk, "message")), update=update.pk),
        by=by,
        now=now,
        occurred_at=update.said_at,
    )
    stop_clock(case, ClockRun.Clock.ACKNOWLEDGE, at=update.said_at)


def _tell_those_who_wait(case: Case, update: Update, by: Actor, now: datetime) -> None:
    """The owner, and whoever works on it, read the same as the customer (SPEC 7.3)."""
    at_work = case.work_item.step_runs.exclude(state__in=OVER).exclude(holder=None)
    people: dict[int, Person] = {case.owner_id: case.owner, case.thread.owner_id: case.thread.owner}
    people |= {each.holder.pk: each.holder for each in at_work.select_related("holder") if each.holder}
    for pk, person in people.items():
        if by.person is None or pk != by.person.pk:
            tell(person, case, "case_update", str(update.pk), interrupts=False, now=now)
