"""The two sides of a handoff, and who answers for a step: relations that no role table knows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hilo.errors import NotAllowed, RuleViolation
from hilo.parties.actor import Actor
from hilo.parties.models import (
    Absence,
    Area,
    AreaSuccession,
    DelegationManagement,
    Membership,
    Person,
)
from hilo.unchanged import Remembered
from hilo.work.models import Handoff, StepRun, Thread, WorkItem


def open_to_work(thread_id: int) -> Thread:
    """The thread, its row locked until the commit; refuses while it is archived or paused.

    Locked before anything is read, so that the archive gate and two people at work on one thread queue.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if thread.state == Thread.State.ARCHIVED:
        raise RuleViolation(_("This thread is in the archive. Reopen it first, saying why."))
    if thread.state == Thread.State.PAUSED:
        raise RuleViolation(_("This thread is paused. Wake it first."))
    return thread


def in_force(today: date, prefix: str = "") -> Q:
    """Memberships and managements that hold today."""
    return Q(**{f"{prefix}starts_on__lte": today}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": today})
    )


def works_at(people: Iterable[int], area_id: int, delegation_id: int, *, now: datetime) -> bool:
    """Whether any of them is an active member of that area at that delegation today."""
    return bool(_anyone_at(people=list(people), area=area_id, delegation=delegation_id, today=now.date()))


_anyone_at = Remembered(
    lambda *, people, area, delegation, today: Membership.objects.filter(
        in_force(today), area=area, delegation=delegation, person__in=people, person__is_active=True
    ).values_list("pk")[:1]
)


def sites_of(person: Person, *, now: datetime) -> list[tuple[int, int]]:
    """Areas and delegations of a person today, the primary one first."""
    found: list[tuple[int, int]] = _sites(person=person.pk, today=now.date())
    return found


_sites = Remembered(
    lambda *, person, today: (
        Membership.objects.filter(in_force(today), person=person)
        .order_by("-is_primary", "pk")
        .values_list("area_id", "delegation_id")
    )
)


def members_at(area_id: int, delegation_id: int, *, now: datetime) -> QuerySet[Person]:
    """The active people of an area at a delegation today."""
    there = Membership.objects.filter(in_force(now.date()), area=area_id, delegation=delegation_id)
    return Person.objects.filter(is_active=True, memberships__in=there).distinct()


def heads_for(area_id: int, delegation_id: int, *, now: datetime) -> list[Person]:
    """Who heads the area there; else anywhere; else who manages the delegation; else the directors."""
    heads = Person.objects.filter(is_active=True)
    today = now.date()
    of_area = Membership.objects.filter(in_force(today), area=area_id, is_head=True)
    managing = DelegationManagement.objects.filter(in_force(today), delegation=delegation_id)
    choices = (
        heads.filter(memberships__in=of_area.filter(delegation=delegation_id)),
        heads.filter(memberships__in=of_area),
        heads.filter(managements__in=managing),
        heads.filter(is_director=True),
    )
    return next((found for each in choices if (found := list(each.distinct()))), [])


def is_present(person: Person, *, now: datetime) -> bool:
    """Active, and not absent today."""
    absent = Absence.objects.filter(
        person=person, cancelled_at__isnull=True, first_day__lte=now.date(), last_day__gte=now.date()
    )
    return person.is_active and not absent.exists()


def has_ended(area: Area, *, now: datetime) -> bool:
    """The day on which it ended belongs to its successors already."""
    return area.ended_on is not None and area.ended_on <= now.date()


def in_force_or_successor(area: Area, *, now: datetime) -> Area:
    """The area itself, or who took over its open work when it ended."""
    seen: set[int] = set()
    while has_ended(area, now=now) and area.pk not in seen:
        seen.add(area.pk)
        heir = AreaSuccession.objects.filter(predecessor=area, takes_open_work=True).first()
        if heir is None:
            break
        area = heir.successor
    return area


def require_in_force(area: Area, *, now: datetime) -> None:
    if has_ended(area, now=now):
        raise RuleViolation(
            _("%(area)s no longer exists. Choose the area that took over its work.") % {"area": area.name},
            field="area",
        )


def delegation_for(area: Area, wanted_id: int, *, now: datetime) -> int:
    """The wanted delegation if the area has people there, else where it has most of them."""
    return delegations_for([area.pk], wanted_id, now=now)[area.pk]


def delegations_for(area_ids: Iterable[int], wanted_id: int, *, now: datetime) -> dict[int, int]:
    """``delegation_for`` by area, in one query."""
    sites: dict[int, list[int]] = {area_id: [] for area_id in area_ids}
    for area_id, site in _staffed(areas=list(sites), today=now.date()):
        sites[area_id].append(site)
    return {area_id: _site_among(found, wanted_id) for area_id, found in sites.items()}


_staffed = Remembered(
    lambda *, areas, today: Membership.objects.filter(
        in_force(today), area__in=areas, person__is_active=True
    ).values_list("area_id", "delegation_id")
)


def _site_among(sites: list[int], wanted_id: int) -> int:
    if not sites or wanted_id in sites:
        return wanted_id
    return min(set(sites), key=lambda site: (-sites.count(site), site))


def people_behind(actor: Actor) -> set[int]:
    """The actor and those whose absence they cover today."""
    return {actor.person.pk, *actor.covers_ids} if actor.person else set()


def heads(actor: Actor, area_id: int, delegation_id: int) -> bool:
    return area_id in actor.headed_area_ids and delegation_id in actor.delegation_ids


def gives(actor: Actor, handoff: Handoff) -> bool:
    """The giver, who covers them, or the head of the giving area."""
    return (
        actor.is_system
        or actor.acts_for(handoff.giver_id)
        or heads(actor, handoff.from_area_id, handoff.from_delegation_id)
    )


def receives(actor: Actor, handoff: Handoff, *, now: datetime) -> bool:
    """Somebody of the receiving area there, the person named, or who covers one of these.

    Within an area only the colleague named (or who covers them): starting on it is the acceptance.
    """
    if actor.is_system or actor.acts_for(handoff.to_person_id):
        return True
    if handoff.is_within_area:
        return False
    return works_at(people_behind(actor), handoff.to_area_id, handoff.to_delegation_id, now=now)


def answers_for(actor: Actor, step_run: StepRun) -> bool:
    """Whose step it is: its holder while it runs, else its giver or the owner; who covers them; the head."""
    if actor.is_system or heads(actor, step_run.area_id, step_run.delegation_id):
        return True
    if step_run.state == StepRun.State.RUNNING:
        return actor.acts_for(step_run.holder_id)
    offers = step_run.handoffs.order_by("-attempt").values_list("giver_id", flat=True)
    return actor.acts_for(step_run.thread.owner_id) or actor.acts_for(offers.first())


def takes_part(actor: Actor, work_item: WorkItem, *, now: datetime) -> bool:
    """The owner, or somebody of an area that has a step in this piece of work, or who covers one of them."""
    if actor.is_system or actor.acts_for(work_item.thread.owner_id):
        return True
    mine = Membership.objects.filter(in_force(now.date()), person__in=people_behind(actor))
    pairs = set(mine.values_list("area_id", "delegation_id"))
    return not pairs.isdisjoint(work_item.step_runs.values_list("area_id", "delegation_id"))


def require_side(is_theirs: bool, sentence: str) -> None:
    if not is_theirs:
        raise NotAllowed(sentence)
