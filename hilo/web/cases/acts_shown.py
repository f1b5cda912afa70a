"""Which of the acts of a case fit now: what comes next as buttons, the rest in the menu."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.parties.actor import Actor
from hilo.quality.clocks import ClockState
from hilo.quality.models import Case, Stage
from hilo.quality.queries.case_page import CasePage


@dataclass(frozen=True, slots=True)
class ShownAct:
    url: str
    label: str
    icon: str


def next_acts(page: CasePage, actor: Actor) -> list[ShownAct]:
    """What moves the case on, in the order in which it is done."""
    if not page.may_work:
        return []
    return [_act(page, name, label, icon) for name, label, icon in _next(page)]


def _next(page: CasePage) -> Iterator[tuple[str, str, str]]:
    case = page.case
    if not case.is_open:
        yield "reopen", _("Reopen the case"), "refresh"
        return
    if page.leads:
        yield from _of_lead(case)
    answered = case.stage in (Stage.RESPONDED, Stage.DECIDED) and case.customer_knows
    if answered and case.verified_at is None and case.kind not in Case.ANSWERED_ENOUGH:
        yield "verify", _("They say it is solved"), "circle-check"
    if answered:
        yield "refuse", _("They say it is not"), "circle-x"
    if case.same_failure_as_id is None and case.stage not in (Stage.RESPONDED, Stage.DECIDED):
        yield "strand_new", _("Ask another area"), "arrows-exchange"


def _of_lead(case: Case) -> Iterator[tuple[str, str, str]]:
    ready = Stage.ACKNOWLEDGED if case.customer_knows else Stage.RECEIVED
    if case.stage == ready:
        yield "assess", _("Assess it"), "adjustments"
    if case.stage == Stage.ASSESSED:
        yield "investigate", _("Begin to look into it"), "search"
    done = case.stage == Stage.DECIDED and (case.verified_at or case.kind in Case.ANSWERED_ENOUGH)
    answered = case.stage == Stage.RESPONDED and case.kind in Case.ANSWERED_ENOUGH
    if done or answered or (not case.customer_knows and case.stage == Stage.INVESTIGATING):
        yield "close", _("Close the case"), "check"


def other_acts(page: CasePage, actor: Actor) -> list[ShownAct]:
    if not page.may_work or not page.case.is_open:
        return []
    return [_act(page, name, label, icon) for name, label, icon in _others(page, actor)]


def _others(page: CasePage, actor: Actor) -> Iterator[tuple[str, str, str]]:
    case, response = page.case, page.facts.clocks.response
    yield "contain", _("What is done meanwhile"), "shield-check"
    if page.leads and case.stage not in (Stage.RECEIVED, Stage.ACKNOWLEDGED):
        yield "severity", _("Change the severity"), "alert-triangle"
    if response is not None and response.state == ClockState.PAUSED:
        yield "resume", _("The response goes on"), "player-play"
    elif response is not None and response.state == ClockState.RUNNING:
        yield "pause", _("Put the response on hold"), "player-pause"
    if not actor.acts_for(case.owner_id):
        yield "take_over", _("Take it over"), "user-check"
    if case.customer_knows:
        yield "escalate", _("They turned to management"), "trending-up"
    else:
        yield "learned", _("The customer knows of it now"), "eye"
    yield "link", _("Say what it is about"), "link"
    yield "touch", _("It touches another thread"), "needle-thread"
    if page.leads and case.same_failure_as_id is None:
        yield "join", _("The same failure as another case"), "copy"
    elif page.leads:
        yield "leave_failure", _("It is another failure after all"), "arrows-split-2"


def _act(page: CasePage, name: str, label: str, icon: str) -> ShownAct:
    return ShownAct(reverse(f"web:case_{name}", args=[page.case.code]), label, icon)
