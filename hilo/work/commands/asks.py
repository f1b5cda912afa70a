"""What one area needs from another: what, why, by when; answered, negotiated or declined (SPEC 9.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.parties.holdings import Holding, locked, register_area_work, register_holding
from hilo.parties.models import Area, Delegation, Person
from hilo.parties.queries.people import hold_active
from hilo.work.access import require_on
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.events.place import Place, place_of
from hilo.work.events.small import (
    AskAccepted,
    AskAreaChanged,
    AskCounterAgreed,
    AskCountered,
    AskDeclined,
    AskDone,
    AskMade,
    AskPassed,
    AskWithdrawn,
)
from hilo.work.gate import Hang, hangs
from hilo.work.models import Ask, Thread
from hilo.work.owed import Debtor, Owed, OwedTo, Reads, owed
from hilo.work.settling import NextStep, next_steps, settle
from hilo.work.texts import line, no_longer_here

_ANSWERED = gettext_lazy("Somebody has already answered this.")
_OPEN: dict[str, object] = {"state": Ask.State.OPEN}


@command
def make_ask(
    thread: Thread,
    *,
    to_area: Area,
    to_delegation: Delegation | None = None,
    what: str,
    why: str,
    due_at: datetime,
    by: Actor,
    now: datetime,
) -> Ask:
    """Ask another area for something it can refuse or negotiate: no silent dumping."""
    require_on(by, "thread.work", thread)
    words = line(what, field="what", missing=_("Say exactly what you need."))
    reason = line(why, field="why", missing=_("Say why: what happens to the customer without it."))
    if by.area_id is None:
        raise NotAllowed(_("Only people who belong to an area can ask another one."))
    hold_active(by.one, refused=no_longer_here(by.one))
    if to_area.ended_on is not None and to_area.ended_on <= now.date():
        raise RuleViolation(
            _("%(area)s no longer exists. Ask its successor.") % {"area": to_area}, field="to_area"
        )
    if due_at <= now:
        raise RuleViolation(_("Choose a moment still to come."), field="due_at")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    ask = Ask.objects.create(
        thread=thread,
        asker=by.one,
        from_area_id=by.area_id,
        to_area=to_area,
        to_delegation=to_delegation or thread.delegation,
        what=words,
        why=reason,
        due_at=due_at,
        asked_at=now,
    )
    record(
        AskMade(**_place(ask), what=seal(words), why=seal(reason), to_area=to_area.pk, due=due_at),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return ask


def _place(ask: Ask) -> Place:
    return place_of("ask", ask.pk, ask.thread, area_id=ask.from_area_id, delegation_id=ask.to_delegation_id)


def _require_receiver(ask: Ask, by: Actor) -> None:
    """One of the area asked, who stays until this is committed: what they take on must not be orphaned."""
    require_on(by, "thread.work", ask.thread)
    hold_active(by.one, refused=no_longer_here(by.one))
    if ask.to_area_id not in by.area_ids and not by.acts_for(ask.taker_id):
        raise NotAllowed(_("%(area)s was asked: its people answer.") % {"area": ask.to_area})


def _require_asker(ask: Ask, by: Actor) -> None:
    require_on(by, "thread.work", ask.thread)
    if not by.acts_for(ask.asker_id) and ask.from_area_id not in by.headed_area_ids:
        raise NotAllowed(_("%(name)s asked for this: only they decide on it.") % {"name": ask.asker.name})


@command
def accept_ask(ask: Ask, *, seen: int, by: Actor, now: datetime) -> None:
    """We will do it by the date asked; who accepts takes it on."""
    _require_receiver(ask, by)
    move(
        ask,
        only_if=_OPEN,
        refused=_ANSWERED,
        seen=seen,
        state=Ask.State.ACCEPTED,
        taker=by.one,
        answered_at=now,
    )
    record(AskAccepted(**_place(ask), taker=by.one.pk, due=ask.due_at), by=by, now=now)
    settle(ask.thread, now=now)


@command
def counter_ask(ask: Ask, *, due_at: datetime, comment: str, seen: int, by: Actor, now: datetime) -> None:
    """We can, but by another date; the asker agrees or withdraws."""
    _require_receiver(ask, by)
    words = line(comment, field="comment", missing=_("Say why that date."))
    if due_at <= now:
        raise RuleViolation(_("Choose a moment still to come."), field="due_at")
    move(
        ask,
        only_if=_OPEN,
        refused=_ANSWERED,
        seen=seen,
        state=Ask.State.COUNTERED,
        taker=by.one,
        counter_due=due_at,
        answer=words,
        answered_at=now,
    )
    record(AskCountered(**_place(ask), taker=by.one.pk, due=due_at, comment=seal(words)), by=by, now=now)
    settle(ask.thread, now=now)


@command
def agree_to_counter(ask: Ask, *, seen: int, by: Actor, now: datetime) -> None:
    """The asker takes the date proposed."""
    _require_asker(ask, by)
    move(
        ask,
        only_if={"state": Ask.State.COUNTERED},
        refused=_("There is no other date to agree to."),
        seen=seen,
        state=Ask.State.ACCEPTED,
        due_at=ask.counter_due,
    )
    record(AskCounterAgreed(**_place(ask), due=ask.due_at), by=by, now=now)
    settle(ask.thread, now=now)


@command
def decline_ask(ask: Ask, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """No, and why: so that the asker can look for another way."""
    _require_receiver(ask, by)
    words = line(reason, field="reason", missing=_("Say why not, so that they can look for another way."))
    move(
        ask,
        only_if=_OPEN,
        refused=_ANSWERED,
        seen=seen,
        state=Ask.State.DECLINED,
        answer=words,
        answered_at=now,
        settled_at=now,
    )
    record(AskDeclined(**_place(ask), reason=seal(words)), by=by, now=now)
    settle(ask.thread, now=now)


@command
def finish_ask(ask: Ask, *, answer: str, seen: int, by: Actor, now: datetime) -> None:
    """Here is what was asked for. Accepting first is not needed: doing it is the best answer."""
    _require_receiver(ask, by)
    words = line(answer, field="answer", most=500, missing=_("Say what you did, or where it is."))
    move(
        ask,
        only_if={"state__in": [Ask.State.OPEN, Ask.State.ACCEPTED]},
        refused=_ANSWERED,
        seen=seen,
        state=Ask.State.DONE,
        taker=ask.taker or by.one,
        answer=words,
        answered_at=ask.answered_at or now,
        settled_at=now,
    )
    record(AskDone(**_place(ask), answer=seal(words)), by=by, now=now)
    settle(ask.thread, now=now)


@command
def withdraw_ask(ask: Ask, *, seen: int, by: Actor, now: datetime) -> None:
    """It is no longer needed."""
    _require_asker(ask, by)
    move(
        ask,
        only_if={"state__in": list(Ask.UNSETTLED)},
        refused=_("This was settled already."),
        seen=seen,
        state=Ask.State.WITHDRAWN,
        settled_at=now,
    )
    record(AskWithdrawn(**_place(ask)), by=by, now=now)
    settle(ask.thread, now=now)


@next_steps(lambda thread: thread.asks.filter(state__in=Ask.UNSETTLED))
def asks_to_answer(thread: Thread, asks: Iterable[Ask], now: datetime) -> Iterator[NextStep]:
    kinds = {
        Ask.State.OPEN: "answer_ask",
        Ask.State.ACCEPTED: "fulfil_ask",
        Ask.State.COUNTERED: "agree_ask",
    }
    for ask in asks:
        countered = ask.state == Ask.State.COUNTERED
        yield NextStep(
            due=ask.due_at,
            kind=kinds[Ask.State(ask.state)],
            type="ask",
            id=ask.pk,
            label=ask.what,
            area_id=ask.from_area_id if countered else ask.to_area_id,
            person_id=ask.asker_id if countered else ask.taker_id,
        )


@hangs
def asks_unsettled(thread: Thread, now: datetime) -> Iterator[Hang]:
    for ask in thread.asks.filter(state__in=Ask.UNSETTLED):
        yield Hang(kind="ask", type="ask", id=ask.pk, label=ask.what, due=ask.due_at, person_id=ask.taker_id)


def _owed_asks(debtor: Debtor) -> QuerySet[Ask]:
    """Open ones are everybody's in the area asked; accepted ones the taker's; countered ones the asker's."""
    actor, people = debtor.actor, debtor.people
    return Ask.objects.filter(
        Q(state="open", to_area__in=actor.area_ids, to_delegation__in=actor.delegation_ids)
        | Q(state="accepted", taker__in=people)
        | Q(state="countered", asker__in=people),
        debtor.on_threads(),
    )


