"""What a contact said and wrote is blanked when they are erased (SPEC 1.3); the rows stay, so chains hold."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.parties.holdings import register_contact_texts
from hilo.parties.models import Contact
from hilo.work.models import ClosingQuestion, DocumentApproval, Note, Promise, Requirement


def _erase_said(contact: Contact, /, *, by: Actor, now: datetime) -> int:
    """Their own words go; what we promised them stays, without the evidence that quotes them."""
    gone = _("(erased)")
    return (
        Note.objects.filter(contact=contact).update(text=gone)
        + Requirement.objects.filter(contact=contact).update(text=gone)
        + ClosingQuestion.objects.filter(contact=contact).exclude(comment="").update(comment="")
        + Promise.objects.filter(contact=contact).exclude(evidence="").update(evidence=gone)
        + DocumentApproval.objects.filter(contact=contact).update(evidence=gone)
    )


register_contact_texts("work", _erase_said)
