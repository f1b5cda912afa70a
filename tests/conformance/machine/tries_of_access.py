"""Signing in and out: where somebody is signed in, passkeys, single sign-on, what the company has on."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q

from hilo.parties.models import OpenSession, Person, SingleSignOn
from tests.conformance.machine.world import Call, World, tries

A_PROVIDER = {
    "server_url": "https://entrada.example",
    "client_id": "hilo",
    "issuer": "https://entrada.example",
}


def open_session(person: Person, now: object) -> OpenSession:
    """As if they had come in with a browser."""
    store = SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store.create()
    return OpenSession.objects.create(
        person=person, key=store.session_key, browser="firefox", system="linux", opened_at=now, seen_at=now
    )


@tries("parties.sessions.end_session")
def end_session(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(is_active=True))
    open_session(person, w.now)
    row = w.row(OpenSession.objects.all())
    return w.call(row, by=w.by(row.person))


@tries("parties.sessions.end_other_sessions")
def end_other_sessions(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(is_active=True))
    kept = open_session(person, w.now)
    open_session(person, w.now)
    return w.call(keep=kept.key, by=w.by(person))


@tries("parties.sessions.end_sessions_of")
def end_sessions_of(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(is_active=True))
    open_session(person, w.now)
    return w.call(person, by=w.administrator())


def a_credential(number: int) -> dict[str, object]:
    """As the browser answers; that its signature is right was the door's to find out."""
    return {"id": f"key-{number}", "rawId": f"key-{number}", "type": "public-key", "response": {}}


@tries("parties.passkeys.add_passkey")
def add_passkey(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(is_active=True))
    w.count += 1
    name = w.words("Portátil") if w.pick.in_ten(8) else ""
    return w.call(person, name=name, credential=a_credential(w.count % 7), by=w.by(person))


@tries("parties.passkeys.rename_passkey")
def rename_passkey(w: World) -> Call:
    passkey = w.row(Authenticator.objects.filter(type="webauthn"))
    return w.call(passkey, name=w.words("Llave azul"), by=w.by(passkey.user))


@tries("parties.passkeys.remove_passkey")
def remove_passkey(w: World) -> Call:
    passkey = w.row(Authenticator.objects.filter(type="webauthn"))
    return w.call(passkey, knowingly=w.pick.in_ten(8), by=w.by(passkey.user))


@tries("parties.second_factor.take_second_factor_away")
def take_second_factor_away(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(authenticator__isnull=False))
    return w.call(person, by=w.administrator())


@tries("parties.modules.switch_module")
def switch_module(w: World) -> Call:
    """Only what nothing in the game passes through: a game that switches cases off plays no cases."""
    code = w.pick.one(("imports", "diagnosis", "no-such-module"))
    return w.call(code, on=w.pick.in_ten(5), by=w.administrator())


@tries("parties.single_sign_on.set_up_single_sign_on")
def set_up_single_sign_on(w: World) -> Call:
    return w.call(
        **A_PROVIDER, name=w.words("Acceso"), secret="x", is_on=w.pick.in_ten(8), by=w.administrator()
    )


@tries("parties.single_sign_on.tie_identity")
def tie_identity(w: World) -> Call:
    w.row(SingleSignOn.objects.all())
    w.count += 1
    return w.call(w.row(Person.objects.all(), Q(is_active=True)), subject=f"sub-{w.count % 9}")


@tries("parties.single_sign_on.join_by_single_sign_on")
def join_by_single_sign_on(w: World) -> Call:
    w.row(SingleSignOn.objects.all())
    w.count += 1
    email = f"nueva{w.count}@envasa.example"
    return w.call(name=w.words("Nuria"), email=email, subject=f"new-{w.count}")


@tries("parties.single_sign_on.loosen_identity")
def loosen_identity(w: World) -> Call:
    person = w.row(Person.objects.all(), Q(socialaccount__isnull=False))
    return w.call(person, by=w.administrator())
