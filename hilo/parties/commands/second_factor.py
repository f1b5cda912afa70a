"""One's own second factor: an app that shows codes, and ten recovery codes for the day the phone is lost.
Passkeys have a file of their own; either is a second step.

Whether it is truly they who ask (the password once more) is the door's to find out.
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record
from hilo.parties.actor import Actor
from hilo.parties.events.people import PersonRecoveryCodesRenewed, PersonSecondFactorOff, PersonSecondFactorOn
from hilo.parties.models import Person
from hilo.parties.permissions import require
from hilo.parties.queries.people import hold_active

WRONG_CODE = gettext_lazy("That code is not right, or was used already. Wait for the next one and try again.")
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@command
def turn_second_factor_on(person: Person, *, secret: str, code: str, by: Actor, now: datetime) -> None:
    """``code`` is what the app shows once it knows ``secret``; the recovery codes come with it."""
    hold_oneself(person, by)
    if authenticators_of(person, Authenticator.Type.TOTP).exists():
        raise RuleViolation(_("Your second factor is on already."))
    if not validate_totp_code(secret, code.replace(" ", "")):
        raise RuleViolation(WRONG_CODE, field="code")
    TOTP.activate(person, secret)
    if not authenticators_of(person, Authenticator.Type.RECOVERY_CODES).exists():
        RecoveryCodes.activate(person)
    record(PersonSecondFactorOn(subject=Ref("person", person.pk)), by=by, now=now)


@command
def renew_recovery_codes(person: Person, *, by: Actor, now: datetime) -> None:
    """Ten new ones; the old ones stop working."""
    hold_oneself(person, by)
    if not authenticators_of(person, *SECOND_STEPS).exists():
        raise RuleViolation(_("Set up the app or a passkey first; the codes come with it."))
    authenticators_of(person, Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(person)
    record(PersonRecoveryCodesRenewed(subject=Ref("person", person.pk)), by=by, now=now)


@command
def turn_second_factor_off(person: Person, *, by: Actor, now: datetime) -> None:
    """The app. Passkeys stay, and the recovery codes as long as there is something that they stand in for."""
    hold_oneself(person, by)
    if not authenticators_of(person, Authenticator.Type.TOTP).delete()[0]:
        raise RuleViolation(_("Your second factor is off already."))
    drop_codes_of_nothing(person)
    record(PersonSecondFactorOff(subject=Ref("person", person.pk)), by=by, now=now)


@command
def take_second_factor_away(person: Person, *, by: Actor, now: datetime) -> None:
    """Everything was lost: their password alone lets them in until they set it up again."""
    require(by, "people.manage")
    hold_active(person, refused=_("%(name)s no longer works here.") % {"name": person.name})
    if not authenticators_of(person).delete()[0]:
        raise RuleViolation(_("%(name)s has no second step.") % {"name": person.name})
    record(PersonSecondFactorOff(subject=Ref("person", person.pk)), by=by, now=now)


def is_last_way_in(person: Person) -> bool:
    """One passkey, no password, no account of the company's provider."""
    from allauth.socialaccount.models import SocialAccount

    if person.has_usable_password() or SocialAccount.objects.filter(user=person).exists():
        return False
    return authenticators_of(person, Authenticator.Type.WEBAUTHN).count() < 2


def drop_codes_of_nothing(person: Person) -> None:
    """Recovery codes stand in for a second step: without one they would be one."""
    if not authenticators_of(person, *SECOND_STEPS).exists():
        authenticators_of(person).delete()


def hold_oneself(person: Person, by: Actor) -> None:
    """Their row stays locked: of two at once, one sets up the app and the other reads that it is on."""
    require(by, "own.settings")
    if by.person != person:
        raise NotAllowed(_("Only they can change their second factor."))
    hold_active(person, refused=_("%(name)s no longer works here.") % {"name": person.name})


def authenticators_of(person: Person, *kinds: str) -> QuerySet[Authenticator]:
    theirs: QuerySet[Authenticator] = Authenticator.objects.filter(user=person)
    return theirs.filter(type__in=kinds) if kinds else theirs
