"""Repeat orders ride on one supply thread per customer and year (SPEC 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import record, seal
from hilo.parties.actor import Actor
from hilo.work.access import require_on
from hilo.work.commands.conversation import said_moment
from hilo.work.commands.deliverables import deliver_together
from hilo.work.commands.step_runs import (
    PLAN_MOVED,
    STEP_FINISHED,
    WORK_ITEM_ENDED,
    plan_steps,
    skip_remaining,
)
from hilo.work.commands.templates import published_version
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.contradictions import look_for_contradictions
from hilo.work.events.deliveries import (
    DeliverableMoved,
    DeliverablePlanned,
    OrderCancelled,
    OrderClosed,
    OrderPlaced,
)
from hilo.work.events.place import Place, place_of
from hilo.work.gate import Hang, hangs
from hilo.work.models import Deliverable, Order, OrderLine, StepRun, Thread, WorkItem
from hilo.work.numbering import next_code
from hilo.work.settling import settle
from hilo.work.texts import line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineText:
    """One line of an order; an order of one typed line has one of these."""

    text: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    amount: Decimal | None = None
    currency: str = ""  # the thread's, unless it is said
    position: int | None = None  # another system's own number of the line; else they are counted


@command
def place_order(
    thread: Thread,
    *,
    text: str,
    lines: Iterable[LineText] = (),
    customer_reference: str = "",
    number: str = "",
    placed_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Order:
    """One typed line is enough: the supply template plans the steps, and one deliverable per line.

    ``placed_at`` is when the customer truly ordered; the plan counts from now.
    """
    require_on(by, "thread.work", thread)
    if thread.kind != Thread.Kind.SUPPLY:
        raise RuleViolation(_("Orders ride on the customer's supply thread of the year."), field="text")
    words = line(text, field="text", missing=_("Write in one line what is ordered."))
    version = published_version(thread.kind)
    if version is None:
        raise RuleViolation(_("No supply process is published. Ask an administrator to publish one."))
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    order = Order.objects.create(
        thread=thread,
        number=_number_given(thread, number) or _next_number(thread, now),
        text=words,
        customer_reference=line(customer_reference, field="customer_reference", most=80),
        placed_at=said_moment(placed_at, now),
    )
    texts = list(lines) or [LineText(text=words)]
    rows = _create_lines(order, texts)
    placed = OrderPlaced(**place_of_order(order), number=order.number, text=seal(words), lines=len(rows))
    record(placed, by=by, now=now, occurred_at=order.placed_at)
    item = WorkItem.objects.create(
        kind=WorkItem.Kind.ORDER, thread=thread, order=order, template_version=version
    )
    runs = plan_steps(
        item, version, answerable=by.person or thread.owner, delegation=thread.delegation, by=by, now=now
    )
    planned_for = delivery_date(runs)
    for row in rows:
        plan_delivery(order, row, planned_for, by=by, now=now)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
    return order


def _number_given(thread: Thread, given: str) -> str:
    """The customer's or another system's own number; the thread's row is locked, so nobody takes it too."""
    number = line(given, field="number", most=40)
    if number and thread.orders.filter(number=number).exists():
        raise RuleViolation(
            _("Order %(number)s is on this thread already.") % {"number": number}, field="number"
        )
    return number


def _next_number(thread: Thread, now: datetime) -> str:
    """The next of the year; past any that somebody typed by hand."""
    number = next_code(now.year, "order")
    while thread.orders.filter(number=number).exists():
        number = next_code(now.year, "order")
    return number


def _create_lines(order: Order, texts: list[LineText]) -> list[OrderLine]:
    return [create_line(order, each, position) for position, each in enumerate(texts, start=1)]


def create_line(order: Order, given: LineText, position: int) -> OrderLine:
    """``position`` counts unless the line brings its own."""
    return OrderLine.objects.create(
        order=order,
        position=given.position or position,
        text=line(given.text, field="lines"),
        quantity=given.quantity,
        unit=given.unit,
        amount=given.amount,
        currency=given.currency or order.thread.currency,
    )


