"""Links that let somebody choose a password, mailed from the background.

The token is made here, where it is mailed: no queue and no table ever holds one that opens. Tried again
after a crash, the mail carries a newer link, and the older one no longer opens.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hilo.jobs import job
from hilo.parties.actor import Actor, actor_for, system
from hilo.parties.commands.sign_in import invite_person
from hilo.parties.models import Person
from hilo.parties.queries.company import policy

DOOR = "mail"


@job(timeout=timedelta(seconds=60), max_tries=5)
def mail_invitation(person_id: int, invited_by: int, home: str) -> None:
    """``home`` is the address of this installation as the inviter sees it."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    by = Person.objects.get(pk=invited_by)
    if person is not None:
        now = timezone.now()
        _mail(person, actor_for(by, now=now, door=DOOR), home, is_forgotten=False)


@job(timeout=timedelta(seconds=60), max_tries=5)
def mail_forgotten_link(address: str, home: str) -> None:
    """To an address nobody has, nothing goes, and nobody hears of it."""
    person = Person.objects.filter(email=address, is_active=True).first()
    if person is not None:
        _mail(person, system(DOOR), home, is_forgotten=True)


def _mail(person: Person, by: Actor, home: str, *, is_forgotten: bool) -> None:
    token = invite_person(person, by=by, now=timezone.now())
    with translation.override(person.language):
        invitation_mail(person, f"{home}invitacion/{token}/", is_forgotten=is_forgotten).send()


def invitation_mail(person: Person, link: str, *, is_forgotten: bool) -> EmailMessage:
    facts = {"name": person.first_name, "link": link, "hours": policy().invitation_hours}
    if is_forgotten:
        subject = _("Choose a new password for Hilo")
        body = _(
            "Hello, %(name)s:\n\nHere you choose a new password for Hilo:\n\n%(link)s\n\nThe link works once "
            "and for %(hours)s hours. If you did not ask for it, do nothing: your password stays as it is.\n"
        )
    else:
        subject = _("Your invitation to Hilo")
        body = _(
            "Hello, %(name)s:\n\nYou are invited to Hilo. Here you choose your password and come in:\n\n"
            "%(link)s\n\nThe link works once and for %(hours)s hours.\n"
        )
    return EmailMessage(subject=subject, body=body % facts, to=[person.email])
