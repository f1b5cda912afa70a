"""The secret address of one's calendar: made, renewed, revoked, never read again (SPEC 10.4, 12.7)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.models import Person
from hilo.parties.permissions import require
from hilo.parties.queries.invitations import digest_of
from hilo.parties.queries.people import hold_active
from hilo.work.events.plan import CalendarAddressMade, CalendarAddressRevoked
from hilo.work.models import CalendarAddress
from hilo.work.texts import no_longer_here

_REVOKED = gettext_lazy("This address does not open anything any more.")


@command
def make_calendar_address(*, by: Actor, now: datetime) -> str:
    """The token of the address, told once: only its digest is kept. The one before stops working."""
    require(by, "own.settings")
    hold_active(by.one, refused=no_longer_here(by.one))
    for older in CalendarAddress.objects.filter(person=by.one, revoked_at=None):
        _revoke(older, seen=None, by=by, now=now)
    token = secrets.token_urlsafe(32)
    address = CalendarAddress.objects.create(person=by.one, token_digest=digest_of(token), made_at=now)
    record(CalendarAddressMade(subject=_ref(address), related=_whose(address)), by=by, now=now)
    return token


@command
def revoke_calendar_address(address: CalendarAddress, *, seen: int, by: Actor, now: datetime) -> None:
    require(by, "own.settings")
    if by.person is None or address.person_id != by.one.pk:
        raise NotAllowed(_("Only they can revoke the address of their own calendar."))
    _revoke(address, seen=seen, by=by, now=now)


def _revoke(address: CalendarAddress, *, seen: int | None, by: Actor, now: datetime) -> None:
    move(address, only_if={"revoked_at": None}, refused=_REVOKED, seen=seen, revoked_at=now)
    record(CalendarAddressRevoked(subject=_ref(address), related=_whose(address)), by=by, now=now)


def _ref(address: CalendarAddress) -> Ref:
    return Ref("calendar_address", address.pk)


def _whose(address: CalendarAddress) -> tuple[Related, ...]:
    return (Related("person", address.person_id, "owner"),)


def person_at(token: str) -> Person | None:
    """Whose calendar stands there: nobody's once it is revoked or they have left.

    Found by digest in a unique index: how long it takes tells nothing about 256 random bits.
    """
    found = CalendarAddress.objects.filter(token_digest=digest_of(token), revoked_at=None)
    address = found.select_related("person").first()
    return address.person if address is not None and address.person.is_active else None
