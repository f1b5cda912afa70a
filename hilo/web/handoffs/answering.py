"""The receiver's answers: accept, accept with conditions, return; and what was missing after all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.errors import RuleViolation
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.submitting import done, run_command
from hilo.web.handoffs.forms import CONDITIONS, RETURN, AnswerForm
from hilo.web.handoffs.showing import Tried, handoff_asked, show
from hilo.work.commands.handoffs import accept_handoff, accept_with_conditions, mark_missing, return_handoff
from hilo.work.models import Handoff


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor, now = actor_of(request), now_of(request)
    handoff = handoff_asked(request, pk)
    form = AnswerForm(request.POST, handoff=handoff, actor=actor, now=now)
    attempt = run_command(form, lambda data: _answer(request, form, handoff, data))
    if attempt.done:
        return done(request, reverse("web:handoffs"), _said(form.chosen, handoff))
    return show(request, handoff, tried=Tried(answer=form), attempt=attempt)


def _answer(request: HttpRequest, form: AnswerForm, handoff: Handoff, data: dict[str, Any]) -> None:
    answers = {CONDITIONS: _with_conditions, RETURN: _return}
    answers.get(data["answer"], _accept)(request, form, handoff, data)


def _accept(request: HttpRequest, form: AnswerForm, handoff: Handoff, data: dict[str, Any]) -> None:
    holder = data["holder"]
    accept_handoff(
        handoff,
        read_back=data["read_back"],
        holder=None if holder == form.default_holder else holder,
        seen=data["seen"],
        by=actor_of(request),
        now=now_of(request),
    )


def _with_conditions(request: HttpRequest, form: AnswerForm, handoff: Handoff, data: dict[str, Any]) -> None:
    """The command's field names are those of acceptance; here each answer has its own words."""
    try:
        accept_with_conditions(
            handoff,
            due=_unless_same(data["due"], handoff),
            hours=data["hours"],
            conditions=data["conditions"],
            read_back=data["read_back_conditions"],
            seen=data["seen"],
            by=actor_of(request),
            now=now_of(request),
        )
    except RuleViolation as refusal:
        if refusal.field == "read_back":
            refusal.field = "read_back_conditions"
        raise


def _unless_same(due: Any, handoff: Handoff) -> Any:
    """The field has no seconds: the prefilled date sent back is no other date."""
    same = due is not None and due == handoff.proposed_due.replace(second=0, microsecond=0)
    return None if same else due


def _return(request: HttpRequest, form: AnswerForm, handoff: Handoff, data: dict[str, Any]) -> None:
    return_handoff(
        handoff,
        reason=data["reason"],
        comment=data["comment"],
        blocking_items=list(data["blocks"]),
        missing_texts=data["missing"].splitlines(),
        seen=data["seen"],
        by=actor_of(request),
        now=now_of(request),
    )


def _said(answer: str, handoff: Handoff) -> str:
    facts = {
        "step": handoff.step_run.name,
        "area": handoff.from_area.name,
        "giver": handoff.giver.name,
        "receiver": handoff.to_area.name,
    }
    if answer == CONDITIONS:
        return _("Your conditions for «%(step)s» are with %(giver)s.") % facts
    if answer == RETURN:
        return _("«%(step)s» has gone back to %(area)s with your reason.") % facts
    return _("Accepted: «%(step)s» is in the hands of %(receiver)s.") % facts


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The one key: with the proposed date, from wherever the offer was shown."""
    handoff = handoff_asked(request, pk)
    form = SeenForm(request.POST)
    attempt = run_command(
        form,
        lambda data: accept_handoff(handoff, seen=data["seen"], by=actor_of(request), now=now_of(request)),
    )
    if attempt.done:
        return done(request, _back(request), _said("accept", handoff))
    return show(request, handoff, tried=Tried(accept=form), attempt=attempt)


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if asked and ours else reverse("web:my_day")


@require_POST
def item_missing(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    handoff = handoff_asked(request, pk)
    item = get_object_or_404(handoff.items.select_related("handoff__thread", "handoff__to_area"), pk=item_pk)
    mark_missing(item, by=actor_of(request), now=now_of(request))
    said = _("Marked: «%(item)s» was missing. It counts between the two areas, never between people.")
    return done(request, reverse("web:handoff", args=[pk]), said % {"item": item.text})
