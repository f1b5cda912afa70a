"""*Personas y áreas*: everybody by area and delegation, who leads, who is away and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.parties.days import local_day
from hilo.parties.models import Absence, Area, Membership, Person
from hilo.parties.permissions import may
from hilo.parties.queries.company import areas_visible_to, delegations_visible_to
from hilo.parties.queries.people import memberships_on, people_visible_to
from hilo.parties.search import fold
from hilo.web.doing.asking import actor_of, now_of
from hilo.work.access import threads_visible_to
from hilo.work.models import StepRun


@dataclass(frozen=True, slots=True)
class Row:
    """``threads`` and ``steps`` are None where the viewer does not lead the person."""

    person: Person
    is_head: bool
    is_second: bool
    absence: Absence | None
    is_invited_only: bool
    threads: int | None = None
    steps: int | None = None

    @property
    def holds(self) -> str:
        if self.threads is None or self.steps is None or not self.threads + self.steps:
            return ""
        threads = ngettext("%(n)d thread", "%(n)d threads", self.threads) % {"n": self.threads}
        steps = ngettext("%(n)d step", "%(n)d steps", self.steps) % {"n": self.steps}
        return f"{threads} · {steps}"


@dataclass(slots=True)
class Place:
    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    area: Area
    places: dict[int, Place] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len({row.person.pk for place in self.places.values() for row in place.rows})

    @property
    def has_head(self) -> bool:
        return any(row.is_head for place in self.places.values() for row in place.rows)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    today = local_day(now, actor.one.zone)
    everybody = _everybody(actor)
    asked, site = request.GET.get("q", "")[:200].strip(), _site(request)
    sections = _sections(actor, today, everybody, asked, site)
    away = {row.person.pk for row in _rows(sections) if row.absence}
    placed = {row.person.pk for row in _rows(sections)}
    facts = {
        "sections": [each for each in sections if each.places or not (asked or site)],
        "headline": _headline(
            len(everybody), len(areas_visible_to(actor).filter(ended_on__isnull=True)), away
        ),
        "unplaced": [each for each in everybody.values() if each.pk not in placed and not (asked or site)],
        "gone": people_visible_to(actor).filter(is_active=False) if "gone" in request.GET else None,
        "gone_count": people_visible_to(actor).filter(is_active=False).count(),
        "asked": asked,
        "site": site,
        "delegations": delegations_visible_to(actor).filter(closed_on__isnull=True),
        "may_manage": may(actor, "people.manage"),
        "is_alone": len(everybody) == 1,
        "me": actor.one,
    }
    return render(request, "web_people/people.html", facts)


def _everybody(actor: Actor) -> dict[int, Person]:
    return {person.pk: person for person in people_visible_to(actor).filter(is_active=True)}


def _site(request: HttpRequest) -> int | None:
    text = request.GET.get("delegation", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _headline(people_count: int, areas: int, away: set[int]) -> str:
    who = ngettext("%(n)d person", "%(n)d people", people_count) % {"n": people_count}
    where = ngettext("%(n)d area", "%(n)d areas", areas) % {"n": areas}
    absent = ngettext("today %(n)d is away", "today %(n)d are away", len(away)) % {"n": len(away)}
    said = _("%(people)s in %(areas)s") % {"people": who, "areas": where}
    return f"{said}; {absent}" if away else said


def _sections(
    actor: Actor, today: date, everybody: dict[int, Person], asked: str, site: int | None
) -> list[Section]:
    areas = areas_visible_to(actor).filter(ended_on__isnull=True)
    sections = {area.pk: Section(area) for area in areas}
    absences = _absences(today)
    held = _held(actor)
    for membership in _memberships(today, site):
        person = everybody.get(membership.person_id)
        section = sections.get(membership.area_id)
        if person is None or section is None or not _fits(person, asked):
            continue
        place = section.places.setdefault(membership.delegation_id, Place(membership.delegation.name))
        place.rows.append(_row(actor, membership, person, absences.get(person.pk), held))
    return list(sections.values())


def _memberships(today: date, site: int | None) -> QuerySet[Membership]:
    rows = memberships_on(today).select_related("delegation")
    if site is not None:
        rows = rows.filter(delegation=site)
    return rows.order_by("delegation__name", "-is_head", "person__name", "pk")


def _fits(person: Person, asked: str) -> bool:
    return not asked or fold(asked) in fold(f"{person.name} {person.position} {person.email}")


def _absences(today: date) -> dict[int, Absence]:
    rows = Absence.objects.filter(first_day__lte=today, last_day__gte=today, cancelled_at__isnull=True)
    return {each.person_id: each for each in rows.select_related("substitute")}


def _row(
    actor: Actor,
    membership: Membership,
    person: Person,
    absence: Absence | None,
    held: dict[str, dict[int, int]],
) -> Row:
    leads = _leads(actor, membership)
    return Row(
        person=person,
        is_head=membership.is_head,
        is_second=not membership.is_primary,
        absence=absence,
        is_invited_only=not person.has_usable_password(),
        threads=held["threads"].get(person.pk, 0) if leads else None,
        steps=held["steps"].get(person.pk, 0) if leads else None,
    )


def _leads(actor: Actor, membership: Membership) -> bool:
    if actor.one.is_director or membership.delegation_id in actor.managed_delegation_ids:
        return True
    return membership.area_id in actor.headed_area_ids and membership.delegation_id in actor.delegation_ids


def _held(actor: Actor) -> dict[str, dict[int, int]]:
    """Counted for everybody in two queries; nothing confidential that the viewer may not see."""
    if not (actor.one.is_director or actor.headed_area_ids or actor.managed_delegation_ids):
        return {"threads": {}, "steps": {}}
    threads = threads_visible_to(actor).exclude(state="archived")
    owned = threads.order_by().values_list("owner").annotate(n=Count("pk"))
    running = StepRun.objects.filter(state=StepRun.State.RUNNING, thread__in=threads.values("pk"))
    steps = running.order_by().values_list("holder").annotate(n=Count("pk"))
    return {"threads": dict(owned), "steps": dict(steps)}


def _rows(sections: Iterable[Section]) -> Iterable[Row]:
    return (row for section in sections for place in section.places.values() for row in place.rows)
