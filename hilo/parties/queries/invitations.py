"""Reading an invitation by the token in its link."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.parties.models import Invitation


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def open_invitation(token: str, *, now: datetime) -> Invitation:
    """The invitation this link still opens; otherwise the sentence that says why not.

    Found by digest in a unique index: how long it takes tells nothing about 256 random bits.
    """
    invitation = Invitation.objects.select_related("person").filter(token_digest=digest_of(token)).first()
    if invitation is None:
        raise RuleViolation(
            _("This link is not valid. Copy it whole from the message, or ask for a new one.")
        )
    refuse_closed(invitation, now=now)
    return invitation


def refuse_closed(invitation: Invitation, *, now: datetime) -> None:
    if invitation.used_at is not None:
        raise RuleViolation(_("This invitation was used already. Sign in with your password."))
    if invitation.withdrawn_at is not None or not invitation.person.is_active:
        raise RuleViolation(_("This invitation was withdrawn. If you have a newer one, use that link."))
    if invitation.expires_at <= now:
        raise RuleViolation(_("This invitation has expired. Ask an administrator for a new one."))
