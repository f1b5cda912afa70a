"""Open a thread and change what it says of itself: words, readers, relations, the reserve of its plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, Sealed, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import CompanyPolicy, Customer, Delegation, Person
from hilo.parties.permissions import require
from hilo.parties.queries.company import policy
from hilo.parties.queries.customers import survivor_of
from hilo.parties.queries.people import hold_active
from hilo.parties.search import index
from hilo.rows import insert
from hilo.work.access import require_on
from hilo.work.commands.step_runs import begin_process
from hilo.work.commands.templates import published_version
from hilo.work.commands.unfolding import steps_of
from hilo.work.events.threads import (
    ReserveSet,
    ReserveUsed,
    ThreadChanged,
    ThreadMadeConfidential,
    ThreadMadeOpen,
    ThreadOpened,
    ThreadRelated,
)
from hilo.work.models import (
    ReserveUse,
    Step,
    TemplateVersion,
    Thread,
    ThreadReader,
    ThreadRelation,
    WorkItem,
)
from hilo.work.news import default_next_news
from hilo.work.numbering import next_code
from hilo.work.settling import settle
from hilo.work.texts import line, no_longer_here

ARCHIVED = gettext_lazy("This thread is in the archive. Reopen it first, saying why.")
NOT_ARCHIVED: dict[str, object] = {"state__in": [Thread.State.OPEN, Thread.State.PAUSED]}


@command
def open_thread(
    *,
    customer: Customer,
    title: str,
    kind: str,
    owner: Person,
    purpose: str = "",
    delegation: Delegation | None = None,
    priority: str = Thread.Priority.NORMAL,
    amount: Decimal | None = None,
    currency: str = "",
    year: int | None = None,
    template_version: TemplateVersion | None = None,
    plans_steps: bool = True,
    by: Actor,
    now: datetime,
) -> Thread:
    """Open a thread with its owner, plan and news date: template and policy prefill what nobody typed.

    A supply thread carries a year and no steps of its own: its orders run the template. ``plans_steps`` is
    False when something else on it does (a case). ``delegation`` defaults to the customer's.
    """
    customer = survivor_of(customer)
    site = delegation.pk if delegation else customer.delegation_id
    require(by, "thread.open", own=site in by.delegation_ids)
    hold_active(owner, refused=no_longer_here(owner), field="owner")
    supply_year = _supply_year(customer, kind, year or now.year)
    version = template_version or published_version(kind)
    steps = steps_of(version) if version else []
    rules = policy()
    thread = Thread(
        code=next_code(now.year),
        title=_title(title),
        purpose=line(purpose, field="purpose"),
        kind=kind,
        priority=priority,
        customer=customer,
        delegation_id=site,
        owner=owner,
        year=supply_year,
        amount=_amount(amount),
        currency=currency or rules.currency,
        opened_at=now,
        next_news_at=default_next_news(owner_id=owner.pk, priority=priority, said_at=now, rules=rules),
        next_kind="decide",  # settled below, in this transaction
        next_due=now,
        turn_of="area",
        reserve_minutes=_policy_reserve(steps, rules) if version else 0,
        reserve_justification="" if version else _("No plan yet: the thread has no template."),
    )
    insert(thread)
    item = insert(WorkItem(kind=WorkItem.Kind.THREAD, thread=thread, template_version=version))
    opened = _opened(thread, version)
    if version is not None and supply_year is None and plans_steps:
        require_on(by, "thread.work", thread)
        begin_process(
            item,
            steps,
            thread=thread,
            answerable=owner,
            delegation_id=site,
            opened=opened,
            by=by,
            now=now,
        )
    else:
        record(opened, by=by, now=now)
    index_thread(thread)
    settle(thread, now=now)
    return thread


def _supply_year(customer: Customer, kind: str, year: int) -> int | None:
    if kind != Thread.Kind.SUPPLY:
        return None
    # Locked first: of two who open one at once, the second sees the first's.
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if Thread.objects.filter(customer=customer, year=year, kind=kind).exists():
        raise RuleViolation(
            _("%(customer)s already has its supply thread of %(year)s: put the order there.")
            % {"customer": customer.name, "year": year},
            field="kind",
        )
    return year


def _title(text: str) -> str:
    return line(text, field="title", most=200, missing=_("Say in a few words what it is about."))


def _amount(amount: Decimal | None) -> Decimal | None:
    if amount is not None and amount < 0:
        raise RuleViolation(_("An amount cannot be negative."), field="amount")
    return amount


def _policy_reserve(steps: list[Step], rules: CompanyPolicy) -> int:
    """The reserve of a plan, by policy a share of its steps' target time (SPEC 2.9); at least a minute."""
    planned = sum(step.target_minutes for step in steps)
    return max(1, planned * rules.default_reserve_share // 100)


def _opened(thread: Thread, version: TemplateVersion | None) -> ThreadOpened:
    return ThreadOpened(
        subject=Ref("thread", thread.pk),
        thread_id=thread.pk,
        customer_id=thread.customer_id,
        delegation_id=thread.delegation_id,
        code=thread.code,
        thread_kind=thread.kind,
        title=seal(thread.title),
        purpose=seal(thread.purpose) if thread.purpose else None,
        owner=thread.owner_id,
        priority=thread.priority,
        template_version=version.pk if version else None,
        amount=thread.amount,
        currency=thread.currency,
    )


def index_thread(thread: Thread) -> None:
    """Keep Ctrl K able to find it by code, title and customer."""
    index(
        "thread",
        thread.pk,
        title=thread.title,
        subtitle=f"{thread.customer.name} · {thread.code}",
        text=f"{thread.code} {thread.title} {thread.purpose} {thread.customer.name}",
        thread_id=thread.pk,
    )


@command
def change_thread(
    thread: Thread,
    *,
    title: str | None = None,
    purpose: str | None = None,
    priority: str | None = None,
    amount: Decimal | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """Change what the thread says of itself; what is None stays as it is."""
    require_on(by, "thread.work", thread)
    given: dict[str, str | Decimal | None] = {
        "title": None if title is None else _title(title),
        "purpose": None if purpose is None else line(purpose, field="purpose"),
        "priority": priority,
        "amount": _amount(amount),
    }
    changes = {
        name: value for name, value in given.items() if value is not None and value != getattr(thread, name)
    }
    if not changes:
        raise RuleViolation(_("Nothing is different from before. Change something, or leave it."))
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, seen=seen, **changes)
    record(_changed(thread, changes), by=by, now=now)
    index_thread(thread)
    settle(thread, now=now)


def _changed(thread: Thread, changes: dict[str, str | Decimal]) -> ThreadChanged:
    def sealed(name: str) -> Sealed | None:
        return seal(getattr(thread, name)) if name in changes else None

    return ThreadChanged(
        subject=Ref("thread", thread.pk),
        thread_id=thread.pk,
        customer_id=thread.customer_id,
        fields=tuple(sorted(changes)),
        title=sealed("title"),
        purpose=sealed("purpose"),
        priority=thread.priority if "priority" in changes else None,
        amount=thread.amount if "amount" in changes else None,
        currency=thread.currency if "amount" in changes else None,
    )


@command
def make_confidential(
    thread: Thread, *, readers: Iterable[Person], seen: int, by: Actor, now: datetime
) -> None:
    """From now on the thread exists only for its owner and the people named (who should include ``by``)."""
    require_on(by, "thread.make_confidential", thread)
    people = {person.pk: person for person in readers if person.is_active}
    if not people:
        raise RuleViolation(_("Name at least one person who may read it."), field="readers")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, seen=seen, is_confidential=True)
    ThreadReader.objects.filter(thread=thread).exclude(person__in=people).delete()
    known = set(ThreadReader.objects.filter(thread=thread).values_list("person_id", flat=True))
    ThreadReader.objects.bulk_create(
        ThreadReader(thread=thread, person=person) for person in people.values() if person.pk not in known
    )
    record(
        ThreadMadeConfidential(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            readers=tuple(sorted(people)),
        ),
        by=by,
        now=now,
    )