@owed(Reads(_owed_asks, "thread", "asker", "taker", "from_area"))
def asks_owed(debtor: Debtor, asks: Iterable[Ask]) -> Iterator[Owed]:
    kinds = {"open": "answer_ask", "accepted": "fulfil_ask", "countered": "agree_ask"}
    for ask in asks:
        answering = {"accepted": ask.taker, "countered": ask.asker}.get(ask.state)
        yield Owed(
            kind=kinds[ask.state],
            type="ask",
            id=ask.pk,
            version=ask.version,
            label=ask.what,
            due=ask.due_at,
            to=OwedTo.AREA,
            thread=ask.thread,
            whom=ask.taker.name if ask.state == "countered" and ask.taker else ask.asker.name,
            covers=debtor.in_whose_stead(answering),
            about=ask,
        )


def _held(person: Person) -> Q:
    return Q(state__in=Ask.UNSETTLED) & (Q(taker=person) | Q(asker=person))


def _pass_on(leaver: Person, caretaker: Person, *, by: Actor, now: datetime) -> int:
    """Both what the leaver took on and what they asked for: neither must be forgotten."""
    held = list(locked(Ask.objects.filter(_held(leaver)).select_related("thread")))
    for ask in held:
        move(
            ask,
            only_if={"state__in": list(Ask.UNSETTLED)},
            refused=_ANSWERED,
            taker=caretaker if ask.taker_id == leaver.pk else ask.taker,
            asker=caretaker if ask.asker_id == leaver.pk else ask.asker,
        )
        record(AskPassed(**_place(ask), old=leaver.pk, new=caretaker.pk), by=by, now=now)
        settle(ask.thread, now=now)
    return len(held)


register_holding(
    Holding(kind="ask", count=lambda person: Ask.objects.filter(_held(person)).count(), pass_on=_pass_on)
)


def _pass_on_to_successor(old_area: Area, new_area: Area, /, *, by: Actor, now: datetime) -> int:
    """What was asked of an area that ends, and what it asked itself, waits with its successor."""
    concerns = Q(to_area=old_area) | Q(from_area=old_area)
    asks = list(locked(Ask.objects.filter(concerns, state__in=Ask.UNSETTLED).select_related("thread")))
    for ask in asks:
        move(
            ask,
            only_if={"state__in": list(Ask.UNSETTLED)},
            refused=_ANSWERED,
            to_area=new_area if ask.to_area_id == old_area.pk else ask.to_area,
            from_area=new_area if ask.from_area_id == old_area.pk else ask.from_area,
        )
        record(AskAreaChanged(**_place(ask), old_area=old_area.pk, new_area=new_area.pk), by=by, now=now)
        settle(ask.thread, now=now)
    return len(asks)


register_area_work("ask", _pass_on_to_successor)
