"""The page of one handoff as a value: which side looks at it, who has charge now, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.parties.actor import Actor
from hilo.parties.models import Area, Delegation, Person
from hilo.parties.permissions import may
from hilo.web.base.hours import said_at, said_length, said_on
from hilo.web.base.words import BorderState, PersonChip, Turn
from hilo.work.access import is_own
from hilo.work.commands.passing import named_gaps
from hilo.work.models import Contradiction, Document, DocumentVersion, Handoff, HandoffItem, Promise, Weight
from hilo.work.queries.handoffs import Package, handoff_package
from hilo.work.sides import gives, heads_for, receives
from hilo.work.sources_of_handoffs import to_be_prepared

State = Handoff.State


class Side(StrEnum):
    """``RECEIVER`` may answer it now or works on it; ``GIVER`` hands it over; others read."""

    RECEIVER = "receiver"
    GIVER = "giver"
    ONLOOKER = "onlooker"


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """``approved``: the newest version the customer approved, if any."""

    document: Document
    newest: DocumentVersion | None
    approved: DocumentVersion | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """The border's picture and the sentence beneath it."""

    giver: PersonChip
    receiver: PersonChip
    state: BorderState
    label: str
    in_charge: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class HandoffPage:
    handoff: Handoff
    package: Package
    side: Side
    can_answer: bool
    can_give: bool
    can_prepare_again: bool
    gaps_to_close: list[HandoffItem]  # what a draft cannot be offered without
    crossing: Crossing
    title: str
    turn: Turn | None
    documents: list[ShownDocument]
    contradictions: list[Contradiction]
    nearest_promise: Promise | None

    @property
    def is_light(self) -> bool:
        return self.handoff.weight == Weight.LIGHT

    @property
    def complete(self) -> list[HandoffItem]:
        return [item for item in self.package.items if item.state == HandoffItem.State.COMPLETE]

    @property
    def has_risks(self) -> bool:
        return bool(self.package.risks or self.contradictions)


def page_of(handoff: Handoff, actor: Actor, *, now: datetime) -> HandoffPage:
    package = handoff_package(handoff)
    can_answer = _can_answer(handoff, actor, now)
    can_give = _can_give(handoff, actor)
    side = _side(handoff, actor, now, can_answer=can_answer, can_give=can_give)
    draft = handoff.state == State.DRAFT
    return HandoffPage(
        handoff=handoff,
        package=package,
        side=side,
        can_answer=can_answer,
        can_give=can_give,
        can_prepare_again=can_give and _is_to_prepare_again(handoff),
        gaps_to_close=named_gaps(handoff) if draft else [],
        crossing=crossing_of(handoff, actor, now),
        title=title_of(handoff, side),
        turn=turn_of(handoff, actor, side, now),
        documents=[_shown(each) for each in package.documents],
        contradictions=list(handoff.thread.contradictions.filter(settled_at__isnull=True)),
        nearest_promise=_nearest(package.promises, now),
    )


# Which side -----------------------------------------------------------------------------------------------


def _can_answer(handoff: Handoff, actor: Actor, now: datetime) -> bool:
    waits = handoff.state == State.OFFERED
    return waits and receives(actor, handoff, now=now) and _may(actor, "handoff.answer", handoff)


def _can_give(handoff: Handoff, actor: Actor) -> bool:
    return gives(actor, handoff) and _may(actor, "handoff.give", handoff)


def _may(actor: Actor, action: str, handoff: Handoff) -> bool:
    return may(actor, action, own=is_own(actor, handoff.thread))


def _side(handoff: Handoff, actor: Actor, now: datetime, *, can_answer: bool, can_give: bool) -> Side:
    if can_answer:
        return Side.RECEIVER
    if can_give:
        return Side.GIVER
    works_there = receives(actor, handoff, now=now) and _may(actor, "handoff.answer", handoff)
    return Side.RECEIVER if works_there and handoff.state != State.DRAFT else Side.ONLOOKER


def _is_to_prepare_again(handoff: Handoff) -> bool:
    if handoff.state not in (State.RETURNED, State.WITHDRAWN) or handoff.is_within_area:
        return False
    return to_be_prepared(Handoff.objects.filter(pk=handoff.pk)).exists()


# Words ----------------------------------------------------------------------------------------------------


def title_of(handoff: Handoff, side: Side) -> str:
    facts = {
        "giver": handoff.giver.name if handoff.is_within_area else handoff.from_area.name,
        "receiver": handoff.to_area.name,
        "step": handoff.step_run.name,
    }
    if side is Side.RECEIVER:
        return _("%(giver)s hands you «%(step)s»") % facts
    if handoff.state == State.DRAFT:
        return _("Prepare the handoff of «%(step)s» to %(receiver)s") % facts
    return _("«%(step)s», from %(giver)s to %(receiver)s") % facts


