"""Who can sign in: invitations, their acceptance, and changing one's own password."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, record
from hilo.parties.actor import Actor, actor_for
from hilo.parties.commands.sessions import end_sessions
from hilo.parties.events.people import PersonInvited, PersonJoined, PersonPasswordChanged
from hilo.parties.models import Invitation, Person
from hilo.parties.permissions import require
from hilo.parties.queries.company import policy
from hilo.parties.queries.invitations import digest_of, open_invitation, refuse_closed
from hilo.parties.queries.people import hold_active


@command
def invite_person(person: Person, *, by: Actor, now: datetime) -> str:
    """The token for the link, which nobody can read again: only its digest is kept. Older links end."""
    require(by, "people.manage")
    hold_active(person, refused=_has_left(person))
    withdraw_invitations(person, now=now)
    token = secrets.token_urlsafe(32)
    expires = now + timedelta(hours=policy().invitation_hours)
    Invitation.objects.create(
        person=person, token_digest=digest_of(token), created_at=now, expires_at=expires
    )
    record(PersonInvited(subject=Ref("person", person.pk), expires=expires), by=by, now=now)
    return token


@command
def accept_invitation(token: str, *, password: str, now: datetime) -> Person:
    """Set the first password (or a new one, if the person was invited again); the link works once.

    Whoever holds the token acts as the person: there is no ``by``.
    """
    invitation = open_invitation(token, now=now)
    person = invitation.person
    refuse_weak_password(password, person, field="password")
    _use(invitation, now=now)
    first_time = not person.has_usable_password()
    move(person, only_if={"is_active": True}, refused=_has_left(person), password=make_password(password))
    end_sessions(person)
    event = PersonJoined if first_time else PersonPasswordChanged
    record(event(subject=Ref("person", person.pk)), by=actor_for(person, now=now, door="web"), now=now)
    return person


@command
def change_password(person: Person, *, old: str, new: str, keep: str = "", by: Actor, now: datetime) -> None:
    """Every session of theirs ends but ``keep``, which each other one would by itself: it holds a digest.

    The one in which they changed it goes on if the view calls ``update_session_auth_hash``.
    """
    require(by, "own.settings")
    if by.one != person:
        raise NotAllowed(_("Only they can change their password. Send them a new invitation instead."))
    person.refresh_from_db()
    if not person.check_password(old):
        raise RuleViolation(_("That is not your present password."), field="old")
    if old == new:
        raise RuleViolation(_("The new password is the old one. Choose another."), field="new")
    refuse_weak_password(new, person, field="new")
    move(
        person,
        only_if={"is_active": True, "password": person.password},
        refused=_("Your password was changed elsewhere a moment ago. Sign in again."),
        password=make_password(new),
    )
    end_sessions(person, keep=keep)
    record(PersonPasswordChanged(subject=Ref("person", person.pk)), by=by, now=now)


def withdraw_invitations(person: Person, *, now: datetime) -> None:
    person.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)


def refuse_weak_password(password: str, person: Person, *, field: str) -> None:
    if "\0" in password:
        raise RuleViolation(_("A password has only characters that can be typed."), field=field)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise RuleViolation(" ".join(weak.messages), field=field) from None


def _use(invitation: Invitation, *, now: datetime) -> None:
    """Of two who press the button at once, one gets in; the other reads that it was used."""
    unused = Invitation.objects.filter(
        pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    if not unused.update(used_at=now):
        invitation.refresh_from_db()
        refuse_closed(invitation, now=now)


def _has_left(person: Person) -> str:
    return _("%(name)s no longer works here.") % {"name": person.name}
