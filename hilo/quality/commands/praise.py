"""What the customer was glad about reaches everybody who had a part in it, by name (SPEC 7.8)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record, seal
from hilo.parties.actor import Actor
from hilo.parties.commands.notices import notify
from hilo.parties.holdings import register_contact_texts
from hilo.parties.models import Contact
from hilo.parties.notice_words import register_notice
from hilo.parties.texts import one_of
from hilo.quality.events.praise import PraiseGiven
from hilo.quality.models import Praise, Praised
from hilo.quality.queries.taking_part import took_part
from hilo.work.access import require_on
from hilo.work.events.place import place_of
from hilo.work.models import Thread
from hilo.work.texts import prose

register_notice(
    "praise", gettext_lazy("A customer is glad about something you had a part in."), "mood-smile", daily=True
)


@command
def give_praise(
    thread: Thread,
    *,
    text: str,
    where: str,
    contact: Contact | None = None,
    said_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Praise:
    """Pass on what the customer said, in their words, to whoever had taken part in the thread by then."""
    require_on(by, "praise.give", thread)
    words = prose(text, field="text", most=2_000, missing=_("Write what the customer said, in their words."))
    one_of(where, list(Praise.Where.values), field="where")
    said = said_at or now
    if said > now:
        raise RuleViolation(_("That moment is still to come. Say when it was."), field="said_at")
    if contact is not None and contact.customer_id != thread.customer_id:
        raise RuleViolation(_("Choose somebody of this customer."), field="contact")
    praise = Praise.objects.create(
        thread=thread, contact=contact, where=where, text=words, author=by.person, said_at=said
    )
    people = took_part(thread, by=said)
    Praised.objects.bulk_create(Praised(praise=praise, person=person) for person in people)
    record(
        PraiseGiven(
            **place_of("praise", praise.pk, thread),
            text=seal(words, about=Ref("contact", contact.pk) if contact else None),
            where=where,
            contact=contact.pk if contact else None,
            people=tuple(person.pk for person in people),
        ),
        by=by,
        now=now,
        occurred_at=said,
    )
    for person in people:
        if by.person is None or person.pk != by.person.pk:
            notify(
                person,
                key=f"praise:{praise.pk}",
                kind="praise",
                thread_id=thread.pk,
                subject=Ref("praise", praise.pk),
                interrupts=False,
                now=now,
            )
    return praise


def _erase_praise(contact: Contact, /, *, by: Actor, now: datetime) -> int:
    """Their own words go; that they were glad, and whom it was passed on to, stays."""
    return Praise.objects.filter(contact=contact).update(text=_("(erased)"))


register_contact_texts("praise", _erase_praise)
