"""Signing in and out, said command after command."""

from __future__ import annotations

from hilo.ledger.record import AuthorKind
from hilo.parties.actor import Actor
from hilo.parties.models import Area, Person
from tests.conformance.machine.scripting import Script, typed
from tests.conformance.machine.tries_of_access import A_PROVIDER, a_credential, open_session


def where_they_are_signed_in(s: Script, person: Person) -> None:
    here, there = open_session(person, s.now), open_session(person, s.now)
    s.both("parties.sessions.end_session", there, by=person)
    open_session(person, s.now)
    nobody = Actor(kind=AuthorKind.PERSON, door="web", person=person)  # without any role
    s.refused("parties.sessions.end_other_sessions", keep=here.key, by=nobody)
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


def the_companys_provider(s: Script, person: Person) -> None:
    by = s.people.administrator
    where = {"area": Area.objects.order_by("pk")[0], "delegation": s.people.customer.delegation}
    given = {**A_PROVIDER, "name": typed("Acceso"), "secret": typed("s3creto"), "is_on": True, **where}
    s.both("parties.single_sign_on.set_up_single_sign_on", domains="envasa.example", by=by, **given)
    s.accepted("parties.single_sign_on.tie_identity", person, subject="sub-1")
    s.refused("parties.single_sign_on.tie_identity", person, subject="sub-2")
    s.both("parties.single_sign_on.loosen_identity", person, once=True, by=by)
    newcomer = {"name": typed("Nuria"), "subject": "sub-3"}
    s.refused("parties.single_sign_on.join_by_single_sign_on", email="n@otra.example", **newcomer)
    s.accepted("parties.single_sign_on.join_by_single_sign_on", email="n@envasa.example", **newcomer)


def modules(s: Script) -> None:
    by = s.people.administrator
    s.both("parties.modules.switch_module", "diagnosis", once=True, on=False, by=by)
    s.both("parties.modules.switch_module", "diagnosis", once=True, on=True, by=by)
