"""Who works in which area at which delegation, and who manages a delegation, from a day on."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.changing import refusing_duplicates
from hilo.parties.days import local_day
from hilo.parties.events.people import (
    ManagementEnded,
    ManagementStarted,
    MembershipChanged,
    MembershipEnded,
    MembershipStarted,
)
from hilo.parties.models import Area, Delegation, DelegationManagement, Membership, Person
from hilo.parties.permissions import require
from hilo.parties.queries.people import hold_active


@command
def start_membership(
    person: Person,
    *,
    area: Area,
    delegation: Delegation,
    primary: bool = False,
    is_head: bool = False,
    starts_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Membership:
    """A primary one takes over from the present primary, which stays as a second membership."""
    require(by, "people.manage")
    today = local_day(now, delegation.zone)
    starts_on = starts_on or today
    if primary and starts_on > today:
        raise RuleViolation(
            _("The main area changes on the day itself: enter it then, or as a second area now."),
            field="starts_on",
        )
    hold_active(person, refused=_has_left(person), field="person")
    return begin_membership(
        person,
        area=area,
        delegation=delegation,
        primary=primary,
        is_head=is_head,
        starts_on=starts_on,
        by=by,
        now=now,
    )


def begin_membership(
    person: Person,
    *,
    area: Area,
    delegation: Delegation,
    primary: bool,
    is_head: bool,
    starts_on: date,
    by: Actor,
    now: datetime,
) -> Membership:
    """Part of a command: the caller has asked whether ``by`` may and whether the person is here."""
    _refuse_closed(area, delegation, starts_on)
    if primary:
        _yield_primary(person, by=by, now=now)
    with refusing_duplicates(_already_there(person, area), field="area"):
        membership = Membership.objects.create(
            person=person,
            area=area,
            delegation=delegation,
            starts_on=starts_on,
            is_primary=primary,
            is_head=is_head,
        )
    started = MembershipStarted(
        subject=Ref("membership", membership.pk),
        person=person.pk,
        area=area.pk,
        delegation=delegation.pk,
        primary=primary,
        head=is_head,
        on=starts_on,
        related=_member(person.pk),
    )
    record(started, by=by, now=now)
    return membership


@command(may_do_nothing=True)
def change_membership(
    membership: Membership,
    *,
    primary: bool | None = None,
    is_head: bool | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Make it the primary one, or give or take the lead of the area there."""
    require(by, "people.manage")
    membership.refresh_from_db()
    if primary is False and membership.is_primary:
        raise RuleViolation(_("Make another area their main one instead."), field="primary")
    head = membership.is_head if is_head is None else is_head
    wanted = bool(primary) or membership.is_primary
    if (wanted, head) != (membership.is_primary, membership.is_head):
        hold_active(membership.person, refused=_has_left(membership.person))
    change_flags(membership, primary=wanted, head=head, by=by, now=now)


def change_flags(membership: Membership, *, primary: bool, head: bool, by: Actor, now: datetime) -> None:
    """Part of a command; does nothing if it is so already. A new primary one takes over from the present."""
    if (primary, head) == (membership.is_primary, membership.is_head):
        return
    if primary and not membership.is_primary:
        _yield_primary(membership.person, by=by, now=now)
    _set_flags(membership, primary, head, by=by, now=now)


@command
def end_membership(membership: Membership, *, last_day: date | None = None, by: Actor, now: datetime) -> None:
    """The primary one does not end while the person works here: another becomes primary first."""
    require(by, "people.manage")
    membership.refresh_from_db()
    if membership.is_primary and membership.ends_on is None and membership.person.is_active:
        raise RuleViolation(
            _("It is the main area of %(name)s. Give them another one first, or record that they leave.")
            % {"name": membership.person.name},
            field="membership",
        )
    last_day = last_day or local_day(now, membership.delegation.zone)
    if last_day < membership.starts_on:
        raise RuleViolation(
            _("It began on %(day)s: it cannot end before.")
            % {"day": date_format(membership.starts_on, "SHORT_DATE_FORMAT")},
            field="last_day",
        )
    finish_membership(membership, last_day=last_day, by=by, now=now)


