"""What the customer will receive: planned, delivered, accepted by them or tacitly, refused (SPEC 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import CompanyPolicy, Contact
from hilo.parties.queries.calendars import clock_of, day_of
from hilo.parties.queries.customers import customer_family_ids
from hilo.work.access import require_on
from hilo.work.commands.conversation import customers_people, said_moment, tell_customer
from hilo.work.commands.promised_dates import Telling, require_telling, tell_of
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.contradictions import look_for_contradictions
from hilo.work.events.deliveries import (
    DeliverableAccepted,
    DeliverableAcceptedTacitly,
    DeliverableCancelled,
    DeliverableDelivered,
    DeliverableMoved,
    DeliverablePlanned,
    DeliverableRefused,
)
from hilo.work.events.place import Place, place_of
from hilo.work.gate import Hang, hangs
from hilo.work.models import Deliverable, Order, OrderLine, Promise, Thread, TurnOf
from hilo.work.news import default_next_news
from hilo.work.settling import NextStep, next_steps, settle
from hilo.work.texts import line

_PLANNED: dict[str, object] = {"state__in": [Deliverable.State.PLANNED, Deliverable.State.REFUSED]}
_DELIVERED: dict[str, object] = {"state": Deliverable.State.DELIVERED}
_NOT_DELIVERED = gettext_lazy("Only what is delivered and not yet accepted can be accepted or refused.")


def _place(deliverable: Deliverable, *related: Related) -> Place:
    if deliverable.order_id:
        related = (*related, Related("order", deliverable.order_id, "of"))
    return place_of("deliverable", deliverable.pk, deliverable.thread, related=related)


@command
def plan_deliverable(
    thread: Thread,
    *,
    name: str,
    criterion: str = "",
    planned_for: datetime | None = None,
    order: Order | None = None,
    order_line: OrderLine | None = None,
    by: Actor,
    now: datetime,
) -> Deliverable:
    """Say what the customer will receive, and when the plan has it."""
    require_on(by, "thread.work", thread)
    words = line(name, field="name", most=200, missing=_("Say what the customer will receive."))
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    deliverable = Deliverable.objects.create(
        thread=thread,
        order=order,
        order_line=order_line,
        name=words,
        criterion=line(criterion, field="criterion"),
        planned_for=planned_for,
    )
    record(
        DeliverablePlanned(**_place(deliverable), name=seal(words), planned_for=planned_for), by=by, now=now
    )
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
    return deliverable


@command
def move_deliverable(
    deliverable: Deliverable,
    *,
    to: datetime,
    reason: str,
    telling: Telling | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """The plan has another date: normal work when early, explained and told to the customer (SPEC 2.9)."""
    thread = deliverable.thread
    require_on(by, "thread.work", thread)
    why = line(reason, field="reason", missing=_("Say why the date moves."))
    if to <= now:
        raise RuleViolation(_("Choose a moment still to come."), field="to")
    old = deliverable.planned_for
    if to == old:
        raise RuleViolation(_("That is the date it has already."), field="to")
    late = promises_passed(deliverable, to=to)
    require_telling(late, telling)
    move(
        deliverable,
        only_if=_PLANNED,
        refused=_("It is delivered already."),
        seen=seen,
        planned_for=to,
    )
    record(DeliverableMoved(**_place(deliverable), old=old, new=to, reason=seal(why)), by=by, now=now)
    tell_of(late, thread, telling, by=by, now=now)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)


def promises_passed(deliverable: Deliverable, *, to: datetime) -> list[Promise]:
    """Those of this thing that its date keeps and the new one would not, by days, as a contradiction is."""
    zone = ZoneInfo(deliverable.thread.delegation.zone)
    found = deliverable.promises.filter(state=Promise.State.OPEN).select_related("contact")
    old = deliverable.planned_for
    return [
        one
        for one in found.order_by("due_at", "pk")
        if _passes(to, one, zone) and not (old is not None and _passes(old, one, zone))
    ]


def _passes(planned: datetime, promise: Promise, zone: ZoneInfo) -> bool:
    return planned.astimezone(zone).date() > promise.due_at.astimezone(zone).date()


@command
def deliver(
    deliverable: Deliverable,
    *,
    delivered_at: datetime | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """The customer has it, and is told so: their silence counts as acceptance only from that notice on."""
    deliver_together([deliverable], delivered_at=delivered_at, seen=seen, by=by, now=now)


def deliver_together(
    deliverables: list[Deliverable],
    *,
    delivered_at: datetime | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """What leaves in one delivery is told to the customer once (part of a command; all of one thread)."""
    thread = deliverables[0].thread
    require_on(by, "thread.work", thread)
    moment = said_moment(delivered_at, now)
    whom = whom_to_notify(thread)
    days = CompanyPolicy.objects.get(pk=1).tacit_acceptance_working_days
    clock = clock_of(None, thread.delegation_id)
    tacit_at = clock.end_of_day(clock.add_working_days(day_of(clock, now), days)) if whom else None
    for each in deliverables:
        move(
            each,
            only_if=_PLANNED,
            refused=_("Somebody has already noted this delivery."),
            seen=seen,
            state=Deliverable.State.DELIVERED,
            delivered_at=moment,
            notified_at=now if whom else None,
            tacit_at=tacit_at,
            settled_at=None,
        )
        record(DeliverableDelivered(**_place(each), tacit_at=tacit_at), by=by, now=now, occurred_at=moment)
    if whom is not None:
        soon = default_next_news(owner_id=thread.owner_id, priority=thread.priority, said_at=now)
        tell_customer(
            thread,
            text=_delivery_notice(deliverables, whom, days=days),
            contacts=[whom],
            next_news_at=max(soon, thread.next_news_at or soon),  # what was promised for later stays promised
            by=by,
            now=now,
        )
    else:
        look_for_contradictions(thread, by=by, now=now)
        settle(thread, now=now)


def whom_to_notify(thread: Thread) -> Contact | None:
    """Who buys, or else who uses it, or whoever is there; nobody to tell means no silence to count."""
    family = customer_family_ids(thread.customer)
    present = Contact.objects.filter(customer__in=family, left_at__isnull=True, erased_at__isnull=True)
    roles = (Contact.Role.BUYS, Contact.Role.USES, Contact.Role.DECIDES)
    rank = {role: place for place, role in enumerate(roles)}
    return min(present, key=lambda contact: (rank.get(contact.role, len(rank)), contact.pk), default=None)  # type: ignore[call-overload]


def _delivery_notice(deliverables: list[Deliverable], whom: Contact, *, days: int) -> str:
    """In the customer's language. It states no day, lest that be read as one more date of delivery."""
    order = deliverables[0].order
    with translation.override(whom.language):
        names = ", ".join(f"«{each.name}»" for each in deliverables)
        what = _("Your order %(number)s") % {"number": order.number} if order else names
        if order and order.customer_reference:
            what += f" ({order.customer_reference})"
        return ngettext(
            "%(what)s: delivered. If something is not right, tell us within %(days)s working day; "
            "after that we take it as accepted.",
            "%(what)s: delivered. If something is not right, tell us within %(days)s working days; "
            "after that we take it as accepted.",
            days,
        ) % {"what": what, "days": days}


