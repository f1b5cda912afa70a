"""The giver's side: complete the list, offer, take back, agree, prepare again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilo.parties.actor import Actor
from hilo.web.doing.asking import actor_of, now_of
from hilo.web.doing.fields import SeenForm
from hilo.web.doing.submitting import done, run_command
from hilo.web.handoffs.forms import AddItemForm, ItemForm, OfferForm, ReasonForm
from hilo.web.handoffs.page import page_of
from hilo.web.handoffs.showing import Tried, handoff_asked, show, versions_of
from hilo.work.access import threads_visible_to
from hilo.work.commands.documents import add_document
from hilo.work.commands.handoffs import (
    add_item,
    confirm_conditions,
    fill_item,
    offer_handoff,
    prepare_handoff,
    withdraw_handoff,
)
from hilo.work.models import DocumentVersion, Handoff, HandoffItem, StepRun


def _page(pk: int) -> str:
    return reverse("web:handoff", args=[pk])


# The list -------------------------------------------------------------------------------------------------


@require_POST
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Complete, explained, or missing after all; a file sent along becomes a document of the thread."""
    handoff = handoff_asked(request, pk)
    row = get_object_or_404(handoff.items.select_related("handoff__thread", "handoff__giver"), pk=item_pk)
    page = page_of(handoff, actor_of(request), now=now_of(request))
    form = ItemForm(request.POST, request.FILES, item=row, versions=versions_of(page))
    state = request.POST.get("state", "")
    attempt = run_command(form, lambda data: _fill(request, row, form, state, data))
    if attempt.done:
        return done(request, f"{_page(pk)}#items", _said_filled(row, state))
    return show(request, handoff, tried=Tried(item=form), attempt=attempt)


def _fill(request: HttpRequest, row: HandoffItem, form: ItemForm, state: str, data: dict[str, Any]) -> None:
    actor, now = actor_of(request), now_of(request)
    with transaction.atomic():
        version = _added(row, data["file"], actor, now) if data["file"] else form.version
        explained = state == HandoffItem.State.EXPLAINED
        fill_item(
            row,
            state=state,
            explanation=data["explanation"] if explained else "",
            document_version=version,
            by=actor,
            now=now,
        )


def _added(row: HandoffItem, file: UploadedFile[Any], actor: Actor, now: datetime) -> DocumentVersion:
    name = file.name or row.text
    content = file.read()
    return add_document(row.handoff.thread, name=row.text, file_name=name, content=content, by=actor, now=now)


def _said_filled(row: HandoffItem, state: str) -> str:
    if state == HandoffItem.State.EXPLAINED:
        return _("Explained: %(item)s") % {"item": row.text}
    return _("Complete: %(item)s") % {"item": row.text}


@require_POST
def items(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = handoff_asked(request, pk)
    form = AddItemForm(request.POST, label_suffix="")
    attempt = run_command(
        form, lambda data: add_item(handoff, data["text"], by=actor_of(request), now=now_of(request))
    )
    if attempt.done:
        return done(
            request, f"{_page(pk)}#items", _("It is on the list. Complete it, or say why it is missing.")
        )
    return show(request, handoff, tried=Tried(add_item=form), attempt=attempt)


# Offering and taking back ---------------------------------------------------------------------------------


@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = handoff_asked(request, pk)
    form = OfferForm(request.POST, handoff=handoff, now=now_of(request))
    attempt = run_command(form, lambda data: _offer(request, handoff, data))
    if attempt.done:
        said = _("Offered to %(area)s. Until they accept it, it stays with %(giver)s.")
        facts = {"area": handoff.to_area.name, "giver": handoff.giver.name}
        return done(request, _page(pk), said % facts)
    return show(request, handoff, tried=Tried(offer=form), attempt=attempt)


def _offer(request: HttpRequest, handoff: Handoff, data: dict[str, Any]) -> None:
    offer_handoff(
        handoff,
        ask=data["ask"],
        proposed_due=data["proposed_due"],
        to_person=data["to_person"],
        seen=data["seen"],
        by=actor_of(request),
        now=now_of(request),
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = handoff_asked(request, pk)
    form = ReasonForm(request.POST)
    attempt = run_command(
        form,
        lambda data: withdraw_handoff(
            handoff, reason=data["reason"], seen=data["seen"], by=actor_of(request), now=now_of(request)
        ),
    )
    if attempt.done:
        return done(request, _page(pk), _("Taken back. It is with you until you offer it again."))
    return show(request, handoff, tried=Tried(withdrawal=form), attempt=attempt)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    handoff = handoff_asked(request, pk)
    form = SeenForm(request.POST)
    attempt = run_command(
        form,
        lambda data: confirm_conditions(
            handoff, seen=data["seen"], by=actor_of(request), now=now_of(request)
        ),
    )
    if attempt.done:
        said = _("Confirmed: %(area)s begins with its conditions.") % {"area": handoff.to_area.name}
        return done(request, _page(pk), said)
    return show(request, handoff, tried=Tried(accept=form), attempt=attempt)


# Beginning a handoff --------------------------------------------------------------------------------------


def _step_asked(request: HttpRequest, pk: int) -> StepRun:
    visible = StepRun.objects.filter(thread__in=threads_visible_to(actor_of(request)))
    beside = visible.select_related(
        "thread__customer", "thread__owner", "step", "area", "delegation", "holder"
    )
    return get_object_or_404(beside, pk=pk)


@require_POST
def prepare(request: HttpRequest, step_pk: int) -> HttpResponse:
    """A new attempt after a return or a withdrawal: what was complete is carried over."""
    step_run = _step_asked(request, step_pk)
    handoff = prepare_handoff(step_run, by=actor_of(request), now=now_of(request))
    said = _("What was complete is carried over. Close what was missing and offer it again.")
    return done(request, _page(handoff.pk), said)
