"""Where one is signed in, and ending it: here, elsewhere, or for somebody whose telephone was stolen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, record
from hilo.parties.actor import Actor
from hilo.parties.events.people import PersonSessionsEnded
from hilo.parties.models import OpenSession, Person
from hilo.parties.permissions import require
from hilo.parties.queries.company import policy


@command
def end_session(session: OpenSession, *, by: Actor, now: datetime) -> None:
    """One of one's own, this one or another."""
    require(by, "own.settings")
    if by.one.pk != session.person_id:
        raise NotAllowed(_("Only they can end this session. An administrator can end all of a person's."))
    if not _end([session.key]):
        raise RuleViolation(_("That session has ended already."))
    _record(session.person_id, "one", 1, by=by, now=now)


@command(may_do_nothing=True)
def end_other_sessions(*, keep: str, by: Actor, now: datetime) -> int:
    """All of one's own but the one with the key ``keep``; how many there were."""
    require(by, "own.settings")
    ended = end_sessions(by.one, keep=keep)
    if ended:
        _record(by.one.pk, "others", ended, by=by, now=now)
    return ended


@command(may_do_nothing=True)
def end_sessions_of(person: Person, *, by: Actor, now: datetime) -> int:
    """Everywhere at once: a stolen device, a doubt. Their password stays as it is."""
    require(by, "people.manage")
    ended = end_sessions(person)
    if ended:
        _record(person.pk, "all", ended, by=by, now=now)
    return ended


def end_sessions(person: Person, *, keep: str = "") -> int:
    """Part of a command that says why; who leaves or gets a new password is out everywhere."""
    keys = person.open_sessions.exclude(key=keep).values_list("key", flat=True)
    return _end(list(keys))


def forget_idle_sessions(now: datetime) -> int:
    """What nobody has used for as long as the company says, and the rows of those that ended elsewhere."""
    Session.objects.filter(expire_date__lt=now).delete()
    idle = OpenSession.objects.filter(seen_at__lt=now - timedelta(days=policy().session_idle_days))
    ended = _end(list(idle.values_list("key", flat=True)))
    OpenSession.objects.exclude(key__in=Session.objects.values("session_key")).delete()
    return ended


def _end(keys: list[str]) -> int:
    Session.objects.filter(session_key__in=keys).delete()
    return OpenSession.objects.filter(key__in=keys).delete()[0]


def _record(person_id: int, which: str, count: int, *, by: Actor, now: datetime) -> None:
    ended = PersonSessionsEnded(subject=Ref("person", person_id), which=which, count=count)
    record(ended, by=by, now=now)
