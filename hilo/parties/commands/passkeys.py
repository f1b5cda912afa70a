"""One's own passkeys: a device or a key that signs in by itself, or stands beside the password.

That the browser truly made the key, and that it is truly they who ask, is the door's to find out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record, seal
from hilo.parties.actor import Actor
from hilo.parties.commands.second_factor import (
    authenticators_of,
    drop_codes_of_nothing,
    hold_oneself,
    is_last_way_in,
)
from hilo.parties.events.people import PersonPasskeyAdded, PersonPasskeyRemoved, PersonPasskeyRenamed
from hilo.parties.models import Person
from hilo.parties.permissions import require
from hilo.parties.texts import line

MOST = 20


@command
def add_passkey(
    person: Person, *, name: str, credential: dict[str, Any], by: Actor, now: datetime
) -> Authenticator:
    """``credential`` is what the browser answered, verified already; recovery codes come with the first."""
    hold_oneself(person, by)
    name = _name(name)
    if authenticators_of(person, Authenticator.Type.WEBAUTHN).count() >= MOST:
        raise RuleViolation(_("You have %(most)s passkeys. Remove one first.") % {"most": MOST})
    known = Authenticator.objects.filter(
        type=Authenticator.Type.WEBAUTHN, data__credential__id=credential.get("id")
    )
    if known.exists():
        raise RuleViolation(_("This passkey is registered already."))
    passkey: Authenticator = WebAuthn.add(person, name, credential).instance
    if not authenticators_of(person, Authenticator.Type.RECOVERY_CODES).exists():
        RecoveryCodes.activate(person)
    record(PersonPasskeyAdded(subject=_about(person), name=_sealed(name, person)), by=by, now=now)
    return passkey


@command(may_do_nothing=True)
def rename_passkey(passkey: Authenticator, *, name: str, by: Actor, now: datetime) -> None:
    person = _owner(passkey, by)
    name = _name(name)
    if passkey.data["name"] == name:
        return
    passkey.data["name"] = name
    passkey.save(update_fields=["data"])
    record(PersonPasskeyRenamed(subject=_about(person), name=_sealed(name, person)), by=by, now=now)


@command
def remove_passkey(passkey: Authenticator, *, knowingly: bool = False, by: Actor, now: datetime) -> None:
    """``knowingly``: they were told that nothing else lets them in. The codes go with the last."""
    person = _owner(passkey, by)
    if is_last_way_in(person) and not knowingly:
        raise RuleViolation(
            _("Nothing else lets you in: say that you know it, or choose a password first."),
            field="knowingly",
        )
    passkey.delete()
    drop_codes_of_nothing(person)
    left = authenticators_of(person, Authenticator.Type.WEBAUTHN).count()
    record(PersonPasskeyRemoved(subject=_about(person), left=left), by=by, now=now)


def _owner(passkey: Authenticator, by: Actor) -> Person:
    """Their row stays locked, so that of two at once each reads what the other left."""
    require(by, "own.settings")
    if by.one.pk != passkey.user_id:
        raise NotAllowed(_("Only they can change their passkeys."))
    hold_oneself(by.one, by)
    found = Authenticator.objects.filter(pk=passkey.pk, type=Authenticator.Type.WEBAUTHN).first()
    if found is None:
        raise RuleViolation(_("That passkey was removed already."))
    passkey.data = found.data
    return by.one


def _name(name: str) -> str:
    return line(name, field="name", most=60, missing=_("Give it a name, so that you know it again."))


def _sealed(name: str, person: Person) -> Any:
    return seal(name, about=_about(person))


def _about(person: Person) -> Ref:
    return Ref("person", person.pk)
