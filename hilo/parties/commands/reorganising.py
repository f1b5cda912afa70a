"""An area ends and others follow it: its past stays its own, its people and open work move on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from hilo.errors import RuleViolation
from hilo.ledger.command import command
from hilo.ledger.moving import move
from hilo.ledger.record import Ref, Related, record
from hilo.parties.actor import Actor
from hilo.parties.changing import one_at_a_time
from hilo.parties.commands.calendars import hang_calendar
from hilo.parties.commands.memberships import begin_membership, change_flags, finish_membership
from hilo.parties.events.company import AreaEnded
from hilo.parties.holdings import pass_on_area_work
from hilo.parties.models import Area, AreaCalendar, AreaSuccession, Membership, Person
from hilo.parties.permissions import require


@command
def reorganise_area(
    area: Area,
    *,
    successors: Sequence[Area],
    open_work_to: Area,
    people: Mapping[Person, Area] | None = None,
    on: date,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """From ``on`` its people work in the successors: as ``people`` says, the others where the open work goes.

    A split has several successors, a merge of areas is one reorganisation per area that ends.
    """
    require(by, "company.reorganise")
    one_at_a_time()
    moves = dict(people or {})
    _refuse_unfit(area, successors, open_work_to, moves, on, now)
    refused = _("%(area)s has ended already.") % {"area": area.name}
    move(area, only_if={"ended_on": None}, refused=refused, seen=seen, ended_on=on)
    for successor in successors:
        _succeed(area, successor, on, takes_open_work=successor == open_work_to, by=by, now=now)
    for membership in area.memberships.filter(ends_on__isnull=True).select_related("person", "delegation"):
        _move_on(membership, moves.get(membership.person, open_work_to), on, by=by, now=now)
    passed = pass_on_area_work(area, open_work_to, by=by, now=now)
    ended = AreaEnded(
        subject=Ref("area", area.pk),
        area_id=area.pk,
        on=on,
        successors=tuple(sorted(successor.pk for successor in successors)),
        open_work_to=open_work_to.pk,
        passed=passed,
        related=tuple(Related("area", successor.pk, "successor") for successor in successors),
    )
    record(ended, by=by, now=now)


def _refuse_unfit(
    area: Area,
    successors: Sequence[Area],
    open_work_to: Area,
    moves: Mapping[Person, Area],
    on: date,
    now: datetime,
) -> None:
    for each in successors:
        each.refresh_from_db()
        if each == area or each.ended_on is not None:
            raise RuleViolation(
                _("%(area)s cannot follow it. Choose areas that go on.") % {"area": each.name},
                field="successors",
            )
    if open_work_to not in successors or len(set(successors)) != len(successors):
        raise RuleViolation(_("Choose which of the successors takes the open work."), field="open_work_to")
    if not set(moves.values()) <= set(successors):
        raise RuleViolation(_("Everybody goes to one of the successors."), field="people")
    area.refresh_from_db()
    if on > now.date() + timedelta(days=1):  # tomorrow for some is today for others
        raise RuleViolation(_("Work passes on the day itself: come back then."), field="on")
    if on < area.started_on:
        raise RuleViolation(_("The area had not begun on that day."), field="on")


def _succeed(
    area: Area, successor: Area, on: date, *, takes_open_work: bool, by: Actor, now: datetime
) -> None:
    """The successor keeps the hours of the old area wherever it has none of its own."""
    AreaSuccession.objects.create(
        predecessor=area, successor=successor, on=on, takes_open_work=takes_open_work
    )
    for hung in AreaCalendar.objects.filter(area=area).select_related("delegation", "calendar"):
        if not successor.own_calendars.filter(delegation=hung.delegation).exists():
            hang_calendar(successor, hung.delegation, hung.calendar, by=by, now=now)


def _move_on(membership: Membership, successor: Area, on: date, *, by: Actor, now: datetime) -> None:
    """The old membership ends the day before, or on the day itself if it began then."""
    was_primary = membership.is_primary
    finish_membership(membership, last_day=on - timedelta(days=1), by=by, now=now)
    if membership.ends_on is not None and membership.ends_on >= on:
        Membership.objects.filter(pk=membership.pk).update(is_primary=False, is_head=False)
    there = membership.person.memberships.filter(
        area=successor, delegation=membership.delegation, ends_on__isnull=True
    )
    if not membership.person.is_active:
        return
    if (second := there.first()) is not None:  # they worked there too: it becomes what the old one was
        change_flags(
            second,
            primary=second.is_primary or was_primary,
            head=second.is_head or membership.is_head,
            by=by,
            now=now,
        )
        return
    begin_membership(
        membership.person,
        area=successor,
        delegation=membership.delegation,
        primary=was_primary,
        is_head=membership.is_head,
        starts_on=max(on, membership.starts_on),
        by=by,
        now=now,
    )
