"""Is it truly they? An unlocked screen is not enough to change how somebody comes in."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.base.internal.flows import check_rate_limit
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties.models import Person
from hilo.web.accounts.adapter import TOO_MANY


def proves_by(person: Person) -> str:
    """``password``, or ``coming_in`` for who has none: a passkey or the company's provider let them in."""
    return "password" if person.has_usable_password() else "coming_in"


def prove(request: HttpRequest, person: Person, password: str) -> Callable[[], None]:
    """Refuses a wrong password, and goes on refusing after a few; call the result when all was right.

    Who has no password must have come in within the last minutes.
    """
    try:
        clear: Callable[[], None] = check_rate_limit(person)
    except ValidationError:
        raise RuleViolation(TOO_MANY) from None
    if proves_by(person) == "password":
        if not person.check_password(password):
            raise RuleViolation(_("That is not your password."), field="password")
    elif not did_recently_reauthenticate(request):
        raise RuleViolation(_("It is a while since you came in. Go out, come in again, and do it then."))
    return clear