@command
def accept_delivery(
    deliverable: Deliverable,
    *,
    contact: Contact,
    evidence: str,
    accepted_at: datetime | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """The customer accepts; it says who, and how we know."""
    thread = deliverable.thread
    require_on(by, "thread.work", thread)
    customers_people(thread, [contact])
    proof = line(evidence, field="evidence", missing=_("Say how they accepted: signed note, mail, call."))
    moment = said_moment(accepted_at, now)
    move(
        deliverable,
        only_if=_DELIVERED,
        refused=_NOT_DELIVERED,
        seen=seen,
        state=Deliverable.State.ACCEPTED,
        settled_at=moment,
        accepted_by=contact,
        evidence=proof,
    )
    record(
        DeliverableAccepted(
            **_place(deliverable, Related("contact", contact.pk, "accepted")),
            contact=contact.pk,
            evidence=seal(proof),
        ),
        by=by,
        now=now,
        occurred_at=moment,
    )
    settle(thread, now=now)


@command
def accept_tacitly(deliverable: Deliverable, *, by: Actor, now: datetime) -> None:
    """Nobody objected within the notified working days; counted apart from real acceptance."""
    if not by.is_system:
        raise RuleViolation(_("Only the passing of the notified days accepts tacitly."))
    days = CompanyPolicy.objects.get(pk=1).tacit_acceptance_working_days
    move(
        deliverable,
        only_if={**_DELIVERED, "tacit_at__lt": now},
        refused=_NOT_DELIVERED,
        state=Deliverable.State.TACIT,
        settled_at=deliverable.tacit_at,
    )
    record(
        DeliverableAcceptedTacitly(**_place(deliverable), days=days),
        by=by,
        now=now,
        occurred_at=deliverable.tacit_at,
    )
    settle(deliverable.thread, now=now)


@command
def refuse_delivery(
    deliverable: Deliverable, *, contact: Contact, reason: str, seen: int, by: Actor, now: datetime
) -> None:
    """The customer does not accept it: it must be put right and delivered again."""
    thread = deliverable.thread
    require_on(by, "thread.work", thread)
    customers_people(thread, [contact])
    why = line(reason, field="reason", missing=_("Say what the customer finds wrong, in their words."))
    move(
        deliverable,
        only_if=_DELIVERED,
        refused=_NOT_DELIVERED,
        seen=seen,
        state=Deliverable.State.REFUSED,
        settled_at=now,
        tacit_at=None,
    )
    record(
        DeliverableRefused(
            **_place(deliverable, Related("contact", contact.pk, "refused")),
            contact=contact.pk,
            reason=seal(why, about=None),
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


@command
def cancel_deliverable(deliverable: Deliverable, *, reason: str, seen: int, by: Actor, now: datetime) -> None:
    """The customer no longer wants it."""
    require_on(by, "thread.work", deliverable.thread)
    why = line(reason, field="reason", missing=_("Say why the customer no longer wants it."))
    move(
        deliverable,
        only_if=_PLANNED,
        refused=_("It is delivered already."),
        seen=seen,
        state=Deliverable.State.CANCELLED,
        settled_at=now,
    )
    record(DeliverableCancelled(**_place(deliverable), reason=seal(why)), by=by, now=now)
    look_for_contradictions(deliverable.thread, by=by, now=now)
    settle(deliverable.thread, now=now)


@next_steps(lambda thread: thread.deliverables.filter(state__in=["delivered", "refused"]))
def acceptances_awaited(
    thread: Thread, deliverables: Iterable[Deliverable], now: datetime
) -> Iterator[NextStep]:
    """Delivered and told: the customer's turn. Refused, or nobody to tell: the owner's, at once."""
    for each in deliverables:
        waits = each.tacit_at is not None
        asks = each.state == Deliverable.State.DELIVERED
        yield NextStep(
            due=each.tacit_at or each.settled_at or each.delivered_at or now,
            kind="await_acceptance" if waits else "ask_acceptance" if asks else "put_right",
            type="deliverable",
            id=each.pk,
            label=each.name,
            turn=TurnOf.CUSTOMER if waits else TurnOf.AREA,
            person_id=None if waits else thread.owner_id,
        )


@hangs
def deliverables_unaccepted(thread: Thread, now: datetime) -> Iterator[Hang]:
    for each in thread.deliverables.filter(state__in=["planned", "delivered", "refused"]):
        yield Hang(
            kind=f"{each.state}_deliverable",
            type="deliverable",
            id=each.pk,
            label=each.name,
            due=each.tacit_at or each.planned_for,
        )
