"""Steps, handoffs, orders, asks and loose ends of a thread, told by who does them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from hilo.demo.engagement import Engagement, When
from hilo.demo.stage import Play, Stage
from hilo.work.commands.asks import (
    accept_ask,
    agree_to_counter,
    counter_ask,
    decline_ask,
    finish_ask,
    make_ask,
    withdraw_ask,
)
from hilo.work.commands.handoffs import (
    accept_handoff,
    accept_with_conditions,
    confirm_conditions,
    fill_item,
    mark_missing,
    offer_handoff,
    offer_to_colleague,
    prepare_handoff,
    return_handoff,
    withdraw_handoff,
)
from hilo.work.commands.loose_ends import pin_loose_end, settle_loose_end
from hilo.work.commands.orders import LineText, place_order
from hilo.work.commands.replanning import replan_step
from hilo.work.commands.step_runs import (
    add_step,
    finish_step,
    reopen_step,
    resume_step,
    skip_remaining,
    skip_step,
    wait_for,
)
from hilo.work.commands.threads import open_thread
from hilo.work.models import (
    Ask,
    DocumentVersion,
    Handoff,
    HandoffItem,
    LooseEnd,
    Order,
    StepRun,
    Thread,
    WorkItem,
)


class Tale(Engagement):
    def __init__(self, stage: Stage, thread: Thread, customer: str, order: Order | None = None) -> None:
        super().__init__(stage, thread, customer)
        self.order = order

    @cached_property
    def item(self) -> WorkItem:
        """What the steps named here belong to: the order, or else the thread itself."""
        if self.order is not None:
            return self.order.work_item
        return self.thread.work_items.get(kind=WorkItem.Kind.THREAD)

    def step(self, key: str) -> StepRun:
        """By its key in the template; one added by hand, by its name."""
        runs = self.item.step_runs.select_related("step", "area", "thread")
        return runs.get(Q(step__key=key) | Q(step=None, name=key))

    def offered(self, key: str) -> Handoff:
        return self.step(key).handoffs.get(state__in=Handoff.OPEN_STATES)

    # Steps --------------------------------------------------------------------------------------------

    def finishes(self, who: str, key: str) -> None:
        step = self.step(key)
        finish_step(step, seen=step.version, by=self.by(who), now=self.tick())

    def skips(self, who: str, key: str, reason: str) -> None:
        step = self.step(key)
        skip_step(step, reason=reason, seen=step.version, by=self.by(who), now=self.tick())

    def skips_the_rest(self, who: str, reason: str) -> None:
        skip_remaining(self.item, reason=reason, by=self.by(who), now=self.tick())

    def reopens_step(self, who: str, key: str, reason: str) -> None:
        step = self.step(key)
        reopen_step(step, reason=reason, seen=step.version, by=self.by(who), now=self.tick())

    def reschedules(self, who: str, key: str, *, to: When, reason: str) -> None:
        step = self.step(key)
        replan_step(
            step,
            edge="end",
            to=self.moment(to),
            reason=reason,
            seen=step.version,
            by=self.by(who),
            now=self.tick(),
        )

    def waits(self, who: str, key: str, whom: str, what: str) -> None:
        step = self.step(key)
        wait_for(step, whom=whom, what=what, seen=step.version, by=self.by(who), now=self.tick())

    def goes_on(self, who: str, key: str) -> None:
        step = self.step(key)
        resume_step(step, seen=step.version, by=self.by(who), now=self.tick())

    def adds_step(
        self, who: str, name: str, area: str, *, days: int, after: Iterable[str] = (), at: str = "zaragoza"
    ) -> None:
        add_step(
            self.item,
            name=name,
            area=self.stage.areas[area],
            delegation=self.stage.delegations[at],
            after=[self.step(key) for key in after],
            target_minutes=days * 480,
            by=self.by(who),
            now=self.tick(),
        )

    # Handoffs -----------------------------------------------------------------------------------------

    def offers(
        self,
        who: str,
        key: str,
        ask: str,
        *,
        due: When,
        to: str | None = None,
        gaps: Mapping[str, str] | None = None,
        papers: Mapping[str, DocumentVersion] | None = None,
    ) -> None:
        """What is missing is explained in ``gaps``; the rest of the list is complete."""
        step = self.step(key)
        handoff = step.handoffs.filter(state=Handoff.State.DRAFT).first()
        if handoff is None:
            handoff = prepare_handoff(step, by=self.by(who), now=self.tick())
        for item in handoff.items.filter(state=HandoffItem.State.MISSING):
            self._fill(who, item, gaps or {}, papers or {})
        handoff.refresh_from_db()
        offer_handoff(
            handoff,
            ask=ask,
            proposed_due=self.moment(due),
            to_person=self.person(to) if to else None,
            seen=handoff.version,
            by=self.by(who),
            now=self.tick(),
        )

    def prepares(self, who: str, key: str) -> None:
        prepare_handoff(self.step(key), by=self.by(who), now=self.tick())

    def _fill(
        self, who: str, item: HandoffItem, gaps: Mapping[str, str], papers: Mapping[str, DocumentVersion]
    ) -> None:
        why = gaps.get(item.key, "")
        fill_item(
            item,
            state=HandoffItem.State.EXPLAINED if why else HandoffItem.State.COMPLETE,
            explanation=why,
            document_version=papers.get(item.key),
            by=self.by(who),
            now=self.tick(),
        )

    def accepts(self, who: str, key: str, read_back: str = "", *, holder: str | None = None) -> None:
        handoff = self.offered(key)
        accept_handoff(
            handoff,
            read_back=read_back,
            holder=self.person(holder) if holder else None,
            seen=handoff.version,
            by=self.by(who),
            now=self.tick(),
        )

    def accepts_if(
        self, who: str, key: str, conditions: str, *, due: When, hours: int | None = None, back: str
    ) -> None:
        handoff = self.offered(key)
        accept_with_conditions(
            handoff,
            due=self.moment(due),
            hours=None if hours is None else Decimal(hours),
            conditions=conditions,
            read_back=back,
            seen=handoff.version,
            by=self.by(who),
            now=self.tick(),
        )

    def confirms(self, who: str, key: str) -> None:
        handoff = self.offered(key)
        confirm_conditions(handoff, seen=handoff.version, by=self.by(who), now=self.tick())

    def returns(
        self,
        who: str,
        key: str,
        comment: str,
        *,
        reason: str = "gaps",
        lacks: Iterable[str] = (),
        also: Iterable[str] = (),
    ) -> None:
        """``lacks`` are keys of the list; ``also`` is what was not on it."""
        handoff = self.offered(key)
        return_handoff(
            handoff,
            reason=reason,
            comment=comment,
            blocking_items=handoff.items.filter(key__in=list(lacks)),
            missing_texts=list(also),
            seen=handoff.version,
            by=self.by(who),
            now=self.tick(),
        )

    def takes_back(self, who: str, key: str, reason: str) -> None:
        handoff = self.offered(key)
        withdraw_handoff(handoff, reason=reason, seen=handoff.version, by=self.by(who), now=self.tick())

    def found_missing(self, who: str, key: str, item: str) -> None:
        handoff = self.step(key).handoffs.get(state=Handoff.State.ACCEPTED)
        mark_missing(handoff.items.get(key=item), by=self.by(who), now=self.tick())

    def asks_colleague(self, who: str, key: str, colleague: str, ask: str) -> None:
        step = self.step(key)
        offer_to_colleague(
            step,
            colleague=self.person(colleague),
            ask=ask,
            seen=step.version,
            by=self.by(who),
            now=self.tick(),
        )

    # Stretches that most threads go through -----------------------------------------------------------

    def hands(
        self,
        key: str,
        giver: str,
        taker: str,
        ask: str,
        back: str,
        *,
        on: int,
        answered: int,
        due: When,
        gaps: Mapping[str, str] | None = None,
    ) -> Play:
        """Offered on one day, accepted on another with a read-back."""
        yield self.stage.at(on)
        self.offers(giver, key, ask, due=due, gaps=gaps)
        yield self.stage.at(answered, f"16:{self.stage.rng.randint(5, 55):02}")
        self.accepts(taker, key, back)

    def takes_and_does(self, key: str, who: str, *, on: int, done: int) -> Play:
        """A light step, offered by itself: one key, and later it is done."""
        yield self.stage.at(on)
        self.accepts(who, key)
        yield self.stage.at(done, f"12:{self.stage.rng.randint(5, 55):02}")
        self.finishes(who, key)

    def does(self, key: str, who: str, *, on: int) -> Play:
        yield self.stage.at(on, f"13:{self.stage.rng.randint(5, 55):02}")
        self.finishes(who, key)

    # Orders -------------------------------------------------------------------------------------------

    def orders(self, who: str, text: str, lines: Iterable[LineText] = (), reference: str = "") -> Tale:
        """The order as a tale of its own, with its own steps."""
        order = place_order(
            self.thread,
            text=text,
            lines=lines,
            customer_reference=reference,
            by=self.by(who),
            now=self.tick(),
        )
        return Tale(self.stage, self.thread, self.customer, order)

    @property
    def number(self) -> str:
        assert self.order is not None
        return self.order.number

    # Loose ends and asks ------------------------------------------------------------------------------

    def pins(self, who: str, text: str, *, due: When | None = None, owner: str | None = None) -> LooseEnd:
        return pin_loose_end(
            self.thread,
            text=text,
            owner=self.person(owner) if owner else None,
            due_at=None if due is None else self.moment(due),
            by=self.by(who),
            now=self.tick(),
        )

    def settles(self, who: str, loose_end: LooseEnd, outcome: str) -> None:
        loose_end.refresh_from_db()
        settle_loose_end(loose_end, outcome=outcome, seen=loose_end.version, by=self.by(who), now=self.tick())

    def asks(self, who: str, area: str, what: str, why: str, *, due: When, at: str = "zaragoza") -> Ask:
        return make_ask(
            self.thread,
            to_area=self.stage.areas[area],
            to_delegation=self.stage.delegations[at],
            what=what,
            why=why,
            due_at=self.moment(due),
            by=self.by(who),
            now=self.tick(),
        )

    def takes_on(self, who: str, ask: Ask) -> None:
        accept_ask(ask, seen=_version(ask), by=self.by(who), now=self.tick())

    def counters(self, who: str, ask: Ask, comment: str, *, due: When) -> None:
        counter_ask(
            ask,
            due_at=self.moment(due),
            comment=comment,
            seen=_version(ask),
            by=self.by(who),
            now=self.tick(),
        )

    def agrees(self, who: str, ask: Ask) -> None:
        agree_to_counter(ask, seen=_version(ask), by=self.by(who), now=self.tick())

    def refuses(self, who: str, ask: Ask, reason: str) -> None:
        decline_ask(ask, reason=reason, seen=_version(ask), by=self.by(who), now=self.tick())

    def fulfils(self, who: str, ask: Ask, answer: str) -> None:
        finish_ask(ask, answer=answer, seen=_version(ask), by=self.by(who), now=self.tick())

    def no_longer_asks(self, who: str, ask: Ask) -> None:
        withdraw_ask(ask, seen=_version(ask), by=self.by(who), now=self.tick())


def _version(ask: Ask) -> int:
    ask.refresh_from_db()
    return ask.version


def opens(
    stage: Stage,
    who: str,
    customer: str,
    title: str,
    kind: str,
    *,
    purpose: str,
    amount: int | None = None,
    priority: str = "normal",
) -> Tale:
    """``who`` owns it from the first word."""
    thread = open_thread(
        customer=stage.customers[customer],
        title=title,
        kind=kind,
        owner=stage.people[who],
        purpose=purpose,
        priority=priority,
        amount=None if amount is None else Decimal(amount),
        by=stage.by(who),
        now=stage.tick(),
    )
    return Tale(stage, thread, customer)