def turn_of(handoff: Handoff, actor: Actor, side: Side, now: datetime) -> Turn | None:
    if handoff.state not in (State.OFFERED, State.CONDITIONAL):
        return None
    assert handoff.respond_by is not None
    theirs = Side.GIVER if handoff.state == State.CONDITIONAL else Side.RECEIVER
    late = handoff.respond_by < now
    until = said_at(handoff.respond_by, now)
    if side is theirs:
        words = _("Your turn, since %(when)s it is late") if late else _("Your turn, until %(when)s")
        return Turn("late" if late else "mine", words % {"when": until})
    area = handoff.from_area.name if theirs is Side.GIVER else handoff.to_area.name
    if late:
        return Turn("late", _("%(area)s had until %(when)s") % {"area": area, "when": until})
    return Turn("wait", _("%(area)s answers, until %(when)s") % {"area": area, "when": until})


def crossing_of(handoff: Handoff, actor: Actor, now: datetime) -> Crossing:
    return Crossing(
        giver=_chip(handoff.giver, handoff.from_area, handoff.from_delegation, actor),
        receiver=_receiver(handoff, actor),
        state=_border_state(handoff),
        label=_label(handoff, now),
        in_charge=_in_charge(handoff),
        otherwise=_otherwise(handoff, now),
    )


def _chip(person: Person, area: Area, delegation: Delegation, actor: Actor) -> PersonChip:
    return PersonChip(person.name, f"{area.name}, {delegation.name}", is_me=person == actor.person)


def _receiver(handoff: Handoff, actor: Actor) -> PersonChip:
    """Who accepted it, the person named, or the area when nobody is."""
    person = handoff.answered_by if handoff.state == State.ACCEPTED else handoff.to_person
    if person is not None:
        return _chip(person, handoff.to_area, handoff.to_delegation, actor)
    return PersonChip(handoff.to_area.name, handoff.to_delegation.name)


def _border_state(handoff: Handoff) -> BorderState:
    waits = {State.OFFERED: "waiting", State.CONDITIONAL: "waiting"}
    return cast(BorderState, waits.get(State(handoff.state), handoff.state))


def _label(handoff: Handoff, now: datetime) -> str:
    if handoff.state == State.OFFERED and handoff.offered_at is not None:
        waited = said_length((now - handoff.offered_at).total_seconds())
        return _("Waiting for %(length)s") % {"length": waited}
    facts = {"when": said_on(handoff.answered_at, now) if handoff.answered_at else ""}
    sentences = {
        State.DRAFT: _("Not offered yet"),
        State.CONDITIONAL: _("With conditions, to be confirmed"),
        State.ACCEPTED: _("Accepted %(when)s"),
        State.RETURNED: _("Returned %(when)s"),
        State.WITHDRAWN: _("Taken back"),
    }
    return sentences[State(handoff.state)] % facts


def _in_charge(handoff: Handoff) -> str:
    if handoff.state == State.ACCEPTED:
        holder = handoff.step_run.holder
        return _("%(person)s has it.") % {"person": holder.name if holder else handoff.to_area.name}
    sentences = {
        State.OFFERED: _("Until it is answered, it stays with %(giver)s."),
        State.CONDITIONAL: _("Until the conditions are confirmed, it stays with %(giver)s."),
    }
    said = sentences.get(State(handoff.state), _("It is with %(giver)s."))
    return said % {"giver": handoff.giver.name}


def _otherwise(handoff: Handoff, now: datetime) -> str:
    """What happens when nobody answers: both heads, by name, at the same time."""
    if handoff.state not in (State.OFFERED, State.CONDITIONAL) or handoff.respond_by is None:
        return ""
    heads = _heads(handoff, now)
    if handoff.escalated_at is not None:
        return _("Nobody answered %(when)s: both area heads were told, %(heads)s.") % {
            "when": _by(handoff.respond_by, now),
            "heads": heads,
        }
    return _("If there is still no answer %(when)s, both area heads are told at once: %(heads)s.") % {
        "when": said_at(handoff.respond_by, now),
        "heads": heads,
    }


def _by(moment: datetime, now: datetime) -> str:
    return _("by the deadline, %(when)s") % {"when": said_at(moment, now)}


def _heads(handoff: Handoff, now: datetime) -> str:
    sides = ((handoff.from_area, handoff.from_delegation_id), (handoff.to_area, handoff.to_delegation_id))
    named: dict[str, str] = {}
    for area, delegation_id in sides:
        for person in heads_for(area.pk, delegation_id, now=now)[:1]:
            named.setdefault(person.name, area.name)
    said = [_("%(name)s (%(area)s)") % {"name": name, "area": area} for name, area in named.items()]
    return _(" and ").join(said)


# The package ----------------------------------------------------------------------------------------------


def _shown(document: Document) -> ShownDocument:
    versions: list[DocumentVersion] = document.shown_versions  # type: ignore[attr-defined]
    approved = next((version for version in versions if hasattr(version, "approval")), None)
    return ShownDocument(document, versions[0] if versions else None, approved)


def _nearest(promises: list[Promise], now: datetime) -> Promise | None:
    return next((each for each in promises if each.state == Promise.State.OPEN and each.due_at > now), None)


def gap_title(page: HandoffPage) -> str:
    count = len(page.package.missing)
    return ngettext("%(count)d thing is missing", "%(count)d things are missing", count) % {"count": count}
