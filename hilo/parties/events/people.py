"""What happens to our people: joining, changing areas, being away, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hilo.ledger.record import Event, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    kind: ClassVar[str] = "person.added"
    name: Sealed
    email: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    kind: ClassVar[str] = "person.changed"
    fields: tuple[str, ...]
    name: Sealed | None = None
    email: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Event):
    kind: ClassVar[str] = "person.invited"
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined(Event):
    kind: ClassVar[str] = "person.joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPasswordChanged(Event):
    kind: ClassVar[str] = "person.password_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSecondFactorOn(Event):
    kind: ClassVar[str] = "person.second_factor_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSecondFactorOff(Event):
    kind: ClassVar[str] = "person.second_factor_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecoveryCodesRenewed(Event):
    kind: ClassVar[str] = "person.recovery_codes_renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPasskeyAdded(Event):
    kind: ClassVar[str] = "person.passkey_added"
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPasskeyRenamed(Event):
    kind: ClassVar[str] = "person.passkey_renamed"
    name: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPasskeyRemoved(Event):
    """``left``: how many they still have."""

    kind: ClassVar[str] = "person.passkey_removed"
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIdentityTied(Event):
    """From now on that account of the company's provider lets them in."""

    kind: ClassVar[str] = "person.identity_tied"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIdentityLoosened(Event):
    kind: ClassVar[str] = "person.identity_loosened"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSessionsEnded(Event):
    """``which``: one, others, or all of the person's."""

    kind: ClassVar[str] = "person.sessions_ended"
    which: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Event):
    """``counts`` says how many of each kind of thing passed to the caretaker."""

    kind: ClassVar[str] = "person.left"
    caretaker: int
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAuthorityChanged(Event):
    kind: ClassVar[str] = "person.authority_changed"
    director: bool
    administrator: bool
    auditor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipStarted(Event):
    kind: ClassVar[str] = "membership.started"
    person: int
    area: int
    delegation: int
    primary: bool
    head: bool
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Event):
    kind: ClassVar[str] = "membership.changed"
    person: int
    primary: bool
    head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnded(Event):
    kind: ClassVar[str] = "membership.ended"
    person: int
    area: int
    delegation: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementStarted(Event):
    kind: ClassVar[str] = "management.started"
    person: int
    delegation: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementEnded(Event):
    kind: ClassVar[str] = "management.ended"
    person: int
    delegation: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePlanned(Event):
    kind: ClassVar[str] = "absence.planned"
    person: int
    substitute: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCancelled(Event):
    kind: ClassVar[str] = "absence.cancelled"
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSubstituteChanged(Event):
    kind: ClassVar[str] = "absence.substitute_changed"
    person: int
    old: int
    new: int