def place_of_order(order: Order) -> Place:
    return place_of("order", order.pk, order.thread)


def plan_delivery(
    order: Order, row: OrderLine, planned_for: datetime | None, *, by: Actor, now: datetime
) -> None:
    deliverable = Deliverable.objects.create(
        thread=order.thread, order=order, order_line=row, name=row.text[:200], planned_for=planned_for
    )
    record(
        DeliverablePlanned(
            **place_of("deliverable", deliverable.pk, order.thread),
            name=seal(deliverable.name),
            planned_for=planned_for,
        ),
        by=by,
        now=now,
    )


@command
def cancel_order(order: Order, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """The customer takes it back: what has not been delivered is cancelled, its steps are not needed."""
    thread = order.thread
    require_on(by, "thread.work", thread)
    why = line(reason, field="reason", missing=_("Say why the order is cancelled."))
    if order.deliverables.filter(state__in=["delivered", "accepted", "tacit"]).exists():
        raise RuleViolation(_("Part of it is delivered: what is left must be returned, not cancelled."))
    move(
        order,
        only_if={"state": Order.State.OPEN},
        refused=_("This order is not open any more."),
        seen=seen,
        state=Order.State.CANCELLED,
        closed_at=now,
    )
    order.deliverables.exclude(state="cancelled").update(state="cancelled", settled_at=now)
    skip_remaining(order.work_item, reason=why, by=by, now=now)
    record(OrderCancelled(**place_of_order(order), reason=seal(why)), by=by, now=now)
    settle(thread, now=now)


def _deliver_what_the_step_delivers(step_run: StepRun, *, by: Actor, now: datetime) -> None:
    """Finishing a delivering step delivers what the order (or the thread) planned."""
    if step_run.step is None or not step_run.step.delivers:
        return
    planned = Deliverable.objects.filter(thread=step_run.thread_id, state__in=["planned", "refused"])
    together = list(planned.filter(order=step_run.work_item.order_id))
    if together:
        deliver_together(together, delivered_at=step_run.finished_at, by=by, now=now)


def _close_order_of(work_item: WorkItem, *, by: Actor, now: datetime) -> None:
    """All steps of an order are over: it closes by itself; what awaits acceptance hangs on its own."""
    order = work_item.order
    if order is None:
        return
    if Order.objects.filter(pk=order.pk, state=Order.State.OPEN).update(state="closed", closed_at=now):
        record(OrderClosed(**place_of_order(order)), by=by, now=now)


def _deliveries_follow_the_plan(work_item: WorkItem, /, *, by: Actor, now: datetime) -> None:
    """What an order delivers is planned for the date of its delivering step; later may be too late."""
    order = work_item.order
    if order is None:
        return
    due = delivery_date(work_item.step_runs.select_related("step").exclude(state="skipped"))
    if due is None:
        return
    for deliverable in order.deliverables.filter(state="planned").exclude(planned_for=due):
        old, deliverable.planned_for = deliverable.planned_for, due
        moved = order.deliverables.filter(pk=deliverable.pk, state="planned")
        if moved.update(planned_for=due, version=F("version") + 1):
            record(
                DeliverableMoved(
                    **place_of("deliverable", deliverable.pk, order.thread),
                    old=old,
                    new=due,
                    reason=seal(_("The plan of the order moved.")),
                ),
                by=by,
                now=now,
            )
    look_for_contradictions(order.thread, by=by, now=now)


def delivery_date(runs: Iterable[StepRun]) -> datetime | None:
    return max((run.due_at for run in runs if run.step and run.step.delivers and run.due_at), default=None)


STEP_FINISHED.append(_deliver_what_the_step_delivers)
PLAN_MOVED.append(_deliveries_follow_the_plan)
WORK_ITEM_ENDED.append(_close_order_of)


@hangs
def orders_open(thread: Thread, now: datetime) -> Iterator[Hang]:
    for order in thread.orders.filter(state=Order.State.OPEN):
        yield Hang(kind="open_order", type="order", id=order.pk, label=order.text)
