"""*Traspasos*: what waits for an answer, what I gave, what came back, what I am preparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from hilo.parties.actor import Actor
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.handoffs.figures import figures_for
from hilo.work.models import Handoff, HandoffItem, Weight
from hilo.work.queries.handoffs import handoffs_given, handoffs_to_answer

State = Handoff.State


class ListView(StrEnum):
    ANSWER = "answer"
    GIVEN = "given"
    RETURNED = "returned"
    DRAFTS = "drafts"


_STATES: dict[ListView, tuple[State, ...]] = {
    ListView.GIVEN: (State.OFFERED, State.CONDITIONAL),
    ListView.RETURNED: (State.RETURNED, State.WITHDRAWN),
    ListView.DRAFTS: (State.DRAFT,),
}


@dataclass(frozen=True, slots=True)
class Choice:
    view: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class HandoffRow:
    handoff: Handoff
    gaps: int
    meanwhile: str
    said: str
    is_late: bool
    accepts: bool


@require_safe
def handoffs(request: HttpRequest) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    view = next((each for each in ListView if each.value == request.GET.get("view")), ListView.ANSWER)
    to_answer = list(handoffs_to_answer(actor, now=now))
    given = list(handoffs_given(actor))
    lists = {each: _of_view(each, to_answer, given) for each in ListView}
    facts = {
        "now": now,
        "view": view.value,
        "headline": headline(to_answer, now),
        "choices": [
            Choice(each.value, label, len(lists[each]), each is view) for each, label in _labels().items()
        ],
        "rows": [_row(each, actor, now) for each in lists[view]],
        "figures": figures_for(actor, now=now),
        "empty": _empty(view),
    }
    return render(request, "web_handoffs/list.html", facts)


def _of_view(view: ListView, to_answer: list[Handoff], given: list[Handoff]) -> list[Handoff]:
    if view is ListView.ANSWER:
        return to_answer
    return [each for each in given if each.state in _STATES[view]]


def _labels() -> dict[ListView, str]:
    return {
        ListView.ANSWER: _("To answer"),
        ListView.GIVEN: _("Those I gave"),
        ListView.RETURNED: _("Returned ones"),
        ListView.DRAFTS: _("Drafts"),
    }


def headline(to_answer: Sequence[Handoff], now: datetime) -> str:
    """2 traspasos esperan tu respuesta; 1 ya pasó su plazo."""
    count = len(to_answer)
    late = sum(each.respond_by is not None and each.respond_by < now for each in to_answer)
    if not count:
        return _("No handoff is waiting for your answer")
    said = ngettext(
        "%(count)d handoff is waiting for your answer",
        "%(count)d handoffs are waiting for your answer",
        count,
    ) % {"count": count}
    if not late:
        return said
    tail = ngettext("%(late)d is past its time", "%(late)d are past their time", late) % {"late": late}
    return f"{said}; {tail}"


def _row(handoff: Handoff, actor: Actor, now: datetime) -> HandoffRow:
    offered = handoff.state == State.OFFERED
    gaps = sum(item.state != HandoffItem.State.COMPLETE for item in handoff.items.all())
    mine = actor.person is not None and handoff.giver_id == actor.person.pk
    giver = {"giver": handoff.giver.name}
    return HandoffRow(
        handoff=handoff,
        gaps=gaps,
        meanwhile=_("Meanwhile it is with you") if mine else _("Meanwhile it is with %(giver)s") % giver,
        said=_said(handoff),
        is_late=handoff.respond_by is not None and handoff.respond_by < now and offered,
        accepts=offered and (handoff.weight == Weight.LIGHT or handoff.is_within_area) and not mine,
    )


def _said(handoff: Handoff) -> str:
    if handoff.state == State.RETURNED:
        return f"{handoff.get_return_reason_display()}: {handoff.return_comment}"
    if handoff.state == State.CONDITIONAL:
        return _("They accept with conditions: %(conditions)s") % {"conditions": handoff.conditions}
    return handoff.ask


def _empty(view: ListView) -> tuple[str, str]:
    return {
        ListView.ANSWER: (
            _("Nothing to answer"),
            _("When an area hands you work, it shows here with all you need to accept it."),
        ),
        ListView.GIVEN: (
            _("Nobody owes you an answer"),
            _("What you offer to another area shows here until it is accepted."),
        ),
        ListView.RETURNED: (
            _("Nothing has come back"),
            _("When an area returns work to you, it shows here with what it was missing."),
        ),
        ListView.DRAFTS: (
            _("Nothing to prepare"),
            _("When you finish a step, the handoff to the next area waits here for you to complete it."),
        ),
    }[view]
