"""A date the customer was promised moves together with a message to them, or not at all (SPEC 2.9).

The rule of every command that takes a new date from somebody; a date that two areas agree on at a border is
found by ``contradictions`` instead, for whoever talks to the customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties.actor import Actor
from hilo.parties.models import Contact
from hilo.work.commands.conversation import tell_customer
from hilo.work.models import Promise, Thread, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the customer is told of a date they were promised; without ``next_news_at`` policy prefills it."""

    text: str
    contacts: Iterable[Contact]
    channel: str = Update.Channel.MAIL
    next_news_at: datetime | None = None


def require_telling(late: Sequence[Promise], telling: Telling | None) -> None:
    if late and telling is None:
        promise = late[0]
        raise RuleViolation(
            _("«%(promise)s» was promised to %(contact)s for an earlier date. Tell them with this change.")
            % {"promise": promise.text, "contact": promise.contact},
            field="text",
        )


def tell_of(
    late: Sequence[Promise], thread: Thread, telling: Telling | None, *, by: Actor, now: datetime
) -> None:
    """Only where a promise is touched: nobody gets a message about a date they never heard of."""
    if not late or telling is None:
        return
    tell_customer(
        thread,
        text=telling.text,
        contacts=telling.contacts,
        channel=telling.channel,
        next_news_at=telling.next_news_at,
        by=by,
        now=now,
    )
