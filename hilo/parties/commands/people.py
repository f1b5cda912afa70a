"""Our people: added, changed, given authority; and what each may change about themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, Sealed, record, seal
from hilo.parties.actor import Actor
from hilo.parties.changing import change, one_at_a_time, refusing_duplicates
from hilo.parties.commands.memberships import begin_membership
from hilo.parties.days import local_day
from hilo.parties.events.people import PersonAdded, PersonAuthorityChanged, PersonChanged
from hilo.parties.models import Area, Delegation, Person
from hilo.parties.permissions import require
from hilo.parties.search import index
from hilo.parties.texts import email_address, line, one_of, time_zone


class PersonFields(TypedDict, total=False):
    name: str
    email: str
    phone: str
    position: str
    language: str
    zone: str


@command
def add_person(
    *,
    name: str,
    email: str,
    area: Area,
    delegation: Delegation,
    position: str = "",
    phone: str = "",
    is_head: bool = False,
    language: str = "es",
    zone: str | None = None,
    starts_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Person:
    """A person with their first, primary membership; nobody can sign in as them until they are invited."""
    require(by, "people.manage")
    fields = checked_fields(
        {
            "name": name,
            "email": email,
            "phone": phone,
            "position": position,
            "language": language,
            "zone": zone or delegation.zone,
        }
    )
    with refusing_duplicates(_email_taken(), field="email"):
        person = Person.objects.create(password=make_password(None), **fields)
    about = Ref("person", person.pk)
    added = PersonAdded(
        subject=about, name=seal(person.name, about=about), email=seal(person.email, about=about)
    )
    record(added, by=by, now=now)
    begin_membership(
        person,
        area=area,
        delegation=delegation,
        primary=True,
        is_head=is_head,
        starts_on=starts_on or local_day(now, delegation.zone),
        by=by,
        now=now,
    )
    index_person(person)
    return person


@command(may_do_nothing=True)
def change_person(
    person: Person, *, seen: int | None = None, by: Actor, now: datetime, **changes: Unpack[PersonFields]
) -> None:
    """With a new e-mail address the invitations sent to the old one lose their force."""
    require(by, "people.manage")
    names = _change(person, changes, seen=seen, by=by, now=now)
    if "email" in names:
        person.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)


@command(may_do_nothing=True)
def change_own_settings(
    *,
    language: str | None = None,
    zone: str | None = None,
    theme: str | None = None,
    by: Actor,
    now: datetime,
) -> None:
    require(by, "own.settings")
    given = {"language": language, "zone": zone, "theme": theme}
    changes = {key: value for key, value in given.items() if value is not None}
    if "theme" in changes:
        one_of(changes["theme"], Person.Theme.values, field="theme")
    wanted = checked_fields(changes)
    names = change(by.one, wanted, only_if={"is_active": True}, refused=_has_left(by.one), seen=None)
    if names:
        record(PersonChanged(subject=Ref("person", by.one.pk), fields=names), by=by, now=now)


@command(may_do_nothing=True)
def set_authority(
    person: Person,
    *,
    director: bool,
    administrator: bool,
    auditor: bool,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    require(by, "people.manage")
    one_at_a_time()
    if not administrator:
        refuse_losing_last_administrator(person)
    wanted = {"is_director": director, "is_administrator": administrator, "is_auditor": auditor}
    if change(person, wanted, only_if={"is_active": True}, refused=_has_left(person), seen=seen):
        changed = PersonAuthorityChanged(
            subject=Ref("person", person.pk),
            director=director,
            administrator=administrator,
            auditor=auditor,
        )
        record(changed, by=by, now=now)


def refuse_losing_last_administrator(person: Person) -> None:
    """Part of a command that has called ``one_at_a_time``: two must not each count on the other."""
    administrators = set(
        Person.objects.filter(is_active=True, is_administrator=True).values_list("pk", flat=True)
    )
    if administrators == {person.pk}:
        raise RuleViolation(
            _("%(name)s is the only administrator. Make somebody else administrator first.")
            % {"name": person.name},
            field="administrator",
        )


def checked_fields(given: dict[str, str]) -> dict[str, str]:
    checks: dict[str, Callable[[str], str]] = {
        "name": lambda text: line(text, field="name", missing=_("Write the person's name.")),
        "email": lambda text: email_address(text, missing=_("Write the e-mail address they sign in with.")),
        "phone": lambda text: line(text, field="phone", most=40),
        "position": lambda text: line(text, field="position", most=120),
        "language": lambda text: one_of(text, Person.Language.values, field="language"),
        "zone": time_zone,
        "theme": lambda text: one_of(text, Person.Theme.values, field="theme"),
    }
    return {key: checks[key](text) for key, text in given.items()}


def index_person(person: Person) -> None:
    index("person", person.pk, person.name, person.position, person.email)


def _change(
    person: Person, changes: PersonFields, *, seen: int | None, by: Actor, now: datetime
) -> tuple[str, ...]:
    wanted = checked_fields({key: str(value) for key, value in changes.items()})
    with refusing_duplicates(_email_taken(), field="email"):
        names = change(person, wanted, only_if={"is_active": True}, refused=_has_left(person), seen=seen)
    if names:
        record(
            PersonChanged(
                subject=Ref("person", person.pk),
                fields=names,
                name=_sealed_if("name", names, person),
                email=_sealed_if("email", names, person),
            ),
            by=by,
            now=now,
        )
        index_person(person)
    return names


def _sealed_if(field: str, names: tuple[str, ...], person: Person) -> Sealed | None:
    return seal(getattr(person, field), about=Ref("person", person.pk)) if field in names else None


def _email_taken() -> str:
    return _("Somebody already signs in with this address. Each person needs their own.")


def _has_left(person: Person) -> str:
    return _("%(name)s no longer works here: their record stays as it was.") % {"name": person.name}
