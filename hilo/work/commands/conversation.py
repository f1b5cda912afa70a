"""What is said: messages to the customer, what the customer says, notes, decisions, requirements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record, seal
from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.parties.queries.customers import customer_family_ids
from hilo.rows import insert
from hilo.work.access import require_on
from hilo.work.commands.threads import ARCHIVED, NOT_ARCHIVED
from hilo.work.contradictions import look_for_contradictions
from hilo.work.events.conversation import (
    AffectedGroupNamed,
    AffectedGroupTold,
    AffectedGroupTrained,
    NoteWritten,
    RequirementStated,
    RequirementWithdrawn,
    UpdateSaid,
)
from hilo.work.models import AffectedGroup, Note, Requirement, Thread, Update
from hilo.work.news import default_next_news, require_working_moment
from hilo.work.settling import settle
from hilo.work.texts import line, prose

_UNSAID = gettext_lazy("Write what the customer should know.")
_only_noted: ContextVar[bool] = ContextVar("only_noted", default=False)


@contextmanager
def noting_only() -> Iterator[None]:
    """What customers are told in here they were told already, or never will be: no mail leaves."""
    token = _only_noted.set(True)
    try:
        yield
    finally:
        _only_noted.reset(token)


@command
def tell_customer(
    thread: Thread,
    *,
    text: str,
    contacts: Iterable[Contact],
    channel: str = Update.Channel.MAIL,
    next_news_at: datetime | None = None,
    said_at: datetime | None = None,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> Update:
    """Tell the customer how it stands and when they hear next; this alone moves the news date freely.

    ``said_at`` is when it was truly said ("I called them yesterday"): the news clock counts from there. With
    channel mail the message leaves after the commit, when sending is set up.
    """
    require_on(by, "thread.work", thread)
    words = prose(text, field="text", missing=str(_UNSAID))
    people = customers_people(thread, contacts)
    moment = said_moment(said_at, now)
    if next_news_at is not None:
        require_working_moment(thread.owner_id, next_news_at, now=now)
    promised = next_news_at or default_next_news(
        owner_id=thread.owner_id, priority=thread.priority, said_at=moment
    )
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED, seen=seen, next_news_at=promised)
    update = Update.objects.create(
        thread=thread,
        said_by=by.person or thread.owner,  # what Hilo says by itself, it says in the owner's name
        channel=channel,
        text=words,
        said_at=moment,
        next_news_at=promised,
        mail=_mail_state(channel, said_now=moment == now),
    )
    update.contacts.set(people)
    record(_update_said(update, thread, people), by=by, now=now, occurred_at=moment)
    look_for_contradictions(thread, by=by, now=now)
    settle(thread, now=now)
    return update


def _mail_state(channel: str, *, said_now: bool) -> Update.Mail:
    """Only what is written now leaves by mail; a mail of yesterday was sent from somewhere else."""
    leaves = (
        channel == Update.Channel.MAIL and said_now and settings.HILO_SENDS_MAIL and not _only_noted.get()
    )
    return Update.Mail.QUEUED if leaves else Update.Mail.NONE


def _update_said(update: Update, thread: Thread, people: list[Contact]) -> UpdateSaid:
    return UpdateSaid(
        subject=Ref("update", update.pk),
        thread_id=thread.pk,
        customer_id=thread.customer_id,
        related=tuple(Related("contact", contact.pk, "told") for contact in people),
        channel=update.channel,
        text=seal(update.text),
        contacts=tuple(contact.pk for contact in people),
        next_news=update.next_news_at,
    )


def customers_people(thread: Thread, contacts: Iterable[Contact]) -> list[Contact]:
    """Only people of this customer (or of a customer merged with it), still there."""
    people = list(contacts)
    family = customer_family_ids(thread.customer)
    if not people:
        raise RuleViolation(_("Choose who at the customer is told."), field="contacts")
    for contact in people:
        if contact.customer_id not in family or contact.erased_at or contact.left_at:
            raise RuleViolation(
                _("%(name)s does not work at this customer (any more). Choose somebody who does.")
                % {"name": contact},
                field="contacts",
            )
    return people


def said_moment(said_at: datetime | None, now: datetime) -> datetime:
    if said_at is not None and said_at > now:
        raise RuleViolation(_("It cannot have been said in the future."), field="said_at")
    return said_at or now


@command
def write_note(
    thread: Thread,
    *,
    text: str,
    kind: str = Note.Kind.NOTE,
    channel: str = Note.Channel.NONE,
    contact: Contact | None = None,
    happened_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Note:
    """An internal note, a decision, or what the customer said (then ``contact`` says who)."""
    require_on(by, "thread.work", thread)
    words = prose(text, field="text", missing=_("Write what should be remembered."))
    if kind == Note.Kind.CUSTOMER and contact is None:
        raise RuleViolation(_("Say who at the customer said it."), field="contact")
    if contact is not None:
        customers_people(thread, [contact])
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    note = insert(
        Note(
            thread=thread,
            kind=kind,
            channel=channel,
            text=words,
            author=by.one,
            contact=contact,
            happened_at=said_moment(happened_at, now),
        )
    )
    record(
        NoteWritten(
            subject=Ref("note", note.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            related=(Related("contact", contact.pk, "said"),) if contact else (),
            note_kind=kind,
            text=seal(words, about=Ref("contact", contact.pk) if contact else None),
            channel=channel,
            contact=contact.pk if contact else None,
        ),
        by=by,
        now=now,
        occurred_at=note.happened_at,
    )
    settle(thread, now=now)
    return note


@command
def state_requirement(
    thread: Thread,
    *,
    text: str,
    contact: Contact | None = None,
    stated_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Requirement:
    """What the customer asks for, in their words."""
    require_on(by, "thread.work", thread)
    words = line(text, field="text", most=500, missing=_("Write what the customer asks for."))
    if contact is not None:
        customers_people(thread, [contact])
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    requirement = Requirement.objects.create(
        thread=thread, text=words, contact=contact, author=by.one, stated_at=said_moment(stated_at, now)
    )
    record(
        RequirementStated(
            subject=Ref("requirement", requirement.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            related=(Related("contact", contact.pk, "asked"),) if contact else (),
            text=seal(words, about=Ref("contact", contact.pk) if contact else None),
            contact=contact.pk if contact else None,
        ),
        by=by,
        now=now,
        occurred_at=requirement.stated_at,
    )
    settle(thread, now=now)
    return requirement


@command
def withdraw_requirement(
    requirement: Requirement, *, reason: str, seen: int, by: Actor, now: datetime
) -> None:
    thread = requirement.thread
    require_on(by, "thread.work", thread)
    why = line(reason, field="reason", missing=_("Say why the customer no longer asks for it."))
    move(
        requirement,
        only_if={"withdrawn_at": None},
        refused=_("This requirement was withdrawn already."),
        seen=seen,
        withdrawn_at=now,
    )
    record(
        RequirementWithdrawn(
            subject=Ref("requirement", requirement.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            reason=seal(why),
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)


@command
def name_affected_group(
    thread: Thread,
    *,
    name: str,
    people: int | None = None,
    launch_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> AffectedGroup:
    """The customer's own people whom this touches: somebody must tell and train them (SPEC 5.4)."""
    require_on(by, "thread.work", thread)
    words = line(name, field="name", most=120, missing=_("Say who is affected, for example the operators."))
    move(thread, only_if=NOT_ARCHIVED, refused=ARCHIVED)
    group = AffectedGroup.objects.create(thread=thread, name=words, people=people, launch_at=launch_at)
    record(
        AffectedGroupNamed(
            subject=Ref("affected_group", group.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            name=seal(words),
            people=people,
            launch=launch_at,
        ),
        by=by,
        now=now,
    )
    settle(thread, now=now)
    return group


@command
def say_group_is_ready(
    group: AffectedGroup,
    *,
    what: str,
    who: str,
    at: datetime,
    seen: int,
    by: Actor,
    now: datetime,
) -> None:
    """``what`` is "told" or "trained": by whom, and when."""
    thread = group.thread
    require_on(by, "thread.work", thread)
    words = line(who, field="who", most=200, missing=_("Say who did it: one of ours, or one of theirs."))
    moment = said_moment(at, now)
    event = {"told": AffectedGroupTold, "trained": AffectedGroupTrained}.get(what)
    if event is None:
        raise RuleViolation(_("Say whether they were told or trained."), field="what")
    move(
        group,
        only_if={f"{what}_at": None},
        refused=_("Somebody has noted that already."),
        seen=seen,
        **{f"{what}_at": moment, f"{what}_by": words},
    )
    record(
        event(
            subject=Ref("affected_group", group.pk),
            thread_id=thread.pk,
            customer_id=thread.customer_id,
            at=moment,
            who=seal(words),
        ),
        by=by,
        now=now,
        occurred_at=moment,
    )
    settle(thread, now=now)
