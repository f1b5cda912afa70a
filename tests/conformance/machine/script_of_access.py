"""Signing in and out, said command after command."""

from __future__ import annotations

from hilo.parties.models import Person
from tests.conformance.machine.scripting import Script, typed
from tests.conformance.machine.tries_of_access import a_credential, open_session


def where_they_are_signed_in(s: Script, person: Person) -> None:
    here, there = open_session(person, s.now), open_session(person, s.now)
    s.both("parties.sessions.end_session", there, by=person)
    open_session(person, s.now)
    s.accepted("parties.sessions.end_other_sessions", keep=here.key, by=person)
    s.both("parties.sessions.end_sessions_of", person, by=s.people.administrator)


def passkeys(s: Script, person: Person) -> None:
    made = {"name": typed("Portátil"), "credential": a_credential(1), "by": person}
    passkey = s.both("parties.passkeys.add_passkey", person, once=True, **made)
    s.both("parties.passkeys.rename_passkey", passkey, name=typed("Llave azul"), by=person)
    gone = s.accepted("parties.passkeys.add_passkey", person, **{**made, "credential": a_credential(2)})
    s.both("parties.passkeys.remove_passkey", gone, by=person)
    away = {"by": s.people.administrator}
    s.both("parties.second_factor.take_second_factor_away", person, once=True, **away)
