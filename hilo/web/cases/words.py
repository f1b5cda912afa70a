"""A case in the words of a row or a head: kind, severity, whose turn it is, how the response stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.quality.clocks import ClockState, Standing
from hilo.quality.models import Case, Level, Stage
from hilo.quality.queries.case_list import CaseFacts, Strand, is_over
from hilo.quality.queries.clocks import CaseClocks
from hilo.web.base import saying
from hilo.web.base.hours import said_on
from hilo.web.base.words import Status, Tone, Turn, TurnKind
from hilo.work.models import Handoff

A_DAY = timedelta(hours=8)  # of working time

KIND_ICONS = {
    Case.Kind.INCIDENT: "alert-triangle",
    Case.Kind.COMPLAINT: "message-2-exclamation",
    Case.Kind.RETURN: "arrow-back-up",
    Case.Kind.NONPAYMENT: "file-invoice",
    Case.Kind.QUERY: "help-circle",
    Case.Kind.SUGGESTION: "flag",
    Case.Kind.NEAR_MISS: "shield-check",
}
_SEVERITY: dict[str, tuple[str, Tone]] = {
    Level.HIGH: ("alert-triangle", "late"),
    Level.MEDIUM: ("alert-circle", "warn"),
    Level.LOW: ("circle-dashed", ""),
}


def kind_said(case: Case) -> str:
    return str(Case.Kind(case.kind).label)


def kinds_said(kind: str) -> str:
    """The plural, for filters."""
    return {
        Case.Kind.INCIDENT: _("Incidents"),
        Case.Kind.COMPLAINT: _("Complaints"),
        Case.Kind.RETURN: _("Returns"),
        Case.Kind.NONPAYMENT: _("Unpaid invoices"),
        Case.Kind.QUERY: _("Queries"),
        Case.Kind.SUGGESTION: _("Suggestions"),
        Case.Kind.NEAR_MISS: _("Near misses"),
    }[Case.Kind(kind)]


def severity_shown(severity: str, *, long: bool = False) -> Status:
    icon, tone = _SEVERITY[severity]
    long_words = {
        Level.HIGH: _("High severity"),
        Level.MEDIUM: _("Medium severity"),
        Level.LOW: _("Low severity"),
    }
    label = long_words[Level(severity)] if long else _level(severity)
    return Status(label, icon, tone)


def _level(severity: str) -> str:
    return {Level.HIGH: _("High"), Level.MEDIUM: _("Medium"), Level.LOW: _("Low")}[Level(severity)]


# ---- the response ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResponseSaid:
    """``due`` draws a deadline; without it ``words`` stand alone. ``detail`` goes beneath."""

    due: datetime | None
    state: str = ""
    words: str = ""
    detail: str = ""
    icon: str = "hourglass"


def response_shown(clocks: CaseClocks, now: datetime) -> ResponseSaid:
    response, pause = clocks.response, clocks.pause
    if response is None:
        return ResponseSaid(None, words="—")
    if response.state == ClockState.STOPPED:
        said = _("Answered late") if response.was_late else _("Answered in time")
        return ResponseSaid(None, words=said, icon="clock-exclamation" if response.was_late else "check")
    if pause is not None and response.state == ClockState.PAUSED:
        until = _("until %(day)s") % {"day": said_on(pause.until, now)}
        return ResponseSaid(None, words=_("On hold"), detail=until, icon="player-pause")
    if response.state == ClockState.LATE:
        return ResponseSaid(response.due, "late")
    return ResponseSaid(response.due, "soon" if response.left <= 2 * A_DAY else "ok")


def left_said(response: Standing) -> str:
    """quedan 6 días laborables; va 2 días laborables tarde; the last day in hours."""
    late = response.left < timedelta(0)
    span = abs(response.left)
    said = days_said(span)
    if response.state == ClockState.STOPPED:
        return _("answered late") if response.was_late else _("answered in time")
    return (_("late by %(time)s") if late else _("%(time)s left")) % {"time": said}


def days_said(span: timedelta) -> str:
    """From one working day on in days, before that in hours or minutes."""
    days = int(span / A_DAY)
    if days >= 1:
        return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}
    return saying.said_length(span.total_seconds(), saying.language(get_language()))


def decimal_days(span: timedelta) -> str:
    """7,9: working days with one decimal, for sums."""
    return saying.said_number(span / A_DAY, saying.language(get_language()), places=1)


# ---- whose turn -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """``whose`` is the area (or the customer), ``detail`` the person or why it waits."""

    kind: TurnKind
    whose: str
    detail: str = ""
    what: str = ""
    due: datetime | None = None
    strand: Strand | None = None

    @property
    def frays(self) -> bool:
        return self.kind == "wait"

    @property
    def chip(self) -> Turn:
        if self.kind == "mine":
            return Turn("mine", _("Your turn"))
        return Turn(self.kind, _("Turn of %(whose)s") % {"whose": self.whose})


def turn_of(facts: CaseFacts, actor: Actor, now: datetime) -> CaseTurn:
    """An offer nobody answered comes first, then who works on it, then who answers for the case."""
    case = facts.case
    if not case.is_open:
        return CaseTurn("area", _("nobody"), _("closed"))
    if facts.waits:
        return _waiting(facts.waits[0], actor, now)
    running = [strand for strand in facts.strands if not is_over(strand.run)]
    outside = [strand for strand in running if strand.run.waits_for]
    if outside and len(outside) == len(running):
        return _outside(outside[0])
    at_work = [one for one in running if not one.run.waits_for and one.run.holder_id != case.owner_id]
    if at_work:
        first = min(at_work, key=lambda one: (one.run.due_at is None, one.run.due_at or now))
        return _at_work(first, actor, now)
    if case.stage in (Stage.RESPONDED, Stage.DECIDED) and case.verified_at is None and case.customer_knows:
        return CaseTurn("customer", _("the customer"), _("says whether it is solved"))
    return _owners(facts, actor)


def _waiting(strand: Strand, actor: Actor, now: datetime) -> CaseTurn:
    offer = strand.offer
    assert offer is not None
    since = _("not accepted since %(when)s") % {"when": _since(offer.offered_at or now, now)}
    what = _("accept «%(step)s»") % {"step": strand.run.name}
    if offer.state == Handoff.State.CONDITIONAL:
        kind: TurnKind = "mine" if actor.acts_for(offer.giver_id) else "wait"
        what = _("confirm the conditions of «%(step)s»") % {"step": strand.run.name}
        return CaseTurn(kind, offer.giver.name, since, what, offer.respond_by, strand)
    return CaseTurn("wait", offer.to_area.name, since, what, offer.respond_by, strand)


def _since(moment: datetime, now: datetime) -> str:
    here, lang = timezone.get_current_timezone(), saying.language(get_language())
    return saying.said_day(moment, now, here, lang)


def _outside(strand: Strand) -> CaseTurn:
    whose = _("the customer") if strand.run.waits_for == "customer" else _("a supplier")
    kind: TurnKind = "customer" if strand.run.waits_for == "customer" else "supplier"
    return CaseTurn(kind, whose, strand.run.waits_for_what, strand.run.name, strand.run.due_at, strand)


def _at_work(strand: Strand, actor: Actor, now: datetime) -> CaseTurn:
    run = strand.run
    late = run.due_at is not None and run.due_at < now
    kind: TurnKind = "mine" if actor.acts_for(run.holder_id) else "late" if late else "area"
    detail = run.holder.name if run.holder else ""
    return CaseTurn(kind, run.area.name, detail, run.name, run.due_at, strand)


def _owners(facts: CaseFacts, actor: Actor) -> CaseTurn:
    """Their own strand runs all along: what they owe next is the stage that comes."""
    case = facts.case
    kind: TurnKind = "mine" if actor.acts_for(case.owner_id) else "area"
    what = {
        Stage.RECEIVED: _("tell the customer that we have it"),
        Stage.ACKNOWLEDGED: _("assess it"),
        Stage.ASSESSED: _("find out what happened"),
        Stage.INVESTIGATING: _("answer the customer"),
        Stage.RESPONDED: _("tell what was decided"),
        Stage.DECIDED: _("close it"),
    }[Stage(case.stage)]
    return CaseTurn(kind, case.area.name, case.owner.name, what, _owners_due(facts))


def _owners_due(facts: CaseFacts) -> datetime | None:
    clocks = facts.clocks
    awaited = clocks.acknowledge if facts.case.stage == Stage.RECEIVED else clocks.response
    return awaited.due if awaited is not None and awaited.state != ClockState.STOPPED else None