@command
def make_open(thread: Thread, *, seen: int, by: Actor, now: datetime) -> None:
    """Everybody inside reads it again."""
    require_on(by, "thread.make_confidential", thread)
    move(
        thread,
        only_if={"is_confidential": True},
        refused=_("Everybody inside can read this thread already."),
        seen=seen,
        is_confidential=False,
    )
    ThreadReader.objects.filter(thread=thread).delete()
    record(
        ThreadMadeOpen(subject=Ref("thread", thread.pk), thread_id=thread.pk, customer_id=thread.customer_id),
        by=by,
        now=now,
    )


@command
def relate_threads(thread: Thread, *, other: Thread, by: Actor, now: datetime) -> None:
    """Point each at the other; both timelines say so."""
    require_on(by, "thread.work", thread)
    if thread.pk == other.pk:
        raise RuleViolation(_("A thread is always related to itself. Choose another one."), field="other")
    first, second = sorted((thread, other), key=lambda each: each.pk)
    _row, made = ThreadRelation.objects.get_or_create(
        thread=first, other=second, defaults={"created_at": now}
    )
    if not made:
        raise RuleViolation(_("These two threads are related already."), field="other")
    record(
        ThreadRelated(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            related=(Related("thread", other.pk, "related"),),
            other=other.pk,
        ),
        by=by,
        now=now,
    )


@command
def set_reserve(
    thread: Thread, *, minutes: int, justification: str = "", seen: int, by: Actor, now: datetime
) -> None:
    """The plan's reserve of business time; a plan with none needs a justification (SPEC 2.9)."""
    require_on(by, "thread.work", thread)
    why = line(justification, field="justification")
    if minutes < 0:
        raise RuleViolation(_("A reserve cannot be negative."), field="minutes")
    if minutes == 0 and not why:
        raise RuleViolation(
            _("A plan without reserve needs a reason: say why nothing can go wrong."), field="justification"
        )
    move(
        thread,
        only_if=NOT_ARCHIVED,
        refused=ARCHIVED,
        seen=seen,
        reserve_minutes=minutes,
        reserve_justification=why,
    )
    record(
        ReserveSet(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            minutes=minutes,
            justification=seal(why) if why else None,
        ),
        by=by,
        now=now,
    )


@command
def use_reserve(thread: Thread, *, minutes: int, reason: str, by: Actor, now: datetime) -> ReserveUse:
    """Log what used up the reserve; anybody who works on the thread may. Using more than there is shows."""
    require_on(by, "thread.work", thread)
    why = line(reason, field="reason", missing=_("Say what used it up: the next plan learns from it."))
    if minutes <= 0:
        raise RuleViolation(_("Say how much of the reserve it used up."), field="minutes")
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    use = ReserveUse.objects.create(thread=thread, minutes=minutes, reason=why, used_by=by.one, used_at=now)
    record(
        ReserveUsed(
            subject=Ref("thread", thread.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            minutes=minutes,
            reason=seal(why),
        ),
        by=by,
        now=now,
    )
    return use