def finish_membership(membership: Membership, *, last_day: date, by: Actor, now: datetime) -> None:
    """Part of a command. One that has not begun yet ends on its first day."""
    last_day = max(last_day, membership.starts_on)
    if not Membership.objects.filter(pk=membership.pk, ends_on__isnull=True).update(ends_on=last_day):
        raise RuleViolation(_("It has an end already."), field="membership")
    membership.refresh_from_db()
    ended = MembershipEnded(
        subject=Ref("membership", membership.pk),
        person=membership.person_id,
        area=membership.area_id,
        delegation=membership.delegation_id,
        on=last_day,
        related=_member(membership.person_id),
    )
    record(ended, by=by, now=now)


@command
def start_management(
    person: Person, *, delegation: Delegation, starts_on: date | None = None, by: Actor, now: datetime
) -> DelegationManagement:
    require(by, "people.manage")
    hold_active(person, refused=_has_left(person), field="person")
    starts_on = starts_on or local_day(now, delegation.zone)
    taken = _("%(name)s already manages %(delegation)s.") % {
        "name": person.name,
        "delegation": delegation.name,
    }
    with refusing_duplicates(taken, field="person"):
        management = DelegationManagement.objects.create(
            person=person, delegation=delegation, starts_on=starts_on
        )
    started = ManagementStarted(
        subject=Ref("management", management.pk),
        person=person.pk,
        delegation=delegation.pk,
        on=starts_on,
        related=_member(person.pk, "manager"),
    )
    record(started, by=by, now=now)
    return management


@command
def end_management(
    management: DelegationManagement, *, last_day: date | None = None, by: Actor, now: datetime
) -> None:
    require(by, "people.manage")
    last_day = last_day or local_day(now, management.delegation.zone)
    finish_management(management, last_day=last_day, by=by, now=now)


def finish_management(management: DelegationManagement, *, last_day: date, by: Actor, now: datetime) -> None:
    last_day = max(last_day, management.starts_on)
    open_one = DelegationManagement.objects.filter(pk=management.pk, ends_on__isnull=True)
    if not open_one.update(ends_on=last_day):
        raise RuleViolation(_("It has an end already."), field="management")
    management.refresh_from_db()
    ended = ManagementEnded(
        subject=Ref("management", management.pk),
        person=management.person_id,
        delegation=management.delegation_id,
        on=last_day,
        related=_member(management.person_id, "manager"),
    )
    record(ended, by=by, now=now)


def _yield_primary(person: Person, *, by: Actor, now: datetime) -> None:
    for old in Membership.objects.filter(person=person, is_primary=True, ends_on__isnull=True):
        _set_flags(old, False, old.is_head, by=by, now=now)


def _set_flags(membership: Membership, primary: bool, head: bool, *, by: Actor, now: datetime) -> None:
    open_one = Membership.objects.filter(pk=membership.pk, ends_on__isnull=True)
    if not open_one.update(is_primary=primary, is_head=head):
        raise RuleViolation(_("It has an end already."), field="membership")
    membership.refresh_from_db()
    changed = MembershipChanged(
        subject=Ref("membership", membership.pk),
        person=membership.person_id,
        primary=primary,
        head=head,
        related=_member(membership.person_id),
    )
    record(changed, by=by, now=now)


def _refuse_closed(area: Area, delegation: Delegation, on: date) -> None:
    if area.ended_on is not None:
        raise RuleViolation(
            _("%(area)s has ended. Choose one of its successors.") % {"area": area.name}, field="area"
        )
    if delegation.closed_on is not None and delegation.closed_on <= on:
        raise RuleViolation(
            _("%(delegation)s is closed. Choose another delegation.") % {"delegation": delegation.name},
            field="delegation",
        )


def _already_there(person: Person, area: Area) -> str:
    return _("%(name)s already works in %(area)s there.") % {"name": person.name, "area": area.name}


def _has_left(person: Person) -> str:
    return _("%(name)s no longer works here.") % {"name": person.name}


def _member(person_id: int, qualifier: str = "member") -> tuple[Related, ...]:
    return (Related("person", person_id, qualifier),)
